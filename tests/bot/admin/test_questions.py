"""Residents' questions: asked on LINE, answered once in the console, found by the staff's words from then on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from bot.clock import day_of
from bot.keeping import DAY, Keeping
from bot.serving import make_app
from bot.staffroom import StaffRoom
from dialogs.events import Action, Do
from dialogs.procedure import Role
from dialogs.standing import Grant, Standing
from storage import engine as database
from storage import erasures, questions
from storage.erasures import PERSON, Subject
from storage.questions import Question
from tests.support.phone import Phone
from tests.support.service import House, living
from tests.support.staff import Staff, said

ASKED = "電池は単一ですか、単二ですか"


@dataclass
class Office:
    """A desk with a resident's phone, and the console."""

    house: House
    app: Flask
    phone: Phone
    staff: Staff

    def waiting(self) -> list[Question]:
        with database.read(self.house.service.engine) as conn:
            return list(questions.waiting(conn, 100))

    def ask(self, text: str = ASKED) -> str:
        """Return the address of the question that the resident puts to the staff."""
        before = {each.id for each in self.waiting()}
        self.phone.type("職員に聞く")
        self.phone.type(text)
        [new] = [each for each in self.waiting() if each.id not in before]
        return f"/admin/questions/{new.id}"

    def told(self) -> list[str]:
        """Return what arrives on the phone once all is sent."""
        self.house.settle()
        return self.phone.read()


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with living(database_url, tmp_path, app=make_app) as house:
        app = make_app(house.service)
        phone = Phone(house)
        phone.follow()
        yield Office(house, app, phone, Staff(house.service, app).sign_in())


def test_an_answer_arrives_on_the_phone_of_whoever_asked(office: Office) -> None:
    page = office.ask()
    other = Phone(office.house, "見本 花子")
    other.follow()

    listed = office.staff.page("/admin/questions/")
    answer = office.staff.post(page, {"answer": "単一を4本です。"})

    assert "答えを待っている質問（1件） 答えを待っている質問 日時 質問 連絡 2027-06-07" in listed
    assert f"{ASKED} LINEで答えられます" in listed
    assert (answer.status_code, answer.location) == (303, page)
    assert office.told() == [f"ご質問へのお返事です。\n「{ASKED}」\n\n単一を4本です。" + _typable(office)]
    assert other.read() == []
    assert "答えを待っている質問はありません。" in office.staff.page("/admin/questions/")
    done = office.staff.page(page)
    assert "単一を4本です。" in done
    assert "見本 職員" in done


def _typable(office: Office) -> str:
    """Return the line about words that may be sent, which every message with buttons ends with."""
    text = office.phone.texts[-1]
    return text[text.index("\n\n送れる言葉") :]


def test_the_same_answer_sent_again_changes_and_sends_nothing(office: Office) -> None:
    page = office.ask()
    office.staff.post(page, {"answer": "単一を4本です。"})
    office.told()

    again = office.staff.post(page, {"answer": "単二です。"})

    assert again.status_code == 409
    assert "この質問には、ほかの人が先に答えました。" in said(again)
    assert "単一を4本です。" in said(again)
    assert office.told() == []


def test_of_people_who_answer_at_the_same_moment_one_is_sent(office: Office) -> None:
    page = office.ask()
    members = [Staff(office.house.service, office.app, f"見本 職員{number}").sign_in() for number in range(4)]
    forms = [{"seal": each.seal(), "answer": f"{each.name}の答え"} for each in members]

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda each, form: each.client.post(page, data=form), members, forms)
        codes = sorted(each.status_code for each in answers)

    assert codes == [303, 409, 409, 409]
    assert len(office.told()) == 1


def test_an_entry_answers_in_the_readers_language_and_is_found_by_these_words_afterwards(
    office: Office,
) -> None:
    office.phone.type("English")
    page = office.ask("where do I stick the zapper spike")

    assert office.staff.post(f"{page}/entry", {"entry": "earth"}).status_code == 303

    [told] = office.told()
    words = office.house.service.words["en"]
    assert (
        words.text("アース棒は、深く埋めるほど効果が上がります。できるだけ深くまで埋めてください。") in told
    )
    assert "where do I stick the zapper spike" in told
    assert "「where do I stick the zapper spike」→ 説明「アース棒の深さ」" in office.staff.page(
        "/admin/questions/"
    )
    found = office.phone.type("how far in goes the zapper spike")
    assert words.text("アース棒の深さ") in found[-1]


def test_a_word_can_be_taken_away_again(office: Office) -> None:
    office.staff.post(f"{office.ask('ビリビリ棒ってなに')}/entry", {"entry": "earth"})
    office.told()
    assert "アース棒の深さ" in office.phone.type("ビリビリ棒はどれですか")[-1]

    done = office.staff.post("/admin/questions/words", {"entry": "earth", "word": "ビリビリ棒ってなに"})

    assert (done.status_code, done.location) == (303, "/admin/questions/")
    assert "まだありません。" in office.staff.page("/admin/questions/")
    assert "アース棒の深さ" not in office.phone.type("ビリビリ棒はどれですか")[-1]
    for entry, word in (("earth", "nothing"), ("\0", "x"), ("earth", "\0")):
        assert office.staff.post("/admin/questions/words", {"entry": entry, "word": word}).status_code == 303


