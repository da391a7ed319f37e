"""Everything that a resident and staff do, with a marker in every personal answer, at a desk that is served."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path

import requests

from bot import vault_keys
from bot.admin.signin import make_link
from bot.clock import SystemClock, day_of
from storage import engine as database
from storage.migrate import upgrade
from tests.privacy.line import Line, listening, photo
from tests.support.network import free_port
from tests.support.service import BOT, SECRET, Webhooks, envelope, sign, user

ROOT = Path(__file__).resolve().parents[2]

ANSWERS = {
    "organisation": "標識町内会七三五",
    "name": "標識野 見印郎",
    "kana": "ヒョウシキノ ミジルシロウ",
    "address.postcode": "061-2286",
    "address.area": "",
    "address.rest": "73丁目51-29標識荘",
    "phone": "011-735-1296",
    "email": "hyoushiki7351@example.jp",
    "site.postcode": "064-0945",
    "site.area": "",
    "site.rest": "盤渓735番地見印園",
    "note": "見印の備考です。七三五一番の門からどうぞ。",
}
MARKERS = (
    "標識町内会", "標識野", "見印郎", "ヒョウシキノ", "ミジルシロウ", "ひょうしきの", "藤野六条", "061-2286",
    "0612286", "73丁目51", "標識荘", "011-735-1296", "0117351296", "735-1296", "+81117351296", "hyoushiki7351",
    "064-0945", "0640945", "735番地", "見印園", "見印の備考", "七三五一番",
)  # fmt: skip
"""Pieces of ANSWERS, in the spellings that the desk makes of them."""

PROFILE, ABOUT = "標識の表示名", "hyoushiki-exif-7351"
NOWHERE = (*MARKERS, PROFILE, ABOUT)
"""What may stand nowhere but in the vault; the last two nowhere at all."""

_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


@dataclass
class Place:
    """A desk that is served, and everything it writes to."""

    folder: Path
    url: str
    base: str
    line: Line
    phone: Webhooks
    console: str

    @property
    def fail(self) -> Path:
        return self.folder / "fail"

    def say(self, *texts: str) -> None:
        """Send each text and wait for the answer."""
        for each in texts:
            self.send(self.phone.text(each))

    def send(self, event: dict[str, object], *, answered: bool = True) -> None:
        before = len(self.line.told)
        body = envelope([event], BOT)
        taken = requests.post(
            f"{self.base}/line/webhook",
            data=body,
            headers={"X-Line-Signature": sign(body, SECRET)},
            timeout=30,
        )
        assert taken.status_code == 200
        if answered:
            self.line.waited_for(before + 1)


@contextmanager
def served(url: str, folder: Path, leak: str = "") -> Iterator[Place]:
    """Yield a desk on the database *url* that writes all it writes into *folder*."""
    line, port = Line(folder / "line.log", PROFILE, photo(ABOUT)), free_port()
    base = f"http://127.0.0.1:{port}"
    with listening(line) as platform:
        env = _environment(url, folder, base, platform, leak) | {"PRIVACY_PORT": str(port)}
        # As the commands of these names do, without two more starts of the program.
        vault_keys.complete(folder / "keys" / "keys.json")
        engine = database.create(url, pool_size=1)
        upgrade(engine)
        console = make_link(engine, base, "見本 職員", 60, SystemClock().now())
        engine.dispose()
        with (folder / "stderr.log").open("wb") as log:
            asked = [sys.executable, "-m", "tests.privacy.served"]
            process = subprocess.Popen(asked, cwd=ROOT, env=env, stdout=log, stderr=log)
            try:
                _until_ready(base, process)
                yield Place(folder, url, base, line, Webhooks(user(735)), console)
            finally:
                process.terminate()
                process.wait(30)


def _environment(url: str, folder: Path, base: str, platform: str, leak: str) -> dict[str, str]:
    today = day_of(SystemClock().now())
    season = f"{today - timedelta(days=60)}/{today + timedelta(days=200)}"
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")},
        "MADOGUCHI_DATABASE_URL": url,
        "MADOGUCHI_PUBLIC_URL": base,
        "MADOGUCHI_VAULT_KEYS_FILE": str(folder / "keys" / "keys.json"),
        "MADOGUCHI_ERASURES_FILE": str(folder / "erasures.jsonl"),
        "MADOGUCHI_SECRET_KEY": secrets.token_hex(32),
        "MADOGUCHI_LINE_CHANNEL_SECRET": SECRET,
        "MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN": "sample-token",
        "MADOGUCHI_LINE_BOT_USER_ID": BOT,
        "MADOGUCHI_LINE_API_BASE": platform,
        "MADOGUCHI_LINE_DATA_API_BASE": platform,
        "MADOGUCHI_FENCE_SEASON": season,
        "MADOGUCHI_FENCE_OPENS": f"{today - timedelta(days=70)}",
        "MADOGUCHI_LOG_LEVEL": "DEBUG",
        "PRIVACY_FAIL": str(folder / "fail"),
        "PRIVACY_LEAK": leak,
        "PRIVACY_ACCESS_LOG": str(folder / "access.log"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def _madoguchi(env: dict[str, str], folder: Path, *command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", *command], cwd=folder, env=env, check=True, capture_output=True
    )


def backed_up(place: Place) -> Path:
    """Return a backup that was made while the desk went on."""
    path = place.folder / "desk.backup"
    env = _environment(place.url, place.folder, place.base, place.base, "")
    _madoguchi(env, place.folder, "backup", "--out", str(path))
    return path


def _until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{base}/healthz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the desk did not start")


# --- what people do


def apply(place: Place) -> None:
    """Answer every question, type personal things into the talk all the same, fill the page, file, correct."""
    today = day_of(SystemClock().now())
    first, last = (today + timedelta(days=days) for days in (10, 40))
    place.send(place.phone.follow())
    place.say("メニュー", "電気柵の貸出を申請する", "2")
    for personal in ("電話は011-735-1296です", "hyoushiki7351@example.jp", "南区藤野六条73丁目51-29標識荘"):
        place.say(personal)
    place.say("40", "1", f"{first.month}月{first.day}日", f"{last.month}月{last.day}日", "2", "2")
    place.send(place.phone.image())
    place.say("公園の東側", "いいえ", "はい", "はい", "はい")
    fill_page(place)
    place.say("申請する")


def fill_page(place: Place) -> None:
    """Open the private page by its link and send it, at first with something missing."""
    browser, before = requests.Session(), len(place.line.told)
    link = place.line.link()
    browser.get(link, timeout=30)
    page = browser.post(link, timeout=30)
    assert page.status_code == 200, page.text
    refused = browser.post(page.url, data=hidden(page.text) | ANSWERS | {"kana": "123"}, timeout=30)
    assert "標識野" in refused.text, "what was right stands in the page again"
    place.fail.touch()
    failed = browser.post(page.url, data=hidden(refused.text) | ANSWERS, timeout=30)
    assert failed.status_code == 500
    place.fail.unlink()
    page = browser.get(page.url, timeout=30)
    sent = browser.post(page.url, data=hidden(page.text) | ANSWERS, timeout=30)
    assert sent.status_code == 200, sent.text
    assert "done" in sent.url, sent.text
    place.line.waited_for(before + 1)


def hidden(page: str) -> dict[str, str]:
    """Return the hidden inputs of a page."""
    found = {}
    for each in _HIDDEN.findall(page):
        named = dict(re.findall(r'(\w+)="([^"]*)"', each))
        found[named["name"]] = unescape(named.get("value", ""))
    return found


def correct(place: Place) -> None:
    """Correct the application: the amount in the talk, the personal answers on the page."""
    place.say("申請状況", "1", "1", "2", "60", "申請者氏名")
    fill_page(place)
    place.say("訂正を送る")


def fail_and_bury(place: Place) -> None:
    """Let a turn fail with something personal in it, twice: the second time the event is given up."""
    place.fail.touch()
    place.send(place.phone.text("標識野 見印郎 011-735-1296 hyoushiki7351@example.jp"), answered=False)
    deadline = time.monotonic() + 30
    engine = database.create(place.url, pool_size=1)
    try:
        while time.monotonic() < deadline:
            with database.read(engine) as conn:
                if conn.exec_driver_sql("SELECT count(*) FROM inbox WHERE state = 'dead'").scalar():
                    return
            time.sleep(0.2)
        raise AssertionError("the event was not given up")
    finally:
        engine.dispose()
        place.fail.unlink()


def look(place: Place) -> dict[str, str]:
    """Return the pages that staff see without opening anything, and the figures."""
    staff = requests.Session()
    staff.post(place.console, timeout=30)
    listed = staff.get(f"{place.base}/admin/cases/?procedure=fence_loan", timeout=30).text
    [reference] = set(re.findall(r"R\d+-\d{4}", listed))
    pages = {
        path: staff.get(f"{place.base}{path}", timeout=30)
        for path in ("/admin/", f"/admin/cases/{reference}")
    }
    assert all(each.status_code == 200 for each in pages.values())
    shown = {path: each.text for path, each in pages.items()}
    return {**shown, "list": listed, "metrics": _metrics(place)}


def _metrics(place: Place) -> str:
    """Return the figures, once those of the database are among them: what is not known yet is left out."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        figures = requests.get(f"{place.base}/metrics", timeout=30).text
        if "madoguchi_dead_letters 1" in figures:
            return figures
        time.sleep(0.2)
    raise AssertionError("the figures do not tell of the event that was given up")


def all_of_it(place: Place) -> dict[str, str]:
    """Do all of it; return what staff saw."""
    apply(place)
    correct(place)
    fail_and_bury(place)
    return look(place)
