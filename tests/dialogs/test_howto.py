"""Questions about the fence, at any time: the answer, what is dangerous, the staff, and back to the form."""

from dataclasses import replace

import pytest

from dialogs.effects import AskOffice
from dialogs.events import Action, Do, Event, SentOther, Tapped, Typed
from dialogs.howto import lists
from dialogs.howto.aliases import ALIASES, WARNINGS
from dialogs.howto.cards import CARDS, explanation, reply_to
from dialogs.howto.entries import ENTRIES, TITLES, Topic, entries_of, entry
from dialogs.howto.talk import MOST_OPEN, needs_count, needs_words
from dialogs.procedure import Role
from dialogs.reading.masking import HIDDEN
from dialogs.replies import Ask, AskPage, Listing, Reply, Review, Said
from dialogs.standing import Grant, Standing
from tests.dialogs import sample, worlds
from tests.dialogs.counter import FILED, HERE, Counter, at, half, labels, press, texts
from tests.support.talks import WORDS

CALL = "119番"
ASKING = half({"kind": "person"}, asked="length")
"""Somebody who is asked for a number of metres."""

WRITING = half({"kind": "person", "length": 4, "reasons": ["other"]}, asked="other")
AT_PAGE = half(sample.without("name", "team"))
AT_REVIEW = half(sample.FULL)
CLERK = replace(HERE, grants=(Grant("*", Role.STAFF),))


def offered(reply: Reply) -> list[str]:
    """Return the labels of the buttons under *reply*."""
    assert isinstance(reply, Said | Listing)
    return [WORDS["ja"].say(each.label) for each in reply.offers]


def question(done: tuple[Reply, ...]) -> str:
    """Return the key of the question that stands last."""
    assert isinstance(done[-1], Ask)
    return done[-1].field.key


# --- the guide itself


def test_the_guide_has_twenty_two_entries_each_on_one_card() -> None:
    assert len(ENTRIES) == len({each.key for each in ENTRIES}) == 22
    assert [key for topic in Topic for key in entries_of(topic)] == [
        each for topic in Topic for each in ENTRIES if each.topic is topic
    ]
    assert set(TITLES) == set(CARDS) == set(Topic)


def test_every_key_that_is_named_is_an_entry() -> None:
    named = {key for each in ENTRIES for key in each.related}
    named |= {key for language in (*ALIASES.values(), *WARNINGS.values()) for key in language}

    assert {key for key in named if entry(key) is None} == set()
    assert not {each.key for each in ENTRIES} & {*Topic, lists.ASK}
    assert all(each.key not in each.related and each.related for each in ENTRIES)


def test_every_language_has_other_words_for_every_entry() -> None:
    assert {language: set(words) for language, words in ALIASES.items()} == {
        locale: {each.key for each in ENTRIES} for locale in WORDS
    }


def test_what_is_dangerous_says_whom_to_call_and_nothing_else_does() -> None:
    for each in ENTRIES:
        [said] = texts(at().hears(press(Do.HOWTO, each.key)).replies)
        assert (CALL in said and worlds.OFFICE.telephone in said) is each.dangerous, each.key
    assert {"pacemaker", "thunder", "outlet", "sign"} <= {each.key for each in ENTRIES if each.dangerous}


def test_the_cards_of_the_hand_over_begin_with_what_is_dangerous() -> None:
    said = explanation(worlds.OFFICE)

    first, *others = texts(said)
    assert [each.partition("\n")[0] for each in (first, *others)] == [
        f"【{title}】" for title in TITLES.values()
    ]
    assert CALL in first
    assert not any(CALL in each for each in others)
    taps = [one.action for each in said if isinstance(each, Said) for one in each.offers]
    assert [labels(at().hears(Tapped(each)).replies[-1])[0] for each in taps] == [
        entries_of(topic)[0].title for topic in TITLES
    ]


@pytest.mark.parametrize("said", ["短くして大丈夫です。{braces}", entry("outlet")])
def test_the_staffs_answer_says_what_was_asked(said: object) -> None:
    assert said
    [told] = reply_to("切ってもいい？", said, worlds.OFFICE)  # type: ignore[arg-type]

    text = texts([told])[0]
    assert text.startswith("ご質問へのお返事です。\n「切ってもいい？」\n\n")
    assert (CALL in text) is (said == entry("outlet"))
    assert offered(told) == ["ほかの質問", "職員に聞く"]


