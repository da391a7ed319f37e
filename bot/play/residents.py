"""Sample residents: when they apply, and what they do with what the desk says to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from bot.clock import day_of
from bot.play import answers
from bot.play.answers import Home, Raws
from bot.play.people import Actor, Stage
from dialogs.events import Action, Do
from dialogs.fields.base import Given
from dialogs.fields.slot import Slot
from dialogs.form import Form
from dialogs.procedures.fence_loan.loan import CITY_CARRIES, Loan
from dialogs.procedures.fence_loan.rules import season as loan_season
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.slots import free_times, near
from dialogs.standing import CaseView
from dialogs.world import World

NEAR = 6
"""Days before the end of a loan at which people begin to think of it."""

LOAN, GUIDANCE = "fence_loan", "install_guidance"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bent:
    """What somebody tends to do: how likely each is, drawn once for each person."""

    withdraws: bool
    urgent: bool
    cancels: bool
    moves: bool
    extends: bool
    early: bool
    forgets: bool
    troubled: bool
    answers: bool


def bent(dice: Random) -> Bent:
    """Return what the next person tends to do."""
    likely = (0.05, 0.1, 0.06, 0.2, 0.25, 0.2, 0.1, 0.2, 0.7)
    return Bent(*(dice.random() < each for each in likely))


@dataclass
class Resident:
    """One sample resident, who applies for one thing on the day *applies*."""

    stage: Stage
    number: int
    procedure: str
    applies: date
    dice: Random
    reference: str = ""
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Draw what they tend to do, and where they live."""
        self.bent = bent(self.dice)
        self.home: Home = answers.home(self.number, self.dice)
        self.actor: Actor = self.stage.actor(f"sample-{self.number:03}")

    def act(self, case: CaseView | None, now: int) -> None:
        """Do what this resident does on the day of *now* (ms UTC); *case* is theirs as it stands, None before it."""
        if not self.reference:
            if self.applies <= day_of(now):
                self._apply(now)
            return
        if case is None:
            return
        (self._on_loan if self.procedure == LOAN else self._on_guidance)(case, now)

    def _apply(self, now: int) -> None:
        world = self.stage.world_of("", now)
        procedure = self.stage.service.register.of(self.procedure)
        if procedure is None or not procedure.opening(world).is_open:
            return
        asked = self._loan(world) if self.procedure == LOAN else self._guidance(world)
        if asked:
            self.reference = self.actor.apply(self.procedure, asked, now)

    def _loan(self, world: World) -> Raws:
        season = loan_season(world)
        urgent = self.bent.urgent
        first, last = answers.period(world.today, (season.first, season.last), self.dice, urgent=urgent)
        return answers.loan(self.home, first, last, self.dice, urgent=urgent)

    def _guidance(self, world: World) -> Raws:
        slot = self._slot("application", {}, world, soonest=7)
        return answers.guidance(self.home, f"R9-{self.number:04}", slot, self.dice) if slot else {}

    # --- a loan

    def _on_loan(self, case: CaseView, now: int) -> None:
        loan, filed = Loan(case), {each.step for each in case.history}
        if "returned" in filed and self._may("correction", case):
            self._correct(now)
        elif self.bent.withdraws and self._may("withdrawal", case):
            self.actor.tap(Action(Do.WITHDRAW_SURELY, key=case.reference), now)
        elif loan.taken_back:
            self._afterwards(case, loan, now)
        elif loan.handed_over:
            self._while_lent(case, loan, now)
        elif "decision" in filed and not loan.day("cancelled"):
            self._before(case, loan, now)

    def _before(self, case: CaseView, loan: Loan, now: int) -> None:
        if CITY_CARRIES in loan.waived:
            return
        if loan.pickup is None or (self.bent.moves and self._once("moved")):
            self._book(case, "pickup_booked", now)
        elif self.bent.cancels and loan.pickup.day > day_of(now) + DAY:
            self._file(case, "cancelled", {"why": "no_need"}, now)

    def _while_lent(self, case: CaseView, loan: Loan, now: int) -> None:
        today, left = day_of(now), (loan.last - day_of(now)).days
        if loan.instruction:
            self._file(case, "understood", {}, now)
        elif loan.asked_how:
            told: Raws = {"running": "on", "effect_now": "kept_out"}
            self._file(case, "status_told", told, now)
        elif self.bent.troubled and today > (loan.handed_over or today) + 5 * DAY and self._once("trouble"):
            told = {"trouble": "no_current"}
            self._file(case, "trouble", told, now)
        elif self.bent.extends and left <= NEAR and self._once("extension"):
            self._extend(case, loan, now)
        elif loan.returning is None and loan.asked_until is None and not self.bent.forgets:
            early = self.bent.early and today > (loan.handed_over or today) + 20 * DAY
            if left < NEAR - 1 or early:
                self._book(case, "return_booked", now, early=early)

    def _extend(self, case: CaseView, loan: Loan, now: int) -> None:
        until = max(loan.last, day_of(now)) + timedelta(days=self.dice.choice([7, 14, 30]))
        asked: Raws = {"reasons": {"": [self.dice.choice(["bears", "own_late"])]}, "until": until.isoformat()}
        self._file(case, "extension_asked", asked, now)

    def _afterwards(self, case: CaseView, loan: Loan, now: int) -> None:
        filed = {each.step for each in case.history}
        if loan.missing and "missing_answered" not in filed:
            later = (day_of(now) + 3 * DAY).isoformat()
            found: Raws = {"found": "lost"}
            if self.dice.choice([True, False]):
                found = {"found": "bring", "bring_by": later}
            self._file(case, "missing_answered", found, now)
        elif self.bent.answers and self._may("questionnaire", case) and self._once("questionnaire"):
            self._file(case, "questionnaire", answers.questionnaire(self.dice), now)

    def _correct(self, now: int) -> None:
        """Answer anew what was sent back, and send it."""
        self.actor.tap(Action(Do.CORRECT, key=self.reference), now)
        self.actor.fill({"perimeter": "50"}, now)

    # --- guidance

    def _on_guidance(self, case: CaseView, now: int) -> None:
        at = Guidance(case).arranged
        if Guidance(case).is_over or Guidance(case).visited_on:
            return
        if at.waits_for_resident:
            self._file(case, "agreed", {}, now)
        elif not at.slot:
            slot = self._slot("moved", {}, self.stage.world_of(case.reference, now), soonest=7)
            if slot:
                self._file(case, "moved", {"slot": slot}, now)
        elif at.definite and self.bent.cancels and at.day and at.day > day_of(now) + DAY:
            self._file(case, "cancelled", {"why": "dates"}, now)

    # --- what several of them do

    def _book(self, case: CaseView, step: str, now: int, *, early: bool = False) -> None:
        """Book a time at a counter: the first that is free on a day that suits."""
        world = self.stage.world_of(case.reference, now)
        place = (
            world.office.points[self.number % len(world.office.points)].key
            if world.office.points
            else "delivery"
        )
        given: Raws = {"place": {"": place}}
        if step == "return_booked":
            how = "early" if early else "end"
            given = {"how": {"": f"{how}:{Loan(case).last.isoformat()}"}, **given}
        slot = self._slot(step, given, world)
        if slot:
            self._file(case, step, {**given, "slot": slot}, now)

    def _slot(self, where: str, given: Raws, world: World, *, soonest: int = 0) -> dict[str, str] | None:
        """Return a free time for the form of the step *where*, *soonest* days ahead; None where nothing is left."""
        form = self._form(where, world.today)
        asked = next(each for each in form.fields if isinstance(each, Slot))
        known = form.read(given, {}, world)[0] if given else {}
        first, last = asked.bounds(Given(world, known))
        first = max(first, world.today + timedelta(days=soonest))
        pool = asked.pool(known)
        days: Sequence[date] = (
            near(world.office, world.free, pool, (first, last), first, 3) if first <= last else ()
        )
        day = self.dice.choice(days) if days else None
        times = free_times(world.office, world.free, pool, day) if day else ()
        return {"day": day.isoformat(), "time": f"{self.dice.choice(times):%H:%M}"} if day and times else None

    def _form(self, step: str, today: date) -> Form:
        procedure = self.stage.service.register.of(self.procedure)
        found = procedure.step(step) if procedure else None
        if procedure is None or found is None:
            raise LookupError(step)
        return found.form or procedure.form(today)

    def _may(self, step: str, case: CaseView) -> bool:
        procedure = self.stage.service.register.of(self.procedure)
        return procedure is not None and procedure.may_file(step, case)

    def _file(self, case: CaseView, step: str, given: Raws, now: int) -> None:
        if self._may(step, case):
            self.actor.file(case.reference, step, given, now)

    def _once(self, what: str) -> bool:
        """Return whether this resident does *what* for the first time; from now on they have."""
        new = what not in self.done
        self.done.add(what)
        return new
