"""The population that a survey is weighted to, as staff enter it: in a small table, or as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from bot.admin.console import OFFICE, Console, signed_in, to
from bot.admin.tabulation import load
from bot.tabulating import Loaded
from bot.tabulation import targets
from bot.tabulation.questions import Kind, Option, Question
from bot.tabulation.targets import Fault, Targets
from bot.tabulation.weighting import Margin
from bot.visits import Visit
from dialogs.words import _, say
from storage import engine as database
from storage import surveys

UNUSABLE = 422
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Grid:
    """A small table to be filled in: the people by the answers to *row*, and to *column* where there is one."""

    row: Question
    column: Question | None
    numbers: Mapping[str, str]

    @property
    def columns(self) -> Sequence[Option]:
        """Return the columns, one without a wording where there is one question only."""
        return self.column.options if self.column else (Option("", ""),)

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the questions that it is about."""
        return (self.row.key, self.column.key) if self.column else (self.row.key,)


@dataclass(frozen=True)
class PopulationPages:
    """The routes of the population."""

    console: Console

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        one = "/tabulation/<key>/population"
        blueprint.add_url_rule(one, "tabulation_population", self._page, methods=["GET"])
        blueprint.add_url_rule(one, "tabulation_population_set", self._set, methods=["POST"])

    @signed_in(*OFFICE)
    def _page(self, visit: Visit, key: str) -> AnyResponse:
        loaded = load(self.console, key, "") or abort(404)
        return self._drawn(visit, loaded)

    def _drawn(
        self, visit: Visit, loaded: Loaded, faults: Sequence[Fault] = (), text: str | None = None
    ) -> AnyResponse:
        chosen = [each for each in loaded.data.questions if each.kind is Kind.ONE]
        written = targets.written(loaded.targets, loaded.data)
        return self.console.drawn(
            "tabulation_population.html",
            visit,
            status=UNUSABLE if faults else 200,
            key=loaded.meta.survey,
            loaded=loaded,
            questions=chosen,
            grid=_grid(loaded, request.values),
            faults=faults,
            text=written if text is None else text,
        )

    @signed_in(*OFFICE)
    def _set(self, visit: Visit, key: str) -> AnyResponse:
        loaded = load(self.console, key, "") or abort(404)
        if request.form.get("way") == "table":
            found, faults = _filled(loaded, request.form)
            text = None
        else:
            text = _sent() or request.form.get("csv", "")[:MOST_BYTES]
            found, faults = targets.read(text, loaded.data.questions) if text.strip() else (Targets(), ())
        if faults:
            return self._drawn(visit, loaded, faults, text)
        with database.write(self.console.service.engine) as conn:
            surveys.set_targets(conn, key, targets.to_json(found))
        return to("tabulation", key=key)


def _sent() -> str:
    """Return the text of the file that was sent, "" for none."""
    file = request.files.get("file")
    content = file.read(MOST_BYTES) if file else b""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932", "replace")


def _grid(loaded: Loaded, values: Mapping[str, str]) -> Grid | None:
    row, column = (loaded.data.question(values.get(name, "")) for name in ("rows", "columns"))
    if row is None or row.kind is not Kind.ONE:
        return None
    usable = column if column and column.kind is Kind.ONE and column != row else None
    given = {name: number for name, number in values.items() if name.startswith("p.")}
    return Grid(row, usable, given or _known(loaded, row, usable))


def _known(loaded: Loaded, row: Question, column: Question | None) -> Mapping[str, str]:
    """Return the numbers that were entered before, by the names of their boxes."""
    wanted = (row.key, column.key) if column else (row.key,)
    margin = next((each for each in loaded.targets.margins if each.questions == wanted), None)
    people = margin.people if margin else {}
    options = product(row.options, column.options if column else (Option("", ""),))
    names = {_name(down, over): (down.key, over.key)[: len(wanted)] for down, over in options}
    return {name: f"{people[key]:.0f}" for name, key in names.items() if key in people}


def _name(row: Option, column: Option) -> str:
    return f"p.{row.key}.{column.key}"


def _filled(loaded: Loaded, form: Mapping[str, str]) -> tuple[Targets, tuple[Fault, ...]]:
    """Return the population of the table that was filled in; an empty box is nobody."""
    grid = _grid(loaded, form)
    if grid is None:
        return Targets(), (Fault(0, say(_("質問をえらんでください。"))),)
    people: dict[tuple[str, ...], float] = {}
    faults = []
    for row, column in product(grid.row.options, grid.columns):
        text = form.get(_name(row, column), "").strip()
        number = targets.number(text) if text else 0.0
        if number is None:
            faults.append(Fault(0, say(_("「{number}」は人数ではありません。例：12345"), number=text)))
        elif number:
            people[(row.key, column.key)[: len(grid.questions)]] = number
    if not people and not faults:
        return Targets(), ()
    return Targets((Margin(grid.questions, people),)), tuple(faults)
