"""``madoguchi meeting``: what staff do with meetings, as commands."""

from __future__ import annotations

import getpass
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.clock import Clock, day_of
from bot.meetings import desk
from bot.meetings.desk import MeetingRefused
from bot.settings import Settings
from bot.words import words_for
from dialogs.meetings import ON_SITE, ONLINE, Meeting, State
from dialogs.meetings_reading import Problem, problems
from storage import engine as database
from storage import meetings


class MeetingFileRefused(Exception):
    """The file was not taken; the text says what to put right."""


def check(path: Path) -> Iterator[str]:
    """Yield that the file at *path* is right.

    Raises:
        MeetingFileRefused: It is not.
    """
    found = problems(_toml(path))
    if found:
        raise MeetingFileRefused("\n".join(_lines(path, found)))
    yield f"{path}: right"


def add(settings: Settings, path: Path, clock: Clock) -> Iterator[str]:
    """Yield what became of the meeting in the file at *path*: kept as a draft, or changed.

    Raises:
        MeetingFileRefused: Something is wrong with it; nothing was kept.
    """
    raw, engine = _toml(path), database.create(settings.database_url, pool_size=1)
    try:
        with database.write(engine) as conn:
            kept = desk.keep(conn, raw, _by(), clock.now())
    except MeetingRefused as refused:
        raise MeetingFileRefused("\n".join(_lines(path, refused.problems))) from None
    finally:
        engine.dispose()
    yield from _lines(path, kept.advice)
    key = kept.meeting.key
    if kept.is_new:
        yield f"{key}: kept as a draft; take registrations with: madoguchi meeting open {key}"
    else:
        yield f"{key}: changed; who registered is told by day where its day, time or place is another"


def put(settings: Settings, key: str, state: State, clock: Clock) -> Iterator[str]:
    """Yield that the meeting *key* is in *state* now.

    Raises:
        MeetingFileRefused: It cannot be.
    """
    engine, now = database.create(settings.database_url, pool_size=1), clock.now()
    try:
        with database.write(engine) as conn:
            found = desk.put(conn, key, state, _by(), now, day_of(now))
    except MeetingRefused as refused:
        raise MeetingFileRefused("\n".join(_lines(Path(key), refused.problems))) from None
    finally:
        engine.dispose()
    yield f"{found.key}: {found.state}"


def listed(settings: Settings) -> Iterator[str]:
    """Yield a line for each meeting, the latest first."""
    engine = database.create(settings.database_url, pool_size=1)
    try:
        with database.read(engine) as conn:
            found = meetings.every(conn)
            yield from (f"{each.day}  {each.state:9}  {each.key}  {each.title}" for each in found)
    finally:
        engine.dispose()
    if not found:
        yield "there is no meeting yet; write one down (docs/meetings.md) and keep it with: madoguchi meeting add"


def shown(settings: Settings, key: str) -> Iterator[str]:
    """Yield what the meeting *key* is and how its seats stand.

    Raises:
        MeetingFileRefused: There is none.
    """
    engine = database.create(settings.database_url, pool_size=1)
    try:
        with database.read(engine) as conn:
            found = meetings.one(conn, key)
            if found is None:
                raise MeetingFileRefused(f"there is no meeting {key}; see: madoguchi meeting list")
            stand = meetings.seats_of(conn, found)
    finally:
        engine.dispose()
    yield from _about(found)
    for way in (ON_SITE, ONLINE):
        seats = stand.seats_of(key, way)
        yield f"{way:9} {seats.taken} of {seats.capacity} seats taken, {sum(seats.waiting)} people wait"


def _about(found: Meeting) -> Iterator[str]:
    yield f"{found.key}  {found.title}  ({found.state})"
    yield f"{found.day} {found.starts:%H:%M}-{found.ends:%H:%M}  {found.place}"
    yield f"registrations until {found.closes}"
    for part in found.parts:
        yield f"  {part.starts:%H:%M}-{part.ends:%H:%M}  {part.who:8}  {part.title}"


def _by() -> str:
    return f"terminal/{getpass.getuser()}"


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise MeetingFileRefused(f"{path}: it is no TOML file ({wrong})") from None


def _lines(path: Path, found: Sequence[Problem]) -> list[str]:
    words = words_for("ja")
    return [f"{path}: {each.field}: {words.say(each.message)}" for each in found]
