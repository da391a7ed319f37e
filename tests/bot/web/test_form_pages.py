"""The pages of the public web forms: what they ask, what they keep, whom they refuse."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.clock import TOKYO
from bot.forms.sent import MOST_BYTES
from bot.web.forms import SENT, STARTS
from storage import engine as database
from storage import photos as kept_photos
from storage.tables import conversations, people, photos
from tests.bot.web.talks import PERSONAL, Desk
from tests.hostile.pictures import folded, png
from tests.support import meeting, pictures
from tests.support.forms import LOAN, PROMISES, Visitor, errors, forms, photo, said
from tests.support.service import count, rows

HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(64)


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk on SQLite: what a page says does not depend on the database."""
    opened = Desk.opened(sqlite_url, tmp_path)
    yield opened
    opened.service.engine.dispose()


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return Visitor(desk.client())


def test_the_first_page_says_what_it_takes_and_remembers_nobody(desk: Desk, visitor: Visitor) -> None:
    page = visitor.opens("/forms/fence_loan")

    text = said(page)
    assert "約10分" in text
    assert "被害や痕跡の写真（あれば）" in text
    assert "やさしい日本語" in text
    assert "Set-Cookie" not in page.headers
    assert count(desk.service, people) == 0


def test_the_number_to_have_at_hand_is_named(visitor: Visitor) -> None:
    assert "補助金番号 交付決定通知書に書いてある番号です。" in said(visitor.opens("/forms/install_guidance"))


@pytest.mark.parametrize("form", ["nowhere", "loan_pickup", "inspection", "loan_application"])
def test_what_no_resident_opens_is_not_there(visitor: Visitor, form: str) -> None:
    assert visitor.client.get(f"/forms/{form}").status_code == 404
    assert visitor.client.post(f"/forms/{form}").status_code == 404


def test_the_language_of_the_first_page_stays(visitor: Visitor) -> None:
    assert 'lang="en"' in visitor.opens("/forms/fence_loan?lang=en").text

    assert 'lang="en"' in visitor.begins("en").text


