"""Characters that a file cannot hold, and what stands in their place.  Whoever exports is told of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Changes: TypeAlias = "tuple[tuple[str, str], ...]"
"""The characters that were changed, each with what stands for it now."""

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that no text file or workbook can hold."""

GETA = "〓"  # untranslated: the mark that Japanese printers put where a type is missing
"""Stands for a character that Shift_JIS lacks."""

# What XML 1.0 admits, without the control characters C1, which break readers of workbooks and CSV alike.
_UNHOLDABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")

ALIKE: Mapping[str, str] = dict(  # untranslated: characters, not words
    (
        # signs of which Shift_JIS has another form
        *zip("〜—−‖¢£¬–‑•", "～―－∥￠￡￢－－・", strict=True),
        # standard characters whose older or printed form is the one that Shift_JIS has
        *zip(
            "𠮷鷗焰吞塡剝頰噓姸屛幷瘦繫簞蟬蠟軀醬麴禱攢潑鹼俱顚嚙囊摑搔萊啞",
            "吉鴎焔呑填剥頬嘘妍屏并痩繋箪蝉蝋躯醤麹祷攅溌鹸倶顛噛嚢掴掻莱唖",
            strict=True,
        ),
        ("㍿", "株式会社"),
        ("㋿", "令和"),
    )
)
"""What is put for a character that Shift_JIS lacks, where readers take it for the same."""


@dataclass(frozen=True)
class Fitted:
    """A text as a file can hold it, and what was changed in it."""

    text: str
    changes: Changes = ()


@dataclass(frozen=True)
class Fit:
    """How a kind of file takes texts.

    *fitted* returns a text as the file can hold it.  *holds* says in one look whether nothing would be changed;
    what holds for texts joined holds for each.
    """

    holds: Callable[[str], bool]
    fitted: Callable[[str], Fitted]


def is_sound(text: str) -> bool:
    """Return whether both CSV and a workbook can hold *text*."""
    return not _UNHOLDABLE.search(text)


def sound(text: str) -> Fitted:
    """Return *text* without what neither CSV nor a workbook can hold: control characters, half surrogates."""
    if is_sound(text):
        return Fitted(text)
    found = dict.fromkeys(_UNHOLDABLE.findall(text), UNKNOWN)
    return Fitted(_UNHOLDABLE.sub(UNKNOWN, text), tuple(found.items()))


def cp932(text: str) -> Fitted:
    """Return *text* as Excel's Shift_JIS (cp932) can hold it, such that reading it again changes nothing."""
    if is_held(text):
        return Fitted(text)
    out: list[str] = []
    changes: dict[str, str] = {}
    for character in text:
        if is_held(character):
            out.append(character)
        elif out and unicodedata.combining(character) and is_held(_joined(out[-1], character)):
            out[-1] = _joined(out[-1], character)  # か and its mark, as two: the same text in one
        else:
            changes[character] = _replacement(character)
            out.append(changes[character])
    return Fitted("".join(out), tuple(changes.items()))


def _joined(base: str, mark: str) -> str:
    joined = unicodedata.normalize("NFC", base + mark)
    return joined if len(joined) == 1 else UNKNOWN


def is_held(text: str) -> bool:
    """Return whether Excel's Shift_JIS can hold *text* and gives it back unchanged."""
    try:
        return text.encode("cp932").decode("cp932") == text and not _UNHOLDABLE.search(text)
    except UnicodeError:
        return False


def _replacement(character: str) -> str:
    if character in ALIKE:
        return ALIKE[character]
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} and not _UNHOLDABLE.match(character):
        return ""  # a mark, a joiner, a variation selector: nothing without its base
    for form in ("NFKC", "NFKD"):
        plain = "".join(
            each for each in unicodedata.normalize(form, character) if not unicodedata.combining(each)
        )
        if plain and plain != character and is_held(plain):
            return plain
    return GETA
