"""The console's pages of a meeting: defining it, the roster, tables, what is printed, what people need."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from bot.service import Service
from dialogs.meetings import Meeting, State
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import accesslog, cases, checkins, erasures, meetings, seatings, staff
from storage import engine as database
from storage.staff import CITY, Member
from storage.tables import vault
from tests.bot.meetings.conftest import ONE, ONLINE, PAIR, SECRETS, WAITS
from tests.support.meeting import KEY, MEETING, NEED, cancelled, opened, registered
from tests.support.staff import NAME, Staff, said

ONE_MEETING = f"/admin/meetings/{KEY}"
FILE = """
key = "r10-koryukai"
title = "見本の集まり"
day = 2028-01-15
place = "見本会館"
closes = 2027-12-20
seats_on_site = 60
[[parts]]
key = "talk"
title = "話し合い"
starts = 13:30:00
ends = 15:00:00
who = "on_site"
"""


def fields(page: str) -> dict[str, str]:
    """Return what the fields of the page's form hold."""
    named = re.findall(r'<input id="[^"]+" name="([^"]+)" type="(?:text|date)" value="([^"]*)"', page)
    chosen = re.findall(r'<select id="[^"]+" name="([^"]+)">.*?<option value="([^"]+)" selected', page)
    return {name: unescape(value) for name, value in [*named, *chosen]}


def found(service: Service, key: str = KEY) -> Meeting:
    with database.read(service.engine) as conn:
        meeting = meetings.one(conn, key)
    assert meeting
    return meeting


def why(service: Service) -> list[str]:
    with database.read(service.engine) as conn:
        return [each.why for each in accesslog.entries(conn)]


def upload(browser: Staff, content: str) -> str:
    form = {"seal": browser.seal(), "file": (io.BytesIO(content.encode()), "m.toml")}
    return browser.client.post("/admin/meetings/file", data=form, content_type="multipart/form-data").text


def test_a_file_fills_the_page_and_counts_once_it_is_saved(staff: Staff, held: Service) -> None:
    page = upload(staff, FILE)
    assert fields(page)["parts[1].starts"] == "13:30"

    assert staff.post("/admin/meetings/new", fields(page)).status_code == 303
    made = found(held, "r10-koryukai")
    assert (made.day, made.parts[0].who, made.state) == (date(2028, 1, 15), "on_site", State.DRAFT)
    again = staff.post("/admin/meetings/new", fields(page))
    assert (again.status_code, "もうあります" in said(again)) == (422, True)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(staff: Staff, held: Service) -> None:
    page = upload(staff, FILE.replace("15:00:00", "13:00:00").replace('"話し合い"', '""'))
    assert 'id="parts[1].ends-error"' in page
    assert 'id="parts[1].title-error"' in page

    form = fields(staff.get(f"{ONE_MEETING}/edit").text) | {"closes": "2027-06-08"}
    answer = staff.post(f"{ONE_MEETING}/edit", form)
    assert (answer.status_code, 'id="closes-error"' in answer.text) == (422, True)
    assert found(held) == MEETING


@pytest.mark.parametrize("content", ["key = ", "", "\udcff"])
def test_a_file_that_is_no_file_of_ours_is_refused_with_what_to_do(staff: Staff, content: str) -> None:
    page = upload(staff, content) if content.isprintable() else upload(staff, "\x00")

    assert 'href="#file"' in page


def test_a_meeting_is_changed_and_keeps_its_state_and_its_name(staff: Staff, held: Service) -> None:
    form = fields(staff.get(f"{ONE_MEETING}/edit").text) | {"title": "新しい題名", "key": "other"}

    assert staff.post(f"{ONE_MEETING}/edit", form).status_code == 303
    assert found(held) == replace(MEETING, title="新しい題名")


def test_a_meeting_is_closed_opened_and_called_off_only_on_purpose(staff: Staff, held: Service) -> None:
    for sent, state in (
        ({"state": "closed"}, State.CLOSED),
        ({"state": "open"}, State.OPEN),
        ({"state": "draft"}, State.OPEN),
        ({"state": "cancelled"}, State.OPEN),
        ({"state": "cancelled", "surely": "yes"}, State.CANCELLED),
        ({"state": "open"}, State.CANCELLED),
    ):
        staff.post(f"{ONE_MEETING}/state", sent)
        assert found(held).state is state


