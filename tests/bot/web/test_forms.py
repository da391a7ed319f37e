"""The public web forms end in a filing like any other: on both databases, whatever is pressed how often."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clock import TOKYO
from bot.holders import HolderDesk
from bot.keeping import Keeping
from storage import engine as database
from storage import passersby, unreached
from storage.keyring import PRINTS, add_key
from storage.tables import (
    cases,
    conversations,
    identities,
    outbox,
    people,
    photos,
    sessions,
    submissions,
    vault,
)
from tests.bot.web.talks import PERSONAL, SECRETS, Desk, Resident
from tests.support import holders, pictures, polls
from tests.support.forms import LOAN, PAGES, PROMISES, Visitor, errors, photo, said
from tests.support.service import count, rows
from tests.support.staff import Staff

GUIDANCE = {
    "number": "R9-0012",
    "relation": "holder",
    "installed": "no",
    "topics": ["setting"],
    "wish.day": "2027-06-21",
}


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return Visitor(desk.client())


def test_a_form_is_filled_in_page_by_page_and_ends_in_a_receipt_with_a_number(
    desk: Desk, visitor: Visitor
) -> None:
    visitor.begins()
    review = said(visitor.fills_in())
    number = visitor.files()

    assert "見本 太郎" in review  # whoever just gave it sees it
    assert number == "R9-0001"
    assert desk.scalar("SELECT channel FROM cases") == "web"
    assert count(desk.service, submissions, channel="web", role="resident", step="application") == 1
    assert count(desk.service, conversations) == 0
    assert [each for each in SECRETS if each in desk.everything()] == []
    assert count(desk.service, vault) == 1


def test_nothing_waits_for_a_channel_that_sends_nothing(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()
    visitor.files()

    assert count(desk.service, outbox) == 0


def test_a_button_pressed_twice_files_once(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    review = visitor.fills_in()
    first = visitor.files()

    visitor.at = review
    assert visitor.files() == first
    assert count(desk.service, cases) == 1


def test_a_second_tab_comes_to_the_same_receipt(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()
    other = Visitor(visitor.client)
    other.opens("page/loan")
    number = visitor.files()

    receipt = other.sends({"perimeter": "50"})

    assert receipt.request.path == "/forms/fence_loan/receipt"
    assert number in said(receipt)
    assert "40m" in said(receipt)
    assert count(desk.service, submissions) == 1


def test_a_time_is_chosen_among_those_that_are_free_and_lost_to_whoever_came_first(desk: Desk) -> None:
    list_holders(desk)
    here = [Visitor(desk.client(), "/forms/install_guidance") for _ in range(3)]
    for each in here:
        each.begins()
        day = each.sends(GUIDANCE)
        assert "続きの質問があります" in said(day)
        assert errors(each.sends({"wish.time": "10:00"})) == []
        each.sends({name: value for name, value in PERSONAL.items() if name != "email"})
    assert [each.files()[:2] for each in here[:2]] == ["SD", "SD"]

    late = here[2].sends(to="/review")

    assert (late.status_code, late.request.path) == (422, "/forms/install_guidance/review")
    assert "10:00" in errors(late)[0]
    assert count(desk.service, cases) == 2
    here[2].sends({"wish.time": "11:00"}, to="/page/wish")
    assert here[2].files()


def list_holders(desk: Desk) -> None:
    """Put the sample holders on the city's list."""
    service, now = desk.service, desk.clock.now()
    add_key(service.settings.vault_keys_file, PRINTS)
    office = HolderDesk(
        service.engine, service.vault, service.world(datetime(2027, 6, 7, tzinfo=TOKYO).date()).postal
    )
    assert office.take(office.preview(holders.csv(), "見本 係員", now).draft, "見本 係員", "staff", now)


def test_who_is_not_on_the_list_of_holders_is_told_at_once(desk: Desk) -> None:
    list_holders(desk)
    visitor = Visitor(desk.client(), "/forms/install_guidance")
    visitor.begins()

    refused = visitor.sends({**GUIDANCE, "number": "R9-9999"})

    assert refused.status_code == 422
    assert "名簿に見つかりません" in errors(refused)[0]


