"""The pages in a real browser: seen on small screens, by keyboard, by assistive technology, without scripts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from storage.tables import vault
from tests.bot.web import screens
from tests.bot.web.screens import SCREENS, Walk
from tests.bot.web.talks import PERSONAL, Desk, Resident
from tests.support.service import count, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
PHONE = {"width": 390, "height": 800}

FAULTS = """() => {
    const all = [...document.querySelectorAll('*')], ids = all.map(each => each.id).filter(Boolean);
    const named = (attribute) => all.filter(each => each.hasAttribute(attribute))
        .flatMap(each => each.getAttribute(attribute).split(' '));
    const anchors = named('href').filter(text => text.startsWith('#')).map(text => text.slice(1));
    return {
        doubled: ids.filter((id, at) => ids.indexOf(id) !== at),
        lost: [...['aria-describedby', 'aria-labelledby', 'for'].flatMap(named), ...anchors]
            .filter(id => !document.getElementById(id)),
        nameless: [...document.querySelectorAll('input:not([type=hidden]), textarea, select')]
            .filter(each => !each.labels.length).map(each => each.outerHTML),
        headings: document.querySelectorAll('h1').length,
        mode: document.compatMode,
        title: document.title.length > 3,
        lang: document.documentElement.lang,
    };
}"""


@pytest.fixture
def desk(sqlite_databases: Any, sqlite_template: str, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk on SQLite: what a browser sees does not depend on the database."""
    with _desk(sqlite_databases, sqlite_template, tmp_path) as opened:
        yield opened


@contextmanager
def _desk(databases: Any, template: str, folder: Path, **changes: str) -> Iterator[Desk]:
    with databases.lent(template) as url:
        opened = Desk.opened(url, folder, **changes)
        screens.break_something(opened)
        yield opened
        opened.service.engine.dispose()


@pytest.fixture
def walk(browser: "Browser", desk: Desk) -> Iterator[Callable[..., Walk]]:
    """Return a maker of walks; each takes the browser's options."""
    with _walks(browser, desk) as make:
        yield make


@contextmanager
def _walks(browser: "Browser", desk: Desk) -> Iterator[Callable[..., Walk]]:
    opened: list[BrowserContext] = []

    def make(**options: Any) -> Walk:
        context = browser.new_context(**({"viewport": PHONE, "locale": "ja-JP"} | options))
        context.set_default_timeout(10_000)
        opened.append(context)
        return Walk(context.new_page(), base, Resident(desk))

    with serving(desk.app.wsgi_app) as base:
        yield make
        for each in opened:
            each.close()


@dataclass(frozen=True)
class Shown:
    """A page as it is shown, and what the browser complained of meanwhile."""

    page: "Page"
    complaints: list[str]


@pytest.fixture(scope="module", params=SCREENS, ids=lambda each: each.__name__)
def shown(
    request: pytest.FixtureRequest,
    browser: "Browser",
    sqlite_databases: Any,
    sqlite_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shown]:
    """Return each screen in turn, brought about once for all that is looked at in it."""
    folder = tmp_path_factory.mktemp("desk")
    with _desk(sqlite_databases, sqlite_template, folder) as desk, _walks(browser, desk) as make:
        walk, complaints = make(bypass_csp=True), []  # the page's own policy lets no script in, axe neither
        walk.page.on("console", lambda said: complaints.append(said.text))
        walk.page.on("pageerror", lambda fault: complaints.append(str(fault)))
        request.param(walk)
        yield Shown(walk.page, complaints)


def test_axe_finds_nothing_wrong(shown: Shown) -> None:
    shown.page.evaluate(AXE)

    found = shown.page.evaluate(f"axe.run(document, {json.dumps(RULES)})")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert [each for each in found["incomplete"] if each["id"] == "color-contrast"] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_overflows(shown: Shown, width: int) -> None:
    shown.page.set_viewport_size({"width": width, "height": 800})

    assert _too_wide(shown) == []


def test_nothing_overflows_with_letters_twice_as_large(shown: Shown) -> None:
    shown.page.set_viewport_size({"width": 320, "height": 800})
    shown.page.evaluate("document.documentElement.style.fontSize = '200%'")

    wide = _too_wide(shown)

    shown.page.evaluate("document.documentElement.style.fontSize = ''")
    assert wide == []


