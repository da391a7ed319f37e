"""An application from LINE to the decision in Teams and back: the whole service, both platforms over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.procedure import Role
from dialogs.standing import Grant
from tests.support.applying import SECRETS, apply, type_all
from tests.support.office import Office, Person, office, shown
from tests.support.service import StandingClock, Webhooks, rows
from tests.support.service import shown as line_shown


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Office]:
    with office(database_url, tmp_path, clock) as made:
        yield made


def fence(role: Role, *, deputy: bool = False) -> Grant:
    return Grant("fence_loan", role, deputy=deputy)


@pytest.fixture
def signers(house: Office) -> tuple[Person, Person, Person]:
    return (
        house.member("見本 係員", fence(Role.STAFF)),
        house.member("見本 係長", fence(Role.CHIEF)),
        house.member("見本 課長", fence(Role.MANAGER)),
    )


def filed(house: Office) -> str:
    """Return the number of an application that a resident filed on LINE just now."""
    reference = apply(house.service, Webhooks())
    house.service.delivery.run_until_idle()
    return reference


def test_three_sign_on_one_card_and_the_resident_is_told(
    house: Office, signers: tuple[Person, Person, Person]
) -> None:
    reference = filed(house)

    for person, label in zip(signers, ("確認した", "承認する", "貸出を決定する"), strict=True):
        answer = person.press(label)
        assert reference in shown(answer["value"])

    for person in signers:  # one card each, changed in its place
        (card,) = person.cards
        text = shown(card)
        assert all(each.name in text for each in signers), text
        assert "承認する" not in text
    decision = _line(house)
    assert "札幌対第1号" in decision
    assert "通知番号" in decision


def test_the_second_of_two_presses_does_nothing_and_says_who_was_first(
    house: Office, signers: tuple[Person, Person, Person]
) -> None:
    clerk = signers[0]
    colleague = house.member("見本 同僚", fence(Role.STAFF))
    filed(house)
    before = clerk.card()

    colleague.press("確認した")
    told = clerk.press("確認した", before)

    assert len(rows(house.service, "SELECT id FROM submissions WHERE step = 'checked'")) == 1
    assert "見本 同僚" in shown(told) or "見本 同僚" in str(told["value"])


def test_only_the_questions_sent_back_are_asked_again_and_the_reviewer_sees_what_changed(
    house: Office, signers: tuple[Person, Person, Person]
) -> None:
    clerk = signers[0]
    phone = Webhooks()
    apply(house.service, phone)
    house.service.delivery.run_until_idle()

    clerk.press("差し戻し", fields="perimeter,sets", reason="長さをもう一度はかってください。")
    told = _line(house)
    type_all(house.service, phone, "直す", "60", "このまま", "申請する")
    house.service.delivery.run_until_idle()

    assert "長さをもう一度はかってください。" in told
    assert "60m" in shown(clerk.card("60m"))
    assert "40m" in shown(clerk.card("60m"))
    clerk.press("確認した")
    signed = rows(house.service, "SELECT answers FROM submissions WHERE step = 'checked'")
    assert '"seen":3' in signed[0].answers.replace(" ", "")


def _line(house: Office) -> str:
    """Return what the resident was told last."""
    wanted = "SELECT body FROM outbox WHERE channel = 'line' AND kind = 'messages' ORDER BY id DESC LIMIT 1"
    return "\n".join(line_shown(each) for each in json.loads(rows(house.service, wanted)[0].body)["messages"])


def test_somebody_who_is_not_on_the_roster_gets_a_refusal_and_nothing_else(
    house: Office, signers: tuple[Person, Person, Person]
) -> None:
    stranger = house.stranger()
    reference = filed(house)

    stranger.types(f"検索 {reference}")
    told = stranger.press("確認した", signers[0].card())

    assert not stranger.cards
    assert all("登録された職員" in each["text"] for each in stranger.messages)
    assert reference not in shown(told)
    assert rows(house.service, "SELECT id FROM submissions WHERE step = 'checked'") == []
    assert rows(house.service, "SELECT person_id FROM identities WHERE channel = 'teams' AND external_id = :who",
                who=stranger.says.account) == []  # fmt: skip


def test_what_waits_is_listed_and_a_case_is_found_in_a_chat_and_in_a_channel(
    house: Office, signers: tuple[Person, Person, Person]
) -> None:
    clerk = signers[0]
    reference = filed(house)

    clerk.types("一覧")
    listing = shown(clerk.cards[-1])
    clerk.types(f"検索 {reference}")
    found = shown(clerk.cards[-1])
    clerk.mentions("一覧")

    assert "あなたの番：1件" in listing
    assert reference in listing
    assert reference in found
    assert len(_in_channel(house)) == 1


def _in_channel(house: Office) -> list[str]:
    """Return where in the team's channel something stands."""
    return [each.conversation for each in house.connector.taken if each.conversation.startswith("19:sample")]


def test_a_channel_is_told_of_cases_only_once_a_member_has_asked_for_them_there(
    house: Office, signers: tuple[Person, Person, Person]
) -> None:
    signers[0].mentions("一覧")
    filed(house)
    before = len(_in_channel(house))
    signers[0].mentions("ここに届ける")
    signers[0].press("確認した")
    told = _in_channel(house)
    signers[0].mentions("ここに届けない")
    signers[1].press("承認する")

    assert before == 1
    assert told[-1] == "19:sample@thread.tacv2"
    assert len(_in_channel(house)) == len(told) + 1  # that it will be told no more


def test_nothing_personal_is_in_any_card_push_or_log(
    house: Office, signers: tuple[Person, Person, Person], caplog: pytest.LogCaptureFixture
) -> None:
    reference = filed(house)
    for person, label in zip(signers, ("確認した", "承認する", "貸出を決定する"), strict=True):
        person.types("一覧")
        person.types(f"検索 {reference}")
        person.press(label, person.card("確認した") if label == "確認した" else person.card(label))

    sent = "\n".join(str(each.activity) for each in house.connector.taken)
    queued = "\n".join(each.body for each in rows(house.service, "SELECT body FROM outbox"))
    for secret in SECRETS:
        assert secret not in sent.replace("見本 係", "").replace("見本 課", "") or secret == "見本"
        assert secret not in queued or secret == "見本"
        assert secret not in caplog.text or secret == "見本"
