"""A time to come, booked among those that are free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time
from typing import ClassVar, TypeAlias

from dialogs.events import Parts
from dialogs.fields.base import (
    Answers,
    Cell,
    Column,
    Control,
    Field,
    Given,
    Input,
    Invalid,
    Option,
    Raw,
    Value,
    only,
    part_of,
)
from dialogs.fields.naming import Naming
from dialogs.fields.typed import LONGEST_TYPED
from dialogs.reading.clock import read_time
from dialogs.reading.days import read_day
from dialogs.slots import free_times, kind_of, near, times
from dialogs.words import Message, Words, _, say

PoolOf: TypeAlias = Callable[[Answers], str]
Within: TypeAlias = Callable[[Given], "tuple[date, date]"]

_UNREADABLE = _("日付を「6月15日」「6/15」、時刻を「10時」「10:30」のように入力してください。")
_NO_TIME = _("{day} の時刻をえらんでください。")
_FULL_DAY = _("{day} は空いている時間がありません。空いている日：{days}")
_FULL_TIME = _("{time} はもう空いていません。{day} の空いている時間：{times}")
_OUTSIDE = _("{least} から {most} までの日をえらんでください。")
_NOTHING = _("いま予約できる日がありません。お手数ですが、{section}（電話 {telephone}）へお電話ください。")
_SHOWN = 6  # times that a refusal names


@dataclass(frozen=True, kw_only=True)
class Slot(Field):
    """A day and a time: ``{"day": "2027-06-14", "time": "09:00"}``, at first only with "day".

    *pool* says of which pool, given the other answers, *bounds* the first and the last day possible.  Days and
    times at which nothing is left are not taken; the days and times that are free are named instead.
    """

    needs_free: ClassVar[bool] = True
    example: str = _("6月15日 10時")
    pool: PoolOf
    bounds: Within
    day_label: str = _("日にち")
    time_label: str = _("時間")

    echoes_taps: ClassVar[bool] = True

    def inputs(self, given: Given) -> tuple[Input, ...]:
        """Return the calendar and the times: those free on the day that is known, at first all."""
        return self._calendar(given), self._clock(given)

    def pending(self, given: Given) -> Input:
        """Return the times once the day is known."""
        before = given.before or {}
        return self._clock(given) if "day" in before and "time" not in before else self._calendar(given)

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the slot of *raw*; only its day where the time is still to be asked."""
        typed = only(raw)
        if isinstance(raw, str) or typed:
            return self._typed(typed, given)
        return self._picked(raw, given)

    def raw(self, value: Value) -> Raw:
        """Return the day and the time by their parts."""
        return dict(value)

    def is_complete(self, value: Value) -> bool:
        """Return whether the time is there."""
        return "time" in value

    def show(self, value: Value, words: Words) -> str:
        """Return the day as the reader writes it, and when it begins."""
        day = words.day(date.fromisoformat(value["day"]))
        return words.text(_("{day} {time}"), day=day, time=value["time"]) if "time" in value else day

    def columns(self) -> Sequence[Column]:
        """Return one column for the day and one for the time."""
        return (Column("day", _("予約日")), Column("time", _("予約時刻")))

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:  # noqa: ARG002
        """Return the day as a day and the time as text."""
        if value is None:
            return (None, None)
        return (date.fromisoformat(value["day"]), value.get("time"))

    def _calendar(self, given: Given) -> Input:
        within = self.bounds(given)
        known = _stored(given.before)
        office, free = given.world.office, given.world.free
        first = known or next(iter(near(office, free, self.pool(given.answers), within, within[0], 1)), None)
        least, most = within if within[0] <= within[1] else (None, None)
        return Input(
            "day",
            Control.DATE,
            self.day_label,
            example=self.example,
            least=least,
            most=most,
            initial=first,
            required=self.required,
        )

    def _clock(self, given: Given) -> Input:
        day, pool = _stored(given.before), self.pool(given.answers)
        office = given.world.office
        possible = free_times(office, given.world.free, pool, day) if day else ()
        # A day that filled up since it was chosen leaves nothing to choose from: every time is refused then.
        shown = possible or times(office, kind_of(pool))
        options = tuple(Option(_written(each), _written(each)) for each in shown)
        return Input("time", Control.ONE_OF, self.time_label, options=options, required=self.required)

    def _typed(self, text: str, given: Given) -> Value:
        """Return the slot of typed words: a day, a time of the day that is known, or both."""
        short = text if len(text) <= LONGEST_TYPED else ""
        named, known = read_time(short), _stored(given.before)
        day = read_day(short, given.world.today)
        if known and (day is None or _is_ordinal(short)):
            named = named or self._numbered(short, given)
            if named is None:
                raise Invalid(_UNREADABLE, "time")
            return self._checked(known, named, given)
        if day is None:
            raise Invalid(_UNREADABLE, "day")
        return self._checked(day, named, given)

    def _numbered(self, text: str, given: Given) -> time | None:
        """Return the time that *text* names by its number in the list or by its wording."""
        named = Naming(self._clock(given).options, given.words).one(text)
        return time.fromisoformat(named.key) if named else None

    def _picked(self, parts: Parts, given: Given) -> Value:
        """Return the slot of parts: from a card both, in a talk one after the other."""
        known = _stored(given.before)
        day = read_day(part_of(parts, "day"), given.world.today) if "day" in parts else known
        if day is None:
            raise Invalid(_UNREADABLE, "day")
        if "time" not in parts:
            return self._begun(day, given)
        begins = _clock_time(part_of(parts, "time"))
        if begins is None:
            self._checked(day, None, given)
            raise Invalid(_NO_TIME, "time", day=day)
        return self._checked(day, begins, given)

    def _begun(self, day: date, given: Given) -> Value:
        """Return the slot begun anew with *day*, at the former time if that is free then."""
        former = (given.before or {}).get("time")
        if former:
            with suppress(Invalid):
                return self._checked(day, time.fromisoformat(former), given)
        return self._checked(day, None, given)

    def _checked(self, day: date, begins: time | None, given: Given) -> Value:
        """Return the slot, or only its day.

        Raises:
            Invalid: It lies outside the bounds, or nothing is left of it.
        """
        within, pool = self.bounds(given), self.pool(given.answers)
        office, free = given.world.office, given.world.free
        possible = free_times(office, free, pool, day)
        days = near(office, free, pool, within, day)
        if not days:
            raise Invalid(_NOTHING, "day", section=say(office.section), telephone=office.telephone)
        if not within[0] <= day <= within[1]:
            raise Invalid(_OUTSIDE, "day", least=within[0], most=within[1])
        if not possible:
            raise Invalid(_FULL_DAY, "day", day=day, days=_days(days))
        if begins is None:
            return {"day": day.isoformat()}
        if begins not in possible:
            raise Invalid(
                _FULL_TIME, "time", time=_written(begins), day=day, times=_times(_nearest(possible, begins))
            )
        return {"day": day.isoformat(), "time": _written(begins)}


def _stored(value: Value) -> date | None:
    return date.fromisoformat(value["day"]) if value else None


def _written(begins: time) -> str:
    return f"{begins:%H:%M}"


def _clock_time(text: str) -> time | None:
    return read_time(text) if len(text) <= LONGEST_TYPED else None


def _is_ordinal(text: str) -> bool:
    """Return whether *text* is a bare number: of the list that was shown, and not a day of the month."""
    return text.strip().isdecimal()


def _nearest(possible: Sequence[time], wanted: time) -> Sequence[time]:
    """Return up to _SHOWN of *possible*, those nearest to *wanted*, in order."""

    def distance(each: time) -> int:
        return abs((each.hour - wanted.hour) * 60 + each.minute - wanted.minute)

    return sorted(sorted(possible, key=distance)[:_SHOWN])


def _days(days: Sequence[date]) -> Message:
    first, *others = days
    return (
        say(_("{first}、{others}"), first=first, others=_days(others)) if others else say("{day}", day=first)
    )


def _times(possible: Sequence[time]) -> str:
    return " ".join(map(_written, possible))
