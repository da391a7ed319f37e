"""The dataset of residents' questions: what the handling guide did not answer, and what was said to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.exports.columns import Heading, Kind
from bot.exports.rows import Record, Row
from bot.exports.signatures import local
from bot.words import NAMES
from dialogs.howto.entries import entry
from dialogs.standing import Register
from dialogs.words import Words, _
from storage import questions
from storage.caselist import Wanted
from storage.questions import Question

_COLUMNS = (
    ("asked_at", _("質問した日時"), Kind.MOMENT),
    ("language", _("言葉"), Kind.TEXT),
    ("question", _("質問"), Kind.TEXT),
    ("answered_at", _("答えた日時"), Kind.MOMENT),
    ("answer", _("答え"), Kind.TEXT),
    ("entry", _("答えた説明"), Kind.TEXT),
    ("answered_by", _("答えた人"), Kind.TEXT),
)


@dataclass(frozen=True)
class Questions:
    """A row for each question, the oldest first; whoever asked does not stand in it."""

    register: Register
    words: Words
    key: str = "questions"
    title: str = _("質問")
    procedure: str = ""
    personal: bool = False
    follows: str = ""

    @property
    def sealed_as(self) -> str:
        """Return the procedure whose key seals a file of it."""
        return self.register.procedures[0].key

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return tuple(Heading(key, self.words.text(label), kind) for key, label, kind in _COLUMNS)

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of a case: none, a question belongs to no case."""
        return lambda _record: ()

    def listed(self, conn: Connection, wanted: Wanted) -> Iterator[Row]:
        """Yield the rows of what was asked within the days of *wanted*."""
        return map(self._row, questions.between(conn, wanted.since, wanted.until))

    def _row(self, each: Question) -> Row:
        found = entry(each.entry)
        return [
            local(each.asked_at),
            NAMES.get(each.locale, each.locale),
            each.text,
            local(each.answered_at) if each.answered_at else None,
            each.answer or None,
            self.words.text(found.title) if found else None,
            each.answered_by or None,
        ]
