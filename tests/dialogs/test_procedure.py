"""Steps and editions: everything follows from what was filed."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.calendar import OfficeCalendar
from dialogs.procedure import Filing, Role, Step
from dialogs.words import Message
from tests.dialogs import sample, worlds
from tests.dialogs.counter import (
    APPLYING,
    FILED,
    SAMPLE,
)


def test_a_form_is_the_one_in_force() -> None:
    later = replace(sample.FORM, edition="R10", since=date(2028, 4, 1))
    earlier = replace(sample.FORM, since=date(2027, 4, 1))
    both = replace(SAMPLE, forms=(later, earlier))

    assert [both.form(day).edition for day in (date(2026, 1, 1), date(2028, 3, 31), date(2028, 4, 1))] == [
        "R10",
        "R9",
        "R10",
    ]
    assert both.edition("R9") is earlier
    assert both.edition("R1") is None


def test_what_is_waited_for_follows_from_what_was_filed() -> None:
    checking = Step("taken_up", "確認", Role.STAFF, state="確認中です。", after="application", within=2)
    deciding = Step("decision", "決定", Role.CHIEF, state="決定しました。", after="application", within=1)
    later = Step("return", "返却", Role.CONTRACTOR, state="返されました。", after="decision", within=3)
    waiting = replace(SAMPLE, steps=(APPLYING, checking, deciding, later))
    friday = Filing("application", date(2027, 6, 4))

    due = waiting.due(worlds.matter((friday,)), OfficeCalendar())
    after = waiting.due(worlds.matter((friday, Filing("decision", date(2027, 6, 7)))), OfficeCalendar())

    assert waiting.due(worlds.matter(()), OfficeCalendar()) == ()
    assert [(each.step.key, each.by) for each in due] == [
        ("decision", date(2027, 6, 7)),
        ("taken_up", date(2027, 6, 8)),
    ]
    assert [(each.step.key, each.by) for each in after] == [
        ("taken_up", date(2027, 6, 8)),
        ("return", date(2027, 6, 10)),
    ]


@pytest.mark.parametrize(
    ("step", "filed", "may"),
    [
        ("application", [], True),
        ("application", ["application"], False),
        ("correction", ["application", "correction"], True),
        ("correction", ["application", "taken_up"], False),
        ("withdrawal", ["application"], True),
        ("withdrawal", ["application", "withdrawal"], False),
        ("withdrawal", [], False),
        ("nothing", ["application"], False),
    ],
)
def test_a_step_may_be_filed_after_and_until_others(step: str, filed: list[str], may: bool) -> None:
    history = tuple(Filing(each, worlds.TODAY) for each in filed)

    assert SAMPLE.may_file(step, worlds.matter(history)) is may


def test_how_a_case_stands_is_said_by_its_last_step() -> None:
    assert SAMPLE.state(()) == Message("受け付けました。")
    assert SAMPLE.state((Filing("unheard_of", worlds.TODAY),)) == Message("受け付けました。")
    assert SAMPLE.state((Filing("withdrawal", worlds.TODAY),)) == Message("取り下げました。")


def test_a_procedure_without_rules_of_its_own_is_open_and_unremarkable() -> None:
    world = worlds.world()

    assert SAMPLE.opening(world).is_open
    assert SAMPLE.flags({}, world, worlds.TODAY) == ()
    assert SAMPLE.notes({}, world) == ()


def test_a_step_that_resets_others_opens_them_again() -> None:
    checking = Step("checked", "確認", Role.STAFF, state="", after="application", until=("back",), within=2)
    back = Step("back", "差し戻し", Role.STAFF, state="", after="application", resets=("checked",))
    again = Step("again", "再提出", Role.RESIDENT, state="", after="back", resets=("back",))
    signing = replace(SAMPLE, steps=(APPLYING, checking, back, again))
    friday, monday = date(2027, 6, 4), date(2027, 6, 14)
    returned = [Filing("application", friday), Filing("checked", friday), Filing("back", friday)]
    corrected = [*returned, Filing("again", monday)]

    assert [
        key for key in ("checked", "back", "again") if signing.may_file(key, worlds.matter(returned))
    ] == ["again"]
    assert [
        key for key in ("checked", "back", "again") if signing.may_file(key, worlds.matter(corrected))
    ] == [
        "checked",
        "back",
    ]
    assert signing.due(worlds.matter(returned), OfficeCalendar()) == ()
    assert [(due.step.key, due.by) for due in signing.due(worlds.matter(corrected), OfficeCalendar())] == [
        ("checked", date(2027, 6, 16))
    ]
    assert [signing.unfiled_by(key) for key in ("checked", "back", "application")] == [
        ("back",),
        ("again",),
        (),
    ]


def test_what_the_office_does_is_not_told_unless_a_procedure_says_so() -> None:
    assert SAMPLE.told("taken_up", {}, FILED, worlds.world()) == ()
