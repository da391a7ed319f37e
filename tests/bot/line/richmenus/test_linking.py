"""A person's menu follows what they can do and the language they read, and LINE is called only for another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot import boards
from bot.line.gateway import LineGateway
from bot.line.richmenus.atline import AtLine
from bot.line.richmenus.definition import key, wanted
from bot.line.richmenus.menus import MENUS, Menu
from bot.line.richmenus.sync import Sync
from bot.reconcile import compare
from bot.simulator import Faults
from bot.words import LOCALES, words_for
from dialogs.words import Words
from storage import cases, submissions
from storage import engine as database
from storage.outbox import DELIVERED, UNDELIVERABLE
from storage.tables import outbox
from tests.support.applying import START, TYPED, fill_page, person_of, references
from tests.support.phone import Phone
from tests.support.service import TOKEN, House, Webhooks, count, post, rows, said

EVERY = wanted({locale: words_for(locale) for locale in LOCALES})


def no_picture(_menu: Menu, _words: Words) -> bytes:
    return b"\x89PNG"


def synced(house: House) -> list[str]:
    """Bring the menus to the house's LINE; return what was done."""
    base = house.service.settings.line_api_base
    gateway = LineGateway(TOKEN, base, base)
    done = list(Sync(AtLine(gateway), house.service.engine, house.clock, no_picture).run(EVERY))
    gateway.close()
    house.settle()
    return done


@pytest.fixture
def house(house: House) -> House:
    """Return a house whose menus are at LINE."""
    synced(house)
    return house


def menu(house: House, phone: Phone) -> str:
    """Return the menu on the phone, as menu and language."""
    platform = house.platform
    resident = platform.chats.resident(phone.user_id)
    assert resident
    shown = platform.menus.shown_to(resident)
    return str(shown["name"]).split("/")[1] if shown else ""


def pressed(house: House, phone: Phone, action: Mapping[str, Any]) -> list[str]:
    """Tap an area of the menu; return what the desk says."""
    house.platform.phones.tap(phone.user_id, action)
    house.settle()
    return phone.read()


def tile(house: House, phone: Phone, label: str) -> list[str]:
    """Tap the area of the menu on the phone that says *label*; return what the desk says."""
    resident = house.platform.chats.resident(phone.user_id)
    shown = house.platform.menus.shown_to(resident) if resident else None
    assert shown
    return pressed(
        house, phone, next(each["action"] for each in shown["areas"] if each["action"]["label"] == label)
    )


def links(house: House) -> int:
    """Return how often LINE was asked to show somebody another menu than before."""
    lines = [line for line in house.platform.record.since(0) if line.kind == "api"]
    return sum("/user/U" in line.path and "richmenu" in line.path for line in lines)


def applied(house: House, phone: Phone) -> str:
    """Apply for a fence; return the reference."""
    phone.follow()
    for words in (START, *TYPED):
        phone.type(words)
    fill_page(house.service, phone.user_id)
    house.settle()
    phone.tap("申請する")
    return references(house.service, phone.user_id)[-1]


