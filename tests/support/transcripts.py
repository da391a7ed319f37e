"""Conversations written down in files: ``>`` is what the person sends, ``<`` what the desk says.

A person's line is typed text, ``[label]`` for a button of the last message (``↑[label]`` for one further up),
or something else in round brackets; see ``_SPECIAL``.  ``*`` tells what was stored.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from dialogs.events import (
    Event,
    Introduced,
    Joined,
    Left,
    SentOther,
    SentPhoto,
    SentPlace,
    Tapped,
    Typed,
    Unreadable,
    Unsent,
)
from dialogs.meetings import Meetings, Seats
from dialogs.season import Season
from tests.dialogs.procedures.registrations import meeting
from tests.support.talks import Visitor, greets, world

FOLDER = Path(__file__).resolve().parent.parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))

_HEADER = re.compile(r"# (\w[\w ]*): (.+)")
_BUTTON = re.compile(r"(↑?)\[(.+)\]", re.DOTALL)
_SPECIAL_LINE = re.compile(r"\((\w+)(?: (.*))?\)", re.DOTALL)
_FIELD = re.compile(r">\s{2,}([\w.]+) =(?: (.*))?")


@dataclass
class Script:
    """A transcript's file: its headings and what the person sends, with the fields of a page."""

    headings: list[str]
    facts: dict[str, str]
    turns: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass
class Stage:
    """A visitor, and the ids of the messages they sent."""

    visitor: Visitor
    sent: dict[str, str] = field(default_factory=dict)
    messages: int = 0

    def message(self, text: str) -> str:
        """Return the id of the message *text*, the latest that says so."""
        self.messages += 1
        self.sent[text] = f"m{self.messages}"
        return self.sent[text]


def read(text: str) -> Script:
    """Return the script of a transcript's *text*; what the desk said in it is left out."""
    headings = [line for line in text.splitlines() if line.startswith("#")]
    script = Script(headings, {found[1]: found[2] for line in headings if (found := _HEADER.fullmatch(line))})
    for line in text.splitlines():
        if _FIELD.fullmatch(line) and script.turns:
            script.turns[-1][1].append(line)
        elif line.startswith(">"):
            script.turns.append((line.removeprefix(">").strip(), []))
    return script


def played(text: str) -> tuple[str, Visitor]:
    """Return the transcript *text* as it goes today, and its person afterwards."""
    script = read(text)
    stage = Stage(_visitor(script.facts))
    lines = [*script.headings]
    for said, more in script.turns:
        lines += ["", f"> {said}", *more, *_turn(stage, said, more)]
    assert stage.visitor.form("fence_loan").edition == script.facts["edition"]
    return "\n".join([*lines, ""]), stage.visitor


def _visitor(facts: Mapping[str, str]) -> Visitor:
    season = facts.get("season")
    days = [date.fromisoformat(day) for day in season.split("/")] if season else []
    opens = date.fromisoformat(facts["opens"]) if "opens" in facts else None
    outside = world(
        date.fromisoformat(facts["today"]),
        season=Season(*days) if days else None,
        opens=opens,
        pii_in_chat=facts.get("personal data in the talk") == "allowed",
        **({"meetings": _meeting(int(facts["seats"]))} if "seats" in facts else {}),
    )
    visitor = Visitor(outside, facts["language"])
    if facts.get("known") == "yes":
        visitor.standing = replace(visitor.standing, is_new=False)
    return visitor


def _meeting(seats: int) -> Meetings:
    """Return the meeting of the tests with so many *seats* left, whichever way people attend."""
    held = meeting()
    pools = {key: Seats(number, max(number - seats, 0)) for key, number in held.pools.items()}
    return Meetings({held.key: held}, pools)


def _turn(stage: Stage, said: str, more: list[str]) -> Iterator[str]:
    button, special = _BUTTON.fullmatch(said), _SPECIAL_LINE.fullmatch(said)
    if button:
        action = stage.visitor.button(button[2], older=bool(button[1]))
        yield from stage.visitor.hear(Tapped(action))
    elif special and special[1] == "page":
        yield from stage.visitor.fill(_fields(more))
    elif special and special[1] == "sign":
        yield from _sign(stage, special[2] or "", more)
    elif special and special[1] == "office":
        step, reference = (special[2] or "").split()
        yield from stage.visitor.office(reference, step, _fields(more))
    elif special and special[1] == "reminders":
        yield from stage.visitor.reminded(special[2] or "")
    elif special and special[1] in _APART:
        _APART[special[1]](stage, special[2] or "")
    elif special:
        yield from stage.visitor.hear(_SPECIAL[special[1]](stage, special[2] or ""))
    else:
        yield from stage.visitor.hear(Typed(said, stage.message(said)))


def _sign(stage: Stage, what: str, more: list[str]) -> list[str]:
    step, outcome, reference = what.split()
    chosen = {key: parts[""].split(", ") for key, parts in _fields(more).items()}
    return stage.visitor.sign(reference, step, outcome, chosen)


def _fields(lines: list[str]) -> Mapping[str, Mapping[str, str]]:
    fields: dict[str, dict[str, str]] = {}
    for line in lines:
        found = _FIELD.fullmatch(line)
        assert found, line
        key, _dot, part = found[1].partition(".")
        fields.setdefault(key, {})[part] = found[2] or ""
    return fields


def _today(stage: Stage, day: str) -> None:
    stage.visitor.world = replace(stage.visitor.world, today=date.fromisoformat(day))


def _staff(stage: Stage, what: str) -> None:
    step, reference = what.split()
    stage.visitor.staff(step, reference)


_APART: Mapping[str, Callable[[Stage, str], None]] = {"today": _today, "staff": _staff}
"""What happens outside the talk: a day passes, staff file a step."""


def _calendar(stage: Stage, day: str) -> Event:
    return Tapped(replace(stage.visitor.button("(calendar)"), value=day))


def _place(stage: Stage, where: str) -> Event:
    degrees, _space, name = where.partition(" ")
    latitude, longitude = degrees.split(",")
    return SentPlace(float(latitude), float(longitude), name, stage.message("place"))


def _photo(stage: Stage, _nothing: str) -> Event:
    message = stage.message("photo")
    return SentPhoto(f"photo-{message}", message)


_SPECIAL: Mapping[str, Callable[[Stage, str], Event]] = {
    "joined": lambda _stage, again: Joined(again=bool(again)),
    "profile": lambda stage, locale: Introduced(locale, greets(stage.visitor)),
    "left": lambda _stage, _nothing: Left(),
    "calendar": _calendar,
    "photo": _photo,
    "place": _place,
    "sticker": lambda stage, _nothing: SentOther("sticker", stage.message("sticker")),
    "voice": lambda stage, _nothing: SentOther("audio", stage.message("voice")),
    "stale": lambda _stage, _nothing: SentOther("stale"),
    "unsend": lambda stage, text: Unsent(stage.sent[text]),
    "unreadable": lambda stage, text: Unreadable(stage.sent[text]),
}
