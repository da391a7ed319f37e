"""What two cases have in common, as keyed fingerprints: they outlive the answers they were made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, select

from storage.ready import Ready
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


_here, _there = case_prints.alias("here"), case_prints.alias("there")
_mine, _other = cases.alias("mine"), cases.alias("other")
_ALIKE = Ready(
    select(_other.c.id, _other.c.reference, _there.c.kind, _other.c.opened_at)
    .select_from(_here)
    .join(_mine, _mine.c.id == _here.c.case_id)
    .join(_there, and_(_there.c.print == _here.c.print, _there.c.kind == _here.c.kind))
    .join(_other, _other.c.id == _there.c.case_id)
    .where(
        _here.c.case_id == bindparam("case"),
        _other.c.id != bindparam("case"),
        _other.c.procedure == _mine.c.procedure,
    )
    .distinct()
    .order_by(_other.c.opened_at, _other.c.reference, _there.c.kind)
)


def alike(conn: Connection, case_id: str) -> list[Alike]:
    """Return the other cases of the same procedure with a fingerprint of this one, the oldest first."""
    found: dict[tuple[str, str], list[str]] = {}
    for identity, reference, kind, _opened in _ALIKE.rows(conn, {"case": case_id}):
        found.setdefault((identity, reference), []).append(kind)
    return [Alike(case, reference, tuple(kinds)) for (case, reference), kinds in found.items()]


def counts(conn: Connection, case_id: str) -> Mapping[str, int]:
    """Return how many fingerprints of which kind the case has."""
    found: dict[str, int] = {}
    for kind in conn.execute(select(case_prints.c.kind).where(case_prints.c.case_id == case_id)).scalars():
        found[kind] = found.get(kind, 0) + 1
    return found
