"""What a newcomer sees after the steps of docs/add-a-procedure.md: a program, run in the tree where they were taken.

It walks one whole application in each language, over HTTP, and reads it back in the console and in the exports.
The first argument is the key of the procedure, the second the vault's key file, the third an empty folder.
"""

import csv
import io
import re
import sys
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener
from zipfile import ZipFile

from bot.admin.export_command import Order, write
from bot.admin.signin import make_link
from bot.serving import make_app
from bot.vault_keys import missing
from bot.words import words_for
from dialogs.procedure import Role, always_offered
from dialogs.procedures import REGISTER
from storage import engine as database
from storage import migrate
from tests.support.phone import Phone
from tests.support.service import House, living

FETCH_DAY = date(2027, 6, 21)
APPLICANT = {
    "name": "見本 太郎",
    "kana": "みほん たろう",
    "address.postcode": "061-2285",
    "address.area": "",
    "address.rest": "3丁目1-2",
    "phone": "011-211-2879",
    "email": "",
}
LANGUAGES = {"en": "English", "ja": "日本語", "ja@easy": "やさしい日本語"}
KANA = re.compile(r"[ぁ-んァ-ヶ]")


class Browser:
    """Somebody's browser: it keeps cookies and fills in forms."""

    def __init__(self) -> None:
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        self.url, self.page = "", b""

    def open(self, url: str, fields: Mapping[str, str] | None = None) -> str:
        body = urlencode(fields).encode() if fields is not None else None
        with self._opener.open(url, body) as answer:
            self.url, self.page = answer.url, answer.read()
        return self.text

    def press(self, **fields: str) -> str:
        """Send the page's first form with what is hidden in it, and *fields*."""
        return self.open(self.url, {**_Hidden(self.text).fields, **fields})

    @property
    def text(self) -> str:
        return self.page.decode(errors="replace")


class _Hidden(HTMLParser):
    """The hidden inputs of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "input" and named.get("type") == "hidden":
            self.fields[str(named["name"])] = str(named["value"])


def applied(house: House, key: str, locale: str) -> str:
    """Return the reference that a resident gets who applies in the language *locale*."""
    words, procedure = words_for(locale), REGISTER.of(key)
    assert procedure
    say = words.text
    phone = Phone(house)
    phone.follow()
    phone.type(LANGUAGES[locale])
    menu = "\n".join(phone.type("メニュー"))
    for each in REGISTER.procedures:
        shown = say(each.invitation) in menu
        always = each.offered is always_offered
        assert shown is (always and each.steps[0].role is Role.RESIDENT), (
            "the menu does not show every service to residents"
        )
    phone.tap(say(procedure.invitation))
    phone.tap(say("ベランダ"))
    refused = phone.tap(say("大きい容器"))
    assert say("ベランダには大きい容器を置けません。「小さい容器」をえらんでください。") in refused[0]
    phone.tap(say("小さい容器"))
    phone.type("１個")
    phone.pick(FETCH_DAY)
    phone.type("はい")
    review = _given(phone, say("申請者"), say("内容の確認"))
    assert say("小さい容器（約80リットル）") in review
    assert APPLICANT["name"] not in review, "a personal answer stands in the talk"
    receipt = "\n".join(phone.type("申請する"))
    if locale == "en":
        assert not KANA.search("\n".join(phone.texts[3:]).replace("ミホン", "")), "English is half Japanese"
    found = re.search(r"R\d+-\d{4}", receipt)
    assert found, f"no reference in {receipt!r}"
    return found[0]


def _given(phone: Phone, heading: str, title: str) -> str:
    """Fill in the private page under *heading* and return the review that follows, which begins with *title*."""
    browser = Browser()
    browser.open(phone.link)
    assert f"<h1>{heading}</h1>" in browser.press()
    browser.press(**APPLICANT)
    assert "/page/done" in browser.url, "the private page was not taken"
    phone.house.settle()
    review = "\n".join(phone.read())
    assert title in review
    return review


def read_back(house: House, key: str, references: list[str], folder: Path) -> None:
    """Find the applications in the console, in its files, and in those of the command."""
    browser = Browser()
    browser.open(make_link(house.service.engine, house.url, "見本 係", 10, house.clock.now()))
    browser.press()
    listed = browser.open(f"{house.url}/admin/cases/?procedure={key}")
    assert all(each in listed for each in references), "the console does not list the applications"
    browser.open(f"{house.url}/admin/export/{key}.csv?header=keys")
    _check_rows(browser.page, references)
    browser.open(f"{house.url}/admin/export/{key}.xlsx")
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(browser.page)).namelist()
    out = folder / "command.csv"
    order = Order(key, "csv", "utf-8-sig", "keys", None, None, out)
    list(write(house.service.settings, order, clock=house.clock))
    _check_rows(out.read_bytes(), references)


def _check_rows(content: bytes, references: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert sorted(row["reference"] for row in rows) == sorted(references)
    assert {row["name"] for row in rows} == {APPLICANT["name"]}
    assert {row["fetch_day"] for row in rows} == {FETCH_DAY.isoformat()}


def main(key: str, keys: Path, folder: Path) -> None:
    """Walk through everything; an assertion says what is missing."""
    assert missing(keys) == (), "the vault has no key for the service"
    assert REGISTER.of(key), "the register does not name the service"
    url = f"sqlite:///{folder / 'desk.db'}"
    engine = database.create(url)
    migrate.upgrade(engine)
    engine.dispose()
    with living(url, folder, app=make_app, vault_keys_file=keys) as house:
        references = [applied(house, key, locale) for locale in LANGUAGES]
        read_back(house, key, references, folder)
    sys.stdout.write(f"walked {len(references)}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