def test_the_list_says_how_many_come_and_wait(staff: Staff) -> None:
    assert "受付中 3人／60席 1人／40席 3人" in staff.page("/admin/meetings/")


def test_the_roster_counts_the_parts_the_channels_and_who_waits_and_says_no_name(staff: Staff) -> None:
    page = staff.page(f"{ONE_MEETING}/roster")

    assert "発表 13:30–14:40 3人 1人 参加者の交流 14:40–15:20 3人 会場だけ" in page
    assert "LINEで申込み 4件" in page
    assert f"1 {WAITS} 会場 3" in page
    assert not [each for each in SECRETS if each in page]


@pytest.mark.parametrize(
    ("text", "shown"), [("はなこ", [PAIR]), ("見本次郎", [PAIR]), ("0001", [ONE]), ("居ません", [])]
)
def test_names_are_searched_by_reading_and_number_once_they_were_opened_and_that_is_logged(
    staff: Staff, held: Service, text: str, shown: list[str]
) -> None:
    page = said(staff.post(f"{ONE_MEETING}/roster", {"text": text})).partition("空席待ち 順番")[0]

    assert [each for each in (ONE, PAIR, ONLINE, WAITS) if f"{each} 見本" in page] == shown
    assert why(held) == ["roster"] * 4


def test_the_roster_is_narrowed_by_way_kind_and_stand(staff: Staff) -> None:
    pages = [
        staff.page(f"{ONE_MEETING}/roster", **each)
        for each in ({"attendance": "online"}, {"stand": "waits"}, {"kind": "city"}, {"text": "0002"})
    ]

    assert [re.findall(r"4件のうち (\d)件", page) for page in pages] == [["1"], ["1"], ["2"], ["1"]]


def arrange(browser: Staff, **form: str) -> str:
    version = re.search(r'name="version" value="(\d+)"', browser.get(f"{ONE_MEETING}/tables").text)
    assert version
    usual = {
        "version": version[1],
        "tables": "2",
        "size": "4",
        "how": "keep",
        "facilitators": "進行 一\n進行 二",
    }
    answer = browser.post(f"{ONE_MEETING}/tables", usual | form)
    return said(answer) if answer.status_code != 303 else browser.page(f"{ONE_MEETING}/tables")


def seats(service: Service) -> dict[str, int]:
    with database.read(service.engine) as conn:
        content = seatings.of_meeting(conn, KEY).content
    assert content
    return dict(content["seats"])


def test_tables_are_proposed_with_figures_and_keep_pairs_apart(staff: Staff, held: Service) -> None:
    page = arrange(staff, apart=f"{ONE} {PAIR}\n{ONE} EM9-9999")

    assert "1テーブルの人数 1〜2人" in page
    assert "会場に来る方の番号ではありません（使っていません）：EM9-9999" in page
    one, pair = (
        {table for key, table in seats(held).items() if (key in key_of(held, number))}
        for number in (ONE, PAIR)
    )
    assert len(pair) == 1
    assert one.isdisjoint(pair)


def key_of(service: Service, reference: str) -> list[str]:
    from storage import cases

    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
    assert case
    return [f"{case.id}/{number}" for number in range(3)]


def test_wishes_that_exclude_each_other_are_named_and_the_tables_stay(staff: Staff, held: Service) -> None:
    arrange(staff)
    before = seats(held)
    page = arrange(staff, together=f"{ONE} {PAIR}", apart=f"{PAIR} {ONE}")

    causes = f"{PAIR} と {ONE} は別のテーブル、{ONE} と {PAIR} は同じテーブル"
    assert f"同時には満たせません。どれかを外してください：{causes}" in page
    assert seats(held) == before
    assert "席が足りません。3人に対して2席です。" in arrange(staff, tables="1", size="2")


def test_what_residents_wished_stands_in_the_first_plan(staff: Staff, held: Service) -> None:
    registered(held, 5, avoid=f"{ONE}さんとは別に")

    assert f"EM9-0005 {ONE}" in staff.get(f"{ONE_MEETING}/tables").text


