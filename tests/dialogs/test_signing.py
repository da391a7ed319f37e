"""One press of a button on a case's sheet: what is stored, or what is said instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dialogs.effects import Sign
from dialogs.events import Decided
from dialogs.fields import Text
from dialogs.fields.base import Control
from dialogs.procedure import Filing, Role, Step
from dialogs.procedures.fence_loan import FENCE_LOAN, SIGNOFF
from dialogs.procedures.fence_loan.deciding import EXCEPTIONS
from dialogs.replies import Deed, Said
from dialogs.signing import LONGEST_REASON, deeds, sign, signatures
from dialogs.slots import Free
from dialogs.standing import CaseView, Grant, Standing, Turn
from tests.dialogs.counter import FILED, SAMPLE
from tests.dialogs.test_signoff import ANSWERS, DAY, WORLD, case, signed
from tests.dialogs.worlds import JAPANESE

CLERK = Standing("ja", grants=(Grant("fence_loan", Role.STAFF),), name="見本 係", member="clerk")
CHIEF = Standing("ja", grants=(Grant("fence_loan", Role.CHIEF),), name="見本 係長", member="chief")
MANAGER = Standing("ja", grants=(Grant("fence_loan", Role.MANAGER),), name="見本 課長", member="manager")
NEW = case("application")
CHECKED = case("application", signed("checked", "clerk"))
Given = Mapping[str, Mapping[str, str | Sequence[str]]]
AGREED = case(*CHECKED.history, signed("chief_signed", "chief"))
WHY = {"reason": {"": "見本の理由"}}
URGENT = {**ANSWERS, "damage": "trace", "emergency": "yes"}


def press(
    view: CaseView | None,
    who: Standing,
    step: str,
    outcome: str = "approve",
    fields: Given | None = None,
    seen: int | None = None,
) -> Turn:
    """Return what follows when *who* presses a button on the sheet of *view*."""
    shown = seen if seen is not None else (view.newest if view else 1)
    return sign(FENCE_LOAN, view, who, Decided("R9-0001", step, outcome, shown, fields or {}), WORLD)


def effect(done: Turn) -> Sign:
    [found] = done.effects
    assert isinstance(found, Sign)
    assert done.replies == ()
    return found


def told(done: Turn) -> str:
    [said] = done.replies
    assert isinstance(said, Said)
    assert done.effects == ()
    return JAPANESE.say(said.message)


# --- what is stored


@pytest.mark.parametrize(
    ("view", "who", "level"),
    [(NEW, CLERK, "checked"), (CHECKED, CHIEF, "chief_signed"), (AGREED, MANAGER, "decision")],
)
def test_each_level_signs_in_its_turn(view: CaseView, who: Standing, level: str) -> None:
    found = effect(press(view, who, level))

    assert (found.reference, found.step, found.outcome) == ("R9-0001", level, "approve")
    assert found.answers == {"outcome": "approve", "seen": 1, "level": level}


def test_a_deputy_s_signature_says_for_whom_it_stands() -> None:
    deputy = replace(CLERK, grants=(*CLERK.grants, Grant("*", Role.CHIEF, deputy=True)))

    assert effect(press(CHECKED, deputy, "chief_signed")).answers["deputy_for"] == "chief"


def test_a_case_is_sent_back_with_the_questions_by_name_and_why() -> None:
    given: Given = {
        "fields": {"return": ["phone", "perimeter", "nothing"]},
        "reason": {"return": " 見本の理由 "},
    }

    found = effect(press(CHECKED, CHIEF, "chief_signed", "return", given))

    assert found.step == "returned"
    assert found.answers == {
        "outcome": "return",
        "seen": 1,
        "level": "chief_signed",
        "fields": ["perimeter", "phone"],
        "reason": "見本の理由",
    }


def test_of_two_buttons_that_ask_for_a_reason_the_one_pressed_counts() -> None:
    given = {"reason": {"return": "別の理由", "refuse": "見本の理由"}}

    assert effect(press(AGREED, MANAGER, "decision", "refuse", given)).answers["reason"] == "見本の理由"


def test_the_last_level_refuses_with_a_reason() -> None:
    found = effect(press(AGREED, MANAGER, "decision", "refuse", WHY))

    assert (found.step, found.outcome, found.answers["reason"]) == ("refused", "refuse", "見本の理由")


def test_in_an_emergency_the_decision_names_the_exceptions() -> None:
    urgent = replace(AGREED, answers=URGENT)
    used = {"exceptions": {"approve": ["transport", "notice"]}}

    assert effect(press(urgent, MANAGER, "decision", fields=used)).answers["exceptions"] == [
        "notice",
        "transport",
    ]
    assert "exceptions" not in effect(press(AGREED, MANAGER, "decision", fields=used)).answers


def test_taking_a_case_up_is_filed_without_a_signature() -> None:
    found = effect(press(NEW, CLERK, "taken_up", "file"))

    assert (found.step, found.outcome) == ("taken_up", "file")
    assert found.answers == {"outcome": "file", "seen": 1}


# --- what is said instead


def test_a_case_that_is_not_there_is_not_found() -> None:
    assert told(press(None, CLERK, "checked")) == "R9-0001 は見つかりません。"


@pytest.mark.parametrize(
    ("who", "step", "outcome"),
    [
        (CLERK, "nothing", "approve"),
        (CLERK, "checked", "nonsense"),
        (CLERK, "returned", "return"),
        (CLERK, "checked", "refuse"),
        (CLERK, "checked", "file"),
        (CLERK, "nothing", "file"),
    ],
)
def test_a_button_that_there_is_not_does_nothing(who: Standing, step: str, outcome: str) -> None:
    text = told(press(NEW, who, step, outcome, WHY))

    assert text == "そのボタンは、いまは使えません。一覧から開き直してください。"


def test_where_nothing_is_signed_a_signature_is_unusable() -> None:
    done = sign(SAMPLE, FILED, CLERK, Decided("R9-0001", "application", "approve", 1), WORLD)

    assert told(done) == "そのボタンは、いまは使えません。一覧から開き直してください。"


@pytest.mark.parametrize("who", [CHIEF, MANAGER, replace(CLERK, grants=(Grant("inspection", Role.STAFF),))])
def test_whoever_does_not_hold_the_level_is_told_whose_it_is(who: Standing) -> None:
    assert told(press(NEW, who, "checked")) == "「係の確認」は係の操作です。"


def test_a_step_is_filed_only_by_whom_it_belongs_to_and_in_its_time() -> None:
    assert told(press(NEW, CHIEF, "taken_up", "file")) == "「確認開始」を記録する役割がありません。"
    assert told(press(CHECKED, CLERK, "taken_up", "file")).startswith(
        "R9-0001 は「担当者の確認が終わりました。"
    )
    assert told(press(NEW, CLERK, "taken_up", "file", seen=0)).startswith(
        "R9-0001 は、その後で訂正されました。"
    )


def test_a_second_press_of_the_same_button_does_nothing_and_says_so() -> None:
    assert (
        told(press(CHECKED, replace(CLERK, name="clerk"), "checked"))
        == "R9-0001 は、令和9年6月7日(月)にclerkさんが「係の確認」を記録済みです。もう一度おす必要はありません。"
    )


@pytest.mark.parametrize(
    ("view", "step", "outcome", "deed"),
    [
        (CHECKED, "checked", "return", "係の確認"),
        (case("application", signed("checked", "clerk", "return")), "checked", "approve", "差し戻し"),
        (case(*AGREED.history, signed("decision", "manager", "refuse")), "decision", "approve", "不承認"),
    ],
)
def test_of_two_who_press_different_buttons_the_second_is_told_who_was_first(
    view: CaseView, step: str, outcome: str, deed: str
) -> None:
    level = SIGNOFF.level(step)
    assert level
    late = Standing("ja", grants=(Grant("*", level.role),), name="見本 後", member="late")
    by = view.history[-1].by

    assert (
        told(press(view, late, step, outcome, WHY))
        == f"R9-0001 は、令和9年6月7日(月)に{by}さんが先に「{deed}」を記録しました。あなたの操作は記録していません。"
    )


def test_a_level_waits_for_the_one_below_it() -> None:
    assert told(press(NEW, MANAGER, "decision")) == "R9-0001 は「係の確認」がまだです。その後に記録できます。"


def test_a_button_of_the_round_before_is_none_of_this_one() -> None:
    again = case(*CHECKED.history, signed("chief_signed", "chief", "return"), "resumed")

    assert told(press(again, CHIEF, "chief_signed")).startswith("R9-0001 は「係の確認」がまだです。")


def test_nothing_is_signed_on_a_withdrawn_case() -> None:
    gone = case("application", "withdrawal")

    assert told(press(gone, CLERK, "checked")) == (
        "R9-0001 は「取り下げられています。」のため、いまは記録できません。"
    )


@pytest.mark.parametrize("step", ["checked", "chief_signed"])
def test_what_was_corrected_after_the_sheet_was_drawn_must_be_looked_at_again(step: str) -> None:
    corrected = case("application", "correction")
    who = replace(CLERK, grants=(*CLERK.grants, *CHIEF.grants))

    assert told(press(corrected, who, step, seen=1)) == (
        "R9-0001 は、その後で訂正されました。新しい内容を見て、もう一度おしてください。記録はしていません。"
    )


def test_nobody_signs_two_levels_of_a_round() -> None:
    both = replace(CLERK, grants=(*CLERK.grants, *CHIEF.grants))

    assert told(press(CHECKED, both, "chief_signed")) == (
        "あなたはこの申請のほかの段階に署名しています。係長の署名は、ほかの人にお願いしてください。"
    )


def test_two_people_of_one_name_are_two() -> None:
    namesake = replace(CHIEF, name="clerk")

    assert effect(press(CHECKED, namesake, "chief_signed")).step == "chief_signed"


@pytest.mark.parametrize(
    ("outcome", "fields", "text"),
    [
        ("return", {}, "直してほしい項目を1つ以上えらんでください。記録はしていません。"),
        (
            "return",
            {"fields": {"": "perimeter"}},
            "理由を書いてください。相手に伝わります。記録はしていません。",
        ),
        ("refuse", {"reason": {"": "  "}}, "理由を書いてください。相手に伝わります。記録はしていません。"),
        (
            "refuse",
            {"reason": {"": "あ" * (LONGEST_REASON + 1)}},
            "理由は300文字までで書いてください。記録はしていません。",
        ),
    ],
)
def test_sending_back_and_refusing_need_words(outcome: str, fields: Mapping[str, Any], text: str) -> None:
    assert told(press(AGREED, MANAGER, "decision", outcome, fields)) == text


# --- what the sheet shows


def shown(view: CaseView) -> list[tuple[str, str, str, list[str]]]:
    return [(JAPANESE.say(each.label), each.step, each.outcome, [a.key for a in each.asks]) for each in
            deeds(FENCE_LOAN, view, WORLD)]  # fmt: skip


def deed(view: CaseView, outcome: str) -> Deed:
    [found] = [each for each in deeds(FENCE_LOAN, view, WORLD) if each.outcome == outcome]
    return found


def test_a_sheet_has_the_buttons_of_the_open_level() -> None:
    assert shown(NEW) == [
        ("確認した", "checked", "approve", []),
        ("差し戻し", "checked", "return", ["fields", "reason"]),
        ("確認開始", "taken_up", "file", []),
    ]
    assert shown(AGREED) == [
        ("貸出を決定する", "decision", "approve", []),
        ("差し戻し", "decision", "return", ["fields", "reason"]),
        ("不承認", "decision", "refuse", ["reason"]),
    ]
    assert shown(case("application", signed("checked", "clerk", "return"))) == [
        ("訂正なしで確認を再開", "resumed", "file", [])
    ]
    assert shown(case("application", "withdrawal")) == []


def test_only_the_questions_that_were_asked_can_be_sent_back() -> None:
    asked = [each.key for each in deed(NEW, "return").asks[0].options]

    assert {"perimeter", "phone", "site"} <= set(asked)
    assert "reason_other" not in asked


def test_exceptions_are_offered_at_the_last_level_of_the_emergency_lane() -> None:
    [ask] = deed(replace(AGREED, answers=URGENT), "approve").asks

    assert (ask.control, ask.required, ask.options) == (Control.MANY_OF, False, EXCEPTIONS)
    assert deed(replace(CHECKED, answers=URGENT), "approve").asks == ()


def test_the_buttons_of_a_service_without_signatures_file_its_steps() -> None:
    noting = Step(
        "noted", "記録", Role.STAFF, state="", after="application", asks=(Text("how", "どのように"),)
    )
    service = replace(SAMPLE, steps=(*SAMPLE.steps, noting))

    [found] = deeds(service, FILED, WORLD)

    assert (found.step, found.outcome, [each.key for each in found.asks]) == ("noted", "file", ["how"])
    assert signatures(service, FILED) == ()


def test_who_has_signed_is_said_with_the_post() -> None:
    deputy = Filing(
        "chief_signed", DAY, "b", {"outcome": "approve", "level": "chief_signed", "deputy_for": "x"}
    )
    found = signatures(FENCE_LOAN, case(*CHECKED.history, deputy))

    assert [(JAPANESE.say(each.title), each.by, each.day, each.deputy) for each in found] == [
        ("係", "clerk", date(2027, 6, 7), False),
        ("係長", "b", date(2027, 6, 7), True),
    ]
    assert [JAPANESE.say(each.outcome) for each in found] == ["係の確認", "係長の承認"]


def test_a_signature_of_a_level_that_is_gone_keeps_its_name() -> None:
    gone = Filing("returned", DAY, "b", {"outcome": "approve", "level": "formerly"})

    [found] = signatures(FENCE_LOAN, case("application", gone))

    assert (JAPANESE.say(found.title), JAPANESE.say(found.outcome)) == ("formerly", "formerly")


# --- what is scarce


def test_a_decision_for_which_nothing_is_left_names_the_days_and_is_not_stored() -> None:
    first = date.fromisoformat(ANSWERS["period"]["from"])
    days = {("fence_sets", (first + timedelta(days=number)).isoformat()): 50 for number in range(2)}
    full, room = Free({"fence_sets": 50}, days), Free({"fence_sets": 50})
    decided = Decided("R9-0001", "decision", "approve", AGREED.newest)

    late = sign(FENCE_LOAN, AGREED, MANAGER, decided, replace(WORLD, free=full))
    early = sign(FENCE_LOAN, AGREED, MANAGER, decided, replace(WORLD, free=room))
    refused = Decided("R9-0001", "decision", "refuse", AGREED.newest, WHY)

    second = first + timedelta(days=1)
    assert told(late) == (
        f"R9-0001 は、{JAPANESE.day(first)}、{JAPANESE.day(second)} の空きが足りないため、記録していません。"
    )
    assert effect(early).step == "decision"
    assert effect(sign(FENCE_LOAN, AGREED, MANAGER, refused, replace(WORLD, free=full))).step == "refused"
