"""What a turn, or whatever follows from a filing, is told of exchange meetings before it begins."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from dialogs.anycase import on_the_only_case
from dialogs.events import Decided, Do, Event, Tapped
from dialogs.menu import wants_cases
from dialogs.procedure import Procedure
from dialogs.procedures.exchange_meeting.registration import KEY
from dialogs.standing import Register, Standing
from dialogs.ways import addressed
from dialogs.world import World
from storage import cases, meetings


def of_meetings(conn: Connection, world: World, procedure: Procedure) -> World:
    """Return *world* with the meetings where *procedure* is about them, without their seats."""
    return replace(world, meetings=meetings.known(conn)) if procedure.key == KEY else world


def with_meetings(
    conn: Connection, world: World, register: Register, standing: Standing, event: Event
) -> World:
    """Return *world* with the meetings and how their seats stand, where the turn of *event* may speak of them."""
    reference = wanted(register, standing, event)
    return world if reference is None else with_seats(conn, world, reference)


def with_seats(conn: Connection, world: World, reference: str = "") -> World:
    """Return *world* with the meetings and how their seats stand for the case *reference* ("" for a new one)."""
    found = meetings.known(conn)
    if not found.by_key:
        return world
    case = cases.by_reference(conn, reference) if reference else None
    return replace(world, meetings=meetings.with_seats(conn, found, case.id if case else ""))


def wanted(register: Register, standing: Standing, event: Event) -> str | None:
    """Return about which registration (its reference, "" for a new one) the turn of *event* may speak, None: none."""
    if register.of(KEY) is None:
        return None
    event = on_the_only_case(register, standing, event)
    if isinstance(event, Decided):
        return _of_case(standing, event.reference)
    if isinstance(event, Tapped) and standing.case(event.action.key):
        return _of_case(standing, event.action.key)
    if isinstance(event, Tapped) and event.action.do is Do.START:
        return "" if event.action.key == KEY else None
    talk = addressed(standing, event)
    if talk:
        return talk.case if talk.form == KEY else None
    # Whatever leads to the menu: there it stands while some meeting takes registrations, and words may begin it.
    return "" if not standing.is_staff and wants_cases(standing, event) else None


def _of_case(standing: Standing, reference: str) -> str | None:
    case = standing.case(reference)
    return reference if case and case.procedure == KEY else None
