"""What two cases have in common, as keyed fingerprints: they outlive the answers they were made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.tables import cases
from storage.tables_staff import case_prints
from storage.upsert import into


@dataclass(frozen=True)
class Print:
    """The fingerprint of one answer of a case: *kind* says of what (phone, home), *key_id* under which key."""

    kind: str
    digest: str
    key_id: str


@dataclass(frozen=True)
class Alike:
    """Another case of the procedure that has answers in common; *kinds* says which."""

    case_id: str
    reference: str
    kinds: tuple[str, ...]


def keep(conn: Connection, case_id: str, found: Collection[Print]) -> None:
    """Keep *found* as fingerprints of the case, beside those it has: a corrected number was somebody's, too."""
    rows = [
        {"case_id": case_id, "kind": each.kind, "print": each.digest, "key_id": each.key_id} for each in found
    ]
    if rows:
        conn.execute(into(conn, case_prints).values(rows).on_conflict_do_nothing())


def alike(conn: Connection, case_id: str) -> list[Alike]:
    """Return the other cases of the same procedure with a fingerprint of this one, the oldest first."""
    here, there = case_prints.alias("here"), case_prints.alias("there")
    mine, other = cases.alias("mine"), cases.alias("other")
    wanted = (
        select(other.c.id, other.c.reference, there.c.kind)
        .select_from(here)
        .join(mine, mine.c.id == here.c.case_id)
        .join(there, there.c.print == here.c.print)
        .join(other, other.c.id == there.c.case_id)
        .where(
            here.c.case_id == case_id,
            here.c.kind == there.c.kind,
            other.c.id != case_id,
            other.c.procedure == mine.c.procedure,
        )
        .distinct()
        .order_by(other.c.opened_at, other.c.reference, there.c.kind)
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in conn.execute(wanted.add_columns(other.c.opened_at)):
        found.setdefault((row.id, row.reference), []).append(row.kind)
    return [Alike(case, reference, tuple(kinds)) for (case, reference), kinds in found.items()]


def counts(conn: Connection, case_id: str) -> Mapping[str, int]:
    """Return how many fingerprints of which kind the case has."""
    found: dict[str, int] = {}
    for kind in conn.execute(select(case_prints.c.kind).where(case_prints.c.case_id == case_id)).scalars():
        found[kind] = found.get(kind, 0) + 1
    return found