# --- at the menu


@pytest.mark.parametrize("word", ["使い方", "つかいかた", "質問", "how to"])
def test_a_word_leads_to_the_cards(word: str) -> None:
    done = at().hears(word)

    assert labels(done.replies[-1]) == list(TITLES.values())
    assert offered(done.replies[-1]) == ["職員に聞く"]


def test_a_card_lists_its_entries_and_a_number_picks_one() -> None:
    done = at().hears("使い方", "3", "2")

    assert texts(done.replies)[0].startswith("【出入口のワイヤーとハンドル】")
    assert labels(done.replies[-1]) == ["出入口のつくり方", "ワイヤーの段数"]
    assert offered(done.replies[-1]) == ["ほかの質問", "職員に聞く"]


def test_a_sentence_at_the_menu_is_answered_with_three_candidates() -> None:
    done = at().hears("クリップは地面から何センチですか")

    assert done.standing.at.startswith("howto:clips,")
    assert labels(done.replies[-1])[0] == "クリップの高さ"
    assert len(labels(done.replies[-1])) == 3
    assert not done.effects


def test_a_title_that_is_typed_picks_its_entry() -> None:
    done = at().hears("クリップは地面から何センチですか", "クリップの高さ")

    assert texts(done.replies)[0].startswith("【クリップの高さ】")


def test_other_words_at_the_menu_are_not_taken_for_a_question() -> None:
    done = at().hears("今日はいいお天気で")

    assert done.standing.at == "menu"
    assert texts(done.replies) == ["ご用件をメニューからお選びください。番号を送っても選べます。"]


def test_somebody_in_danger_is_answered_at_once_and_others_are_listed_below() -> None:
    done = at().hears("ペースメーカーの父が電池を替えてもいいですか")

    [said] = texts(done.replies)
    assert said.startswith("【ペースメーカー・除細動器】")
    assert CALL in said
    assert "パワーユニットと電池" in labels(done.replies[-1])


def test_where_nothing_else_is_near_a_danger_its_own_neighbours_are_listed() -> None:
    done = at().hears("使い方 稲光")

    assert texts(done.replies)[0].startswith("【雷のとき】")
    assert labels(done.replies[-1]) == ["畑に入るとき"]


def test_a_telephone_number_in_a_question_is_warned_of_and_kept_nowhere() -> None:
    done = at().hears("電圧が低いので 090-1234-5678 に電話ください")

    assert texts(done.replies)[0].startswith("お名前や電話番号、住所などは、")
    assert labels(done.replies[-1])[0] == "電圧を確かめる"
    assert "090" not in repr(done)


def test_where_personal_data_may_be_typed_nobody_is_warned() -> None:
    counter = Counter(HERE, worlds.world(words=WORDS, pii_in_chat=True))

    assert texts(counter.hears("電圧が低いので 090-1234-5678 に電話ください").replies) == []


def test_words_behind_the_guides_own_word_are_searched_however_little_they_fit() -> None:
    assert labels(at().hears("使い方 こわれた").replies[-1])[0] == "部品がそろっているか"
    done = at().hears("使い方：龍")
    assert texts(done.replies) == [
        "近い説明が見つかりませんでした。ほかの言い方で送るか、「職員に聞く」をお使いください。"
    ]
    assert labels(done.replies[-1]) == list(TITLES.values())
    assert at().hears("質問 ゑゑゑゑ").standing.at == lists.AT_CARDS


def test_words_that_the_staff_gave_to_an_entry_lead_to_it() -> None:
    plain = worlds.world(words=WORDS)
    taught = replace(plain, guide={"earth": ("ビリビリ棒",)})

    assert Counter(HERE, plain).hears("ビリビリ棒ってなに").standing.at == "menu"
    assert Counter(HERE, taught).hears("ビリビリ棒ってなに").standing.at.startswith("howto:earth")


@pytest.mark.parametrize(
    ("locale", "asked", "title"),
    [
        ("en", "how deep must the earth rod go", "アース棒の深さ"),
        ("ja@easy", "でんあつが よわいです", "電圧を確かめる"),
    ],
)
def test_the_guide_is_searched_in_the_readers_language(locale: str, asked: str, title: str) -> None:
    done = at(replace(HERE, locale=locale)).hears(asked)

    listed = done.replies[-1]
    assert isinstance(listed, Listing)
    assert listed.items[0].label.text == title


