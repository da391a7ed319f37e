"""Bringing LINE's menus to what is declared: idempotent, and safe to be interrupted at every call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bot.line.gateway import LineGateway
from bot.line.richmenus.atline import AtLine, Stopped
from bot.line.richmenus.definition import BEGINNING, Wanted, alias, wanted
from bot.line.richmenus.menus import DEFAULT, MENUS, Menu
from bot.line.richmenus.plan import plan
from bot.line.richmenus.state import lines, summary
from bot.line.richmenus.sync import Sync
from bot.words import words_for
from dialogs.words import Words
from storage import engine as database
from storage import outbox, richmenus
from tests.bot.line.richmenus.menus_at_line import MenusAtLine
from tests.support.service import StandingClock

LANGUAGES = {"ja": words_for("ja"), "en": words_for("en")}
THESE = wanted(LANGUAGES)[-4:]
"""The last two menus in two languages: enough for everything but drawing."""

STRANGERS = {"richmenu-other": {"name": "a campaign of the press office"}}
HOURLY = 100


def no_picture(menu: Menu, _words: Words) -> bytes:
    return b"\x89PNG " + menu.key.encode()


@pytest.fixture
def line() -> Iterator[MenusAtLine]:
    with MenusAtLine() as server:
        server.menus.update(STRANGERS)
        yield server


@pytest.fixture
def sync(line: MenusAtLine, engine: Engine) -> Iterator[Sync]:
    gateway = LineGateway("token-1", line.url, line.url)
    yield Sync(AtLine(gateway), engine, StandingClock(), no_picture)
    gateway.close()


def run(sync: Sync, these: tuple[Wanted, ...] = THESE) -> list[str]:
    return list(sync.run(these))


def is_as_declared(line: MenusAtLine, these: tuple[Wanted, ...] = THESE) -> None:
    names = {key: body["name"] for key, body in line.menus.items() if key not in STRANGERS}
    assert sorted(names.values()) == sorted(each.name for each in these), "each once, and nothing else"
    assert {name: names[menu] for name, menu in line.aliases.items()} == {
        each.alias: each.name for each in these
    }
    assert set(names) == set(line.pictures)
    assert names[line.default].startswith(f"madoguchi/{BEGINNING}/")
    assert STRANGERS.items() <= line.menus.items(), "what others made is left alone"


def other_edition(these: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Return *these* as they are after a change of every menu."""
    return tuple(replace(each, menu=replace(each.menu, foot=each.menu.foot[::-1])) for each in these)


def test_menus_are_made_named_and_shown(line: MenusAtLine, sync: Sync) -> None:
    done = run(sync)

    is_as_declared(line)
    assert len(done) == len(THESE) + 1
    assert line.pictures[line.default] == b"\x89PNG start"


def test_doing_it_again_changes_nothing_and_only_looks(line: MenusAtLine, sync: Sync) -> None:
    run(sync)
    line.begin_again()

    assert run(sync) == []
    assert {each.split()[0] for each in line.calls} == {"GET"}


def test_another_edition_takes_the_place_of_the_old_one(line: MenusAtLine, sync: Sync) -> None:
    run(sync)
    before = dict(line.aliases)

    run(sync, other_edition(THESE))

    is_as_declared(line, other_edition(THESE))
    assert not set(before.values()) & set(line.menus)


def test_an_old_menu_goes_only_when_its_successor_is_drawn_named_and_shown(
    line: MenusAtLine, sync: Sync
) -> None:
    run(sync)
    line.begin_again()

    run(sync, other_edition(THESE))

    first = next(place for place, each in enumerate(line.calls) if each.startswith("DELETE"))
    assert all(each.startswith("DELETE") for each in line.calls[first:])


def test_a_menu_that_is_declared_no_more_goes_with_its_alias(line: MenusAtLine, sync: Sync) -> None:
    run(sync)

    run(sync, THESE[2:])

    is_as_declared(line, THESE[2:])


def test_everything_fits_into_the_hour_that_line_allows() -> None:
    assert len(wanted(LANGUAGES)) // 2 * 7 < HOURLY, "in all seven languages"


