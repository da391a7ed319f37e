"""What a resident hears of their guidance, and what the visit's record and the check ask for (003-21…23)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dialogs.procedures.install_guidance import INSTALL_GUIDANCE
from dialogs.procedures.install_guidance.certificate import certificate
from dialogs.procedures.install_guidance.visiting import RECHECK, VISIT, is_wanting
from tests.dialogs.procedures import guidances
from tests.dialogs.procedures.guidances import (
    ACCEPTED,
    DEFINITE,
    TOLD,
    WISHED,
    case,
    filed,
    proposed,
    read,
    rechecked,
    say,
    slot,
    told,
    visited,
)

OTHER = date(2027, 6, 17)


def test_nothing_stays_unsaid_that_somebody_else_has_filed() -> None:
    silent = [each.key for each in INSTALL_GUIDANCE.steps if each.key not in {"application", "told"}
              if not told(each.key, case(*DEFINITE), slot=slot(OTHER), **guidances.RECHECK)]  # fmt: skip

    assert silent == []
    assert told("application", case()) == told("told", case()) == []


def test_a_proposal_comes_with_both_answers() -> None:
    said = told("proposed", case(), slot=slot(OTHER), why="その日は別の訪問があるため")

    assert said[:3] == [
        "ほかの日時の提案があります",
        "日時：令和9年6月17日(木) 13:00",
        "事業者から：その日は別の訪問があるため",
    ]
    assert "[この日時でお願いする]" in said
    assert "[日時をえらび直す]" in said
    assert "事業者から" not in str(told("proposed", case(), slot=slot(OTHER)))


def test_the_instruction_says_when_they_come_and_until_when_it_can_be_changed() -> None:
    said = told("instructed", case(ACCEPTED))

    assert said[:2] == ["設置指導の日時が決まりました", "日時：令和9年6月15日(火) 10:00"]
    assert "前の日までに" in str(said)


def test_the_instruction_names_the_time_that_was_agreed_on_last() -> None:
    assert "令和9年6月17日(木) 13:00" in str(told("instructed", case(proposed(OTHER), filed("agreed"))))


def test_a_time_that_went_back_is_apologised_for_and_another_may_be_chosen() -> None:
    said = told("lapsed", case(ACCEPTED))

    assert "申し訳ありません" in str(said)
    assert "[日時をえらび直す]" in said


def test_a_refusal_says_why() -> None:
    assert "理由：見本の理由" in told("declined", case(), declined_why="見本の理由")


@pytest.mark.parametrize(("why", "words"), [("absent", "ご不在でした"), ("weather", "訪問できませんでした")])
def test_a_visit_that_did_not_take_place_says_so_kindly(why: str, words: str) -> None:
    assert words in str(told("missed", case(*DEFINITE), missed_why=why))


def test_the_visit_tells_of_the_certificate_or_of_what_is_to_be_put_right() -> None:
    right = str(told("visited", case(*DEFINITE), **guidances.VISIT))
    wrong = str(told("visited", case(*DEFINITE), confirmed="no", remaining="アース棒を深く埋める"))

    assert "設置確認書（SD9-0001）を交付しました" in right
    assert "7,200V" in right
    assert "設置確認書（SD9-0001）" not in wrong
    assert "直していただくこと：アース棒を深く埋める" in wrong
    assert "3週間後" in right
    assert "3週間後" in wrong


def test_a_later_confirmation_tells_of_the_certificate() -> None:
    assert "設置確認書（SD9-0001）を交付しました" in str(told("confirmed", case(*DEFINITE)))


def test_the_check_tells_what_is_to_be_put_right_and_how() -> None:
    measures: dict[str, Any] = {
        "result": "put_right",
        "measures": ["weeds", "other"],
        "measure_more": "東側の草を刈る",
    }
    said = told("rechecked", case(*DEFINITE, visited()), **measures)

    assert said[0] == "点検の結果、直していただきたいことがあります"
    assert said[1:3] == ["・ワイヤーにふれている草を刈ってください。", "・東側の草を刈る"]
    assert told("rechecked", case(), result="good", voltage=6800)[:2] == [
        "点検の結果：良好です",
        "電圧：6,800V（6000V以上を保ってください）",
    ]


def test_who_takes_a_proposal_reads_which_time_and_that_the_city_decides() -> None:
    step = INSTALL_GUIDANCE.step("agreed")
    assert step
    said = [say(each) for each in step.receipt({}, case(proposed(OTHER)), guidances.world())]

    assert said == ["日時：令和9年6月17日(木) 13:00", "市が確認し、決まったらこのトークでお知らせします。"]


def test_a_move_and_a_cancellation_by_telephone_are_confirmed_in_the_talk() -> None:
    assert told("moved", case(), slot=slot(OTHER))[0] == "新しい希望の日時を受け付けました"
    assert told("cancelled", case())[0] == "設置指導を取りやめました"


# --- the visit's record


def test_the_record_of_a_visit_in_order_is_taken() -> None:
    assert read(VISIT, guidances.VISIT, case(*DEFINITE), today=WISHED) == []


def test_what_must_be_explained_cannot_be_left_out() -> None:
    [refused] = read(VISIT, {**guidances.VISIT, "explained": ["setting", "removal"]}, today=WISHED)

    assert refused.startswith("explained: ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"voltage": 5999},
        {"power": "off"},
        {"polarity": "wrong"},
        {"earth": "shallow"},
        {"plate": "no"},
        {"weeds": "touching"},
        {"tension": "loose"},
        {"source": "outlet"},
    ],
    ids=str,
)
def test_a_fence_that_is_not_as_it_should_be_is_not_certified(wrong: dict[str, object]) -> None:
    answers = {**guidances.VISIT, **wrong}
    refused = read(VISIT, answers, today=WISHED)

    assert [each.partition(":")[0] for each in refused] == ["confirmed"]
    assert read(VISIT, {**answers, "confirmed": "no", "remaining": "直すところ"}, today=WISHED) == []


def test_six_thousand_volts_are_enough() -> None:
    assert not is_wanting({"voltage": 6000})
    assert not is_wanting({})


def test_a_visit_lies_in_the_past() -> None:
    [refused] = read(VISIT, {"visited_on": "2027-06-16"}, today=WISHED)

    assert refused.startswith("visited_on: ")


# --- the check


def test_a_check_that_found_something_is_not_good() -> None:
    found = {**guidances.RECHECK, **TOLD, "weeds": "touching"}

    assert [each.partition(":")[0] for each in read(RECHECK, found, today=date(2027, 7, 6))] == ["result"]
    assert (
        read(RECHECK, {**found, "result": "put_right", "measures": ["weeds"]}, today=date(2027, 7, 6)) == []
    )


def test_who_was_told_and_when_is_asked_only_where_somebody_was() -> None:
    def asked(told_by: str) -> set[str]:
        return {each.key for each in RECHECK.visible({"told_by": told_by})} & {"told_to", "told_on"}

    assert asked("phone") == asked("there") == asked("letter") == asked("talk") == {"told_to", "told_on"}
    assert asked("not_yet") == set()


# --- 家庭菜園用電気柵設置確認書


def test_the_certificate_says_what_was_found_and_explained() -> None:
    found = certificate(case(*DEFINITE, visited()), guidances.world())

    assert found
    said = {say(label): text for label, text in found.rows}
    assert found.day == WISHED
    assert said["電圧"] == "7,200V"
    assert said["極性（赤はワイヤー、緑はアース棒）"] == "正しい"
    assert said["説明したこと"] == "設置方法、使用方法、維持管理の方法、危険防止"
    assert "直していただくこと" not in said


def test_there_is_no_certificate_before_the_fence_was_found_right() -> None:
    wrong = visited(confirmed="no", remaining="アース棒を深く埋める")

    assert certificate(case(*DEFINITE), guidances.world()) is None
    assert certificate(case(*DEFINITE, wrong), guidances.world()) is None
    later = certificate(case(*DEFINITE, wrong, filed("confirmed", OTHER)), guidances.world())
    assert later
    assert later.day == OTHER
    assert "アース棒を深く埋める" not in str(later.rows)


def test_a_certificate_stays_when_the_check_finds_something() -> None:
    at = case(*DEFINITE, visited(), rechecked(result="put_right", told_by="phone"))

    assert certificate(at, guidances.world())
