"""Days, and ranges of days."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias

from dialogs.events import Parts
from dialogs.fields.base import Cell, Column, Control, Field, Given, Input, Invalid, Raw, Value, only, part_of
from dialogs.fields.typed import LONGEST_TYPED
from dialogs.reading.days import read_day, read_days
from dialogs.reading.shortcuts import says_until
from dialogs.words import Message, Words, _

Limit: TypeAlias = "Callable[[Given], date | None] | date | None"
Bounds: TypeAlias = Callable[[Given], "tuple[date | None, date | None]"]
Warn: TypeAlias = Callable[[Value, Given], "Message | None"]

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNREADABLE = _("日付を「6月15日」「6/15」「令和9年6月15日」のように入力してください。")
_OUTSIDE = {
    ("least", "most"): _("{least} から {most} までの日をえらんでください。"),
    ("least",): _("{least} か、その後の日をえらんでください。"),
    ("most",): _("{most} か、その前の日をえらんでください。"),
}


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """One day from *least* to *most*, both included, as ISO text.

    *warn* returns what a person should know about a day that was taken.
    """

    example: str = _("6月15日")
    least: Limit = None
    most: Limit = None
    warn: Warn | None = None

    echoes_taps: ClassVar[bool] = True

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the calendar."""
        limits = _Limits(_at(self.least, given), _at(self.most, given))
        return (limits.calendar("", self.label, self, limits.nearest(given.world.today)),)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the day *raw* names."""
        day = _day(only(raw), given.world.today)
        if day is None:
            raise Invalid(_UNREADABLE)
        _Limits(_at(self.least, given), _at(self.most, given)).check(day, "")
        return day.isoformat()

    def show(self, value: Value, words: Words) -> str:
        """Return the day as the reader writes it."""
        return words.day(date.fromisoformat(value))

    def remark(self, value: Value, given: Given) -> Message | None:
        """Return what *warn* says."""
        return self.warn(value, given) if self.warn else None

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:  # noqa: ARG002
        """Return the day as a day."""
        return (None if value is None else date.fromisoformat(value),)


@dataclass(frozen=True, kw_only=True)
class DayRange(Field):
    """A first and a last day, both included: ``{"from": iso, "to": iso}``, at first only with "from".

    *bounds* are the first and the last day possible.  A range has from *least_days* to *most_days* days.
    """

    example: str = _("6月15日")
    from_label: str = _("いつから")
    to_label: str = _("いつまで")
    bounds: Bounds | None = None
    least_days: int = 1
    most_days: int | None = None
    warn: Warn | None = None

    echoes_taps: ClassVar[bool] = True

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the calendars of the first and of the last day, each with the days still possible."""
        starts, first = self._starts(given), _stored(given.before, "from")
        ends = self._ends(first or starts.least, given)
        return (
            starts.calendar("from", self.from_label, self, first or starts.nearest(given.world.today)),
            ends.calendar("to", self.to_label, self, _stored(given.before, "to") or ends.nearest(first)),
        )

    def pending(self, given: Given) -> Input:
        """Return the calendar of the last day once the first is known."""
        start, end = self.inputs(given)
        before = given.before
        return end if _stored(before, "from") and not _stored(before, "to") else start

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the range of *raw*; only its first day where the last is still to be asked."""
        typed = only(raw)
        if isinstance(raw, str) or typed:
            return self._typed(typed, given)
        return self._picked(raw, given)

    def raw(self, value: Value) -> Raw:
        """Return the days by their parts."""
        return dict(value)

    def is_complete(self, value: Value) -> bool:
        """Return whether the last day is there."""
        return "to" in value

    def show(self, value: Value, words: Words) -> str:
        """Return both days as the reader writes them."""
        first = date.fromisoformat(value["from"])
        if "to" not in value:
            return words.text(_("{first} から"), first=first)
        return words.text(_("{first} から {last} まで"), first=first, last=date.fromisoformat(value["to"]))

    def remark(self, value: Value, given: Given) -> Message | None:
        """Return what *warn* says."""
        return self.warn(value, given) if self.warn else None

    def columns(self) -> Sequence[Column]:
        """Return one column for each day."""
        return (Column("from", _("開始日")), Column("to", _("終了日")))

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:  # noqa: ARG002
        """Return the days as days."""
        return (_stored(value, "from"), _stored(value, "to"))

    def _typed(self, text: str, given: Given) -> Value:
        """Return the range of typed words: both days, or the one that is asked for."""
        found = read_days(text, given.world.today) if len(text) <= LONGEST_TYPED else None
        start = _stored(given.before, "from")
        if found and found[1]:
            return self._checked(found[0], found[1], given)
        if start:
            return self._checked(start, _end(text, start, given.world.today), given)
        if found is None:
            raise Invalid(_UNREADABLE, "from")
        if says_until(text):
            raise Invalid(_("はじめの日も一緒に、「6月15日から8月31日」のように入力してください。"), "from")
        return self._checked(found[0], None, given)

    def _picked(self, parts: Parts, given: Given) -> Value:
        """Return the range of parts: from a page both, from a calendar one after the other."""
        today, before = given.world.today, _stored(given.before, "from")
        first = _day(part_of(parts, "from"), today) if "from" in parts else before
        if first is None:
            raise Invalid(_UNREADABLE, "from")
        if "to" not in parts:
            return self._begun(first, given)
        return self._checked(first, _end(part_of(parts, "to"), first, today), given)

    def _begun(self, first: date, given: Given) -> Value:
        """Return the range begun anew from *first*, with the former last day if that still fits."""
        last = _stored(given.before, "to")
        if last:
            with suppress(Invalid):
                return self._checked(first, last, given)
        return self._checked(first, None, given)

    def _checked(self, first: date, last: date | None, given: Given) -> Value:
        self._starts(given).check(first, "from")
        if last is None:
            return {"from": first.isoformat()}
        if last < first:
            raise Invalid(
                _("終わりの日は、はじめの日（{first}）か、その後にしてください。"), "to", first=first
            )
        self._within(given).check(last, "to")
        self._check_length(first, last)
        return {"from": first.isoformat(), "to": last.isoformat()}

    def _check_length(self, first: date, last: date) -> None:
        days = (last - first).days + 1
        if days < self.least_days:
            soonest = _plus(first, self.least_days - 1)
            text = _("期間は{days}日以上です。終わりの日は {last} か、その後にしてください。")
            raise Invalid(text, "to", days=self.least_days, last=soonest)
        if self.most_days is not None and days > self.most_days:
            latest = _plus(first, self.most_days - 1)
            text = _("期間は{days}日までです。終わりの日は {last} か、その前にしてください。")
            raise Invalid(text, "to", days=self.most_days, last=latest)

    def _within(self, given: Given) -> _Limits:
        return _Limits(*self.bounds(given)) if self.bounds else _Limits(None, None)

    def _starts(self, given: Given) -> _Limits:
        """Return the limits of the first day, which leave room for the shortest range."""
        within = self._within(given)
        return _Limits(within.least, within.most and _plus(within.most, 1 - self.least_days))

    def _ends(self, first: date | None, given: Given) -> _Limits:
        """Return the limits of the last day of a range from *first*."""
        most = self._within(given).most
        if first is None:
            return _Limits(None, most)
        longest = None if self.most_days is None else _plus(first, self.most_days - 1)
        return _Limits(_plus(first, self.least_days - 1), min(filter(None, (most, longest)), default=None))


@dataclass(frozen=True)
class _Limits:
    """The days from *least* to *most*, both included; None for no limit."""

    least: date | None
    most: date | None

    def check(self, day: date, part: str) -> None:
        """Refuse a *day* outside, saying which days are possible."""
        if (self.least is None or day >= self.least) and (self.most is None or day <= self.most):
            return
        limits = (("least", self.least), ("most", self.most))
        facts = {name: limit for name, limit in limits if limit}
        raise Invalid(_OUTSIDE[tuple(facts)], part, **facts)

    def nearest(self, day: date | None) -> date | None:
        """Return the possible day nearest to *day*."""
        if day is None or (self.least and day < self.least):
            return self.least
        return self.most if self.most and day > self.most else day

    def calendar(self, part: str, label: str, field: Field, initial: date | None) -> Input:
        """Return a calendar of these days."""
        return Input(
            part,
            Control.DATE,
            label,
            example=field.example,
            least=self.least,
            most=self.most,
            initial=initial,
            required=field.required,
        )


def _at(limit: Limit, given: Given) -> date | None:
    return limit(given) if callable(limit) else limit


def _stored(value: Mapping[str, str] | None, part: str) -> date | None:
    return date.fromisoformat(value[part]) if value and part in value else None


def _day(text: str, today: date) -> date | None:
    """Return the day of a calendar (ISO) or of typed words."""
    if len(text) > LONGEST_TYPED:
        return None
    if _ISO.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return read_day(text, today)


def _end(text: str, first: date, today: date) -> date:
    """Return the last day that *text* names for a range from *first*: 8月31日, 20日, 2週間.

    Raises:
        Invalid: it names none.
    """
    if len(text) <= LONGEST_TYPED and not _ISO.fullmatch(text):
        # Behind its first day a last day means what it means to people: the 20th is the next one.
        together = read_days(f"{first.isoformat()}~{text}", today)
        if together and together[1]:
            return together[1]
    day = _day(text, today)
    if day is None:
        raise Invalid(_UNREADABLE, "to")
    return day


def _plus(day: date, days: int) -> date:
    """Return the day *days* after *day*, or the calendar's end."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
