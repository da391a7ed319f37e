"""Reading a survey's ballots, or a snapshot of them, to be tabulated; and taking snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from bot.exports.columns import CHANNELS
from bot.tabulation import answers, frozen, targets
from bot.tabulation.answers import Data, Filter
from bot.tabulation.counting import Tally, tally
from bot.tabulation.crossing import Cross, cross
from bot.tabulation.frozen import Meta
from bot.tabulation.of_form import questions_of
from bot.tabulation.publishing import publishable, publishable_cross
from bot.tabulation.questions import Question
from bot.tabulation.tables import Basis, Table, Tables
from bot.tabulation.targets import Targets
from bot.tabulation.weighting import Weights
from dialogs.surveys import from_json, survey_form
from dialogs.words import Words, _
from storage import accesslog, ballots, snapshots, surveys
from storage import engine as database
from storage.accesslog import Entry
from storage.snapshots import Snapshot
from storage.surveys import SurveyRow
from storage.tables_surveys import ballots as box

WHY = "export"
"""Why the access log says that the ballots were read."""

_GROUP = "@group"
"""The column of what is not asked but carried along: the group of each ballot for its weight."""

FACTS: Mapping[str, str] = {
    "@channel": _("回答の方法"),
    "@kind": _("参加者の区分"),
    "@paper": _("用紙"),
    "yes": _("用紙に書いた回答"),
    "no": _("用紙ではない回答"),
}
"""What is known of every ballot, as staff call it."""


@dataclass(frozen=True)
class Loaded:
    """The answers of a survey, live or of a *snapshot*, with the population that they are weighted to."""

    data: Data
    meta: Meta
    snapshot: Snapshot | None = None

    @cached_property
    def targets(self) -> Targets:
        """Return the population."""
        return targets.from_json(self.meta.targets)

    @cached_property
    def weights(self) -> Weights | None:
        """Return the weights of the ballots, None where no population was given."""
        if _GROUP in self.data.columns and self._whole:
            return self._whole.among(self.data.columns[_GROUP])
        return targets.weights_of(self.data, self.targets)

    _whole: Weights | None = None

    def selected(self, filters: tuple[Filter, ...]) -> Loaded:
        """Return only what meets *filters*; each ballot keeps the weight that it has among all.

        Raises:
            KeyError: A filter names a question that there is not.
        """
        if not filters:
            return self
        whole = self.weights
        kept = {**self.data.columns, **({_GROUP: whole.groups} if whole else {})}
        return replace(self, data=answers.selected(replace(self.data, columns=kept), filters), _whole=whole)

    @property
    def basis(self) -> Basis:
        """Return what the reliability of the numbers is reckoned from."""
        return Basis(self.targets.people, self.weights.design_effect if self.weights else 1.0)

    def tables(self, words: Words) -> Tables:
        """Return what makes tables of it."""
        return Tables(words, self.basis, weighted=self.weights is not None)

    def tally(self, question: Question, *, published: bool = False) -> Tally:
        """Return the simple tabulation of *question*, without what is not to be published where it is."""
        whole = tally(self.data, question, self.weights)
        return publishable(whole) if published else whole

    def cross(self, row: Question, column: Question, *, published: bool = False) -> Cross:
        """Return the cross tabulation, without what is not to be published where it is."""
        whole = cross(self.data, row, column)
        if not published:
            return whole
        return publishable_cross(whole, *(publishable(tally(self.data, each)) for each in (row, column)))

    def simple(self, words: Words, *, published: bool = False) -> list[Table]:
        """Return the tables of all questions."""
        make = self.tables(words)
        return [make.simple(self.tally(each, published=published)) for each in self.data.asked]


def live(engine: Engine, key: str, words: Words) -> Loaded | None:
    """Return the answers that there are now, None where there is no survey *key*."""
    with database.read(engine) as conn:
        row = surveys.get(conn, key)
        return _loaded(conn, row, words) if row else None


def _loaded(conn: Connection, row: SurveyRow, words: Words) -> Loaded:
    survey = from_json(row.definition)
    questions = questions_of(survey_form(survey), words)
    known = {key: words.text(label) for key, label in {**CHANNELS, **FACTS}.items()}
    counts = ballots.counts(conn, row.key)
    data = _data(conn, row, questions, known)
    stops = dict(counts.stopped_at)
    title = words.text(survey.title)
    meta = Meta(row.key, title, row.edition, counts.invited, counts.begun, stops, row.targets or {})
    return Loaded(data, meta)


def _data(
    conn: Connection, row: SurveyRow, questions: tuple[Question, ...], known: Mapping[str, str]
) -> Data:
    """Return the columns of the survey's ballots, those read last while no ballot has come since."""
    # A ballot is never changed and has a drawn id: how many there are and the outermost ids tell the box.
    count = conn.execute(
        select(func.count(), func.min(box.c.id), func.max(box.c.id)).where(box.c.survey == row.key)
    ).one()
    mark = (row.key, row.edition, hash((row.definition, questions, tuple(known.items()))), tuple(count))
    kept = _read.get(conn.engine)
    if kept and kept[0] == mark:
        return kept[1]
    data = answers.read(questions, known, ballots.read(conn, row.key))
    _read[conn.engine] = (mark, data)
    return data


_read: WeakKeyDictionary[Engine, tuple[object, Data]] = WeakKeyDictionary()
"""Of each database the survey that was read last: whoever looks at one looks at it again."""


def forget() -> None:
    """Let the next look at any survey read its ballots."""
    _read.clear()


def held(engine: Engine, key: str, identity: str) -> Loaded | None:
    """Return the answers in the snapshot *identity* of the survey *key*, None where there is none."""
    with database.read(engine) as conn:
        found = snapshots.find(conn, key, identity)
    if found is None:
        return None
    snapshot, content = found
    data, meta = frozen.thaw(identity, content)
    return Loaded(data, meta, snapshot)


def take(engine: Engine, key: str, words: Words, by: str, today: date) -> Snapshot | None:
    """Return the snapshot of what there is now, the earlier one where it has the same numbers.

    Raises:
        TooAlike: It would differ from another by fewer than five ballots.
    """
    with database.write(engine) as conn:
        row = surveys.get(conn, key)
        if row is None:
            return None
        loaded = _loaded(conn, row, words)
        identity, content = frozen.freeze(loaded.data, loaded.meta)
        made = Snapshot(key, identity, today.isoformat(), by, loaded.data.size)
        snapshots.keep(conn, made, content)
        return next(each for each in snapshots.listed(conn, key) if each.id == identity)


def note(engine: Engine, entry: Entry) -> None:
    """Write *entry* into the access log."""
    with database.write(engine) as conn:
        accesslog.note(conn, [entry])


def taken(key: str, reader: tuple[str, str], kind: str, now: int) -> Entry:
    """Return the entry that *reader* (who, in which role) took the ballots of the survey *key* as a file of *kind*."""
    by, role = reader
    return Entry(now, by, role, WHY, WHY, f"survey_{key}", kind)