def test_a_borrower_finds_the_guide_at_the_end_of_the_menu() -> None:
    loan = replace(FILED, procedure="fence_loan")

    assert labels(at(replace(HERE, cases=(loan,))).hears("メニュー").replies[-1])[-1] == (
        "電気柵の使い方・質問"
    )
    assert "電気柵の使い方・質問" not in labels(
        at(replace(HERE, cases=(FILED,))).hears("メニュー").replies[-1]
    )


# --- in the middle of a form


def test_a_question_in_the_middle_of_a_form_is_answered_and_the_open_one_put_again() -> None:
    counter = at(ASKING)

    listed = counter.hears("使い方 電池")
    assert labels(listed.replies[-1])[0] == "パワーユニットと電池"
    assert offered(listed.replies[-1]) == ["入力にもどる", "ほかの質問", "職員に聞く"]
    assert listed.standing.talk == ASKING.talk
    done = counter.hears("1")

    assert texts(done.replies)[0].startswith("【パワーユニットと電池】")
    assert offered(done.replies[0]) == ["ほかの質問", "職員に聞く"]
    assert question(done.replies) == "length"
    assert done.standing.talk
    assert counter.hears("40").standing.talk == replace(
        done.standing.talk, answers={"kind": "person", "length": 40}, asked="reasons",
        sources={"length": "m1"},
    )  # fmt: skip


def test_what_is_no_number_of_the_list_answers_the_open_question() -> None:
    done = at(ASKING).hears("使い方 電池", "40")

    assert done.standing.talk
    assert done.standing.talk.answers["length"] == 40


def test_the_way_back_puts_the_open_question_again() -> None:
    counter = at(ASKING)
    listed = counter.hears("使い方 電池").replies[-1]
    assert isinstance(listed, Listing)

    back = counter.hears(Tapped(listed.offers[0].action))

    assert question(back.replies) == "length"
    assert question(counter.hears("使い方", "続ける").replies) == "length"


def test_at_the_cards_words_are_a_question_even_in_the_middle_of_a_form() -> None:
    counter = at(ASKING)

    assert labels(counter.hears("使い方", "電池切れ").replies[-1])[0] == "パワーユニットと電池"
    assert labels(counter.hears("使い方", "1").replies[-1]) == [
        each.title for each in entries_of(Topic.DANGER)
    ]


def test_a_question_that_cannot_be_the_answer_goes_to_the_guide() -> None:
    done = at(ASKING).hears("電圧は何ボルトあればいいですか？")

    assert labels(done.replies[-1])[0] == "電圧を確かめる"
    assert done.standing.talk == ASKING.talk


@pytest.mark.parametrize(
    ("standing", "typed"),
    [
        (ASKING, "電圧は何ボルト"),  # no question
        (ASKING, "40でいいですか？"),  # about something else
        (WRITING, "電圧は何ボルトあればいいですか？"),  # may be the answer
    ],
)
def test_whatever_may_be_the_answer_stays_with_the_form(standing: Standing, typed: str) -> None:
    done = at(standing).hears(typed)

    assert isinstance(done.replies[-1], Ask)
    assert not done.standing.at


def test_the_label_of_a_button_is_no_question() -> None:
    world = worlds.world(words={"ja": worlds.PlainWords(texts={"説明": "電池の説明ですか？"})})

    done = Counter(ASKING, world).hears("電池の説明ですか？")

    assert (done.standing.at, question(done.replies)) == ("", "length")


@pytest.mark.parametrize("standing", [AT_PAGE, AT_REVIEW])
def test_at_a_page_or_a_review_a_question_is_answered_too(standing: Standing) -> None:
    counter = at(standing)

    assert labels(counter.hears("雷が鳴ったらどうしますか？").replies[-1])
    assert isinstance(counter.hears("続ける").replies[-1], AskPage | Review)


# --- the staff


def test_a_question_to_the_staff_is_filed_without_what_tells_who_asked() -> None:
    counter = at()

    invited = counter.hears("職員に聞く")
    assert worlds.OFFICE.telephone in texts(invited.replies)[0]
    assert offered(invited.replies[0]) == ["ほかの質問"]
    done = counter.hears("090-1234-5678 です。電池は何本ですか")

    assert done.effects == (AskOffice(f"{HIDDEN} です。電池は何本ですか", "m1"),)
    assert texts(done.replies)[0].startswith("お名前や電話番号、住所などは、")
    assert texts(done.replies)[1].startswith("質問を受け付けました。")
    assert done.standing.at == "menu"


