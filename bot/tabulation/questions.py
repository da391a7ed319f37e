"""What tabulation knows of a question: its kind, its options, and whom it was put to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum

from dialogs.fields import Answers

NOTHING = "@nothing"
"""The key of the line of those who left the question open (無回答)."""

AWAY = "@away"
"""The key of the line of those to whom the question was not put (非該当)."""


class Kind(Enum):
    """How the answers to a question are counted."""

    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, with its wording in the language of the table."""

    key: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question of a survey.  *asked* says of the other answers whether it was put; None: to everybody.

    *group* is the heading that it stands under, "" for none.
    """

    key: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()
    _: KW_ONLY
    group: str = ""
    asked: Callable[[Answers], bool] | None = field(default=None, compare=False)

    @property
    def is_chosen(self) -> bool:
        """Return whether it is answered by choosing, so that others can be split by it."""
        return self.kind in {Kind.ONE, Kind.MANY}

    @property
    def title(self) -> str:
        """Return the wording with the heading it stands under."""
        return f"{self.group} {self.label}".strip()


def by_key(questions: Iterable[Question], key: str) -> Question | None:
    """Return the question *key*, None where there is none."""
    return next((each for each in questions if each.key == key), None)
