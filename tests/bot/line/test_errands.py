"""Profiles, photos, blocks and groups, from a phone to the database and back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from bot.desk import Arrival, photo_id
from bot.line.webhook import NOT_IN_GROUPS
from bot.service import Service
from bot.simulator import Faults
from dialogs.effects import ForgetPhoto
from dialogs.events import Joined
from dialogs.standing import Standing, Turn
from storage import accesslog, people
from storage import engine as database
from storage import outbox as queue
from storage import photos as photo_rows
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING
from storage.tables import outbox, photos
from tests.bot.test_photos import bomb
from tests.support.applying import START, TYPED, fill_page, person_of, references, type_all
from tests.support.phone import Phone
from tests.support.pictures import jpeg, with_place
from tests.support.service import House, Webhooks, count, post, rows, shown, user

UP_TO_THE_PHOTO = ("個人", "40", "1", "6月20日", "7月20日", "2", "2")
MENU = {"ja": "ご用件をお選びください。", "en": "What would you like to do?"}


def calls(house: House, since: int = 0) -> list[str]:
    """Return which endpoints of LINE were called after *since*, in order."""
    lines = [line for line in house.platform.record.since(since) if line.kind == "api"]
    return [line.path.rpartition("/")[2] if "profile" not in line.path else "profile" for line in lines]


# --- follow and its greeting


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "札幌市の手続き窓口"), ("en", "Sapporo"), ("fr", "Sapporo")]
)
def test_whoever_adds_the_desk_is_greeted_in_the_language_of_their_profile(
    house: House, language: str, word: str
) -> None:
    phone = Phone(house, language=language)

    greeting = phone.follow()

    assert word in greeting[0]
    assert calls(house) == ["profile", "reply"], "the greeting costs nothing: it is a reply to the follow"
    assert person_of(house.service, phone.user_id).locale == ("ja" if language == "ja" else "en")


def test_the_greeting_comes_in_japanese_where_the_profile_cannot_be_had(house: House) -> None:
    house.platform.faults = Faults(server_error=True, on=("profile",))
    phone = Phone(house, language="en")

    assert phone.follow() == [], "the profile is asked for once more"
    house.clock.advance(timedelta(seconds=1))
    house.settle()

    assert "札幌市の手続き窓口" in phone.read()[0]
    assert calls(house) == ["profile", "profile", "reply"]


def test_whoever_adds_the_desk_twice_at_one_moment_is_greeted_once(house: House) -> None:
    house.platform.faults = Faults(twice=True)
    phone = Phone(house)

    greeting = phone.follow()

    assert len(greeting) == 2, greeting
    assert count(house.service, outbox, kind="profile") == 1


def test_somebody_who_speaks_first_is_answered_at_once_and_then_in_their_language(house: House) -> None:
    phone = Phone(house, language="en")
    house.platform.chats.change(phone.user_id, friend=1)

    answers = phone.type("menu")

    assert MENU["ja"] in answers[0]
    assert "1." in answers[-1]
    assert MENU["ja"] not in answers[-1]
    assert calls(house) == ["reply", "profile", "push"]
    assert person_of(house.service, phone.user_id).locale == "en"


def test_somebody_who_speaks_japanese_first_is_answered_once(house: House) -> None:
    phone = Phone(house)
    house.platform.chats.change(phone.user_id, friend=1)

    assert len(phone.type("メニュー")) == 1


def test_a_language_chosen_by_hand_outlasts_the_profile(house: House) -> None:
    phone = Phone(house, language="en")
    phone.follow()
    phone.type("日本語")
    phone.unfollow()

    greeting = phone.follow()

    assert "札幌市の手続き窓口" in greeting[0]
    assert person_of(house.service, phone.user_id).locale == "ja"


def test_a_language_chosen_before_the_profile_came_stays(house: House) -> None:
    house.platform.faults = Faults(server_error=True, on=("profile",), times=1)
    phone = Phone(house, language="en")
    house.platform.chats.change(phone.user_id, friend=1)
    phone.type("やさしい日本語")
    assert person_of(house.service, phone.user_id).locale == "ja@easy"

    house.clock.advance(timedelta(seconds=2))
    house.settle()

    assert calls(house).count("profile") == 2
    assert person_of(house.service, phone.user_id).locale == "ja@easy"


def test_the_language_can_be_changed_in_mid_form_without_losing_an_answer(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    for words in (START, "個人", "40"):
        phone.type(words)

    answers = phone.type("English")

    assert "fence" in " ".join(answers)
    assert person_of(house.service, phone.user_id).conversations[0].answers["perimeter"] == 40


# --- unfollow


def test_whoever_blocks_the_desk_is_sent_nothing_and_what_waited_is_shown_to_staff(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    house.platform.phones.say(phone.user_id, "ヘルプ")
    assert house.platform.settle(20)
    sent = len(calls(house))

    phone.unfollow()

    assert len(calls(house)) == sent
    with database.read(house.service.engine) as conn:
        assert people.is_blocked(conn, "line", phone.user_id)
        assert [each.error for each in queue.undeliverable(conn)] == ["blocked"]


def test_whoever_blocks_the_desk_before_the_greeting_is_sent_nothing(house: House) -> None:
    phone = Phone(house)
    house.platform.phones.befriend(phone.user_id)
    house.platform.phones.block(phone.user_id)

    house.settle()

    assert "reply" not in calls(house)
    assert "push" not in calls(house)
    assert not rows(house.service, "SELECT id FROM outbox WHERE state = 'waiting'")


def test_whoever_unblocks_the_desk_is_greeted_again_and_goes_on(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    for words in (START, "個人"):
        phone.type(words)
    phone.unfollow()

    greeting = phone.follow()

    assert "札幌市の手続き窓口" in greeting[0]
    assert "続きから" in greeting[-1]
    with database.read(house.service.engine) as conn:
        assert not people.is_blocked(conn, "line", phone.user_id)


def test_a_message_after_the_block_shows_that_the_block_is_over(service: Service) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー")
    post(service, phone.unfollow())

    type_all(service, phone, "ヘルプ")

    with database.read(service.engine) as conn:
        assert not people.is_blocked(conn, "line", phone.user_id)
    states = [
        row.state for row in rows(service, "SELECT state FROM outbox WHERE kind = 'messages' ORDER BY id")
    ]
    assert states == [UNDELIVERABLE, WAITING]


def test_what_a_private_page_brings_about_is_not_sent_to_somebody_who_has_blocked_the_desk(
    service: Service,
) -> None:
    phone = Webhooks()
    type_all(service, phone, "メニュー", START, *TYPED)
    post(service, phone.unfollow())

    assert fill_page(service, phone.user_id) is None

    assert count(service, outbox, state=WAITING, kind="messages") == 0
    with database.read(service.engine) as conn:
        assert people.is_blocked(conn, "line", phone.user_id)


# --- groups


def test_invited_into_a_group_the_desk_says_one_sentence_and_leaves(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    begun = house.platform.store.revision

    group = house.platform.phones.invite(phone.user_id)
    house.settle()

    assert calls(house, begun) == ["reply", "leave"]
    said = [shown(each.content) for each in house.platform.chats.chat(group)]
    assert any(NOT_IN_GROUPS in text for text in said)
    found = house.platform.chats.group(group)
    assert found
    assert not found.joined


# --- photos


@pytest.fixture
def phone(house: House) -> Phone:
    """Return the phone of somebody who is asked for a photo."""
    made = Phone(house)
    made.follow()
    for words in (START, *UP_TO_THE_PHOTO):
        made.type(words)
    return made


def photo_of(phone: Phone) -> photo_rows.Photo | None:
    name = photo_id(next(each.message_id for each in reversed(phone.sent) if "image" in str(each.content)))
    with database.read(phone.house.service.engine) as conn:
        return photo_rows.get(conn, name)


def answer_of(phone: Phone) -> object:
    return person_of(phone.house.service, phone.user_id).conversations[0].answers.get("photo")


def test_a_photo_is_kept_sealed_and_without_where_it_was_taken(phone: Phone) -> None:
    phone.photo(with_place())

    kept = photo_of(phone)
    assert kept
    assert (kept.state, kept.media_type, kept.source) == (photo_rows.STORED, "image/jpeg", None)
    assert answer_of(phone) == {"photo": kept.id}
    service = phone.house.service
    blob = bytes(rows(service, "SELECT blob FROM photos")[0].blob)
    assert not blob.startswith(b"\xff\xd8")
    with database.write(service.engine) as conn:
        content = photo_rows.open_photo(
            conn, service.vault, kept.id, by="見本の職員", role="staff", why="test", now=0
        )
        assert [each.record for each in accesslog.entries(conn)] == [kept.id]
    assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
    assert b"SampleCamera" not in content


def test_nobody_waits_for_an_answer_until_their_photo_has_been_fetched(phone: Phone) -> None:
    phone.house.platform.faults = Faults(preparing=True)

    assert phone.photo(jpeg()), "the next question comes at once"
    assert phone.type("なし")

    kept = photo_of(phone)
    assert kept
    assert kept.state == photo_rows.EXPECTED


def test_a_photo_that_line_still_prepares_is_fetched_when_it_is_ready(phone: Phone) -> None:
    phone.house.platform.faults = Faults(preparing=True)
    phone.photo(jpeg())
    phone.house.platform.faults = Faults()

    phone.house.clock.advance(timedelta(seconds=2))
    phone.house.settle()

    kept = photo_of(phone)
    assert kept
    assert kept.state == photo_rows.STORED


@pytest.mark.parametrize(
    ("what", "content"), [("garbage", b"not a photo"), ("bomb", bomb(9000)), ("damaged", jpeg()[:200])]
)
def test_what_is_no_photo_is_not_kept_and_is_asked_for_again(phone: Phone, what: str, content: bytes) -> None:
    said = phone.photo(content)

    assert any("開けませんでした" in each for each in said)
    assert "写真" in said[-1], "it is asked for again"
    assert photo_of(phone) is None
    assert phone.type("なし")
    assert [
        row.state for row in rows(phone.house.service, "SELECT state FROM outbox WHERE kind = 'content'")
    ] == [UNDELIVERABLE]


def test_a_photo_that_never_becomes_ready_is_given_up_in_the_end(phone: Phone) -> None:
    phone.house.platform.faults = Faults(preparing=True)
    phone.photo(jpeg())

    for _ in range(12):
        phone.house.clock.advance(timedelta(minutes=10))
        phone.house.settle()

    assert photo_of(phone) is None
    assert any("開けませんでした" in each for each in phone.read())


def test_a_photo_that_is_taken_back_is_forgotten_with_its_answer(phone: Phone) -> None:
    phone.photo(jpeg())

    assert "写真" in phone.unsend()[-1], "it is asked for again"

    assert answer_of(phone) is None
    assert count(phone.house.service, photos) == 0


def test_a_photo_that_is_taken_back_before_it_was_fetched_is_never_fetched(phone: Phone) -> None:
    house = phone.house
    house.platform.phones.send_photo(phone.user_id, "image/jpeg", jpeg())
    house.platform.phones.unsend(phone.user_id, phone.sent[-1].message_id)
    begun = house.platform.store.revision

    house.settle()

    assert "content" not in calls(house, begun)
    assert count(house.service, photos) == 0
    assert count(house.service, outbox, kind="content", state=DELIVERED) == 1


def test_a_photo_fetched_while_it_is_taken_back_does_not_come_back(phone: Phone) -> None:
    phone.house.platform.faults = Faults(preparing=True)
    phone.photo(jpeg())
    phone.unsend()
    phone.house.platform.faults = Faults()

    phone.house.clock.advance(timedelta(minutes=1))
    phone.house.settle()

    assert count(phone.house.service, photos) == 0


def test_a_photo_taken_back_after_filing_stays_and_staff_are_told(phone: Phone) -> None:
    service = phone.house.service
    phone.photo(jpeg())
    sent = phone.sent[-1].message_id
    _file(phone)

    phone.unsend(sent)

    assert count(service, photos) == 1
    assert rows(service, "SELECT unsent_at FROM submissions")[0].unsent_at == service.clock.now()


def test_a_photo_that_was_filed_outlasts_a_correction_that_is_thrown_away(phone: Phone) -> None:
    phone.photo(jpeg())
    _file(phone)

    for words in ("申請状況", "1", "1", "中止", "中止する"):
        phone.type(words)

    kept = photo_of(phone)
    assert kept
    assert kept.state == photo_rows.STORED


def test_a_photo_that_was_filed_is_kept_whatever_a_later_turn_wants_forgotten(phone: Phone) -> None:
    phone.photo(jpeg())
    _file(phone)
    kept, service = photo_of(phone), phone.house.service
    assert kept
    person = person_of(service, phone.user_id)
    done = Turn(Standing("ja"), effects=(ForgetPhoto(kept.id),))
    arrival = Arrival("E1", "line", phone.user_id, Joined())

    with database.write(service.engine) as conn:
        service.desk.filer.carry_out(conn, person, done, arrival, service.clock.now(), service.desk)

    assert photo_of(phone) == kept


def test_the_photo_of_a_form_that_is_given_up_is_forgotten(phone: Phone) -> None:
    phone.photo(jpeg())

    for words in ("中止", "中止する"):
        phone.type(words)

    assert count(phone.house.service, photos) == 0


def _file(phone: Phone) -> None:
    for words in ("なし", "2", "はい", "はい", "はい"):
        phone.type(words)
    assert fill_page(phone.house.service, phone.user_id) is None
    phone.type("申請する")
    assert references(phone.house.service, phone.user_id)


# --- strange ids


def test_an_event_with_the_longest_id_there_may_be_is_greeted(house: House) -> None:
    phone = Phone(house)
    house.platform.chats.change(phone.user_id, friend=1)
    follow = Webhooks(phone.user_id).follow() | {"webhookEventId": "E" * 64}
    follow.pop("replyToken")

    house.platform.post(phone.user_id, [follow])
    house.settle()

    assert "札幌市の手続き窓口" in phone.read()[0]


def test_two_errands_of_one_person_and_their_answers_keep_apart(service: Service) -> None:
    phone = Webhooks(user(3))
    type_all(service, phone, "メニュー", START, *UP_TO_THE_PHOTO)
    post(service, phone.image())

    threads = {row.kind: row.thread for row in rows(service, "SELECT kind, thread FROM outbox")}

    assert threads["content"] != threads["messages"]
