"""The tables of a meeting: proposed, locked, moved by hand, made anew with everybody in their place, and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.admin.meetings_roster import kinds_of, ward_of
from bot.meetings import tables
from bot.meetings.registrations import Registration, of_meeting
from bot.meetings.tables import Arrangement, Plan, Tables
from bot.meetings.wishes import Apart, Cause, Contradiction, Pinned, Together
from bot.visits import Visit
from dialogs.meetings import Meeting
from dialogs.words import Message, _, say
from storage import engine as database
from storage import meetings, seatings
from storage.turns import Stale

CONFLICT, UNUSABLE = 409, 422
LATER = _("ほかの人が先に席を変えました。いまの席を確かめて、もう一度お試しください。")


@dataclass(frozen=True)
class Hall:
    """A meeting with its registrations and its tables as they stand; *version* 0 where nothing is stored."""

    meeting: Meeting
    found: Sequence[Registration]
    plan: Plan
    version: int

    @property
    def tables(self) -> Tables:
        """Return what arranges the guests."""
        return Tables(self.found)


def hall(conn: Connection, key: str) -> Hall:
    """Return the hall of the meeting *key*; 404 where there is none."""
    # PostgreSQL cannot even look for a NUL.
    meeting = (meetings.one(conn, key[:64]) if key.isprintable() else None) or abort(404)
    found, kept = of_meeting(conn, meeting), seatings.of_meeting(conn, key)
    plan = tables.read(kept.content) if kept.content else tables.first(meeting, found)
    return Hall(meeting, found, plan, kept.version)


@dataclass(frozen=True)
class TablePages:
    """The routes of tables."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/meetings/<key>/tables"
        blueprint.add_url_rule(one, "meeting_tables", self._tables, methods=["GET"])
        blueprint.add_url_rule(one, "meeting_arrange", self._arrange, methods=["POST"])
        blueprint.add_url_rule(f"{one}/move", "meeting_move", self._move, methods=["POST"])

    @signed_in(*READERS)
    def _tables(self, visit: Visit, key: str) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = hall(conn, key)
        return self._drawn(visit, found, Arrangement(found.plan))

    @signed_in(*OFFICE)
    def _arrange(self, visit: Visit, key: str) -> AnyResponse:
        """Take what the page says of tables and wishes, and propose seats: keeping places, or all anew."""
        return self._stored(visit, key, wished, keeping=request.form.get("how") == "keep")

    @signed_in(*OFFICE)
    def _move(self, visit: Visit, key: str) -> AnyResponse:
        """Put guests where the page says and hold them there; the others stay as far as they can."""
        return self._stored(visit, key, moved, keeping=True)

    def _stored(self, visit: Visit, key: str, changed: Any, *, keeping: bool) -> AnyResponse:
        message: Message | None = None
        made = None
        try:
            with database.write(self.console.service.engine) as conn:
                found = hall(conn, key)
                made = found.tables.arranged(changed(found.plan), keeping=keeping)
                if request.form.get("version") != str(found.version):
                    message = say(LATER)
                elif not made.reasons:
                    by, now = visit.session.subject, self.console.now
                    seatings.save(conn, key, tables.stored(made.plan), found.version, by, now)
        except Stale:
            message = say(LATER)
        if message is None and made is not None and not made.reasons:
            return to("meeting_tables", key=key)
        shown = made if made is not None and message is None else Arrangement(found.plan)
        return self._drawn(visit, found, shown, message)

    def _drawn(
        self, visit: Visit, found: Hall, shown: Arrangement, message: Message | None = None
    ) -> AnyResponse:
        words, plan = self.console.words, shown.plan
        gone, new = found.tables.stale(plan) if plan.seats else (0, 0)
        about = {key: each for each in found.found if each.comes_on_site for key in each.each_key()}
        return self.console.drawn(
            "meeting_tables.html",
            visit,
            status=CONFLICT if message else UNUSABLE if shown.reasons else 200,
            meeting=found.meeting,
            version=found.version,
            plan=plan,
            seated=at_tables(plan, found.tables.numbers),
            numbers=found.tables.numbers,
            about=about,
            expected=len(about),
            gone=gone,
            new=new,
            figures=found.tables.figures(plan) if plan.seats else None,
            reasons=[self._reason(each, found.tables.numbers) for each in shown.reasons],
            unknown=found.tables.unknown(plan),
            message=message,
            kinds=kinds_of(found.meeting, words),
            ward=lambda each: ward_of(each, words),
            may_edit=visit.session.role in OFFICE,
        )

    def _reason(self, why: Contradiction, numbers: Mapping[str, str]) -> Message:
        text = self.console.words
        named = text.text(_("、")).join(text.say(_cause(each, numbers)) for each in why.causes)
        if not why.causes:
            return say(
                _("席が足りません。{guests}人に対して{seats}席です。"), guests=why.guests, seats=why.seats
            )
        if why.seats and not why.searched:
            return say(_("{guests}人がいっしょに座れるテーブルがありません（1つに{seats}席）：{named}"),
                       guests=why.guests, seats=why.seats, named=named)  # fmt: skip
        return say(_("同時には満たせません。どれかを外してください：{named}"), named=named)