@pytest.mark.parametrize("answer", ["", " \n ", "長" * 1001])
def test_an_answer_that_is_empty_or_too_long_is_asked_for_again(office: Office, answer: str) -> None:
    page = office.ask()

    refused = office.staff.post(page, {"answer": answer})

    assert refused.status_code == 422
    assert "答えを1,000文字までで書いてください。" in said(refused)
    assert answer.strip() in refused.text
    assert office.told() == []


def test_an_entry_that_is_none_is_asked_for_again(office: Office) -> None:
    refused = office.staff.post(f"{office.ask()}/entry", {"entry": "nothing"})

    assert refused.status_code == 422
    assert "説明をえらんでください。" in said(refused)


def test_the_nearest_entries_are_offered_first(office: Office) -> None:
    page = office.ask("電圧が低いのですが電池でしょうか")

    options = office.staff.get(page).text.split('<option value="')[2:4]

    assert {each.split('"')[0] for each in options} == {"voltage", "power_unit"}


def test_whoever_has_blocked_the_account_is_shown_and_is_not_sent_anything(office: Office) -> None:
    page = office.ask()
    office.phone.unfollow()

    assert "ブロックされています" in office.staff.page("/admin/questions/")
    assert "本人がLINEをブロックしているため、返事は届きません。" in office.staff.page(page)
    assert office.staff.post(page, {"answer": "単一です。"}).status_code == 303

    assert office.told() == []
    assert "LINEでブロックされているため届きません。" in office.staff.page("/admin/")


def test_a_telephone_number_is_hidden_before_it_is_stored(office: Office) -> None:
    office.ask("090-1234-5678 の見本です。電池は何本ですか")

    assert "090-1234-5678" not in office.staff.get("/admin/questions/").text
    assert "＊＊＊ の見本です。電池は何本ですか" in office.staff.page("/admin/questions/")


def test_a_question_is_gone_once_its_message_is_taken_back(office: Office) -> None:
    office.ask()

    office.phone.unsend()

    assert office.waiting() == []


def test_who_asked_is_forgotten_some_time_after_the_answer(office: Office) -> None:
    page, service = office.ask(), office.house.service
    office.staff.post(page, {"answer": "単一です。"})
    keeping = Keeping(service.engine, service.settings, service.vault, service.register)

    for days, known in ((29, True), (31, False)):
        keeping.tidy(service.clock.now() + days * DAY)
        with database.read(service.engine) as conn:
            [found] = questions.done(conn, 10)
        assert (found.person_id is not None) is known
    assert "単一です。" in office.staff.sign_in().page("/admin/questions/")


def test_somebody_who_is_erased_leaves_no_question(office: Office) -> None:
    office.ask()
    office.staff.post(office.ask("もうひとつの質問です"), {"answer": "はい"})
    service = office.house.service
    with database.write(service.engine) as conn:
        [waiting] = questions.waiting(conn, 10)
        there = erasures.survey(conn, Subject(PERSON, waiting.person_id or ""), service.vault)
        assert there
        assert there.counts()["questions"] == 2
        erasures.erase(conn, there, service.clock.now())

        assert questions.between(conn, None, None) == []


def test_an_auditor_reads_and_answers_nothing(office: Office) -> None:
    page = office.ask()
    auditor = Staff(office.house.service, office.app).sign_in_as("auditor")

    assert ASKED in auditor.page("/admin/questions/")
    assert "文で答える" not in auditor.page(page)
    for address in (page, f"{page}/entry", "/admin/questions/words"):
        assert auditor.post(address, {"answer": "はい", "entry": "earth"}).status_code == 403


@pytest.mark.parametrize("question", ["0" * 32, "nothing", "%00", "x" * 200])
def test_a_question_that_is_not_there_is_not_found(office: Office, question: str) -> None:
    assert office.staff.get(f"/admin/questions/{question}").status_code == 404
    assert office.staff.post(f"/admin/questions/{question}", {"answer": "はい"}).status_code == 404


@pytest.mark.parametrize(("role", "count"), [(Role.STAFF, 1), (Role.MANAGER, 1), (Role.CONTRACTOR, 0)])
def test_the_offices_list_in_teams_says_how_many_wait(office: Office, role: Role, count: int) -> None:
    office.ask()
    service = office.house.service
    room = StaffRoom(service.register, service.office, lambda *_asked: None, service.world)

    with database.read(service.engine) as conn:
        member = Standing("ja", grants=(Grant("*", role),))
        found = room.handed(conn, member, Action(Do.QUEUE), day_of(service.clock.now()))

    assert found.questions == count
