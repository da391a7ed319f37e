"""What the applicant is told of the decision on an electric fence (003-11…14, 30, 33, 34, 37, 53)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dialogs.events import Do
from dialogs.fields import Answers
from dialogs.office import Days, Handover, Hours
from dialogs.procedures.fence_loan import FENCE_LOAN, SIGNOFF
from dialogs.procedures.fence_loan.deciding import CAUTIONS, EXCEPTIONS, exceptions
from dialogs.replies import Receipt
from dialogs.standing import CaseView
from dialogs.words import Words
from dialogs.world import World
from tests.dialogs import worlds
from tests.support.talks import WORDS

ANSWERS: Answers = {
    "damage": "trace",
    "emergency": "yes",
    "period": {"from": "2027-06-15", "to": "2027-08-31"},
    "site": {"sealed": True, "ward": "南区", "in_city": True},
}
CASE = CaseView("R9-0001", "fence_loan", "R6", worlds.TODAY, (), ANSWERS, 1)
NUMBERS = {"document": "札幌対第12号", "number": "9-12"}


def told(step: str, said: Answers, case: CaseView = CASE, world: World | None = None) -> Receipt:
    """Return the receipt that *step* leads to."""
    [receipt] = FENCE_LOAN.told(step, said, case, world or worlds.world())
    assert isinstance(receipt, Receipt)
    return receipt


def text(receipt: Receipt, words: Words = worlds.JAPANESE) -> str:
    return "\n".join(words.say(each) for each in (receipt.title, *receipt.notes))


def world(**changes: Any) -> World:
    return worlds.world(office=replace(worlds.OFFICE, **changes))


def test_the_decision_says_what_the_notice_on_paper_says() -> None:
    receipt = told("decision", NUMBERS)
    shown = text(receipt)

    assert (receipt.reference, receipt.day) == ("R9-0001", date(2027, 6, 7))
    assert receipt.code == "9-12"
    assert "電気柵の貸出が決まりました" in shown
    assert "札幌対第12号　通知番号：9-12" in shown
    assert "令和9年6月15日(火) から 令和9年8月31日(火) まで" in shown
    assert "この画面を見せるか、通知番号を伝えてください" in shown
    assert "南区 受渡場所（見本）（札幌市南区（見本））" in shown
    assert "9:00〜16:00（土曜・日曜・祝日も）" in shown
    assert len(CAUTIONS) == 5
    assert all(caution in shown for caution in CAUTIONS)
    assert "011-211-2879" in shown


def test_where_the_notice_is_omitted_nobody_is_asked_to_show_it() -> None:
    receipt = told("decision", {**NUMBERS, "exceptions": ["notice"]})
    shown = text(receipt)

    assert not receipt.code
    assert "通知書は省略します" in shown
    assert "お名前と通知番号を伝えてください" in shown
    assert "札幌対第12号" not in shown


def test_the_city_may_carry_and_install_in_an_emergency() -> None:
    shown = text(told("decision", {**NUMBERS, "exceptions": ["transport", "installation"]}))

    assert "電気柵は市が運びます。" in shown
    assert "電気柵の設置は市が行います。" in shown
    assert "受け取りと返却の場所：" not in shown


@pytest.mark.parametrize(
    ("changed", "case", "expected"),
    [
        ({"handover": Handover.DELIVERY}, CASE, "電気柵はお届けします。"),
        ({}, replace(CASE, answers={**ANSWERS, "site": None}), "場所は、担当者から連絡します。"),
        (
            {},
            replace(CASE, answers={**ANSWERS, "site": {"sealed": True, "ward": "西区"}}),
            "担当者から連絡します。",
        ),
        ({"points": ()}, CASE, "受け取りと返却の場所は、担当者から連絡します。"),
        (
            {"reception": replace(worlds.OFFICE.reception, days=Days.BUSINESS_DAYS)},
            CASE,
            "9:00〜16:00（平日）",
        ),
    ],
)
def test_it_says_how_the_fence_comes_to_the_borrower(
    changed: dict[str, Any], case: CaseView, expected: str
) -> None:
    assert isinstance(worlds.OFFICE.reception, Hours)
    assert expected in text(told("decision", NUMBERS, case, world(**changed)))


def test_a_refusal_says_why_and_whom_to_ask() -> None:
    shown = text(told("refused", {"reason": "見本の理由", "document": "札幌対第12号"}))

    assert "承認されませんでした" in shown
    assert "理由：見本の理由" in shown
    assert "011-211-2879" in shown


def test_what_is_sent_back_names_the_questions_and_leads_to_them() -> None:
    receipt = told("returned", {"fields": ["perimeter", "phone", "formerly"], "reason": "見本の理由"})

    assert "直していただきたい項目：設置場所の周囲長、電話\n理由：見本の理由" in text(receipt)
    first = receipt.offers[0].action
    assert (first.do, first.key) == (Do.CORRECT, "R9-0001")


@pytest.mark.parametrize("step", ["checked", "chief_signed", "taken_up", "resumed", "nothing"])
def test_what_stays_in_the_office_is_not_told(step: str) -> None:
    assert FENCE_LOAN.told(step, {"outcome": "approve"}, CASE, worlds.world()) == ()


@pytest.mark.parametrize("locale", WORDS)
def test_every_sentence_is_told_in_every_language(locale: str) -> None:
    words = WORDS[locale]
    receipts = [
        told("decision", NUMBERS),
        told("decision", {**NUMBERS, "exceptions": [each.key for each in EXCEPTIONS]}),
        told("decision", NUMBERS, world=world(handover=Handover.DELIVERY)),
        told("decision", NUMBERS, world=world(points=())),
        told("refused", {"reason": "-"}),
        told("returned", {"fields": ["perimeter"], "reason": "-"}),
    ]

    assert all(text(each, words) for each in receipts)


@pytest.mark.parametrize(
    ("damage", "emergency", "offered"),
    [
        ("damaged", "yes", True),
        ("trace", "yes", True),
        ("nearby", "yes", True),
        ("damaged", "no", False),
        ("none", None, False),
        ("none", "yes", False),
    ],
)
def test_rules_may_be_set_aside_only_in_the_emergency_lane(
    damage: str, emergency: str | None, offered: bool
) -> None:
    found: Iterable[object] = exceptions({"damage": damage, "emergency": emergency})

    assert found == (EXCEPTIONS if offered else ())
    assert SIGNOFF.exceptions is exceptions
