"""The rows of the sheet ``survey``, one after the other, as questions in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.surveys.findings import Findings
from bot.surveys.workbook_choices import missing_list
from bot.surveys.workbook_relevant import Order, condition_of
from bot.surveys.workbook_rows import Row
from bot.surveys.workbook_texts import (
    HEADING,
    HINT,
    LABEL,
    MESSAGE,
    NOTE,
    is_yes,
    key_in,
    key_of,
    longest,
    text_of,
)
from bot.surveys.workbook_types import Asked, Begun, Ended, Ignored, Noted, Unknown, read_type
from dialogs.fields.base import Condition, Option
from dialogs.surveys.asked import joined
from dialogs.surveys.bounding import bounded, scale
from dialogs.surveys.conditions import Selected, together
from dialogs.surveys.expressions import NotUnderstood
from dialogs.surveys.model import OTHER, Bounds, Group, Kind, Question
from dialogs.words import _

MOST_QUESTIONS = 150
MOST_NESTED = 5


@dataclass(frozen=True)
class _Open:
    """A group that has begun at *row*."""

    row: Row
    key: str
    label: str
    relevant: Condition | None


@dataclass
class _Part:
    """Questions that stand together in the group *key*."""

    key: str
    label: str
    questions: list[Question] = field(default_factory=list)


@dataclass
class Reading:
    """What the rows have said so far."""

    choices: Mapping[str, tuple[Option, ...]]
    default: str
    found: Findings
    order: Order
    parts: list[_Part] = field(default_factory=list)
    by_name: dict[str, Question] = field(default_factory=dict)
    _rows_of: dict[str, int] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _notes: list[tuple[Row, str]] = field(default_factory=list)
    _fresh: bool = True

    def take(self, row: Row) -> None:
        """Read the next row."""
        if row.text("disabled").casefold() in {"yes", "true", "true()"}:
            self.found.remark(row.place(), _("disabled の行なので読みません。"))
            return
        typed = read_type(row.text("type"))
        match typed:
            case Ignored():
                self.found.remark(row.place("type"), _("回答した人がわかるおそれがあるので、記録しません。"))
            case Unknown(why):
                self.found.refuse(row.place("type"), why)
            case _:
                self._reckons_nothing(row)
                self._understood(row, typed)

    def _understood(self, row: Row, typed: Asked | Begun | Ended | Noted) -> None:
        match typed:
            case Begun():
                self._begin(row)
            case Ended():
                self._end(row)
            case Noted():
                self._note(row)
            case Asked():
                self._ask(row, typed)

    def _reckons_nothing(self, row: Row) -> None:
        for column in ("calculation", "repeat_count", "trigger"):
            if row.text(column):
                text = _("計算やくり返しは使えません。このセルを空にしてください。")
                self.found.refuse(row.place(column), text)

    def finish(self) -> tuple[tuple[Group, ...], str]:
        """Return the groups, and what is said at the end."""
        for each in self._open:
            self.found.refuse(
                each.row.place("type"), _("この begin_group に対応する end_group がありません。")
            )
        for row, _text in self._notes:
            self._unconditional(row, "")
        return tuple(map(_group, self.parts)), joined([text for _row, text in self._notes], "\n\n")

    # --- groups

    def _begin(self, row: Row) -> None:
        if len(self._open) >= MOST_NESTED:
            self.found.refuse(row.place("type"), _("グループの入れ子は{most}段までです。"), most=MOST_NESTED)
        key = key_of(row.text("name")) or f"group_{row.number}"
        label = text_of(row, "label", HEADING, self.default, self.found)
        inner = condition_of(row, self.by_name, self.order, self.found)
        self._open.append(_Open(row, key, label, inner))
        self._fresh = True

    def _end(self, row: Row) -> None:
        self._fresh = True
        if self._open:
            self._open.pop()
        else:
            self.found.refuse(row.place("type"), _("この end_group に対応する begin_group がありません。"))

    def _part(self) -> _Part:
        if self._fresh or not self.parts:
            key = self._open[-1].key if self._open else "top"
            label = next((each.label for each in reversed(self._open) if each.label), "")
            taken = {each.key for each in self.parts}
            numbered = (key if number == 1 else f"{key}_{number}" for number in range(1, len(taken) + 2))
            self.parts.append(_Part(next(each for each in numbered if each not in taken), label))
            self._fresh = False
        return self.parts[-1]

    # --- notes

    def _note(self, row: Row) -> None:
        text = text_of(row, "label", NOTE, self.default, self.found)
        if not text and not row.worded.get("label"):
            self.found.refuse(row.place("label"), _("label がありません。画面に出す文を書いてください。"))
        self._notes.append((row, text))

    def _noted(self, row: Row) -> str:
        """Return what is said before the question of *row*."""
        for note, _text in self._notes:
            self._unconditional(note, row.text("relevant"))
        text = joined([text for _row, text in self._notes if text], "\n\n")
        if longest(text) > NOTE and len(self._notes) > 1:
            place = self._notes[-1][0].place("label")
            self.found.refuse(place, _("続いている note が、合わせて{most}文字をこえています。"), most=NOTE)
        self._notes.clear()
        return text

    def _unconditional(self, note: Row, same: str) -> None:
        if note.text("relevant") not in {"", same}:
            self.found.refuse(
                note.place("relevant"),
                _("note だけに条件はつけられません。次の質問と同じ条件にするか、グループに入れてください。"),
            )

    # --- questions

    def _ask(self, row: Row, asked: Asked) -> None:
        if "label" in row.text("appearance").split() and asked.kind.has_options:
            self.found.remark(row.place("appearance"), _("表の見出しの行なので、質問としては読みません。"))
            return
        key = key_in(row, self.found)
        question = self._question(row, asked, key or f"row_{row.number}")
        if key is None or self._doubled(row, key):
            return
        self.by_name[row.text("name")] = question
        self._part().questions.append(question)
        if asked.other:
            self._ask_other(row, question)
        if sum(len(each.questions) for each in self.parts) == MOST_QUESTIONS + 1:
            self.found.refuse(
                row.place(), _("質問が多すぎます。{most}問までにしてください。"), most=MOST_QUESTIONS
            )

    def _doubled(self, row: Row, key: str) -> bool:
        if key in self._rows_of:
            text = _("name の「{name}」は{row}行目にもあります。違う名前にしてください。")
            self.found.refuse(row.place("name"), text, name=key, row=self._rows_of[key])
            return True
        self._rows_of[key] = row.number
        return False

    def _question(self, row: Row, asked: Asked, key: str) -> Question:
        for column in ("choice_filter", "default"):
            if row.text(column):
                self._unusual(row, column)
        label = text_of(row, "label", LABEL, self.default, self.found)
        if not row.worded.get("label"):
            self.found.refuse(row.place("label"), _("label がありません。質問の文を書いてください。"))
        own = condition_of(row, self.by_name, self.order, self.found)
        return Question(
            key,
            asked.kind,
            label,
            hint=text_of(row, "hint", HINT, self.default, self.found),
            note=self._noted(row),
            required=is_yes(row, "required", self.found),
            relevant=together([*(each.relevant for each in self._open), own]),
            choices=asked.choices,
            options=self._options(row, asked),
            bounds=self._bounds(row, asked.kind),
            long="multiline" in row.text("appearance") or "rows=" in row.text("parameters"),
        )

    def _unusual(self, row: Row, column: str) -> None:
        if column == "default":
            self.found.remark(
                row.place(column), _("はじめから入れておく答えは使いません（答えが偏るため）。")
            )
        else:
            text = _("選択肢のしぼり込みは使えません。リストを分け、relevant で質問を分けてください。")
            self.found.refuse(row.place(column), text)

    def _options(self, row: Row, asked: Asked) -> tuple[Option, ...]:
        if not asked.kind.has_options:
            return ()
        options = self.choices.get(asked.choices)
        if options is None:
            missing_list(row.place("type"), asked.choices, self.choices, self.found)
            return ()
        if not asked.other:
            return options
        if any(each.key == OTHER for each in options):
            text = _("リストに other があるので、or_other は使えません。どちらかにしてください。")
            self.found.refuse(row.place("type"), text)
            return options
        return (*options, Option(OTHER, _("その他")))

    def _ask_other(self, row: Row, question: Question) -> None:
        key = f"{question.key}_{OTHER}"
        wanted = Selected(question.key, OTHER)
        more = Question(
            key,
            Kind.TEXT,
            _("「その他」の内容"),
            relevant=together([question.relevant, wanted]) if question.relevant else wanted,
            follows=question.key,
        )
        if not self._doubled(row, key):
            self.by_name[f"{row.text('name')}_{OTHER}"] = more
            self._part().questions.append(more)

    def _bounds(self, row: Row, kind: Kind) -> Bounds:
        bounds = Bounds()
        message = text_of(row, "constraint_message", MESSAGE, self.default, self.found)
        if message and not kind.is_number:
            self.found.remark(
                row.place("constraint_message"), _("数の質問のほかは、窓口の決まった文で伝えます。")
            )
            message = ""
        column = "parameters"
        try:
            if kind is Kind.RANGE:
                bounds = scale(_parameters(row.text("parameters")))
            column = "constraint"
            if row.text("constraint"):
                bounds = bounded(kind, bounds, row.text("constraint"))
        except NotUnderstood as reason:
            self.found.refuse(row.place(column), reason.message)
        return replace(bounds, message=message)


def _parameters(text: str) -> Sequence[tuple[str, str]]:
    parts = text.replace(",", " ").replace(";", " ").replace(" =", "=").replace("= ", "=").split()
    return [(name, value) for name, _equals, value in (each.partition("=") for each in parts)]


def _group(part: _Part) -> Group:
    lists = {each.choices for each in part.questions}
    one_of = all(each.kind is Kind.SELECT_ONE for each in part.questions)
    matrix = one_of and len(part.questions) > 1 and len(lists) == 1
    return Group(part.key, part.label, tuple(part.questions), matrix=matrix and part.label != "")
