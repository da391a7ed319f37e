"""Faults sown on purpose, each of a kind that such a desk has had or could have: the machine must find every one.

Each is a patch of the product's own code, under a name that says what goes wrong.  The machine, its rules and
its laws are the same as without it; some faults let some rules come more often, so that finding them is quick.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import structlog

from bot import desk, dues, filing, postback, sealing, signing
from bot.line import calls, deliver, errands, flex
from bot.sealing import Sealer
from bot.words import negotiate
from dialogs import asking, filling, menu, reviewing
from dialogs import turn as turns_of_a_form
from dialogs.events import Action, Do, SentOther, Tapped
from dialogs.fields.naming import Naming
from dialogs.form import Form
from dialogs.procedure import Opening, Procedure
from dialogs.reading.masking import Masked
from dialogs.standing import Turn
from storage import cases, inbox, links, outbox, people, photos, reminders, retention, submissions, turns
from storage.outbox import Queued
from tests.machine import editions
from tests.machine.town import Town


@dataclass(frozen=True)
class Fault:
    """One fault: its *name*, how it is *sown*, and which rules come more often while it is looked for."""

    name: str
    sown: Callable[[Town, ExitStack], None]
    more: Mapping[str, float] = field(default_factory=dict)
    begins: int | None = None

    @contextmanager
    def in_(self, town: Town) -> Iterator[None]:
        """Let *town* have the fault."""
        with ExitStack() as stack:
            self.sown(town, stack)
            yield


FAULTS: list[Fault] = []

BEFORE_THE_OPENING = 5
"""The circumstances in which applications are taken from the next morning on."""


def fault(
    *, begins: int | None = None, **more: float
) -> Callable[[Callable[[Town, ExitStack], None]], Callable[[Town, ExitStack], None]]:
    """Mark a function as one that sows a fault; its name is the fault's."""

    def kept(sow: Callable[[Town, ExitStack], None]) -> Callable[[Town, ExitStack], None]:
        FAULTS.append(Fault(sow.__name__.replace("_", " "), sow, more, begins))
        return sow

    return kept


def _patch(stack: ExitStack, where: object, name: str, new: object) -> None:
    stack.enter_context(mock.patch.object(where, name, new))


def _around(stack: ExitStack, where: object, name: str, new: Callable[..., Any]) -> None:
    """Put *new* in the place of *name*; it is given the original first."""
    original = getattr(where, name)
    _patch(stack, where, name, lambda *given, **named: new(original, *given, **named))


# --- once and in order


@fault(is_heard_again=15)
def an_event_that_is_known_is_taken_again(_town: Town, stack: ExitStack) -> None:
    def claim(original: Any, *given: Any) -> bool:
        original(*given)
        return True

    _around(stack, turns, "claim", claim)


@fault(falls_over=12)
def an_event_that_failed_is_not_kept(_town: Town, stack: ExitStack) -> None:
    _patch(stack, inbox, "fail", lambda *_given, **_named: None)


@fault(falls_over=15)
def a_turn_that_failed_is_stored_in_part(town: Town, stack: ExitStack) -> None:
    for each in town.services:
        _patch(stack, each.engine.dialect, "do_rollback", lambda driver: driver.commit())


@fault()
def a_conversation_is_filed_and_goes_on(_town: Town, stack: ExitStack) -> None:
    def file(original: Any, hall: Any, standing: Any, *given: Any) -> Turn:
        done = original(hall, standing, *given)
        left = replace(done.standing, conversations=standing.conversations)
        return Turn(left, done.replies, done.effects)

    _around(stack, filling, "_file", file)


@fault(is_delivered=25)
def every_try_of_a_push_has_a_key_of_its_own(_town: Town, stack: ExitStack) -> None:
    _around(
        stack,
        calls,
        "push",
        lambda original, to, said, _key, **more: original(to, said, uuid.uuid4(), **more),
    )


@fault(is_delivered=25)
def an_answer_of_unknown_fate_is_pushed_as_well(_town: Town, stack: ExitStack) -> None:
    _patch(stack, deliver.LineDelivery, "_ask_the_token", lambda self, parcel, _token: self._push(parcel))