def test_a_question_of_nothing_but_a_number_is_asked_again() -> None:
    done = at().hears("職員に聞く", "090-1234-5678")

    assert done.effects == ()
    assert done.standing.at == lists.AT_ASKING


def test_the_name_of_whoever_asks_does_not_reach_the_staff() -> None:
    done = at().hears("職員に聞く", "見本 太郎と申します。電池は何本ですか")

    assert done.effects == (AskOffice(f"{HIDDEN}と申します。電池は何本ですか", "m1"),)
    assert texts(done.replies)[0].startswith("お名前や電話番号、住所などは、")


def test_whoever_waits_for_many_answers_is_kindly_asked_to_wait() -> None:
    world = worlds.world(words=WORDS, asked=MOST_OPEN)
    done = Counter(replace(HERE, at=lists.AT_ASKING), world).hears("電池は何本ですか")

    assert done.effects == ()
    told = texts(done.replies)[0]
    assert "まだお返事していない質問が10件あります" in told
    assert worlds.OFFICE.telephone in told
    assert done.standing.at == "menu"

    one_less = Counter(replace(HERE, at=lists.AT_ASKING), replace(world, asked=MOST_OPEN - 1))
    assert one_less.hears("電池は何本ですか").effects


def test_a_long_question_is_cut() -> None:
    [asked] = at().hears("職員に聞く", "柵" * 400).effects

    assert asked == AskOffice("柵" * 299 + "…", "m1")


def test_in_the_middle_of_a_form_the_question_goes_to_the_staff_and_the_form_goes_on() -> None:
    counter = at(ASKING)

    done = counter.hears(press(Do.HOWTO, "ask"), "40本でも足りますか")

    assert done.effects == (AskOffice("40本でも足りますか", "m1"),)
    assert question(done.replies) == "length"
    assert done.standing.at == ""


def test_whoever_would_rather_not_ask_goes_on() -> None:
    assert question(at(ASKING).hears("職員に聞く", "続ける").replies) == "length"
    assert labels(at().hears("職員に聞く", "メニュー").replies[-1])


def test_members_of_the_staff_search_the_guide_and_are_not_sent_to_themselves() -> None:
    done = Counter(CLERK, worlds.world(words=WORDS)).hears("電圧は何ボルトですか")

    assert labels(done.replies[-1])[0] == "電圧を確かめる"
    assert offered(done.replies[-1]) == ["ほかの質問"]
    asked = Counter(CLERK, worlds.world(words=WORDS)).hears("職員に聞く")
    assert labels(asked.replies[-1]) == list(TITLES.values())


def test_a_members_form_is_not_interrupted_by_a_question() -> None:
    clerk = replace(ASKING, grants=CLERK.grants)

    assert Counter(clerk, worlds.world(words=WORDS)).hears("電圧は何ボルト？").standing.at == ""


# --- what the shell loads for it


@pytest.mark.parametrize(
    ("standing", "event", "needed"),
    [
        (HERE, Typed("電池は？"), True),
        (HERE, Typed("1"), False),
        (HERE, SentOther("sticker"), False),
        (HERE, Tapped(Action(Do.HOWTO)), False),
        (ASKING, Typed("40m"), False),
        (ASKING, Typed("使い方 電池"), True),
        (ASKING, Typed("電池はどうしますか"), True),
        (replace(ASKING, at=lists.AT_CARDS), Typed("電池切れ"), True),
    ],
)
def test_the_staffs_words_are_loaded_where_the_guide_may_be_searched(
    standing: Standing, event: Event, needed: bool
) -> None:
    assert needs_words(standing, event) is needed


@pytest.mark.parametrize(
    ("standing", "event", "needed"),
    [
        (replace(HERE, at=lists.AT_ASKING), Typed("電池は？"), True),
        (replace(HERE, at=lists.AT_ASKING), Tapped(Action(Do.HOWTO)), False),
        (HERE, Typed("電池は？"), False),
    ],
)
def test_what_was_asked_is_counted_where_one_more_may_be_asked(
    standing: Standing, event: Event, needed: bool
) -> None:
    assert needs_count(standing, event) is needed
