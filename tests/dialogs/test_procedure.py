"""Steps and editions: everything follows from what was filed."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.calendar import OfficeCalendar
from dialogs.procedure import Filing, Procedure, Role, Step
from dialogs.standing import CaseView, Register
from dialogs.words import Message
from tests.dialogs import sample, stepped, worlds
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


# --- calendar days, again and again, from other days


def every(case: CaseView) -> list[tuple[str, date, date, date]]:
    """Return what *case* waits for: the step, by when, from when, until when it is in time."""
    return [
        (due.step.key, due.by, due.opens, due.last) for due in stepped.STEPPED.due(case, OfficeCalendar())
    ]


def test_a_step_is_due_after_so_many_calendar_days_and_again_after_each_filing() -> None:
    visited = Filing("visited", date(2027, 6, 12), "見本 作業員", {"voltage": 6500})
    early = Filing("checked", date(2027, 6, 24), "見本 作業員")
    once, again = stepped.case("booked", visited), stepped.case("booked", visited, early)

    assert every(stepped.case()) == [("booked", date(2027, 6, 14), date(2027, 6, 7), date(2027, 6, 14))]
    assert every(once) == [("checked", date(2027, 6, 26), date(2027, 6, 23), date(2027, 6, 29))]
    assert every(again) == [("checked", date(2027, 7, 8), date(2027, 7, 5), date(2027, 7, 11))]


def test_the_first_time_may_come_sooner_than_the_others() -> None:
    soon = Step("soon", "点検", Role.CONTRACTOR, state="", after="application", days=3, every=14)
    procedure = replace(SAMPLE, steps=(APPLYING, soon))
    monday = [Filing("application", date(2027, 6, 7))]
    then = [*monday, Filing("soon", date(2027, 6, 10))]

    [first] = procedure.due(worlds.matter(monday), OfficeCalendar())
    [second] = procedure.due(worlds.matter(then), OfficeCalendar())

    assert (first.by, second.by) == (date(2027, 6, 10), date(2027, 6, 24))


def test_a_step_is_counted_from_another_day_or_not_waited_for_yet() -> None:
    def ends(case: CaseView) -> date | None:
        return date.fromisoformat(case.answers["ends"]) if "ends" in case.answers else None

    bring = Step("back", "返却", Role.RESIDENT, state="", after="application", days=1, since=ends)
    around = replace(bring, tolerance=2)
    history = [Filing("application", date(2027, 6, 7))]
    known, unknown = worlds.matter(history, {"ends": "2027-10-31"}), worlds.matter(history)

    for step, opens in ((bring, date(2027, 10, 31)), (around, date(2027, 10, 30))):
        procedure = replace(SAMPLE, steps=(APPLYING, step))
        [due] = procedure.due(known, OfficeCalendar())
        assert (due.by, due.opens) == (date(2027, 11, 1), opens)
        assert procedure.due(unknown, OfficeCalendar()) == ()


def test_a_step_that_does_not_apply_may_not_be_filed_until_it_does() -> None:
    weak = Filing("visited", date(2027, 6, 9), "見本 作業員", {"voltage": 0})
    good = Filing("visited", date(2027, 6, 9), "見本 作業員", {"voltage": 6500})

    assert not stepped.STEPPED.may_file("agreed", stepped.case("booked", weak))
    assert stepped.STEPPED.may_file("agreed", stepped.case("booked", good))


def test_forms_are_known_by_their_keys_in_all_services() -> None:
    register = Register((stepped.STEPPED, SAMPLE))
    application, booking = register.entry("stepped"), register.entry("stepped_booking")

    assert register.entry("unheard_of") is None
    assert application
    assert application.is_application
    assert (application.key, application.step.key) == ("stepped", "application")
    assert booking
    assert not booking.is_application
    assert (booking.key, booking.procedure, booking.step.key) == (
        "stepped_booking",
        stepped.STEPPED,
        "booked",
    )
    with pytest.raises(ValueError, match="stepped stands twice"):
        Register((stepped.STEPPED, stepped.STEPPED))


def test_a_step_keeps_the_editions_of_its_form() -> None:
    newer = replace(stepped.VISITING, edition="R10", since=date(2028, 4, 1))
    steps = tuple(
        replace(each, form=newer, former=(stepped.VISITING,)) if each.key == "visited" else each
        for each in stepped.STEPS
    )
    entry = Register((replace(stepped.STEPPED, steps=steps),)).entry("stepped_visit")

    assert entry
    assert entry.editions == (stepped.VISITING, newer)
    assert entry.in_force(date(2027, 6, 7)) is stepped.VISITING
    assert entry.in_force(date(2028, 4, 1)) is newer
    assert [entry.edition(name) for name in ("R9", "R10", "R1")] == [stepped.VISITING, newer, newer]
    assert stepped.STEPS[0].editions == ()


def test_a_service_takes_and_reminds_of_nothing_unless_it_says_so() -> None:
    assert SAMPLE.claims("application", {}, FILED, worlds.world()) == ()
    assert SAMPLE.reminders(FILED, worlds.world()) == ()
    assert stepped.STEPS[0].receipt({}, FILED, worlds.world()) == ()


def test_a_service_that_says_nothing_more_marks_nothing_reckons_nothing_and_has_nothing_to_show() -> None:
    first = Step("application", "", Role.RESIDENT, state="")
    plain = Procedure("plain", "", "", (sample.FORM,), (first,), series="plain")
    world, case = worlds.world(), worlds.matter((Filing("application", date(2027, 6, 7)),))

    assert plain.flags({}, world, date(2027, 6, 7)) == ()
    assert plain.marks(case, world) == ()
    assert plain.facts({}, world) == {}
    assert plain.proof(case, world) is None
