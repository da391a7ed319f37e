"""What somebody wants to see of a survey's tabulation, as the page's address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.tabulation.answers import Data, Filter
from bot.tabulation.questions import Question
from bot.tabulation.tables import MEASURES

BETWEEN = "="
"""What stands between a question and its answer in a filter."""


@dataclass(frozen=True)
class Asked:
    """Which ballots (*snapshot* "" for those of now, *only* the filters as given), and which cross table."""

    snapshot: str = ""
    only: tuple[str, ...] = ()
    rows: str = ""
    columns: str = ""
    measure: str = "n"

    def filters(self, data: Data) -> tuple[Filter, ...]:
        """Return the filters, without those that name no answer of *data*."""
        found = (Filter(*each.partition(BETWEEN)[::2]) for each in self.only)
        return tuple(each for each in found if _is_there(data.question(each.question), each.option))

    def crossed(self, data: Data) -> tuple[Question, Question] | None:
        """Return the questions of the cross table, None where none is asked for."""
        row, column = data.question(self.rows), data.question(self.columns)
        return (row, column) if row and column and row != column else None

    @property
    def query(self) -> Mapping[str, object]:
        """Return the same as the query of an address."""
        given = {
            "snapshot": self.snapshot,
            "only": list(self.only),
            "rows": self.rows,
            "columns": self.columns,
            "measure": self.measure if self.rows else "",
        }
        return {key: value for key, value in given.items() if value}


def _is_there(question: Question | None, option: str) -> bool:
    return question is not None and any(each.key == option for each in question.options)


def asked(args: Mapping[str, list[str]]) -> Asked:
    """Return what the query *args* asks for; what makes no sense is left out."""

    def one(key: str) -> str:
        return next(iter(args.get(key, [])), "")[:80]

    measure = one("measure")
    only = tuple(each for each in args.get("only", []) if BETWEEN in each)
    return Asked(
        one("snapshot"), only[:8], one("rows"), one("columns"), measure if measure in MEASURES else "n"
    )