@fault(is_delivered=20)
def a_message_that_was_refused_counts_as_delivered(_town: Town, stack: ExitStack) -> None:
    def finish(original: Any, conn: Any, results: Any, now: int) -> None:
        original(conn, [replace(each, state="delivered") for each in results], now)

    _around(stack, outbox, "finish", finish)


@fault(is_delivered=25)
def a_later_message_overtakes_an_earlier_one(_town: Town, stack: ExitStack) -> None:
    count = itertools.count()
    _queued(stack, lambda each: replace(each, thread=f"{each.thread[:20]}{next(count)}"))


@fault(begins=BEFORE_THE_OPENING, jobs_run=20, time_passes=20)
def word_is_sent_again_and_again(_town: Town, stack: ExitStack) -> None:
    _patch(stack, reminders, "mark_sent", lambda *_given: True)


@fault(begins=BEFORE_THE_OPENING, jobs_run=20, time_passes=20)
def word_is_sent_by_night(_town: Town, stack: ExitStack) -> None:
    _patch(stack, dues, "MORNING", 0)
    _patch(stack, dues, "EVENING", 24)
    _around(stack, filing, "at_hour", lambda original, day, _hour: original(day, 3))


# --- whom it reaches


@fault()
def an_answer_goes_to_whoever_spoke_before(_town: Town, stack: ExitStack) -> None:
    last: list[str] = []

    def sent(each: Queued) -> Queued:
        last.append(each.recipient)
        return replace(each, recipient=last[-2] if len(last) > 1 else each.recipient)

    _queued(stack, sent)


@fault(taps_what_is_anothers=10)
def a_button_works_in_every_hand(_town: Town, stack: ExitStack) -> None:
    _around(stack, postback, "_mac", lambda original, key, _person, payload: original(key, "", payload))


@fault(types_a_reference=10)
def everybody_sees_all_cases(_town: Town, stack: ExitStack) -> None:
    def of_person(original: Any, conn: Any, _person: str, **more: Any) -> Any:
        everybody = [row[0] for row in conn.exec_driver_sql("SELECT id FROM people")]
        return [each for one in everybody for each in original(conn, one, **more)]

    _around(stack, cases, "of_person", of_person)


@fault()
def a_link_leads_to_the_page_of_another(_town: Town, stack: ExitStack) -> None:
    last: list[str] = []

    def make(original: Any, conn: Any, kind: str, subject: str, *given: Any) -> str:
        last.append(subject)
        return str(original(conn, kind, last[-2] if len(last) > 1 else subject, *given))

    _around(stack, links, "make", make)


@fault(blocks=8)
def nobody_is_known_to_have_blocked_the_desk(_town: Town, stack: ExitStack) -> None:
    _patch(stack, people, "set_blocked", lambda *_given: None)


@fault(blocks=8)
def messages_wait_for_people_who_blocked_the_desk(_town: Town, stack: ExitStack) -> None:
    _patch(stack, outbox, "give_up_on", lambda *_given: 0)


@fault()
def a_receipt_is_sent_like_small_talk(_town: Town, stack: ExitStack) -> None:
    _queued(stack, lambda each: replace(each, legal=False))


# --- what is answered, and what is lost


@fault(taps_an_old_button=20)
def the_button_of_a_finished_talk_answers_the_next_one(_town: Town, stack: ExitStack) -> None:
    def tapped(original: Any, hall: Any, standing: Any, action: Action, event: Any) -> Turn:
        if action.conversation and standing.conversation(action.conversation) is None:
            action = replace(action, conversation=standing.current)
            event = Tapped(action)
        done: Turn = original(hall, standing, action, event)
        return done

    _around(stack, menu, "_button_of_a_form", tapped)


@fault(types=20)
def going_back_takes_two_answers(_town: Town, stack: ExitStack) -> None:
    def reopen(original: Any, setting: Any, talk: Any, asked: Any) -> Any:
        others = [key for key in talk.answers if key != asked.key]
        answers = {key: value for key, value in talk.answers.items() if key not in others[:1]}
        return original(setting, replace(talk, answers=answers), asked)

    _around(stack, turns_of_a_form, "_reopen", reopen)