def _too_wide(shown: Shown) -> list[str]:
    """Return what sticks out to the right."""
    found: list[str] = shown.page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map(each => each.outerHTML.slice(0, 120))"""
    )
    return found


def test_what_is_pressed_is_big_enough_for_a_thumb(shown: Shown) -> None:
    small = shown.page.evaluate(
        """() => [...document.querySelectorAll(
                'button, .choice, input:not([type=hidden]):not([type=checkbox]), textarea')]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 44)
            .map(each => each.outerHTML.slice(0, 120))"""
    )

    assert small == []


def test_the_html_holds_together(shown: Shown) -> None:
    faults = shown.page.evaluate(FAULTS)

    assert faults.pop("lang") in {"ja", "ja-x-easy", "en"}
    assert faults == {
        "doubled": [],
        "lost": [],
        "nameless": [],
        "headings": 1,
        "mode": "CSS1Compat",
        "title": True,
    }


def test_a_browser_complains_of_nothing(shown: Shown) -> None:
    expected = "Failed to load resource: the server responded with a status of"  # a refused page is a 4xx

    assert [each for each in shown.complaints if not each.startswith(expected)] == []


def test_the_whole_page_is_filled_in_by_keyboard(walk: Callable[..., Walk], desk: Desk) -> None:
    seen = walk()
    keys = seen.page.keyboard
    screens.door(seen)
    _tab_to(seen, "button[type=submit]")
    with seen.page.expect_navigation():
        keys.press("Enter")

    for name, value in PERSONAL.items():
        if name == "address.area":
            continue
        _tab_to(seen, f'[name="{name}"]')
        keys.press("Space") if name == "site.same" else keys.type(value)
        if name == "address.postcode":
            expect(seen.page.locator('[name="address.area"]')).not_to_have_value("")
    _tab_to(seen, "button[type=submit]")
    with seen.page.expect_navigation():
        keys.press("Enter")

    assert seen.page.locator("h1").inner_text() == "受け取りました"
    assert count(desk.service, vault) == 1


def _tab_to(seen: Walk, selector: str) -> None:
    """Press Tab until *selector* has the focus; whatever has it meanwhile must show it."""
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        shown = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown == "solid"
        if seen.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by Tab")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_summary_of_what_is_wrong_gets_the_focus_and_leads_to_each_line(
    walk: Callable[..., Walk], *, scripts: bool
) -> None:
    seen = walk(java_script_enabled=scripts)
    screens.wrong(seen)

    expect(seen.page.locator(".faults")).to_be_focused()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#name")).to_be_focused()
    seen.page.keyboard.type("4")

    assert "4" in seen.page.locator("#name").input_value()


def test_the_page_works_without_scripts(walk: Callable[..., Walk], desk: Desk) -> None:
    seen = walk(java_script_enabled=False)
    screens.wrong(seen)

    seen.fill({name: value for name, value in PERSONAL.items() if name != "address.area"})
    seen.press()

    assert seen.page.locator("h1").inner_text() == "受け取りました"
    assert count(desk.service, vault) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_the_other_lines_go_when_the_site_is_the_same(walk: Callable[..., Walk], *, scripts: bool) -> None:
    seen = walk(java_script_enabled=scripts)
    screens.empty(seen)
    line = seen.page.locator('[name="site.postcode"]')
    assert line.is_visible()

    seen.page.locator('[name="site.same"]').check()
    assert not line.is_visible()

    seen.page.locator('[name="site.same"]').uncheck()
    assert line.is_visible()


@pytest.mark.parametrize("group", ["address", "site"])
def test_the_town_fills_itself_in(walk: Callable[..., Walk], group: str) -> None:
    seen = walk()
    screens.empty(seen)

    seen.page.locator(f'[name="{group}.postcode"]').press_sequentially("０６１－２２８５")

    expect(seen.page.locator(f'[name="{group}.area"]')).to_have_value("北海道札幌市南区藤野五条")
    assert seen.page.get_by_role("status").inner_text() == "町名を入れました"


def test_of_several_towns_one_is_chosen_by_a_tap(walk: Callable[..., Walk]) -> None:
    seen = walk()
    screens.empty(seen)
    seen.page.locator('[name="address.postcode"]').press_sequentially("004-0000")

    seen.page.get_by_role("button", name="北海道札幌市清田区").click()

    assert seen.page.locator('[name="address.area"]').input_value() == "北海道札幌市清田区"
    assert seen.page.evaluate("document.activeElement.name") == "address.rest"


def test_what_a_person_wrote_as_town_is_not_written_over(walk: Callable[..., Walk]) -> None:
    seen = walk()
    screens.empty(seen)
    seen.page.locator('[name="address.area"]').fill("見本町")

    with seen.page.expect_response("**/page/postcode*"):
        seen.page.locator('[name="address.postcode"]').press_sequentially("0612285")

    assert seen.page.locator('[name="address.area"]').input_value() == "見本町"


def test_pressing_twice_quickly_ends_at_the_thanks(walk: Callable[..., Walk], desk: Desk) -> None:
    seen = walk()
    screens.same(seen)

    with seen.page.expect_navigation():
        seen.page.locator("button[type=submit]").dblclick()

    assert seen.page.locator("h1").inner_text() == "受け取りました"
    assert count(desk.service, vault) == 1


def test_pressing_twice_without_scripts_ends_at_the_thanks(walk: Callable[..., Walk], desk: Desk) -> None:
    seen = walk(java_script_enabled=False)
    screens.same(seen)

    seen.page.locator("button[type=submit]").dblclick()
    seen.page.wait_for_url("**/page/done*")

    assert count(desk.service, vault) == 1


def test_the_door_of_liff_says_what_to_do_where_lines_sdk_does_not_come(
    browser: "Browser", sqlite_databases: Any, sqlite_template: str, tmp_path: Path
) -> None:
    channel = {"liff_id": "1234567890-sample", "line_login_channel_id": "1234567890"}
    with (
        _desk(sqlite_databases, sqlite_template, tmp_path, **channel) as desk,
        _walks(browser, desk) as make,
    ):
        seen = make(bypass_csp=True)
        seen.to("/f/liff?t=token")
        expect(seen.page.get_by_role("status")).to_contain_text("開けませんでした。LINEのトークに戻って")
        seen.page.evaluate(AXE)
        found = seen.page.evaluate(f"axe.run(document, {json.dumps(RULES)})")

    assert found["violations"] == []


def test_windows_high_contrast_keeps_what_matters(walk: Callable[..., Walk]) -> None:
    seen = walk(forced_colors="active")
    screens.wrong(seen)

    border = seen.page.evaluate("getComputedStyle(document.querySelector('.faults')).borderTopWidth")

    assert border == "3px"
