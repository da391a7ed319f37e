"""Who the desk is: the city, its wards, section, hours, number series and pick-up points, as one value.

Another city changes only this (its office file) and the forms.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, time
from enum import StrEnum

from dialogs.calendar import OfficeCalendar
from dialogs.parts import SET_PARTS
from dialogs.parts import Part as Part  # noqa: PLC0414 -- what an office is made of is found here
from dialogs.reading.address import Town
from dialogs.reading.wareki import ERAS, wareki_year

_FISCAL_YEAR_BEGINS = 4
_NUMBER_FORMATS = frozenset({"", *(f"0{width}" for width in range(2, 10))})


@dataclass(frozen=True)
class Ward:
    """A ward (区) of the city: its key for ever, and its name in both scripts."""

    key: str
    name: str
    name_en: str


class Days(StrEnum):
    """On which days something is open."""

    EVERY_DAY = "every day"
    BUSINESS_DAYS = "business days"


@dataclass(frozen=True)
class Hours:
    """Open from *opens* until before *closes*, Tokyo time."""

    opens: time
    closes: time
    days: Days

    @property
    def span(self) -> str:
        """Return the hours as they stand on a door: 9:00〜16:00."""
        return "〜".join(f"{at.hour}:{at.minute:02}" for at in (self.opens, self.closes))


class Resets(StrEnum):
    """When a series of numbers begins with 1 again."""

    NEVER = "never"
    YEAR = "year"
    FISCAL_YEAR = "fiscal year"


@dataclass(frozen=True)
class Series:
    """A series of numbers, such as 貸出番号.

    *pattern* has ``{number}`` (``{number:04}``) and, of the year the series counts in, ``{year}`` (2027),
    ``{era_year}`` (9) and ``{era}`` (R).  A *dated* series always stands beside its date, so the same number
    may come again after a reset (札幌対第12号).
    """

    key: str
    pattern: str
    resets: Resets
    _: KW_ONLY
    dated: bool = False

    def __post_init__(self) -> None:
        """Refuse a pattern that cannot be written, or that would give one number twice.

        Raises:
            ValueError: with the sentence that says what to write instead.
        """
        names = set(self._placeholders())
        if "number" not in names:
            raise ValueError("the pattern has no {number}; put {number} or {number:04} where the count goes")
        if self.resets is not Resets.NEVER and not self.dated and not names & {"year", "era_year"}:
            raise ValueError(
                f"after each {self.resets} the same numbers would come again; put {{year}} or {{era_year}} "
                "into the pattern, or dated = true if the number always stands beside its date"
            )

    def format(self, number: int, day: date) -> str:
        """Return the *number*-th of the period *day* (Tokyo) lies in, as it is written."""
        year = self._year(day)
        # An era that begins within the year gives its name to the whole of it: 2019年度 is 令和元年度.
        era, era_year = wareki_year(date(year, 12, 31))
        letter = next((each.letter for each in ERAS if each.name == era), "")
        return self.pattern.format(number=number, year=year, era_year=era_year, era=letter)

    def period(self, day: date) -> str:
        """Return what the count belongs to, "2027" or, for a series that never resets, ""."""
        return "" if self.resets is Resets.NEVER else str(self._year(day))

    def _year(self, day: date) -> int:
        before = self.resets is Resets.FISCAL_YEAR and day.month < _FISCAL_YEAR_BEGINS
        return day.year - 1 if before else day.year

    def _placeholders(self) -> Iterator[str]:
        """Yield the names in the pattern, each known and written in a way it can be."""
        for _text, name, form, conversion in _parsed(self.pattern):
            if name is None:
                continue
            if name not in ("number", "year", "era_year", "era"):
                raise ValueError(f"{{{name}}} is unknown; use {{number}}, {{year}}, {{era_year}} or {{era}}")
            if conversion or form not in (_NUMBER_FORMATS if name == "number" else {""}):
                raise ValueError(
                    f"{{{name}}} is written in an unknown way; only {{number:04}} may have a width"
                )
            yield name


@dataclass(frozen=True)
class PickupPoint:
    """A place where sets are handed over and taken back; *ward* is a ward's key."""

    key: str
    ward: str
    name: str
    name_en: str
    address: str


class Handover(StrEnum):
    """How sets come to the borrower: places in the wards, or delivery (003-15: one of the two)."""

    POINTS = "points"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class Stock:
    """How many sets the city owns, and how many of them the contractor can store at once (003-10).

    *turnaround_days* is how long a set that came back is cleaned and checked before it is lent again (003-19).
    """

    owned: int
    store: int
    turnaround_days: int = 1