def filed(house: House, reference: str, step: str, event: str) -> None:
    """Let the office file *step* on the case, as any of its ways does."""
    now = house.clock.now()
    with database.write(house.service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        submissions.file(
            conn,
            case_id=case.id,
            step=step,
            form="",
            edition="",
            answers={},
            vault_id=None,
            filed_by="見本 花子",
            role="staff",
            channel="teams",
            locale="ja",
            event_id=event,
            now=now,
        )
        boards.changed(conn, case.id, event, now)
    house.service.desk.wake()
    house.settle()


# --- what is seen


def test_a_newcomer_sees_the_beginners_menu_and_nobody_called_for_it(house: House) -> None:
    phone = Phone(house)

    phone.follow()

    assert menu(house, phone) == "start.ja"
    assert links(house) == 0


def test_a_newcomer_sees_the_menu_in_the_language_of_their_profile(house: House) -> None:
    phone = Phone(house, language="en")

    phone.follow()

    assert menu(house, phone) == "start.en"
    assert links(house) == 1


def test_another_language_is_another_menu(house: House) -> None:
    phone = Phone(house)
    phone.follow()

    phone.type("English")
    assert menu(house, phone) == "start.en"
    phone.type("やさしい日本語")
    assert menu(house, phone) == "start.ja@easy"
    phone.type("日本語")

    assert menu(house, phone) == "start.ja"
    assert links(house) == 3


def test_whoever_has_applied_waits_and_whoever_withdrew_begins_anew(house: House) -> None:
    phone = Phone(house)

    reference = applied(house, phone)
    assert menu(house, phone) == "waiting.ja"
    phone.type(reference)
    phone.tap("申請を取り下げる")
    phone.tap("取り下げる")

    assert menu(house, phone) == "start.ja"
    assert links(house) == 2


def test_a_turn_that_changes_nothing_queues_nothing(house: House) -> None:
    phone = Phone(house)
    applied(house, phone)
    before = count(house.service, outbox, kind="richmenu")

    for words in ("メニュー", "申請状況", "ヘルプ", "見本です"):
        phone.type(words)

    assert count(house.service, outbox, kind="richmenu") == before
    assert links(house) == 1


def test_the_menu_goes_with_a_loan_from_its_decision_to_the_questionnaire(house: House) -> None:
    phone = Phone(house)
    reference = applied(house, phone)
    seen = [menu(house, phone)]

    for step in ("decision", "handed_over", "checked_on_site", "taken_back", "questionnaire"):
        filed(house, reference, step, f"the {step}")
        seen.append(menu(house, phone))

    assert seen == ["waiting.ja", "booking.ja", "borrowing.ja", "borrowing.ja", "returned.ja", "start.ja"]
    assert links(house) == 5, "one call for each change, and none for the check"


def test_a_tile_of_the_new_menu_begins_the_step_that_can_be_taken_now(house: House) -> None:
    phone = Phone(house)
    reference = applied(house, phone)
    filed(house, reference, "decision", "decided")

    answer = tile(house, phone, "受け取りの予約・変更")

    assert reference in answer[0]
    assert person_of(house.service, phone.user_id).conversations[0].form == "loan_pickup"


def test_the_ledgers_agree_with_menus_in_them(house: House) -> None:
    phone = Phone(house)
    applied(house, phone)
    phone.type("English")

    report = compare(house.service.settings, clock=house.clock)

    assert report.is_clean, list(report.lines())


def test_a_filing_that_leaves_everything_possible_calls_nobody(house: House) -> None:
    phone = Phone(house)
    reference = applied(house, phone)

    filed(house, reference, "correction", "corrected")

    assert menu(house, phone) == "waiting.ja"
    assert links(house) == 1
    assert count(house.service, outbox, kind="richmenu", state=DELIVERED, error="as it was") >= 1


# --- what is done about what fails


def test_of_several_changes_only_the_newest_is_carried_out(house: House) -> None:
    phone = Phone(house)
    house.platform.faults = Faults(server_error=True, on=("menu",))
    applied(house, phone)
    phone.type("English")
    phone.type("やさしい日本語")
    house.platform.faults = Faults()

    house.clock.advance(timedelta(minutes=10))
    house.settle()

    assert menu(house, phone) == "waiting.ja@easy"
    assert count(house.service, outbox, kind="richmenu", error="overtaken") >= 1
    assert count(house.service, outbox, kind="richmenu", state="waiting") == 0


def test_a_failing_line_is_tried_again_and_given_up_at_last(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    house.platform.faults = Faults(server_error=True, on=("menu",))

    phone.type("English")
    for _ in range(30):
        house.clock.advance(timedelta(minutes=6))
        house.settle()

    assert count(house.service, outbox, kind="richmenu", state=UNDELIVERABLE) == 1
    house.platform.faults = Faults()
    phone.type("やさしい日本語")
    assert menu(house, phone) == "start.ja@easy", "the next change finds its way"


def test_nothing_is_linked_to_whoever_blocked_the_desk_until_they_come_back(house: House) -> None:
    phone = Phone(house)
    reference = applied(house, phone)
    phone.unfollow()
    before = links(house)

    filed(house, reference, "withdrawal", "given up by telephone")
    assert links(house) == before
    phone.follow()

    assert menu(house, phone) == "start.ja"
    assert links(house) == before + 1


def test_whoever_comes_back_is_linked_anew_since_line_may_have_forgotten(house: House) -> None:
    phone = Phone(house)
    applied(house, phone)
    phone.unfollow()
    house.platform.chats.change(phone.user_id, menu="")

    phone.follow()

    assert menu(house, phone) == "waiting.ja"


# --- editions


def test_another_edition_reaches_everybody_who_sees_one_of_their_own(house: House) -> None:
    phone, newcomer = Phone(house), Phone(house, name="見本 花子")
    applied(house, phone)
    newcomer.follow()
    # As a change of the declaration would: LINE keeps menus of another name.
    house.platform.store.write("UPDATE menus SET content = replace(content, '\"madoguchi/', '\"madoguchi/0')")

    done = synced(house)

    assert "1 people get their menu anew, as soon as the desk runs" in done
    assert (menu(house, phone), menu(house, newcomer)) == ("waiting.ja", "start.ja")
    assert synced(house) == []


def test_people_from_before_the_first_menus_get_theirs(house: House) -> None:
    with database.write(house.service.engine) as conn:
        conn.exec_driver_sql("DELETE FROM settings WHERE key = 'richmenus'")
    phone = Phone(house)
    applied(house, phone)
    assert menu(house, phone) == "start.ja"
    assert count(house.service, outbox, kind="richmenu") == 0, "a desk without menus queues nothing"

    synced(house)

    assert menu(house, phone) == "waiting.ja"


def test_the_menu_is_kept_by_its_key(house: House) -> None:
    phone = Phone(house)

    applied(house, phone)

    kept = rows(house.service, "SELECT menu FROM identities WHERE external_id = :user", user=phone.user_id)
    waiting = next(each for each in MENUS if each.key == "waiting")
    assert [row.menu for row in kept] == [key(waiting, "ja")]


# --- taps


def test_a_tile_does_what_it_says_in_the_middle_of_a_form_too(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    phone.type(START)

    answer = tile(house, phone, "申請の状況")

    assert "まだ申請はありません" in answer[0]
    person = person_of(house.service, phone.user_id)
    assert person.conversations, "what was begun is kept"


def test_every_tile_of_every_menu_is_understood(house: House) -> None:
    phone = Phone(house)
    applied(house, phone)

    for each in EVERY:
        if each.words.locale == "ja":
            for area in each.body["areas"]:
                answer = pressed(house, phone, area["action"])
                assert answer
                assert "使えません" not in "".join(answer)


def test_the_menus_words_are_no_ones_secret_and_a_forged_one_is_refused(house: House) -> None:
    webhooks = Webhooks()

    assert post(house.service, webhooks.postback("menu:decide")) == 200
    assert "使えません" in said(house.service)[-2]
