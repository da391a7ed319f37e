"""Answers in words: a line, a paragraph, a name, its reading, a telephone number, an e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import regex

from dialogs.fields.base import Control, Field, Given, Input, Invalid, Raw, Value, only
from dialogs.fields.typed import empty, fitting, one_line, without_my_number
from dialogs.reading.email import read_email
from dialogs.reading.kana import read_kana
from dialogs.reading.phone import read_phone
from dialogs.reading.text import clean
from dialogs.words import _, say

_SPACES = regex.compile(r"\s+")
# Characters of one's own (外字) stand in names that Unicode lacks.
_LETTER = regex.compile(r"[\p{L}\p{Co}]")


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A line of at most *longest* characters.  *autocomplete* and *inputmode* are the HTML words."""

    longest: int = 200
    autocomplete: str = ""
    inputmode: str = ""

    control: ClassVar[Control] = Control.LINE

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- a line is always the same
        """Return the line."""
        line = Input(
            "",
            self.control,
            self.label,
            example=self.example,
            longest=self.longest,
            autocomplete=self.autocomplete,
            inputmode=self.inputmode,
            required=self.required,
        )
        return (line,)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the text of *raw* as it may be stored."""
        text = fitting(self._kept(only(raw)), self.longest)
        if not text:
            raise empty(self.label, self.example)
        return self._understood(without_my_number(text), given)

    def _kept(self, text: str) -> str:
        """Return what is kept of *text*."""
        return one_line(text)

    def _understood(self, text: str, given: Given) -> str:  # noqa: ARG002 -- other kinds look at the world
        """Return the value of *text*."""
        return text

    def _unlike_example(self, text: str) -> Invalid:
        """Return the refusal *text*, which shows the example."""
        return Invalid(text, label=say(self.label), example=say(self.example))


@dataclass(frozen=True, kw_only=True)
class LongText(Text):
    """A paragraph; its lines stay as they were typed."""

    longest: int = 1000

    control: ClassVar[Control] = Control.LINES

    def _kept(self, text: str) -> str:
        return clean(text)


@dataclass(frozen=True, kw_only=True)
class Name(Text):
    """The name of a person or an organisation, character by character as it was typed."""

    example: str = _("見本 太郎")
    longest: int = 60
    autocomplete: str = "name"

    def _kept(self, text: str) -> str:
        # One space between the parts, the full-width one where that was typed.
        return _SPACES.sub(lambda run: "\u3000" if run[0][0] == "\u3000" else " ", clean(text))

    def _understood(self, text: str, given: Given) -> str:  # noqa: ARG002
        if not _LETTER.search(text):
            raise self._unlike_example(_("{label}は文字で、「{example}」のように入力してください。"))
        return text


@dataclass(frozen=True, kw_only=True)
class Kana(Text):
    """フリガナ, in full-width katakana."""

    example: str = _("ミホン タロウ")
    longest: int = 60

    def _understood(self, text: str, given: Given) -> str:  # noqa: ARG002
        kana = read_kana(text)
        if kana is None:
            raise self._unlike_example(_("フリガナはカタカナで、「{example}」のように入力してください。"))
        return kana


@dataclass(frozen=True, kw_only=True)
class Phone(Text):
    """A Japanese telephone number; one without its area code is completed with the office's."""

    example: str = "011-211-2879"
    longest: int = 40
    autocomplete: str = "tel"
    inputmode: str = "tel"

    def _understood(self, text: str, given: Given) -> str:
        number = read_phone(text, given.world.office.area_code)
        if number is None:
            raise self._unlike_example(
                _("電話番号を読み取れませんでした。市外局番から「{example}」のように入力してください。")
            )
        return number


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    """An e-mail address."""

    example: str = "mihon@example.jp"
    longest: int = 254
    autocomplete: str = "email"
    inputmode: str = "email"

    def _understood(self, text: str, given: Given) -> str:  # noqa: ARG002
        address = read_email(text)
        if address is None:
            raise self._unlike_example(
                _("メールアドレスを読み取れませんでした。「{example}」のように入力してください。")
            )
        return address
