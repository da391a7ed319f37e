"""The names of those who come, opened for one page and logged; companions by the lines in which they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection

from bot.meetings.registrations import Registration
from storage.vault import Vault


@dataclass(frozen=True)
class Names:
    """The names of people by their keys; nothing where they were not opened."""

    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    kana: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of(self, key: str) -> str:
        """Return the name of the guest *key*, "" where it was not opened or not given."""
        return self.names.get(key, "")

    def says(self, registration: Registration, wanted: str) -> bool:
        """Return whether the number, a name or a reading of *registration* has *wanted* in it."""
        keys = registration.each_key()
        texts = [registration.reference, *map(self.of, keys), *(self.kana.get(key, "") for key in keys)]
        return any(_folded(wanted) in _folded(each) for each in texts)


CLOSED = Names()

_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def _folded(text: str) -> str:
    return "".join(normalize("NFKC", text).lower().split()).translate(_KATAKANA)


@dataclass(frozen=True)
class Opening:
    """Who opens names, as which role, why, and when (ms)."""

    by: str
    role: str
    why: str
    now: int


def opened(conn: Connection, vault: Vault, found: Sequence[Registration], opening: Opening) -> Names:
    """Return the names of those in *found*; every record is logged."""
    records = [each.vault_id for each in found if each.vault_id]
    said = vault.open_many(conn, records, by=opening.by, role=opening.role, why=opening.why, now=opening.now)
    names, kana = dict[str, str](), dict[str, str]()
    for each in found:
        personal = said.get(each.vault_id or "", {})
        names.update(zip(each.each_key(), _all(personal), strict=False))
        if personal.get("kana"):
            kana[each.each_key()[0]] = str(personal["kana"])
    return Names(names, kana)


def _all(personal: Mapping[str, Any]) -> list[str]:
    """Return the name of who registered and of each companion."""
    others = str(personal.get("companion_names") or "").splitlines()
    return [str(personal.get("name") or ""), *(line.strip() for line in others if line.strip())]
