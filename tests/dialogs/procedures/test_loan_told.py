"""What a borrower hears of what others file, and what stands in their own receipts (003-03, 13…20, 33…38)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from dialogs.events import Do
from dialogs.fields import Value
from dialogs.procedures.fence_loan.steps import LIFE
from dialogs.procedures.fence_loan.telling import told
from dialogs.replies import Receipt, Reply, Said
from dialogs.standing import CaseView
from dialogs.steps import by_key
from tests.dialogs import worlds
from tests.dialogs.procedures.loans import (
    DELIVERED,
    FIRST,
    LAST,
    PARTS,
    PLACE,
    case,
    filed,
    lent,
    returned,
    shown,
    slot,
    texts,
    world,
)
from tests.support.talks import WORDS

STEPS = by_key(LIFE)
SHORT = {**PARTS, "clip": PARTS["clip"] - 3}


def heard(step: str, about: CaseView, **said: Value) -> tuple[Reply, ...]:
    return told(step, said, about, world(LAST))


def receipt(step: str, about: CaseView, **said: Value) -> str:
    """Return what stands in a borrower's own receipt of *step*."""
    return texts(STEPS[step].receipt(said, about, world()))


def leads_to(replies: tuple[Reply, ...]) -> list[str]:
    """Return the steps that the buttons of *replies* begin."""
    offers = [each for reply in replies if isinstance(reply, Receipt | Said) for each in reply.offers]
    return [each.action.part for each in offers if each.action.do is Do.FILE]


def test_the_decision_leads_to_the_pickup() -> None:
    numbers = {"document": "札幌対第12号", "number": "9-12"}

    assert leads_to(heard("decision", case(), **numbers)) == ["pickup_booked"]
    assert leads_to(heard("decision", case(), **numbers, exceptions=["transport"])) == []
    assert leads_to(heard("refused", case(), reason="-")) == []
    assert heard("checked", case()) == ()


def test_a_booking_says_when_where_and_what_to_show() -> None:
    own = receipt("pickup_booked", case(), **slot(FIRST))

    assert "日時：令和9年6月15日(火) 10:00" in own
    assert "場所：南区 受渡場所（見本）（札幌市南区（見本））" in own
    assert "通知番号（9-12）を見せてください" in own
    assert "前の日まで" in own
    assert own in shown(heard("pickup_booked", case(), **slot(FIRST)))


def test_what_is_delivered_is_awaited_at_the_site() -> None:
    own = receipt("pickup_booked", case(), **slot(FIRST, place=DELIVERED))

    assert "設置場所へお届けします" in own
    assert "届いたときに" in own
    assert "受け取りにうかがいます" in receipt("return_booked", lent(), **slot(LAST, place=DELIVERED))


def test_a_place_that_the_office_has_given_up_is_not_named() -> None:
    assert "場所：" not in receipt("pickup_booked", case(), **slot(FIRST, place={**PLACE, "place": "gone"}))


def test_where_the_notice_was_omitted_somebody_shows_who_they_are() -> None:
    assert "本人を確認できるもの" in receipt("pickup_booked", case(exceptions=["notice"]), **slot(FIRST))


def test_a_loan_that_was_given_up_is_over() -> None:
    assert "新しく申請" in receipt("cancelled", case(), why="own")
    assert "貸出を取りやめました" in shown(heard("cancelled", case(), why="own"))


def test_at_the_hand_over_the_borrower_gets_the_list_of_parts_and_the_way_to_help() -> None:
    replies = heard("handed_over", case(), sets=1, parts=PARTS)

    assert "長いポール（黒）8本" in shown(replies)
    assert "6000V以上" in shown(replies)
    assert leads_to(replies) == ["trouble"]
    assert "クリップ" in shown(heard("handed_over", case()))


def test_a_check_that_finds_nothing_is_told_with_the_voltage() -> None:
    assert "良好です。電圧は7,200Vでした。" in shown(
        heard("checked_on_site", lent(), result="good", voltage=7200)
    )


def test_what_the_borrower_is_to_put_right_is_told_with_a_receipt() -> None:
    said = {
        "result": "upkeep",
        "instructions": ["weeds", "battery", "other"],
        "instruction_more": "門の横です",
    }

    replies = heard("checked_on_site", lent(), **said)

    assert "・ワイヤーにふれている草を刈ってください。" in shown(replies)
    assert "・電池を交換" in shown(replies)
    assert "・門の横です" in shown(replies)
    assert "・その他" not in shown(replies)
    assert leads_to(replies) == ["understood", "trouble"]
    assert "[わかりました]" in shown(replies)
    assert shown(heard("checked_on_site", lent(), result="upkeep"))


def test_a_fault_is_told_and_then_the_swap() -> None:
    assert "故障が見つかりました" in shown(heard("checked_on_site", lent(), result="fault"))
    assert "7,000V" in shown(heard("swapped", lent(), voltage_after=7000))


