"""The datasets of the stock: the balance of each part, and every move of sets and parts (003-10, 19, 26)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection

from bot.exports.columns import Heading, Kind
from bot.exports.rows import Record, Row
from bot.exports.signatures import local
from dialogs.words import Words, _
from dialogs.world import World
from storage import stockbook
from storage.caselist import Wanted
from storage.stock import Place
from storage.stockbook import Balance, Moved

PLACES: Mapping[str, str] = {
    Place.CITY: _("市"),
    Place.STORE: _("受託者の保管場所"),
    Place.LENT: _("貸出中"),
    Place.REPAIR: _("修理中"),
    Place.LOST: _("紛失"),
}
"""How the places of the stock are called."""

_OUTSIDE = _("在庫の外")
_SET = "set/"

_BALANCE: tuple[tuple[str, str, Kind], ...] = (
    ("part", _("部品のキー"), Kind.TEXT),
    ("name", _("部品"), Kind.TEXT),
    ("unit", _("単位"), Kind.TEXT),
    ("per_set", _("1セットの数"), Kind.NUMBER),
    ("owned", _("合計"), Kind.NUMBER),
    *((place.value, PLACES[place], Kind.NUMBER) for place in Place),
    ("missing", _("未返却（貸出が終わった分）"), Kind.NUMBER),
    ("brought", _("受け入れた数（はじめの数と補充）"), Kind.NUMBER),
    ("gone", _("廃棄した数"), Kind.NUMBER),
)
_MOVES: tuple[tuple[str, str, Kind], ...] = (
    ("at", _("日時"), Kind.MOMENT),
    ("kind", _("種類"), Kind.OPTION),
    ("what", _("セットの番号・部品のキー"), Kind.CODE),
    ("name", _("部品"), Kind.TEXT),
    ("from", _("どこから"), Kind.OPTION),
    ("to", _("どこへ"), Kind.OPTION),
    ("amount", _("数"), Kind.NUMBER),
    ("reference", _("受付番号"), Kind.TEXT),
    ("by", _("記録した人"), Kind.TEXT),
)


@dataclass(frozen=True)
class OfStock:
    """What the datasets of the stock have in common: they are made of no cases, and hold nothing personal."""

    words: Words
    world: World

    procedure: ClassVar[str] = ""
    sealed_as: ClassVar[str] = "fence_loan"
    personal: ClassVar[bool] = False
    follows: ClassVar[str] = ""

    def rows(self) -> Callable[[Record], Iterable[Row]]:
        """Return what makes the rows of a case: none."""
        return lambda _record: ()

    def name(self, part: str) -> str | None:
        """Return what the part *part* is called; None for one that the office has taken off its bill."""
        found = next((each for each in self.world.office.set_parts if each.key == part), None)
        return self.words.text(found.name) if found else None

    def headings_of(self, columns: Iterable[tuple[str, str, Kind]]) -> tuple[Heading, ...]:
        """Return *columns* as headings."""
        return tuple(Heading(key, self.words.text(label), kind) for key, label, kind in columns)


class Parts(OfStock):
    """The dataset of parts: a row for each, with how many are where, whatever days are wanted."""

    key: ClassVar[str] = "parts"
    title: ClassVar[str] = _("部品の残高")

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return self.headings_of(_BALANCE)

    def listed(self, conn: Connection, wanted: Wanted) -> Iterator[Row]:  # noqa: ARG002 -- it is as of now
        """Yield the parts in the order of the bill, then those that are on it no more."""
        found = dict(stockbook.balances(conn))
        for each in self.world.office.set_parts:
            balance = found.pop(each.key, Balance(each.key, {}, 0, 0, 0))
            yield self._row(balance, self.words.text(each.unit), each.count)
        for balance in found.values():
            yield self._row(balance, None, None)

    def _row(self, balance: Balance, unit: str | None, per_set: int | None) -> Row:
        there = [balance.places.get(place, 0) for place in Place]
        name = self.name(balance.part)
        counted = (balance.missing, balance.brought, balance.gone)
        return [balance.part, name, unit, per_set, balance.owned, *there, *counted]


class PartMoves(OfStock):
    """The dataset of moves: a row for each, the oldest first."""

    key: ClassVar[str] = "part_moves"
    title: ClassVar[str] = _("セットと部品の移動")

    def headings(self) -> tuple[Heading, ...]:
        """Return the columns, in order."""
        return self.headings_of(_MOVES)

    def listed(self, conn: Connection, wanted: Wanted) -> Iterator[Row]:
        """Yield the moves within the days of *wanted*."""
        return map(self._row, stockbook.moved(conn, wanted.since, wanted.until))

    def _row(self, each: Moved) -> Row:
        is_set = each.what.startswith(_SET)
        what = each.what.partition("/")[2]
        return [
            local(each.at),
            self.words.text(_("セット") if is_set else _("部品")),
            what,
            None if is_set else self.name(what),
            self._place(each.from_place),
            self._place(each.to_place),
            each.amount,
            each.reference or None,
            each.by,
        ]

    def _place(self, place: str) -> str:
        return self.words.text(PLACES.get(place, place) if place else _OUTSIDE)