def _cause(each: Cause, numbers: Mapping[str, str]) -> Message:
    if isinstance(each, Pinned):
        return say(_("{one} は{table}番テーブル"), one=numbers.get(each.guest, ""), table=each.table + 1)
    one, other = numbers.get(each.first, ""), numbers.get(each.second, "")
    if isinstance(each, Together):
        return say(_("{one} と {other} は同じテーブル"), one=one, other=other)
    if isinstance(each, Apart):
        return say(_("{one} と {other} は別のテーブル"), one=one, other=other)
    return say(_("{one} と {other} は1件の申込み"), one=one, other=other)


def at_tables(plan: Plan, numbers: Mapping[str, str]) -> list[list[str]]:
    """Return the keys of who sits at each table, by number; who comes no more is left out."""
    here = sorted((key for key in plan.seats if key in numbers), key=lambda key: numbers[key])
    return [[key for key in here if plan.seats[key] == table] for table in range(plan.tables)]


def wished(plan: Plan) -> Plan:
    """Return *plan* with what the page says of tables, facilitators and wishes."""
    form = request.form
    count = _number(form.get("tables", ""), plan.tables, tables.MOST_TABLES)
    led = [line.strip()[: tables.LONGEST_NAME] for line in form.get("facilitators", "").splitlines()]
    themes = {number: theme[:40] for number in range(count) if (theme := form.get(f"theme-{number}", ""))}
    held = {key: plan.pins[key] for key in form.getlist("pin") if key in plan.pins}
    return replace(
        plan,
        tables=count,
        size=_number(form.get("size", ""), plan.size, tables.MOST_SEATS),
        facilitators=tuple(each for each in led if each)[: tables.MOST_TABLES],
        themes=themes,
        together=tables.pairs(form.get("together", "")),
        apart=tables.pairs(form.get("apart", "")),
        pins={} if form.get("how") == "anew" else held,
        seed=plan.seed + 1 if form.get("how") == "anew" and plan.seats else plan.seed,
    )


def moved(plan: Plan) -> Plan:
    """Return *plan* with those held at their table whom the page puts elsewhere."""
    wanted = {key: request.form.get(f"seat-{key}", "") for key in plan.seats}
    put = {
        key: int(table) - 1
        for key, table in wanted.items()
        if table.isascii() and table.isdigit() and int(table) - 1 != plan.seats[key]
    }
    return replace(plan, pins={**plan.pins, **put})


def _number(text: str, usual: int, most: int) -> int:
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() and len(text) < 6 else usual  # noqa: PLR2004 -- of five digits
