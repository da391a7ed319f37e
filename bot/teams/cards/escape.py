"""Words of people on a card, shown as they were typed.

Teams reads Markdown in ``TextBlock``, in facts and in the titles of ticks, so such words stand in the runs of a
``RichTextBlock``, which are plain.  Two things remain even there: ``{{DATE(…)}}`` is replaced by a day, and
characters that turn the reading direction reach beyond their own text.
"""

from __future__ import annotations

import re

from dialogs.reading.text import clip_utf16

MOST_LINES = 40
"""Lines of one text; more would make a card of line ends alone."""

_LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029]")
# Line ends apart: controls, halves of pairs, and what embeds, overrides or isolates a reading direction.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_MACRO = re.compile(r"(?<=\{)(?=\{)")
_BLANKS = re.compile(r"^ | (?= )| $")
_SPACES = re.compile(r" {2,}")
_NO_BREAK_SPACE = "\u00a0"

_BARE = re.compile(
    r"""
      (?! [0-9]+[.)] | [-+] | \s )                   # a list, a heading by indentation
      (?: [^\W_]                                      # letters and digits of all languages
        | [\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u3000-\u3002\u3008-\u3011\u301c\u30fb]
                                                      # full-width marks mean themselves
        | [ \u2010\u2015\u2026\u2192%,:;!?()']
        | / (?!/) | - | \. (?= \s | $ )               # no address, no item of a list
      )+
    """,
    re.VERBOSE,
)


_FULL_WIDTH = {at: at + 0xFEE0 for at in range(0x21, 0x7F) if not chr(at).isalnum()}


def lines(text: str, most: int = MOST_LINES) -> list[str]:
    """Return *text* line by line, without what cannot be seen; at most *most* lines of it."""
    if text.isprintable():  # nearly all there is: no line end, nothing unseen
        return [text]
    found = [_UNSEEN.sub("", line.replace("\t", " ")) for line in _LINE_END.split(text)]
    return found if len(found) <= most else [*found[: most - 1], "…"]


def runs(line: str) -> list[str]:
    """Return *line* in pieces none of which a client replaces; joined they are read as the line."""
    # A page would draw several spaces as one.
    kept = _BLANKS.sub(_NO_BREAK_SPACE, line) if " " in line else line
    return _MACRO.split(kept) if "{{" in kept else [kept]


def is_bare(text: str) -> bool:
    """Return whether Markdown reads *text* as it stands: no mark of it, no address, no list."""
    return _BARE.fullmatch(text) is not None


def harmless(text: str) -> str:
    """Return our own wording *text*, its marks full-width where Markdown could read them: for titles of ticks."""
    return text if is_bare(text) else text.translate(_FULL_WIDTH)


def one_line(text: str, most: int) -> str:
    """Return *text* in at most *most* UTF-16 units on one line: for titles, which are plain everywhere."""
    return clip_utf16(_SPACES.sub(" ", " ".join(lines(text))).strip(), most)
