"""A question as LINE shows it: a bubble where there is something to tap in it, otherwise a text.

Everything that can be tapped can be typed too, for LINE on a computer shows no quick replies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from bot.line import flex
from bot.line.drawing import Drawing, Pen, text_messages
from bot.line.flex import Json
from dialogs.events import Action, Do
from dialogs.fields.base import Control, Field, Option
from dialogs.replies import Ask, AskPage, Offer
from dialogs.words import _

FEW = 4  # options that are also quick replies
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)  # what LINE's calendar knows


@dataclass(frozen=True)
class _Way:
    """How an input is answered: pieces of a bubble, quick replies, and the same in words."""

    pieces: list[Json] = field(default_factory=list)
    chips: list[Json] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    typed: str = ""


def draw_ask(ask: Ask, pen: Pen) -> Drawing:
    """Return *ask* as messages: first why the last answer was not taken, then the question."""
    way, kept, heading = _way(ask, pen), _kept(ask, pen), _heading(ask, pen)
    below = [each for each in (way.typed, *pen.typable(ask.offers)) if each]
    if way.pieces:
        contents = [*_head(heading, ask), *way.pieces, *map(flex.button, kept), *map(flex.footnote, below)]
        question = flex.messages([*heading, *way.lines, *below], contents)
    else:
        question = text_messages("\n".join([*heading, *_before(ask, pen), "", *below]))
    chips = [*map(flex.chip, kept), *way.chips, *pen.chips(ask.offers)]
    return Drawing([*_refusal(ask, pen), *question], chips)


def _refusal(ask: Ask, pen: Pen) -> list[Json]:
    return text_messages(f"⚠ {pen.say(ask.refused)}") if ask.refused else []


def _heading(ask: Ask, pen: Pen) -> list[str]:
    """Return where we are, the question, and what helps to answer it."""
    asked, part = ask.field, ask.input
    lines = [
        _position(ask.position, ask.form.page_of(ask.field).title, pen),
        pen.say(asked.question or asked.label),
    ]
    if part.label and part.label not in {asked.label, asked.question}:
        lines.append(pen.say(part.label))
    lines += [pen.say(each) for each in dict.fromkeys((asked.hint, part.hint)) if each]
    return [*lines, *_model(ask, pen)]


def _position(at: tuple[int, int], title: str, pen: Pen) -> str:
    """Return which question this is, of how many as far as known, and under which heading."""
    number, count = at
    page = pen.say(title)
    return pen.text(_("{number}/{count} ・ {page}"), number=number, count=count, page=page) if count else page


def _model(ask: Ask, pen: Pen) -> list[str]:
    """Return the example and the unit, as lines."""
    example = pen.say(ask.input.example or ask.field.example)
    unit = pen.say(ask.input.unit)
    lines = [pen.text(_("例：{example}"), example=example)] if example else []
    return [*lines, pen.text(_("単位：{unit}"), unit=unit)] if unit else lines


def _head(heading: Sequence[str], ask: Ask) -> list[Json]:
    place, question, *more = heading
    named = ask.input.label not in {"", ask.field.label, ask.field.question}
    second = [flex.heading(more.pop(0), color=flex.ACCENT)] if named else []
    return [flex.quiet(place), flex.heading(question), *second, *map(flex.quiet, more)]


def _before(ask: Ask, pen: Pen) -> list[str]:
    return [pen.text(_("前の答え：{answer}"), answer=ask.kept)] if ask.kept and not ask.field.personal else []


def _kept(ask: Ask, pen: Pen) -> list[Json]:
    """Return the action that takes the former answer again; a personal one is not repeated."""
    if ask.kept is None:
        return []
    action = Action(Do.KEEP, ask.conversation, ask.field.key)
    same = pen.text(_("前の答えのまま"))
    label = same if ask.field.personal else pen.text(_("このまま: {answer}"), answer=ask.kept)
    return [flex.postback(label, pen.seal(action), most=flex.CHIP)]


# --- one drawing per control


def _way(ask: Ask, pen: Pen) -> _Way:
    match ask.input.control:
        case Control.ONE_OF:
            return _one_of(ask, pen)
        case Control.MANY_OF:
            return _ticking(ask, pen) if ask.several or ask.picked else _many_of(ask, pen)
        case Control.TICK:
            return _tick(ask, pen)
        case Control.DATE:
            return _calendar(ask, pen)
        case Control.LINE | Control.LINES | Control.NUMBER:
            # Whatever is suggested; anything else is typed.
            return _Way(chips=[_short(option, ask, pen) for option in ask.input.options])
        case Control.PHOTO:
            return _photo(pen)
        case Control.PLACE:
            return _place_on_map(pen)
        case unknown:
            assert_never(unknown)


def _answer(ask: Ask, value: str, part: str | None = None) -> Action:
    return Action(Do.ANSWER, ask.conversation, ask.field.key, ask.input.part if part is None else part, value)


def _one_of(ask: Ask, pen: Pen) -> _Way:
    options = ask.input.options
    pieces = [_option(number, option, ask, pen) for number, option in enumerate(options, 1)]
    chips = [_short(option, ask, pen) for option in options] if _are_short(options, pen) else []
    return _Way(pieces, chips, _numbered(options, pen), pen.text(_("番号を送っても答えられます。")))


def _many_of(ask: Ask, pen: Pen) -> _Way:
    way = _one_of(ask, pen)
    label = pen.text(_("2つ以上えらぶ"))
    several = flex.button(pen.tap(label, _answer(ask, "1", "several")))
    typed = pen.text(_("番号を送っても答えられます。2つ以上のときは「1、3」のように送ってください。"))
    return _Way([*way.pieces, several], way.chips, way.lines, typed)


def _ticking(ask: Ask, pen: Pen) -> _Way:
    pieces, lines = [], []
    for number, option in enumerate(ask.input.options, 1):
        label, picked = pen.say(option.label), option.key in ask.picked
        mark = f"{'☑' if picked else '☐'} {number}"
        action = pen.tap(label, _answer(ask, option.key, "add"))
        pieces.append(flex.choice(mark, [flex.text(label)], action, picked=picked))
        lines.append(f"{mark}. {label}")
    if ask.picked:
        done = pen.tap(pen.text(_("えらび終わる")), _answer(ask, "1", "done"))
        pieces.append(flex.button(done, primary=True))
    return _Way(pieces, [], lines, pen.text(_("「1、3」のように番号を送っても答えられます。")))


def _option(number: int, option: Option, ask: Ask, pen: Pen) -> Json:
    label = pen.say(option.label)
    return flex.choice(str(number), [flex.text(label)], pen.tap(label, _answer(ask, option.key)))


def _numbered(options: Sequence[Option], pen: Pen) -> list[str]:
    return [f"{number}. {pen.say(option.label)}" for number, option in enumerate(options, 1)]


def _are_short(options: Sequence[Option], pen: Pen) -> bool:
    return len(options) <= FEW and all(len(_shortest(option, pen)) <= flex.CHIP for option in options)


def _short(option: Option, ask: Ask, pen: Pen) -> Json:
    return pen.chip(_shortest(option, pen), _answer(ask, option.key), shown=pen.say(option.label))


def _shortest(option: Option, pen: Pen) -> str:
    return pen.say(option.short or option.label)


def _tick(ask: Ask, pen: Pen) -> _Way:
    label = pen.text(_("確認しました"))
    value = ask.input.options[0].key if ask.input.options else "yes"
    agreed = flex.button(pen.tap(label, _answer(ask, value)), primary=True)
    typed = pen.text(_("「はい」と送っても答えられます。"))
    return _Way([agreed], [pen.chip(label, _answer(ask, value))], [], typed)


def _calendar(ask: Ask, pen: Pen) -> _Way:
    label = pen.text(_("カレンダーでえらぶ"))
    action = {
        "type": "datetimepicker",
        "label": flex.clip(label, flex.CHIP),
        "data": pen.seal(_answer(ask, "")),
        "mode": "date",
        **_bounds(ask.input.least, ask.input.most, ask.input.initial),
    }
    typed = pen.text(_("日付を文字で送っても答えられます。例：6月15日、6/15"))
    return _Way([flex.button(action, primary=True)], [flex.chip(action)], [], typed)


def _bounds(least: date | None, most: date | None, initial: date | None) -> dict[str, str]:
    """Return the calendar's limits as LINE takes them; none where they leave nothing to choose."""
    first, last = max(least or EARLIEST, EARLIEST), min(most or LATEST, LATEST)
    if first >= last:
        return {"initial": initial.isoformat()} if initial and EARLIEST <= initial <= LATEST else {}
    bounds = {"min": first.isoformat()} if least else {}
    bounds |= {"max": last.isoformat()} if most else {}
    return bounds | ({"initial": min(max(initial, first), last).isoformat()} if initial else {})


