"""What was measured, beside what it has to be; the table at the end of a run, and docs/figures.md."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "figures.md"
_LIBRARIES = (
    "granian",
    "flask",
    "sqlalchemy",
    "psycopg",
    "pycurl",
    "line-bot-sdk",
    "botbuilder-core",
    "pyjwt",
    "gunicorn",
    "xlsxwriter",
)


@dataclass(frozen=True)
class Figure:
    """One measured figure.  *passed* is None where there is no bar."""

    part: str
    what: str
    measured: str
    bar: str = ""
    passed: bool | None = None

    @property
    def verdict(self) -> str:
        """Return pass, MISS, or nothing where there is no bar."""
        return "" if self.passed is None else "pass" if self.passed else "MISS"


def at_most(part: str, what: str, value: float, bar: float, unit: str = "", digits: int = 1) -> Figure:
    """Return the figure of a *value* that may not be above *bar*."""
    return Figure(part, what, _number(value, unit, digits), "≤ " + _number(bar, unit), value <= bar)


def at_least(part: str, what: str, value: float, bar: float, unit: str = "", digits: int = 0) -> Figure:
    """Return the figure of a *value* that may not be below *bar*."""
    return Figure(part, what, _number(value, unit, digits), "≥ " + _number(bar, unit), value >= bar)


def plain(part: str, what: str, value: float, unit: str = "", digits: int = 1) -> Figure:
    """Return a figure without a bar."""
    return Figure(part, what, _number(value, unit, digits))


def _number(value: float, unit: str, digits: int | None = None) -> str:
    text = f"{value:,.{digits}f}" if digits is not None else f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that *share* (0 to 1) of *values* do not pass; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def table(figures: Sequence[Figure]) -> str:
    """Return *figures* as a table for a terminal."""
    rows = [("part", "what", "measured", "bar", ""), *(_cells(each) for each in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False))
        + f"  {row[4]}"
        for row in rows
    )


def _cells(each: Figure) -> tuple[str, str, str, str, str]:
    return each.part, each.what, each.measured, each.bar, each.verdict


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def page(figures: Sequence[Figure], when: datetime, command: str) -> str:
    """Return docs/figures.md: *figures* with the day and the machine in words."""
    missed = [each for each in figures if each.passed is False]
    kept = [each for each in figures if each.passed]
    lines = [
        "# Figures",
        "",
        f"Measured on {when:%Y-%m-%d} by {command}. How everything is measured is told in",
        "[bench/README.md](../bench/README.md); what each layer costs, in [bench/profile.md](../bench/profile.md).",
        "Compare the rows of one part with each other, not one run with another.",
        "",
        f"{machine()}.",
        "",
        _load(),
        "",
        f"{len(kept)} of {len(kept) + len(missed)} bars are kept" + (". Missed:" if missed else "."),
        "",
        *(f"- {each.what}: {each.measured}, to be {each.bar}" for each in missed),
        *([""] if missed else []),
        "| part | what | measured | bar | |",
        "|---|---|---|---|---|",
        *("| " + " | ".join(_cells(each)) + " |" for each in figures),
        "",
    ]
    return "\n".join(lines)


def _load() -> str:
    """Return in words whether the machine had anything else to do."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[2]
    text = f"Its load average over the last quarter of an hour was {load:.1f} on {cores} cores"
    if load <= 2.5 * cores:
        return text + "."
    return (
        text
        + ": other programs kept it busy throughout, so that times and CPU are worse than they would be alone."
    )


def machine() -> str:
    """Return this machine in words."""
    facts = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines() if ":" in line)
    gigabytes = int(facts["MemTotal"].split()[0]) / 1e6
    cores = [line for line in _cpuinfo() if line.startswith("processor")]
    model = next((line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")), "?")
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{len(cores)} cores of {model}, {gigabytes:.0f} GB of memory, {_system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {_version('psql', '--version')}, nginx {_version('nginx', '-v')}, {libraries}"
    )


def _cpuinfo() -> list[str]:
    return Path("/proc/cpuinfo").read_text().splitlines()


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.platform())


def _version(*command: str) -> str:
    """Return the first version number that *command* says."""
    try:
        out = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "(not here)"
    found = re.search(r"\d+\.[\d.]*\d", out.stdout + out.stderr)
    return found[0] if found else "?"
