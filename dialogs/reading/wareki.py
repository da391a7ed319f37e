"""The Japanese calendar eras, both ways."""

import unicodedata
from dataclasses import dataclass
from datetime import date

WEEKDAYS = "月火水木金土日"
"""The weekdays in order of :meth:`datetime.date.weekday`."""


@dataclass(frozen=True)
class Era:
    """An era: its letter, its name, and its first day."""

    letter: str
    name: str
    first: date

    @property
    def short(self) -> str:
        """Return the kanji it is shortened to, as in 令9.6.15."""
        return self.name[0]


ERAS: tuple[Era, ...] = (
    Era("R", "令和", date(2019, 5, 1)),
    Era("H", "平成", date(1989, 1, 8)),
    Era("S", "昭和", date(1926, 12, 25)),
    Era("T", "大正", date(1912, 7, 30)),
    Era("M", "明治", date(1868, 1, 25)),
)
"""The eras, newest first."""

_MOST_YEARS = 99  # of the present era, whose end nobody knows


def to_western(era: str, year: int) -> int | None:
    """Return the western year of *year* in *era* (令和, 令, R or r).

    One year past the end of the era is read (平成32年 was printed on many papers); beyond it, before 1,
    or in an unknown era: None.
    """
    key = unicodedata.normalize("NFKC", era).casefold()
    following: Era | None = None
    for known in ERAS:
        if key in (known.letter.casefold(), known.name, known.short):
            most = following.first.year - known.first.year + 2 if following else _MOST_YEARS
            return known.first.year + year - 1 if 1 <= year <= most else None
        following = known
    return None


def wareki_year(day: date) -> tuple[str, int]:
    """Return the era *day* lies in and the year in it; ("西暦", year) before 明治."""
    for era in ERAS:
        if day >= era.first:
            return era.name, day.year - era.first.year + 1
    return "西暦", day.year


def wareki(day: date) -> str:
    """Return *day* as official papers write it: 令和9年6月7日(月)."""
    era, number = wareki_year(day)
    year = "元" if number == 1 and era != "西暦" else str(number)
    return f"{era}{year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"
