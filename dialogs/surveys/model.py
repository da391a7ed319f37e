"""What a survey is: questions in groups, in the languages it brings, until the city writes the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from functools import cached_property

from dialogs.fields.base import Condition, Option

OTHER = "other"
"""The option that asks for words of one's own, and what their question's key ends with."""


class Kind(StrEnum):
    """What a question takes; the names are those of the standard that workbooks are written to."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    DATE = "date"
    RANGE = "range"

    @property
    def is_number(self) -> bool:
        """Return whether answers are numbers."""
        return self in {Kind.INTEGER, Kind.DECIMAL, Kind.RANGE}

    @property
    def has_options(self) -> bool:
        """Return whether answers are keys of options: one, or a list of them."""
        return self in {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE}


@dataclass(frozen=True)
class Bounds:
    """What an answer may be: a number from *least* to *most* in steps of *step*, both included.

    Of a text *most* is its length, of several choices how many from *least* to *most*.  A day is from *first* to
    *last*, ISO days or ``today``.  *message* says so in the survey's words.
    """

    least: float | None = None
    most: float | None = None
    step: float | None = None
    first: str = ""
    last: str = ""
    message: str = ""


@dataclass(frozen=True)
class Question:
    """One question.  *key* is the form's key of the answer.

    *note* is what is said before it.  *long* asks for a paragraph.  *choices* is the name of the list of *options*:
    questions with the same list can be laid side by side.  *follows* is the question whose option "other" this one
    asks the words of.  Answers are those of the form's fields: text, int, float, a key, a list of keys, an ISO day;
    None where it was left open.
    """

    key: str
    kind: Kind
    label: str
    _: KW_ONLY
    hint: str = ""
    note: str = ""
    required: bool = False
    relevant: Condition | None = None
    choices: str = ""
    options: tuple[Option, ...] = ()
    bounds: Bounds = Bounds()
    long: bool = False
    follows: str = ""


@dataclass(frozen=True)
class Group:
    """Questions that belong together, under *label* ("" where they stand in no group of the workbook).

    *matrix*: each question is a row of one table, whose columns are the options they share.
    """

    key: str
    label: str
    questions: tuple[Question, ...]
    matrix: bool = False


@dataclass(frozen=True)
class Survey:
    """One edition of a survey.

    Its texts are :class:`~dialogs.words.OwnText` in *languages* (locales of the catalogs), or texts of the
    catalogs.  *edition* tells this content from any other under the same key (32 characters at most).  *thanks* is
    said once it is answered.
    """

    key: str
    title: str
    edition: str
    groups: tuple[Group, ...]
    languages: tuple[str, ...] = ("ja",)
    default_language: str = "ja"
    thanks: str = ""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions in their order."""
        return tuple(each for group in self.groups for each in group.questions)

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """Return the questions by their key."""
        return {each.key: each for each in self.questions}

    @property
    def form_key(self) -> str:
        """Return the key of the form that asks it."""
        return f"survey_{self.key}"
