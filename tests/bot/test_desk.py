"""The shell of a turn, on both databases: once, in order, for the right person, with nothing lost."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from bot.clock import TOKYO
from bot.service import Service
from dialogs.events import Action, Do
from dialogs.replies import Reply
from dialogs.words import Words
from storage import accesslog, cases, submissions
from storage import engine as database
from storage.tables import cases as cases_table
from storage.tables import inbox, metadata, outbox
from storage.tables import vault as vault_table
from tests.storage.make import together
from tests.support.applying import (
    APPLICANT,
    SECRETS,
    START,
    TYPED,
    apply,
    fill_page,
    person_of,
    references,
    to_the_page,
    to_the_review,
    type_all,
)
from tests.support.service import (
    StandingClock,
    Webhooks,
    count,
    door_of,
    make,
    post,
    rows,
    said,
    shown,
    user,
)

THREADS, EACH = 8, 25


def taps(service: Service, phone: Webhooks, actions: Iterable[Action]) -> list[dict[str, Any]]:
    codec = door_of(service).codec
    return [phone.postback(codec.seal(phone.user_id, action)) for action in actions]


def at_once(service: Service, batches: list[list[dict[str, Any]]]) -> list[int]:
    """Post every batch from a thread of its own, one webhook per event; return all statuses."""

    def run(batch: list[dict[str, Any]]) -> list[int]:
        return [post(service, event) for event in batch]

    with ThreadPoolExecutor(len(batches)) as pool:
        return [status for batch in pool.map(run, batches) for status in batch]


# --- the hot path


def test_on_postgresql_a_usual_turn_goes_there_and_back_twice(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    if service.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lies in this process")
    phone, sent = Webhooks(), []
    type_all(service, phone, "メニュー", START, "個人")

    execute = psycopg.Cursor.execute

    def noted(cursor: psycopg.Cursor[Any], statement: Any, *more: Any, **options: Any) -> psycopg.Cursor[Any]:
        sent.append(statement)
        return execute(cursor, statement, *more, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    type_all(service, phone, "40")

    assert len(sent) == 2, sent


# --- many at once


def ticked(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"☑ (\d)", text))


def test_events_of_one_person_at_the_same_moment_are_all_answered_and_none_undoes_another(
    service: Service,
) -> None:
    phone = Webhooks(user(1))
    type_all(service, phone, "メニュー", START, "個人", "40", "1", "6月20日", "7月20日")
    talk = person_of(service, phone.user_id).current
    assert post(service, *taps(service, phone, [Action(Do.ANSWER, talk, "reason", "several", "1")])) == 200
    begun = count(service, outbox, kind="messages")
    version = person_of(service, phone.user_id).version
    ticks = [
        Action(Do.ANSWER, talk, "reason", "add", "damaged" if number % 3 else "at_risk")
        for number in range(THREADS * EACH)
    ]
    events = taps(service, phone, ticks)

    statuses = at_once(service, [events[first::THREADS] for first in range(THREADS)])

    after = person_of(service, phone.user_id)
    assert set(statuses) == {200}
    assert count(service, inbox, state="failed") == 0
    assert after.version == version + THREADS * EACH
    answers = said(service)[-THREADS * EACH :]
    assert count(service, outbox, kind="messages") == begun + THREADS * EACH
    # One tick apart from the one before: each turn saw all earlier ones, and the answers stand in their order.
    assert all(len(ticked(one) ^ ticked(two)) == 1 for one, two in pairwise(["", *answers]))
    odd = {key for key in ("damaged", "at_risk") if sum(tick.value == key for tick in ticks) % 2}
    assert set(after.conversations[0].answers["reason"]["picked"]) == odd


@pytest.mark.parametrize("do", [Do.CASES, Do.NOTIFY])
def test_turns_that_touch_more_than_the_talk_never_wait_for_each_other_in_a_circle(
    service: Service, clock: StandingClock, do: Do
) -> None:
    phone = Webhooks()
    apply(service, phone)
    if do is Do.NOTIFY:
        clock.set(datetime(2027, 12, 1, 10, tzinfo=TOKYO))
    begun = count(service, outbox, kind="messages")
    events = taps(service, phone, [Action(do, key="fence_loan")] * THREADS * 10)

    statuses = at_once(service, [events[first::THREADS] for first in range(THREADS)])

    assert set(statuses) == {200}
    assert count(service, inbox, state="failed") == 0
    assert count(service, outbox, kind="messages") == begun + len(events)


def test_two_people_at_once_never_mix(service: Service) -> None:
    phones = [Webhooks(user(number)) for number in range(1, 5)]
    for phone in phones:
        type_all(service, phone, "メニュー", START, "個人")

    batches = [
        [phone.text(f"{number}0{turn}") for turn in range(1, 3)] for number, phone in enumerate(phones, 1)
    ]
    at_once(service, batches)

    for number, phone in enumerate(phones, 1):
        person = person_of(service, phone.user_id)
        perimeter = person.conversations[0].answers["perimeter"]
        assert perimeter == number * 100 + 1
        mine = rows(service, "SELECT recipient FROM outbox WHERE thread = :person", person=person.id)
        assert {row.recipient for row in mine} == {phone.user_id}


def test_many_who_meet_the_desk_at_the_same_moment_are_each_known_once(service: Service) -> None:
    phone = Webhooks(user(7))
    events = [phone.text("こんにちは") for _ in range(THREADS)]

    statuses = at_once(service, [[event] for event in events])

    assert statuses == [200] * THREADS
    assert len(rows(service, "SELECT id FROM people")) == 1
    assert person_of(service, phone.user_id).version == THREADS
    assert count(service, outbox, kind="profile") == 1


# --- filing


def test_a_receipt_carries_the_reference_that_the_case_was_given(service: Service) -> None:
    phone = Webhooks()

    reference = apply(service, phone)

    receipt = rows(service, "SELECT body, legal FROM outbox ORDER BY id DESC LIMIT 1")[0]
    assert reference == "R9-0001"
    assert reference in shown(json.loads(receipt.body)["messages"][-1])
    assert receipt.legal


def test_only_the_receipt_has_legal_effect(service: Service) -> None:
    apply(service, Webhooks())

    assert count(service, outbox, legal=True) == 1


def test_filing_leaves_one_case_one_submission_and_one_sealed_record(service: Service) -> None:
    phone = Webhooks()

    reference = apply(service, phone)

    person = person_of(service, phone.user_id)
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        filed = submissions.of_case(conn, case.id)
    assert [(each.step, each.form, each.edition, each.number) for each in filed] == [
        ("application", "fence_loan", "R6", 1)
    ]
    assert filed[0].answers["perimeter"] == 40
    assert (filed[0].filed_by, filed[0].role, filed[0].locale) == (person.id, "resident", "ja")
    assert filed[0].vault_id
    assert count(service, vault_table) == 1
    assert person.conversations == ()
    with database.write(service.engine) as conn:
        opened = service.vault.open(
            conn, filed[0].vault_id, by="見本の職員", role="staff", why="test", now=service.clock.now()
        )
    assert opened["name"] == "見本 太郎"
    assert opened["phone"]


def test_the_series_has_neither_gaps_nor_doubles_when_eight_file_at_once(service: Service) -> None:
    phones = [Webhooks(user(number)) for number in range(1, THREADS + 1)]
    for phone in phones:
        to_the_review(service, phone)

    at_once(service, [[phone.text("申請する")] for phone in phones])

    given = sorted(reference for phone in phones for reference in references(service, phone.user_id))
    assert given == [f"R9-{number:04}" for number in range(1, THREADS + 1)]
    receipts = [text for text in said(service) if "受付番号" in text]
    assert sorted(re.findall(r"R9-\d{4}", " ".join(receipts))) == given


def test_a_filing_that_fails_gives_its_number_back(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Webhooks()
    to_the_review(service, phone)
    wake = service.desk.draws["line"]
    broken = replace(service.desk, draws={"line": _explode})
    door_of(service).desk = broken

    post(service, phone.text("申請する"))

    assert count(service, cases_table) == 0
    door_of(service).desk = replace(broken, draws={"line": wake})
    post(service, phone.text("申請する"))
    assert references(service, phone.user_id) == ["R9-0001"]


def _explode(
    replies: Sequence[Reply], words: Words, account: str, page_link: Callable[[str], str]
) -> Sequence[str]:
    raise RuntimeError("drawn badly on purpose")


# --- what is personal


def test_personal_answers_lie_nowhere_but_in_the_vault(service: Service) -> None:
    phone = Webhooks()
    with capture_logs() as lines:
        to_the_page(service, phone)
        fill_page(service, phone.user_id)
        type_all(service, phone, "メニュー", "1", "申請する", "申請状況", "1", "1")

    assert references(service, phone.user_id)
    for place, value in _everything(service):
        found = [secret for secret in SECRETS if secret in value]
        assert not found, f"{place} holds {found}"
    assert not [secret for secret in SECRETS if secret in repr(lines)]


def test_personal_answers_typed_where_a_deployment_allows_it_lie_in_the_vault_alone(
    database_url: str, tmp_path: Path, clock: StandingClock
) -> None:
    service, phone = make(database_url, tmp_path, clock, pii_in_chat="allow"), Webhooks()
    to_the_page(service, phone)

    with capture_logs() as lines:
        type_all(service, phone, "架空 花子", "戻る", "架空 花子", "カクウ ハナコ", "戻る")

    assert person_of(service, phone.user_id).conversations[0].vault_id
    for place, value in _everything(service):
        assert "花子" not in value, place
        assert "ハナコ" not in value, place
    assert "花子" not in repr(lines)
    service.stop()


def test_a_half_filled_page_is_sealed_as_well(service: Service) -> None:
    phone = Webhooks()
    to_the_page(service, phone)
    fill_page(service, phone.user_id)

    person = person_of(service, phone.user_id)

    assert person.conversations[0].vault_id
    assert person.conversations[0].answers["name"]["sealed"] is True
    assert not [value for _, value in _everything(service) if "太郎" in value]


def _everything(service: Service) -> Iterable[tuple[str, str]]:
    """Yield every value of every column that a person could read, and every blob as far as it reads as text."""
    with database.read(service.engine) as conn:
        for table in metadata.sorted_tables:
            for row in conn.execute(table.select()).mappings():
                for column in table.columns:
                    value = row[column.name]
                    if isinstance(value, bytes):
                        yield f"{table.name}.{column.name}", value.decode("utf-8", "ignore")
                    elif value is not None:
                        yield (
                            f"{table.name}.{column.name}",
                            json.dumps(value, ensure_ascii=False)
                            if not isinstance(value, str)
                            else _unescaped(value),
                        )


def _unescaped(value: str) -> str:
    """Return *value* and what it says as JSON: an answer must not hide behind its escapes."""
    try:
        return value + json.dumps(json.loads(value), ensure_ascii=False)
    except ValueError:
        return value


def test_opening_a_sealed_answer_for_its_owner_is_logged(service: Service) -> None:
    phone = Webhooks()
    to_the_review(service, phone)
    person = person_of(service, phone.user_id)

    fill_page(service, phone.user_id, {**APPLICANT, "name": {"": "見本 次郎"}}, once="2")

    with database.read(service.engine) as conn:
        logged = accesslog.entries(conn)
    assert [(each.by, each.role, each.why) for each in logged] == [(person.id, "resident", "private page")]


# --- the page


def test_a_page_sent_twice_is_taken_once(service: Service) -> None:
    phone = Webhooks()
    to_the_page(service, phone)
    begun = len(said(service))

    together(THREADS, lambda: fill_page(service, phone.user_id))

    assert len(said(service)) == begun + 1
    assert count(service, vault_table) == 1


def test_pages_sent_at_the_same_moment_are_all_taken_one_after_the_other(service: Service) -> None:
    phone = Webhooks()
    to_the_review(service, phone)
    before, begun, numbers = person_of(service, phone.user_id), len(said(service)), itertools.count()

    def send() -> None:
        for _ in range(5):
            number = next(numbers)
            fields = {**APPLICANT, "name": {"": f"見本 {number}郎"}}
            assert fill_page(service, phone.user_id, fields, once=f"at once {number}") is None

    together(THREADS, send)

    assert person_of(service, phone.user_id).version == before.version + THREADS * 5
    assert len(said(service)) == begun + THREADS * 5
    assert count(service, vault_table) == 1


def test_a_page_with_something_wrong_stores_nothing_and_can_be_sent_again(service: Service) -> None:
    phone = Webhooks()
    to_the_page(service, phone)
    begun = len(said(service))

    refusal = fill_page(service, phone.user_id, {**APPLICANT, "phone": {"": "ありません"}})

    assert refusal
    assert set(refusal.fields) == {"phone"}
    assert count(service, vault_table) == 0
    assert len(said(service)) == begun
    assert fill_page(service, phone.user_id) is None
    assert len(said(service)) == begun + 1


# --- afterwards


def test_a_correction_is_filed_beside_the_application_and_leaves_it_as_it_was(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    first = _filed(service, reference)[0]

    _correct_perimeter(service, phone, "60")
    type_all(service, phone, "申請する")

    before, after = _filed(service, reference)
    assert before == first
    assert (after.step, after.number, after.answers["perimeter"]) == ("correction", 2, 60)
    assert after.vault_id == before.vault_id, "nothing personal was changed, so nothing was sealed anew"
    assert references(service, phone.user_id) == [reference]


def test_a_corrected_name_gets_a_record_of_its_own(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    _open_correction(service, phone)

    assert fill_page(service, phone.user_id, {**APPLICANT, "name": {"": "見本 次郎"}}, once="2") is None
    type_all(service, phone, "申請する")

    before, after = _filed(service, reference)
    assert after.vault_id != before.vault_id
    assert _names(service, before.vault_id, after.vault_id) == ["見本 太郎", "見本 次郎"]


def test_a_correction_thrown_away_leaves_what_was_filed(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    _open_correction(service, phone)
    fill_page(service, phone.user_id, {**APPLICANT, "name": {"": "見本 次郎"}}, once="2")

    type_all(service, phone, "中止", "中止する")

    filed = _filed(service, reference)
    assert len(filed) == 1
    assert _names(service, filed[0].vault_id) == ["見本 太郎"]
    assert count(service, vault_table) == 1


def test_a_correction_can_be_made_until_staff_have_taken_the_case_up(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    _take_up(service, reference)

    type_all(service, phone, "申請状況", "1")

    assert "内容を訂正する" not in said(service)[-1]


def test_a_correction_that_comes_after_the_taking_up_is_refused_with_a_reason(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    _correct_perimeter(service, phone, "60")
    _take_up(service, reference)

    type_all(service, phone, "申請する")

    assert [each.step for each in _filed(service, reference)] == ["application", "taken_up"]
    assert any("担当者が確認を始めたので" in text for text in said(service)[-3:])


def test_a_correction_that_comes_first_stands_before_the_taking_up(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    _correct_perimeter(service, phone, "60")

    type_all(service, phone, "申請する")
    _take_up(service, reference)

    assert [each.step for each in _filed(service, reference)] == ["application", "correction", "taken_up"]


@pytest.mark.parametrize("trial", range(5))
def test_a_correction_and_the_taking_up_at_the_same_moment_end_in_one_order(
    service: Service, trial: int
) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    _correct_perimeter(service, phone, "60")
    event = phone.text("申請する")
    both: Iterator[Callable[[], object]] = iter(
        [lambda: post(service, event), lambda: _take_up(service, reference)]
    )

    def one_of_them() -> object:
        return next(both)()

    together(2, one_of_them)

    steps = [each.step for each in _filed(service, reference)]
    assert steps in (["application", "correction", "taken_up"], ["application", "taken_up"])
    assert [each.number for each in _filed(service, reference)] == list(range(1, len(steps) + 1))
    assert count(service, inbox, state="failed") == 0


def test_withdrawing_asks_first_and_is_filed_once(service: Service) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    type_all(service, phone, "申請状況", "1", "2")
    assert [each.step for each in _filed(service, reference)] == ["application"]

    type_all(service, phone, "はい")

    assert [each.step for each in _filed(service, reference)] == ["application", "withdrawal"]
    assert count(service, outbox, legal=True) == 2
    type_all(service, phone, "申請状況", "1")
    assert "取り下げられています" in said(service)[-1]


def test_nobody_can_touch_another_persons_case(service: Service) -> None:
    reference = apply(service, Webhooks(user(1)))
    stranger = Webhooks(user(2))

    for do in (Do.CASE, Do.CORRECT, Do.WITHDRAW, Do.WITHDRAW_SURELY):
        post(service, *taps(service, stranger, [Action(do, key=reference)]))

    assert [each.step for each in _filed(service, reference)] == ["application"]
    assert not any(reference in text for text in _said_to(service, stranger))


def test_a_button_of_one_person_does_nothing_in_anothers_hand(service: Service) -> None:
    owner, other = Webhooks(user(1)), Webhooks(user(2))
    type_all(service, owner, "メニュー", START)
    talk = person_of(service, owner.user_id).current
    data = door_of(service).codec.seal(owner.user_id, Action(Do.ANSWER, talk, "applicant_type", "", "person"))

    assert post(service, other.postback(data)) == 200

    assert person_of(service, owner.user_id).conversations[0].answers == {}


# --- a new process


def test_a_new_process_goes_on_in_mid_form(
    database_url: str, tmp_path: Path, clock: StandingClock, service: Service
) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー", START, *TYPED[:4])
    service.stop()

    again = make(database_url, tmp_path, clock)
    type_all(again, phone, *TYPED[4:])
    assert fill_page(again, phone.user_id) is None
    type_all(again, phone, "申請する")

    assert references(again, phone.user_id) == ["R9-0001"]
    again.stop()


def _filed(service: Service, reference: str) -> list[submissions.SubmissionRow]:
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        return list(submissions.of_case(conn, case.id)) if case else []


def _open_correction(service: Service, phone: Webhooks) -> None:
    type_all(service, phone, "申請状況", "1", "1")


def _correct_perimeter(service: Service, phone: Webhooks, metres: str) -> None:
    _open_correction(service, phone)
    talk = person_of(service, phone.user_id).current
    assert post(service, *taps(service, phone, [Action(Do.REOPEN, talk, "perimeter")])) == 200
    type_all(service, phone, metres)


def _take_up(service: Service, reference: str) -> None:
    """File the step of the staff the way their console must: under the lock of the case."""
    with database.write(service.engine) as conn:
        found = cases.by_reference(conn, reference)
        assert found
        cases.of_person(conn, found.person_id, lock=True)
        submissions.file(
            conn,
            case_id=found.id,
            step="taken_up",
            form="",
            edition="",
            answers={},
            vault_id=None,
            filed_by="見本の職員",
            role="staff",
            channel="console",
            locale="ja",
            event_id="console/1",
            now=service.clock.now(),
        )


def _names(service: Service, *records: str | None) -> list[str]:
    with database.write(service.engine) as conn:
        return [
            service.vault.open(conn, str(each), by="見本の職員", role="staff", why="test", now=0)["name"]
            for each in records
        ]


def _said_to(service: Service, phone: Webhooks) -> list[str]:
    found = rows(
        service, "SELECT body FROM outbox WHERE recipient = :who AND kind = 'messages'", who=phone.user_id
    )
    return [shown(message) for row in found for message in json.loads(row.body)["messages"]]
