"""Amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dialogs.fields.base import Cell, Control, Field, Given, Input, Invalid, Option, Raw, Value, only
from dialogs.fields.typed import LONGEST_TYPED, as_fact, said
from dialogs.reading.numbers import read_number
from dialogs.words import Message, Words, _, say


@dataclass(frozen=True)
class Advice:
    """The *amount* that other answers make likely, and the sentence that says how it was reckoned."""

    amount: int
    message: Message


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number from *least* to *most*, both included, in *unit*, with at most *decimals* decimals.

    The value is an int, a float where it may have decimals.  *suggest* are amounts that one tap answers; any other
    is typed.  *advise* reckons an amount from the other answers, which one tap answers as well.
    """

    unit: str = ""
    least: float
    most: float
    decimals: int = 0
    suggest: tuple[float, ...] = ()
    advise: Callable[[Given], Advice | None] | None = None

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the number, with what is suggested in the reader's words."""
        keys = "decimal" if self.decimals else "numeric"
        number = Input(
            "",
            Control.NUMBER,
            self.label,
            example=self._model,
            unit=self.unit,
            options=self._options(given),
            inputmode=keys if self.least >= 0 else "",  # the keys of some telephones have no minus
            required=self.required,
        )
        return (number,)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the number *raw* gives."""
        amount = self._amount(only(raw), given.words)
        if amount is None:
            raise self._refusal(
                _("数字を読み取れませんでした。「{example}」のように、数字で入力してください。")
            )
        if amount != round(amount, self.decimals):
            raise self._too_fine()
        if amount < Decimal(str(self.least)):
            raise self._refusal(_("小さすぎます。{least}{unit}以上の数を入力してください。例：{example}"))
        if amount > Decimal(str(self.most)):
            raise self._refusal(_("大きすぎます。{most}{unit}以下の数を入力してください。例：{example}"))
        # Adding zero makes 0 of -0, which nobody means.
        return float(amount) + 0 if self.decimals else int(amount)

    def raw(self, value: Value) -> Raw:
        """Return *value* in digits: no exponent, which a person would never type."""
        return {"": f"{Decimal(str(value)):f}"}

    def show(self, value: Value, words: Words) -> str:
        """Return *value* with its unit."""
        if not self.unit:
            return words.number(value)
        return words.text(_("{number}{unit}"), number=words.number(value), unit=say(self.unit))

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:  # noqa: ARG002
        """Return the number itself: a sheet can add it up."""
        return (value,)

    def advised(self, given: Given) -> Message | None:
        """Return how the advice was reckoned."""
        advice = self.advise(given) if self.advise else None
        return advice.message if advice else None

    def _options(self, given: Given) -> tuple[Option, ...]:
        """Return the suggested amounts, the advised one before the others."""
        advice = self.advise(given) if self.advise else None
        advised = [advice.amount] if advice and self.least <= advice.amount <= self.most else []
        amounts = dict.fromkeys((*advised, *self.suggest))
        return tuple(self._suggested(each, given.words) for each in amounts)

    def _suggested(self, amount: float, words: Words | None) -> Option:
        return Option(str(amount), self.show(amount, words) if words else str(amount))

    @property
    def _model(self) -> str:
        return self.example or str(as_fact(self.least))

    def _amount(self, text: str, words: Words | None) -> Decimal | None:
        if len(text) > LONGEST_TYPED:
            return None
        units = dict.fromkeys((self.unit, words.text(self.unit) if words and self.unit else self.unit))
        amounts = (read_number(text, unit) for unit in units)
        return next((amount for amount in amounts if amount is not None), None)

    def _too_fine(self) -> Invalid:
        if not self.decimals:
            return self._refusal(_("小数は使えません。「{example}」のように、整数で入力してください。"))
        return Invalid(
            _("小数点の下は{decimals}けたまでです。「{example}」のように入力してください。"),
            decimals=self.decimals,
            example=say(self._model),
        )

    def _refusal(self, text: str) -> Invalid:
        return Invalid(
            text,
            least=as_fact(self.least),
            most=as_fact(self.most),
            unit=said(self.unit),
            example=say(self._model),
        )