def test_when_somebody_cancels_the_page_says_so_and_everybody_else_stays(staff: Staff, held: Service) -> None:
    for number in range(5, 9):
        registered(held, number)
    arrange(staff)
    before = seats(held)
    cancelled(held, "EM9-0006")
    assert "1人が取り消し、0人が加わりました" in staff.page(f"{ONE_MEETING}/tables")

    page = arrange(staff)
    gone = [key for key in before if key not in seats(held)]
    assert len(gone) == 1
    assert {key: before[key] for key in seats(held)} == seats(held)
    assert f"{before[gone[0]] + 1}番テーブルから1人が取り消し" in page


def test_somebody_is_moved_by_hand_and_held_there_until_that_is_taken_back(
    staff: Staff, held: Service
) -> None:
    arrange(staff)
    key = key_of(held, ONE)[0]
    wanted = 2 - seats(held)[key]
    version = {"version": "1"}
    assert (
        staff.post(f"{ONE_MEETING}/tables/move", {**version, f"seat-{key}": str(wanted)}).status_code == 303
    )
    assert seats(held)[key] == wanted - 1
    assert f"{ONE}：{wanted}番テーブル" in staff.page(f"{ONE_MEETING}/tables")

    assert "固定" in arrange(staff, pin=key)
    assert "固定をやめます" not in arrange(staff)


def test_of_two_who_arrange_tables_at_once_the_second_has_to_look_again(staff: Staff, held: Service) -> None:
    arrange(staff)
    before = seats(held)

    late = staff.post(f"{ONE_MEETING}/tables", {"version": "0", "tables": "3", "how": "anew"})

    assert (late.status_code, "ほかの人が先に席を変えました" in said(late)) == (409, True)
    assert seats(held) == before


def test_tables_with_themes_are_kept_and_all_is_made_anew_when_asked(staff: Staff, held: Service) -> None:
    page = arrange(staff, **{"theme-0": "waste", "theme-1": "green"})

    assert "希望のテーマに座れた方" in page
    arrange(staff, how="anew")
    with database.read(held.engine) as conn:
        assert (seatings.of_meeting(conn, KEY).content or {})["seed"] == 2


SHEETS = ("cards", "seats", "door", "facilitators", "participants")


@pytest.mark.parametrize("what", SHEETS)
def test_sheets_say_names_only_when_asked_and_never_what_somebody_needs(
    staff: Staff, held: Service, what: str
) -> None:
    arrange(staff)
    closed = staff.page(f"{ONE_MEETING}/print/{what}")
    named = said(staff.post(f"{ONE_MEETING}/print/{what}"))

    assert not [each for each in SECRETS if each in closed]
    assert all(each in named for each in ("見本 一郎", "見本 花子", "見本 次郎"))
    assert NEED not in named
    assert "見本 遠子" not in named
    assert why(held) == ["meeting sheets"] * 2


def test_supplies_follow_who_cancels(staff: Staff, held: Service) -> None:
    arrange(staff)
    page = staff.page(f"{ONE_MEETING}/print/supplies")
    assert "会場に来る方 3 進行役 2 飲み物（500ml） 5 お菓子 2 配布資料 5 名札 5" in page

    cancelled(held, PAIR)
    assert "会場に来る方 1 進行役 2 飲み物（500ml） 3" in staff.page(f"{ONE_MEETING}/print/supplies")


def test_there_is_no_other_sheet_and_no_other_meeting(staff: Staff) -> None:
    assert staff.get(f"{ONE_MEETING}/print/nothing").status_code == 404
    assert staff.post(f"{ONE_MEETING}/print/supplies").status_code == 404
    for page in ("roster", "tables", "needs", "edit", "print/cards"):
        assert staff.get(f"/admin/meetings/nothing/{page}").status_code == 404
        assert staff.get(f"/admin/meetings/a%00b/{page}").status_code == 404


def arranging(held: Service, app: Flask, role: str = "staff") -> Staff:
    return Staff(held, app, "見本 係員").sign_in_as(role)


