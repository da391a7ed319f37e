"""The list of those who bought a fence with the city's subsidy, as fingerprints (003-04, 003-21).

A new list takes the place of the old one in one transaction, or nothing changes at all.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select

from storage.asjson import dump, load
from storage.keyring import PRINTS, KeyFile, Keyring
from storage.tables import cases
from storage.tables_holders import case_holders, holder_drafts, holder_lists, holders
from storage.turns import Stale
from storage.upsert import into

NUMBER, HOUSEHOLD = "holder", "household"
"""Of what a fingerprint is: the same text under another name has another one."""

_MANY = 400
_LATEST = 10


@dataclass(frozen=True)
class Marks:
    """Makes fingerprints of numbers and households with the key of *keyring*."""

    keyring: Keyring | KeyFile

    @property
    def key_id(self) -> str:
        """Return the id of the key.

        Raises:
            VaultKeyMissing: The key file has no key for fingerprints.
        """
        return self.keyring.newest(PRINTS)

    def many(self, kind: str, texts: Sequence[str]) -> list[str]:
        """Return the fingerprint of each of *texts*, in hexadecimal; "" stays "".

        Raises:
            VaultKeyMissing: As above.
        """
        key = self.keyring.key(PRINTS, self.key_id)
        return [
            hmac.new(key, f"{kind}\0{text}".encode(), sha256).hexdigest() if text else "" for text in texts
        ]

    def one(self, kind: str, text: str) -> str:
        """Return the fingerprint of *text*; "" for ""."""
        return self.many(kind, [text])[0]


@dataclass(frozen=True)
class Difference:
    """What a new list changes: how many are on it, and of them new, moved, and no longer on it."""

    total: int
    added: int
    changed: int
    removed: int

    @property
    def is_none(self) -> bool:
        """Return whether the list is the one that counts already."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class TakenList:
    """A list that counted from *at* (ms) on, and who let it."""

    at: int
    by: str
    difference: Difference


@dataclass(frozen=True)
class Match:
    """What the list says of somebody: whether it has the number, and whether its holder lives where they do."""

    number: bool
    household: bool


def compare(conn: Connection, entries: Mapping[str, str]) -> Difference:
    """Return what *entries* (household by number, as fingerprints) would change."""
    here = _entries(conn)
    return _difference(here, entries)


def _difference(here: Mapping[str, str], entries: Mapping[str, str]) -> Difference:
    return Difference(
        len(entries),
        len(entries.keys() - here.keys()),
        sum(here[number] != entries[number] for number in entries.keys() & here.keys()),
        len(here.keys() - entries.keys()),
    )


def _entries(conn: Connection) -> Mapping[str, str]:
    rows = conn.execute(select(holders.c.number_print, holders.c.household_print))
    return {number: household for number, household in rows}  # noqa: C416 -- rows are no pairs to mypy


def draft(conn: Connection, entries: Mapping[str, str], key_id: str, by: str, now: int) -> str:
    """Return the id under which *entries* wait for somebody to let them count."""
    made = uuid.uuid4().hex
    row = {"id": made, "made_at": now, "made_by": by, "key_id": key_id, "entries": dump(entries)}
    conn.execute(insert(holder_drafts), {**row, "after": _newest(conn)})
    return made


def tidy(conn: Connection, before: int) -> int:
    """Return how many drafts made before *before* (ms) were removed."""
    return conn.execute(delete(holder_drafts).where(holder_drafts.c.made_at < before)).rowcount


def take(conn: Connection, draft_id: str, by: str, now: int) -> Difference | None:
    """Let the draft count; return what changed, None where it is gone: it counts already, or was too old.

    Raises:
        Stale: Another list has counted since it was shown; it is to be looked at anew.
    """
    gone = delete(holder_drafts).where(holder_drafts.c.id == draft_id)
    columns = holder_drafts.c.entries, holder_drafts.c.key_id, holder_drafts.c.after
    row = conn.execute(gone.returning(*columns)).first()
    if row is None:
        return None
    return _Taking(row.key_id, by, now).replace(conn, load(row.entries), row.after)


def put(conn: Connection, entries: Mapping[str, str], key_id: str, by: str, now: int) -> Difference:
    """Let *entries* count at once; return what changed.

    Raises:
        Stale: Another list counted in the same moment; try again.
    """
    return _Taking(key_id, by, now).replace(conn, entries, _newest(conn))


