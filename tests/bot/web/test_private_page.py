"""The private page from its link to the review in the talk, on both databases."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from storage import engine as database
from storage.tables import access_log, sessions, submissions, vault
from tests.bot.web.talks import PERSONAL, SECRETS, Desk, Resident, hidden
from tests.support.service import count, rows


def test_fetching_the_link_a_hundred_times_uses_nothing_up(resident: Resident) -> None:
    link = resident.comes_to_the_page()

    seen = {resident.desk.client().get(link).status_code for _ in range(100)}

    assert seen == {200}
    assert resident.browser.post(link).status_code == 303


def test_a_link_is_taken_once(desk: Desk, resident: Resident) -> None:
    link = resident.comes_to_the_page()
    resident.opens(link)

    second = desk.client().post(link)

    assert second.status_code == 410
    assert "このページは使えません" in second.text


def test_of_two_who_take_a_link_at_once_one_wins(desk: Desk, resident: Resident) -> None:
    link = resident.comes_to_the_page()
    start = Barrier(2)

    def take(_: int) -> int:
        browser = desk.client()
        start.wait(timeout=10)
        return browser.post(link).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(take, range(2)))

    assert statuses == [303, 410]
    assert count(desk.service, sessions) == 1


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 410)])
def test_a_link_lives_thirty_minutes(desk: Desk, resident: Resident, minutes: int, status: int) -> None:
    link = resident.comes_to_the_page()

    desk.later(minutes=minutes)

    assert resident.browser.get(link).status_code == status


def test_an_expired_link_cannot_be_taken(desk: Desk, resident: Resident) -> None:
    link = resident.comes_to_the_page()

    desk.later(minutes=30)

    assert resident.browser.post(link).status_code == 410


def test_an_open_page_lives_two_hours(desk: Desk, resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())

    desk.later(minutes=119)
    assert resident.browser.get("/page").status_code == 200
    desk.later(minutes=1)

    assert resident.browser.get("/page").status_code == 410
    assert resident.sends(page).status_code == 410


def test_the_page_past_its_time_says_what_to_do_in_the_readers_language(desk: Desk) -> None:
    japanese = desk.client().get("/page")
    english = desk.client().get("/page", headers={"Accept-Language": "en-GB,en;q=0.9"})

    assert "「続ける」と送ってください" in japanese.text
    assert "send “continue”" in english.text
    assert '<html lang="en">' in english.text


def test_a_link_is_stored_as_its_hash_alone(desk: Desk, resident: Resident) -> None:
    token = resident.comes_to_the_page().removeprefix("/f/")
    resident.browser.post(f"/f/{token}")

    kept = {desk.scalar("SELECT token_hash FROM links")}
    cookie = resident.browser.get_cookie("madoguchi-page")

    assert kept == {hashlib.sha256(token.encode()).hexdigest()}
    assert cookie
    assert cookie.value not in desk.everything()


def test_the_whole_way_leaves_the_answers_in_the_vault_alone(desk: Desk, resident: Resident) -> None:
    resident.fills_in()

    everything = desk.everything()

    assert [secret for secret in SECRETS if secret in everything] == []
    assert count(desk.service, vault) == 1


def test_after_the_page_the_talk_goes_on_by_itself_and_names_no_answer(resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())
    before = len(resident.messages())

    resident.sends(page)

    (review,) = resident.messages()[before:]
    assert "内容の確認" in review
    assert "申請者氏名：受け取りました" in review
    assert [secret for secret in SECRETS if secret in review] == []


def test_what_was_sent_can_be_filed(desk: Desk, resident: Resident) -> None:
    resident.fills_in()

    resident.says("申請する")

    assert count(desk.service, submissions) == 1


def test_a_page_that_was_sent_is_closed(resident: Resident) -> None:
    resident.fills_in()

    assert resident.browser.get_cookie("madoguchi-page") is None
    assert resident.browser.get("/page").status_code == 410


def test_a_second_press_of_the_button_is_thanked_for_and_changes_nothing(
    desk: Desk, resident: Resident
) -> None:
    page = resident.opens(resident.comes_to_the_page())
    resident.sends(page)
    said = len(resident.messages())

    again = resident.sends(page, PERSONAL | {"name": "別の 人"})

    assert (again.status_code, again.headers["Location"].partition("?")[0]) == (303, "/page/done")
    assert len(resident.messages()) == said
    assert count(desk.service, vault, version=1) == 1


def test_two_presses_at_the_same_moment_are_one(desk: Desk, resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())
    cookie = resident.browser.get_cookie("madoguchi-page")
    assert cookie
    before, start = len(resident.messages()), Barrier(2)

    def press(_: int) -> int:
        browser = desk.client()
        browser.set_cookie("madoguchi-page", cookie.value)
        start.wait(timeout=10)
        return browser.post("/page", data={**hidden(page), **PERSONAL}).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(press, range(2)))

    assert statuses == [303, 303]
    assert len(resident.messages()) == before + 1


def test_refused_answers_store_nothing_and_keep_what_was_typed(desk: Desk, resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())

    refused = resident.sends(page, PERSONAL | {"phone": "12", "name": "見本 花子"})

    assert refused.status_code == 422
    assert count(desk.service, vault) == 0
    assert 'value="見本 花子"' in refused.text
    assert 'value="12"' in refused.text
    assert "電話番号を読み取れませんでした" in refused.text
    assert "入力の誤りがあります |" in refused.text


def test_a_page_that_was_refused_can_be_corrected(desk: Desk, resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())
    refused = resident.sends(page, PERSONAL | {"phone": "12"})

    corrected = resident.sends(refused.text)

    assert corrected.status_code == 303
    assert count(desk.service, vault) == 1
    assert "内容の確認" in resident.messages()[-1]


def test_every_question_left_empty_is_named_beside_it_and_in_the_summary(resident: Resident) -> None:
    refused = resident.sends(resident.opens(resident.comes_to_the_page()), {}).text
    summary = refused[refused.index('class="faults"') : refused.index("</section>")]

    for name in ("name", "kana", "address.postcode", "phone", "site.postcode"):
        assert f'href="#{name}"' in summary
        assert f'id="{name}-error"' in refused
        assert re.search(
            rf'id="{name}"[^>]*aria-describedby="[^"]*{name}-error[^"]*" aria-invalid="true"', refused
        )
    assert "email-error" not in refused


def test_the_town_is_told_by_the_postal_code_without_any_script(desk: Desk, resident: Resident) -> None:
    resident.fills_in(PERSONAL | {"address.area": ""})
    resident.says("12")  # the address, at the review

    page = resident.opens(resident.link())

    assert 'value="北海道札幌市南区藤野五条"' in page


def test_a_code_of_several_towns_lists_them_and_keeps_what_was_typed(resident: Resident) -> None:
    page = resident.opens(resident.comes_to_the_page())

    refused = resident.sends(page, PERSONAL | {"address.postcode": "004-0000"}).text

    assert "北海道札幌市厚別区／北海道札幌市清田区" in refused
    assert 'value="004-0000"' in refused
    assert 'value="3丁目1-2"' in refused


def test_a_site_that_is_the_same_ignores_what_stands_below_the_tick(desk: Desk, resident: Resident) -> None:
    nonsense = {"site.postcode": "9", "site.area": "x", "site.rest": "y"}

    assert resident.fills_in(PERSONAL | nonsense).status_code == 303


def test_what_was_filled_in_stands_there_when_it_is_opened_again(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    resident.says("10")  # the name, at the review

    page = resident.opens(resident.link())

    for value in ("見本 太郎", "ミホン　タロウ", "061-2285", "3丁目1-2", "mihon@example.jp"):
        assert f'value="{value}"' in page
    assert 'name="site.same" value="yes" checked' in page
    assert "玄関に犬がいます（見本）</textarea>" in page


def test_each_opening_stands_in_the_access_log(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    resident.says("10")
    before = count(desk.service, access_log)

    resident.opens(resident.link())
    resident.page()

    assert count(desk.service, access_log, why="private page", role="resident") == before + 2


def test_a_correction_is_a_new_record_and_leaves_the_filed_one(desk: Desk, resident: Resident) -> None:
    resident.fills_in()
    resident.says("申請する")
    first = desk.scalar("SELECT vault_id FROM submissions")
    blob = desk.scalar("SELECT blob FROM vault")
    desk.later(minutes=5)
    _reopen_for_correction(resident)

    page = resident.opens(resident.link())
    assert 'value="見本 太郎"' in page
    resident.sends(page, PERSONAL | {"name": "見本 花子"})
    resident.says("申請する")

    assert len({*_vault_ids(desk)}) == 2
    assert desk.scalar(f"SELECT blob FROM vault WHERE id = '{first}'") == blob
    later = desk.clock.now() + 1
    with database.write(desk.service.engine) as conn:
        names = [
            desk.service.vault.open(conn, each, by="t", role="auditor", why="test", now=later)["name"]
            for each in _vault_ids(desk)
        ]
    assert names == ["見本 太郎", "見本 花子"]


def _reopen_for_correction(resident: Resident) -> None:
    resident.says("申請状況", "1", "内容を訂正する", "10")


def _vault_ids(desk: Desk) -> list[str]:
    found = rows(desk.service, "SELECT vault_id FROM submissions ORDER BY filed_at, id")
    return [row.vault_id for row in found]