@pytest.mark.parametrize("role", ["staff", "chief"])
def test_what_somebody_needs_is_shown_to_two_roles_and_logged(held: Service, app: Flask, role: str) -> None:
    browser = arranging(held, app, role)
    assert "必要なことを書いた方：1件" in browser.page(f"{ONE_MEETING}/needs")
    assert why(held) == []

    assert f"{ONE} {NEED}" in said(browser.post(f"{ONE_MEETING}/needs"))
    assert why(held) == ["accommodation"]


@pytest.mark.parametrize("role", ["admin", "manager", "auditor"])
def test_nobody_else_sees_that_somebody_needs_anything(held: Service, app: Flask, role: str) -> None:
    browser = arranging(held, app, role)
    answers = [
        browser.get(f"{ONE_MEETING}/needs"),
        browser.post(f"{ONE_MEETING}/needs"),
        browser.post(f"{ONE_MEETING}/needs/{ONE}", {"what-0": "x"}),
    ]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert not [each for each in answers if ONE in each.text]
    assert why(held) == []


def test_who_arranges_it_by_the_roster_may_see_it_from_the_console(held: Service, staff: Staff) -> None:
    assert staff.get(f"{ONE_MEETING}/needs").status_code == 403
    with database.write(held.engine) as conn:
        grants = (Grant("exchange_meeting", Role.CHIEF),)
        staff_member = Member("", "t" * 36, "o" * 36, NAME, CITY, grants)
        add_to_roster(conn, staff_member)

    assert staff.get(f"{ONE_MEETING}/needs").status_code == 200


def add_to_roster(conn: object, member: Member) -> None:
    staff.add(conn, member, date(2027, 4, 1), None, 1)  # type: ignore[arg-type]  # a connection


def test_what_is_arranged_is_sealed_kept_and_changed(held: Service, app: Flask) -> None:
    browser = arranging(held, app)
    address = f"{ONE_MEETING}/needs/{ONE}"
    browser.post(address, {"what-0": "車いす席を用意", "by-0": "2027-06-01", "what-1": " "})
    page = browser.post(
        address, {"what-0": "車いす席を用意", "by-0": "never", "done-0": "1", "told-0": "1"}
    ).text

    assert page.count("checked") == 2
    assert 'value="車いす席を用意"' in page
    assert browser.post(f"{ONE_MEETING}/needs/{PAIR}", {"what-0": "x"}).status_code == 404
    with database.read(held.engine) as conn:
        assert len(seatings.arranged(conn, KEY)) == 1
    late = browser.post(address, {"what-0": "手話通訳", "by-0": "2027-06-01"})
    assert "期限を過ぎています" in said(late)


def test_an_auditor_looks_and_changes_nothing(held: Service, app: Flask) -> None:
    auditor = Staff(held, app).sign_in_as("auditor")

    for page in ("edit", "roster", "tables", "print/cards"):
        assert auditor.get(f"{ONE_MEETING}/{page}").status_code == 200
    for page in (
        "edit",
        "roster",
        "tables",
        "tables/move",
        "print/cards",
        "state",
        "door/close",
        "door/phone",
    ):
        assert auditor.post(f"{ONE_MEETING}/{page}").status_code == 403


def test_a_meeting_with_nobody_has_pages_too(held: Service, staff: Staff) -> None:
    opened(held, replace(MEETING, key="empty", groups=0, group_size=0, themes=()))

    for page in ("roster", "tables", "print/cards", "print/seats", "door", "edit"):
        assert staff.get(f"/admin/meetings/empty/{page}").status_code == 200


def test_whoever_is_erased_leaves_neither_a_need_nor_what_was_arranged_nor_a_coming(
    held: Service, app: Flask
) -> None:
    arranging(held, app).post(f"{ONE_MEETING}/needs/{ONE}", {"what-0": "車いす席を用意"})
    with database.write(held.engine) as conn:
        case = cases.by_reference(conn, ONE)
        assert case
        checkins.note(conn, checkins.Entry("a" * 32, KEY, case.id, 1, 1, NAME), 1)
        there = erasures.survey(conn, erasures.Subject(erasures.CASE, case.id), held.vault)
        assert there
        assert len(there.records) == 2
        erasures.erase(conn, there, 2)

        assert seatings.arranged(conn, KEY) == {}
        assert checkins.came(conn, KEY) == []
        assert {each.id for each in conn.execute(select(vault.c.id))}.isdisjoint(there.records)