def _newest(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.max(holder_lists.c.number), 0))).scalar_one())


@dataclass(frozen=True)
class _Taking:
    """One list taking the place of another: under which key it was made, who lets it count, and when (ms)."""

    key_id: str
    by: str
    now: int

    def replace(self, conn: Connection, entries: Mapping[str, str], after: int) -> Difference:
        here = _entries(conn)
        found = _difference(here, entries)
        if found.is_none:
            return found
        row = {"number": after + 1, "taken_at": self.now, "taken_by": self.by, **vars(found)}
        # The place after the list that was seen is taken once: nobody's list is replaced unseen.
        taken = into(conn, holder_lists).values(row).on_conflict_do_nothing()
        if conn.execute(taken.returning(holder_lists.c.number)).scalar() is None:
            raise Stale
        self._remove(conn, sorted(here.keys() - entries.keys()))
        self._put(conn, entries, [each for each in sorted(entries) if here.get(each) != entries[each]])
        return found

    def _remove(self, conn: Connection, gone: Sequence[str]) -> None:
        for start in range(0, len(gone), _MANY):
            conn.execute(delete(holders).where(holders.c.number_print.in_(gone[start : start + _MANY])))

    def _put(self, conn: Connection, entries: Mapping[str, str], new: Sequence[str]) -> None:
        for start in range(0, len(new), _MANY):
            rows = [
                {"number_print": each, "household_print": entries[each], "key_id": self.key_id}
                for each in new[start : start + _MANY]
            ]
            put_in = into(conn, holders).values(rows)
            changed = {"household_print": put_in.excluded.household_print, "key_id": self.key_id}
            conn.execute(put_in.on_conflict_do_update(index_elements=[holders.c.number_print], set_=changed))


def count(conn: Connection) -> int:
    """Return how many holders are on the list."""
    return int(conn.execute(select(func.count()).select_from(holders)).scalar_one())


def lists(conn: Connection, limit: int = _LATEST) -> Sequence[TakenList]:
    """Return the last lists that counted, the newest first."""
    rows = conn.execute(select(holder_lists).order_by(holder_lists.c.number.desc()).limit(limit))
    return [
        TakenList(row.taken_at, row.taken_by, Difference(row.total, row.added, row.changed, row.removed))
        for row in rows
    ]


def has(conn: Connection, number_print: str) -> bool:
    """Return whether the list has the number with this fingerprint."""
    found = select(holders.c.number_print).where(holders.c.number_print == number_print)
    return conn.execute(found).first() is not None


def keep(conn: Connection, case_id: str, number_print: str, household_print: str, key_id: str) -> None:
    """Keep what the one who asked for a visit gave; what a correction gives takes its place."""
    row = {"number_print": number_print, "household_print": household_print, "key_id": key_id}
    kept = into(conn, case_holders).values(case_id=case_id, **row)
    conn.execute(kept.on_conflict_do_update(index_elements=[case_holders.c.case_id], set_=row))


def match(conn: Connection, case_id: str) -> Match | None:
    """Return what today's list says of who asked for the case; None for a case that is not about a holder."""
    columns = case_holders.c.household_print, holders.c.household_print.label("listed")
    joined = case_holders.outerjoin(holders, holders.c.number_print == case_holders.c.number_print)
    wanted = select(*columns).select_from(joined).where(case_holders.c.case_id == case_id)
    row = conn.execute(wanted).first()
    if row is None:
        return None
    return Match(row.listed is not None, row.listed is not None and row.listed == row.household_print)


def forget(conn: Connection, case_ids: Sequence[str]) -> int:
    """Return of how many of the cases what their applicants gave was removed."""
    return conn.execute(delete(case_holders).where(case_holders.c.case_id.in_(case_ids))).rowcount


def others(conn: Connection, case_id: str) -> Sequence[str]:
    """Return the references of other cases about the same grant, the oldest first."""
    mine = select(case_holders.c.number_print).where(case_holders.c.case_id == case_id).scalar_subquery()
    wanted = select(cases.c.reference).join(case_holders, case_holders.c.case_id == cases.c.id)
    same = case_holders.c.number_print == mine, cases.c.id != case_id
    return conn.execute(wanted.where(*same).order_by(cases.c.opened_at, cases.c.reference)).scalars().all()
