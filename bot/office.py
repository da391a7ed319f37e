"""The office file: who the desk is, read from TOML and checked whole, so that all faults are told at once."""

from __future__ import annotations

import difflib
import errno
import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias

from bot.office_keys import LISTS, NEEDED_SERIES, TABLES, USUAL_SERIES, Key, Wrong
from dialogs.calendar import OfficeCalendar
from dialogs.office import (
    BOOKING,
    Booking,
    Handover,
    Hours,
    Office,
    Part,
    PickupPoint,
    Plan,
    Privacy,
    Series,
    Stock,
    Ward,
)
from dialogs.parts import SET_PARTS

Values: TypeAlias = Mapping[str, Any]

MOST_BYTES = 1_000_000
"""The sample has less than five thousand."""


class OfficeFileError(Exception):
    """An office file that cannot be used; *faults* names each fault with what to write instead."""

    def __init__(self, file: str, faults: Iterable[str]) -> None:
        self.faults = tuple(f"{file}: {fault}" for fault in faults)
        super().__init__("\n".join(self.faults))


def load_office(path: Path | None) -> Office:
    """Return the office *path* describes, the shipped sample (Sapporo) for None.

    Raises:
        OfficeFileError: with every fault of the file.
    """
    source: Traversable = files("bot") / "data" / "sapporo.toml" if path is None else path
    raw = _parse(source)
    raw, faults = _flattened(raw)
    faults += _unknown(raw, "", {*(key.name for key in TABLES[""]), *TABLES, *LISTS} - {""})
    once = {name: _read_table(raw, name, faults) for name in TABLES}
    lists = {name: _read_list(raw, name, faults) for name in LISTS}
    faults += _contradictions(once, lists)
    if faults:
        raise OfficeFileError(source.name, faults)
    return _office(once, lists)


def _parse(source: Traversable) -> Mapping[str, object]:
    try:
        # Windows' own editor puts a mark before the first letter.
        return tomllib.loads(_content(source).decode("utf-8-sig"))
    except OSError as unreadable:
        fault = f"it cannot be read ({unreadable.strerror}); set MADOGUCHI_OFFICE_FILE to an office file"
    except UnicodeDecodeError:
        fault = "it is not UTF-8; save it again with the encoding UTF-8"
    except tomllib.TOMLDecodeError as broken:
        fault = f"it is not TOML: {broken}; texts stand in quotation marks, lists in square brackets"
    except (RecursionError, ValueError):
        fault = "it holds a number that is too long, or brackets within brackets without end; write it anew"
    raise OfficeFileError(source.name, [fault])


def _content(source: Traversable) -> bytes:
    """Return what is in *source*: a device or a pipe would never end.

    Raises:
        OSError: It cannot be read, or is no file, or far too large for one.
    """
    if isinstance(source, Path) and source.exists() and not source.is_file():
        raise OSError(errno.EINVAL, "it is no file")
    with source.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content


def _flattened(raw: Mapping[str, object]) -> tuple[Mapping[str, object], list[str]]:
    """Return *raw* with the tables within tables ([[set.part]]) under their whole names, and what was wrong."""
    above = {name.partition(".")[0] for name in (*TABLES, *LISTS) if "." in name}
    flat: dict[str, object] = {}
    faults: list[str] = []
    for name, value in raw.items():
        if name not in above:
            flat[name] = value
        elif isinstance(value, dict):
            flat |= {f"{name}.{below}": each for below, each in value.items()}
        else:
            known = ", ".join(sorted(each for each in (*TABLES, *LISTS) if each.startswith(f"{name}.")))
            faults.append(f"{name}: it must be a table; known here: {known}")
    return flat, faults


def _read_table(raw: Mapping[str, object], name: str, faults: list[str]) -> Values:
    """Return what the table *name* says; *faults* grows by what is wrong in it."""
    keys = TABLES[name]
    if not name:
        return _read(raw, "", keys, faults)
    table = raw.get(name, {} if not any(key.required for key in keys) else None)
    if not isinstance(table, dict):
        wrong = "it must be a table" if name in raw else "it is missing"
        first = keys[0]
        faults.append(
            f"[{name}]: {wrong}; write [{name}] on its own line and below it {first.name} = {first.example}"
        )
        return {}
    faults += _unknown(table, f"[{name}] ", {key.name for key in keys})
    return _read(table, f"[{name}] ", keys, faults)


def _read_list(raw: Mapping[str, object], name: str, faults: list[str]) -> list[Values]:
    """Return what the tables [[*name*]] say, in their order."""
    entries = raw.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        faults.append(
            f"[[{name}]]: it must be a list of tables; write [[{name}]] with two brackets before each"
        )
        return []
    known = {key.name for key in LISTS[name]}
    read: list[Values] = []
    for number, each in enumerate(entries, 1):
        where = f"[[{name}]] no. {number} "
        faults += _unknown(each, where, known)
        read.append(_read(each, where, LISTS[name], faults))
    return read


