"""The tabulation of surveys in the console: live or of a snapshot, with charts, cross tables and what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot import tabulating
from bot.admin.console import OFFICE, READERS, Console, signed_in, to
from bot.admin.tabulation_asked import BETWEEN, Asked, asked
from bot.clock import day_of
from bot.tabulating import Loaded
from bot.tabulation import targets
from bot.tabulation.answers import texts
from bot.tabulation.publishing import publishable
from bot.tabulation.questions import Kind, Question
from bot.tabulation.tables import MEASURES, Table
from bot.tabulation.targets import ERROR
from bot.tabulation.weighting import margin_of_error, needed
from bot.visits import Visit
from dialogs.reading.masking import mask
from dialogs.words import Message, _, say
from storage import ballots, snapshots, surveys
from storage import engine as database
from storage.snapshots import TooAlike

TEXTS = 200
"""Texts on one page."""

FEWEST = 5
"""Ballots from which on there is something to publish."""

CONFLICT = 409


@dataclass(frozen=True)
class Shown:
    """One question on the page.  *hidden* is whether a publication hides some of its numbers."""

    question: Question
    table: Table
    hidden: bool


@dataclass(frozen=True)
class Trust:
    """How far the numbers can be trusted.  *error* in points for all, *wanted* as many answers make it ``ERROR``."""

    effect: float
    effective: float
    error: float | None
    wanted: int
    least: float
    most: float
    settled: bool
    empty: tuple[str, ...]


@dataclass(frozen=True)
class TabulationPages:
    """The routes of the tabulation."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/tabulation/<key>"
        for rule, endpoint, view, method in (
            ("/tabulation/", "tabulations", self._list, "GET"),
            (one, "tabulation", self._page, "GET"),
            (f"{one}/texts/<question>", "tabulation_texts", self._texts, "GET"),
            (f"{one}/report/<snapshot>", "tabulation_report", self._report, "GET"),
            (f"{one}/snapshots", "tabulation_snapshot", self._take, "POST"),
            (f"{one}/snapshots/<snapshot>/withdraw", "tabulation_withdraw", self._withdraw, "POST"),
        ):
            blueprint.add_url_rule(rule, endpoint, view, methods=[method])

    @signed_in(*READERS)
    def _list(self, visit: Visit) -> AnyResponse:
        with database.read(self.console.service.engine) as conn:
            found = [(row, ballots.counts(conn, row.key)) for row in surveys.listed(conn)]
        return self.console.drawn("tabulations.html", visit, surveys=found)

    @signed_in(*READERS)
    def _page(self, visit: Visit, key: str) -> AnyResponse:
        return self._drawn(visit, key)

    def _drawn(
        self, visit: Visit, key: str, *, status: int = 200, fault: Message | None = None
    ) -> AnyResponse:
        wish = asked(request.args.to_dict(flat=False))
        whole = load(self.console, key, wish.snapshot) or abort(404)
        loaded = whole.selected(wish.filters(whole.data))
        with database.read(self.console.service.engine) as conn:
            kept = snapshots.listed(conn, key)
        return self.console.drawn(
            "tabulation.html",
            visit,
            status=status,
            fault=fault,
            key=key,
            wish=wish,
            whole=whole,
            loaded=loaded,
            questions=self._shown(loaded),
            crossed=self._crossed(loaded, wish),
            measures=MEASURES,
            between=BETWEEN,
            trust=trust(loaded) if loaded.weights or whole.data.size else None,
            progress=self._progress(whole),
            snapshots=kept,
            may_work=visit.session.role in OFFICE,
            stopped=_stopped(whole),
        )

    def _shown(self, loaded: Loaded) -> Sequence[Shown]:
        make = loaded.tables(self.console.words)
        tallies = [loaded.tally(each) for each in loaded.data.asked]
        return [Shown(each.question, make.simple(each), publishable(each).withheld) for each in tallies]

    def _crossed(self, loaded: Loaded, wish: Asked) -> tuple[Table, bool] | None:
        pair = wish.crossed(loaded.data)
        if pair is None:
            return None
        hidden = loaded.cross(*pair, published=True).withheld
        return loaded.tables(self.console.words).cross(loaded.cross(*pair), wish.measure), hidden

    def _progress(self, whole: Loaded) -> Sequence[Table]:
        make = whole.tables(self.console.words)
        parts = targets.progress(whole.data, whole.targets)
        return [
            make.progress(f"progress{place}", self._about(whole, place), each)
            for place, each in enumerate(parts)
        ]

    def _about(self, whole: Loaded, place: int) -> str:
        asked_of = (whole.data.question(each) for each in whole.targets.margins[place].questions)
        return " × ".join(each.label for each in asked_of if each)

    @signed_in(*OFFICE)
    def _texts(self, visit: Visit, key: str, question: str) -> AnyResponse:
        loaded = load(self.console, key, "") or abort(404)
        found = loaded.data.question(question)
        if found is None or found.kind is not Kind.TEXT:
            abort(404)
        written = texts(loaded.data, found)
        page = max(0, request.args.get("page", 0, int))
        part = written[page * TEXTS : (page + 1) * TEXTS]
        return self.console.drawn(
            "tabulation_texts.html",
            visit,
            key=key,
            loaded=loaded,
            question=found,
            texts=[mask(each).text for each in part],
            count=len(written),
            first=page * TEXTS + 1,
            page=page,
            more=len(written) > (page + 1) * TEXTS,
        )

    @signed_in(*READERS)
    def _report(self, visit: Visit, key: str, snapshot: str) -> AnyResponse:
        wish = asked(request.args.to_dict(flat=False))
        loaded = load(self.console, key, snapshot) or abort(404)
        pair = wish.crossed(loaded.data)
        make = loaded.tables(self.console.words)
        crossed = loaded.cross(*pair, published=True) if pair else None
        return self.console.drawn(
            "tabulation_report.html",
            visit,
            key=key,
            loaded=loaded,
            tables=loaded.simple(self.console.words, published=True),
            crosses=[make.cross(crossed, each) for each in ("n", "row")] if crossed else [],
            trust=trust(loaded),
            enough=loaded.data.size >= FEWEST,
        )

    @signed_in(*OFFICE)
    def _take(self, visit: Visit, key: str) -> AnyResponse:
        console = self.console
        try:
            made = tabulating.take(
                console.service.engine, key, console.words, visit.session.subject, day_of(console.now)
            )
        except TooAlike as other:
            text = _(
                "保存していません。保存した集計{id}と、回答の数の差が5件より少ないためです。2つを比べると、その人たちの答えが分かります。回答が増えてから保存するか、まだ公表していなければ、{id}を取り消してください。"
            )
            return self._drawn(visit, key, status=CONFLICT, fault=say(text, id=other.id))
        return to("tabulation", key=key, snapshot=made.id) if made else abort(404)

    @signed_in(*OFFICE)
    def _withdraw(self, visit: Visit, key: str, snapshot: str) -> AnyResponse:  # noqa: ARG002
        with database.write(self.console.service.engine) as conn:
            gone = snapshots.withdraw(conn, key, snapshot)
        return to("tabulation", key=key) if gone else abort(404)


def load(console: Console, key: str, snapshot: str) -> Loaded | None:
    """Return the answers of the survey *key*, of now or of *snapshot*; None where there are none such."""
    engine = console.service.engine
    return tabulating.held(engine, key, snapshot) if snapshot else tabulating.live(engine, key, console.words)


def trust(loaded: Loaded) -> Trust:
    """Return how far the numbers of *loaded* can be trusted."""
    weights, people, n = loaded.weights, loaded.targets.people, loaded.data.size
    effective = weights.effective if weights else float(n)
    least, most = weights.extremes if weights else (1.0, 1.0)
    empty = tuple(
        " × ".join(targets.labels(loaded.data, loaded.targets.margins[place].questions, key))
        for place, key in (weights.empty if weights else ())
    )
    error = margin_of_error(effective, n, people)
    effect = weights.design_effect if weights else 1.0
    settled = weights.settled if weights else True
    return Trust(effect, effective, error, needed(people, ERROR), least, most, settled, empty)


def _stopped(loaded: Loaded) -> Sequence[tuple[str, int]]:
    """Return the questions at which people stopped, with how many."""
    titles = {each.key: each.title for each in loaded.data.questions}
    return [(titles.get(key, ""), many) for key, many in loaded.meta.stopped_at.items() if many]