@dataclass(frozen=True)
class Booking:
    """How the reception hours are divided: slots of so many *minutes*, *capacity* at once in each."""

    minutes: int
    capacity: int


BOOKING: Mapping[str, Booking] = {"counter": Booking(30, 2), "visit": Booking(60, 2)}
"""Where the office file says nothing: handing over, and visits by two at once (003-06, 003-07)."""


@dataclass(frozen=True)
class Plan:
    """How much of each service is planned for a year (003-25); one person with several sets is one loan."""

    loans: int = 25
    visits: int = 45


@dataclass(frozen=True)
class Privacy:
    """What is said where personal answers are asked, and the address of the full notice ("" for none)."""

    text: str
    text_en: str
    url: str


@dataclass(frozen=True)
class Office:
    """One city's desk.

    *addressee* is whom the paper is addressed to.  *area_code* completes a number written without one.
    *postal_codes* are beginnings of the codes served, *postal_codes_elsewhere* beginnings within them that
    belong to a neighbour.  *lead_days* is the soft rule how long before its use a set is asked for.
    *set_parts* is the bill of parts of one set (003-54), *booking* how times are booked, by what they are for.
    *instruction_days* is how many business days a visit's time is held without the city's instruction (003-21).
    """

    _: KW_ONLY
    key: str
    city: str
    city_en: str
    prefecture: str
    wards: tuple[Ward, ...]
    postal_codes: tuple[str, ...]
    postal_codes_elsewhere: tuple[str, ...]
    section: str
    section_en: str
    section_address: str
    addressee: str
    telephone: str
    area_code: str
    reception: Hours
    telephone_hours: Hours
    calendar: OfficeCalendar
    series: tuple[Series, ...]
    handover: Handover
    points: tuple[PickupPoint, ...]
    stock: Stock
    lead_days: int
    privacy: Privacy
    set_parts: tuple[Part, ...] = SET_PARTS
    booking: Mapping[str, Booking] = field(default_factory=lambda: BOOKING)
    instruction_days: int = 5
    plan: Plan = Plan()

    def serves(self, place: str | Town) -> bool:
        """Return whether *place*, seven digits of a postal code or a town, lies in the city."""
        if isinstance(place, Town):
            return self.in_city(place)
        return place.startswith(self.postal_codes) and not place.startswith(self.postal_codes_elsewhere)

    def in_city(self, town: Town) -> bool:
        """Return whether *town* belongs to the city; 府中市 in another prefecture does not."""
        return (town.prefecture, town.city) == (self.prefecture, self.city)

    def ward_of(self, town: Town) -> Ward | None:
        """Return the ward *town* lies in, None outside the city and in a city without wards."""
        if not self.in_city(town):
            return None
        return next((ward for ward in self.wards if ward.name == town.ward), None)

    def ward(self, key: str) -> Ward | None:
        """Return the ward called *key*."""
        return next((ward for ward in self.wards if ward.key == key), None)

    def points_in(self, ward: str) -> tuple[PickupPoint, ...]:
        """Return the pick-up points of the ward called *ward*, in the order of the file."""
        return tuple(point for point in self.points if point.ward == ward)

    def numbers(self, key: str) -> Series:
        """Return the series called *key*.

        Raises:
            LookupError: the office file has no such series.
        """
        for series in self.series:
            if series.key == key:
                return series
        raise LookupError(f"the office file has no [[series]] with the key {key}")

    def catalog(self, locale: str) -> Mapping[str, str]:
        """Return the office's own names in the language *locale*, by the Japanese ones.

        They stand in the office file, so the catalogs cannot know them.  Japanese needs none; every other
        language is better served by Latin letters.
        """
        if locale.partition("@")[0] == "ja":
            return {}
        pairs = (
            (self.city, self.city_en),
            (self.section, self.section_en),
            (self.privacy.text, self.privacy.text_en),
            *((ward.name, ward.name_en) for ward in self.wards),
            *((point.name, point.name_en) for point in self.points),
            *((part.name, part.name_en) for part in self.set_parts),
        )
        return {japanese: english for japanese, english in pairs if english}


def _parsed(pattern: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(string.Formatter().parse(pattern))
    except ValueError as broken:
        raise ValueError(f"a brace is missing in the pattern; write {{number}} ({broken})") from broken
