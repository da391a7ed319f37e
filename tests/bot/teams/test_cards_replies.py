"""Replies as Teams shows them: plain messages where nothing can be pressed, otherwise cards."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from bot.qr import drawn as code_of
from bot.teams.cards import drawing
from bot.teams.cards.elements import MOST
from bot.teams.listen import opener, pressed
from bot.words import LOCALES, words_for
from dialogs.events import Action, Do, Filled, Tapped
from dialogs.fields.base import Control, Field, Given, Input, Option, Raw, Value
from dialogs.form import Form, Page
from dialogs.replies import Ask, AskPage, Item, Link, Listing, Offer, Receipt, Reply, Review, Row, Said
from dialogs.words import Message, say
from tests.support.cardlint import Json, faults, pieces, texts
from tests.support.cards import (
    ACCOUNT,
    CODEC,
    activities,
    buttons,
    card,
    cards_in,
    console_link,
    console_page,
    inputs,
    page_link,
)

MONDAY = date(2027, 6, 7)
TRICK = "[ここ](https://evil.example) **太字**"
LONG = "とても長い言葉👨‍👩‍👧‍👦と葛󠄀城の𠮷" * 40


@dataclass(frozen=True)
class Sample(Field):
    """A question drawn with any control."""

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002
        return (Input("", Control.LINE, ""),)

    def read(self, raw: Raw, given: Given) -> Value:  # noqa: ARG002
        return raw


OPTIONS = tuple(Option(f"key{number}", f"こたえ{number}") for number in range(1, 5))
OFFERS = (
    Offer(say("答えずに次へ"), Action(Do.SKIP, "c1", "perimeter"), "なし"),
    Offer(say("戻る"), Action(Do.BACK, "c1"), "戻る"),
    Offer(say("中止"), Action(Do.QUIT, "c1"), "中止"),
)
PERIMETER = Sample("perimeter", "周囲長", question="何メートルですか。", hint="だいたいで構いません。")
NAME = Sample("name", "申請者氏名", personal=True)
FORM = Form(
    "sample",
    "見本の申請",
    "R9",
    (
        Page("loan", "設置と期間", (PERIMETER,)),
        Page("applicant", "申請者", (NAME,), private=True, intro="お名前をうかがいます。"),
    ),
)


def ask(control: Control, **more: Any) -> Ask:
    given = {"label": "周囲長", **more.pop("drawn", {})}
    return replace(
        Ask(FORM, PERIMETER, Input("", control, **given), "c1", position=(3, 14), offers=OFFERS), **more
    )


def drawn(reply: Reply, locale: str = "ja") -> dict[str, Any]:
    found = card(reply, locale)
    assert faults(found) == []
    return found


def press(found: Json, title: str, **typed: str) -> object:
    """Return what the door hears when the button *title* is pressed with what was *typed* on the card."""
    done = next(
        each for each in pieces(found) if each.get("title") == title and each["type"] == "Action.Execute"
    )
    return pressed({**done["data"], **typed}, opener(CODEC, ACCOUNT))


def test_words_without_buttons_are_a_plain_message() -> None:
    assert activities(Said(say("{said}\u202e", said=TRICK))) == [
        {"type": "message", "text": TRICK, "textFormat": "plain"}
    ]


def test_words_with_buttons_are_a_card() -> None:
    found = drawn(Said(say("よろしいですか。"), OFFERS))

    assert texts(found).splitlines()[0] == "よろしいですか。"
    assert [*buttons(found)] == ["答えずに次へ", "戻る", "中止"]
    assert press(found, "中止") == Tapped(Action(Do.QUIT, "c1"))


def test_several_replies_are_sent_in_their_order() -> None:
    sent = activities(Said(say("一つ")), Said(say("二つ"), OFFERS), Said(say("三つ")))

    assert [each.get("text") or texts(each["attachments"][0]["content"]).split("\n")[0] for each in sent] == [
        "一つ",
        "二つ",
        "三つ",
    ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("control", [each for each in Control if each is not Control.PHOTO])
def test_each_control_can_be_answered_on_its_card(control: Control, locale: str) -> None:
    found = drawn(ask(control, drawn={"options": OPTIONS}), locale)

    (asked,) = inputs(found).values()
    assert asked["id"] == "perimeter"
    send = found["actions"][0]["title"]
    assert press(found, send, perimeter="見本") == Filled({"perimeter": _given(control)}, "c1")


def _given(control: Control) -> dict[str, Any]:
    return {"": ["見本"] if control is Control.MANY_OF else "見本"}


def test_a_question_says_where_we_are_what_is_asked_and_why_the_last_answer_was_not_taken() -> None:
    found = drawn(ask(Control.LINE, refused=say("{said}は読み取れません。", said=TRICK)))

    lines = texts(found).splitlines()
    assert lines[:3] == [f"⚠ {TRICK}は読み取れません。", "3/14 ・ 設置と期間", "何メートルですか。"]
    assert "だいたいで構いません。" in lines


def test_a_photo_is_asked_for_in_words_with_the_ways_on() -> None:
    found = drawn(ask(Control.PHOTO))

    assert "写真をこのチャットに貼りつけるか、添付して送ってください。" in texts(found)
    assert [*buttons(found)] == ["答えずに次へ", "戻る", "中止"]
    assert press(found, "答えずに次へ") == Tapped(Action(Do.SKIP, "c1", "perimeter"))


def test_what_was_ticked_stays_ticked() -> None:
    found = drawn(ask(Control.MANY_OF, drawn={"options": OPTIONS}, picked=("key2", "key3"), several=True))

    assert inputs(found)["perimeter"]["value"] == "key2,key3"


def test_an_answer_set_aside_can_be_taken_again_but_a_personal_one_is_not_said() -> None:
    plain = drawn(ask(Control.LINE, kept="40m"))
    personal = drawn(replace(ask(Control.LINE, kept="花子"), field=NAME))

    assert press(plain, "このまま: 40m") == Tapped(Action(Do.KEEP, "c1", "perimeter"))
    assert press(personal, "前の答えのまま") == Tapped(Action(Do.KEEP, "c1", "name"))
    assert "花子" not in texts(personal)


def test_a_private_page_is_a_link() -> None:
    found = drawn(AskPage(FORM, FORM.pages[1], "c1", (4, 14), OFFERS))

    assert found["actions"][0] == {
        "type": "Action.OpenUrl",
        "title": "ページを開いて入力する",
        "url": page_link("c1"),
    }
    assert "• 申請者氏名" in texts(found)


def listing(count: int, label: str = "令9-{number}　電気柵の貸出", detail: str = "6月10日まで") -> Listing:
    items = tuple(
        Item(say(label, number=at), Action(Do.FIND, key=f"R9-{at}"), say(detail))
        for at in range(1, count + 1)
    )
    return Listing(say("あなたの番：{mine}件", mine=count), items, OFFERS)


def test_a_list_is_pressed_line_by_line() -> None:
    found = drawn(listing(3))

    lines = [each for each in pieces(found) if "selectAction" in each]
    heard = [pressed(each["selectAction"]["data"], opener(CODEC, ACCOUNT)) for each in lines]
    assert heard == [Tapped(Action(Do.FIND, key=f"R9-{at}")) for at in (1, 2, 3)]
    assert lines[0]["selectAction"]["title"] == "令9-1　電気柵の貸出"
    assert texts(found).splitlines()[0] == "あなたの番：3件"


def test_a_list_of_all_that_may_be_listed_fits() -> None:
    assert "ほかに" not in texts(drawn(listing(30)))


def test_a_list_too_long_for_a_card_says_how_many_are_left() -> None:
    found = drawn(listing(200))

    shown = sum("selectAction" in each for each in pieces(found))
    assert shown > 20
    assert f"ほかに {200 - shown} 件あります。" in texts(found)


def test_lines_of_any_length_make_a_list() -> None:
    drawn(listing(30, label=LONG, detail=LONG))


def review(rows: int, shown: str = "正常", section: str = "本体") -> Review:
    made = tuple(
        Row(
            say("{number}番目の質問", number=at),
            say("{answer}", answer=shown),
            Action(Do.REOPEN, "c1", f"q{at}"),
            section,
        )
        for at in range(rows)
    )
    offers = (
        Offer(say("提出する"), Action(Do.CONFIRM, "c1"), "申請する"),
        Offer(say("直す"), Action(Do.PICK, "c1")),
        Offer(say("中止"), Action(Do.QUIT, "c1"), "中止"),
    )
    return Review(FORM, made, "c1", (say("確かめてください。"),), offers)


def test_a_review_shows_every_answer_under_its_section_and_is_confirmed_by_the_first_button() -> None:
    found = drawn(review(3))

    lines = texts(found).splitlines()
    assert [each for each in lines if each.endswith("番目の質問")][:3] == [
        f"{at + 1}. {at}番目の質問" for at in range(3)
    ]
    assert lines.count("本体") == 1
    assert "⚠ 確かめてください。" in lines
    assert press(found, "提出する") == Tapped(Action(Do.CONFIRM, "c1"))
    assert found["actions"][0]["style"] == "positive"


def test_any_answer_of_a_review_can_be_chosen_to_be_given_anew() -> None:
    found = drawn(review(3))

    chosen = inputs(found)["chosen"]
    assert [each["title"] for each in chosen["choices"]] == [f"{at + 1}. {at}番目の質問" for at in range(3)]
    assert press(found, "えらんだ項目を直す", chosen=chosen["choices"][1]["value"]) == Tapped(
        Action(Do.REOPEN, "c1", "q1")
    )
    assert "直す" not in [each["title"] for each in found["actions"]]
    others = [each for each in found["actions"] if each["type"] == "Action.Execute"]
    assert {each["associatedInputs"] for each in others} == {"none"}


@pytest.mark.parametrize("given", ["", "*", "q1/../q2", "q" * 100, "q1\n"])
def test_nothing_chosen_and_what_can_be_no_question_reopen_nothing(given: str) -> None:
    assert not isinstance(press(drawn(review(3)), "えらんだ項目を直す", chosen=given), Tapped)


@pytest.mark.parametrize(("rows", "shown"), [(60, "正常"), (45, LONG), (45, "\n" * 300), (60, "")])
def test_a_review_of_many_or_long_answers_still_shows_every_row(rows: int, shown: str) -> None:
    found = drawn(review(rows, shown))

    said = texts(found)
    assert all(f"{at}番目の質問" in said for at in range(rows))
    assert len(inputs(found)["chosen"]["choices"]) == rows


def test_a_personal_answer_is_said_to_have_arrived_and_is_not_said() -> None:
    found = drawn(replace(review(0), rows=(Row(say("氏名"), None, Action(Do.REOPEN, "c1", "name")),)))

    assert "受け取りました" in texts(found).splitlines()


def test_a_review_that_cannot_be_corrected_has_no_list() -> None:
    found = drawn(replace(review(0), rows=(Row(say("氏名"), say("{answer}", answer="見本")),)))

    assert inputs(found) == {}


def test_a_receipt_shows_its_number_large() -> None:
    receipt = Receipt(
        say("提出しました"), FORM, MONDAY, "M9-0003", (say("指摘が{count}件あります。", count=2),), OFFERS
    )

    found = drawn(receipt)

    large = next(each for each in pieces(found) if each.get("size") == "ExtraLarge")
    assert large["text"] == "M9-0003"
    assert {"提出しました", "見本の申請", "令和9年6月7日(月)", "指摘が2件あります。"} <= {
        *texts(found).splitlines()
    }


def test_a_number_to_be_shown_stands_large_and_as_a_code_that_needs_no_fetching() -> None:
    receipt = Receipt(say("貸し出しが決まりました"), FORM, MONDAY, "M9-0003", (), (), "9-1")

    found = drawn(receipt)

    large = [each["text"] for each in pieces(found) if each.get("size") == "ExtraLarge"]
    assert large == ["9-1", "M9-0003"]
    (shown,) = [each for each in pieces(found) if each.get("type") == "Image"]
    kind, _comma, picture = shown["url"].partition(",")
    assert (kind, b64decode(picture)) == ("data:image/png;base64", code_of("9-1"))
    assert shown["altText"] == "通知番号のQRコード"


def test_a_receipt_without_such_a_number_has_no_picture() -> None:
    assert "Image" not in str(drawn(Receipt(say("提出しました"), FORM, MONDAY, "M9-0003")))


@pytest.mark.parametrize(
    "reply",
    [
        Said(say("{said}", said=TRICK), OFFERS),
        Listing(say("{said}", said=TRICK), (Item(say("{said}", said=TRICK), Action(Do.MENU), say(TRICK)),)),
        Receipt(say("{said}", said=TRICK), FORM, MONDAY, TRICK, (say("{said}", said=TRICK),)),
        Review(
            FORM,
            (Row(say(TRICK), say("{said}", said=TRICK), Action(Do.REOPEN, "c1", "q")),),
            "c1",
            (say(TRICK),),
        ),
        ask(Control.ONE_OF, refused=say(TRICK), kept=TRICK, drawn={"options": OPTIONS, "hint": TRICK}),
    ],
    ids=lambda reply: type(reply).__name__,
)
def test_what_somebody_wrote_is_never_read_as_markdown_nor_announced(reply: Reply) -> None:
    (sent,) = activities(reply)
    found = sent["attachments"][0]["content"]

    assert faults(found) == []
    assert all("evil" not in each["text"] for each in pieces(found) if each.get("type") == "TextBlock")
    assert "evil" not in f"{sent['summary']} {found['speak']} {found['fallbackText']}"


def test_more_buttons_than_a_row_holds_go_on_in_the_next() -> None:
    offers = tuple(Offer(say(f"道{at}"), Action(Do.MENU)) for at in range(8))

    found = drawn(Said(say("どうしますか。"), offers))

    assert [*buttons(found)] == [f"道{at}" for at in (6, 7, 0, 1, 2, 3, 4, 5)]


def test_a_long_message_stays_within_the_limit() -> None:
    (sent,) = activities(Said(Message(LONG * 100)))

    assert len(json.dumps(sent, ensure_ascii=False).encode("utf-16-le")) <= MOST + 1_000


def round_of(count: int) -> Listing:
    items = tuple(
        Item(
            say("南区　9:00　受け渡し（南区 受渡場所（見本））"),
            Action(Do.FIND, key=f"R9-{at:04}"),
            say("R9-{number}　6月11日から6月17日まで", number=at),
            (Offer(say("受け渡しを記録する"), Action(Do.FILE, key=f"R9-{at:04}", part="handed_over")),),
            f"R9-{at:04}",
        )
        for at in range(1, count + 1)
    )
    return Listing(say("巡回"), items, OFFERS, (Link(say("表を開く"), "rounds/2027-06-14"),))


def test_an_entry_has_its_own_buttons_and_leads_to_its_case_in_the_console() -> None:
    found = drawn(round_of(2))

    [first, second] = [each["actions"] for each in pieces(found) if each.get("type") == "ActionSet"]
    heard = pressed(first[0]["data"], opener(CODEC, ACCOUNT))
    assert heard == Tapped(Action(Do.FILE, key="R9-0001", part="handed_over"))
    assert [each["title"] for each in second] == ["受け渡しを記録する"]
    taps = [each["selectAction"] for each in pieces(found) if "selectAction" in each]
    assert [each["url"] for each in taps] == [console_link("R9-0001"), console_link("R9-0002")]


def test_where_there_is_no_console_an_entry_shows_its_case_in_the_chat() -> None:
    bodies = drawing(CODEC)([round_of(1)], words_for("ja"), ACCOUNT, page_link)
    [found] = cards_in(json.loads(bodies[0])["activities"])

    [tap] = [each["selectAction"] for each in pieces(found) if "selectAction" in each]
    assert pressed(tap["data"], opener(CODEC, ACCOUNT)) == Tapped(Action(Do.FIND, key="R9-0001"))
    assert [each for each in found["actions"] if each["type"] == "Action.OpenUrl"] == []


def test_a_list_leads_to_its_page_in_the_console() -> None:
    opened = [each for each in drawn(round_of(1))["actions"] if each["type"] == "Action.OpenUrl"]

    assert [(each["title"], each["url"]) for each in opened] == [
        ("表を開く", console_page("rounds/2027-06-14"))
    ]


def test_the_round_of_a_busy_day_fits() -> None:
    assert "ほかに" not in texts(drawn(round_of(20)))
