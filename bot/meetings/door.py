"""The door of a meeting: what phones noted there is taken in, however often and late it comes; who is expected.

A phone is told a number, a name and a kind of participant, and only while the door is open.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import normalize
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection

from bot.meetings.registrations import PROCEDURE, Registration, of_meeting
from dialogs.meetings import Meeting
from dialogs.procedures.exchange_meeting.fields import KINDS
from dialogs.reading.text import clean, clip
from storage import checkins, values
from storage.checkins import Entry
from storage.vault import Vault

WHY = "door"
"""Why the access log says that names were opened."""

MOST_ENTRIES, LONGEST_NAME, MOST_PEOPLE = 500, 60, 50
NAMES_KEPT = 7 * 24 * 3600 * 1000
"""How long (ms) the names of walk-ins are kept: until the lists of the day have been made (004-15)."""

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class Sent:
    """One entry as a phone sent it: *what* is ``in``, ``walkin`` or ``undo`` (of the entry *of*)."""

    id: str
    what: str
    at: int
    reference: str = ""
    of: str = ""
    people: int = 1
    kind: str = ""
    name: str = field(default="", repr=False)


def read(raw: object) -> tuple[Sent, ...]:
    """Return the entries of a request; what is none is left out, since it would be sent for ever."""
    listed = raw if isinstance(raw, list) else []
    return tuple(entry for each in listed[:MOST_ENTRIES] if (entry := _read(each)) is not None)


def _read(raw: object) -> Sent | None:
    if not isinstance(raw, Mapping) or raw.get("what") not in {"in", "walkin", "undo"}:
        return None
    if not _ID.fullmatch(str(raw.get("id"))) or not isinstance(raw.get("at"), int):
        return None
    people = raw.get("people")
    return Sent(
        str(raw["id"]),
        str(raw["what"]),
        max(0, min(int(raw["at"]), 2**53)),
        _text(raw.get("reference"), 64),
        _text(raw.get("of"), 32),
        max(1, min(people, MOST_PEOPLE)) if isinstance(people, int) else 1,
        _text(raw.get("kind"), 40),
        _text(raw.get("name"), LONGEST_NAME),
    )


def _text(value: object, most: int) -> str:
    return (
        clip(clean(value), most)
        if isinstance(value, str) and value.replace("\u3000", " ").isprintable()
        else ""
    )


def unreadable(raw: object) -> tuple[str, ...]:
    """Return the ids of what is no entry: they need not be sent again either."""
    listed = raw if isinstance(raw, list) else []
    ids = (
        str(each["id"])[:64] for each in listed[:MOST_ENTRIES] if isinstance(each, Mapping) and "id" in each
    )
    read_ = {each.id for each in read(raw)}
    return tuple(each for each in ids if each not in read_)


def code_of(text: str) -> str:
    """Return the number that a code says: the code itself, or an address of the door's page that holds it."""
    found = parse_qs(urlsplit(text).query).get("code", [text])[0] if "code=" in text else text
    wanted = normalize("NFKC", found).strip().upper()[:64]
    return wanted if wanted.isprintable() else ""


def new_id() -> str:
    """Return an id for an entry that no telephone made."""
    return uuid.uuid4().hex


def people_of(text: str, usual: int) -> int:
    """Return how many came, as a form says it; *usual* where it says nothing that is a number."""
    return min(int(text), MOST_PEOPLE) if text.isascii() and text.isdigit() and int(text) else usual


@dataclass(frozen=True)
class Who:
    """Whoever stands at the door: as whom their entries are kept, and when it is (ms)."""

    by: str
    role: str
    now: int


