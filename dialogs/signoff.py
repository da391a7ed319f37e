"""Signing a case level by level: a clerk checks, a chief signs, a manager decides.

General: a procedure says which levels there are and who holds them; the steps, who may sign what and what has
been signed follow from that and from the history of the case.

Any level may send a case back, because whoever finds the fault knows what is wrong.  Only the last level may
refuse: a refusal is the office's decision and not an opinion on the way to it, and whoever stands below would
otherwise decide in the manager's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from dialogs.fields.base import Answers, Option
from dialogs.procedure import Filing, History, Role, Step, effective, is_open
from dialogs.standing import Grant


class Verdict(StrEnum):
    """What somebody at a level says."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RETURN = "return"


@dataclass(frozen=True)
class Level:
    """One signature.  *who* is the post (係長), *title* the step (係長の承認), *deed* what the button says.

    *state* tells the resident how the case stands once it is signed; *within* is in business days.
    """

    step: str
    title: str
    role: Role
    _: KW_ONLY
    who: str
    deed: str
    state: str
    within: int | None = None


@dataclass(frozen=True)
class Ending:
    """How a round ends otherwise: the step that says so, its title, and what the resident is told of it."""

    step: str
    title: str
    _: KW_ONLY
    state: str


def no_exceptions(answers: Answers) -> tuple[Option, ...]:  # noqa: ARG001 -- the shape of every such rule
    """Return that no rule may be set aside."""
    return ()


@dataclass(frozen=True)
class Signed:
    """One signature of a case: *verdict* at *level*, by whom and when; *member* is who that is on the roster.

    *deputy* says that it was given for the one who holds the level (代決).
    """

    level: str
    verdict: str
    member: str
    by: str
    day: date
    deputy: bool = False


@dataclass(frozen=True)
class SignOff:
    """The levels of a procedure, from the first to the one that decides.

    *opened* is the step that opens a case, *corrects* who may correct it.  *begun* are steps by which somebody
    has started to look: they end the time for corrections, and sending back takes them back.  *stops* end a
    case from outside, such as a withdrawal.  *exceptions* names the rules that the last level may set aside.
    *document* and *notice* are series of the office file: every decision has a number of the first (札幌対第 号),
    an approval one of the second besides (通知番号); "" for none.
    """

    levels: tuple[Level, ...]
    _: KW_ONLY
    returned: Ending
    correction: Ending
    refused: Ending | None = None
    resumed: Ending | None = None
    opened: str = "application"
    corrects: Role = Role.RESIDENT
    begun: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    exceptions: Callable[[Answers], tuple[Option, ...]] = no_exceptions
    document: str = ""
    notice: str = ""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return the steps: the correction, the levels, sending back, refusing, going on without a correction."""
        return (self._correcting(), *self._levels(), *self._endings())

    @cached_property
    def decided(self) -> tuple[str, ...]:
        """Return the steps after which nothing more is signed."""
        return (self.levels[-1].step, *((self.refused.step,) if self.refused else ()))

    @cached_property
    def signatures(self) -> frozenset[str]:
        """Return the steps that are filed by signing, and in no other way."""
        return frozenset({each.step for each in self.levels} | {self.returned.step, *self.decided})

    def _correcting(self) -> Step:
        asked = self.correction
        begun = (*self.begun, *self._resuming(), *(each.step for each in self.levels))
        return Step(
            asked.step,
            asked.title,
            self.corrects,
            state=asked.state,
            after=self.opened,
            until=(*begun, *self.decided[1:], *self.stops),
            repeats=True,
            resets=(self.returned.step,),
        )

    def _levels(self) -> Iterator[Step]:
        before = self.opened
        for each in self.levels:
            yield Step(
                each.step,
                each.title,
                each.role,
                state=each.state,
                after=before,
                until=(self.returned.step, *self.decided[1:], *self.stops),
                within=each.within,
            )
            before = each.step

    def _endings(self) -> Iterator[Step]:
        first, last = self.levels[0], self.levels[-1]
        back = self.returned
        undone = (*self.begun, *self._resuming(), *(each.step for each in self.levels))
        yield Step(
            back.step,
            back.title,
            first.role,
            state=back.state,
            after=self.opened,
            until=(*self.decided, *self.stops),
            resets=undone,
        )
        if self.refused:
            below = self.levels[-2].step if len(self.levels) > 1 else self.opened
            yield Step(
                self.refused.step,
                self.refused.title,
                last.role,
                state=self.refused.state,
                after=below,
                until=(back.step, last.step, *self.stops),
            )
        if self.resumed:
            yield Step(
                self.resumed.step,
                self.resumed.title,
                first.role,
                state=self.resumed.state,
                after=back.step,
                until=self.stops,
                resets=(back.step,),
            )

    def _resuming(self) -> tuple[str, ...]:
        return (self.resumed.step,) if self.resumed else ()

    def level(self, step: str) -> Level | None:
        """Return the level that *step* signs, None where it signs none."""
        return next((each for each in self.levels if each.step == step), None)

    def open_level(self, history: History) -> Level | None:
        """Return the level whose signature a case with *history* waits for; None once decided, sent back or over."""
        standing = effective(self.steps, history)
        steps = {each.key: each for each in self.steps}
        return next((each for each in self.levels if is_open(steps[each.step], standing)), None)

    def is_last(self, level: Level) -> bool:
        """Return whether *level* decides."""
        return level == self.levels[-1]

    def round(self, history: History) -> tuple[Signed, ...]:
        """Return the signatures that count now, in order: those before the case was last sent back do not."""
        standing = effective(self.steps, history)
        return tuple(_signed(each) for each in standing if each.step in self.signatures)

    def last_at(self, level: str, history: History) -> Signed | None:
        """Return what was last said at *level* in this round; None where nobody has signed there yet."""
        begins = {self.opened, self.correction.step, *self._resuming()}
        begun = max((place for place, each in enumerate(history) if each.step in begins), default=0)
        lately = [_signed(each) for each in history[begun:] if each.step in self.signatures]
        return next((each for each in reversed(lately) if each.level == level), None)

    def asked_back(self, history: History) -> tuple[tuple[str, ...], str]:
        """Return the questions to be answered anew and why; nothing where the case was not sent back."""
        standing = effective(self.steps, history)
        back = next((each for each in standing if each.step == self.returned.step), None)
        if back is None:
            return (), ""
        return tuple(back.said.get("fields", ())), str(back.said.get("reason", ""))

    def entitled(
        self, level: Level, procedure: str, grants: Sequence[Grant], *, verdict: str, own_taken: bool = False
    ) -> Grant | None:
        """Return the grant by which *level* is signed: one's own, or for the one who is away (代決); None for none.

        *own_taken* says that this person has signed another level of the round in their own right: nobody
        approves or refuses twice but as a recorded deputy.  Sending back is always open to whoever holds the
        level, since it approves nothing.
        """
        held = [each for each in grants if each.role is level.role and each.procedure in ("*", procedure)]
        own = next((each for each in held if not each.deputy), None)
        if own and not (own_taken and verdict != Verdict.RETURN):
            return own
        return next((each for each in held if each.deputy), None)

    def has_signed(self, member: str, history: History) -> bool:
        """Return whether *member* has signed a level of this round in their own right."""
        return any(each.member == member and not each.deputy for each in self.round(history))


def _signed(filing: Filing) -> Signed:
    said = filing.said
    return Signed(
        str(said.get("level", filing.step)),
        str(said.get("outcome", Verdict.APPROVE)),
        str(said.get("member", filing.by)),
        filing.by,
        filing.day,
        deputy="deputy_for" in said,
    )
