"""Replies as LINE messages: within LINE's limits, answerable by typing, and nothing personal in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
import regex
from linebot.v3.messaging import FlexMessage, TextMessage

from bot.line.limits import check_messages
from bot.line.render import render
from bot.words import LOCALES, words_for
from dialogs.events import Action, Do
from dialogs.fields.base import Control, Field, Given, Input, Option, Raw, Value
from dialogs.form import Form, Page
from dialogs.replies import (
    Ask,
    AskCard,
    AskPage,
    Item,
    Listing,
    Offer,
    Receipt,
    Reply,
    Review,
    Row,
    Said,
)
from dialogs.words import Message, say

MONDAY = date(2027, 6, 7)
LONG = "とても長い言葉👨‍👩‍👧‍👦と葛󠄀城の𠮷" * 40
SECRET = "札幌 花子（見本）"


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
    Offer(say("？ 説明"), Action(Do.HELP, "c1", "perimeter"), "?"),
    Offer(say("中止"), Action(Do.QUIT, "c1"), "中止"),
)
PERIMETER = Sample(
    "perimeter",
    "設置場所の周囲長",
    question="まわりの長さは何メートルですか。",
    hint="だいたいで構いません。",
)
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


def seal(action: Action) -> str:
    """Return *action* to be read again by a test; as long as the real data may be."""
    return json.dumps([action.do, action.conversation, action.key, action.part, action.value]).ljust(300)


def opened(data: str) -> Action:
    do, *rest = json.loads(data)
    return Action(Do(do), *rest)


def page_link(conversation: str) -> str:
    return f"https://desk.example.jp/f/{conversation}"


def drawn(*replies: Reply, locale: str = "ja") -> list[dict[str, Any]]:
    return render(replies, words_for(locale), seal=seal, page_link=page_link, picture=picture)


def picture(number: str) -> str:
    return f"https://desk.example.lg.jp/qr/{number}.png"


def ask(control: Control, **more: Any) -> Ask:
    given = {"label": "設置場所の周囲長", **more.pop("drawn", {})}
    base = Ask(FORM, PERIMETER, Input("", control, **given), "c1", position=(3, 14), offers=OFFERS)
    return replace(base, **more)


def pieces(messages: object) -> Iterator[dict[str, Any]]:
    """Yield every part of *messages*, however deep, in the order of reading."""
    if isinstance(messages, dict):
        yield messages
        messages = list(messages.values())
    if isinstance(messages, list):
        for each in messages:
            yield from pieces(each)


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [each["text"] for each in pieces(messages) if each.get("type") == "text"]


def taps(messages: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    """Return what may be tapped inside bubbles (not the quick replies)."""
    bubbles = [message.get("contents", {}) for message in messages]
    wanted = kinds or ("postback",)
    return [each for each in pieces(bubbles) if each.get("type") in wanted]


def chips(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item["action"] for item in messages[-1].get("quickReply", {}).get("items", [])]


REVIEW = Review(
    FORM,
    (
        Row(say("設置場所の周囲長"), say("{answer}", answer="40m"), Action(Do.REOPEN, "c1", "perimeter")),
        Row(say("申請者氏名"), None, Action(Do.REOPEN, "c1", "name")),
    ),
    "c1",
    offers=(
        Offer(say("申請する"), Action(Do.CONFIRM, "c1"), "申請する"),
        Offer(say("直す"), Action(Do.PICK, "c1")),
        Offer(say("中止"), Action(Do.QUIT, "c1"), "中止"),
    ),
)
LISTING = Listing(
    say("ご用件をお選びください。"),
    (
        Item(say("電気柵の貸出を申請する"), Action(Do.START, key="fence_loan"), say("6月1日から")),
        Item(say("申請状況"), Action(Do.CASES)),
    ),
    (Offer(say("言語"), Action(Do.LANGUAGE), "言語"),),
)
RECEIPT = Receipt(
    say("申請を受け付けました"), FORM, MONDAY, "電柵-2027-0001", (say("追ってお知らせします。"),), OFFERS[1:2]
)

EVERY_ASK = [ask(control, drawn={"options": OPTIONS}) for control in Control]
EVERY_REPLY: dict[str, Reply] = {
    **{f"ask-{each.input.control.value}": each for each in EVERY_ASK},
    "said": Said(say("ようこそ。"), OFFERS),
    "said-plain": Said(say("ようこそ。")),
    "refused": ask(Control.NUMBER, refused=say("数字で送ってください。例：40"), kept="40m"),
    "refused-choice": ask(
        Control.ONE_OF, drawn={"options": OPTIONS}, refused=say("番号で送ってください。"), kept="こたえ1"
    ),
    "ticking": ask(Control.MANY_OF, drawn={"options": OPTIONS}, several=True, picked=("key2",)),
    "ticking-none": ask(Control.MANY_OF, drawn={"options": OPTIONS}, several=True),
    "many-options": ask(Control.ONE_OF, drawn={"options": tuple(Option(f"k{n}", LONG) for n in range(30))}),
    "many-to-tick": ask(
        Control.MANY_OF, drawn={"options": tuple(Option(f"k{n}", LONG) for n in range(30))}, picked=("k1",)
    ),
    "long": ask(
        Control.LINE,
        drawn={"label": LONG, "hint": LONG, "example": LONG, "unit": LONG},
        kept=LONG,
        refused=Message(LONG),
    ),
    "long-date": ask(Control.DATE, drawn={"label": LONG, "hint": LONG, "example": LONG}, kept=LONG),
    "one-day": ask(Control.DATE, drawn={"least": MONDAY, "most": MONDAY, "initial": MONDAY}),
    "old-days": ask(
        Control.DATE, drawn={"least": date(1, 1, 1), "most": date(9999, 1, 1), "initial": date(1, 2, 1)}
    ),
    "page": AskPage(FORM, FORM.pages[1], "c1", (14, 14), OFFERS),
    "card": AskCard(FORM, FORM.fields, "c1"),
    "review": REVIEW,
    "long-review": replace(
        REVIEW,
        rows=tuple(Row(Message(LONG), Message(LONG), Action(Do.REOPEN, "c1", f"k{n}")) for n in range(40)),
        notes=(Message(LONG),),
    ),
    "bare-review": Review(FORM, (), "c1"),
    "receipt": RECEIPT,
    "bare-receipt": Receipt(Message(LONG), FORM, MONDAY),
    "notice": replace(RECEIPT, code="9-0001"),
    "listing": LISTING,
    "long-listing": Listing(
        Message(LONG),
        tuple(Item(Message(LONG), Action(Do.CASE, key=f"k{n}"), Message(LONG)) for n in range(60)),
        tuple(Offer(Message(LONG), Action(Do.MENU, key=f"k{n}"), LONG) for n in range(20)),
    ),
    "empty-listing": Listing(say("まだありません。"), ()),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", EVERY_REPLY)
def test_every_reply_is_what_line_accepts_in_every_language(name: str, locale: str) -> None:
    messages = drawn(EVERY_REPLY[name], locale=locale)

    assert messages
    assert check_messages(messages) == []


@pytest.mark.parametrize("name", EVERY_REPLY)
def test_the_sdks_own_models_read_every_reply_without_loss(name: str) -> None:
    for message in drawn(EVERY_REPLY[name]):
        model = {"text": TextMessage, "flex": FlexMessage}[message["type"]]

        read = model.from_dict(message)

        assert read is not None
        assert read.to_dict() == message


@pytest.mark.parametrize("control", Control)
def test_every_control_can_be_drawn(control: Control) -> None:
    messages = drawn(ask(control, drawn={"options": OPTIONS}))

    assert "まわりの長さは何メートルですか。" in "\n".join(texts(messages))
    assert {opened(each["data"]).do for each in chips(messages) if each["type"] == "postback"} >= {
        Do.BACK,
        Do.SKIP,
        Do.HELP,
        Do.QUIT,
    }


# --- questions


def test_a_typed_question_says_what_to_type() -> None:
    [message] = drawn(ask(Control.NUMBER, drawn={"example": "40", "unit": "m", "hint": "歩いて測ります。"}))

    assert message["text"].splitlines() == [
        "3/14 ・ 設置と期間",
        "まわりの長さは何メートルですか。",
        "だいたいで構いません。",
        "歩いて測ります。",
        "例：40",
        "単位：m",
        "",
        "送れる言葉：なし（答えずに次へ） / 戻る / ?（？ 説明） / 中止",
    ]


def test_what_was_refused_is_said_first() -> None:
    refusal, question = drawn(ask(Control.NUMBER, refused=say("数字で送ってください。")))

    assert refusal["text"] == "⚠ 数字で送ってください。"
    assert "まわりの長さは" in question["text"]
    assert "quickReply" not in refusal, "LINE shows only the last message's"


def test_an_option_is_tapped_in_its_box_or_typed_by_its_number() -> None:
    messages = drawn(ask(Control.ONE_OF, drawn={"options": OPTIONS}))

    assert [opened(each["data"]) for each in taps(messages)] == [
        Action(Do.ANSWER, "c1", "perimeter", "", option.key) for option in OPTIONS
    ]
    assert [each["displayText"] for each in taps(messages)] == [option.label for option in OPTIONS]
    assert numbered(messages) == [f"{number} {option.label}" for number, option in enumerate(OPTIONS, 1)]
    assert "3. こたえ3" in messages[0]["altText"].splitlines()
    assert "番号を送っても答えられます。" in texts(messages)


def numbered(messages: list[dict[str, Any]]) -> list[str]:
    """Return the boxes as read aloud: number, then label."""
    boxes = [each for each in pieces(messages) if each.get("type") == "box" and "borderWidth" in each]
    return [" ".join(texts([box])) for box in boxes]


def test_a_long_label_is_shown_whole_and_wrapped() -> None:
    label = "家庭菜園がヒグマの被害にあう可能性が高いため、" * 4
    messages = drawn(ask(Control.ONE_OF, drawn={"options": (Option("risk", label),)}))

    [tapped] = taps(messages)
    assert label in texts(messages)
    assert tapped["displayText"] == label
    assert len(tapped["label"]) == 40
    assert [each["type"] for each in chips(messages)] == ["postback"] * 4, "too long for a quick reply"


def test_few_short_options_are_quick_replies_too() -> None:
    options = (Option("assoc", "町内会などの団体" * 3, short="町内会"), Option("person", "個人"))

    labels = [each["label"] for each in chips(drawn(ask(Control.ONE_OF, drawn={"options": options})))]

    assert labels[:2] == ["町内会", "個人"]


def test_thirty_options_keep_their_order_over_several_bubbles() -> None:
    options = tuple(
        Option(f"k{number}", f"{number}番目の" + "とても長い選択肢" * 20) for number in range(1, 31)
    )

    messages = drawn(ask(Control.ONE_OF, drawn={"options": options}))

    assert 1 < len(messages) <= 5
    assert [opened(each["data"]).value for each in taps(messages)] == [option.key for option in options]
    assert [each.split()[0] for each in numbered(messages)] == [str(number) for number in range(1, 31)]


def test_several_choices_begin_with_one_tap() -> None:
    messages = drawn(ask(Control.MANY_OF, drawn={"options": OPTIONS}))

    *options, several = [opened(each["data"]) for each in taps(messages)]
    assert [(each.part, each.value) for each in options] == [("", option.key) for option in OPTIONS]
    assert (several.part, several.value) == ("several", "1")


def test_several_choices_are_ticked_one_after_the_other() -> None:
    messages = drawn(ask(Control.MANY_OF, drawn={"options": OPTIONS}, several=True, picked=("key2",)))

    *options, done = [opened(each["data"]) for each in taps(messages)]
    assert [(each.part, each.value) for each in options] == [("add", option.key) for option in OPTIONS]
    assert (done.part, done.value) == ("done", "1")
    assert [each.split()[:2] for each in numbered(messages)] == [
        ["☐", "1"],
        ["☑", "2"],
        ["☐", "3"],
        ["☐", "4"],
    ]
    assert "☑ 2. こたえ2" in messages[0]["altText"].splitlines()


def test_nothing_ticked_cannot_be_finished() -> None:
    messages = drawn(ask(Control.MANY_OF, drawn={"options": OPTIONS}, several=True))

    assert {opened(each["data"]).part for each in taps(messages)} == {"add"}


def test_a_promise_is_ticked_by_one_button() -> None:
    messages = drawn(ask(Control.TICK))

    [tapped] = taps(messages)
    assert (tapped["label"], opened(tapped["data"]).do) == ("確認しました", Do.ANSWER)
    assert "「はい」と送っても答えられます。" in texts(messages)


def test_a_day_is_chosen_from_a_calendar_also_where_there_are_no_quick_replies() -> None:
    bounds = {"least": date(2027, 6, 7), "most": date(2027, 10, 31), "initial": date(2027, 6, 14)}

    messages = drawn(ask(Control.DATE, drawn=bounds))

    [picker] = taps(messages, "datetimepicker")
    assert picker == chips(messages)[0]
    assert (picker["min"], picker["max"], picker["initial"]) == ("2027-06-07", "2027-10-31", "2027-06-14")
    assert picker["mode"] == "date"
    assert opened(picker["data"]) == Action(Do.ANSWER, "c1", "perimeter")
    assert any("6月15日、6/15" in each for each in texts(messages))


def test_a_calendar_that_begins_outside_its_limits_begins_inside() -> None:
    bounds = {"least": date(2027, 6, 7), "most": date(2027, 10, 31), "initial": date(2027, 12, 1)}

    [picker] = taps(drawn(ask(Control.DATE, drawn=bounds)), "datetimepicker")

    assert picker["initial"] == "2027-10-31"


@pytest.mark.parametrize(
    ("control", "kinds"), [(Control.PHOTO, ["camera", "cameraRoll"]), (Control.PLACE, ["location"])]
)
def test_the_telephones_own_tools_are_offered_first(control: Control, kinds: list[str]) -> None:
    assert [each["type"] for each in chips(drawn(ask(control)))][: len(kinds)] == kinds


def test_an_answer_set_aside_can_be_taken_again() -> None:
    for control in (Control.NUMBER, Control.DATE):
        messages = drawn(ask(control, kept="40m"))

        assert chips(messages)[0]["label"] == "このまま: 40m"
        assert opened(chips(messages)[0]["data"]) == Action(Do.KEEP, "c1", "perimeter")
        assert "40m" in json.dumps(messages[0] | {"quickReply": None}, ensure_ascii=False), (
            "on a computer too"
        )


def test_the_part_of_a_question_is_named() -> None:
    messages = drawn(ask(Control.DATE, drawn={"label": "いつから使いますか。"}))

    assert texts(messages)[:3] == [
        "3/14 ・ 設置と期間",
        "まわりの長さは何メートルですか。",
        "いつから使いますか。",
    ]


# --- the page, the review, the receipt, lists


def test_a_private_page_is_a_link_with_what_will_be_asked() -> None:
    [message] = drawn(EVERY_REPLY["page"])

    [link] = taps([message], "uri")
    assert link["uri"] == "https://desk.example.jp/f/c1"
    assert "• 申請者氏名" in texts([message])
    assert any("30分" in each for each in texts([message]))
    assert "https" not in message["altText"], "a lock screen shows it"


def test_a_review_reopens_each_row_by_tap_or_number() -> None:
    messages = drawn(REVIEW)

    reopened = [opened(each["data"]) for each in taps(messages)][:2]
    assert reopened == [Action(Do.REOPEN, "c1", "perimeter"), Action(Do.REOPEN, "c1", "name")]
    assert numbered(messages) == ["1 設置場所の周囲長 40m", "2 申請者氏名 受け取りました"]
    assert "直したい番号を送ってください。" in texts(messages)


def test_filing_is_the_one_button_that_stands_out() -> None:
    buttons = [each for each in pieces(drawn(REVIEW)) if each.get("type") == "button"]

    assert [(each["action"]["label"], each["style"]) for each in buttons] == [
        ("申請する", "primary"),
        ("直す", "link"),
        ("中止", "link"),
    ]


def test_forty_rows_keep_their_numbers() -> None:
    rows = tuple(
        Row(say(f"質問{n}" * 5), say(f"答え{n}" * 20), Action(Do.REOPEN, "c1", f"k{n}")) for n in range(1, 41)
    )

    messages = drawn(Said(say("ご確認ください。")), replace(REVIEW, rows=rows))

    assert 2 < len(messages) <= 5
    assert [each.split()[0] for each in numbered(messages)] == [str(number) for number in range(1, 41)]
    confirming = [each for each in pieces(messages) if each.get("style") == "primary"]
    assert len(confirming) == 1
    assert confirming[0] in list(pieces(messages[-1])), "below the last row"


def test_no_personal_answer_is_ever_drawn() -> None:
    private = replace(ask(Control.LINE, kept=SECRET), field=replace(PERIMETER, personal=True))
    ticking = replace(private, input=Input("", Control.ONE_OF, "", options=OPTIONS))

    everything = json.dumps(drawn(private, ticking, REVIEW), ensure_ascii=False)

    assert SECRET not in everything
    assert "前の答えのまま" in everything
    assert "受け取りました" in everything


def test_a_receipt_shows_its_number_large_and_the_day() -> None:
    [message] = drawn(RECEIPT)

    [number] = [each for each in pieces(message) if each.get("text") == "電柵-2027-0001"]
    assert number["size"] == "xxl"
    assert "令和9年6月7日(月)" in texts([message])
    assert "受付番号 電柵-2027-0001" in message["altText"].splitlines()


def test_a_list_is_numbered_in_its_order() -> None:
    messages = drawn(LISTING)

    assert numbered(messages) == ["1 電気柵の貸出を申請する 6月1日から", "2 申請状況"]
    assert "1. 電気柵の貸出を申請する · 6月1日から" in messages[0]["altText"].splitlines()


# --- the ways on, and the batch


@pytest.mark.parametrize(
    "name", [name for name, reply in EVERY_REPLY.items() if getattr(reply, "offers", ())]
)
def test_whatever_is_offered_can_be_typed(name: str) -> None:
    reply = EVERY_REPLY[name]
    assert isinstance(reply, Said | Ask | AskPage | Review | Receipt | Listing)

    messages = drawn(reply)

    said = "\n".join(texts(messages))
    words = [offer.word for offer in reply.offers if offer.word and len(offer.word) < 100]
    assert all(word in said for word in words)


def test_quick_replies_stand_under_the_last_message_only() -> None:
    first, last = drawn(Said(say("一つ目"), OFFERS[:2]), Said(say("二つ目"), OFFERS[1:3]))

    assert "quickReply" not in first
    assert [each["label"] for each in chips([last])] == ["戻る", "？ 説明", "答えずに次へ"], (
        "none lost, none twice"
    )


def test_more_replies_than_messages_are_put_together_without_loss() -> None:
    replies = [Said(say(f"お知らせ{number}")) for number in range(9)]

    messages = drawn(*replies, REVIEW)

    assert len(messages) == 5
    assert messages[-1]["type"] == "flex"
    assert [word for each in texts(messages) for word in each.split() if word.startswith("お知らせ")] == [
        f"お知らせ{number}" for number in range(9)
    ]


def test_more_bubbles_than_messages_become_texts_from_the_front() -> None:
    messages = drawn(*[LISTING] * 7, REVIEW)

    assert check_messages(messages) == []
    assert [each["type"] for each in messages] == ["text", "flex", "flex", "flex", "flex"]
    assert messages[0]["text"].count("1. 電気柵の貸出を申請する") == 4
    assert "内容の確認" in messages[-1]["altText"]


def test_nothing_to_say_is_no_message() -> None:
    assert drawn() == []


def test_a_very_long_text_becomes_several_messages() -> None:
    message = "\n".join(["一行の文です。" * 10] * 200)

    messages = drawn(Said(Message(message)))

    assert len(messages) == 3
    assert check_messages(messages) == []
    assert "\n".join(each["text"] for each in messages) == message


# --- the look


def test_colours_are_readable_and_texts_are_large() -> None:
    everything = [drawn(reply) for reply in EVERY_REPLY.values()]

    shown = [each for each in pieces(everything) if each.get("type") == "text" and "size" in each]
    assert {each["size"] for each in shown} <= {"md", "lg", "xxl", "3xl"}
    assert all(each["scaling"] for each in shown)
    assert min(contrast(each["color"], ground) for each in shown for ground in ("#FFFFFF", "#E3F1F2")) >= 4.5
    buttons = [each["color"] for each in pieces(everything) if each.get("type") == "button"]
    assert min(contrast(color, "#FFFFFF") for color in buttons) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_labels_are_cut_between_characters_as_people_count_them() -> None:
    family = "👨‍👩‍👧‍👦"
    offers = (Offer(Message(family * 30), Action(Do.MENU), "メニュー"),)

    [chip] = chips(drawn(Said(say("はい。"), offers)))

    assert chip["label"] == family * 19 + "…"
    assert len(regex.findall(r"\X", chip["displayText"])) == 30


def test_a_notice_shows_its_number_large_and_as_a_code_for_cameras() -> None:
    messages = drawn(EVERY_REPLY["notice"])

    [large] = [each for each in pieces(messages) if each.get("text") == "9-0001"]
    [image] = [each for each in pieces(messages) if each.get("type") == "image"]
    assert large["size"] == "3xl"
    assert image["url"] == "https://desk.example.lg.jp/qr/9-0001.png"
    assert "通知番号 9-0001" in messages[0]["altText"]


def test_a_notice_is_shown_in_digits_where_no_picture_can_be_had() -> None:
    messages = render([EVERY_REPLY["notice"]], words_for("ja"), seal=seal, page_link=page_link)

    assert "9-0001" in texts(messages)
    assert not [each for each in pieces(messages) if each.get("type") == "image"]
