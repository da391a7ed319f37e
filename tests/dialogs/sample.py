"""A small form, and turns of it: what the tests of the core try their rules on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.asking import Stride
from dialogs.conversation import Conversation
from dialogs.events import Action, Do, Event, Tapped, Typed
from dialogs.fields import (
    Answers,
    Choice,
    Choices,
    DayRange,
    Field,
    Is,
    Name,
    Number,
    Option,
    Photo,
    Place,
    Text,
)
from dialogs.form import Form, Page
from dialogs.replies import Ask, Reply, Review, Said
from dialogs.turn import Outcome, Setting, turn
from dialogs.words import Message, Words, say
from dialogs.world import World
from tests.dialogs import worlds

KIND = Choice("kind", "区分", (Option("person", "個人"), Option("group", "団体")))
LENGTH = Number("length", "長さ", unit="m", least=1, most=100)
REASONS = Choices("reasons", "理由", (Option("damage", "被害"), Option("other", "その他")))
OTHER = Text("other", "その他の理由", when=Is("reasons", "other"), required=False)
PHOTO = Photo("photo", "写真", required=False)
PLACE = Place("place", "場所", required=False)
PERIOD = DayRange("period", "期間", from_label="いつから", to_label="いつまで")
TEAM = Name("team", "団体の名前", when=Is("kind", "group"), personal=True)
NAME = Name("name", "お名前", personal=True)

TALK = Page("talk", "申請の内容", (KIND, LENGTH, REASONS, OTHER, PHOTO, PLACE, PERIOD))
PRIVATE = Page("private", "申請者", (TEAM, NAME), private=True)


def no_long_stay(answers: Answers, world: World) -> Mapping[str, Message]:
    """Refuse a period that has begun."""
    begun = answers.get("period", {}).get("from", "9999") < world.today.isoformat()
    return {"period": say("はじまっています。")} if begun else {}


FORM = Form("sample", "見本の申請", "R9", (TALK, PRIVATE), checks=(no_long_stay,))

FULL: Answers = {
    "kind": "group",
    "length": 40,
    "reasons": ["damage"],
    "photo": None,
    "place": None,
    "period": {"from": "2027-06-10", "to": "2027-06-20"},
    "team": {"sealed": True},
    "name": {"sealed": True},
}
"""Everything answered, personal answers sealed, what may be skipped skipped."""


def form(*fields: Field, private: tuple[Field, ...] = (), edition: str = "R10") -> Form:
    """Return a later edition of the sample with *fields*."""
    return Form(
        "sample",
        "見本の申請",
        edition,
        (replace(TALK, fields=fields), replace(PRIVATE, fields=private or (NAME,))),
    )


def setting(asked: Form = FORM, today: date = worlds.TODAY, **changes: Any) -> Setting:
    """Return what a turn of *asked* is taken in; *changes* are those of the setting or of its world."""
    own = {name: changes.pop(name) for name in ("stride", "words") if name in changes}
    words: Words = own.pop("words", worlds.JAPANESE)
    return Setting(asked, worlds.world(today, **changes), words, own.pop("stride", Stride.FIELD), "sample")


def talk(answers: Answers | None = None, **changes: Any) -> Conversation:
    """Return a conversation with *answers*."""
    return Conversation("c1", "sample", answers or {}, **changes)


def without(*keys: str) -> Answers:
    """Return the full answers without *keys*."""
    return {key: value for key, value in FULL.items() if key not in keys}


def tap(do: Do, key: str = "", value: str = "", part: str = "") -> Tapped:
    """Return the tap on a button of the conversation."""
    return Tapped(Action(do, "c1", key, part, value))


def take(start: Conversation, *events: Event | str, at: Setting | None = None) -> Outcome:
    """Return what the last of *events* (a text is typed) led to, from *start*."""
    assert events
    for number, event in enumerate(events, 1):
        heard = Typed(event, f"m{number}") if isinstance(event, str) else event
        outcome = turn(at or setting(), start, heard)
        start = outcome.conversation
    return outcome


def asked(outcome: Outcome) -> str:
    """Return the key of the question that is put at the end; "" for the review."""
    last = outcome.replies[-1]
    if isinstance(last, Ask):
        return last.field.key
    assert isinstance(last, Review), last
    return ""


def ask(outcome: Outcome) -> Ask:
    """Return the question that is put at the end."""
    last = outcome.replies[-1]
    assert isinstance(last, Ask)
    return last


def said(replies: tuple[Reply, ...]) -> list[str]:
    """Return what is said beside questions."""
    return [worlds.JAPANESE.say(each.message) for each in replies if isinstance(each, Said)]
