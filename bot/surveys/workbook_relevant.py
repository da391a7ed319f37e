"""When a row of the sheet ``survey`` is asked: conditions on earlier rows, and what is wrong with others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.surveys.findings import Findings
from bot.surveys.workbook_rows import Row
from bot.surveys.workbook_types import Asked, Ended, read_type
from dialogs.fields.base import Condition
from dialogs.surveys.conditions import Compare, looked_for
from dialogs.surveys.expressions import NotUnderstood, relevant
from dialogs.surveys.model import OTHER, Question
from dialogs.words import _, say

_NAMED = re.compile(r"\$\{\s*([^{}]*?)\s*\}")


class Order:
    """Which rows name which, so that what comes later can be told from what does not exist."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._refers: dict[str, frozenset[str]] = {}
        self._asked: set[str] = set()
        for row in rows:
            kind = read_type(row.text("type"))
            if isinstance(kind, Ended) or not row.text("name"):
                continue
            name = row.text("name")
            self._refers[name] = frozenset(_NAMED.findall(row.text("relevant")))
            if isinstance(kind, Asked):
                self._asked |= {name, f"{name}_{OTHER}"} if kind.other else {name}

    def why_not(self, name: str, own: str) -> NotUnderstood:
        """Return why the row *own* cannot look at *name*, which is no question before it."""
        if name == own:
            return NotUnderstood(
                say(_("「{name}」は自分自身です。前の質問の答えと比べてください。"), name=name)
            )
        if name not in self._refers and name not in self._asked:
            return NotUnderstood(
                say(_("「{name}」という質問がありません。name のつづりを確かめてください。"), name=name[:40])
            )
        if name not in self._asked:
            return NotUnderstood(
                say(
                    _("「{name}」は答えのある質問ではありません。質問の name を書いてください。"),
                    name=name[:40],
                )
            )
        if own in self._reached(name):
            return NotUnderstood(
                say(
                    _("「{name}」と互いに条件にしています（循環）。どちらかを外してください。"),
                    name=name[:40],
                )
            )
        return NotUnderstood(
            say(_("「{name}」はこの行より後にあります。前の質問だけを条件にできます。"), name=name[:40])
        )

    def _reached(self, name: str) -> set[str]:
        seen: set[str] = set()
        ahead = [name]
        while ahead:
            for each in self._refers.get(ahead.pop(), ()):
                if each not in seen:
                    seen.add(each)
                    ahead.append(each)
        return seen


def condition_of(row: Row, before: Mapping[str, Question], order: Order, found: Findings) -> Condition | None:
    """Return the condition of *row*, given the questions *before* it by name; None where there is none."""
    text = row.text("relevant")
    if not text or text.casefold() in {"yes", "true", "true()", "1"}:
        return None

    def key_of(name: str) -> str:
        if name not in before:
            raise order.why_not(name, row.text("name"))
        return before[name].key

    try:
        condition = relevant(text, key_of)
        _among_options(condition, {each.key: each for each in before.values()})
    except NotUnderstood as reason:
        found.refuse(row.place("relevant"), reason.message)
        return None
    return condition


def _among_options(condition: Condition, by_key: Mapping[str, Question]) -> None:
    for each in looked_for(condition):
        asked = by_key[each.key]
        options = {option.key for option in asked.options}
        compared = isinstance(each, Compare) and (each.sign not in {"=", "!="} or not each.value)
        if options and not compared and each.value not in options:
            raise NotUnderstood(
                say(
                    _("「{value}」は「{name}」の選択肢にありません。あるのは：{known}"),
                    value=each.value[:40],
                    name=each.key,
                    known=", ".join(list(dict.fromkeys(option.key for option in asked.options))[:10]),
                )
            )
