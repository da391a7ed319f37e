"""The nation's postal codes, read from the table that ships with the program."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import RLock

from dialogs.office import Office
from dialogs.reading.address import AddressMatcher, Match, Town

_CODE_DIGITS = 7
_LINE = re.compile(rb"^[0-9]{7}\t(?P<prefecture>[^\t]*)\t(?P<city>[^\t]*)\t.*$", re.MULTILINE)
_CODE = re.compile(r"[0-9]{7}")


class ShippedPostalTable:
    """The towns of the nation by postal code, and the addresses of *cities* as people write them.

    *cities* are named with their prefecture (北海道札幌市): there is a 府中市 in two of them.  The table is
    read at the first question and kept as text, 9 MB: 124,000 objects would take ten times that.
    """

    def __init__(self, cities: frozenset[str], table: Traversable | None = None) -> None:
        self._cities = cities
        self._table = table or files("bot") / "data" / "postal.txt.gz"
        self._lock = RLock()

    def towns(self, postcode: str) -> tuple[Town, ...]:
        """Return the towns of seven digits, none where there is no such code."""
        if not _CODE.fullmatch(postcode):
            return ()
        return tuple(map(_town, self._lines_of(postcode.encode())))

    def match(self, text: str) -> Match | None:
        """Return the one place in *cities* that *text* can mean, None where it is none or several."""
        with self._lock:
            matcher = self._matcher
        return matcher.match(text)

    @property
    def source(self) -> str:
        """Return whose data the table is and of which edition, in one line."""
        text = self._text
        return text[: text.index(b"\n")].decode().lstrip("# ")

    @cached_property
    def _matcher(self) -> AddressMatcher:
        return AddressMatcher(_town(line) for line in self._lines_of_cities())

    @property
    def _text(self) -> bytes:
        # Two requests may ask first at one moment: the second waits instead of reading 9 MB again.
        with self._lock:
            return self._unpacked

    @cached_property
    def _unpacked(self) -> bytes:
        return gzip.decompress(self._table.read_bytes())

    def _lines_of(self, code: bytes) -> Iterator[bytes]:
        """Yield the lines of *code*, found by halving: they are in order of the codes."""
        text = self._text
        low, high = text.index(b"\n") + 1, len(text)
        while low < high:
            middle = text.rfind(b"\n", 0, (low + high) // 2) + 1
            middle = max(middle, low)
            if text[middle : middle + _CODE_DIGITS] < code:
                low = text.index(b"\n", middle) + 1
            else:
                high = middle
        while text.startswith(code, low):
            end = text.index(b"\n", low)
            yield text[low:end]
            low = end + 1

    def _lines_of_cities(self) -> Iterator[bytes]:
        cities = {city.encode() for city in self._cities}
        for line in _LINE.finditer(self._text):
            if line["prefecture"] + line["city"] in cities:
                yield line[0]


def load_postal_table(office: Office) -> ShippedPostalTable:
    """Return the shipped table, with the addresses of *office*'s city; nothing is read yet.

    Who asks again for the same city gets the same table: nobody changes it, and 9 MB are unpacked once.
    """
    return _table_of(office.prefecture + office.city)


@lru_cache(maxsize=4)
def _table_of(city: str) -> ShippedPostalTable:
    return ShippedPostalTable(frozenset({city}))


def _town(line: bytes) -> Town:
    return Town(*line.decode().split("\t"))
