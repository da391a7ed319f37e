"""Who may sign what, and when: every order of signing, sending back, correcting and withdrawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from dialogs.effects import Sign
from dialogs.events import Decided, Parts
from dialogs.procedure import Filing, Role, Step, effective
from dialogs.procedures.fence_loan import FENCE_LOAN, SIGNOFF
from dialogs.signing import sign
from dialogs.signoff import Ending, Level, SignOff, Verdict, no_exceptions
from dialogs.standing import CaseView, Grant, Standing
from tests.dialogs import worlds

DAY = date(2027, 6, 7)
LEVELS = [each.step for each in SIGNOFF.levels]
ROLES = (Role.STAFF, Role.CHIEF, Role.MANAGER)
PEOPLE = {
    "one": tuple(Grant("*", role) for role in ROLES),
    "other": tuple(Grant("*", role) for role in ROLES),
    "deputy": tuple(Grant("*", role, deputy=True) for role in ROLES),
}
"""Three who hold everything, the third of them only in others' place."""
ANSWERS: dict[str, Any] = {
    "damage": "none",
    "perimeter": 40,
    "period": {"from": "2027-06-20", "to": "2027-07-20"},
}
WORLD = worlds.world(DAY)


def case(*steps: str | Filing) -> CaseView:
    """Return a case on which *steps* were filed, the last form among them being the newest answers."""
    history = tuple(each if isinstance(each, Filing) else Filing(each, DAY) for each in steps)
    forms = [at for at, each in enumerate(history, 1) if each.step in {"application", "correction"}]
    return CaseView("R9-0001", "fence_loan", "R6", DAY, history, ANSWERS, forms[-1] if forms else 0)


def signed(level: str, by: str, verdict: str = "approve", *, deputy: bool = False) -> Filing:
    """Return the signature of *by* at *level*."""
    step = {"approve": level, "refuse": "refused", "return": "returned"}[verdict]
    said = {"outcome": verdict, "level": level, "member": by} | ({"deputy_for": "chief"} if deputy else {})
    return Filing(step, DAY, by, said)


# --- every order, up to seven steps behind the application


@dataclass(frozen=True)
class Move:
    """Something anybody may try: a press of a button on the newest sheet, or a step of the applicant."""

    what: str
    level: str = ""
    by: str = ""


MOVES = (
    *(Move("approve", level, by) for level in LEVELS for by in PEOPLE),
    *(Move("return", level, "one") for level in LEVELS),
    *(Move("refuse", level, by) for level in LEVELS for by in ("one", "deputy")),
    Move("correction"),
    Move("withdrawal"),
    Move("taken_up"),
    Move("resumed"),
)


def after(view: CaseView, move: Move) -> CaseView | None:
    """Return the case after *move*, None where the desk does not take it."""
    if not move.level:
        may = FENCE_LOAN.may_file(move.what, view)
        return case(*view.history, move.what) if may else None
    fields: Mapping[str, Parts] = {"fields": {"return": ["perimeter"]}, "reason": {move.what: "見本"}}
    who = Standing("ja", grants=PEOPLE[move.by], name=f"見本 {move.by}", member=move.by)
    pressed = Decided(view.reference, move.level, move.what, view.newest, fields)
    done = sign(FENCE_LOAN, view, who, pressed, WORLD)
    assert bool(done.effects) != bool(done.replies)  # something is stored, or something is said
    if not done.effects:
        return None
    [effect] = done.effects
    assert isinstance(effect, Sign)
    return case(*view.history, Filing(effect.step, DAY, who.name, {**effect.answers, "member": who.member}))


def walks(view: CaseView, steps: int) -> Iterator[CaseView]:
    """Yield every case that *view* can become in at most *steps* moves."""
    yield view
    if steps:
        for move in MOVES:
            further = after(view, move)
            if further:
                yield from walks(further, steps - 1)


def rounds(history: Sequence[Filing]) -> list[list[Filing]]:
    """Return what was filed in each round; a round ends when the case is sent back."""
    found: list[list[Filing]] = [[]]
    for each in history:
        found[-1].append(each)
        if each.step == "returned":
            found.append([])
    return found


def test_in_no_order_is_a_level_signed_twice_in_a_round_or_anything_done_after_the_end() -> None:
    seen = list(walks(case("application"), 7))

    assert len(seen) > 9_000
    for view in seen:
        steps = [each.step for each in view.history]
        for one in rounds(view.history):
            levels = [each.step for each in one if each.step in LEVELS]
            assert levels == LEVELS[: len(levels)]  # each once, after the one below it
            own = [
                each.by for each in one if each.step in {*LEVELS, "refused"} and "deputy_for" not in each.said
            ]
            assert len(own) == len(set(own))  # nobody twice in their own right
        ends = [step for step in steps if step in {"decision", "refused", "withdrawal"}]
        assert len(ends) <= 1
        assert not ends or steps[-1] == ends[0]


def test_in_every_order_a_case_waits_for_exactly_one_thing_or_for_the_applicant_or_is_over() -> None:
    for view in walks(case("application"), 4):
        steps = {each.step for each in effective(FENCE_LOAN.steps, view.history)}
        waits = [due.step.key for due in FENCE_LOAN.due(view, worlds.OFFICE.calendar)]
        level = SIGNOFF.open_level(view.history)

        assert [key for key in waits if key in LEVELS] == ([level.step] if level else [])
        assert bool(waits) is bool(level or "decision" in steps)  # what was granted is then picked up
        over = bool(steps & {"decision", "refused", "withdrawal"})
        assert (level is None) is (over or "returned" in steps)
        assert FENCE_LOAN.may_file("correction", view) is not (
            over or bool(steps & {"taken_up", "resumed", *LEVELS})
        )
        assert FENCE_LOAN.may_file("withdrawal", view) is not over


