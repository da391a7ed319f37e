"""The machine: a town, its residents, and what is done step by step, with every law looked at behind each step.

What the product does not have yet is not asked of it: the erasure of a person, things that are scarce (stock,
visits, seats), a second channel and its accounts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import TOKYO
from bot.desk import ConversationOver, photo_id
from bot.words import negotiate
from dialogs.events import Event, Filled, Introduced, SentPhoto, Unreadable
from dialogs.form import Form
from dialogs.replies import Receipt
from storage import cases, submissions, tokens
from storage import engine as database
from tests.machine import laws, probes
from tests.machine.deliveries import Deliveries
from tests.machine.expected import Moment, form_of
from tests.machine.laws import Row, must
from tests.machine.line import Killed
from tests.machine.phone import Phone, Sent
from tests.machine.residents import SAMPLES
from tests.machine.sight import Seen, look
from tests.machine.town import Town
from tests.support.service import door_of

BEGINNINGS = (
    *(datetime(2027, 6, 7, 10, tzinfo=TOKYO),) * 4,
    datetime(2027, 10, 30, 23, 58, tzinfo=TOKYO),
    datetime(2027, 5, 17, 23, 59, tzinfo=TOKYO),
    datetime(2027, 12, 31, 23, 58, tzinfo=TOKYO),
    datetime(2028, 2, 28, 12, tzinfo=TOKYO),
    datetime(2028, 6, 1, 8, 59, tzinfo=TOKYO),
)
"""When a walk may begin: in the season, at its last evening, before its opening, at the end of a year."""

PROBED = 8
"""Every how many steps all that could be sent next is tried, and what lies in the vault is opened."""

_ROWS = """
    SELECT id, thread, kind, recipient, body, reply_token, retry_key, legal, cause
    FROM outbox WHERE id > ? ORDER BY id
"""
_ORPHANS = """
    SELECT id FROM vault WHERE id NOT IN (SELECT vault_id FROM conversations WHERE vault_id IS NOT NULL)
    AND id NOT IN (SELECT vault_id FROM submissions WHERE vault_id IS NOT NULL)
