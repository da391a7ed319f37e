"""One person, one answer: eight devices of one person confirm the same survey at the same moment.

The scene is in the manner of the others (``tests.races.scenes``): each worker tries once a round, and what is in
the box afterwards is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar
from unittest.mock import patch

from sqlalchemy import Connection, func, select

from storage import ballots, surveys
from storage.surveys import SurveyRow
from storage.tables_surveys import ballots as table
from storage.turns import Stale
from tests.races.scenes import Scene
from tests.storage.make import NOW

ROW = SurveyRow("raced", "見本", "1", "{}", uploaded_by="見本 一郎", uploaded_at=NOW)


@dataclass
class OneAnswer(Scene):
    """One person on LINE and on the web, on two telephones and with an impatient finger."""

    channels: ClassVar[tuple[str, ...]] = ("line", "web")
    _before: int = field(default=0, init=False)

    def prepare(self, conn: Connection, number: int) -> None:  # noqa: ARG002 -- the shape of it
        if surveys.get(conn, "raced") is None:
            surveys.put(conn, ROW)
            surveys.open_(conn, "raced", ())
        self._before = _many(conn)

    def attempt(self, conn: Connection, worker: int, number: int) -> None:
        ballot = ballots.new({"q": f"{number} {worker}"}, self.channels[worker % 2])
        if not ballots.cast(conn, "raced", f"person {number}", ballot):
            raise Stale

    def given(self, conn: Connection, number: int) -> int:  # noqa: ARG002 -- the rounds follow each other
        return _many(conn) - self._before

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        with patch.object(ballots, "_marked", lambda *_: True):
            yield


def _many(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(table)).scalar_one()
