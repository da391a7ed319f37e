"""A whole inspection in one sentence: 「全部正常、C 210GB、UPS 12分、PC3 ファン異音」.

Nothing is guessed: a row is marked only where the sentence names it, or says that all the others are normal; what
may concern a row without being understood keeps 全部 from covering it, so that it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dialogs.fields.base import Answers, Raw
from dialogs.form import Sentence
from dialogs.procedures.inspection.pieces import (
    CONTRADICTION,
    UNKNOWN,
    Stated,
    Unread,
    is_everything,
    understood,
)
from dialogs.procedures.inspection.sheet import FINDING, NORMAL, NOT_APPLICABLE, Row, Sheet
from dialogs.procedures.inspection.vocabulary import SITES, Vocabulary, plain
from dialogs.procedures.premises import Site
from dialogs.reading.text import fold
from dialogs.words import _, say
from dialogs.world import World

LONGEST = 2000
"""Characters of the longest sentence that is read; a thousand is a remark for every row."""

_NO_SITE = _("どの履行場所の点検か分かりません。一つを選んでから、もう一度送ってください。")
_LEFT = _("すでに「指摘」「対象外」とした項目は、そのままにしました。")

_BETWEEN = re.compile(r"[、。;\n]|,(?![0-9]{3}(?![0-9]))")
_NEXT = re.compile(  # untranslated: what people type
    r"((?<=[0-9])(?:GB|TB|分)|正常|対象外|異常なし|問題なし) (?!正常|指摘|対象外|異常|問題|空き|残|以外|を?除|NG|OK)",
    re.IGNORECASE,
)
_AT = re.compile(rf"({'|'.join(SITES)})(?:の|は|で|[: ])*")  # untranslated: what people type


class Reader:
    """Reads sentences about the rows of *sheet*; see :class:`dialogs.form.Form`."""

    def __init__(self, sheet: Sheet) -> None:
        self._vocabularies = {site.value: Vocabulary(sheet, site) for site in Site}
        self._labels = frozenset(fold(row.wording) for row in sheet.rows)

    def __call__(self, text: str, answers: Answers, world: World) -> Sentence | None:  # noqa: ARG002
        """Return the answers in *text*, None where it speaks of nothing on the sheet."""
        if len(text) > LONGEST or fold(text) in self._labels:
            return None
        pieces, said = _placed(_pieces(text))
        asked = answers.get("site") or (said.pop() if len(said) == 1 else "")
        vocabulary = self._vocabularies.get(asked)
        if vocabulary is None or said - {asked}:
            return self._homeless(pieces)
        report = _Report(vocabulary.rows, answers)
        if "site" not in answers:
            report.raws["site"] = {"": asked}
        for piece in pieces:
            report.hear(piece, vocabulary)
        return report.sentence()

    def _homeless(self, pieces: Sequence[str]) -> Sentence | None:
        """Return that the site must be known first, None where nothing is said of any."""
        known = self._vocabularies.values()
        if any(is_everything(piece) or any(each.names(piece)) for piece in pieces for each in known):
            return Sentence({}, (say(_NO_SITE),))
        return None


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces of *text*, each in plain spelling."""
    lines = "、".join(text.splitlines())  # untranslated: a separator
    for piece in _BETWEEN.split(_NEXT.sub(r"\1、", plain(lines))):  # untranslated: a separator
        if piece.strip():
            yield piece.strip()


def _placed(pieces: Iterable[str]) -> tuple[Sequence[str], set[str]]:
    """Return *pieces* without the sites that they begin with, and the keys of these."""
    left, said = [], set()
    for piece in pieces:
        found = _AT.match(piece)
        if found:
            said.add(SITES[found[1]].value)
        rest = piece[found.end() :] if found else piece
        if rest:
            left.append(rest)
    return left, said


@dataclass
class _Report:
    """What the pieces heard so far come to, for the *rows* of one site; it lives as long as one reading."""

    rows: Mapping[str, Row]
    answers: Answers
    raws: dict[str, Raw] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    marks: dict[str, list[Stated]] = field(default_factory=dict)
    numbers: dict[str, dict[Decimal, str]] = field(default_factory=dict)
    everything: bool = False

    def hear(self, piece: str, vocabulary: Vocabulary) -> None:
        """Take *piece* into account."""
        if is_everything(piece):
            self.everything = True
            return
        heard = understood(piece, vocabulary)
        if isinstance(heard, Unread):
            self.unread.append(heard)
            return
        for key in heard.rows:
            self.marks.setdefault(key, []).append(heard)
        if heard.number:
            key, value = heard.number
            self.numbers.setdefault(key, {})[value] = piece

    def sentence(self) -> Sentence | None:
        """Return what was heard; None where nothing of it was about the sheet."""
        left = [self._row(row) for row in self.rows.values()]
        if not self.raws and all(each.reason == UNKNOWN for each in self.unread):
            return None
        notes = [say(_LEFT)] if any(left) else []
        return Sentence(self.raws, (*(say(each.reason, piece=each.piece) for each in self.unread), *notes))

    def _row(self, row: Row) -> bool:
        """Put down what is said of *row*; return whether an earlier answer was left as it is."""
        marked = self._marked(row.key)
        if marked:
            self._mark(row, marked)
        elif self.everything and not any(row.key in each.rows for each in self.unread):
            if self.answers.get(row.key) in (FINDING, NOT_APPLICABLE):
                return True
            self.raws[row.key] = {"": NORMAL}
        if row.amount:
            self._measure(row.amount.key, skipped=bool(marked) and marked[0].verdict == NOT_APPLICABLE)
        return False

    def _marked(self, key: str) -> Sequence[Stated]:
        """Return what is said of the row *key*, as exactly as it is; nothing where that is contradictory."""
        said = self.marks.get(key, [])
        exact = [each for each in said if each.exact] or said
        if len({each.verdict for each in exact}) > 1:
            self.unread.append(Unread(exact[-1].piece, CONTRADICTION, frozenset({key})))
            return []
        return exact

    def _mark(self, row: Row, said: Sequence[Stated]) -> None:
        self.raws[row.key] = {"": said[0].verdict}
        remarks = dict.fromkeys(each.remark for each in said if each.remark)
        if remarks:
            self.raws[row.remark] = {"": "\n".join(remarks)}

    def _measure(self, key: str, *, skipped: bool) -> None:
        said = self.numbers.get(key, {})
        if len(said) > 1:
            self.unread.append(Unread([*said.values()][-1], CONTRADICTION))
        elif said:
            self.raws[key] = {"": f"{next(iter(said)):f}"}
        elif skipped:
            self.raws[key] = {"": ""}