@fault(taps_an_old_button=15)
def an_answer_stays_whose_question_is_gone(_town: Town, stack: ExitStack) -> None:
    def kept(self: Form, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        carried = self.renamed(answers)
        return {each.key: carried[each.key] for each in self.fields if each.key in carried}

    _patch(stack, Form, "kept", kept)


@fault(types=25)
def another_language_costs_an_answer(_town: Town, stack: ExitStack) -> None:
    def language(original: Any, hall: Any, standing: Any, locale: str) -> Turn:
        talks = tuple(
            replace(each, answers=dict([*each.answers.items()][:-1])) for each in standing.conversations
        )
        done: Turn = original(hall, replace(standing, conversations=talks), locale)
        return done

    _around(stack, menu, "_language", language)


@fault(taps_an_old_button=15, is_deployed=2)
def typed_words_answer_a_question_that_was_not_put(_town: Town, stack: ExitStack) -> None:
    _patch(stack, asking, "pending", lambda form, talk: next(iter(form.missing(talk.answers)), None))


@fault()
def typed_numbers_are_off_by_one(_town: Town, stack: ExitStack) -> None:
    def numbered(original: Any, self: Naming, text: str) -> Any:
        found = original(self, text)
        return [self.options[self.options.index(each) - 1] for each in found] if found else found

    _patch(stack, Naming, "numbered", _method(Naming.numbered, numbered))


@fault()
def drawn_numbers_are_off_by_one(_town: Town, stack: ExitStack) -> None:
    def choice(original: Any, mark: str, *given: Any, **more: Any) -> Any:
        return original(str(int(mark) + 1) if mark.isdigit() else mark, *given, **more)

    _around(stack, flex, "choice", choice)


@fault()
def a_number_of_the_menu_opens_its_neighbour(_town: Town, stack: ExitStack) -> None:
    from dialogs import meaning

    def picked(original: Any, hall: Any, entries: Any, text: str) -> Any:
        return original(hall, (*entries[1:], *entries[:1]), text)

    _around(stack, meaning, "picked", picked)


@fault(takes_a_message_back=10)
def a_message_that_was_taken_back_still_counts(_town: Town, stack: ExitStack) -> None:
    _patch(stack, menu, "_unsent", lambda _hall, standing, _message: Turn(standing))


@fault(takes_a_message_back=25, goes_on=100)
def staff_hear_nothing_of_what_was_taken_back(_town: Town, stack: ExitStack) -> None:
    _patch(stack, submissions, "note_unsent", lambda *_given: 0)


@fault(sends_what_is_no_answer=8)
def a_sticker_is_met_with_silence(_town: Town, stack: ExitStack) -> None:
    def to_the_form(original: Any, hall: Any, standing: Any, event: Any) -> Turn:
        done: Turn = original(hall, standing, event)
        return Turn(standing) if isinstance(event, SentOther) else done

    _around(stack, filling, "heard", to_the_form)


@fault(types=20)
def a_talk_is_thrown_away_unasked(_town: Town, stack: ExitStack) -> None:
    _patch(stack, menu, "_ROUTES", {**menu._ROUTES, Do.QUIT: menu._quit_surely})  # noqa: SLF001 -- sown on purpose


@fault(falls_over=0.1)
def part_of_a_conversation_is_not_stored(_town: Town, stack: ExitStack) -> None:
    def dump(original: Any, value: Any) -> str:
        whole = not isinstance(value, dict) or not any("/" in key for key in value)
        return str(original(value if whole else {key: value[key] for key in value if "/" not in key}))

    _around(stack, turns, "dump", dump)


@fault(types=20)
def a_profile_overrules_the_language_that_was_chosen(_town: Town, stack: ExitStack) -> None:
    def locale(_self: object, _parcel: object, outcome: Any) -> str:
        return negotiate(outcome.data.get("language"))

    _patch(stack, errands.Errands, "_locale", locale)
    _patch(
        stack,
        filing,
        "_speaking",
        lambda person, effect: replace(person, locale=effect.locale, locale_chosen=effect.chosen),
    )


# --- what is shown and filed


@fault(taps_an_old_button=15)
def the_review_shows_the_first_answer_given(_town: Town, stack: ExitStack) -> None:
    first: dict[tuple[str, str], Any] = {}

    def shown(original: Any, each: Any, talk: Any, words: Any) -> Any:
        return first.setdefault((talk.id, each.key), original(each, talk, words))

    _around(stack, reviewing, "shown", shown)


@fault(is_deployed=3)
def a_filing_names_the_edition_before(_town: Town, stack: ExitStack) -> None:
    _around(
        stack,
        filling,
        "File",
        lambda original, key, step, _edition, talk: original(key, step, editions.FIRST, talk),
    )


@fault(staff_take_up=8, corrects=8)
def a_correction_is_taken_after_staff_began(_town: Town, stack: ExitStack) -> None:
    def may_file(original: Any, self: Procedure, key: str, case: Any) -> bool:
        return key == "correction" or bool(original(self, key, case))

    _patch(stack, Procedure, "may_file", _method(Procedure.may_file, may_file))


@fault()
def a_number_of_the_series_is_left_out(_town: Town, stack: ExitStack) -> None:
    def next_number(original: Any, *given: Any) -> int:
        original(*given)
        return int(original(*given))

    _around(stack, cases, "next_number", next_number)


@fault(a_night_passes=4)
def applications_are_taken_all_year(town: Town, stack: ExitStack) -> None:
    for service in town.services:
        for each in service.register.procedures:
            before = each.opening
            object.__setattr__(each, "opening", lambda _world: Opening(is_open=True))
            stack.callback(object.__setattr__, each, "opening", before)


@fault(a_night_passes=6, time_passes=8)
def today_is_the_day_in_greenwich(_town: Town, stack: ExitStack) -> None:
    def day_of(now: int) -> date:
        return datetime.fromtimestamp(now / 1000, UTC).date()

    _patch(stack, desk, "day_of", day_of)
    _patch(stack, signing, "day_of", day_of)


# --- what nobody may see


@fault()
def one_personal_answer_is_left_in_clear(_town: Town, stack: ExitStack) -> None:
    def marked(original: Any, fields: Any, answers: Any) -> Any:
        return {**original(fields, answers), **{key: answers[key] for key in answers if key == "note"}}

    _around(stack, sealing, "marked", marked)


@fault(types_something_personal=10)
def personal_data_is_not_masked(_town: Town, stack: ExitStack) -> None:
    _patch(stack, turns_of_a_form, "mask", lambda text: Masked(text, frozenset()))


@fault(types_something_personal=10)
def the_log_repeats_what_was_typed(_town: Town, stack: ExitStack) -> None:
    def hear(original: Any, register: Any, standing: Any, event: Any, world: Any) -> Turn:
        structlog.get_logger().info("heard", said=str(event))
        done: Turn = original(register, standing, event, world)
        return done

    _around(stack, desk, "hear", hear)


@fault(gives_up=4, fills=6)
def what_was_cancelled_stays_in_the_vault(_town: Town, stack: ExitStack) -> None:
    _patch(stack, Sealer, "_forget", lambda *_given: None)


@fault(corrects=8, fills=12, taps_an_old_button=12)
def a_correction_changes_what_was_filed(_town: Town, stack: ExitStack) -> None:
    def seal(self: Sealer, conn: Any, form: str, personal: Any, record: Any, now: int) -> str:
        return self.vault.seal(conn, form, personal, now=now, record=record)

    _patch(stack, Sealer, "_seal", seal)


@fault(sends_a_photo=10)
def a_photo_that_was_taken_back_is_kept(_town: Town, stack: ExitStack) -> None:
    _patch(stack, photos, "forget", lambda *_given: None)


@fault(a_night_passes=5, jobs_run=8)
def half_filled_forms_are_removed_too_early(_town: Town, stack: ExitStack) -> None:
    late = timedelta(days=29) // timedelta(milliseconds=1)

    def purge(original: Any, conn: Any, before: int, *given: Any) -> int:
        return int(original(conn, before + late, *given))

    _around(stack, retention, "purge_half_filled", purge)


def _queued(stack: ExitStack, changed: Callable[[Queued], Queued]) -> None:
    """Let every answer be queued as *changed* makes it."""
    _around(stack, desk, "Queued", lambda original, *given, **named: changed(original(*given, **named)))


def _method(original: Callable[..., Any], new: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Any, *given: Any, **named: Any) -> Any:
        return new(original, self, *given, **named)

    return method
