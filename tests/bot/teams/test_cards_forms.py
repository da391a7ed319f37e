"""A form on one card: sections that unfold, an input for each question, one button for all answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.teams.cards import inputs as inputs_module
from bot.teams.cards import rows
from bot.teams.cards.elements import MOST
from bot.teams.cards.forms import draw_form
from bot.teams.listen import fields_of
from dialogs.events import Action, Do
from dialogs.fields import (
    Choice,
    Choices,
    Consent,
    Day,
    DayRange,
    Field,
    Is,
    LongText,
    Name,
    Number,
    Option,
    Photo,
    Place,
    PostalAddress,
    Text,
)
from dialogs.form import Form, Page
from dialogs.words import say
from tests.dialogs.worlds import world
from tests.support.cardlint import Json, faults, pieces, texts
from tests.support.cards import CODEC, CONVERSATION, asked_at_once, buttons, card, inputs, pen

RESULTS = (Option("normal", "正常"), Option("finding", "指摘"), Option("none", "対象外"))
FIRST, LAST = date(2027, 6, 1), date(2027, 6, 30)


def checks(section: str, count: int, hint: str = "") -> tuple[Field, ...]:
    return tuple(Choice(f"{section}{at}", f"{section}の{at}番目", RESULTS, hint=hint) for at in range(count))


SHEET = Form(
    "sheet",
    "見本の点検",
    "R9",
    (
        Page("body", "本体", (*checks("a", 6, "外観"), *checks("b", 6, "OS"))),
        Page(
            "pc",
            "パソコン",
            (
                *checks("c", 5),
                Number("free", "空き容量", unit="GB", least=0, most=499, decimals=2, hint="外付け"),
                Photo("photo", "写真", required=False),
            ),
        ),
    ),
)
EVERYTHING = Form(
    "all",
    "見本のすべて",
    "R9",
    (
        Page(
            "one",
            "すべて",
            (
                Choice("result", "結果", RESULTS),
                Choices("seen", "見たもの", RESULTS),
                Consent("agreed", "確認", statement="[約束](https://evil.example) を守ります。"),
                Day("day", "点検実施日", least=FIRST, most=LAST),
                DayRange("period", "期間", bounds=lambda _given: (FIRST, LAST)),
                Number("free", "空き容量", unit="GB", least=0, most=499),
                Text("firm", "業者", longest=80, example="見本システム", required=False),
                LongText("notes", "記入欄", required=False, longest=500),
                Place("place", "場所"),
                Name("name", "氏名", personal=True),
                PostalAddress("address", "住所"),
            ),
        ),
    ),
)


def drawn(form: Form = SHEET, locale: str = "ja", **more: Any) -> dict[str, Any]:
    answers = more.pop("answers", {})
    found = card(asked_at_once(form, answers, world(), **more), locale)
    assert faults(found) == []
    return found


def section(found: Json, key: str) -> Json:
    return next(each for each in pieces(found) if each.get("id") == f"page:{key}")


def test_every_question_is_an_input_that_is_named_like_its_field() -> None:
    found = inputs(drawn())

    assert [*found] == [
        *(f"{row}{at}" for row in "ab" for at in range(6)),
        *(f"c{at}" for at in range(5)),
        "free",
    ]
    assert found["a0"]["type"] == "Input.ChoiceSet"
    assert [(each["title"], each["value"]) for each in found["a0"]["choices"]] == [
        ("正常", "normal"),
        ("指摘", "finding"),
        ("対象外", "none"),
    ]


def test_each_control_is_drawn_with_the_input_made_for_it() -> None:
    found = inputs(drawn(EVERYTHING))

    assert {key: each["type"].removeprefix("Input.") for key, each in found.items()} == {
        "result": "ChoiceSet",
        "seen": "ChoiceSet",
        "agreed": "Toggle",
        "day": "Date",
        "period/from": "Date",
        "period/to": "Date",
        "free": "Number",
        "firm": "Text",
        "notes": "Text",
        "place": "Text",
        "name": "Text",
        "address/postcode": "Text",
        "address/area": "Text",
        "address/rest": "Text",
    }
    assert found["seen"]["isMultiSelect"] is True
    assert (found["day"]["min"], found["day"]["max"]) == ("2027-06-01", "2027-06-30")
    assert (found["firm"]["maxLength"], found["notes"]["isMultiline"]) == (80, True)
    assert found["free"]["label"] == "空き容量（GB）"
    assert found["agreed"]["label"] == "[約束](https://evil.example) を守ります。"


def test_what_may_stay_empty_says_so_and_nothing_is_demanded_of_what_may_be_folded_away() -> None:
    found = inputs(drawn(EVERYTHING))

    assert found["firm"]["label"] == "業者（任意）"
    assert not any("isRequired" in each for each in (*found.values(), *inputs(drawn()).values()))


def test_one_button_sends_the_answers_and_names_the_conversation() -> None:
    found = drawn(EVERYTHING)

    assert buttons(found) == {"送信": Action(Do.FILL, CONVERSATION), "中止": Action(Do.QUIT, CONVERSATION)}
    assert buttons(found, "somebody else") == {"送信": None, "中止": None}
    send, quit_ = found["actions"]
    assert "associatedInputs" not in send
    assert quit_["associatedInputs"] == "none"


def test_what_comes_back_is_read_as_the_parts_of_the_fields_also_where_a_client_sends_nothing() -> None:
    found = drawn(EVERYTHING)
    typed = {"seen": "normal,none", "free": 205.5, "period/to": "2027-06-09", "agreed": "yes"}

    came = fields_of({**found["actions"][0]["data"], **typed})

    assert {key for key, parts in came.items() if any(parts.values())} == {"seen", "free", "period", "agreed"}
    assert came["seen"] == {"": ["normal", "none"]}
    assert came["free"] == {"": "205.5"}
    assert came["period"] == {"from": "", "to": "2027-06-09"}
    assert came["address"] == {"postcode": "", "area": "", "rest": ""}
    assert [*came] == [*dict.fromkeys(name.partition("/")[0] for name in inputs(found))]


def test_many_questions_are_folded_into_the_pages_of_the_form() -> None:
    found = drawn()

    assert "isVisible" not in section(found, "body")
    assert section(found, "pc")["isVisible"] is False
    headers = [each for each in pieces(found) if each.get("style") == "emphasis"]
    assert [each["selectAction"]["targetElements"] for each in headers] == [
        [f"page:{key}", f"page:{key}:open", f"page:{key}:shut"] for key in ("body", "pc")
    ]
    marks = {
        each["id"]: each["isVisible"]
        for each in pieces(found)
        if str(each.get("id")).endswith((":open", ":shut"))
    }
    assert marks == {
        "page:body:open": True,
        "page:body:shut": False,
        "page:pc:open": False,
        "page:pc:shut": True,
    }


def test_a_header_tells_how_far_its_section_is() -> None:
    found = drawn(answers={"a0": "normal", "a1": "finding", "c0": "none"})

    assert "2/12 済み" in texts(found)
    assert "1/6 済み" in texts(found)
    headers = [each for each in pieces(found) if each.get("style") == "emphasis"]
    assert headers[1]["selectAction"]["title"] == "パソコン 1/6 済み、開く・閉じる"


def test_few_questions_stand_open_below_each_other() -> None:
    found = drawn(answers={f"{row}{at}": "normal" for row in "abc" for at in range(6)} | {"a0": None})

    assert [*inputs(found)] == ["a0", "free"]
    assert not any(each.get("targetElements") for each in pieces(found))
    assert all(each.get("isVisible", True) for each in pieces(found))


def test_a_photo_stands_on_no_card() -> None:
    assert "photo" not in inputs(drawn())


def test_what_was_answered_before_stands_in_its_input() -> None:
    kept = {
        "result": "finding",
        "seen": ["normal", "none"],
        "agreed": True,
        "day": "2027-06-02",
        "period": {"from": "2027-06-02", "to": "2027-06-03"},
        "free": 205.5,
        "notes": "見本",
    }
    ask = asked_at_once(EVERYTHING, {}, world())

    found = inputs(card(replace(ask, answers=kept)))

    assert {key: each["value"] for key, each in found.items() if "value" in each} == {
        "result": "finding",
        "seen": "normal,none",
        "agreed": "yes",
        "day": "2027-06-02",
        "period/from": "2027-06-02",
        "period/to": "2027-06-03",
        "free": 205.5,
        "notes": "見本",
    }


def test_no_personal_answer_stands_on_a_card() -> None:
    ask = asked_at_once(EVERYTHING, {}, world())

    found = card(replace(ask, answers={"name": "札幌 花子（見本）"}))

    assert "花子" not in json.dumps(found, ensure_ascii=False)


def test_last_times_value_stands_beside_the_number() -> None:
    assert inputs(drawn(last={"free": "205GB"}))["free"]["label"] == "空き容量（GB）　前回 205GB"


def test_a_refused_answer_says_why_beside_its_input_and_its_section_is_open() -> None:
    found = drawn(refused={"c1": say("1から{count}までです。", count=3)})

    assert section(found, "body")["isVisible"] is False
    opened = section(found, "pc")
    assert "isVisible" not in opened
    at = [each.get("id") for each in opened["items"]].index("c1")
    assert opened["items"][at + 1]["inlines"] == [
        {"type": "TextRun", "text": "⚠ 1から3までです。", "color": "Attention"}
    ]
    assert "直していただきたい答えが 1 件あります。" in texts(found)


def test_a_refusal_of_what_is_not_asked_here_is_said_all_the_same() -> None:
    assert "⚠ 写真が要ります。" in texts(drawn(refused={"photo": say("写真が要ります。")}))


def test_a_hint_that_several_questions_share_is_their_heading() -> None:
    found = drawn()

    assert texts(found).splitlines().count("外観") == 1
    assert texts(found).splitlines().count("OS") == 1
    items = section(found, "body")["items"]
    assert items[0]["inlines"][0]["text"] == "外観"
    assert items[7]["inlines"][0]["text"] == "OS"
    number = section(found, "pc")["items"][-1]
    assert number["inlines"][0] == {"type": "TextRun", "text": "外付け", "isSubtle": True, "size": "Small"}


def test_a_hint_that_names_another_question_is_a_heading_above_what_is_asked_of_it() -> None:
    more = Text("more", "指摘の内容", hint="異音はないか", when=Is("noise", "finding"))
    form = Form("c", "見本", "R9", (Page("p", "頁", (Choice("noise", "異音はないか", RESULTS), more)),))

    lines = texts(drawn(form, answers={"noise": "finding"})).splitlines()

    assert lines.index("異音はないか") < lines.index("指摘の内容")


def test_going_back_makes_no_sense_on_a_card() -> None:
    found = drawn(answers={"a0": "normal"})

    assert [each["title"] for each in found["actions"]] == ["送信", "中止"]


def long_form(count: int) -> Form:
    fields = tuple(
        LongText(f"q{at}", f"とても長い質問{at}" * 9, hint=f"説明{at}" * 20) for at in range(count)
    )
    half = count // 2
    return Form(
        "long", "長い書類", "R9", (Page("one", "前半", fields[:half]), Page("two", "後半", fields[half:]))
    )


def test_a_card_never_passes_the_limit_and_the_rest_follows_on_the_next() -> None:
    form = long_form(90)
    asked: list[str] = []
    answers: dict[str, str] = {}

    for _ in range(5):
        if not form.missing(answers):
            break
        found = drawn(form, answers=answers)
        left = len(form.missing(answers)) - len(inputs(found))
        assert (f"残りの {left} 問は、送信のあとに続きます。" in texts(found)) == bool(left)
        assert [*fields_of(found["actions"][0]["data"])] == [*inputs(found)]
        asked += inputs(found)
        answers |= dict.fromkeys(inputs(found), "見本")

    assert asked == [each.key for each in form.fields]


def test_a_card_is_filled_before_another_is_begun() -> None:
    found = drawn(long_form(90))

    weight = len(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))
    assert MOST - 2_000 < weight <= MOST


def test_a_question_is_drawn_once_for_everybody_and_anew_where_something_stands_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = rows.Rows()
    made: list[object] = []

    def counted(*given: Any) -> list[dict[str, Any]]:
        made.append(given)
        return inputs_module.draw_box(*given)

    monkeypatch.setattr(rows, "draw_box", counted)
    ask = asked_at_once(SHEET, {}, world())
    first = draw_form(ask, pen(), kept)
    count = len(made)
    again = draw_form(replace(ask, conversation="d" * 32), pen("another"), kept)

    assert (count, len(made)) == (18, 18)
    assert len(again) == len(first)
    assert CODEC.open("another", json.loads(again)["actions"][0]["data"]["m"]) == Action(Do.FILL, "d" * 32)

    draw_form(replace(ask, refused={"a0": say("だめです。")}), pen(), kept)
    assert len(made) == 19


def test_no_more_rows_are_kept_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_KEPT", 3)
    kept = rows.Rows()

    draw_form(asked_at_once(SHEET, {}, world()), pen(), kept)

    assert kept.count() == 3


def test_languages_share_no_rows() -> None:
    kept, ask = rows.Rows(), asked_at_once(EVERYTHING, {}, world())

    japanese, english = (json.loads(draw_form(ask, pen(locale=each), kept)) for each in ("ja", "en"))

    assert (english["lang"], japanese["lang"]) == ("en", "ja")
    assert inputs(english)["firm"]["placeholder"] != inputs(japanese)["firm"]["placeholder"]


def test_a_condition_is_asked_on_the_next_card_only() -> None:
    form = Form(
        "c",
        "見本",
        "R9",
        (Page("p", "頁", (Choice("a", "甲", RESULTS), Text("b", "乙", when=Is("a", "finding")))),),
    )

    assert [*inputs(drawn(form))] == ["a"]
    assert [*inputs(drawn(form, answers={"a": "finding"}))] == ["b"]