"""
_SENDERS = re.compile(r"^(?P<event>.+)/(?:talk|profile|content|loading/[0-9]+)$")


@dataclass
class Machine:
    """One walk.  *effects* are the events that took effect, in the order in which they did."""

    town: Town
    phones: list[Phone] = field(default_factory=list)
    waiting: list[Sent] = field(default_factory=list)
    """Events that were answered 200 but kept to be tried again."""
    unheard: list[Sent] = field(default_factory=list)
    """Events that LINE will deliver again, for nobody answered."""
    owners: dict[str, Phone] = field(default_factory=dict)
    deliveries: Deliveries = field(default_factory=Deliveries)
    effects: list[tuple[Phone, Sent, int, int]] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    last_row: int = 0
    profiles_read: int = 0
    removals: int = 0

    def begin(self, number: int) -> None:
        """Start over, in the circumstances *number*."""
        self.town.begin(BEGINNINGS[number % len(BEGINNINGS)])
        self.last_row = self.town.rows("SELECT coalesce(max(id), 0) FROM outbox")[0][0]
        codec = door_of(self.town.service).codec
        self.phones = [Phone(each, codec, number) for each in SAMPLES]
        for at, each in enumerate(self.phones):
            language = ("ja", "en", "ja", "")[(number + at) % 4]
            if language:
                self.town.line.languages[each.user_id] = language

    # --- the circumstances

    @property
    def today(self) -> date:
        """Return the day in Tokyo."""
        return self.at_now().astimezone(TOKYO).date()

    def at_now(self) -> datetime:
        """Return the time."""
        return datetime.fromtimestamp(self.town.clock.now() / 1000, TOKYO)

    def moment(self) -> Moment:
        """Return what an event meets at the desk now."""
        service = self.town.service
        return Moment(service.register, service.world(self.today), self.town.clock.now(), self._number)

    def form(self) -> Form:
        """Return the edition in force."""
        return form_of(self.town.register, "fence_loan", self.today)

    def _number(self, procedure: str, day: date) -> str:
        found = self.town.register.of(procedure)
        assert found
        series = self.town.service.office.numbers(found.series)
        key = f"{series.key}:{series.period(day)}"
        self.counters[key] = self.counters.get(key, 0) + 1
        return series.format(self.counters[key], day)

    # --- what is done

    def post(self, *sent: Sent) -> None:
        """Let LINE deliver *sent* in one webhook, and look at what came of it."""
        for each in sent:
            self.owners[each.id] = each.phone
            if "replyToken" in each.raw:
                since = self.town.line.issue(str(each.raw["replyToken"]), each.phone.user_id)
                each.raw = {**each.raw, "timestamp": since}
        was_done = [each for each in sent if each.done]
        try:
            status = self.town.hear(*[each.raw for each in sent])
        except Killed:
            self.town.disarm()
            self.town.restart()
            self.unheard += [each for each in sent if each not in self.unheard]
            self._settle([each for each in sent if not each.done])
            return
        finally:
            burnt, self.town.burnt = self.town.burnt, False
            self.town.disarm()
        must(status == 200, "every event is taken or kept", self.town.logs.entries[-2:])
        self._settle([each for each in sent if not each.done], may_fail=burnt)
        for each in was_done:
            must(each.done, "an event that was known stays known", each.id)

    def fill(self, phone: Phone, conversation: str, cause: str, fields: Mapping[str, Any]) -> None:
        """Send a private page of *conversation* under *cause*."""
        event, known = Filled(fields), cause in phone.pages_taken
        sent = Sent(cause, phone, event, {}, conversation)
        before = phone.seen
        self.owners[cause] = phone
        try:
            refusal = self.town.service.desk.fill(
                before.person, conversation, event, cause, self.town.clock.now()
            )
        except ConversationOver:
            self.town.disarm()
            must(
                conversation not in before.talks, "a page can be filled while its talk goes on", conversation
            )
            self._look([phone], {})
            return
        except Killed:
            self.town.disarm()
            self.town.restart()
            refusal = None
        except Exception as fault:  # noqa: BLE001 -- whatever it is, it must have been sown
            self.town.disarm()
            must(self.town.burnt, "no page makes the desk fall over", repr(fault))
            self._look([phone], {})
            return
        self.town.disarm()
        must(conversation in before.talks, "a page belongs to one's own talk", conversation)
        if refusal is not None:
            kept = phone.expected.fill(self.moment(), conversation, event, cause)
            must(
                not kept and refusal.fields.keys() == phone.expected.refused.keys(),
                "a page is refused by the same rules",
                refusal,
            )
            self._look([phone], {})
        elif known or self._is_done(cause):
            phone.pages_taken.add(cause)
            self._settle([] if known else [sent], [phone])
        else:
            self._look([phone], {})

    def staff(self, phone: Phone, which: int) -> None:
        """Let staff take up a case of *phone*, where the console would let them."""
        references = list(phone.expected.cases)
        if not references:
            return
        case = phone.expected.cases[references[which % len(references)]]
        procedure = self.town.register.of(case.procedure)
        assert procedure
        if not laws._may_follow("taken_up", [each.step for each in case.history]):  # noqa: SLF001 -- the console's rule
            return
        cause = f"console/{self.steps}"
        with database.write(self.town.service.engine) as conn:
            found = cases.by_reference(conn, case.reference)
            assert found
            submissions.file(
                conn, case_id=found.id, step="taken_up", form="", edition="", answers={}, vault_id=None,
                filed_by="staff", role="staff", channel="console", locale="ja", event_id=cause,
                now=self.town.clock.now(),
            )  # fmt: skip
        phone.expected.staff(self.moment(), case.reference, "taken_up", cause, "ja")
        self.effects.append(
            (phone, Sent(cause, phone, None, {}, case.reference), self.town.clock.now(), self.town.edition)
        )
        self._look([phone], {})

    def tick(self) -> None:
        """Let a minute's and perhaps an hour's jobs run."""
        self.town.service.jobs.tick()
        self._settle(sorted(self.waiting, key=lambda each: (each.failed_at, each.id)), self.phones)

    def deliver(self, endings: Sequence[str]) -> None:
        """Let everything that is due be sent; the calls end as *endings* say."""
        line = self.town.line
        line.plan[:] = endings
        try:
            self.town.service.delivery.run_until_idle()
        except Killed:
            self.town.restart()
        line.plan.clear()
        errands = list(self._errands())
        self.owners |= {each.id: each.phone for each in errands}
        self._settle(errands, [each.phone for each in errands])

    def _errands(self) -> Iterator[Sent]:
        """Yield what the sender heard from LINE and told the desk: languages, and photos that cannot be opened."""
        for phone in self.phones:
            for cause in [
                cause for cause in phone.introductions if self._is_done(f"{cause[:53]}/introduced")
            ]:
                greet = phone.introductions.pop(cause)
                told = [language for user, language in self.town.line.profiles if user == phone.user_id]
                language = told[-1] if told else None
                chosen = phone.expected.chosen
                locale = phone.expected.standing.locale if chosen else negotiate(language)
                yield Sent(f"{cause[:53]}/introduced", phone, Introduced(locale, greet), {})
            for photo in [photo for photo in phone.photos if self._is_done(f"photo/{photo}")]:
                yield Sent(f"photo/{photo}", phone, Unreadable(phone.photos.pop(photo)), {})

    def _is_purged(self, sent: Sent) -> bool:
        """Return whether *sent*, which had failed, was retried and its id forgotten in the same breath."""
        return sent in self.waiting and not self.town.rows("SELECT 1 FROM inbox WHERE event_id = ?", sent.id)

    def _is_done(self, event_id: str) -> bool:
        return bool(self.town.rows("SELECT 1 FROM inbox WHERE event_id = ? AND state = 'done'", event_id))

    # --- what came of it

    def _settle(self, sent: Sequence[Sent], others: Sequence[Phone] = (), *, may_fail: bool = False) -> None:
        """Let the expected take the turns of those of *sent* that took effect, and compare."""
        heard: dict[Phone, list[Sent]] = {}
        for each in dict.fromkeys(sent):
            heard.setdefault(each.phone, [])
            if each.done:
                continue
            if self._is_done(each.id) or self._is_purged(each):
                heard[each.phone].append(each)
                continue
            failed = self.town.rows(
                "SELECT received_at FROM inbox WHERE event_id = ? AND state = 'failed'", each.id
            )
            if failed and each not in self.waiting:
                must(may_fail, "no turn fails by itself", (each.event, self.town.logs.entries[-3:]))
                each.failed_at = failed[0][0]
                self.waiting.append(each)
            elif not failed:
                must(
                    each in self.unheard or each in self.waiting,
                    "an event that was answered is not lost",
                    each.event,
                )
        phones = list(dict.fromkeys([*heard, *others]))
        self._look(phones, heard)

    def _look(self, phones: Sequence[Phone], heard: Mapping[Phone, Sequence[Sent]]) -> None:
        rows = [Row(*row) for row in self.town.rows(_ROWS, self.last_row)]
        self.last_row = rows[-1].id if rows else self.last_row
        for phone in phones:
            self._look_at(phone, heard.get(phone, ()), rows)
        for row in rows:
            self._look_at_row(row)
        self.deliveries.look(self)
        self._look_around()

    def _look_at(self, phone: Phone, events: Sequence[Sent], rows: Sequence[Row]) -> None:
        before, seen = phone.seen, look(self.town, phone.user_id)
        phone.seen = seen
        expected = phone.expected
        known = {each.id for each in expected.standing.conversations}
        fresh = next((name for name in seen.talks if name not in known), "unused")
        if fresh == "unused":  # begun, and filed or cancelled in the same breath: never
            fresh = f"unused{self.steps}"
        for sent in events:
            self._take(phone, sent, fresh)
        self._removed(phone, seen)
        laws.stored_as_expected(seen, expected)
        laws.filed_for_good(before, seen)
        laws.allowed_order(seen.papers)
        for talk in seen.talks.values():
            laws.nothing_in_clear(talk.written, "a conversation")
        for paper in seen.papers[len(before.papers) :]:
            laws.nothing_in_clear(paper.answers + paper.sources, "a submission")
        if len(events) == 1 and events[0].event is not None:
            self._one_event(phone, before, events[0], [row for row in rows if _event_of(row) == events[0].id])

    def _take(self, phone: Phone, sent: Sent, fresh: str) -> None:
        assert sent.event is not None
        at = self.moment()
        if isinstance(sent.event, Filled):
            taken = phone.expected.fill(at, sent.conversation, sent.event, sent.id)
            must(taken, "a page is taken by the same rules", phone.expected.refused)
        else:
            event = sent.event
            if isinstance(event, SentPhoto):
                event = replace(event, ref=photo_id(event.message))
            phone.expected.hear(at, event, sent.id, fresh)
        sent.done, sent.done_at = True, at.now
        phone.note(sent)
        for each in (self.waiting, self.unheard):
            if sent in each:
                each.remove(sent)
        self.effects.append((phone, sent, at.now, self.town.edition))
        phone.log.append((at, sent, fresh))

    def _one_event(self, phone: Phone, before: Seen, sent: Sent, rows: Sequence[Row]) -> None:
        """Look at what the one event *sent* changed, and at what it was answered with."""
        event, seen, expected = sent.event, phone.seen, phone.expected
        assert event is not None
        form, today = self.form(), self.today.isoformat()
        replies = expected.replies
        last = replies[-1] if replies else None
        for name, talk in seen.talks.items():
            earlier = before.talks.get(name)
            if earlier and earlier.written == talk.written:
                continue
            renewed = self.town.edition > 0 and name not in phone.carried
            phone.carried.add(name)
            laws.no_hidden_answer(talk, form)
            if earlier:
                laws.answers_only_what_was_asked(earlier, talk, event, form, renewed=renewed)
            if earlier and not renewed:
                laws.changed_only_what_it_may(earlier, talk, event, form, today)
        if seen.current_talk:
            laws.position_follows(seen.current_talk, form, last, event)
        laws.taken_back(seen, event)
        self._new_papers(phone, before, event, form)
        laws.answered_in_one_reply(event, replies, rows)
        words = self.town.service.words[expected.standing.locale]
        for row in rows:
            if row.kind == "messages":
                laws.receipt_names_the_case(row, replies, expected.cases)
                laws.review_shows_what_is_stored(row, replies, seen.current_talk, words)
                laws.options_are_numbered(row, replies, phone.user_id, phone.codec)
        probes.number_chosen(phone.asked, event, seen)
        phone.asked = last

    def _new_papers(self, phone: Phone, before: Seen, event: Event, form: Form) -> None:
        is_open = self.town.register.procedures[0].opening(self.moment().world).is_open
        opening = probes.in_season(self.today, is_open=is_open)
        new = phone.seen.papers[len(before.papers) :]
        must(len(new) <= 1, "one event files once", new)
        for paper in new:
            gone = [talk for name, talk in before.talks.items() if name not in phone.seen.talks]
            laws.filed_rightly(paper, gone[0] if gone else None, form, event, is_open=opening)
            if paper.step in {"application", "correction"}:
                must(len(gone) == 1, "a talk that was filed is over", paper.reference)
                name = gone[0].id
                must(name not in phone.filed, "nothing is filed twice", name)
                phone.filed.add(name)
                must(
                    any(isinstance(each, Receipt) for each in phone.expected.replies), "a filing is receipted"
                )

    def _removed(self, phone: Phone, seen: Seen) -> None:
        """Let go of conversations that nobody went on with for as long as the settings say."""
        limit = self.town.service.settings.keep_half_filled_days
        oldest = self.town.clock.now() - timedelta(days=limit) / timedelta(milliseconds=1)
        for talk in phone.expected.standing.conversations:
            if talk.id not in seen.talks and phone.expected.touched.get(talk.id, 0) < oldest:
                phone.expected.removed(talk.id)
                self.removals += 1

    def _look_at_row(self, row: Row) -> None:
        laws.nothing_in_clear(row.body, "a message")
        self.deliveries.queued(row)
        if row.cause.startswith("reminder/"):
            self._reminded(row)
            return
        owner = self.owners.get(_event_of(row))
        must(owner is not None, "what is sent has a cause", row.cause)
        assert owner
        must(row.recipient == owner.user_id, "what is sent goes to whom it is meant for", row.cause)
        if row.kind == "profile":
            owner.introductions[json.loads(row.body)["cause"]] = json.loads(row.body)["greet"]
        if row.kind == "content":
            body = json.loads(row.body)
            owner.photos[body["photo"]] = body["message"]
        if row.kind == "messages":
            must(row.thread == owner.seen.person, "a message stands in its reader's thread", row.cause)
            self._links(row, owner)
            owner.shown(row)

    def _links(self, row: Row, owner: Phone) -> None:
        for token in laws.LINK.findall(row.body):
            found = self.town.rows(
                "SELECT subject, detail FROM links WHERE token_hash = ?", tokens.hashed(token)
            )
            must(found and found[0][0] == owner.seen.person, "a link leads to one's own page", row.cause)
            must(found[0][1] in owner.seen.talks, "a link leads to a talk that goes on", row.cause)

    def _reminded(self, row: Row) -> None:
        owner = next((each for each in self.phones if each.user_id == row.recipient), None)
        must(owner is not None and owner.expected.reminders, "word is sent to whom asked for it", row.cause)
        assert owner
        must(9 <= self.at_now().hour < 20, "word is sent by day", self.at_now())
        due = int(row.cause.split("/")[2])
        must(due in owner.expected.reminders.values(), "word is sent when it was asked for", row.cause)
        must((row.recipient, due) not in owner.reminded, "word is sent once", row.cause)
        owner.reminded.add((row.recipient, due))
        owner.shown(row)

    def _look_around(self) -> None:
        """Look at what belongs to nobody in particular."""
        must(not self.town.rows(_ORPHANS), "nothing lies in the vault that nobody needs")
        logs = self.town.logs.entries
        for entry in logs:
            laws.nothing_in_clear(str(entry), "the log")
        logs.clear()
        blocked = [each.user_id for each in self.phones if each.seen.blocked]
        for user_id in blocked:
            left = self.town.rows(
                "SELECT id FROM outbox WHERE recipient = ? AND state = 'waiting' AND kind = 'messages'",
                user_id,
            )
            must(not left, "nothing waits for somebody who blocked the desk", user_id)


def _event_of(row: Row) -> str:
    found = _SENDERS.match(row.cause)
    return found["event"] if found else row.cause
