"""Makes a meeting of a TOML file or of what a page sent, or says of every field what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeAlias

from dialogs.meetings import ON_SITE, ONLINE, WAYS, Meeting, Named, Part, State
from dialogs.words import Message, _, say

Raw: TypeAlias = Mapping[str, Any]

LONGEST_KEY, LONGEST_LINE, MOST_SEATS, MOST_TOGETHER, MOST_HOURS = 40, 200, 5_000, 20, 240

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.ASCII)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)

KEY, TITLE, TITLE_EN, DAY, PLACE, PLACE_EN, CLOSES = (
    "key", "title", "title_en", "day", "place", "place_en", "closes"
)  # fmt: skip
_TEXTS = ("survey", "contact", "telephone", TITLE_EN, PLACE_EN)
_NUMBERS: Mapping[str, tuple[int, int, int]] = {
    "seats_online": (0, MOST_SEATS, 0),
    "group_most": (1, MOST_TOGETHER, 5),
    "groups": (0, 200, 0),
    "group_size": (0, 50, 0),
    "drinks": (0, 5, 1),
    "sweets": (0, 50, 1),
}
"""The least, the most and what is meant where nothing is said."""

_KNOWN = frozenset(
    {
        KEY,
        TITLE,
        DAY,
        PLACE,
        CLOSES,
        "seats_on_site",
        "offer_hours",
        "online_link",
        "parts",
        "themes",
        "kinds",
    }
    | {*_TEXTS, *_NUMBERS}
)
_PART = frozenset({KEY, TITLE, TITLE_EN, "starts", "ends", "who", "link"})
_NAMED = frozenset({KEY, "name", "name_en"})


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, and what to do: ``parts[2].ends`` is the end of the second part."""

    field: str
    message: Message


class Wrong(Exception):
    """A value that cannot be taken."""

    def __init__(self, text: str, **facts: str | int) -> None:
        super().__init__(text)
        self.message = say(text, **facts)


def read(raw: Raw) -> Meeting | tuple[Problem, ...]:
    """Return the meeting that *raw* describes, as a draft, or everything that is wrong with it.

    *raw* is TOML-shaped; what a page sends may give numbers, days and times as text as well, and "" for nothing.
    """
    reader = _Reader(raw)
    found = reader.meeting()
    problems = tuple(reader.problems)
    if problems or found is None:
        return problems
    return found


def problems(raw: Raw) -> tuple[Problem, ...]:
    """Return everything that is wrong with *raw*."""
    found = read(raw)
    return () if isinstance(found, Meeting) else found


def advice(meeting: Meeting) -> tuple[Problem, ...]:
    """Return what is allowed and yet unwise: a closing date in the month of the meeting (004-11)."""
    first = meeting.day.replace(day=1)
    if meeting.closes < first:
        return ()
    text = _("締切は、開催する月より前にするのがおすすめです。出席者は、その前の月に決まっている予定です。")
    return (Problem(CLOSES, say(text)),)


def raw_of(meeting: Meeting) -> dict[str, Any]:
    """Return *meeting* as JSON can hold it: ``read(raw_of(meeting))`` is the same as a draft."""
    kept: dict[str, Any] = {name: getattr(meeting, name) for name in (KEY, TITLE, PLACE, *_TEXTS, *_NUMBERS)}
    kept |= {DAY: meeting.day.isoformat(), CLOSES: meeting.closes.isoformat()}
    kept |= {"seats_on_site": meeting.seats_on_site, "online_link": meeting.online_link}
    kept |= {"offer_hours": "" if meeting.offer_hours is None else meeting.offer_hours}
    kept["parts"] = [_raw_part(each) for each in meeting.parts]
    return kept | {name: [vars(each) for each in getattr(meeting, name)] for name in ("themes", "kinds")}


def _raw_part(part: Part) -> dict[str, str]:
    return {**vars(part), "starts": f"{part.starts:%H:%M}", "ends": f"{part.ends:%H:%M}"}