def _photo(pen: Pen) -> _Way:
    camera = {"type": "camera", "label": flex.clip(pen.text(_("写真をとる")), flex.CHIP)}
    album = {"type": "cameraRoll", "label": flex.clip(pen.text(_("写真をえらぶ")), flex.CHIP)}
    typed = pen.text(_("写真をこのトークに送ってください。"))
    return _Way(chips=[flex.chip(camera), flex.chip(album)], typed=typed)


def _place_on_map(pen: Pen) -> _Way:
    point = {"type": "location", "label": flex.clip(pen.text(_("地図でえらぶ")), flex.CHIP)}
    typed = pen.text(_("場所を文字で送っても答えられます。"))
    return _Way(chips=[flex.chip(point)], typed=typed)


# --- the private page


def draw_page(ask: AskPage, pen: Pen) -> Drawing:
    """Return the link to a private page, with what will be asked there."""
    heading = [_position(ask.position, ask.form.title, pen), pen.say(ask.page.title), pen.say(ask.page.intro)]
    return link_to_page(ask.conversation, heading, ask.page.fields, pen, ask.offers)


def link_to_page(
    conversation: str, heading: Sequence[str], fields: Sequence[Field], pen: Pen, offers: Sequence[Offer] = ()
) -> Drawing:
    """Return a bubble that leads to the page of *conversation*, where *fields* are asked.

    *heading* is where we are, the title, and what is said before; the first and the last may be empty.
    """
    place, title, intro = heading
    privacy = pen.text(_("このページは30分使えます。書いたことは市が直接受け取り、LINEには残りません。"))
    label = pen.text(_("ページを開いて入力する"))
    link = {"type": "uri", "label": flex.clip(label, flex.LABEL), "uri": pen.page_link(conversation)}
    contents = [
        *([flex.quiet(place)] if place else []),
        flex.heading(title),
        *([flex.text(intro)] if intro else []),
        flex.quiet(pen.text(_("うかがうこと"))),
        *(flex.text(f"• {pen.say(each.label)}") for each in fields if each.when is None),
        flex.footnote(privacy),
        flex.button(link, primary=True),
        *map(flex.footnote, pen.typable(offers)),
    ]
    invitation = pen.text(_("ボタンを押して、専用ページで入力してください。"))
    alt = [title, invitation, *pen.typable(offers)]
    return Drawing(flex.messages(alt, contents), pen.chips(offers))
