"""Sample staff and contractors: they sign, decide, hand over, look after and take back, as it falls due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from functools import partial
from random import Random

from bot.clock import day_of
from bot.play import answers
from bot.play.answers import Raws
from bot.play.people import Actor, Refused, Stage
from bot.play.residents import GUIDANCE, LOAN
from dialogs import rounds
from dialogs.procedure import Procedure
from dialogs.procedures.fence_loan.loan import CITY_CARRIES, Loan
from dialogs.procedures.install_guidance.guidance import Guidance
from dialogs.standing import CaseView
from dialogs.steps import Due
from dialogs.upcoming import Leg

CHECKED = frozenset({"checked_on_site", "swapped", "rechecked"})
"""What the one of the two does who looks after what was set up (003-07)."""

FETCHED = 5
"""Days after its end at which a set is fetched that nobody has brought."""


@dataclass
class Office:
    """The city's three who sign, and the contractor's two who go to places; nobody files a step of *idle*."""

    stage: Stage
    clerk: Actor
    chief: Actor
    manager: Actor
    lender: Actor
    checker: Actor
    _: KW_ONLY
    dice: Random
    idle: Collection[str] = ()

    def desk_work(self, now: int) -> None:
        """Do what waits for the city, on a business day."""
        if not self.stage.service.office.calendar.is_business_day(day_of(now)):
            return
        for case in self.stage.cases(LOAN):
            self._sign(case, now)
        for case in self.stage.cases(GUIDANCE):
            if Guidance(case).arranged.waits_for_city and self._happens(0.9):
                self.clerk.press(case.reference, "instructed", "file", now, instruction="")

    def _sign(self, case: CaseView, now: int) -> None:
        waiting = {each.step.key for each in self._due(case)}
        if "checked" in waiting:
            self._check(case, now)
        elif "chief_signed" in waiting:
            self.chief.press(case.reference, "chief_signed", "approve", now)
        elif "decision" in waiting:
            self._decide(case, now)
        elif "extended" in waiting:
            self._extend(case, now)
        elif Loan(case).is_lent and self._happens(0.01) and self._may("status_asked", case):
            self.clerk.file(case.reference, "status_asked", {}, now)

    def _check(self, case: CaseView, now: int) -> None:
        was_returned = any(each.step == "returned" for each in case.history)
        if not was_returned and self._happens(0.08):
            reason = "周囲の長さをもう一度測ってください。"  # untranslated: what a sample clerk writes
            self.clerk.press(case.reference, "checked", "return", now, fields=["perimeter"], reason=reason)
        else:
            self.clerk.press(case.reference, "checked", "approve", now)

    def _decide(self, case: CaseView, now: int) -> None:
        urgent = case.answers.get("emergency") == "yes"
        given = {"exceptions": ["at_once", *self._carried()]} if urgent else {}
        try:
            if self._happens(0.04):
                raise Refused("as it happens")
            self.manager.press(case.reference, "decision", "approve", now, **given)
        except Refused:
            reason = "貸し出せるセットがないため。"  # untranslated: what a sample manager writes
            self.manager.press(case.reference, "decision", "refuse", now, reason=reason)

    def _carried(self) -> list[str]:
        return [CITY_CARRIES, "notice"] if self._happens(0.5) else []

    def _extend(self, case: CaseView, now: int) -> None:
        try:
            if self._happens(0.15):
                raise Refused("as it happens")
            self.clerk.press(case.reference, "extended", "file", now)
        except Refused:
            why = "ほかの方の予約があるため。"  # untranslated: what a sample clerk writes
            self.clerk.press(case.reference, "extension_refused", "file", now, refused_why=why)

    def round(self, now: int) -> None:
        """Go the round of the day: hand over, look after, take back, visit; and answer what waits."""
        for leg in self._legs(now):
            self._stop(leg, now)
        for case in self.stage.cases(LOAN):
            self._beside(case, now)
        for case in self.stage.cases(GUIDANCE):
            if Guidance(case).arranged.waits_for_contractor:
                self.lender.file(case.reference, "accepted", {}, now)

    def _legs(self, now: int) -> Iterator[Leg]:
        today, office = day_of(now), self.stage.service.office
        world = self.stage.world(now)
        legs = [
            Leg(case.reference, key, stop)
            for key in (LOAN, GUIDANCE)
            for case in self.stage.cases(key)
            for stop in self._procedure(key).rounds(case, world)
        ]
        yield from rounds.of_day(legs, today, today, office)

    def _stop(self, leg: Leg, now: int) -> None:
        case = self.stage.case(leg.reference)
        if leg.stop.step in self.idle or not self._may(leg.stop.step, case):
            return
        today = day_of(now)
        if leg.stop.opens and today < leg.stop.day and self._happens(0.7):
            return  # not everything on the first day possible
        world = self.stage.world_of(case.reference, now)
        report: Mapping[str, Callable[[], Raws]] = {
            "handed_over": partial(answers.handover, case, world),
            "taken_back": partial(answers.takeback, case, self.dice),
            "checked_on_site": partial(answers.check, self.dice),
            "swapped": lambda: answers.SWAP,
            "visited": partial(answers.visit, today),
            "rechecked": partial(answers.recheck, today),
        }
        goes = self.checker if leg.stop.step in CHECKED else self.lender
        goes.file(case.reference, leg.stop.step, report[leg.stop.step](), now)

    def _beside(self, case: CaseView, now: int) -> None:
        """Do what waits for the contractor and is no stop of a round."""
        loan, today = Loan(case), day_of(now)
        waiting = {each.step.key: each.by for each in self._due(case)}
        if "trouble_answered" in waiting:
            self.lender.file(case.reference, "trouble_answered", answers.ANSWER, now)
        elif waiting.get("settled", date.max) <= today:
            self.lender.file(case.reference, "settled", answers.settlement(case, self.dice), now)
        elif self._is_carried(loan, waiting, today):
            world = self.stage.world_of(case.reference, now)
            self.lender.file(case.reference, "handed_over", answers.handover(case, world), now)
        elif loan.is_lent and loan.returning is None and (today - loan.last).days > FETCHED:
            self.lender.file(case.reference, "taken_back", answers.takeback(case, self.dice), now)

    def _is_carried(self, loan: Loan, waiting: dict[str, date], today: date) -> bool:
        """Return whether nobody comes for it: the city brings it, or nobody has booked a time."""
        late = waiting.get("handed_over", date.max)
        return late <= today and (CITY_CARRIES in loan.waived or (loan.pickup is None and late < today))

    def _happens(self, likely: float) -> bool:
        return self.dice.random() < likely

    def _may(self, step: str, case: CaseView) -> bool:
        return self._procedure(case.procedure).may_file(step, case)

    def _due(self, case: CaseView) -> Sequence[Due]:
        return self._procedure(case.procedure).due(case, self.stage.service.office.calendar)

    def _procedure(self, key: str) -> Procedure:
        found = self.stage.service.register.of(key)
        if found is None:
            raise LookupError(key)
        return found