@dataclass
class _Reader:
    """Reads one table; *at* stands before the names of its fields where something is wrong."""

    raw: Raw
    at: str = ""
    problems: list[Problem] = field(default_factory=list)

    def meeting(self) -> Meeting | None:
        self._unknown(_KNOWN)
        key, title = self.take(KEY, key_text), self.take(TITLE, line)
        day, closes = self.take(DAY, day_of), self.take(CLOSES, day_of)
        place, seats = self.take(PLACE, line), self.take("seats_on_site", number(1, MOST_SEATS))
        numbers: dict[str, Any] = {
            name: self.take(name, number(*span[:2]), span[2]) for name, span in _NUMBERS.items()
        }
        texts: dict[str, Any] = {name: self.take(name, line, "") for name in _TEXTS}
        link = self.take("online_link", address, "")
        hours = self.take("offer_hours", number(1, MOST_HOURS), None)
        themes, kinds = self._all("themes", _Reader.named), self._all("kinds", _Reader.named)
        parts = self._all("parts", _Reader.part)
        self._together(day, closes, parts, numbers["seats_online"], link)
        if self.problems:
            return None
        return Meeting(
            key, title, day, place, closes, parts, seats,
            online_link=link, offer_hours=hours, themes=themes, kinds=kinds, state=State.DRAFT, **numbers, **texts,
        )  # fmt: skip

    def part(self) -> Part:
        self._unknown(_PART)
        starts, ends = self.take("starts", clock), self.take("ends", clock)
        if starts and ends and ends <= starts:
            self._wrong("ends", Wrong(_("終わりの時刻は、始まりより後にしてください。")))
        return Part(
            self.take(KEY, key_text),
            self.take(TITLE, line),
            starts,
            ends,
            self.take("who", way, ONLINE),
            title_en=self.take(TITLE_EN, line, ""),
            link=self.take("link", address, ""),
        )

    def named(self) -> Named:
        self._unknown(_NAMED)
        return Named(self.take(KEY, key_text), self.take("name", line), self.take("name_en", line, ""))

    def take(self, name: str, reads: Callable[[object], Any], usual: Any = ...) -> Any:
        """Return what stands under *name*, *usual* where nothing does; None where it cannot be taken."""
        value = self.raw.get(name)
        if value is None or value == "":
            if usual is ...:
                self._wrong(name, Wrong(_("書いてください。")))
                return None
            return usual
        try:
            return reads(value)
        except Wrong as wrong:
            self._wrong(name, wrong)
            return None

    def _wrong(self, name: str, wrong: Wrong) -> None:
        self.problems.append(Problem(f"{self.at}{name}", wrong.message))

    def _unknown(self, known: frozenset[str]) -> None:
        for name in sorted(set(map(str, self.raw)) - known):
            text = _("この項目はありません。書き方を確かめるか、消してください。")
            self._wrong(name, Wrong(text))

    def _all(self, name: str, made: Callable[[_Reader], Any]) -> tuple[Any, ...]:
        listed = self.raw.get(name) or []
        if not isinstance(listed, Sequence) or not all(isinstance(each, Mapping) for each in listed):
            self._wrong(name, Wrong(_("[[{name}]] の表を並べて書いてください。"), name=name))
            return ()
        found = []
        for count, each in enumerate(listed, 1):
            inner = _Reader(each, f"{name}[{count}].", self.problems)
            found.append(made(inner))
        self._twice(name, [each.key for each in found])
        return tuple(found)

    def _twice(self, name: str, keys: Sequence[str | None]) -> None:
        for count, key in enumerate(keys, 1):
            if key and key in keys[: count - 1]:
                text = _("「{key}」が2回あります。別の名前にしてください。")
                self.problems.append(Problem(f"{name}[{count}].{KEY}", say(text, key=key)))

    def _together(
        self,
        day: date | None,
        closes: date | None,
        parts: Sequence[Part],
        seats_online: int | None,
        link: str,
    ) -> None:
        for name, text in _rules(day, closes, parts, seats_online, link):
            self._wrong(name, Wrong(text))


def _rules(
    day: date | None, closes: date | None, parts: Sequence[Part], seats_online: int | None, link: str | None
) -> Iterator[tuple[str, str]]:
    if day and closes and closes >= day:
        yield CLOSES, _("締切は、開催日より前の日にしてください。")
    if not parts:
        yield "parts", _("プログラムを1つ以上書いてください。")
        return
    open_to_all = [each for each in parts if each.who != ON_SITE]
    if seats_online and not open_to_all:
        yield (
            "seats_online",
            _("オンラインで見られるプログラムがありません。0にするか、公開するものを決めてください。"),
        )
    if seats_online and open_to_all and not (link or all(each.link for each in open_to_all)):
        yield "online_link", _("オンラインで見る人に知らせる、https:// で始まるアドレスを書いてください。")


def key_text(value: object) -> str:
    """Return a key: small letters, digits and hyphens."""
    text = line(value)
    if not _KEY.fullmatch(text):
        raise Wrong(_("半角の小文字・数字・ハイフンで、{most}文字までで書いてください。例：{example}"),
                    most=LONGEST_KEY, example="r9-koryukai")  # fmt: skip
    return text


def line(value: object) -> str:
    """Return one line of text."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or not text.isprintable() or len(text) > LONGEST_LINE:
        raise Wrong(_("1行で、{most}文字までで書いてください。"), most=LONGEST_LINE)
    return text


def day_of(value: object) -> date:
    """Return a day, as TOML has it or as text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Wrong(_("日付を {example} のように書いてください。"), example="2028-01-15") from None


def clock(value: object) -> time:
    """Return a time of day, as TOML has it or as text."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _CLOCK.fullmatch(str(value).strip())
    if found is None:
        raise Wrong(_("時刻を {example} のように書いてください。"), example="13:30")
    return time(int(found[1]), int(found[2]))


def number(least: int, most: int) -> Callable[[object], int]:
    """Return what reads a whole number from *least* to *most*, as TOML has it or as text."""

    def read_number(value: object) -> int:
        text = "" if isinstance(value, bool) else str(value).strip()
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise Wrong(_("{least} から {most} までの数字を書いてください。"), least=least, most=most)
        return int(text)

    return read_number


def way(value: object) -> str:
    """Return who a part is for."""
    if value not in WAYS:
        raise Wrong(_("{on_site}（会場だけ）か {online}（オンラインでも見られる）を書いてください。"),
                    on_site=ON_SITE, online=ONLINE)  # fmt: skip
    return str(value)


def address(value: object) -> str:
    """Return an https address."""
    text = line(value)
    if not _ADDRESS.fullmatch(text):
        raise Wrong(_("https:// で始まるアドレスを書いてください。"))
    return text