def test_of_who_gives_up_nothing_is_left(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.sends({**LOAN, "damage": "damaged"})
    visitor.sends({"photo.photo": photo(pictures.jpeg()), "emergency": "no"})
    visitor.sends(PROMISES)
    visitor.sends(PERSONAL)

    left = visitor.sends(to="/discard")

    assert "すべて消しました" in said(left)
    for table in (people, identities, conversations, vault, photos, sessions):
        assert count(desk.service, table) == 0, table.name


def test_of_who_never_filed_nothing_is_left_after_the_time_of_half_filled_forms(
    desk: Desk, visitor: Visitor
) -> None:
    filed = Visitor(desk.client())
    filed.begins()
    filed.fills_in()
    filed.files()
    visitor.begins()
    visitor.sends({**LOAN, "damage": "damaged"})
    visitor.sends({"photo.photo": photo(pictures.jpeg()), "emergency": "no"})
    service = desk.service
    keeping = Keeping(service.engine, service.settings, service.vault, service.register)

    desk.later(days=service.settings.keep_half_filled_days - 1)
    keeping.tidy(desk.clock.now())
    assert count(service, people) == 2

    desk.later(days=2)
    keeping.tidy(desk.clock.now())
    assert [count(service, table) for table in (people, identities, cases)] == [1, 1, 1]
    assert [count(service, table) for table in (conversations, photos)] == [0, 0]


def test_somebody_who_talks_to_us_is_no_passer_by(desk: Desk) -> None:
    Resident(desk).says("こんにちは")
    desk.later(days=400)

    with database.write(desk.service.engine) as conn:
        assert passersby.purge(conn, desk.clock.now(), 10) == 0


def test_what_they_are_told_later_waits_for_staff_with_a_telephone(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    visitor.fills_in()
    visitor.files()
    person = desk.scalar("SELECT person_id FROM cases")

    with database.write(desk.service.engine) as conn:
        desk.service.desk.tell(conn, person, (), "sample/told", desk.clock.now())
        (line,) = unreached.waiting(conn)

    assert line.why == unreached.NO_ACCOUNT
    assert count(desk.service, outbox) == 0


def test_what_staff_key_in_is_filed_by_them_and_is_the_persons(desk: Desk) -> None:
    staff = Staff(desk.service, desk.app).sign_in()
    visitor = Visitor(staff.client, "/admin/forms")
    visitor.opens("/admin/forms/")
    visitor.sends({"form": "fence_loan", "way": "telephone"}, to="/admin/forms/")
    for page, values in PAGES.items():
        visitor.sends(values, to=f"/page/{page}")
    number = visitor.files()

    filed = rows(desk.service, "SELECT filed_by, role, channel FROM submissions")
    assert [tuple(each) for each in filed] == [(staff.name, "staff", "telephone")]
    assert number == "R9-0001"
    assert count(desk.service, outbox) == 0


def test_a_survey_for_everybody_is_answered_without_a_number(desk: Desk) -> None:
    polls.opened(desk.service)
    visitor = Visitor(desk.client(), "/forms/survey_meeting")
    assert "名前はうかがいません" in said(visitor.opens(visitor.base))
    visitor.begins()
    visitor.sends({"good": "yes"})

    thanks = visitor.sends(to="/review")

    assert "回答を受け付けました" in said(thanks)
    assert desk.scalar("SELECT count(*) FROM ballots") == 1
    assert count(desk.service, cases) == 0
    assert visitor.opens("receipt").status_code == 410


def test_a_visit_is_no_visit_to_another_form(desk: Desk, visitor: Visitor) -> None:
    visitor.begins()
    token = visitor.client.get_cookie("madoguchi-form-fence_loan")
    assert token
    visitor.client.set_cookie("madoguchi-form-install_guidance", token.value)

    assert visitor.client.get("/forms/install_guidance/page/wish").status_code == 410
    assert rows(desk.service, "SELECT count(*) AS many FROM people")[0].many == 1