def test_the_receipt_of_a_trouble_says_what_to_do_first() -> None:
    assert "スイッチを切ってください" in receipt("trouble", lent(), trouble="cut")
    assert "このトークか電話で連絡します" in receipt("trouble", lent(), trouble="cut")
    assert "119番" in receipt("trouble", lent(), trouble="shock")
    assert "110番" in receipt("trouble", lent(), trouble="animal")
    assert "このトークか電話で" not in receipt("trouble", lent(), trouble="animal")


def test_damage_by_ones_own_fault_is_mended_at_ones_own_cost() -> None:
    assert "10条3項" in receipt("trouble", lent(), trouble="broke")
    assert "10条3項" in shown(heard("trouble_answered", lent(), answer="own_fault", answer_text="-"))
    assert "10条3項" in shown(heard("taken_back", lent(), parts_in=PARTS, own_fault="yes"))
    assert "10条3項" not in shown(heard("taken_back", lent(), parts_in=PARTS))


def test_an_answer_is_told_in_the_words_of_whoever_gave_it() -> None:
    assert "電池の向きを確かめてください" in shown(
        heard("trouble_answered", lent(), answer="advised", answer_text="電池の向きを確かめてください")
    )
    assert "交換します" in shown(heard("trouble_answered", lent(), answer="swap", answer_text="-"))


def test_the_city_asks_how_the_fence_is_doing() -> None:
    assert leads_to(heard("status_asked", lent())) == ["status_told"]
    assert receipt("status_told", lent(), running="on") == "ありがとうございました。"


ASKED = filed("extension_asked", by="", until="2027-09-30")


def test_an_extension_that_was_asked_for_changes_nothing_yet() -> None:
    own = receipt("extension_asked", lent(), until="2027-09-30")

    assert "希望する終わりの日：令和9年9月30日(木)" in own
    assert "令和9年8月31日(火)）のまま" in own
    assert own in shown(heard("extension_asked", lent(), until="2027-09-30"))


def test_an_extension_names_the_new_end() -> None:
    assert "新しい終わりの日：令和9年9月30日(木)" in shown(heard("extended", lent(ASKED)))
    shorter = heard("extended", lent(ASKED), extended_until="2027-09-10")
    assert "令和9年9月10日(金)" in shown(shorter)
    assert leads_to(shorter) == ["return_booked"]
    booked = lent(filed("return_booked", **slot(LAST)), ASKED)
    assert "取り消しました" in shown(heard("extended", booked))
    assert "取り消しました" not in shown(heard("extended", lent(ASKED)))


def test_a_refused_extension_says_why_and_until_when() -> None:
    replies = heard("extension_refused", lent(ASKED), refused_why="セットが足りません")

    assert "理由：セットが足りません" in shown(replies)
    assert "令和9年8月31日(火) までに返してください" in shown(replies)


def test_a_return_says_how_the_set_comes_back() -> None:
    own = receipt("return_booked", lent(), **slot(LAST))

    assert "泥などを落として" in own
    assert own in shown(heard("return_booked", lent(), **slot(LAST)))


def test_missing_parts_are_named_and_asked_for() -> None:
    replies = heard("taken_back", lent(), parts_in=SHORT)

    assert "足りない部品がありました：クリップ3個" in shown(replies)
    assert leads_to(replies) == ["missing_answered", "questionnaire"]
    assert leads_to(heard("taken_back", lent(), parts_in=PARTS)) == ["questionnaire"]


def test_the_answer_about_missing_parts_is_acknowledged() -> None:
    about = returned(parts_in=SHORT)

    assert "足りない部品：クリップ3個" in receipt("missing_answered", about, found="lost")
    assert "令和9年9月10日(金) ごろまでに" in receipt(
        "missing_answered", about, found="bring", bring_by="2027-09-10"
    )


def test_the_end_is_told() -> None:
    assert "手続きは終わりです" in shown(heard("settled", returned(), restored="none"))
    assert "お問い合わせ" in shown(heard("settled", returned(), restored="city"))


@pytest.mark.parametrize(
    "step", ["understood", "trouble", "questionnaire", "missing_answered", "status_told"]
)
def test_what_is_written_down_for_a_borrower_who_rang_needs_no_further_word(step: str) -> None:
    assert heard(step, returned()) == ()


@pytest.mark.parametrize("locale", WORDS)
def test_all_of_it_is_told_in_every_language(locale: str) -> None:
    words = WORDS[locale]
    said: Mapping[str, Value] = {**slot(FIRST), "parts_in": SHORT, "until": "2027-09-30"}

    for step in LIFE:
        assert shown(told(step.key, said, lent(ASKED), world(date(2027, 7, 1))), words) is not None
        assert words.text(step.state)


def test_the_office_is_named_by_its_own_telephone() -> None:
    elsewhere = replace(worlds.OFFICE, telephone="011-000-0000")

    assert "011-000-0000" in shown(told("cancelled", {}, case(), world(office=elsewhere)))
