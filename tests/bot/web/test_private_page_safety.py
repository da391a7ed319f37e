"""Who may not see or fill in a private page, and what hostile values do to it: nothing."""

import html
import re
import secrets
from pathlib import Path

import pytest

from bot.web.private import LOOKUPS
from bot.web.sheets import Sheet, Sheets
from bot.web.visits import Visit
from storage import engine as database
from storage import links
from storage.tables import sessions, vault
from tests.bot.web.talks import PERSONAL, SECRETS, Desk, Resident, hidden
from tests.nasty import LONG, NAMES, NASTY
from tests.support.service import count

OTHER = 0xABCDEF
"""Somebody else on LINE."""


def test_a_thousand_forged_links_open_nothing(desk: Desk) -> None:
    browser = desk.client()

    seen = {
        (browser.get(f"/f/{token}").status_code, browser.post(f"/f/{token}").status_code)
        for token in (secrets.token_urlsafe(32) for _ in range(1000))
    }

    assert seen == {(410, 410)}
    assert count(desk.service, sessions) == 0


@pytest.mark.parametrize(
    "path", ["/f/%00", "/f/%ff%fe", "/f/あ", "/f/" + "a" * 5000, "/f/..%2f..", "/f/' OR 1=1"]
)
def test_a_hostile_link_is_a_link_that_leads_nowhere(desk: Desk, path: str) -> None:
    assert desk.client().get(path).status_code in {404, 410}
    assert desk.client().post(path).status_code in {404, 410}


def test_a_link_of_another_kind_opens_no_page(desk: Desk) -> None:
    with database.write(desk.service.engine) as conn:
        token = links.make(conn, "console", "somebody", "", 60_000, desk.clock.now())

    assert desk.client().get(f"/f/{token}").status_code == 410
    assert desk.client().post(f"/f/{token}").status_code == 410


def test_a_session_of_another_kind_opens_no_page(desk: Desk, resident: Resident) -> None:
    resident.opens(resident.comes_to_the_page())
    cookie = resident.browser.get_cookie("madoguchi-page")
    assert cookie
    with database.write(desk.service.engine) as conn:
        conn.execute(sessions.update().values(kind="console"))

    assert resident.browser.get("/page").status_code == 410


