"""Which question comes next, and how it is put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Protocol

from dialogs.conversation import Conversation
from dialogs.events import Action, Do
from dialogs.fields.base import Answers, Control, Field, Given, Input, Invalid, Raw, Value, sealed
from dialogs.form import Form, Page, answered
from dialogs.reading.text import fold, fold_wording
from dialogs.replies import Ask, AskCard, AskPage, Offer, Reply, Said
from dialogs.words import Words, _, say
from dialogs.world import World


class Stride(Enum):
    """How much a channel asks at once: the only thing it says about asking."""

    FIELD = "field"
    PAGE = "page"
    FORM = "form"


class Circumstances(Protocol):
    """What asking needs of a turn's setting."""

    @property
    def form(self) -> Form: ...
    @property
    def world(self) -> World: ...
    @property
    def words(self) -> Words: ...
    @property
    def stride(self) -> Stride: ...
    @property
    def last(self) -> Mapping[str, Answers]: ...


def in_edition(form: Form, talk: Conversation) -> Conversation:
    """Return *talk* as this edition of *form* holds it: nothing that is no longer asked, keys as they are now."""
    answers = form.kept(talk.answers)
    if answers is talk.answers and not form.has_former_keys:
        return talk
    (asked,) = form.renamed({talk.asked: None})
    return replace(
        talk,
        answers=answers,
        aside=form.renamed(talk.aside),
        sources=form.renamed(talk.sources),
        asked=asked,
    )


def pending(form: Form, talk: Conversation) -> Field | None:
    """Return the question that was put last and is still missing: the one a typed answer is meant for.

    None at a review or a private page, and where a deploy has taken the question away: nobody has been asked
    what is missing then, so nothing typed can be its answer.
    """
    return next((each for each in form.missing(talk.answers) if each.key == talk.asked), None)


def question(
    setting: Circumstances, talk: Conversation, missing: Sequence[Field], refused: Mapping[str, Invalid]
) -> tuple[str, Reply]:
    """Return the key of the question to be put and the reply that puts it, at the channel's stride."""
    first = missing[0]
    page = setting.form.page_of(first)
    if setting.stride is Stride.FORM:
        # A card cannot take a photo: those are asked one by one, after all else.
        at_once = [each for each in missing if input_of(setting, talk, each).control is not Control.PHOTO]
        if not at_once:
            return first.key, _ask(setting, talk, first, refused.get(first.key))
        return "", _card(setting, talk, at_once, refused)
    if setting.stride is Stride.PAGE:
        return "", _card(setting, talk, [each for each in missing if each in page.fields], refused)
    if page.private and not setting.world.pii_in_chat:
        return "", page_reply(setting, talk, page)
    return first.key, _ask(setting, talk, first, refused.get(first.key))


def advised(setting: Circumstances, talk: Conversation, key: str) -> tuple[Said, ...]:
    """Return what helps to answer the question *key*, said before it; nothing where none was put."""
    each = setting.form.field(key) if key else None
    message = each.advised(_given(setting, talk, each)) if each else None
    return (Said(message),) if message else ()


def _card(
    setting: Circumstances, talk: Conversation, fields: Sequence[Field], refused: Mapping[str, Invalid]
) -> AskCard:
    messages = {key: reason.message for key, reason in refused.items()}
    return AskCard(
        setting.form,
        tuple(fields),
        talk.id,
        talk.answers,
        messages,
        _last_time(setting, talk, fields),
        ways_on(setting.form, talk, None),
        {each.key: each.inputs(_given(setting, talk, each)) for each in fields},
    )


def _last_time(setting: Circumstances, talk: Conversation, fields: Sequence[Field]) -> Mapping[str, str]:
    """Return the numbers of the last submission, beside which new ones can be judged."""
    before = setting.last.get(str(talk.answers.get(setting.form.compare_by)), {})
    return {
        each.key: each.show(before[each.key], setting.words)
        for each in fields
        if before.get(each.key) is not None
        and not each.personal
        and input_of(setting, talk, each).control is Control.NUMBER
    }


def page_reply(setting: Circumstances, talk: Conversation, page: Page) -> AskPage:
    """Return the link to the private page *page*."""
    return AskPage(
        setting.form,
        page,
        talk.id,
        position(setting.form, talk, page.fields[0]),
        ways_on(setting.form, talk, None),
    )


