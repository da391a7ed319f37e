"""Numbers that no case has, and that is as it should be: they were skipped so as not to be given twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from storage import values
from storage.tables import settings

_KEY = "skipped "


def note(conn: Connection, series: str, last: int, ahead: int) -> None:
    """Note that in *series* the numbers behind *last*, up to *ahead*, are given to nobody."""
    if ahead > last:
        values.put(conn, f"{_KEY}{series} {last + 1}"[:64], str(ahead))


def known(conn: Connection) -> Mapping[str, Sequence[range]]:
    """Return the numbers that were skipped, by series."""
    found: dict[str, list[range]] = {}
    noted = select(settings.c.key, settings.c.value).where(settings.c.key.startswith(_KEY, autoescape=True))
    for row in conn.execute(noted):
        series, _, first = row.key.removeprefix(_KEY).rpartition(" ")
        found.setdefault(series, []).append(range(int(first), int(row.value) + 1))
    return found
