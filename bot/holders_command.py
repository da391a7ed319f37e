"""``madoguchi holders``: the console's page for the list of subsidy holders, as commands."""

from __future__ import annotations

import getpass
from collections.abc import Iterator

from bot.clock import Clock, moment
from bot.holders import HolderDesk, Preview, removes_many
from bot.office import load_office
from bot.postal import load_postal_table
from bot.settings import Settings
from bot.words import words_for
from dialogs.procedure import Role
from dialogs.words import Words
from storage import engine as database
from storage import holders
from storage.holders import Difference
from storage.keyring import VaultKeyMissing
from storage.turns import Stale
from storage.vault import Vault, load_keyring


class HoldersRefused(Exception):
    """The list was not taken; the text says what to do instead."""


def take(settings: Settings, content: bytes, clock: Clock, *, takes: bool, many: bool) -> Iterator[str]:
    """Yield what the file would change, and that it did where it *takes* the list's place.

    Raises:
        HoldersRefused: The file has faults, or more than half of the list would go and nobody said *many*.
    """
    office = load_office(settings.office_file)
    words = words_for("ja")
    engine = database.create(settings.database_url, pool_size=1)
    try:
        desk = HolderDesk(engine, Vault(load_keyring(settings.vault_keys_file)), load_postal_table(office))
        yield from _take(desk, content, words, clock.now(), takes=takes, many=many)
    finally:
        engine.dispose()


def _take(
    desk: HolderDesk, content: bytes, words: Words, now: int, *, takes: bool, many: bool
) -> Iterator[str]:
    by = f"terminal/{getpass.getuser()}"
    found = _preview(desk, content, by, now)
    if found.difference is None:
        raise HoldersRefused("\n".join(["nothing was taken; put this right:", *_faults(found, words)]))
    yield _counts(found.difference)
    if found.unsure:
        yield f"addresses that the postal table does not know, in rows {', '.join(map(str, found.unsure))}"
    if found.difference.is_none:
        yield "the list that counts is the same; nothing was done"
        return
    if not takes:
        yield "nothing was taken yet; run the command again with --yes"
        return
    if removes_many(found.difference) and not many:
        raise HoldersRefused(
            "more than half of the list would go, so nothing was taken; if that is meant, add --remove-many"
        )
    try:
        desk.take(found.draft, by, Role.ADMIN.value, now)
    except Stale:
        raise HoldersRefused("another list counted in the same moment; run the command again") from None
    yield "the list counts from now on"


def _preview(desk: HolderDesk, content: bytes, by: str, now: int) -> Preview:
    try:
        return desk.preview(content, by, now)
    except VaultKeyMissing:
        raise HoldersRefused("there is no key for fingerprints; run: madoguchi vault-keys") from None


def _faults(found: Preview, words: Words) -> Iterator[str]:
    for each in found.faults:
        where = f"row {each.row}, {words.text(each.column)}" if each.column else f"row {each.row}"
        yield f"{where if each.row else words.text(each.column) or 'file'}: {words.say(each.message)}"
    if found.more:
        yield f"and {found.more} more"


def _counts(found: Difference) -> str:
    return f"{found.total} holders: {found.added} new, {found.changed} changed, {found.removed} removed"


def listed(settings: Settings) -> Iterator[str]:
    """Yield how many holders the list has, then each list that counted, the newest first."""
    engine = database.create(settings.database_url, pool_size=1)
    try:
        with database.read(engine) as conn:
            total, lists = holders.count(conn), holders.lists(conn)
    finally:
        engine.dispose()
    yield f"{total} holders"
    for each in lists:
        yield f"{moment(each.at):%Y-%m-%d %H:%M}  {each.by}  {_counts(each.difference)}"