def test_another_persons_cookie_neither_sees_nor_writes(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    resident.says("10")
    page = resident.opens(resident.link())
    other = Resident(desk, number=OTHER)
    other.opens(other.comes_to_the_page())

    seen = other.page()
    written = other.browser.post("/page", data={**hidden(page), **PERSONAL, "name": "見本 花子"})

    assert [secret for secret in SECRETS if f'value="{secret}' in seen] == []
    assert written.status_code == 403
    assert 'value="見本 太郎"' in resident.page()


@pytest.mark.parametrize("seal", ["", "0" * 48, "あ", "\x00", "x" * 100_000])
def test_a_page_without_its_seal_is_refused(desk: Desk, resident: Resident, seal: str) -> None:
    page = resident.opens(resident.comes_to_the_page())

    answer = resident.sends(page, PERSONAL, seal=seal)

    assert answer.status_code == 403
    assert count(desk.service, vault) == 0
    assert resident.browser.get("/page").status_code == 200


def test_another_site_cannot_lead_anybody_into_a_page(resident: Resident) -> None:
    link = resident.comes_to_the_page()

    foreign = resident.browser.post(link, headers={"Sec-Fetch-Site": "cross-site"})

    assert foreign.status_code == 403
    assert resident.browser.post(link, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_no_page_is_kept_anywhere_or_tells_where_it_came_from(desk: Desk, resident: Resident) -> None:
    link = resident.comes_to_the_page()
    answers = [resident.browser.get(link), resident.browser.post(link), resident.browser.get("/page")]
    answers += [resident.sends(answers[-1].text, {}), resident.sends(answers[-1].text)]
    answers += [resident.browser.get("/page/done"), resident.browser.get("/page"), desk.client().get("/f/x")]

    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_no_page_holds_inline_styles_scripts_or_handlers(resident: Resident) -> None:
    link = resident.comes_to_the_page()
    door = resident.browser.get(link).text
    page = resident.opens(link)

    for text in (door, page, resident.sends(page, {}).text):
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text) == []
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//', text) == []


def test_the_cookie_is_the_browsers_alone(resident: Resident) -> None:
    entered = resident.browser.post(resident.comes_to_the_page())

    cookie = entered.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {each.strip() for each in cookie.split(";")}
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_bound_to_this_host(database_url: str, tmp_path: Path) -> None:
    desk = Desk.opened(database_url, tmp_path, public_url="https://madoguchi.example.jp")
    resident = Resident(desk)

    entered = resident.browser.post(resident.comes_to_the_page(), base_url="https://madoguchi.example.jp")

    assert entered.headers["Set-Cookie"].startswith("__Host-madoguchi-page=")
    assert "Secure" in entered.headers["Set-Cookie"]
    assert entered.headers["Strict-Transport-Security"] == "max-age=31536000"
    desk.service.engine.dispose()


def test_a_page_whose_talk_was_cancelled_says_so_plainly(desk: Desk, resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())
    resident.says("中止", "はい")

    sent = resident.sends(page)

    assert sent.status_code == 410
    assert "中止されました" in sent.text
    assert count(desk.service, vault) == 0
    assert resident.browser.get("/page").status_code == 410


def test_a_talk_cancelled_while_the_page_is_on_its_way_is_told_the_same(
    desk: Desk, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = resident.opens(resident.comes_to_the_page())
    opened = Sheets.open

    def cancelled_meanwhile(sheets: Sheets, visit: Visit) -> Sheet | None:
        found = opened(sheets, visit)
        resident.says("中止", "はい")
        return found

    monkeypatch.setattr(Sheets, "open", cancelled_meanwhile)
    sent = resident.sends(page)

    assert sent.status_code == 410
    assert "中止されました" in sent.text
    assert count(desk.service, vault) == 0


def test_a_cookie_is_worth_nothing_once_its_page_was_sent(resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())
    cookie = resident.browser.get_cookie("madoguchi-page")
    assert cookie
    resident.sends(page)

    resident.browser.set_cookie("madoguchi-page", cookie.value)

    assert resident.browser.get("/page").status_code == 410


def test_a_day_gone_by_meanwhile_is_asked_again_in_the_talk(desk: Desk, resident: Resident) -> None:
    resident.says("こんにちは", "電気柵の貸出", "個人", "40", "1", "6月8日", "7月20日", "1", "どれもない")
    resident.says("はい", "はい", "はい")
    desk.later(days=2)
    resident.says("続ける")
    page = resident.opens(resident.link())

    sent = resident.sends(page)

    assert sent.status_code == 303
    assert count(desk.service, vault) == 1
    assert "使用開始日が過ぎてしまいました" in "".join(resident.messages()[-2:])


def test_towns_are_told_within_a_visit_only(desk: Desk, resident: Resident) -> None:
    assert desk.client().get("/page/postcode?code=0612285").status_code == 403

    resident.opens(resident.comes_to_the_page())

    assert resident.browser.get("/page/postcode?code=061-2285").json == ["北海道札幌市南区藤野五条"]
    assert resident.browser.get("/page/postcode?code=0040000").json == [
        "北海道札幌市厚別区",
        "北海道札幌市清田区",
    ]
    for nothing in ("", "0000000", "abc", "%00", "9" * 5000):
        assert resident.browser.get(f"/page/postcode?code={nothing}").json == []


def test_towns_are_told_so_often_a_visit(desk: Desk, resident: Resident) -> None:
    resident.opens(resident.comes_to_the_page())
    other = Resident(desk, number=OTHER)
    other.opens(other.comes_to_the_page())

    seen = [resident.browser.get("/page/postcode?code=0612285").status_code for _ in range(LOOKUPS + 1)]

    assert seen == [200] * LOOKUPS + [429]
    assert other.browser.get("/page/postcode?code=0612285").status_code == 200


SHORT = tuple(text for text in NASTY if len(text) < 1000)
FIELDS = tuple(PERSONAL)


def _as_form(text: str) -> str:
    """Return *text* as a browser can send it: what is no character becomes one."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _shown(page: str) -> dict[str, str]:
    """Return what stands in the lines of *page*."""
    found = re.findall(r'name="([\w.]+)" type="text" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def test_no_value_breaks_a_page_or_runs_in_it(resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())

    for text in map(_as_form, SHORT):
        answer = resident.sends(page, dict.fromkeys(FIELDS, text), **{"address.postcode": "x", "kana": "x"})

        assert answer.status_code == 422, text
        assert re.findall(r"<script(?![^>]*\bsrc=)|<img src=x|<at>", answer.text) == []
        one_line = text.replace("\r\n", "\n")
        assert _shown(answer.text)["name"].replace("\r\n", "\n") == one_line


@pytest.mark.parametrize("name", FIELDS)
def test_no_long_value_breaks_a_page(resident: Resident, name: str) -> None:
    page = resident.opens(resident.comes_to_the_page())

    statuses = {
        resident.sends(page, {**PERSONAL, "phone": "1", name: _as_form(text)}).status_code for text in LONG
    }

    assert statuses <= {413, 422}


BESIDE = ("once", "name.x", "__proto__", "site")
"""What a page is sent and does not show: its own number, and names that no page has."""


def test_no_seal_breaks_a_page(resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())

    statuses = {resident.sends(page, {"phone": "12", "seal": _as_form(text)}).status_code for text in NASTY}

    assert statuses <= {403, 413}


def test_no_short_hidden_values_break_a_page(resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())

    statuses = {
        resident.sends(page, {"phone": "12", **dict.fromkeys(BESIDE, _as_form(text))}).status_code
        for text in SHORT
    }

    assert statuses == {422}


@pytest.mark.parametrize("name", BESIDE)
def test_no_long_hidden_value_breaks_a_page(resident: Resident, name: str) -> None:
    page = resident.opens(resident.comes_to_the_page())

    statuses = {
        resident.sends(page, {"phone": "12", name: _as_form(text)}).status_code
        for text in NASTY
        if text not in SHORT
    }

    assert statuses <= {413, 422}


@pytest.mark.parametrize("once", ["", "\x00", "x" * 500, "' OR 1=1 --", "0" * 31])
def test_a_page_with_a_strange_number_of_its_own_is_taken_all_the_same(
    desk: Desk, resident: Resident, once: str
) -> None:
    page = resident.opens(resident.comes_to_the_page())

    assert resident.sends(page, PERSONAL, once=once).status_code == 303
    assert count(desk.service, vault) == 1


def test_no_language_breaks_the_thanks(desk: Desk) -> None:
    browser = desk.client()

    seen = {browser.get("/page/done", query_string={"lang": _as_form(text)}).status_code for text in SHORT}

    assert seen == {200}


def test_whatever_is_accepted_stands_in_the_vault_alone(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    taken = []

    for text in NAMES:
        resident.says("10")
        answer = resident.sends(resident.opens(resident.link()), PERSONAL | {"name": text})
        taken += [text] if answer.status_code == 303 else []
        resident.says("続ける")

    everything = desk.everything()
    assert len(taken) > 20
    assert [text for text in taken if not text.isascii() and text in everything] == []
    assert count(desk.service, vault) == 1