def test_what_is_wrong_stands_beside_it_and_on_top_and_all_else_is_kept(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()

    refused = visitor.sends({**LOAN, "perimeter": "長い", "damage": ""} | {"damage": []})

    assert refused.status_code == 422
    assert errors(refused) == [
        "数字を読み取れませんでした。「40」のように、数字で入力してください。",
        "どれか1つを選んでください。",
    ]
    assert 'href="#perimeter"' in refused.text
    assert "autofocus" in refused.text
    again = forms(visitor.opens("page/loan"))[0].values
    assert (again["period.from"], again["perimeter"]) == ("2027-06-20", "")
    assert said(visitor.opens("page/promises")).count("1ページ目") == 1  # nobody has come further yet


def test_a_question_that_hangs_on_another_comes_after_its_answer(visitor: Visitor) -> None:
    visitor.begins()
    assert "emergency" not in forms(visitor.at)[0].names

    more = visitor.sends({**LOAN, "damage": "trace"})

    assert more.request.path == "/forms/fence_loan/page/loan"
    assert "続きの質問があります" in said(more)
    assert visitor.sends({"emergency": "no"}).request.path == "/forms/fence_loan/page/promises"


def test_how_many_sets_it_takes_is_said_once_the_length_is_known(visitor: Visitor) -> None:
    visitor.begins()
    assert "足りる見込みです" not in said(visitor.at)

    visitor.sends({**LOAN, "perimeter": "100", "sets": ""})

    assert "まわりが100mで角が4つの畑なら" in said(visitor.at)


def test_going_back_loses_nothing(visitor: Visitor) -> None:
    visitor.begins()
    visitor.sends(LOAN)
    visitor.sends(PROMISES)

    before = visitor.sends({"name": "見本 太郎", "phone": "x"}, go="back")

    assert before.request.path == "/forms/fence_loan/page/promises"
    there = forms(visitor.opens("page/applicant"))[0].values
    assert (there["name"], there["phone"]) == ("見本 太郎", "")


def test_an_answer_is_put_right_from_the_review(visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()
    assert "/forms/fence_loan/page/loan#perimeter" in visitor.at.text

    visitor.opens("page/loan")
    assert "50m" in said(visitor.sends({"perimeter": "50"}))
    assert visitor.at.request.path == "/forms/fence_loan/review"


def test_what_is_given_again_by_somebody_else_is_not_shown(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()

    stranger = Visitor(desk.client())

    for page in ("page/applicant", "review", "receipt"):
        answer = stranger.opens(page)
        assert (answer.status_code, "見本 太郎" in answer.text) == (410, False)


def test_opening_personal_answers_is_written_down(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.sends(LOAN)
    visitor.sends(PROMISES)
    assert rows(desk.service, "SELECT * FROM access_log") == []

    visitor.sends(PERSONAL)

    logged = rows(desk.service, "SELECT why, role FROM access_log")
    assert {(each.why, each.role) for each in logged} == {("web form", "resident")}


# --- photos


def _to_the_photo(visitor: Visitor) -> None:
    visitor.begins()
    visitor.sends({**LOAN, "damage": "damaged"})


def test_a_photo_is_kept_without_its_place(desk: Desk, visitor: Visitor) -> None:
    _to_the_photo(visitor)
    visitor.sends({"photo.photo": photo(pictures.with_place()), "emergency": "no"})

    name = desk.scalar("SELECT id FROM photos")
    with database.write(desk.service.engine) as conn:
        content = kept_photos.open_photo(
            conn, desk.service.vault, name, by="見本", role="staff", why="check", now=1
        )

    exif = Image.open(io.BytesIO(content)).getexif()
    assert (dict(exif), dict(exif.get_ifd(pictures.PLACE))) == ({}, {})
    assert "写真を受け取っています" in said(visitor.opens("page/loan"))


def test_another_photo_takes_its_place_and_a_removed_one_is_gone(desk: Desk, visitor: Visitor) -> None:
    _to_the_photo(visitor)
    visitor.sends({"photo.photo": photo(pictures.jpeg()), "emergency": "no"})
    visitor.opens("page/loan")
    visitor.sends({"photo.photo": photo(pictures.jpeg(colour="red"))})
    assert count(desk.service, photos) == 1

    visitor.opens("page/loan")
    visitor.sends({"photo.photo.remove": "yes"})

    assert count(desk.service, photos) == 0


def test_a_photo_stays_though_another_answer_of_its_page_is_wrong(desk: Desk, visitor: Visitor) -> None:
    _to_the_photo(visitor)
    refused = visitor.sends({"photo.photo": photo(pictures.jpeg()), "perimeter": "0"})

    assert refused.status_code == 422
    assert "写真を受け取っています" in said(refused)
    assert count(desk.service, photos) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEIC, "HEIC"),
        (b"%PDF-1.7", "写真として開けませんでした"),
        (png(10_000, 10_000, data=folded()), "写真として開けませんでした"),
        (bytes(MOST_BYTES + 1), "10MBまで"),
    ],
    ids=["heic", "pdf", "bomb", "large"],
)
def test_a_file_that_is_no_photo_is_refused_with_what_to_do(
    desk: Desk, visitor: Visitor, content: bytes, why: str
) -> None:
    _to_the_photo(visitor)

    refused = visitor.sends({"photo.photo": photo(content), "emergency": "no"})

    assert refused.status_code == 422
    assert why in errors(refused)[0]
    assert count(desk.service, photos) == 0


def test_a_body_larger_than_a_photo_is_not_read(visitor: Visitor) -> None:
    _to_the_photo(visitor)

    assert visitor.sends({"photo.photo": photo(bytes(12 * 1024 * 1024))}).status_code == 413


# --- whoever must not, whoever comes too late


def test_a_form_of_another_site_is_not_taken(visitor: Visitor) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.client.post("/forms/fence_loan", headers=elsewhere).status_code == 403
    visitor.begins()

    for seal in ("", "0" * 48):
        answer = visitor.client.post("/forms/fence_loan/page/loan", data={"seal": seal, "perimeter": "40"})
        assert answer.status_code == 403


def test_a_visit_ends_and_says_so(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    desk.later(hours=2, seconds=1)

    over = visitor.sends(LOAN)

    assert over.status_code == 410
    assert "申請は送信されていません" in said(over)


def test_one_can_go_away_and_come_back(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.sends(LOAN)
    desk.later(hours=1, minutes=55)

    first = visitor.opens("/forms/fence_loan")

    assert "途中の入力を続ける" in said(first)
    assert visitor.opens("review").request.path == "/forms/fence_loan/page/promises"


def test_beginning_anew_leaves_nothing_of_what_was_begun(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.sends(LOAN)

    assert forms(visitor.begins())[0].values["perimeter"] == ""
    assert (count(desk.service, people), count(desk.service, conversations)) == (1, 1)


def test_out_of_season_no_form_is_begun_and_the_page_says_why(desk: Desk, visitor: Visitor) -> None:
    desk.clock.set(datetime(2027, 12, 1, 10, tzinfo=TOKYO))

    first = visitor.opens("/forms/fence_loan")

    assert forms(first) == []
    assert "受け付け" in said(first)
    assert visitor.client.post("/forms/fence_loan").status_code == 409
    assert count(desk.service, people) == 0


def test_a_form_that_outlasted_the_season_is_not_filed_and_keeps_what_was_given(desk: Desk) -> None:
    desk.clock.set(datetime(2027, 11, 1, 23, 50, tzinfo=TOKYO))
    visitor = Visitor(desk.client())
    visitor.begins()
    days = {"period.from": "2027-11-01", "period.to": "2027-11-01"}
    visitor.fills_in({"loan": {**LOAN, **days}, "promises": PROMISES, "applicant": PERSONAL})
    desk.clock.set(datetime(2027, 11, 2, 0, 10, tzinfo=TOKYO))

    late = visitor.sends(to="/review")

    assert late.status_code in {409, 422}, said(late)
    assert count(desk.service, conversations) == 1


def test_whoever_begins_form_after_form_is_asked_to_wait(desk: Desk, visitor: Visitor) -> None:
    here = {"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}
    codes = [desk.client().post("/forms/fence_loan", headers=here).status_code for _ in range(STARTS + 1)]

    assert codes == [303] * STARTS + [429]
    assert (
        desk.client().post("/forms/fence_loan", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 303
    )
    desk.later(hours=1)
    assert desk.client().post("/forms/fence_loan", headers=here).status_code == 303


def test_a_visit_sends_so_many_pages_and_no_more(visitor: Visitor) -> None:
    visitor.begins()
    seal = forms(visitor.at)[0].values["seal"]
    codes = {
        visitor.client.post("/forms/fence_loan/page/loan", data={"seal": seal}).status_code
        for _ in range(SENT)
    }

    assert codes == {303}
    assert visitor.client.post("/forms/fence_loan/page/loan", data={"seal": seal}).status_code == 429


def test_the_towns_of_a_postal_code_are_told_to_visitors_alone(desk: Desk, visitor: Visitor) -> None:
    address = "/forms/fence_loan/postcode?code=0612285"
    assert desk.client().get(address).status_code == 403
    visitor.begins()

    assert visitor.client.get(address).json == ["北海道札幌市南区藤野五条"]


def test_the_receipt_of_a_registration_shows_the_code_for_the_door(desk: Desk) -> None:
    meeting.opened(desk.service, replace(meeting.MEETING, day=date(2027, 7, 1), closes=date(2027, 6, 25)))
    visitor = Visitor(desk.client(), "/forms/exchange_meeting")
    visitor.begins()
    visitor.sends({"coming": "yes"})
    visitor.sends({"attendance": "on_site", "kind": "group", "ward": "中央区"})
    assert errors(visitor.sends({"companions": "1", "consent_recording": "yes"})) == []
    person = {"name": "見本 太郎", "kana": "ミホン タロウ", "phone": "011-211-2879"}
    visitor.sends({**person, "companion_names": "見本 花子"})
    visitor.files()

    assert "席を用意しました" in said(visitor.at)
    code = re.findall(r'class="code" src="([^"]+)"', visitor.at.text)
    assert [visitor.client.get(each).mimetype for each in code] == ["image/png"]
