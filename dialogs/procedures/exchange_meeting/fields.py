"""The questions whose answers to choose from stand in the meeting: it is data, and the form asks what it says.

An answer carries its wording, so that it can be read and exported when the meeting is long over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from dialogs.fields import Answers, Choice, Choices, Field, Given, Input, Invalid, Option, Raw, Value
from dialogs.meetings import ON_SITE, Meeting, Named, in_language
from dialogs.words import Message, Words, _, say

SHORT = 20  # characters of the narrowest buttons

OUTSIDE = "outside"
"""The answer of whoever lives in no ward of the city."""

KINDS = (
    Named("group", _("町内会・活動団体")),
    Named("city", _("市の職員")),
    Named("interested", _("関心のある方")),
)
"""Who comes, where the meeting says nothing (004-03)."""


@dataclass(frozen=True)
class Asks:
    """The condition that somebody comes (in the way *way*, "" for any) and that the meeting asks *what* ("": all)."""

    what: str = ""
    way: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Return the questions it looks at."""
        return frozenset({"meeting", "coming", *({"attendance"} if self.way else ())})

    def __call__(self, answers: Answers) -> bool:
        """Return whether *answers* meet it."""
        asked = not self.what or self.what in (answers.get("meeting") or {}).get("asks", ())
        here = not self.way or answers.get("attendance") == self.way
        return asked and here and answers.get("coming") == "yes"


def meeting_of(given: Given) -> Meeting | None:
    """Return the meeting that the answers so far are about, None before it is known."""
    chosen = given.answers.get("meeting")
    return given.world.meetings.get(chosen["key"]) if chosen else None


def meeting_value(meeting: Meeting) -> dict[str, Any]:
    """Return *meeting* as an answer: its key and title, when and where, and what it asks besides."""
    asks = [name for name, found in (("themes", meeting.themes), ("online", meeting.seats_online)) if found]
    return {
        "key": meeting.key,
        "ja": meeting.title,
        "en": meeting.title_en,
        "day": meeting.day.isoformat(),
        "starts": f"{meeting.starts:%H:%M}",
        "place": meeting.place,
        "asks": asks,
    }


def _named_value(each: Named) -> dict[str, str]:
    return {"key": each.key, "ja": each.name, "en": each.name_en}


def _option(each: Named, words: Words | None) -> Option:
    label = in_language(each.name, each.name_en, words) if words else each.name
    return Option(each.key, label, short=label if len(label) <= SHORT else f"{label[: SHORT - 1]}…")


@dataclass(frozen=True)
class OneMeeting(Field):
    """Which meeting it is about: one of those that take registrations; a correction stays with its own.

    The value is what :func:`meeting_value` returns.
    """

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the meetings to choose from."""
        found = self._meetings(given)
        return (
            replace(self._choice(given, found), required=self.required).inputs(given) if found else (_NONE,)
        )

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the meeting that was chosen, as it is now."""
        found = self._meetings(given)
        if not found:
            raise Invalid(_("この交流会の申し込みは終わりました。「中止」と送ると、メニューにもどります。"))
        key = self._choice(given, found).read(raw, given)
        return meeting_value(next(each for each in found if each.key == key))

    def raw(self, value: Value) -> Raw:
        """Return the key."""
        return {"": value["key"]}

    def show(self, value: Value, words: Words) -> str:
        """Return its title."""
        return in_language(value["ja"], value["en"], words)

    def _meetings(self, given: Given) -> Sequence[Meeting]:
        meetings, case = given.world.meetings, given.world.case
        if case and case.answers:
            own = meetings.get(case.answers[self.key]["key"])
            return (own,) if own else ()
        return meetings.taking(given.world.today)

    def _choice(self, given: Given, found: Sequence[Meeting]) -> Choice:
        options = [_option(Named(each.key, each.title, each.title_en), given.words) for each in found]
        return Choice(self.key, self.label, tuple(options))


_NONE = Choice("none", _("交流会"), (Option("none", _("なし")),)).inputs(None)[0]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Coming(Choice):
    """Whether somebody comes; what it is about is said before."""

    def advised(self, given: Given) -> Message | None:
        """Return which meeting it is, when and where, and until when one can register."""
        meeting = meeting_of(given)
        if meeting is None:
            return None
        text = _("「{title}」\n日時：{day} {starts}から{ends}まで\n場所：{place}\n申し込みの締切：{closes}")
        return say(text, **facts(meeting, given.words), closes=meeting.closes)


