"""別添3 保守点検チェックシート 兼 報告書 of both sites as one form, an edition for each register (002-08, 11…14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dialogs.fields import Answers, Choice, Day, Field, Is, LongText, Number, Option, Photo, Text
from dialogs.form import Form, Page
from dialogs.procedures.inspection.equipment import REGISTERS, EquipmentRegister
from dialogs.procedures.inspection.reading import Reader
from dialogs.procedures.inspection.sheet import (
    FINDING,
    NORMAL,
    NOT_APPLICABLE,
    Amount,
    Row,
    Section,
    Sheet,
    sheet,
)
from dialogs.procedures.premises import SEVERITIES, SITES, Site, today
from dialogs.words import Message, _, say
from dialogs.world import World

RESULTS = (
    Option(NORMAL, _("正常")),
    Option(FINDING, _("指摘")),
    Option(NOT_APPLICABLE, _("対象外")),
)

HEADER = Page(
    "header",
    _("点検の概要"),
    (
        Choice("site", _("履行場所"), SITES, question=_("どちらの点検ですか。")),
        Day("day", _("点検実施日"), most=today, example=_("6月15日")),
        Choice(
            "kind",
            _("点検の種類"),
            (
                Option("monthly", _("定期点検（毎月）")),
                Option("call_out", _("緊急出動")),
                Option("other", _("その他")),
            ),
        ),
        Text("firm", _("点検実施業者"), longest=80, example=_("見本システム株式会社")),
        Text("contract", _("契約コード"), longest=40, required=False),
        Text("model", _("形式等"), longest=80, required=False, when=Is("site", Site.OFFICE.value)),
    ),
)
"""The head of 別添3; 形式等 stands on the sheet of 処理場管理事務所 alone (002-11)."""

CLOSING = Page(
    "closing",
    _("記入欄"),
    # Written last, so it is asked with the rows: before the site is known there is nothing to write of.
    (LongText("notes", _("記入欄"), required=False, longest=1000, when=Is("site", *Site)),),
)


class NumbersGiven:
    """The rule that a row which was looked at has its number: only beside 対象外 it may stay empty (002-14)."""

    def __init__(self, made: Sheet) -> None:
        self._rows = tuple((row.amount.key, row.key) for row in made.rows if row.amount)

    def __call__(self, answers: Answers, world: World) -> Mapping[str, Message]:  # noqa: ARG002
        """Return the numbers that were left empty and must not be."""
        text = _("数を入力してください。点検しない項目は「対象外」にしてください。")
        return {
            number: say(text)
            for number, row in self._rows
            if number in answers and answers[number] is None and answers.get(row) in (NORMAL, FINDING)
        }


def page(section: Section) -> Page:
    """Return the questions of *section*: each row, its number, and what is asked of a finding."""
    return Page(section.key, section.title, tuple(each for row in section.rows for each in _fields(row)))


def _fields(row: Row) -> Iterator[Field]:
    here, found = Is("site", row.site.value), Is(row.key, FINDING)
    yield Choice(row.key, row.wording, RESULTS, hint=row.group, when=here)
    if row.amount:
        yield _number(row.amount, row.note, here)
    yield LongText(row.remark, _("指摘の内容"), longest=500, hint=row.wording, when=found)
    yield Choice(row.severity, _("重要度"), SEVERITIES, hint=row.wording, when=found)
    yield Photo(row.photo, _("指摘の写真"), required=False, hint=row.wording, when=found)


def _number(amount: Amount, note: str, here: Is) -> Number:
    # It may stay empty: a row that is not looked at has no number (see NumbersGiven).
    return Number(
        amount.key,
        amount.label,
        unit=amount.unit,
        least=0,
        most=amount.most,
        decimals=amount.decimals,
        hint=note,
        required=False,
        when=here,
    )


def form(register: EquipmentRegister) -> Form:
    """Return the form's edition that *register* gives.

    Raises:
        ValueError: the rows are no longer those that the register was entered with.
    """
    made = sheet(register)
    if made.digest != register.digest:
        raise ValueError(
            f"the rows of edition {register.edition} changed (now {made.digest}); what was filed must be shown "
            "as it was asked, so write a new edition instead (docs/inspection.md)"
        )
    return Form(
        "inspection",
        _("保守点検チェックシート 兼 報告書"),
        register.edition,
        (HEADER, *map(page, made.sections), CLOSING),
        since=register.since,
        checks=(NumbersGiven(made),),
        sentence=Reader(made),
        compare_by="site",
        file=_("提出する"),
    )


def forms(registers: Sequence[EquipmentRegister]) -> tuple[Form, ...]:
    """Return the form's edition of each of *registers*.

    Raises:
        ValueError: a key means something else than in an earlier edition, or rows changed without a new one.
    """
    wordings: dict[str, tuple[str, str]] = {}
    for row in (row for register in registers for row in sheet(register).rows):
        meant = (row.site.value, row.wording)
        if wordings.setdefault(row.key, meant) != meant:
            raise ValueError(f"the key {row.key} has two meanings: {wordings[row.key]} and {meant}")
    return tuple(map(form, registers))


FORMS = forms(REGISTERS)
"""Every edition, the oldest first."""
