"""What the office files: numbers, what the applicant is told, whose cards change, and cases that follow from others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import boards
from bot.desk import Arrival
from bot.service import Service
from bot.staffroom import StaffRoom
from dialogs.conversation import Conversation
from dialogs.effects import Effect, File, Open, Sign
from dialogs.events import Joined
from dialogs.procedure import Role
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.procedures.incident import INCIDENT
from dialogs.standing import Grant, Register, Standing, Turn
from storage import cases, staff, submissions, turns
from storage import engine as database
from storage.staff import CHANNEL, Member
from storage.submissions import SubmissionRow
from storage.tables import identities
from storage.teams import references
from storage.teams.references import Reference
from tests.support.applying import SECRETS, apply, person_of, type_all
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.service import BEGIN, StandingClock, Webhooks, make, rows, said, user

TODAY = BEGIN.date()
TENANT, OBJECT = "7e5a0c1f-1111-4a6e-8f0f-2f3f4f9b8a11", "00000000-0000-4000-8000-000000000001"
CHAT = Reference("a:sample", "personal", TENANT, OBJECT, "https://smba.example/jp/", "28:bot", "29:sample")
TEAM = replace(CHAT, conversation_id="19:sample@thread.tacv2", scope="channel", object_id="", user_id="")
REGISTER = Register((FENCE_LOAN, INCIDENT))
REPORT = {
    "site": "clean_center",
    "what": "PC3",
    "symptom": "ファン異音",
    "since": "2027-06-07",
    "urgency": "minor",
    "origin": "inspection",
}


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    made = make(database_url, tmp_path, StandingClock(), register=REGISTER)
    yield made
    made.engine.dispose()


@pytest.fixture
def members(service: Service) -> Members:
    return Members(service).office()


def filed(service: Service, reference: str) -> list[SubmissionRow]:
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        return list(submissions.of_case(conn, case.id)) if case else []


def newest(service: Service) -> int:
    return int(rows(service, "SELECT coalesce(max(id), 0) AS id FROM outbox")[0].id)


def spoken(service: Service, *found: Reference) -> None:
    """Let the desk know the conversations *found*; channels among them asked for all there is."""
    with database.write(service.engine) as conn:
        for each in found:
            references.keep(conn, each, service.clock.now())
            every = [procedure.key for procedure in service.register.procedures]
            references.subscribe(conn, each, every, service.clock.now())


# --- a decision


def test_a_decision_has_a_number_of_its_letter_and_one_of_what_it_grants(
    service: Service, members: Members
) -> None:
    reference = apply(service, Webhooks())

    members.approve(reference)

    *_, decision = filed(service, reference)
    assert decision.step == "decision"
    assert decision.answers["document"] == "札幌対第1号"
    assert decision.answers["number"] == "9-0001"
    assert (decision.filed_by, decision.role, decision.channel) == (MANAGER, "manager", CHANNEL)
    assert decision.answers["outcome"] == "approve"
    assert decision.answers["seen"] == 1


def test_the_applicant_is_told_the_numbers_and_the_telling_may_not_be_left_at_maybe(
    service: Service, members: Members
) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    before = newest(service)

    members.approve(reference)

    [row] = rows(
        service,
        "SELECT thread, recipient, legal, cause, body FROM outbox WHERE id > :id AND channel = 'line'",
        id=before,
    )
    assert (row.recipient, row.thread) == (phone.user_id, person_of(service, phone.user_id).id)
    assert row.legal
    assert row.cause.endswith("/talk")
    assert "札幌対第1号" in row.body
    assert "9-0001" in row.body
    assert filed(service, reference)[-1].event_id == row.cause.removesuffix("/told/talk")


def test_a_refusal_has_the_number_of_its_letter_alone(service: Service, members: Members) -> None:
    first, second = apply(service, Webhooks()), apply(service, Webhooks(user(77)))
    for each in (first, second):
        members.press(CLERK, each, "checked")
        members.press(CHIEF, each, "chief_signed")

    members.press(MANAGER, first, "decision", "refuse", reason="見本の理由")
    members.press(MANAGER, second, "decision")

    refused, granted = filed(service, first)[-1], filed(service, second)[-1]
    assert refused.step == "refused"
    assert refused.answers["document"] == "札幌対第1号"
    assert "number" not in refused.answers
    assert (granted.answers["document"], granted.answers["number"]) == ("札幌対第2号", "9-0001")


def test_what_is_no_decision_takes_no_number_and_tells_nobody(service: Service, members: Members) -> None:
    reference = apply(service, Webhooks())
    before = newest(service)

    members.press(CLERK, reference, "checked")
    members.press(CHIEF, reference, "chief_signed")

    assert rows(service, "SELECT key FROM series WHERE key LIKE 'decision%' OR key LIKE 'notice%'") == []
    assert newest(service) == before


def test_a_decision_that_cannot_be_stored_gives_its_numbers_back(
    service: Service, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = apply(service, Webhooks())
    members.press(CLERK, reference, "checked")
    members.press(CHIEF, reference, "chief_signed")

    def fail(*_: object) -> int:
        raise RuntimeError("見本の故障")

    with monkeypatch.context() as patch:
        patch.setattr(boards, "changed", fail)
        with pytest.raises(RuntimeError):
            members.press(MANAGER, reference, "decision")
    assert len(filed(service, reference)) == 3

    members.press(MANAGER, reference, "decision")

    assert filed(service, reference)[-1].answers["document"] == "札幌対第1号"


def test_a_deputy_signs_for_the_role_and_is_recorded_as_one(service: Service, members: Members) -> None:
    reference = apply(service, Webhooks())
    members.join("見本 代理", Grant("fence_loan", Role.STAFF, deputy=True))

    members.press("見本 代理", reference, "checked")

    signed = filed(service, reference)[-1]
    assert (signed.filed_by, signed.role) == ("見本 代理", "staff")
    assert signed.answers["deputy_for"] == "staff"
    assert len(signed.answers["member"]) == 32


def test_a_decision_on_a_case_whose_applicant_cannot_be_written_to_is_stored_all_the_same(
    service: Service, members: Members
) -> None:
    reference = apply(service, Webhooks())
    with database.write(service.engine) as conn:
        conn.execute(update(identities).where(identities.c.channel == "line").values(channel="sample"))

    members.approve(reference)

    assert filed(service, reference)[-1].step == "decision"


def test_a_decision_for_somebody_who_blocks_us_waits_for_the_telephone(
    service: Service, members: Members
) -> None:
    phone = Webhooks()
    reference = apply(service, phone)
    with database.write(service.engine) as conn:
        conn.execute(update(identities).where(identities.c.channel == "line").values(blocked_at=1))

    members.approve(reference)

    [row] = rows(
        service, "SELECT state, error FROM outbox WHERE legal AND cause LIKE 't%/talk' AND channel = 'line'"
    )
    assert (row.state, row.error) == ("undeliverable", "blocked")


def test_after_signing_the_answers_of_the_case_are_still_those_of_the_applicant(
    service: Service, members: Members
) -> None:
    phone = Webhooks()
    reference = apply(service, phone)

    members.approve(reference)
    type_all(service, phone, "申請状況", "1")

    assert "貸出が決まりました" in said(service)[-1]
    with database.read(service.engine) as conn:
        assert submissions.origin(conn, reference)[1] == filed(service, reference)[0].vault_id


# --- cards


def test_every_filing_tells_the_conversations_that_it_concerns(service: Service, members: Members) -> None:
    stranger = replace(CHAT, conversation_id="a:stranger", object_id="f" * 8 + OBJECT[8:])
    spoken(service, CHAT, TEAM, stranger)

    reference = apply(service, Webhooks())

    queued = rows(service, "SELECT * FROM outbox WHERE kind = 'sheet' ORDER BY id")
    assert sorted(each.recipient for each in queued) == sorted([CHAT.id, TEAM.id])
    event = filed(service, reference)[0].event_id
    case = rows(service, "SELECT id FROM cases")[0].id
    for each in queued:
        assert each.thread == each.recipient
        assert (each.channel, each.lane, each.legal) == (CHANNEL, "chat", False)
        assert each.cause == f"{event}/sheet/{each.recipient}"
        assert json.loads(each.body) == {"case": case}
    before = newest(service)
    members.press(CLERK, reference, "checked")
    assert len(rows(service, "SELECT 1 FROM outbox WHERE kind = 'sheet' AND id > :id", id=before)) == 2


def test_a_withdrawal_changes_the_cards_too(service: Service) -> None:
    spoken(service, TEAM)
    phone = Webhooks()
    apply(service, phone)

    type_all(service, phone, "申請状況", "1", "2", "はい")

    assert len(rows(service, "SELECT 1 FROM outbox WHERE kind = 'sheet'")) == 2


def test_without_teams_nothing_is_queued_for_it(service: Service, members: Members) -> None:
    members.approve(apply(service, Webhooks()))

    assert rows(service, "SELECT 1 FROM outbox WHERE channel = :channel", channel=CHANNEL) == []


def test_nothing_that_waits_for_teams_says_anything_of_a_resident(service: Service, members: Members) -> None:
    spoken(service, CHAT, TEAM)

    members.approve(apply(service, Webhooks()))

    bodies = [each.body for each in rows(service, "SELECT body FROM outbox WHERE kind = 'sheet'")]
    assert len(bodies) == 8
    assert not [body for body in bodies for secret in (*SECRETS, "藤野", "南区", "40m") if secret in body]


@pytest.mark.parametrize("event", ["t" + "f" * 32, "console/" + "f" * 32, "x" * 64])
def test_a_cause_fits_its_column_whatever_the_event_is_called(event: str) -> None:
    made = boards.cause(event, CHAT.id)

    assert len(made) <= 80
    assert made.endswith(f"/sheet/{CHAT.id}")
    assert made != boards.cause(event + "2", CHAT.id)


# --- what members of the staff file


def carried_out(service: Service, *effects: Effect, role: Role = Role.CONTRACTOR) -> str:
    """Carry *effects* out for a member with *role* everywhere; return the reference that was given."""
    account, now = f"{TENANT}/{OBJECT}", service.clock.now()
    with database.write(service.engine) as conn:
        person = turns.load(conn, CHANNEL, account) or turns.create(conn, CHANNEL, account, "ja", now)
        standing = Standing("ja", grants=(Grant("*", role),), name="見本 業者", member="m" * 32)
        arrival = Arrival("t" + "1" * 32, CHANNEL, account, Joined())
        return service.desk.filer.carry_out(
            conn, person, Turn(standing, effects=effects), arrival, now, service.desk
        )[1]


def report(**changes: Any) -> File:
    talk = Conversation("c1", "incident", {**REPORT, **changes})
    return File("incident", "report", "R5", talk)


def test_what_a_member_files_stands_under_their_name_and_role(service: Service) -> None:
    reference = carried_out(service, report())

    assert reference == "SG9-0001"
    [row] = filed(service, reference)
    assert (row.filed_by, row.role, row.channel) == ("見本 業者", "contractor", CHANNEL)
    assert row.answers["what"] == "PC3"


def test_of_several_roles_the_one_that_may_file_the_step_is_noted(service: Service) -> None:
    assert filed(service, carried_out(service, report(), role=Role.STAFF))[0].role == "staff"


def test_a_finding_opens_a_case_in_the_same_transaction_that_names_where_it_comes_from(
    service: Service,
) -> None:
    opened = {key: value for key, value in REPORT.items() if key != "inspection"}

    reference = carried_out(
        service, report(), Open("incident", opened, "inspection"), Open("incident", opened, "inspection")
    )

    assert reference == "SG9-0001"
    first, second, third = (filed(service, f"SG9-000{number}") for number in (1, 2, 3))
    assert [len(each) for each in (first, second, third)] == [1, 1, 1]
    assert second[0].answers["inspection"] == third[0].answers["inspection"] == reference
    assert len({each[0].event_id for each in (first, second, third)}) == 3
    assert second[0].event_id == f"{first[0].event_id}/2"
    assert (second[0].step, second[0].edition) == ("report", "R5")


def test_a_step_with_questions_on_the_card_is_filed_with_what_was_entered(service: Service) -> None:
    reference = carried_out(service, report())
    answers = {"outcome": "file", "seen": 1, "repaired_work": "ファンを交換"}

    carried_out(service, Sign("incident", reference, "repaired", "file", answers))

    signed = filed(service, reference)[-1]
    assert (signed.step, signed.role, signed.form) == ("repaired", "contractor", "")
    assert signed.answers["repaired_work"] == "ファンを交換"
    assert "document" not in signed.answers


@pytest.mark.parametrize(
    ("procedure", "reference"),
    [("incident", "SG9-0009"), ("fence_loan", "SG9-0001"), ("unknown", "SG9-0001")],
)
def test_what_is_not_there_cannot_be_signed(service: Service, procedure: str, reference: str) -> None:
    carried_out(service, report())

    with pytest.raises(LookupError):
        carried_out(service, Sign(procedure, reference, "repaired", "file"))


def test_somebody_removed_from_the_roster_signs_nothing_more(service: Service, members: Members) -> None:
    reference = apply(service, Webhooks())
    tenant, object_id = staff.parts(members._accounts[CLERK])  # noqa: SLF001 -- whose account it is
    with database.write(service.engine) as conn:
        staff.remove(conn, tenant, object_id, TODAY, service.clock.now())

    with pytest.raises(AssertionError, match="could not sign"):
        members.press(CLERK, reference, "checked")

    assert len(filed(service, reference)) == 1


def test_a_roster_row_and_a_room_agree_on_who_somebody_is(service: Service) -> None:
    new = Member("", TENANT, OBJECT, "見本 一郎", "city", (Grant("*", Role.STAFF),))
    room = StaffRoom(service.register, service.office, lambda *_: None, service.world)
    today = TODAY
    with database.write(service.engine) as conn:
        added = staff.add(conn, new, today, today, service.clock.now())

        assert room.member(conn, added.account, today) == added
        assert room.member(conn, f"{TENANT}/{TENANT}", today) is None
        assert room.member(conn, "no account at all", today) is None
