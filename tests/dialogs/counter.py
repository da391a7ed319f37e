"""The desk with sample services and one person before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dialogs.conversation import Conversation
from dialogs.events import (
    Action,
    Do,
    Event,
    Tapped,
    Typed,
)
from dialogs.fields import Answers
from dialogs.menu import hear
from dialogs.procedure import Filing, Opening, Procedure, Role, Step
from dialogs.replies import Listing, Reply, Said
from dialogs.standing import CaseView, Register, Standing, Turn
from dialogs.world import World
from tests.dialogs import sample, worlds
from tests.support.talks import WORDS

OPENS = date(2027, 7, 1)


def closed(world: World) -> Opening:
    """Return that applications are taken from July on."""
    return Opening(is_open=world.today >= OPENS, opens=None if world.today >= OPENS else OPENS)


APPLYING = Step("application", "申請", Role.RESIDENT, state="受け付けました。")
CORRECTING = Step(
    "correction",
    "訂正",
    Role.RESIDENT,
    state="訂正を受け付けました。",
    after="application",
    until=("taken_up",),
    repeats=True,
)
WITHDRAWING = Step(
    "withdrawal",
    "取り下げ",
    Role.RESIDENT,
    state="取り下げました。",
    after="application",
    until=("decision",),
)
SAMPLE = Procedure(
    "sample",
    "見本の申請",
    "見本を申請する",
    (sample.FORM,),
    (APPLYING, CORRECTING, WITHDRAWING),
    series="loan",
)
WINTER = replace(SAMPLE, key="winter", title="冬の貸出", invitation="冬の貸出を申請する", opening=closed)
SHUT = replace(
    WINTER,
    key="shut",
    title="休止中",
    invitation="休止中のもの",
    opening=lambda _world: Opening(is_open=False),
)
REGISTER = Register((SAMPLE, WINTER, SHUT))
FILED = CaseView(
    "R9-0001", "sample", "R9", date(2027, 6, 7), (Filing("application", date(2027, 6, 7)),), sample.FULL
)
HERE = Standing("ja", fresh="new")


def at(standing: Standing = HERE, today: date = worlds.TODAY) -> "Counter":
    """Return the desk on *today* with the person of *standing* before it."""
    return Counter(standing, worlds.world(today, words=WORDS))


class Counter:
    """The desk as one person meets it."""

    def __init__(self, standing: Standing, world: World, register: Register = REGISTER) -> None:
        self.standing = standing
        self.world = world
        self.register = register

    def hears(self, *events: Event | str) -> Turn:
        """Return the last turn of *events*; a text is typed."""
        assert events
        for event in events:
            heard = Typed(event, "m1") if isinstance(event, str) else event
            done = hear(self.register, self.standing, heard, self.world)
            self.standing = replace(done.standing, cases=self.standing.cases)
        return done


def half(answers: Answers | None = None, **changes: str) -> Standing:
    """Return somebody in the middle of the sample's form."""
    talk = Conversation("c1", "sample", answers or {"kind": "person"}, **changes)  # type: ignore[arg-type]
    return replace(HERE, conversations=(talk,), current="c1")


def press(do: Do, key: str = "", conversation: str = "", value: str = "") -> Tapped:
    """Return the tap on a button of the desk."""
    return Tapped(Action(do, conversation, key, "", value))


def labels(reply: Reply) -> list[str]:
    """Return the entries of a listing."""
    assert isinstance(reply, Listing)
    return [WORDS["ja"].say(item.label) for item in reply.items]


def texts(replies: Sequence[Reply]) -> list[str]:
    """Return what is said, without questions and lists."""
    return [WORDS["ja"].say(each.message) for each in replies if isinstance(each, Said)]
