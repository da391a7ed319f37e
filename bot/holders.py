"""The list of subsidy holders: taking a file, and asking whether somebody is on it (003-04, 003-21).

A file is turned into keyed fingerprints at once; what stood in it is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine

from bot import holders_file
from bot.holders_file import Fault
from dialogs.procedure import Procedure
from dialogs.reading.address import PostalTable
from dialogs.reading.grants import grant_number, household
from dialogs.words import Message, _, say
from dialogs.world import World
from storage import accesslog, holders
from storage import engine as database
from storage.accesslog import Entry
from storage.holders import HOUSEHOLD, NUMBER, Difference, Marks, Match
from storage.keyring import VaultKeyMissing
from storage.vault import Vault

DRAFT_LIFE = 24 * 3600 * 1000
"""How long (ms) a list that was read waits for somebody to let it count."""

MOST_OTHERS = 3
"""Other cases about the same grant that a sheet names, the newest."""

_KIND = "holders"


@dataclass(frozen=True)
class Preview:
    """What a file would change, under which id it waits ("" where it changes nothing), or why it cannot be taken.

    *unsure* are the rows whose address the postal table does not know: they count, but may not be recognised.
    """

    difference: Difference | None = None
    draft: str = ""
    faults: Sequence[Fault] = ()
    more: int = 0
    unsure: Sequence[int] = ()


def removes_many(found: Difference) -> bool:
    """Return whether more than half of the list that counts would go: rather the wrong file than a new list."""
    before = found.total - found.added + found.removed
    return found.removed * 2 > before


@dataclass(frozen=True)
class HolderDesk:
    """Takes lists, and says who is on the one that counts."""

    engine: Engine
    vault: Vault
    postal: PostalTable

    @property
    def marks(self) -> Marks:
        """Return what makes fingerprints."""
        return Marks(self.vault.keyring)

    def preview(self, content: bytes, by: str, now: int) -> Preview:
        """Return what the file *content* would change; nothing counts yet.

        Raises:
            VaultKeyMissing: The key file has no key for fingerprints.
        """
        read = holders_file.read(content)
        if read.faults:
            return Preview(faults=read.faults, more=read.more)
        entries, unsure = self._entries(read.holders)
        with database.write(self.engine) as conn:
            holders.tidy(conn, now - DRAFT_LIFE)
            found = holders.compare(conn, entries)
            key = self.marks.key_id
            draft = "" if found.is_none else holders.draft(conn, entries, key, by, now)
        return Preview(found, draft, unsure=unsure)

    def take(self, draft: str, by: str, role: str, now: int) -> Difference | None:
        """Let the draft count; return what changed, None where it is gone.

        Raises:
            Stale: Another list has counted since the preview.
        """
        with database.write(self.engine) as conn:
            found = holders.take(conn, draft, by, now)
            if found:
                _note(conn, found, by, role, now)
        return found

    def _entries(self, read: Sequence[holders_file.Holder]) -> tuple[Mapping[str, str], Sequence[int]]:
        homes, unsure = [], []
        for each in read:
            whole, known = whole_address(each.address, self.postal)
            homes.append(household(whole))
            unsure += [] if known else [each.row]
        numbers = self.marks.many(NUMBER, [each.number for each in read])
        return dict(zip(numbers, self.marks.many(HOUSEHOLD, homes), strict=True)), unsure


def _note(conn: Connection, found: Difference, by: str, role: str, now: int) -> None:
    detail = f"{found.total} holders: {found.added} new, {found.changed} changed, {found.removed} removed"
    accesslog.note(conn, [Entry(now, by, role, "holders list", _KIND, "list", detail)])


def whole_address(written: str, postal: PostalTable) -> tuple[str, bool]:
    """Return the address as the postal table has it, and whether it does; else as it was written."""
    found = postal.match(written)
    return (f"{found.town.address}{found.rest}", True) if found else (written, False)


def keep(conn: Connection, vault: Vault, case_id: str, number: str, record: str | None) -> None:
    """Keep what the one who asked for a visit gave: the number, and the address sealed in *record*.

    Without the key for fingerprints nothing is kept, and filing goes on.
    """
    marks = Marks(vault.keyring)
    with suppress(VaultKeyMissing):
        found = vault.fingerprints(conn, record, _homes) if record else ()
        home = next((each.digest for each in found), "")
        holders.keep(conn, case_id, marks.one(NUMBER, grant_number(number)), home, marks.key_id)


@dataclass(frozen=True)
class LookedUp:
    """What today's list says of who asked for a case, for staff to judge: what agrees, and what does not."""

    facts: tuple[tuple[Message, str], ...] = ()
    flags: tuple[Message, ...] = ()


def looked_up(conn: Connection, procedure: Procedure, case_id: str) -> LookedUp:
    """Return what the list says of the case; nothing of procedures that have nothing to do with it."""
    if not procedure.grant:
        return LookedUp()
    found, others = holders.match(conn, case_id), holders.others(conn, case_id)
    text = _("同じ補助金番号の申し込み：{references}")
    same = (say(text, references=", ".join(others[-MOST_OTHERS:])),) if others else ()
    wrong = _disagreement(found)
    if wrong:
        return LookedUp((), (say(wrong), *same))
    return LookedUp(((say(_("補助金の名簿")), _AGREES),), same)


_AGREES = "番号と住所が一致"  # untranslated: staff read Japanese, and it stands beside answers


def _disagreement(found: Match | None) -> str:
    if found is None:
        return _("名簿と照合できません（要確認）")
    if not found.number:
        return _("補助金の番号が名簿にありません（要確認）")
    return "" if found.household else _("住所が名簿と一致しません（要確認）")


def _homes(personal: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the address of somebody's sealed answers, as what a household is known by."""
    value = personal.get("address")
    if not isinstance(value, Mapping) or "rest" not in value:
        return ()
    parts = ("prefecture", "city", "ward", "town", "rest")
    return ((HOUSEHOLD, household("".join(str(value.get(part) or "") for part in parts))),)


@dataclass(frozen=True)
class Listed:
    """Answers, within one turn, whether the list has a number."""

    conn: Connection
    marks: Marks

    def has(self, number: str) -> bool:
        """Return whether the list that counts has *number*, however it is written; without the key it has none."""
        try:
            return holders.has(self.conn, self.marks.one(NUMBER, grant_number(number)))
        except VaultKeyMissing:
            return False


def knowing(conn: Connection, vault: Vault, world: World) -> World:
    """Return *world* with the list of holders, where the turn looks at what is free: it may be about a visit."""
    return replace(world, holders=Listed(conn, Marks(vault.keyring))) if world.free.capacities else world
