"""What the kinds that take typed words have in common."""

from __future__ import annotations

from dialogs.fields.base import Invalid
from dialogs.reading.masking import mask
from dialogs.reading.text import clean, graphemes
from dialogs.words import Message, _, say

LONGEST_TYPED = 500
"""Characters a choice, a number or a day is looked for in; keeps hostile input from the readers."""

_POINTS = 10  # code points that one character a person sees may have: a family emoji with skins has ten

_TICKS = frozenset({"yes", "on", "true", "1"})


def one_line(text: str) -> str:
    """Return what may be stored of *text*, on one line."""
    return clean(text).replace("\n", " ")


def fitting(text: str, longest: int, part: str = "") -> str:
    """Return *text*.

    Raises:
        Invalid: it has more than *longest* characters, or characters of endless marks.
    """
    if len(text) > longest * _POINTS or graphemes(text) > longest:
        raise Invalid(_("長すぎます。{longest}文字までで入力してください。"), part, longest=longest)
    return text


def without_my_number(text: str, part: str = "") -> str:
    """Return *text*.

    Raises:
        Invalid: twelve digits in it can be an individual number, which the desk must not hold (000-08).
    """
    if "my_number" in mask(text).kinds:
        refusal = _(
            "マイナンバーのような12けたの数字は受け取れません。その数字を消して、もう一度入力してください。"
        )
        raise Invalid(refusal, part)
    return text


def ticked(text: str) -> bool:
    """Return whether a tick box came back ticked, as our buttons, browsers and cards say it."""
    return text.strip().lower() in _TICKS


def empty(label: str, example: str, part: str = "") -> Invalid:
    """Return the refusal of an answer that says nothing."""
    if not example:
        return Invalid(_("{label}を入力してください。"), part, label=say(label))
    return Invalid(
        _("{label}を入力してください。例：{example}"), part, label=say(label), example=say(example)
    )


def as_fact(number: float) -> str | int:
    """Return *number* for a placeholder."""
    return int(number) if number == int(number) else str(number)


def said(text: str) -> Message | str:
    """Return *text* for a placeholder: a wording to be translated, or nothing."""
    return say(text) if text else ""