@dataclass(frozen=True)
class DoorDesk:
    """Takes in what phones noted for *meeting*, and says who is expected and who has come."""

    meeting: Meeting
    vault: Vault

    def is_open(self, conn: Connection, today: date) -> bool:
        """Return whether names are told: until the day is over or somebody closes the door."""
        return self.meeting.is_held() and today <= self.meeting.day and not is_closed(conn, self.meeting.key)

    def take(self, conn: Connection, sent: Sequence[Sent], who: Who) -> tuple[str, ...]:
        """Take in *sent* in their order; return the ids of all that need not be sent again."""
        expected = {each.reference: each for each in of_meeting(conn, self.meeting)}
        for each in sent:
            self._take(conn, each, expected.get(each.reference), who)
        return tuple(each.id for each in sent)

    def _take(self, conn: Connection, sent: Sent, found: Registration | None, who: Who) -> None:
        if sent.what == "undo":
            checkins.undo(conn, self.meeting.key, sent.of, who.by, who.now)
        elif sent.what == "walkin":
            self._walk_in(conn, sent, who)
        elif found is not None:
            entry = Entry(sent.id, self.meeting.key, found.case_id, sent.people, sent.at, who.by)
            checkins.note(conn, entry, who.now)

    def _walk_in(self, conn: Connection, sent: Sent, who: Who) -> None:
        if checkins.knows(conn, sent.id):
            return
        kinds = {each.key for each in self.meeting.kinds or KINDS}
        kind = sent.kind if sent.kind in kinds else ""
        record = self.vault.seal(conn, PROCEDURE, {"name": sent.name}, now=who.now) if sent.name else None
        entry = Entry(sent.id, self.meeting.key, None, sent.people, sent.at, who.by, kind, record)
        checkins.note(conn, entry, who.now)

    def told(self, conn: Connection, known: Sequence[str], who: Who, today: date) -> Mapping[str, Any]:
        """Return what a phone that knows the numbers *known* is told: new names, who is gone, who has come."""
        if not self.is_open(conn, today):
            return {"open": False}
        found = [each for each in of_meeting(conn, self.meeting) if each.comes_on_site]
        here, references = set(known), {each.case_id: each.reference for each in found}
        came = checkins.came(conn, self.meeting.key)
        return {
            "open": True,
            "people": self._named(conn, [each for each in found if each.reference not in here], who),
            "gone": sorted(here - set(references.values())),
            "came": {references[each.case_id]: _noted(each) for each in came if each.case_id in references},
            "walkins": [_noted(each) | {"kind": each.kind} for each in came if each.case_id is None],
        }

    def _named(self, conn: Connection, new: Sequence[Registration], who: Who) -> Sequence[Mapping[str, Any]]:
        records = [each.vault_id for each in new if each.vault_id]
        opened = self.vault.open_many(conn, records, by=who.by, role=who.role, why=WHY, now=who.now)
        return list(self._people(new, opened))

    def _people(
        self, new: Sequence[Registration], opened: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Mapping[str, Any]]:
        kinds = {each.key: each.name for each in self.meeting.kinds or KINDS}
        for each in new:
            personal = opened.get(each.vault_id or "", {})
            yield {
                "number": each.reference,
                "name": named(personal.get("name")),
                "kana": named(personal.get("kana")),
                "kind": kinds.get(each.said("kind"), ""),
                "people": each.people,
            }


def named(value: object) -> str:
    """Return a name as it is kept, of one line or of family and given name, as one text."""
    if isinstance(value, Mapping):
        return " ".join(str(each) for each in value.values() if each)
    return str(value or "")


def _noted(entry: Entry) -> dict[str, Any]:
    return {"entry": entry.id, "at": entry.at, "people": entry.people}


def is_closed(conn: Connection, meeting: str) -> bool:
    """Return whether somebody has closed the door."""
    return bool(values.get(conn, f"door_closed/{meeting}"))


def close(conn: Connection, meeting: str, *, closed: bool, now: int) -> None:
    """Close the door, or open it again."""
    values.put(conn, f"door_closed/{meeting}", str(now) if closed else "")


def forget_walk_ins(conn: Connection, vault: Vault, before: int, limit: int) -> int:
    """Remove the names that walk-ins gave before *before* (ms); return how many there were."""
    found = checkins.walk_ins_named_before(conn, before, limit)
    for _entry, record in found:
        vault.forget(conn, record)
    checkins.forget_names(conn, [entry for entry, _record in found])
    return len(found)
