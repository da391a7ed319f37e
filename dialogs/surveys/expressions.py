"""The small part of XLSForm's expressions that surveys need: comparisons, and, or, not, brackets.

``relevant`` compares earlier answers (``${age} >= 18 and selected(${how}, 'car')``), ``constraint`` the answer itself
(``. >= 0 and . <= 120``).  Whatever else the standard knows is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dialogs.fields.base import Condition
from dialogs.surveys.conditions import Compare, Either, Every, Selected, Unless
from dialogs.words import Message, _, say

OWN, LENGTH, COUNT = ".", "string-length", "count-selected"
"""What a constraint speaks of: the answer itself, how long it is, how many are chosen."""

TODAY = "today"

_LONGEST, _DEEPEST = 1000, 20
_SHOWN = 40
_TOKEN = re.compile(
    r"\s*(?:\$\{\s*(?P<answer>[^{}]*?)\s*\}|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<sign><=|>=|!=|=|<|>)|(?P<mark>[(),.])|(?P<word>[A-Za-z][A-Za-z0-9_:-]*)|(?P<wrong>\S)|$)"
)
_CURLY = frozenset("‘’“”＝＜＞（）＄｛｝，．")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HOW = _("「${age} >= 18」「selected(${how}, 'car')」のような比べ方と、and、or、not( )、かっこが使えます。")
_HOW_OWN = _("「. >= 0 and . <= 120」のように書いてください。")


class NotUnderstood(Exception):
    """An expression that is not taken; *message* says why, and what is understood."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True)
class _Operand:
    """One side of a comparison: the answer *key*, or *value*."""

    key: str = ""
    value: str = ""


_END = _Token("end", "")


def relevant(text: str, key_of: Callable[[str], str]) -> Condition:
    """Return the condition that *text* says; *key_of* gives a question's key by its name in the workbook.

    Raises:
        NotUnderstood: it says something else, or *key_of* raised it.
    """
    return _Reader(_tokens(text), key_of).whole()


def limits(text: str) -> Sequence[Compare]:
    """Return the comparisons that *text* asks of the answer itself, all of which are to hold.

    The key of each is OWN, LENGTH or COUNT; the value a number, an ISO day, or TODAY.

    Raises:
        NotUnderstood: it asks something else.
    """
    found = _Reader(_tokens(text), None).whole()
    parts: list[Condition] = [found]
    while any(isinstance(each, Every) for each in parts):
        parts = [inner for each in parts for inner in (each.parts if isinstance(each, Every) else (each,))]
    compared = [each for each in parts if isinstance(each, Compare)]
    if len(compared) < len(parts):
        raise NotUnderstood(
            say(_("制約では and だけが使えます。{how}"), how=say(_HOW_OWN)),
        )
    return compared


def _tokens(text: str) -> list[_Token]:
    if len(text) > _LONGEST:
        raise NotUnderstood(say(_("式が長すぎます。{most}文字までにしてください。"), most=_LONGEST))
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind == "wrong" and match[kind] in _CURLY:
            raise NotUnderstood(
                say(_("「{part}」は半角で書いてください。引用符は ' か \" です。"), part=match[kind])
            )
        found.append(_Token(kind, match[kind]))
    return found


class _Reader:
    """Reads tokens from left to right; ``key_of`` is None in a constraint, which speaks of its own answer."""

    def __init__(self, tokens: Sequence[_Token], key_of: Callable[[str], str] | None) -> None:
        self._tokens, self._at = tokens, 0
        self._key_of = key_of
        self._depth = 0

    def whole(self) -> Condition:
        found = self._either()
        if self._peek() is not _END:
            raise self._unread()
        return found

    # --- tokens

    def _peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, text: str) -> bool:
        """Return whether the next token is *text*, and go past it if so."""
        token = self._peek()
        if token.kind not in {"mark", "word"} or token.text != text:
            return False
        self._at += 1
        return True

    def _must(self, text: str) -> None:
        if not self._is(text):
            raise self._unread()

    def _unread(self, token: _Token | None = None) -> NotUnderstood:
        how = say(_HOW_OWN if self._key_of is None else _HOW)
        part = (token or self._peek()).text[:_SHOWN]
        if not part:
            return NotUnderstood(say(_("式が途中で終わっています。{how}"), how=how))
        return NotUnderstood(say(_("式の「{part}」は使えません。{how}"), part=part, how=how))

    # --- what they say

    def _either(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood(say(_("かっこが深すぎます。{most}段までにしてください。"), most=_DEEPEST))
        parts = [self._every()]
        while self._is("or"):
            parts.append(self._every())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self) -> Condition:
        parts = [self._one()]
        while self._is("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self) -> Condition:
        if self._is("("):
            return self._closed(self._either())
        if self._is("not"):
            self._must("(")
            return Unless(self._closed(self._either()))
        if self._is("selected"):
            return self._selected()
        return self._comparison()

    def _closed(self, found: Condition) -> Condition:
        self._must(")")
        return found

    def _selected(self) -> Condition:
        self._must("(")
        asked = self._operand()
        self._must(",")
        option = self._operand()
        self._must(")")
        if not asked.key or asked.key == OWN or option.key:
            raise self._unread(_Token("word", "selected"))
        return Selected(asked.key, option.value)

    def _comparison(self) -> Condition:
        left = self._operand()
        if self._peek().kind != "sign":
            raise self._unread()
        sign = self._next().text
        right = self._operand()
        if bool(left.key) == bool(right.key):
            raise NotUnderstood(
                say(_("答えどうし、値どうしは比べられません。答えと値を比べてください。")),
            )
        if left.key:
            return Compare(left.key, sign, right.value)
        return Compare(right.key, _FLIPPED.get(sign, sign), left.value)

    def _operand(self) -> _Operand:
        token = self._next()
        if token.kind == "answer" and self._key_of:
            return _Operand(key=self._key_of(token.text))
        if token.kind == "text":
            return _Operand(value=token.text[1:-1])
        if token.kind == "number":
            return _Operand(value=token.text)
        if token.kind == "word" and token.text == "date":
            return self._date()
        if self._key_of is None:
            return self._own(token)
        raise self._unread(token)

    def _date(self) -> _Operand:
        self._must("(")
        token = self._next()
        if token.kind != "text" or not is_day(token.text[1:-1]):
            raise self._unread(token)
        self._must(")")
        return _Operand(value=token.text[1:-1])

    def _own(self, token: _Token) -> _Operand:
        """Return what only a constraint knows: its own answer, what is counted of it, today."""
        if token.text == OWN:
            return _Operand(key=OWN)
        if token.text == TODAY:
            self._must("(")
            self._must(")")
            return _Operand(value=TODAY)
        if token.text in {LENGTH, COUNT}:
            for each in ("(", OWN, ")"):
                self._must(each)
            return _Operand(key=token.text)
        raise self._unread(token)


def is_day(text: str) -> bool:
    """Return whether *text* is an ISO day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
