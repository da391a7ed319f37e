"""在庫: where every set and part is, what the coming weeks bring, and the moves that staff make."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from bot import stocking, stockview
from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.clock import day_of
from bot.stocking import Refused
from bot.stockview import PLACES
from bot.visits import Visit
from dialogs.words import _
from storage import engine as database
from storage import stocktaking
from storage.stock import Cause, Place

SHOWN = 60
"""Moves that the history begins with."""

NOTICES = {
    "moved": _("移動を記録しました。"),
    "parts": _("部品の数を記録しました。"),
    "before": _("同じ操作はもう記録されています。"),
    "begun": _("在庫を登録しました。"),
}

PART_WAYS: dict[str, tuple[str, tuple[Place | None, Place]]] = {
    "bought_city": (_("補充した（市）"), (None, Place.CITY)),
    "bought_store": (_("補充した（受託者の保管場所）"), (None, Place.STORE)),
    "city_store": (_("市から受託者の保管場所へ"), (Place.CITY, Place.STORE)),
    "store_city": (_("受託者の保管場所から市へ"), (Place.STORE, Place.CITY)),
    "store_repair": (_("受託者の保管場所から修理へ"), (Place.STORE, Place.REPAIR)),
    "repair_store": (_("修理から受託者の保管場所へ"), (Place.REPAIR, Place.STORE)),
    "store_lost": (_("受託者の保管場所でなくなった"), (Place.STORE, Place.LOST)),
    "city_lost": (_("市でなくなった"), (Place.CITY, Place.LOST)),
    "lost_store": (_("見つかった（受託者の保管場所へ）"), (Place.LOST, Place.STORE)),
}
"""What can become of parts besides lending: each with where from (None: the shop) and where to."""

TARGETS = (Place.CITY, Place.STORE, Place.REPAIR, Place.LOST)
"""Where staff move sets; they are lent and come back by the steps of a loan."""


_LONGEST = 6  # digits


def _number(text: str) -> int:
    """Return the whole number that *text* is, full width or not; 0 where it is none."""
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST else 0


@dataclass(frozen=True)
class StockPages:
    """The routes of the stock."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/stock", "stock", self._page, methods=["GET"])
        blueprint.add_url_rule("/stock/begin", "stock_begin", self._begin, methods=["POST"])
        blueprint.add_url_rule("/stock/sets", "stock_sets", self._sets, methods=["POST"])
        blueprint.add_url_rule("/stock/parts", "stock_parts", self._parts, methods=["POST"])

    @signed_in(*READERS)
    def _page(self, visit: Visit) -> AnyResponse:
        return self._drawn(visit)

    @signed_in(*OFFICE)
    def _begin(self, visit: Visit) -> AnyResponse:
        stocking.begin(self.console.service.engine, self.console.service.office, self._cause(visit))
        return to("stock", told="begun")

    @signed_in(*OFFICE)
    def _sets(self, visit: Visit) -> AnyResponse:
        numbers = {number for each in request.form.getlist("number") if (number := _number(each))}
        service, place = self.console.service, request.form.get("to", "")
        if place not in TARGETS:
            return self._drawn(visit, 400)
        try:
            done = stocking.move_sets(
                service.engine, service.office, numbers, Place(place), self._cause(visit)
            )
        except Refused as fault:
            return self._drawn(visit, 409, fault)
        return to("stock", told="moved" if done else "before")

    @signed_in(*OFFICE)
    def _parts(self, visit: Visit) -> AnyResponse:
        service, form = self.console.service, request.form
        way = PART_WAYS.get(form.get("way", ""))
        amount = _number(form.get("amount", ""))
        if way is None:
            return self._drawn(visit, 400)
        try:
            done = stocking.change_parts(
                service.engine, service.office, {form.get("part", ""): amount}, way[1], self._cause(visit)
            )
        except Refused as fault:
            return self._drawn(visit, 409, fault)
        return to("stock", told="parts" if done else "before")

    def _cause(self, visit: Visit) -> Cause:
        """Return the cause of what the form does: its own press, so that it is done once however often it is sent."""
        press = request.form.get("press", "")
        known = press if stocking.is_press(press) else secrets.token_hex(16)
        return Cause(f"console/{known}", visit.session.subject, self.console.now)

    def _drawn(self, visit: Visit, status: int = 200, fault: Refused | None = None) -> AnyResponse:
        service = self.console.service
        with database.read(service.engine) as conn:
            seen = stockview.picture(conn, service.office, day_of(self.console.now))
            sets, counts = stocktaking.sets(conn), stocktaking.counts(conn)
            moves = stocktaking.moves(conn, SHOWN)
        return self.console.drawn(
            "stock.html",
            visit,
            status=status,
            seen=seen,
            sets=sets,
            counts=counts,
            moves=moves,
            places=PLACES,
            targets=TARGETS,
            ways=PART_WAYS,
            notice=NOTICES.get(request.args.get("told", "")),
            fault=fault.message if fault else None,
            may_move=visit.session.role in OFFICE,
            names={part.key: part.name for part in service.office.set_parts},
            units={part.key: part.unit for part in service.office.set_parts},
            press=secrets.token_hex(16),
        )
