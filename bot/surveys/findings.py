"""What is wrong in a workbook, or worth knowing, and where."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialogs.words import Fact, Message, _, say

MOST = 200
"""Problems that are told one by one."""


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place: the *sheet*, the *row* as a spreadsheet counts, the *column*'s letters.

    "" and 0 where it is about the whole.  *message* says what to do.
    """

    sheet: str
    row: int
    column: str
    message: Message

    @property
    def where(self) -> str:
        """Return the place as a spreadsheet writes it: ``survey!C3``, ``survey!3``, ``survey``; "" for the whole."""
        cell = f"{self.column}{self.row or ''}"
        return f"{self.sheet}!{cell}" if self.sheet and cell else self.sheet


@dataclass(frozen=True)
class Place:
    """Where something stands."""

    sheet: str = ""
    row: int = 0
    column: str = ""


@dataclass
class Findings:
    """What was found so far: *problems* that keep a workbook from being taken, *remarks* that do not."""

    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    _more: int = 0

    def refuse(self, place: Place, text: str | Message, **facts: Fact) -> None:
        """Note that what stands at *place* is not taken."""
        if len(self.problems) < MOST:
            self.problems.append(_problem(place, text, facts))
        else:
            self._more += 1

    def remark(self, place: Place, text: str, **facts: Fact) -> None:
        """Note what whoever wrote the workbook should know of *place*."""
        if len(self.remarks) < MOST:
            self.remarks.append(_problem(place, text, facts))

    def all_problems(self) -> tuple[Problem, ...]:
        """Return the problems in the order of the sheets, and how many more there are."""
        found = sorted(self.problems, key=_position)
        if self._more:
            text = _("ほかに{count}件あります。ここまでを直してから、もう一度読み込んでください。")
            found.append(_problem(Place(), text, {"count": self._more}))
        return tuple(found)


def _position(problem: Problem) -> tuple[int, str, int, int, str]:
    sheets = ("", "survey", "choices", "settings")
    order = sheets.index(problem.sheet) if problem.sheet in sheets else len(sheets)
    return order, problem.sheet, problem.row, len(problem.column), problem.column


def _problem(place: Place, text: str | Message, facts: dict[str, Fact]) -> Problem:
    message = text if isinstance(text, Message) else say(text, **facts)
    return Problem(place.sheet, place.row, place.column, message)
