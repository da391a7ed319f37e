"""What is printed for the day of a meeting: name cards, seat lists, facilitators' sheets, supplies, participants.

Names stand on them only once they were asked for, and what somebody needs to take part never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, READERS, Console, signed_in
from bot.admin.meetings_roster import kinds_of, ward_of
from bot.admin.meetings_tables import Hall, at_tables, hall
from bot.meetings.names import CLOSED, Names, Opening, opened
from bot.meetings.registrations import Registration
from bot.meetings.tables import supplies
from bot.visits import Visit
from dialogs.words import Words, _
from storage import engine as database

WHY = "meeting sheets"

SHEETS: Mapping[str, str] = {
    "cards": _("名札"),
    "seats": _("テーブルごとの席の表"),
    "door": _("入口の席の表"),
    "facilitators": _("進行役の表"),
    "supplies": _("用意するもの"),
    "participants": _("参加者の一覧"),
}
NAMELESS = frozenset({"supplies"})

SUPPLIES: Mapping[str, str] = {
    "people": _("会場に来る方"),
    "facilitators": _("進行役"),
    "drinks": _("飲み物（500ml）"),
    "sweets": _("お菓子"),
    "handouts": _("配布資料"),
    "cards": _("名札"),
}


@dataclass(frozen=True)
class Person:
    """One of the people on a sheet; *table* from 1, 0 for none yet; *sorts* is how they are put in order."""

    key: str
    number: str
    name: str
    kind: str
    ward: str
    organisation: str
    themes: str
    table: int
    sorts: str


@dataclass(frozen=True)
class PrintPages:
    """The routes of sheets."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/meetings/<key>/print/<what>"
        blueprint.add_url_rule(one, "meeting_print", self._print, methods=["GET"])
        blueprint.add_url_rule(one, "meeting_print_names", self._names, methods=["POST"])

    @signed_in(*READERS)
    def _print(self, visit: Visit, key: str, what: str) -> AnyResponse:
        return self._drawn(visit, key, what, named=False)

    @signed_in(*OFFICE)
    def _names(self, visit: Visit, key: str, what: str) -> AnyResponse:
        """Show the sheet with the names of everybody who comes: each opening is logged."""
        return self._drawn(visit, key, what, named=True)

    def _drawn(self, visit: Visit, key: str, what: str, *, named: bool) -> AnyResponse:
        if what not in SHEETS or (named and what in NAMELESS):
            abort(404)
        service = self.console.service
        with (database.write if named else database.read)(service.engine) as conn:
            found = hall(conn, key)
            coming = [each for each in found.found if each.comes_on_site]
            opening = Opening(visit.session.subject, visit.session.role, WHY, self.console.now)
            names = opened(conn, service.vault, coming, opening) if named else CLOSED
        people = _people(found, names, self.console.words)
        return self.console.drawn(
            "meeting_print.html",
            visit,
            meeting=found.meeting,
            plan=found.plan,
            what=what,
            title=SHEETS[what],
            named=named,
            needs_names=what not in NAMELESS,
            people=people,
            tables=_by_table(found, people),
            supplies=supplies(found.meeting, len(people), found.plan),
            supplies_labels=SUPPLIES,
            may_open=visit.session.role in OFFICE,
        )


def _people(found: Hall, names: Names, words: Words) -> list[Person]:
    """Return everybody who is expected in the room, by reading where it was opened and else by number."""
    kinds, numbers = kinds_of(found.meeting, words), found.tables.numbers
    people = [
        Person(
            key,
            numbers[key],
            names.of(key),
            kinds.get(each.said("kind"), ""),
            ward_of(each, words),
            each.said("organisation"),
            _themes(each),
            found.plan.seats.get(key, -1) + 1,
            names.kana.get(each.each_key()[0], "") + numbers[key],
        )
        for each in found.found
        if each.comes_on_site
        for key in each.each_key()
    ]
    return sorted(people, key=lambda each: each.sorts)


def _themes(each: Registration) -> str:
    themes = each.answers.get("themes")
    chosen = themes if isinstance(themes, list) else ()
    return "、".join(str(one["ja"]) for one in chosen)  # untranslated: the comma between them


def _by_table(found: Hall, people: list[Person]) -> list[list[Person]]:
    by_key = {each.key: each for each in people}
    return [
        [by_key[key] for key in keys if key in by_key] for keys in at_tables(found.plan, found.tables.numbers)
    ]