def _ask(setting: Circumstances, talk: Conversation, each: Field, refused: Invalid | None) -> Ask:
    before = _before(talk, each)
    picked = before.get("picked", ()) if isinstance(before, dict) else ()
    kept = talk.aside.get(each.key)
    return Ask(
        setting.form,
        each,
        input_of(setting, talk, each),
        talk.id,
        refused=refused.message if refused else None,
        position=position(setting.form, talk, each),
        picked=tuple(picked),
        several=isinstance(before, dict) and "picked" in before,
        kept=None if kept is None or each.personal else each.show(kept, setting.words),
        offers=ways_on(setting.form, talk, each),
    )


def input_of(setting: Circumstances, talk: Conversation, each: Field) -> Input:
    """Return the part of the question *each* that a talk asks next."""
    return each.pending(_given(setting, talk, each))


def _given(setting: Circumstances, talk: Conversation, each: Field) -> Given:
    return Given(setting.world, talk.answers, _before(talk, each), setting.words)


def _before(talk: Conversation, each: Field) -> Value:
    value = talk.answers.get(each.key)
    return None if sealed(value) else value


def ways_on(form: Form, talk: Conversation, each: Field | None) -> tuple[Offer, ...]:
    """Return what may be done instead of answering the question *each* (None: a private page)."""
    offers: list[Offer] = []
    if each is not None and not each.required:
        skip = Action(Do.SKIP, talk.id, each.key)
        offers.append(Offer(say(_("答えずに次へ")), skip, _("なし")))
    if each is None or each != form.fields[0] or each.key in talk.answers:
        offers.append(Offer(say(_("戻る")), Action(Do.BACK, talk.id), _("戻る")))
    if each is not None:
        offers.append(Offer(say(_("説明")), Action(Do.HELP, talk.id, each.key), "?"))
    offers.append(Offer(say(_("中止")), Action(Do.QUIT, talk.id), _("中止")))
    return tuple(offers)


def labelled(offers: Sequence[Offer], text: str, words: Words) -> Action | None:
    """Return what the one of *offers* does whose label was typed: a computer's LINE shows no quick replies."""
    wanted = fold(text)
    return next((each.action for each in offers if fold_wording(words.say(each.label)) == wanted), None)


def position(form: Form, talk: Conversation, each: Field) -> tuple[int, int]:
    """Return which of how many steps the question is; a private page counts as one step."""
    steps: list[str] = []
    for visible in form.visible(talk.answers):
        page = form.page_of(visible)
        step = page.key if page.private else visible.key
        if step not in steps:
            steps.append(step)
    page = form.page_of(each)
    here = page.key if page.private else each.key
    return (steps.index(here) + 1 if here in steps else 1, len(steps))


def last_answered(form: Form, talk: Conversation, *, pages_too: bool) -> Field | None:
    """Return the question answered last before the open one, skipping private pages unless *pages_too*."""
    found: Field | None = None
    open_one = pending(form, talk)
    if open_one and open_one.key in talk.answers:
        return open_one  # half answered: its first part is what comes before
    for each in form.visible(talk.answers):
        if each == open_one:
            break
        if each.key in talk.answers and (pages_too or not form.page_of(each).private):
            found = each
    return found


def echo(
    setting: Circumstances, talk: Conversation, each: Field, raw: Raw, before: Value
) -> tuple[Reply, ...]:
    """Return how the answer was understood, where that is not plain from what was sent, and what to know of it."""
    value = talk.answers.get(each.key)
    given = Given(setting.world, talk.answers, before, setting.words)
    whole = answered(each, talk.answers)
    if value is None or sealed(value) or (each.personal and not whole):
        return ()
    remark = each.remark(value, given) if whole else None
    said = (Said(remark),) if remark else ()
    if each.personal:
        return (Said(say(_("{label}を受け取りました。"), label=say(each.label))), *said)
    shown = each.show(value, setting.words)
    if isinstance(raw, str) and fold(shown) == fold(raw):
        return said
    # The button of an old message changes an answer that is no longer before the person's eyes.
    changed = before is not None and each.is_complete(before) and before != value
    if not isinstance(raw, str) and not each.echoes_taps and not changed:
        return said
    return (Said(say(_("{label}：{answer}"), label=say(each.label), answer=shown)), *said)
