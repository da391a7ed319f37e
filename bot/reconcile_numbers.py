"""The numbers that cases were given: none twice, none missing, none ahead of its series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.clock import day_of
from bot.findings import Report
from dialogs.office import Office, Series
from dialogs.standing import Register
from storage.ledger import Rows


class Numbers:
    """Ticks off the numbers of every series; a bit a number, so that a million cases take a few kilobytes.

    *reached* is how far each series had come before the cases were read: what is given meanwhile is left out.
    """

    def __init__(self, office: Office, register: Register, reached: Mapping[str, int]) -> None:
        self._office = office
        self._series = {each.key: office.numbers(each.series) for each in register.procedures if each.series}
        self._patterns = {each.key: _pattern(each) for each in office.series}
        self._reached = reached
        self._seen = {key: bytearray(last // 8 + 1) for key, last in reached.items()}
        self._ahead: list[tuple[str, int, str]] = []
        self._strange: set[str] = set()

    def check(self, rows: Rows, report: Report) -> None:
        """Tick off the cases *rows*."""
        for row in rows:
            if not row.filed:
                report.add("case_empty", row.reference)
            elif row.filed != row.newest:
                report.add("filing_gap", row.reference)
            if row.procedure in self._series:
                self._tick(self._series[row.procedure], row.reference, row.opened_at, report)

    def given(self, series: str, number: str, at: int, report: Report) -> None:
        """Tick off the *number* of *series* that a decision was given at *at* (ms)."""
        self._tick(self._office.numbers(series), number, at, report)

    def _tick(self, series: Series, reference: str, at: int, report: Report) -> None:
        key = f"{series.key}:{series.period(day_of(at))}"
        found = self._patterns[series.key].fullmatch(reference)
        if found is None:
            self._strange.add(key)
            report.add("number_unreadable", reference)
            return
        number = int(found["number"])
        if number > self._reached.get(key, 0):
            self._ahead.append((key, number, reference))
            return
        place, bit = self._seen[key], 1 << number % 8
        if place[number // 8] & bit:
            report.add("number_twice", reference)
        place[number // 8] |= bit

    def end(self, reached: Mapping[str, int], skipped: Mapping[str, Sequence[range]], report: Report) -> None:
        """Say what is missing and what is ahead.

        *reached* is how far each series has come by now, *skipped* what is given to nobody.
        """
        for key, number, reference in self._ahead:
            if number > reached.get(key, 0):
                report.add("number_beyond", reference)
        for key in sorted(set(self._seen) - self._strange):
            for number in self._missing(key):
                if any(number in each for each in skipped.get(key, ())):
                    continue
                report.add("number_missing", f"{key} {number}")

    def _missing(self, key: str) -> Iterable[int]:
        seen = self._seen[key]
        return (
            number for number in range(1, self._reached[key] + 1) if not seen[number // 8] & 1 << number % 8
        )


def _pattern(series: Series) -> re.Pattern[str]:
    """Return what the numbers of *series* look like."""
    texts = re.split(r"\{(\w+)[^}]*\}", series.pattern)
    known = {"number": r"(?P<number>\d+)", "year": r"\d+", "era_year": r"\d+", "era": r"\w"}
    return re.compile(
        "".join(known[each] if place % 2 else re.escape(each) for place, each in enumerate(texts))
    )
