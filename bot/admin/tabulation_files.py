"""The tabulation of a survey as files: for staff with each ballot, for publication without small numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot import tabulating
from bot.admin.console import OFFICE, READERS, Console, signed_in
from bot.admin.downloads import TYPES, named, sent
from bot.admin.tabulation_asked import asked
from bot.clock import moment
from bot.exports.rooms import Rooms
from bot.tabulating import Loaded
from bot.tabulating_files import workbook, write
from bot.visits import Visit


@dataclass(frozen=True)
class TabulationFiles:
    """The routes of the files."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one, kinds = "/tabulation/<key>", "<any(csv, xlsx):kind>"
        blueprint.add_url_rule(f"{one}.{kinds}", "tabulation_file", self._working, methods=["GET"])
        blueprint.add_url_rule(
            f"{one}/report/<snapshot>.{kinds}", "tabulation_published", self._published, methods=["GET"]
        )

    @signed_in(*OFFICE)
    def _working(self, visit: Visit, key: str, kind: str) -> AnyResponse:
        wish = asked(request.args.to_dict(flat=False))
        whole = self._load(key, wish.snapshot) or abort(404)
        loaded = whole.selected(wish.filters(whole.data))
        session = visit.session
        entry = tabulating.taken(key, (session.subject, session.role), kind, self.console.now)
        tabulating.note(self.console.service.engine, entry)
        return self._sent(loaded, kind, [wish.rows, wish.columns], published=False)

    @signed_in(*READERS)
    def _published(self, visit: Visit, key: str, snapshot: str, kind: str) -> AnyResponse:  # noqa: ARG002
        wish = asked(request.args.to_dict(flat=False))
        loaded = self._load(key, snapshot) or abort(404)
        return self._sent(loaded, kind, [wish.rows, wish.columns], published=True)

    def _load(self, key: str, snapshot: str) -> Loaded | None:
        engine, words = self.console.service.engine, self.console.words
        return tabulating.held(engine, key, snapshot) if snapshot else tabulating.live(engine, key, words)

    def _sent(self, loaded: Loaded, kind: str, by: Sequence[str], *, published: bool) -> AnyResponse:
        words = self.console.words
        whole = workbook(loaded, words, by, f"{moment(self.console.now):%Y-%m-%d %H:%M}", published=published)
        ending = f"{loaded.snapshot.id}.{kind}" if loaded.snapshot else kind
        names = f"{loaded.meta.survey}.{ending}", f"{loaded.meta.title}.{ending}"
        with Rooms(self.console.service.settings.exports_folder).lent() as room:
            made = room / "made"
            write(made, kind, whole)
            return named(sent(made.open("rb"), TYPES[kind]), names)
