"""Numbers that are given once each: of cases, of decisions, of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dialogs.office import Office
from dialogs.standing import Register
from storage import cases


@dataclass(frozen=True)
class Numbering:
    """Gives the next number of a series of the office file.

    Whoever asks at the same moment waits for the end of the other's transaction, and one that is rolled back
    gives its number back: no gaps, no doubles.
    """

    register: Register
    office: Office

    def case(self, conn: Connection, procedure: str, day: date) -> str:
        """Return the number of a new case of *procedure*, opened on *day* (Asia/Tokyo).

        Raises:
            LookupError: There is no such procedure, or the office file lacks its series.
        """
        found = self.register.of(procedure)
        if found is None:
            raise LookupError(procedure)
        return self.next(conn, found.series, day)

    def next(self, conn: Connection, series: str, day: date) -> str:
        """Return the next number of *series* on *day*, as it is written.

        Raises:
            LookupError: The office file lacks it.
        """
        found = self.office.numbers(series)
        return found.format(cases.next_number(conn, f"{found.key}:{found.period(day)}"), day)