# --- one round after the other


def test_what_was_sent_back_is_signed_once_more_from_below() -> None:
    back = case("application", signed("checked", "a"), signed("chief_signed", "b", "return"))
    again = case(*back.history, "correction")

    assert SIGNOFF.open_level(back.history) is None
    assert [each.verdict for each in SIGNOFF.round(back.history)] == ["return"]
    assert SIGNOFF.open_level(again.history) == SIGNOFF.level("checked")
    assert SIGNOFF.round(again.history) == ()


def test_staff_may_go_on_without_a_correction() -> None:
    back = case("application", signed("checked", "a", "return"), "resumed")

    assert SIGNOFF.open_level(back.history) == SIGNOFF.level("checked")
    assert not FENCE_LOAN.may_file("correction", back)
    assert not FENCE_LOAN.may_file("resumed", back)
    assert FENCE_LOAN.state(back.history).text == "担当者が内容を確認しています。"


def test_a_case_that_came_back_is_waited_for_from_that_day() -> None:
    friday, monday = date(2027, 6, 4), date(2027, 6, 14)
    history = [
        Filing("application", friday),
        Filing("checked", friday),
        Filing("returned", friday),
        Filing("correction", monday),
    ]

    assert [
        (due.step.key, due.by) for due in FENCE_LOAN.due(worlds.matter(history), worlds.OFFICE.calendar)
    ] == [("checked", date(2027, 6, 16))]


def test_what_is_to_be_answered_anew_is_asked_only_until_it_was() -> None:
    said = {"outcome": "return", "level": "checked", "fields": ["perimeter"], "reason": "見本"}
    back = [Filing("application", DAY), Filing("returned", DAY, "a", said)]

    assert SIGNOFF.asked_back(back) == (("perimeter",), "見本")
    assert SIGNOFF.asked_back([*back, Filing("correction", DAY)]) == ((), "")
    assert SIGNOFF.asked_back(back[:1]) == ((), "")


# --- who may sign


@pytest.mark.parametrize(
    ("grants", "may"),
    [
        ((), False),
        ((Grant("*", Role.CHIEF),), True),
        ((Grant("fence_loan", Role.CHIEF),), True),
        ((Grant("inspection", Role.CHIEF),), False),
        ((Grant("*", Role.STAFF), Grant("*", Role.MANAGER)), False),
        ((Grant("*", Role.CHIEF, deputy=True),), True),
        ((Grant("*", Role.ADMIN),), False),
    ],
)
def test_a_level_is_signed_by_whoever_holds_it_or_by_the_deputy(grants: tuple[Grant, ...], may: bool) -> None:
    level = SIGNOFF.levels[1]

    assert bool(SIGNOFF.entitled(level, "fence_loan", grants, verdict=Verdict.APPROVE)) is may


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REFUSE])
def test_nobody_signs_two_levels_of_a_round_but_as_a_recorded_deputy(verdict: Verdict) -> None:
    level = SIGNOFF.levels[-1]
    own, deputy = Grant("*", Role.MANAGER), Grant("*", Role.MANAGER, deputy=True)

    def entitled(*grants: Grant) -> Grant | None:
        return SIGNOFF.entitled(level, "fence_loan", grants, verdict=verdict, own_taken=True)

    assert entitled(own) is None
    assert entitled(deputy) == deputy
    assert entitled(own, deputy) == deputy


def test_sending_back_is_open_to_whoever_holds_the_level() -> None:
    own = Grant("*", Role.CHIEF)

    assert (
        SIGNOFF.entitled(SIGNOFF.levels[1], "fence_loan", (own,), verdict=Verdict.RETURN, own_taken=True)
        == own
    )


def test_a_signature_given_for_another_is_none_of_ones_own() -> None:
    history = case("application", signed("checked", "a", deputy=True)).history

    assert not SIGNOFF.has_signed("a", history)
    assert SIGNOFF.has_signed("a", [*history, signed("chief_signed", "a")])


# --- other procedures


def test_a_sign_off_of_one_level_without_refusal_has_what_it_needs() -> None:
    one = SignOff(
        (Level("confirmed", "確認", Role.STAFF, who="係", deed="確認", state="確認しました。"),),
        returned=Ending("back", "差し戻し", state="直してください。"),
        correction=Ending("corrected", "訂正", state="訂正しました。"),
        opened="report",
        corrects=Role.CONTRACTOR,
    )
    steps = {each.key: each for each in one.steps}

    assert [*steps] == ["corrected", "confirmed", "back"]
    assert one.decided == ("confirmed",)
    assert steps["corrected"].role is Role.CONTRACTOR
    assert one.signatures == {"confirmed", "back"}
    assert no_exceptions({}) == ()


def test_one_level_may_decide_and_refuse_alone() -> None:
    alone = replace(SIGNOFF, levels=SIGNOFF.levels[-1:], resumed=None)
    refused = next(each for each in alone.steps if each.key == "refused")

    assert refused.after == "application"
    assert alone.open_level([Filing("application", DAY)]) == alone.levels[0]


def test_nothing_changes_for_steps_that_reset_nothing() -> None:
    history = [Filing("application", DAY), Filing("taken_up", DAY)]
    plain = (Step("application", "申請", Role.RESIDENT, state=""), Step("b", "b", Role.STAFF, state=""))

    assert effective(plain, history) is history