# --- interrupted


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it was done"])
def test_it_may_break_off_at_every_call_and_be_done_again(engine: Engine, *, after: bool) -> None:
    calls = 0
    while _broke_off_and_was_done_again(engine, calls, after=after):
        calls += 1

    assert calls == 3 + 3 * len(THESE) + 1 + len(THESE), (
        "look; make, draw and name each; show one; delete each"
    )


def _broke_off_and_was_done_again(engine: Engine, place: int, *, after: bool) -> bool:
    """Return whether a change broke off at the call *place*; it was then done again and is as it should be."""
    with MenusAtLine() as line:
        gateway = LineGateway("token-1", line.url, line.url)
        sync = Sync(AtLine(gateway), engine, StandingClock(), no_picture)
        line.menus.update(STRANGERS)
        run(sync)
        line.begin_again()
        line.breaks_at, line.breaks_after = place, after
        with suppress(Stopped):
            run(sync, other_edition(THESE))
        broke = len(line.received) == place + 1
        line.begin_again()
        run(sync, other_edition(THESE))
        is_as_declared(line, other_edition(THESE))
        gateway.close()
    return broke


def test_a_menu_left_without_a_picture_gets_its_own(line: MenusAtLine, sync: Sync) -> None:
    line.breaks_at = 4  # list, aliases, default, the first menu, and now its picture
    with pytest.raises(Stopped, match="take the picture"):
        run(sync)
    left = set(line.menus) - set(STRANGERS)
    line.begin_again()

    done = run(sync)

    assert left <= set(line.menus), "it is finished, not made anew"
    assert len(done) == len(THESE) + 1
    is_as_declared(line)


@pytest.mark.parametrize(
    ("refusal", "what"),
    [
        ((429, {"message": "The API rate limit has been exceeded. Try again later."}), "wait an hour"),
        ((401, {"message": "Authentication failed"}), "access token"),
        ((400, {"message": "invalid"}), "refuses .400, request request-1."),
        ((500, {}), "no clear answer"),
    ],
)
def test_a_refusal_says_what_to_do(
    line: MenusAtLine, sync: Sync, refusal: tuple[int, object], what: str
) -> None:
    line.refuses = refusal

    with pytest.raises(Stopped, match=what):
        run(sync)


# --- who is told


def waiting(engine: Engine) -> list[outbox.Parcel]:
    with database.write(engine) as conn:
        found = outbox.claim(conn, StandingClock().now(), 0, 100)
        outbox.finish(conn, [outbox.Delivered(each.id, outbox.DELIVERED) for each in found], 1)
    return found


def test_nobody_is_told_where_nobody_sees_anything_else(engine: Engine, sync: Sync) -> None:
    run(sync)

    assert waiting(engine) == []
    with database.read(engine) as conn:
        assert richmenus.edition(conn)


# --- what is told of it


def test_the_plan_tells_every_step_and_does_none(line: MenusAtLine, sync: Sync) -> None:
    told = list(plan(THESE, sync.line.found()).lines())

    assert len(told) == len(THESE) + 1
    assert told[0].startswith("make madoguchi/")
    assert set(line.menus) == set(STRANGERS)


def test_the_list_tells_what_is_in_use_missing_and_old(line: MenusAtLine, sync: Sync) -> None:
    run(sync)
    these = (*THESE[:2], *other_edition(THESE[2:]), replace(THESE[0], menu=replace(MENUS[0], key="another")))

    told = list(lines(these, sync.line.found()))

    states = [each.split()[0] for each in told]
    assert states == ["in", "in", "missing", "missing", "missing", "old", "old", "1"]
    assert "were not made by the desk" in told[-1]


def test_the_list_marks_what_everybody_sees(line: MenusAtLine, sync: Sync) -> None:
    run(sync)

    told = list(lines(THESE, sync.line.found()))

    assert [each for each in told if "everybody" in each] == [
        each for each in told if f"{alias(BEGINNING)} " in each
    ]


def test_the_summary_says_what_is_to_be_done_or_nothing(line: MenusAtLine, sync: Sync) -> None:
    assert "none of the menus" in summary(THESE, sync.line.found())
    run(sync)
    assert summary(THESE, sync.line.found()) == ""
    assert "4 missing, 4 old" in summary(other_edition(THESE), sync.line.found())
    line.default = ""
    assert "everybody" in summary(THESE, sync.line.found())
    assert DEFAULT.key in BEGINNING