def _read(raw: Mapping[str, object], where: str, keys: Iterable[Key], faults: list[str]) -> Values:
    """Return the values of *keys*, without those that are wrong."""
    values: dict[str, Any] = {}
    for key in keys:
        try:
            if key.name in raw:
                values[key.name] = key.read(raw[key.name])
            elif key.required:
                raise Wrong("it is missing")
            else:
                values[key.name] = key.default
        except Wrong as wrong:
            faults.append(f"{where}{key.name}: {wrong}; for example {key.name} = {key.example}")
    return values


def _unknown(raw: Mapping[str, object], where: str, known: set[str]) -> Iterator[str]:
    """Yield a fault for each name that is not known: a misspelling must not pass for a default."""
    for name in raw:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
            yield f"{where}{name!r} is not known; {hint}"


def _contradictions(once: Mapping[str, Values], lists: Mapping[str, list[Values]]) -> Iterator[str]:
    """Yield the faults that lie between keys, each right by itself."""
    for name in ("reception", "telephone_hours"):
        hours = once[name]
        if "opens" in hours and "closes" in hours and hours["opens"] >= hours["closes"]:
            yield f'[{name}] closes: it must be later than opens; for example closes = "16:00"'
    yield from _doubled(lists)
    yield from _postal_codes(once[""])
    yield from _points(once["handover"], lists)
    yield from _series(lists["series"])


_UNIQUE = (
    ("wards", "key"),
    ("wards", "name"),
    ("points", "key"),
    ("series", "key"),
    ("set.part", "key"),
    ("set.part", "name"),
)
"""What must not stand twice."""


def _doubled(lists: Mapping[str, list[Values]]) -> Iterator[str]:
    for name, key in _UNIQUE:
        times = Counter(each[key] for each in lists[name] if key in each)
        for value in (value for value, many in times.items() if many > 1):
            yield f'[[{name}]] {key}: "{value}" stands twice; give each of them a {key} of its own'


def _postal_codes(top: Values) -> Iterator[str]:
    served = top.get("postal_codes", ())
    for code in top.get("postal_codes_elsewhere", ()) if served else ():
        if not code.startswith(served):
            yield f'postal_codes_elsewhere: "{code}" lies in none of postal_codes; leave it out or correct it'


def _points(handover: Values, lists: Mapping[str, list[Values]]) -> Iterator[str]:
    wards = [ward["key"] for ward in lists["wards"] if "key" in ward]
    for number, point in enumerate(lists["points"], 1):
        if "ward" in point and point["ward"] not in wards:
            yield (
                f'[[points]] no. {number} ward: "{point["ward"]}" is the key of no [[wards]]; '
                f"write one of {', '.join(wards) or 'those you add'}"
            )
    if handover.get("by") is Handover.POINTS and not lists["points"]:
        yield '[handover] by: there are no pick-up points; add [[points]], or write by = "delivery"'


def _series(entries: list[Values]) -> Iterator[str]:
    example = next(key for key in LISTS["series"] if key.name == "pattern")
    for number, values in enumerate(entries, 1):
        try:
            if {"key", "pattern", "resets", "dated"} <= values.keys():
                Series(**values)
        except ValueError as wrong:
            yield f"[[series]] no. {number} pattern: {wrong}; for example {example.name} = {example.example}"
    for key in NEEDED_SERIES:
        if key not in (values.get("key") for values in entries):
            yield f'[[series]]: the series "{key}" is missing; add [[series]] and key = "{key}" below it'


def _all_series(entries: list[Values]) -> tuple[Series, ...]:
    written = tuple(Series(**each) for each in entries)
    named = {each.key for each in written}
    return (*written, *(each for each in USUAL_SERIES if each.key not in named))


def _office(once: Mapping[str, Values], lists: Mapping[str, list[Values]]) -> Office:
    section, closed = once["section"], once["closed"]
    return Office(
        **once[""],
        wards=tuple(Ward(**each) for each in lists["wards"]),
        section=section["name"],
        section_en=section["name_en"],
        section_address=section["address"],
        addressee=section["addressee"],
        telephone=section["telephone"],
        area_code=section["area_code"],
        reception=Hours(**once["reception"]),
        telephone_hours=Hours(**once["telephone_hours"]),
        calendar=OfficeCalendar(closed=frozenset().union(*closed["yearly"]), extra=frozenset(closed["days"])),
        series=_all_series(lists["series"]),
        handover=once["handover"]["by"],
        points=tuple(PickupPoint(**each) for each in lists["points"]),
        stock=Stock(**once["stock"]),
        privacy=Privacy(**once["privacy"]),
        set_parts=tuple(Part(**each) for each in lists["set.part"]) or SET_PARTS,
        booking={kind: Booking(**once[f"booking.{kind}"]) for kind in BOOKING},
        instruction_days=once["guidance"]["instruction_days"],
        plan=Plan(**once["plan"]),
    )
