"""What LINE is given of each menu in each language: its areas, and a name that tells one edition from the next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.line.richmenus.layout import HEIGHT, WIDTH, bounds
from bot.line.richmenus.menus import CHAT_BAR, DEFAULT, MENUS, SOURCE, Menu
from dialogs.words import Words

OURS = "madoguchi/"
"""Begins the name of every menu that the desk made; it touches no other."""

ALIASES = "madoguchi-"
"""Begins the alias of every menu of the desk: the name under which its present edition is found."""

_DRAWN_BY = ("drawing.py", "icons.py", "layout.py", "letters.otf")


@dataclass(frozen=True)
class Wanted:
    """One menu in one language as it is to stand at LINE."""

    menu: Menu
    words: Words

    @property
    def key(self) -> str:
        """Return what tells it from the others, whatever its edition."""
        return key(self.menu, self.words.locale)

    @property
    def alias(self) -> str:
        """Return the name under which LINE finds its present edition."""
        return alias(self.key)

    @property
    def name(self) -> str:
        """Return its name at LINE, which nobody else sees: with a digest of what it says and how it looks."""
        return f"{OURS}{self.key}/{self._digest()}"

    @property
    def body(self) -> Mapping[str, Any]:
        """Return it as LINE takes it."""
        return {"name": self.name, **self._shape()}

    def _shape(self) -> dict[str, Any]:
        return {
            "size": {"width": WIDTH, "height": HEIGHT},
            "selected": True,
            "chatBarText": self.words.text(CHAT_BAR),
            "areas": [*self._areas()],
        }

    def _areas(self) -> Iterator[dict[str, Any]]:
        for tile, place in zip(self.menu.areas, bounds(self.menu), strict=True):
            label = tile.label(self.words)
            action = {"type": "postback", "label": label, "data": tile.data, "displayText": label}
            yield {"bounds": place.as_json(), "action": action}

    def _digest(self) -> str:
        drawn = [(each.icon, each.lines(self.words)) for each in self.menu.areas]
        said = json.dumps([self._shape(), drawn], sort_keys=True).encode()
        return blake2b(said, digest_size=8, key=_hand()).hexdigest()


def wanted(languages: Mapping[str, Words]) -> tuple[Wanted, ...]:
    """Return every menu in each of *languages*."""
    return tuple(Wanted(menu, words) for menu in MENUS for words in languages.values())


def key(menu: Menu, locale: str) -> str:
    """Return what tells *menu* in the language *locale* from all others; stored with the people who see it."""
    return f"{menu.key}.{locale}"


BEGINNING = key(DEFAULT, SOURCE)
"""What LINE shows to everybody to whom no other is linked."""


def alias(of: str) -> str:
    """Return the alias of the menu with the key *of*, in the letters that LINE allows."""
    return ALIASES + of.lower().translate(str.maketrans(".@_", "---"))


@cache
def _hand() -> bytes:
    """Return a digest of all that draws a picture: a change of it is a new edition of every menu.

    The pictures themselves would not do: another library draws the same a little otherwise.
    """
    here = Path(__file__).parent
    return blake2b(b"".join((here / each).read_bytes() for each in _DRAWN_BY), digest_size=32).digest()
