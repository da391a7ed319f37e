"""A resident in the middle of an application asks how the fence is used, and loses nothing of it."""

from __future__ import annotations

from dialogs.howto.cards import reply_to
from storage import engine as database
from storage import questions
from tests.support.phone import Phone
from tests.support.service import House


def test_a_question_in_the_middle_of_an_application(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    phone.type("申請")
    phone.tap("電気柵の貸出を申請する")
    asked = phone.tap("個人")[-1]

    near = phone.type("使い方 電池")
    assert ("パワーユニットと電池" in near[-1], phone.buttons[-1]) == (True, "職員に聞く")
    answered = phone.tap("パワーユニットと電池")
    assert answered[0].startswith("【パワーユニットと電池】")
    assert answered[-1] == asked

    warned = phone.type("雷が鳴ったらどうすればいいですか？")
    assert "119番" in warned[0]
    assert phone.tap("入力にもどる")[-1] == asked

    phone.tap("説明")
    phone.type("職員に聞く")
    back = phone.type("夜も電気を流したままでいいですか")
    assert back[0].startswith("質問を受け付けました。")
    assert back[-1] == asked

    [waiting] = _waiting(house)
    assert (waiting.text, waiting.locale) == ("夜も電気を流したままでいいですか", "ja")
    assert "設置場所の周囲長：40m" in phone.type("40")[0]


def test_after_the_staffs_answer_the_next_question_is_one_tap_away(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    phone.type("職員に聞く")
    phone.type("夜も電気を流したままでいいですか")
    [waiting] = _waiting(house)
    assert waiting.person_id

    _answer(house, waiting.id, waiting.person_id)

    assert phone.read()[0].startswith("ご質問へのお返事です。")
    assert phone.buttons == ["ほかの質問", "職員に聞く"]
    assert "危険を防ぐ" in phone.tap("ほかの質問")[-1]


def test_the_same_answer_queued_twice_arrives_once(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    phone.type("職員に聞く")
    phone.type("夜も電気を流したままでいいですか")
    [waiting] = _waiting(house)
    assert waiting.person_id

    _answer(house, waiting.id, waiting.person_id)
    _answer(house, waiting.id, waiting.person_id)

    assert len(phone.read()) == 1


def _waiting(house: House) -> list[questions.Question]:
    with database.read(house.service.engine) as conn:
        return list(questions.waiting(conn, 10))


def _answer(house: House, question: str, person: str) -> None:
    """Answer as the console does: once, in the transaction that sends it."""
    service, now = house.service, house.clock.now()
    with database.write(service.engine) as conn:
        if questions.answered(conn, question, "見本 職員", now, answer="はい、かまいません。"):
            replies = reply_to("夜も電気を流したままでいいですか", "はい、かまいません。", service.office)
            service.desk.tell(conn, person, replies, f"question/{question}", now)
    service.desk.wake()
    house.settle()
