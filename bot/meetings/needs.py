"""What somebody needs to take part, and what is arranged for it: sealed, seen by two roles alone (004-14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.meetings.names import Opening
from bot.meetings.registrations import PROCEDURE, Registration, Stand
from dialogs.fields.base import sealed
from dialogs.procedure import Role
from storage import seatings, staff
from storage.sessions import Session
from storage.vault import Vault

SEEN_BY = (Role.STAFF, Role.CHIEF)
"""Those who arrange it: 係 and 係長 of meetings, and nobody else, administrators neither."""

LONGEST, MOST_TASKS = 200, 12


@dataclass(frozen=True)
class Task:
    """One thing to be arranged: *by* when (None for no day), and whether it is *done* and was *told*."""

    what: str
    by: date | None = None
    done: bool = False
    told: bool = False


@dataclass(frozen=True)
class Need:
    """What one registration needs, in its own words, and what is arranged for it."""

    registration: Registration
    words: str
    tasks: tuple[Task, ...] = ()


def may_see(conn: Connection, session: Session, today: date) -> bool:
    """Return whether whoever is signed in arranges it: by the session, or as the roster of *today* knows their name."""
    if session.role in SEEN_BY:
        return True
    members = [each.member for each in staff.everybody(conn, today) if each.is_active(today)]
    return any(
        each.name == session.subject
        and any(grant.role in SEEN_BY and grant.procedure in {"*", PROCEDURE} for grant in each.grants)
        for each in members
    )


def needing(found: Sequence[Registration]) -> list[Registration]:
    """Return the registrations that wrote down what they need, and that may still come."""
    return [
        each for each in found if each.stand is not Stand.GONE and sealed(each.answers.get("accommodation"))
    ]


def opened(
    conn: Connection, vault: Vault, meeting: str, found: Sequence[Registration], opening: Opening
) -> list[Need]:
    """Return what each of *found* needs and what is arranged; every record is logged."""
    arranged = seatings.arranged(conn, meeting)
    records = [record for each in found for record in (each.vault_id, arranged.get(each.case_id)) if record]
    said = vault.open_many(conn, records, by=opening.by, role=opening.role, why=opening.why, now=opening.now)
    return [
        Need(
            each,
            str(said.get(each.vault_id or "", {}).get("accommodation") or ""),
            tuple(_task(one) for one in said.get(arranged.get(each.case_id, ""), {}).get("tasks", ())),
        )
        for each in found
    ]


def _task(raw: Mapping[str, str]) -> Task:
    by = date.fromisoformat(raw["by"]) if raw["by"] else None
    return Task(raw["what"], by, bool(raw["done"]), bool(raw["told"]))


def arrange(
    conn: Connection, vault: Vault, meeting: str, case_id: str, tasks: Sequence[Task], opening: Opening
) -> None:
    """Keep what is arranged for the case, in the place of what was."""
    kept = [
        {
            "what": each.what,
            "by": each.by.isoformat() if each.by else "",
            "done": "1" if each.done else "",
            "told": "1" if each.told else "",
        }
        for each in tasks
    ]
    before = seatings.arranged(conn, meeting).get(case_id)
    record = vault.seal(conn, PROCEDURE, {"tasks": kept}, now=opening.now, record=before)
    seatings.arrange(conn, case_id, meeting, record, opening.by, opening.now)
