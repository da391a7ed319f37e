"""The pages as a browser shows them, each brought about the way a resident does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from flask import abort

from tests.bot.web.talks import PERSONAL, Desk, Resident

if TYPE_CHECKING:
    from playwright.sync_api import Page  # slow to import, and only a browser's test needs it

WRONG = {
    "name": "１２３",
    "kana": "mihon",
    "address.postcode": "0040000",
    "address.rest": "",
    "phone": "12",
    "email": "見本",
    "site.postcode": "0670000",
    "site.rest": "1-1",
}


@dataclass(frozen=True)
class Walk:
    """A resident with a browser's page, on a desk that is served at *base*."""

    page: "Page"
    base: str
    resident: Resident

    def to(self, path: str) -> None:
        self.page.goto(self.base + path)

    def enter(self, language: str = "") -> None:
        self.to(self.resident.comes_to_the_page(language))
        self.press()

    def press(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("button[type=submit]").click()

    def fill(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            box = self.page.locator(f'[name="{name}"]')
            box.check() if name.endswith(".same") else box.fill(value)


def door(walk: Walk) -> None:
    walk.to(walk.resident.comes_to_the_page())


def empty(walk: Walk) -> None:
    walk.enter()


def easy(walk: Walk) -> None:
    walk.enter("やさしい日本語")


def english(walk: Walk) -> None:
    walk.enter("English")


def wrong(walk: Walk) -> None:
    walk.enter()
    walk.fill(WRONG)
    walk.press()


def wrong_in_english(walk: Walk) -> None:
    walk.enter("English")
    walk.fill(WRONG)
    walk.press()


def nothing(walk: Walk) -> None:
    walk.enter()
    walk.press()


def same(walk: Walk) -> None:
    walk.enter()
    walk.fill({name: value for name, value in PERSONAL.items() if value})


def done(walk: Walk) -> None:
    same(walk)
    walk.press()


def over(walk: Walk) -> None:
    link = walk.resident.comes_to_the_page()
    walk.resident.desk.later(minutes=31)
    walk.to(link)


def ended(walk: Walk) -> None:
    walk.enter()
    walk.resident.says("中止", "はい")
    walk.to("/page")


def missing(walk: Walk) -> None:
    walk.to("/nowhere")


def broken(walk: Walk) -> None:
    walk.to("/broken")


def forbidden(walk: Walk) -> None:
    walk.to("/forbidden")


SCREENS: tuple[Callable[[Walk], None], ...] = (
    door,
    empty,
    easy,
    english,
    wrong,
    wrong_in_english,
    nothing,
    same,
    done,
    over,
    ended,
    missing,
    broken,
    forbidden,
)


def break_something(desk: Desk) -> None:
    """Give *desk* two addresses that fail, for the pages of errors."""

    def broken() -> NoReturn:
        raise RuntimeError(PERSONAL["name"])

    def forbidden() -> NoReturn:
        abort(403)

    desk.app.add_url_rule("/broken", "broken", broken)
    desk.app.add_url_rule("/forbidden", "forbidden", forbidden)
