"""What must hold after every step.  Each law raises :class:`Broken` with its own name.

They look at the database, at what was queued and at what LINE took, never at what the product says of itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.line.flex import LONGEST, shorten
from bot.postback import PostbackCodec
from dialogs.conversation import Conversation
from dialogs.events import (
    Action,
    Do,
    Event,
    Filled,
    Introduced,
    Joined,
    Left,
    SentPhoto,
    SentPlace,
    Tapped,
    Typed,
    Unreadable,
    Unsent,
)
from dialogs.fields.base import Control, sealed
from dialogs.form import Form, answered
from dialogs.replies import Ask, AskPage, Listing, Receipt, Reply, Review
from dialogs.sources import given_by
from dialogs.words import Words
from tests.machine.expected import Expected
from tests.machine.residents import MARKERS
from tests.machine.sight import Paper, Seen, Talk

QUIET = (Unsent, Left, Introduced)
"""Events that need no answer."""

_REFERENCE = re.compile(r"\bR[0-9]+-[0-9]{4}\b")
LINK = re.compile(r"/f/([A-Za-z0-9_-]{20,})")
MOST_MESSAGES = 5


class Broken(AssertionError):
    """A law does not hold.  *law* is its name."""

    def __init__(self, law: str, what: object = "") -> None:
        super().__init__(f"{law}: {what}")
        self.law = law


def must(holds: object, law: str, what: object = "") -> None:
    """Let pass only if *holds*."""
    if not holds:
        raise Broken(law, what)


@dataclass(frozen=True)
class Row:
    """One row of the outbox."""

    id: int
    thread: str
    kind: str
    recipient: str
    body: str
    reply_token: str | None
    retry_key: str
    legal: bool
    cause: str

    @property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        """Return what is said."""
        found: Sequence[Mapping[str, Any]] = json.loads(self.body).get("messages", ())
        return found


# --- what is stored


def stored_as_expected(seen: Seen, expected: Expected) -> None:
    """The person stands where their own events alone would have brought them."""
    standing = expected.standing
    talks = {each.id: each for each in standing.conversations}
    is_known = not standing.is_new
    must(bool(seen.person) == is_known, "known once spoken to", seen.person)
    if not is_known:
        return
    have = (seen.locale, seen.chosen, seen.current, seen.at, seen.blocked)
    want = (standing.locale, expected.chosen, standing.current, standing.at, expected.blocked)
    must(have == want, "the same events give the same state", (have, want))
    must(
        seen.talks.keys() == talks.keys(), "the same events give the same conversations", (seen.talks, talks)
    )
    for name, talk in seen.talks.items():
        _same_talk(talk, talks[name])
    have_papers = [_paper(each) for each in seen.papers]
    want_papers = [
        (p.reference, p.number, p.step, p.edition, p.answers, p.locale, p.role, p.event_id)
        for p in expected.filed
    ]
    must(have_papers == want_papers, "the same events file the same", (have_papers, want_papers))


def _same_talk(talk: Talk, want: Conversation) -> None:
    have = (talk.form, talk.case, talk.answers, talk.aside, talk.sources, talk.asked)
    wanted = (want.form, want.case, want.answers, want.aside, want.sources, want.asked)
    must(have == wanted, "a conversation is restored as it was stored", (have, wanted))


def _paper(each: Paper) -> tuple[object, ...]:
    answers = json.loads(each.answers)
    return (
        each.reference, each.number, each.step, each.edition, answers, each.locale, each.role, each.event_id,
    )  # fmt: skip


def nothing_in_clear(text: str, where: str) -> None:
    """No personal answer of anybody stands there."""
    found = [marker for marker in MARKERS if marker in text]
    must(not found, f"no personal answer in clear in {where}", (found, text[:400]))


def filed_for_good(before: Seen, after: Seen) -> None:
    """What was filed stays as it was filed; only the mark that a message was taken back may come."""
    kept = {each.id: each for each in after.papers}
    for each in before.papers:
        now = kept.get(each.id)
        same = now is not None and _without_mark(now) == _without_mark(each) and now.unsent >= each.unsent
        must(same, "what was filed stays as filed", (each, now))


def _without_mark(paper: Paper) -> Mapping[str, object]:
    return {name: value for name, value in vars(paper).items() if name != "unsent"}


def allowed_order(papers: Sequence[Paper]) -> None:
    """Steps of a case come in an order that the ordinance allows, numbered from one."""
    by_case: dict[str, list[Paper]] = {}
    for each in papers:
        by_case.setdefault(each.reference, []).append(each)
    for reference, filed in by_case.items():
        must(
            [each.number for each in filed] == [*range(1, len(filed) + 1)], "filings are numbered", reference
        )
        steps = [each.step for each in filed]
        must(steps[0] == "application" and steps.count("application") == 1, "a case begins once", steps)
        for at, step in enumerate(steps[1:], 1):
            must(_may_follow(step, steps[:at]), "filings come in an allowed order", (reference, steps))


def _may_follow(step: str, before: Collection[str]) -> bool:
    if "withdrawal" in before:
        return False
    return (step == "correction" and "taken_up" not in before) or step in {"withdrawal", "taken_up"} - {
        *before
    }


# --- what one event did


def answers_only_what_was_asked(
    before: Talk, after: Talk, event: Event, form: Form, *, renewed: bool
) -> None:
    """An event answers the question it is about and no other; *renewed* answers may be worded anew by a deploy."""
    had, has = form.renamed(before.answers), after.answers
    changed = [key for key in has if has[key] != had.get(key, _NOTHING) and not (renewed and key in had)]
    may_set = _may_set(before, event, form)
    must({*changed} <= {*may_set}, "an event answers only the question it is about", (changed, event))


def changed_only_what_it_may(before: Talk, after: Talk, event: Event, form: Form, today: str) -> None:
    """What an event takes away is the one answer it is about, or hangs on that."""
    had, has = form.renamed(before.answers), after.answers
    gone = [key for key in had if key not in has and had[key] is not None]
    lost = [key for key in gone if _complete(form, key, had) and not _hangs(form, key, had, has)]
    if "period" in lost and (isinstance(event, Tapped | Typed) or _past(had["period"], today)):
        lost.remove("period")  # a day gone by is asked anew
    if isinstance(event, Unsent | Unreadable):
        talk = Conversation(before.id, before.form, sources=form.renamed(before.sources))
        must({*lost} <= given_by(talk, event.message), "no event loses another answer", (lost, event))
        return
    aside = {key for key in after.aside if key not in form.renamed(before.aside)}
    may_reopen = isinstance(event, Typed) or (isinstance(event, Tapped) and event.action.do in _REOPENING)
    must({*lost} <= (aside if may_reopen else set()), "no event loses another answer", (lost, event))
    must(len(lost) <= 1, "going back reopens one question", (lost, event))


_NOTHING = object()
_REOPENING = frozenset({Do.BACK, Do.REOPEN})


def _may_set(before: Talk, event: Event, form: Form) -> Collection[str]:
    asked = next(iter(form.renamed({before.asked: None})), "")
    match event:
        case Typed() | SentPhoto() | SentPlace():
            return [asked]
        case Tapped(Action(conversation=talk)) if talk not in ("", before.id):
            return []
        case Tapped(Action(do=Do.ANSWER | Do.SKIP | Do.KEEP, key=key)):
            named = form.field(key)
            return [named.key if named else key]
        case Filled(fields):
            return list(fields)
        case _:
            return []


def _hangs(form: Form, key: str, had: Mapping[str, Any], has: Mapping[str, Any]) -> bool:
    """Return whether the question *key* is asked no longer, because the one it hangs on was answered anew."""
    field = form.field(key)
    on = field.when.keys if field and field.when else frozenset[str]()
    return field is None or any(had.get(each) != has.get(each) for each in on)


def _past(period: Any, today: str) -> bool:
    return isinstance(period, dict) and period.get("from", today) < today


def _complete(form: Form, key: str, answers: Mapping[str, Any]) -> bool:
    field = form.field(key)
    return field is not None and answered(field, answers)


def no_hidden_answer(talk: Talk, form: Form) -> None:
    """No answer stays to a question that is not asked, given the others."""
    shown = {each.key for each in form.visible(talk.answers)}
    waiting = {
        each.key
        for each in form.fields
        if each.when and not all(_given(form, key, talk.answers) for key in each.when.keys)
    }
    hidden = [key for key in talk.answers if key not in shown | waiting]
    must(not hidden, "no answer to a question that is not asked", (hidden, talk.answers))


def _given(form: Form, key: str, answers: Mapping[str, Any]) -> bool:
    field = form.field(key)
    return field is not None and key in answers and answered(field, answers)


def position_follows(talk: Talk, form: Form, last: Reply | None, event: Event) -> None:
    """What is asked is the first that is missing, or one that was just refused: nothing else is stored of it."""
    missing = [each.key for each in form.missing(talk.answers)]
    if isinstance(last, Ask) and last.conversation == talk.id:
        wanted = missing if last.refused else missing[:1]
        must(last.field.key in wanted, "the first missing question is asked", (last.field.key, missing))
        must(talk.asked == last.field.key, "what was asked is what is stored", (talk.asked, last.field.key))
    reopened = isinstance(event, Tapped) and event.action.do is Do.REOPEN
    if isinstance(last, AskPage) and last.conversation == talk.id and missing and not reopened:
        must(form.field(missing[0]) in last.page.fields, "the page of what is missing is asked", missing)
    if isinstance(last, Review) and last.conversation == talk.id:
        must(not missing, "a review comes when nothing is missing", missing)


def filed_rightly(paper: Paper, before: Talk | None, form: Form, event: Event, *, is_open: bool) -> None:
    """A submission is whole in the edition in force, holds what the conversation held, in the season."""
    must(isinstance(event, Typed | Tapped), "only the person files", event)
    if paper.step not in {"application", "correction"}:
        return
    answers = json.loads(paper.answers)
    must(paper.edition == form.edition, "a filing names the edition in force", (paper.edition, form.edition))
    must(not form.missing(answers), "a filing lacks nothing in its edition", form.missing(answers))
    shown = {each.key for each in form.visible(answers)}
    must(answers.keys() <= shown, "a filing answers nothing that is not asked", answers.keys() - shown)
    must(is_open or paper.step == "correction", "applications are taken in the season", paper.reference)
    if before is not None:
        held = form.kept(before.answers)
        same = {key: held.get(key) for key in answers} == {**answers}
        must(same, "what is filed is what was confirmed", (held, answers))


def taken_back(seen: Seen, event: Event) -> None:
    """What was taken back is gone from every talk, and marked where it had been filed."""
    if not isinstance(event, Unsent):
        return
    for talk in seen.talks.values():
        must(event.message not in talk.sources.values(), "what was taken back is gone", (talk.sources, event))
    for paper in seen.papers:
        named = event.message in json.loads(paper.sources).values()
        must(paper.unsent or not named, "what was taken back after filing is marked", (paper, event))


# --- what is said


def texts(content: object) -> Iterator[str]:
    """Yield every text drawn in a message, in order."""
    if isinstance(content, Mapping):
        if content.get("type") == "text" and isinstance(content.get("text"), str):
            yield content["text"]
        for name in ("contents", "body", "header", "footer"):
            yield from texts(content.get(name))
    elif isinstance(content, list):
        for part in content:
            yield from texts(part)


def numbered(content: object) -> Iterator[tuple[int, str]]:
    """Yield the number and the data of every numbered box that can be tapped."""
    if isinstance(content, Mapping):
        action, parts = content.get("action"), content.get("contents")
        if isinstance(action, Mapping) and isinstance(parts, list) and action.get("type") == "postback":
            mark = str(parts[0].get("text", ""))
            if mark.isdigit():
                yield int(mark), str(action["data"])
        for value in content.values():
            yield from numbered(value)
    elif isinstance(content, list):
        for part in content:
            yield from numbered(part)


def answered_in_one_reply(event: Event, replies: Sequence[Reply], rows: Sequence[Row]) -> None:
    """Whatever comes in is answered, at once and in one go; what has legal effect is marked so."""
    talk = [row for row in rows if row.kind == "messages"]
    must(len(talk) <= 1, "one event, one answer", [row.cause for row in talk])
    must(bool(replies) == bool(talk), "what is to be said is queued", (event, len(replies)))
    greeted = isinstance(event, Joined) and any(row.kind == "profile" for row in rows)
    must(talk or greeted or isinstance(event, QUIET), "no event is met with silence", event)
    for row in talk:
        must(1 <= len(row.messages) <= MOST_MESSAGES, "at most five messages", len(row.messages))
        legal = any(isinstance(each, Receipt) for each in replies)
        must(row.legal == legal, "a receipt is never left at maybe", (row.legal, event))


def receipt_names_the_case(row: Row, replies: Sequence[Reply], references: Collection[str]) -> None:
    """A receipt carries a reference, and no message any that is not this person's."""
    said = set(_REFERENCE.findall(row.body))
    must(said <= {*references}, "no reference of another", (said, references))
    if any(isinstance(each, Receipt) for each in replies):
        must(said, "a receipt names its reference", row.body[:300])


