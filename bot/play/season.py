"""A season day by day: the clock goes from morning to night, and everybody does what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from bot import stocking
from bot.clock import at_hour, day_of
from bot.holders import HolderDesk
from bot.play.office import Office
from bot.play.people import CHANNEL, Stage
from bot.play.residents import GUIDANCE, LOAN, Resident
from dialogs.season import loan_season, opening_day
from storage import engine as database
from storage import people, stock
from storage.stock import Cause, Place

DAY = timedelta(days=1)
STOREKEEPER = "見本 係"  # untranslated: a sample name

Tick = Callable[[int], None]
"""Does what time brings about at a moment (ms UTC)."""


@dataclass
class Season:
    """The season of *year*, played with *many* residents from a *seed*; *tick* is called several times a day."""

    stage: Stage
    office: Office
    tick: Tick
    year: int
    many: int = 60
    seed: int = 1
    residents: list[Resident] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw who applies for what, and when."""
        dice = Random(self.seed)  # noqa: S311 -- a play, no secret
        season = loan_season(self.year, self.stage.service.office.calendar)
        opens = opening_day(season)
        span = (season.last - opens).days - 30
        for number in range(1, self.many + 1):
            procedure = GUIDANCE if number % 4 == 0 else LOAN
            # Most come early: the days are drawn with the smaller of two throws.
            applies = opens + min(dice.randrange(span), dice.randrange(span)) * DAY
            own = Random(f"{self.seed}/{number}")  # noqa: S311
            self.residents.append(Resident(self.stage, number, procedure, applies, own))

    @property
    def first(self) -> date:
        """Return the day on which applications open."""
        return opening_day(loan_season(self.year, self.stage.service.office.calendar))

    def play(self, until: int) -> Iterator[date]:
        """Play from the opening day to *until* (ms UTC); yield each day once it is over."""
        self.take_stock(at_hour(self.first, 8))
        self.take_holders(at_hour(self.first, 8))
        day = self.first
        while at_hour(day, 0) <= until:
            for hour, act in self._hours():
                if at_hour(day, hour) <= until:
                    act(at_hour(day, hour))
            yield day
            day += DAY

    def _hours(self) -> Sequence[tuple[int, Tick]]:
        return (
            (0, self.tick),
            (9, self.tick),
            (10, self.office.desk_work),
            (11, self._residents),
            (13, self.office.round),
            (14, self.tick),
        )

    def _residents(self, now: int) -> None:
        # Nobody's case changes by what other residents do.
        found = {each.reference: each for key in (LOAN, GUIDANCE) for each in self.stage.cases(key)}
        for number, each in enumerate(self.residents):
            each.act(found.get(each.reference), now + number * 20_000)

    def take_stock(self, now: int) -> None:
        """Let the city's sets be on the books, as many at the contractor's as its store holds."""
        service = self.stage.service
        stocking.begin(service.engine, service.office, Cause("play/stock", STOREKEEPER, now))
        store = service.office.stock.store
        with database.write(service.engine) as conn:
            cause = Cause("play/store", STOREKEEPER, now)
            stock.move(conn, range(1, store + 1), Place.STORE, stocking.bill_of(service.office), cause)

    def take_holders(self, now: int) -> None:
        """Let the sample holders of the subsidy be on the city's list."""
        service = self.stage.service
        desk = HolderDesk(service.engine, service.vault, service.world(day_of(now)).postal)
        rows = [
            f"R9-{each.number:04},札幌市{each.home.rest}"  # untranslated: a sample address
            for each in self.residents
            if each.procedure == GUIDANCE
        ]
        content = "\r\n".join(["補助金番号,住所", *rows]).encode(
            "utf-8-sig"
        )  # untranslated: as the file's header says
        preview = desk.preview(content, "sample", now)
        if preview.draft:
            desk.take(preview.draft, "sample", "admin", now)


def blocked(stage: Stage, account: str, at: int) -> None:
    """Let the account be one that nothing can be sent to."""
    with database.write(stage.service.engine) as conn:
        people.set_blocked(conn, CHANNEL, account, at)
