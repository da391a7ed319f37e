"""The desk before a form is open: greeting, menu, languages, closed seasons."""

from dataclasses import replace

import pytest

from dialogs.effects import Introduce, Remind, SetBlocked, SetLocale
from dialogs.events import (
    Do,
    Event,
    Filled,
    Introduced,
    Joined,
    Left,
    SentOther,
    SentPhoto,
)
from dialogs.replies import Ask, Listing, Reply, Said
from dialogs.standing import Register, Turn
from tests.dialogs import worlds
from tests.dialogs.counter import (
    HERE,
    OPENS,
    SAMPLE,
    WINTER,
    Counter,
    at,
    half,
    labels,
    press,
    texts,
)
from tests.support.talks import WORDS


def test_somebody_new_is_greeted_once_their_language_is_known() -> None:
    joined = at(replace(HERE, is_new=True)).hears(Joined())

    assert joined.replies == ()
    assert joined.effects == (SetBlocked(blocked=False), Introduce(greet=True))


def test_somebody_who_speaks_before_joining_is_answered_and_asked_for_their_language() -> None:
    done = at(replace(HERE, is_new=True)).hears("こんにちは")

    assert isinstance(done.replies[-1], Listing)
    assert done.effects == (Introduce(greet=False),)


def test_somebody_new_who_leaves_at_once_is_only_noted() -> None:
    assert at(replace(HERE, is_new=True)).hears(Left()) == Turn(
        replace(HERE, is_new=True), effects=(SetBlocked(blocked=True),)
    )


@pytest.mark.parametrize(("locale", "spoken_to"), [("ja", False), ("en", True)])
def test_a_profile_changes_what_is_said_only_where_the_language_differs(locale: str, spoken_to: bool) -> None:
    done = at(half()).hears(Introduced(locale, greet=False))

    assert bool(done.replies) is spoken_to
    assert done.effects == ((SetLocale(locale, chosen=False),) if spoken_to else ())


def test_the_menu_names_what_is_half_filled_and_when_a_service_opens() -> None:
    menu = at(half()).hears("メニュー").replies[-1]

    assert labels(menu)[:3] == ["続きから：見本の申請", "冬の貸出を申請する", "休止中のもの"]
    assert isinstance(menu, Listing)
    assert [item.detail and WORDS["ja"].say(item.detail) for item in menu.items[1:3]] == [
        "令和9年7月1日(木)から",
        None,
    ]


def test_a_half_filled_form_of_a_service_that_is_gone_is_not_offered() -> None:
    gone = Counter(half(), worlds.world(words=WORDS), Register((WINTER,)))

    assert labels(gone.hears("メニュー").replies[-1])[0] == "冬の貸出を申請する"


def test_a_form_of_a_service_that_is_gone_cannot_go_on() -> None:
    with pytest.raises(LookupError, match="sample"):
        Counter(half(), worlds.world(words=WORDS), Register((WINTER,))).hears("40")


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("見本の申請", Ask),
        ("見本", Ask),
        ("見本の申請をお願いします", Ask),
        ("1", Ask),
        ("１番", Ask),
        ("申請", Listing),
        ("見", Listing),
        ("貸出か見本か", Listing),
        ("99", Listing),
        ("1と2", Listing),
        ("", Listing),
    ],
)
def test_words_at_the_menu_open_what_they_name(typed: str, outcome: type[Reply]) -> None:
    counter = at()
    counter.hears("メニュー")

    assert isinstance(counter.hears(typed).replies[-1], outcome)


def test_to_apply_is_plain_where_there_is_one_service() -> None:
    alone = Counter(HERE, worlds.world(words=WORDS), Register((SAMPLE,)))

    assert isinstance(alone.hears("申し込み").replies[-1], Ask)


def test_a_service_is_named_in_the_readers_language_too() -> None:
    english = Counter(
        replace(HERE, locale="en"),
        worlds.world(words={"en": worlds.PlainWords("en", {"見本の申請": "Sample loan"})}),
    )

    assert isinstance(english.hears("sample loan").replies[-1], Ask)


@pytest.mark.parametrize("event", [Filled({}), SentOther("sticker"), SentPhoto("p1", "m1")])
def test_what_is_no_wish_is_thanked_for_at_the_menu(event: Event) -> None:
    done = at().hears(event)

    assert texts(done.replies) == ["ありがとうございます。ご用件をメニューからお選びください。"]


def test_numbers_choose_from_the_list_that_was_shown_last() -> None:
    counter = at(half())
    counter.hears("言語")

    assert counter.hears("2").effects == (SetLocale("ja@easy"),)


def test_words_beside_the_list_of_languages_go_on_with_the_form() -> None:
    counter = at(half(asked="length"))
    counter.hears("言語")

    done = counter.hears("40")

    assert done.standing.conversations[0].answers == {"kind": "person", "length": 40}


def test_words_beside_the_list_of_languages_without_a_form_lead_to_the_menu() -> None:
    counter = at()
    counter.hears("言語")

    assert isinstance(counter.hears("40").replies[-1], Listing)


def test_a_closed_service_offers_to_send_word() -> None:
    counter = at()

    shut = counter.hears(press(Do.START, "winter"))
    one = counter.hears("1")
    counter.hears(press(Do.START, "winter"))
    yes = counter.hears("はい")

    assert isinstance(shut.replies[0], Said)
    assert [offer.action.do for offer in shut.replies[0].offers] == [Do.NOTIFY, Do.MENU]
    assert isinstance(one.replies[-1], Listing)
    assert yes.effects == (Remind("opening:winter", OPENS),)


def test_a_service_whose_opening_is_not_known_offers_only_the_menu() -> None:
    counter = at()

    shut = counter.hears(press(Do.START, "shut"))

    assert isinstance(shut.replies[0], Said)
    assert [offer.action.do for offer in shut.replies[0].offers] == [Do.MENU]
    assert counter.hears("はい").effects == ()


def test_word_asked_for_after_the_opening_starts_the_form() -> None:
    done = at(today=OPENS).hears(press(Do.NOTIFY, "winter"))

    assert isinstance(done.replies[-1], Ask)
    assert done.effects == ()


@pytest.mark.parametrize("do", [Do.START, Do.NOTIFY])
def test_a_service_that_is_gone_leads_to_the_menu(do: Do) -> None:
    assert isinstance(at().hears(press(do, "gone")).replies[-1], Listing)