def facts(meeting: Meeting, words: Words | None) -> dict[str, Any]:
    """Return what is said of *meeting*, in the reader's language."""
    title, place = meeting.title, meeting.place
    if words:
        title = in_language(title, meeting.title_en, words)
        place = in_language(place, meeting.place_en, words)
    starts, ends = f"{meeting.starts:%H:%M}", f"{meeting.ends:%H:%M}"
    return {"title": title, "day": meeting.day, "starts": starts, "ends": ends, "place": place}


@dataclass(frozen=True)
class Attendance(Choice):
    """How somebody attends: in the ways that the meeting has seats for; how many are left is said before."""

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the ways."""
        (drawn,) = super().inputs(given)
        return (replace(drawn, options=tuple(each for each in self.options if self._has(each.key, given))),)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the way."""
        key = super().read(raw, given)
        if not self._has(key, given):
            raise Invalid(_("この交流会は、オンラインでは見られません。「会場で参加」をおえらびください。"))
        return key

    def advised(self, given: Given) -> Message | None:
        """Return how many seats are left on site."""
        meeting = meeting_of(given)
        if meeting is None:
            return None
        seats = given.world.meetings.seats_of(meeting.key, ON_SITE)
        if seats.has_room_for(1):
            return say(_("会場の空きは、いま {left}席です。"), left=seats.left)
        return say(_("会場は、いま満席です。会場をえらぶと、キャンセル待ちになります。"))

    def _has(self, key: str, given: Given) -> bool:
        meeting = meeting_of(given)
        return meeting is None or key in meeting.ways


@dataclass(frozen=True)
class OneOfMeeting(Field):
    """One of the kinds of participant that the meeting knows; ``{"key", "ja", "en"}``."""

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the kinds."""
        return self._choice(given).inputs(given)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the kind."""
        key = self._choice(given).read(raw, given)
        return next(_named_value(each) for each in self._kinds(given) if each.key == key)

    def raw(self, value: Value) -> Raw:
        """Return the key."""
        return {"": value["key"]}

    def show(self, value: Value, words: Words) -> str:
        """Return the kind in the reader's language."""
        return words.text(in_language(value["ja"], value["en"], words))

    def _kinds(self, given: Given) -> Sequence[Named]:
        meeting = meeting_of(given)
        return (meeting.kinds if meeting else ()) or KINDS

    def _choice(self, given: Given) -> Choice:
        options = tuple(_option(each, given.words) for each in self._kinds(given))
        return Choice(self.key, self.label, options, required=self.required)


@dataclass(frozen=True)
class ThemesOfMeeting(Field):
    """Some of the themes of the meeting, at most *most*; a list of ``{"key", "ja", "en"}``."""

    _: KW_ONLY
    most: int

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the themes."""
        return self._choices(given).inputs(given)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the themes chosen at once, or those ticked so far."""
        before = given.before
        keys = [each["key"] for each in before] if isinstance(before, list) else before
        found = self._choices(given).read(raw, replace(given, before=keys))
        if not isinstance(found, list):
            return found
        themes = {each.key: each for each in self._themes(given)}
        return [_named_value(themes[key]) for key in found]

    def raw(self, value: Value) -> Raw:
        """Return *value* as a page gives it, or as ticking goes on."""
        if isinstance(value, list):
            return {"": [each["key"] for each in value]}
        return {"several": "1", "picked": value["picked"]}

    def is_complete(self, value: Value) -> bool:
        """Return whether the ticking is done."""
        return isinstance(value, list)

    def show(self, value: Value, words: Words) -> str:
        """Return the themes in the reader's language."""
        themes = value if isinstance(value, list) else ()
        return words.text(_("、")).join(in_language(each["ja"], each["en"], words) for each in themes)

    def _themes(self, given: Given) -> Sequence[Named]:
        meeting = meeting_of(given)
        return meeting.themes if meeting else ()

    def _choices(self, given: Given) -> Choices:
        options = tuple(_option(each, given.words) for each in self._themes(given)) or (_NO_THEME,)
        return Choices(self.key, self.label, options, most=self.most, required=self.required)


_NO_THEME = Option("none", _("なし"))


@dataclass(frozen=True)
class WardOf(Field):
    """The ward somebody comes from, by its Japanese name, or ``OUTSIDE``."""

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the wards."""
        return self._choice(given).inputs(given)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the ward."""
        return self._choice(given).read(raw, given)

    def show(self, value: Value, words: Words) -> str:
        """Return the ward in the reader's language."""
        return words.text(_("市外") if value == OUTSIDE else value)

    def _choice(self, given: Given) -> Choice:
        # The name is the key as well, so that what is stored marks its option when a card or a page shows it again.
        wards = tuple(Option(each.name, each.name) for each in given.world.office.wards)
        return Choice(self.key, self.label, (*wards, Option(OUTSIDE, _("市外"))), required=self.required)