def review_shows_what_is_stored(row: Row, replies: Sequence[Reply], talk: Talk | None, words: Words) -> None:
    """Every answer at the review is shown as it is stored; a personal one is only said to have come."""
    review = next((each for each in replies if isinstance(each, Review)), None)
    if review is None or talk is None or review.conversation != talk.id:
        return
    drawn = list(texts(list(row.messages)))
    if len(drawn) < len(review.rows):  # too large for a bubble, so that it came as a text
        return
    pairs = {*pairwise(drawn)}
    for field in review.form.visible(talk.answers):
        value = talk.answers.get(field.key)
        if field.key not in talk.answers or value is None or sealed(value) or field.personal:
            continue
        shown = words.text("{answer}", answer=field.show(value, words))
        if shown.strip():
            wanted = (shorten(words.say(field.label), LONGEST), shorten(shown, LONGEST))
            must(wanted in pairs, "the review shows what is stored", (wanted, drawn))


def options_are_numbered(row: Row, replies: Sequence[Reply], user_id: str, codec: PostbackCodec) -> None:
    """The number drawn before an option is the one that chooses it when typed."""
    last = replies[-1] if replies else None
    boxes = {number: codec.open(user_id, data) for number, data in numbered(list(row.messages[-1:]))}
    if isinstance(last, Ask) and last.input.control in {Control.ONE_OF, Control.MANY_OF}:
        for number, action in boxes.items():
            right = 1 <= number <= len(last.input.options) and action is not None
            option = last.input.options[number - 1].key if right else ""
            must(action and action.value == option, "options are numbered as they are read", (number, action))
    if isinstance(last, Listing):
        for number, action in boxes.items():
            right = 1 <= number <= len(last.items) and action == last.items[number - 1].action
            must(right, "entries are numbered as they are read", (number, action))
