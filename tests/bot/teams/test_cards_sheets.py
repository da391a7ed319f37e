"""The sheet of a case: one card for everybody, with what it is about, who signed it, and the buttons to sign it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.teams.cards import received_card, sheet_card, summary, told_card
from bot.teams.cards.elements import MOST
from bot.teams.listen import SHEET, opener, pressed
from bot.words import LOCALES, words_for
from dialogs.events import Action, Decided, Do
from dialogs.fields.base import Control, Option
from dialogs.replies import CaseSheet, Change, Deed, DeedInput, Signature
from dialogs.words import Message, say
from tests.support.cardlint import Json, faults, pieces, texts
from tests.support.cards import ACCOUNT, CODEC, activities, buttons, card, console_link, inputs

REFERENCE = "R9-0012"
TRICK = "[ここ](https://evil.example) **太字**\n1. 二行目"
WHY = DeedInput("reason", Control.LINES, say("理由"), hint="申請者に伝わります。")
WHICH = DeedInput(
    "fields",
    Control.MANY_OF,
    say("直してほしい項目"),
    options=(Option("perimeter", "周囲長"), Option("period", "借用期間")),
)
EXCEPTIONS = DeedInput(
    "exceptions",
    Control.MANY_OF,
    say("適用する例外"),
    required=False,
    options=(Option("twice", "2回目の貸出"),),
)
CASE = CaseSheet(
    REFERENCE,
    say("電気柵の貸出"),
    date(2027, 6, 7),
    say("係長の決裁待ち"),
    seen=3,
    facts=((say("周囲長"), "40m"), (say("作物"), TRICK)),
    flags=(say("受け取りまで{days}日しかありません。", days=5), say("クマの痕跡があります。")),
    signed=(
        Signature(say("係"), "見本 一郎", date(2027, 6, 8), say("確認しました")),
        Signature(say("係長"), "見本 二郎", date(2027, 6, 9), say("決裁しました"), deputy=True),
    ),
    changes=(Change(say("周囲長"), say("40m"), say("{answer}", answer=TRICK)),),
    deeds=(
        Deed(say("決裁する"), "chief_signed", "approve", style="positive"),
        Deed(say("差し戻す"), "chief_signed", "return", (WHICH, WHY)),
        Deed(say("却下する"), "chief_signed", "refuse", (WHY,), "destructive"),
    ),
)


def drawn(
    sheet: CaseSheet = CASE, locale: str = "ja", console: str = console_link(REFERENCE)
) -> dict[str, Any]:
    made = sheet_card(
        sheet, words_for(locale), lambda action: CODEC.seal(f"{SHEET}{REFERENCE}", action), console
    )
    assert faults(made) == []
    return made


def link(found: Json) -> Json:
    """Return the button that leads out of Teams."""
    return next(each for each in pieces(found) if each.get("type") == "Action.OpenUrl")


def unfolded(found: Json, title: str) -> Json:
    """Return the card that the button *title* unfolds."""
    shown = next(each for each in found["actions"] if each["title"] == title)
    assert shown["type"] == "Action.ShowCard"
    return shown["card"]  # type: ignore[no-any-return]


def decided(found: Json, title: str, **typed: str) -> Decided:
    """Return what the door hears when the button *title* is pressed beside what was *typed*."""
    done = next(
        each for each in pieces(found) if each.get("title") == title and each["type"] == "Action.Execute"
    )
    names = {name.partition("/")[0]: name for name in inputs(found) if name.endswith(f"/{_outcome(done)}")}
    data = {**done["data"], **{names[key]: value for key, value in typed.items()}}
    heard = pressed(data, opener(CODEC, ACCOUNT))
    assert isinstance(heard, Decided)
    return heard


def _outcome(done: Json) -> str:
    action = CODEC.open(f"{SHEET}{REFERENCE}", done["data"]["m"])
    assert action
    return action.part.partition("/")[2]


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_drawn_in_every_language(locale: str) -> None:
    assert drawn(locale=locale)["lang"] == locale.partition("@")[0]


def test_it_says_what_the_case_is_how_it_stands_and_what_is_remarkable() -> None:
    found = drawn()

    said = texts(found)
    for each in ("電気柵の貸出", REFERENCE, "令和9年6月7日(月) 受付", "係長の決裁待ち", "周囲長", "40m"):
        assert each in said
    flagged = next(each for each in pieces(found) if each.get("style") == "attention")
    assert [each["inlines"][0]["text"] for each in flagged["items"]] == [
        "⚠ 受け取りまで5日しかありません。",
        "⚠ クマの痕跡があります。",
    ]
    assert {each["inlines"][0]["color"] for each in flagged["items"]} == {"Attention"}


def test_it_says_who_signed_what_when_and_for_somebody_else() -> None:
    lines = texts(drawn()).splitlines()

    at = lines.index("係長")
    assert lines[at : at + 4] == ["係長", "決裁しました", "見本 二郎（代決）", "\u3000令和9年6月9日(水)"]
    assert "見本 一郎" in lines


def test_it_shows_what_changed_since_it_was_sent_back() -> None:
    found = drawn()

    struck = [each["text"] for each in pieces(found) if each.get("strikethrough")]
    assert struck == ["40m"]
    assert "→ [ここ](https://evil.example) **太字**" in texts(found).splitlines()


def test_what_somebody_wrote_is_never_read_as_markdown() -> None:
    blocks = [each["text"] for each in pieces(drawn()) if each.get("type") == "TextBlock"]

    assert set(blocks) == {"電気柵の貸出", "変わったところ", "決裁の記録"}


def test_nothing_that_somebody_wrote_is_read_aloud_or_announced() -> None:
    (sent,) = activities(CASE)
    found = sent["attachments"][0]["content"]

    assert sent["summary"] == summary(CASE, words_for("ja")) == f"{REFERENCE}\u3000電気柵の貸出"
    assert found["speak"] == sent["summary"]
    assert "evil" not in found["fallbackText"]


def test_what_is_read_aloud_holds_no_markup() -> None:
    found = drawn(replace(CASE, title=say("貸出 <emphasis> & 返却")))

    assert found["speak"] == f"{REFERENCE}\u3000貸出 〈emphasis〉 ＆ 返却"


def test_a_button_without_questions_signs_at_once() -> None:
    assert decided(drawn(), "決裁する") == Decided(REFERENCE, "chief_signed", "approve", 3)


def test_what_is_asked_beside_a_button_comes_along_with_it() -> None:
    found = drawn()

    returned = decided(found, "差し戻す", fields="perimeter,period", reason="短いため")
    refused = decided(found, "却下する", reason="市外のため")

    assert (returned.outcome, refused.outcome) == ("return", "refuse")
    assert returned.fields["fields"] == {"return": ["perimeter", "period"]}
    assert returned.fields["reason"] == {"return": "短いため"}
    assert refused.fields["reason"] == {"refuse": "市外のため"}


def test_a_reason_is_demanded_before_the_button_can_be_pressed() -> None:
    inner = unfolded(drawn(), "却下する")

    (asked,) = inputs(inner).values()
    assert (asked["isRequired"], asked["isMultiline"], asked["maxLength"]) == (True, True, 300)
    assert asked["errorMessage"] == "入力してください。"
    assert "associatedInputs" not in inner["actions"][0]


def test_what_need_not_be_chosen_is_not_demanded() -> None:
    sheet = replace(CASE, deeds=(Deed(say("決裁する"), "decision", "approve", (EXCEPTIONS,), "positive"),))

    (asked,) = inputs(drawn(sheet)).values()

    assert "isRequired" not in asked
    assert decided(drawn(sheet), "決裁する", exceptions="twice").fields == {
        "exceptions": {"approve": ["twice"]}
    }


def test_the_buttons_belong_to_the_case_and_to_nobody_alone() -> None:
    found = drawn()

    mine, others = buttons(found, ACCOUNT), buttons(found, f"{SHEET}R9-0013")
    assert set(mine.values()) == set(others.values()) == {None}
    assert buttons(found, f"{SHEET}{REFERENCE}")["決裁する"] == Action(
        Do.DECIDE, "", REFERENCE, "chief_signed/approve", "3"
    )


def test_everybody_sees_the_same_sheet() -> None:
    assert "refresh" not in drawn()
    assert card(CASE) == drawn()


def test_a_case_that_is_decided_has_no_buttons_but_the_link() -> None:
    found = drawn(replace(CASE, deeds=()))

    assert "actions" not in found
    assert link(found)["url"] == console_link(REFERENCE)


def test_the_link_leads_to_the_case_in_the_console() -> None:
    found = link(drawn())

    assert (found["title"], found["url"]) == ("管理画面で見る", console_link(REFERENCE))
    assert not any(each.get("type") == "Action.OpenUrl" for each in pieces(drawn(console="")))


def test_long_texts_are_shortened_until_the_sheet_fits() -> None:
    long = tuple((say("質問{number}", number=at), "長い答え" * 200) for at in range(60))

    found = drawn(replace(CASE, facts=long))

    said = texts(found)
    assert all(f"質問{at}" in said for at in range(60))
    assert "…" in said
    assert [*buttons(found)] == ["決裁する", "差し戻す", "却下する"]


def test_a_sheet_that_fits_in_no_way_leads_to_the_console() -> None:
    endless = tuple((say("質問{number}", number=at), "答え") for at in range(1000))

    found = drawn(replace(CASE, facts=endless))

    assert REFERENCE in texts(found)
    assert "actions" not in found
    assert link(found)["url"] == console_link(REFERENCE)


def test_a_sheet_of_hostile_lengths_stays_within_the_limit() -> None:
    facts = tuple((say("質問"), "\n" * 500 + "👨‍👩‍👧‍👦" * 500) for _ in range(20))

    found = drawn(replace(CASE, facts=facts))

    assert len(json.dumps(found, ensure_ascii=False).encode("utf-16-le")) <= MOST + 2_000


@pytest.mark.parametrize("locale", LOCALES)
def test_the_card_that_takes_the_place_of_a_sent_one_says_that_it_arrived(locale: str) -> None:
    arrived, told = received_card(words_for(locale)), told_card(words_for(locale), "古くなりました。")

    assert faults(arrived) == faults(told) == []
    assert "actions" not in {*arrived, *told}
    assert texts(arrived).startswith("✓ ")
    assert texts(told) == "古くなりました。"


def test_an_empty_answer_is_said_to_be_none() -> None:
    changed = replace(
        CASE, changes=(Change(say("メモ"), Message(""), say("あり")),), facts=((say("メモ"), ""),)
    )

    assert "（なし）" in texts(drawn(changed))


def test_a_long_name_of_a_question_gets_half_of_the_line() -> None:
    def widths(label: str) -> set[str]:
        found = drawn(replace(CASE, facts=((say(label), "40m"),), changes=(), signed=()))
        return {each["columns"][1]["width"] for each in pieces(found) if each.get("type") == "ColumnSet"}

    assert (widths("周囲長"), widths("PC3：異音・外部の破損などはないか")) == ({"2"}, {"1"})
