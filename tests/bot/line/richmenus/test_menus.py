"""Every menu in every language is within LINE's limits, and readable for old eyes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
import regex
from linebot.v3.messaging import RichMenuRequest
from PIL import Image

from bot.line.limits import check_rich_menu
from bot.line.richmenus import drawing
from bot.line.richmenus.definition import BEGINNING, Wanted, alias
from bot.line.richmenus.drawing import NotDrawable, fitting_letters, look, picture
from bot.line.richmenus.every import every
from bot.line.richmenus.layout import HEIGHT, WIDTH, bounds
from bot.line.richmenus.menus import FOOT, GUIDE, MENUS, PREFIX, TAPS, fitting, tapped
from bot.postback import PostbackCodec
from bot.words import LOCALES, words_for
from dialogs.events import Action, Do
from dialogs.procedures import REGISTER
from tests.dialogs.worlds import PlainWords

EVERY = pytest.mark.parametrize("wanted", every(), ids=lambda each: each.key)
MILLION = 1_000_000
MOST_MENUS = 1_000


def calling_everything(wording: str) -> PlainWords:
    """Return a language in which every tile is called the same."""
    return PlainWords("ja", {each.wording: wording for menu in MENUS for each in menu.areas})


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# --- what LINE takes


@EVERY
def test_line_takes_the_menu(wanted: Wanted) -> None:
    assert check_rich_menu(wanted.body) == []
    assert RichMenuRequest.from_dict(dict(wanted.body)).to_dict()["areas"]
    assert regex.fullmatch(r"[a-z0-9_-]{1,32}", wanted.alias)


@EVERY
def test_line_takes_the_picture(wanted: Wanted) -> None:
    drawn = picture(wanted.menu, wanted.words)

    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(drawn) < MILLION / 5, "a fifth of what is allowed: it is fetched over the telephone"


def test_names_and_aliases_tell_menus_and_languages_apart() -> None:
    assert len({each.alias for each in every()}) == len({each.name for each in every()}) == len(every())
    assert len(every()) == len(MENUS) * len(LOCALES) < MOST_MENUS
    assert BEGINNING in {each.key for each in every()}


@EVERY
def test_the_areas_cover_the_picture_and_never_each_other(wanted: Wanted) -> None:
    places = bounds(wanted.menu)

    assert sum(each.width * each.height for each in places) == WIDTH * HEIGHT
    assert all(each.x + each.width <= WIDTH and each.y + each.height <= HEIGHT for each in places)
    assert len({(each.x, each.y) for each in places}) == len(places) == len(wanted.menu.areas)


@EVERY
def test_a_screen_reader_says_what_the_picture_shows(wanted: Wanted) -> None:
    areas: list[Mapping[str, Any]] = wanted.body["areas"]

    for area, tile in zip(areas, wanted.menu.areas, strict=True):
        shown = "".join(tile.lines(wanted.words))
        assert area["action"]["label"].replace(" ", "") == shown.replace(" ", "")
        assert area["action"]["displayText"] == area["action"]["label"]


# --- what old eyes can read


@pytest.mark.parametrize("style", [drawing.FIRST, drawing.LARGE, drawing.SMALL])
def test_words_stand_out_from_their_ground_more_than_is_asked_for(style: drawing.Look) -> None:
    assert contrast(style.ink, style.paper) >= 7, "AAA for letters of any size"


@EVERY
def test_the_letters_are_as_large_as_those_of_the_talk(wanted: Wanted) -> None:
    points = WIDTH / 375  # of a small phone

    for tile, place in zip(wanted.menu.areas, bounds(wanted.menu), strict=True):
        font = fitting_letters(look(wanted.menu, tile), place, tile.lines(wanted.words))
        assert font.size / points >= 15


@EVERY
def test_a_finger_finds_every_tile(wanted: Wanted) -> None:
    points = WIDTH / 375

    assert all(min(each.width, each.height) / points >= 44 for each in bounds(wanted.menu))


def test_words_that_would_be_too_small_are_refused() -> None:
    with pytest.raises(NotDrawable, match="does not fit"):
        picture(MENUS[0], calling_everything("とても長い言葉は札に入らない"))


def test_a_letter_that_the_font_lacks_is_named() -> None:
    with pytest.raises(NotDrawable, match="ế"):
        picture(MENUS[0], calling_everything("Tiếng Việt"))


def test_the_same_menu_is_drawn_the_same() -> None:
    words = words_for("ja")

    assert picture(MENUS[0], words) == picture(MENUS[0], words)


# --- editions


def test_other_words_are_another_edition() -> None:
    one, other = Wanted(MENUS[0], calling_everything("返す")), Wanted(MENUS[0], calling_everything("戻す"))

    assert one.name != other.name
    assert (one.key, one.alias) == (other.key, other.alias)


def test_an_alias_has_only_letters_that_line_allows() -> None:
    assert alias("start.ja@easy") == "madoguchi-start-ja-easy"
    assert alias("start.zh_Hans") == "madoguchi-start-zh-hans"


# --- taps


def test_a_tap_means_what_its_tile_says_whoever_taps_it() -> None:
    assert tapped("menu:cases") == Action(Do.CASES)
    assert tapped("menu:file/pickup_booked") == Action(Do.FILE, part="pickup_booked")
    assert all(not action.conversation and not action.value for action in TAPS.values())


@pytest.mark.parametrize("data", ["", "menu:", "menu:decide", "cases", "menu:cases ", "menu:file/decision"])
def test_nothing_but_the_tiles_words_is_heard(data: str) -> None:
    assert tapped(data) is None


def test_a_sealed_button_is_never_taken_for_a_tile() -> None:
    assert PostbackCodec(b"k" * 32).open("U1", "menu:cases") is None
    assert PREFIX[-1] not in PostbackCodec(b"k" * 32).seal("U1", Action(Do.CASES))


def test_whoever_is_anywhere_finds_their_cases_another_language_and_everything_else() -> None:
    for menu in MENUS:
        said = {each.word for each in menu.areas}
        assert {"cases", "language", "menu"} <= said
        assert 2 <= len(menu.tiles) <= 4
        assert len(menu.foot) == len(FOOT)
    assert GUIDE.action == Action(Do.HOWTO)


# --- which menu fits


@pytest.mark.parametrize(
    ("steps", "menu"),
    [
        ((), "start"),
        (("unknown",), "start"),
        (("correction", "withdrawal"), "waiting"),
        (("pickup_booked", "cancelled"), "booking"),
        (("return_booked", "trouble", "extension_asked"), "borrowing"),
        (("questionnaire",), "returned"),
        (("questionnaire", "withdrawal"), "waiting"),
        (("moved", "cancelled"), "visit"),
        (("agreed", "moved", "cancelled"), "proposed"),
        (("missing_answered", "questionnaire"), "parts"),
        (("cancelled",), "waiting"),
        (("moved", "return_booked"), "borrowing"),
    ],
)
def test_the_menu_follows_from_the_steps_that_may_be_filed(steps: tuple[str, ...], menu: str) -> None:
    assert fitting(steps).key == menu


def test_every_step_and_service_that_a_menu_names_is_there() -> None:
    steps = {step.key for each in REGISTER.procedures for step in each.steps}
    begun = {action.key for action in TAPS.values() if action.do is Do.START}
    filed = {action.part for action in TAPS.values() if action.do is Do.FILE}

    assert begun <= {each.key for each in REGISTER.procedures}
    assert filed | {step for menu in MENUS for step in menu.steps} <= steps
