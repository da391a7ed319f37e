"""Guidance from the wish to the check whose result was told: on LINE and in Teams (003-21…24)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import TOKYO
from bot.holders import HolderDesk
from dialogs.procedure import Role
from dialogs.standing import Grant
from storage import engine as database
from storage import erasures
from storage.erasures import Subject
from storage.keyring import PRINTS, add_key
from storage.staff import CONTRACTOR
from storage.tables_holders import case_holders
from tests.dialogs.procedures.guidances import RECHECK, TOLD, VISIT
from tests.support.applying import APPLICANT, SECRETS, fill_page, references, type_all
from tests.support.holders import csv
from tests.support.office import Office, Person, office, shown
from tests.support.pictures import with_place
from tests.support.service import StandingClock, Webhooks, count, post, rows
from tests.support.service import shown as line_shown

PHOTOGRAPHED = ("設置指導の実施", "3週間後の点検")
PASTED = "/sample/pasted.png"
WISH = ("本人", "1", "設置方法")
PAGE = {key: value for key, value in APPLICANT.items() if key != "email"}
ELSEWHERE = {**PAGE, "address": {"postcode": "064-0941", "area": "", "rest": "4丁目5-6"}}


@dataclass
class Garden:
    """One holder on LINE, the contractor and the city in Teams."""

    house: Office
    clerk: Person
    worker: Person
    phone: Webhooks = field(default_factory=Webhooks)

    @property
    def reference(self) -> str:
        return references(self.house.service, self.phone.user_id)[-1]

    def _queued(self) -> list[str]:
        self.house.service.delivery.run_until_idle()
        asked = "SELECT body FROM outbox WHERE channel = 'line' AND kind = 'messages' AND recipient = :who ORDER BY id"
        return [each.body for each in rows(self.house.service, asked, who=self.phone.user_id)]

    def heard(self, seen: int = -1) -> str:
        """Return what LINE said since *seen* messages, the last one without it."""
        return "\n".join(
            line_shown(each) for body in self._queued()[seen:] for each in json.loads(body)["messages"]
        )

    def types(self, *words: str) -> str:
        """Say *words* on LINE; return what the desk answered."""
        seen = len(self._queued())
        type_all(self.house.service, self.phone, *words)
        return self.heard(seen)

    def taps(self, label: str) -> str:
        """Tap the newest button *label* that LINE ever showed; return what the desk answered."""
        queued = self._queued()
        data = next(found for body in reversed(queued) for found in buttons(json.loads(body), label))
        assert post(self.house.service, self.phone.postback(data)) == 200
        return self.heard(len(queued))

    def applies(self, when: str = "6月15日 10時", number: str = "R9-0012", page: object = PAGE) -> str:
        """Ask for a visit; return what LINE said last."""
        self.types("メニュー", "電気柵の設置指導を申し込む", number, *WISH, when)
        assert fill_page(self.house.service, self.phone.user_id, page) is None  # type: ignore[arg-type]
        return self.types("申し込む")

    def presses(self, person: Person, button: str, **inputs: str) -> str:
        """Let *person* press *button* on the case's sheet; return what LINE said."""
        seen = len(self._queued())
        person.types(f"検索 {self.reference}")
        person.press(button, **inputs)
        return self.heard(seen)

    def files(self, person: Person, step: str, confirm: str, /, **inputs: str) -> str:
        """Let *person* open the form of *step* from the case's sheet and send it; return what LINE said."""
        seen = len(self._queued())
        person.types(f"検索 {self.reference}")
        person.press(step)
        while inputs:  # what an answer brings up comes on a card of its own
            card = json.dumps(person.cards[-1])
            here = {key: value for key, value in inputs.items() if f'"id": "{key}"' in card}
            assert here, (inputs, shown(person.cards[-1]))
            person.press("送信", **here)
            inputs = {key: value for key, value in inputs.items() if key not in here}
        if step in PHOTOGRAPHED:
            self._photo(person)
        person.press(confirm)
        return self.heard(seen)

    def _photo(self, person: Person) -> None:
        """Let *person* paste the photo that is asked for after the card."""
        self.house.connector.files[PASTED] = with_place()
        person.sends(person.says.pasted(self.house.connector.url + PASTED))

    def sheet(self, person: Person) -> str:
        person.types(f"検索 {self.reference}")
        return shown(person.cards[-1])

    def steps(self) -> list[str]:
        return [
            each.step for each in rows(self.house.service, "SELECT step FROM submissions ORDER BY number")
        ]

    def held(self) -> list[str]:
        """Return the times of visits that are taken."""
        asked = "SELECT slot FROM claims WHERE pool = 'visit' AND released_at IS NULL ORDER BY slot"
        return [each.slot for each in rows(self.house.service, asked)]

    def at(self, day: int, hour: int = 9, month: int = 6) -> str:
        """Let it be that hour of that day, and what is due be done; return what LINE said of it."""
        seen = len(self._queued())
        self.house.clock.set(datetime(2027, month, day, hour, 5, tzinfo=TOKYO))
        self.house.service.jobs.tick()
        return self.heard(seen)


def buttons(value: object, label: str) -> Iterator[str]:
    """Yield what the buttons of a message that say *label* send back."""
    if isinstance(value, list):
        for each in value:
            yield from buttons(each, label)
    if isinstance(value, dict):
        if value.get("type") == "postback" and value.get("label") == label:
            yield value["data"]
        for each in value.values():
            yield from buttons(each, label)


def listed(house: Office) -> None:
    """Put the sample holders on the list."""
    service = house.service
    desk = HolderDesk(
        service.engine, service.vault, service.world(datetime(2027, 6, 7, tzinfo=TOKYO).date()).postal
    )
    found = desk.preview(csv(), "見本 係員", service.clock.now())
    assert desk.take(found.draft, "見本 係員", "staff", service.clock.now())


@pytest.fixture
def garden(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Garden]:
    with office(database_url, tmp_path, clock) as house:
        add_key(house.service.settings.vault_keys_file, PRINTS)
        listed(house)
        yield Garden(
            house,
            house.member("見本 係員", Grant("install_guidance", Role.STAFF)),
            house.member("見本 作業員", Grant("install_guidance", Role.CONTRACTOR), organisation=CONTRACTOR),
        )


def definite(garden: Garden) -> None:
    """Bring the guidance to the city's instruction."""
    garden.applies()
    garden.presses(garden.worker, "希望の日時の承諾")
    garden.presses(garden.clerk, "実施の指示")


def test_a_wish_is_accepted_and_only_the_city_s_instruction_makes_it_definite(garden: Garden) -> None:
    receipt = garden.applies()

    assert "SD9-0001" in receipt
    assert "令和9年6月15日(火) 10:00" in receipt
    assert garden.held() == ["2027-06-15T10:00"]

    accepted = garden.presses(garden.worker, "希望の日時の承諾")
    assert "市が確認し" in accepted
    told = garden.presses(garden.clerk, "実施の指示")

    assert "設置指導の日時が決まりました" in told
    assert garden.steps() == ["application", "accepted", "instructed"]
    assert garden.held() == ["2027-06-15T10:00"]
    assert "（決定）" in garden.sheet(garden.worker)


def test_the_contractor_cannot_give_the_city_s_instruction(garden: Garden) -> None:
    garden.applies()
    garden.presses(garden.worker, "希望の日時の承諾")
    garden.presses(garden.worker, "実施の指示")

    assert garden.steps() == ["application", "accepted"]


def test_another_time_is_proposed_and_taken(garden: Garden) -> None:
    garden.applies()
    told = garden.files(
        garden.worker, "ほかの日時の提案", "提案する", **{"slot/day": "2027-06-17", "slot/time": "13:00"}
    )

    assert "ほかの日時の提案があります" in told
    assert garden.held() == ["2027-06-17T13:00"]
    garden.types("メニュー", "提案された日時でお願いする")
    assert garden.steps()[-1] == "agreed"
    assert "令和9年6月17日(木) 13:00" in garden.presses(garden.clerk, "実施の指示")


def test_a_number_that_is_not_on_the_list_gets_no_visit(garden: Garden) -> None:
    garden.types("メニュー", "電気柵の設置指導を申し込む", "R9-9999")

    assert "名簿に見つかりません" in garden.heard()
    assert garden.held() == []


def test_the_city_sees_whether_number_and_address_agree_with_the_list(garden: Garden) -> None:
    garden.applies()
    assert "補助金の名簿\n番号と住所が一致" in garden.sheet(garden.clerk)

    garden.phone = Webhooks("U" + "e" * 32)
    garden.applies(when="6月16日 10時", page=ELSEWHERE)
    other = garden.sheet(garden.clerk)
    assert "住所が名簿と一致しません" in other
    assert "同じ補助金番号の申し込み：SD9-0001" in other


def test_a_time_that_the_city_says_nothing_about_goes_back_by_itself_and_another_may_be_chosen(
    garden: Garden,
) -> None:
    garden.applies(when="7月20日 10時")
    assert garden.at(14) == ""
    told = garden.at(15)

    assert "日程が決まりませんでした" in told
    assert garden.held() == []
    assert garden.steps() == ["application", "lapsed"]
    garden.types("メニュー", "日時をえらぶ・変える", "7月21日 10時", "この日時を希望する")
    assert garden.held() == ["2027-07-21T10:00"]
    assert garden.at(16) == ""


def test_a_visit_is_reminded_of_can_be_moved_until_the_day_before_and_not_on_its_day(garden: Garden) -> None:
    definite(garden)

    assert "明日は、電気柵の設置指導の日です" in garden.at(14)
    assert "今日は、電気柵の設置指導の日です" in garden.at(15)
    late = garden.taps("日時を変える")
    assert "訪問の当日になったので" in late
    assert garden.held() == ["2027-06-15T10:00"]


def test_a_visit_that_is_moved_needs_a_new_instruction(garden: Garden) -> None:
    definite(garden)
    garden.types("メニュー", "日時をえらぶ・変える", "6月18日 11時", "この日時を希望する")

    assert garden.held() == ["2027-06-18T11:00"]
    assert "事業者の返事待ち" in garden.sheet(garden.clerk)
    assert garden.at(14) == ""  # nobody is reminded of the time that was given up


def test_a_sheet_that_shows_a_time_that_was_moved_instructs_nothing_and_tells_the_new_one(
    garden: Garden,
) -> None:
    garden.applies()
    garden.presses(garden.worker, "希望の日時の承諾")
    garden.sheet(garden.clerk)
    stale = garden.clerk.cards[-1]
    garden.types("メニュー", "日時をえらぶ・変える", "2027-06-18 11:00", "この日時を希望する")
    garden.presses(garden.worker, "希望の日時の承諾")

    answer = garden.clerk.press("実施の指示", stale)

    assert garden.steps()[-1] == "accepted"
    told = str(garden.clerk.messages[-1]) + str(answer)
    assert "いまの日時：令和9年6月18日(金) 11:00" in told
    assert "令和9年6月18日(金) 11:00" in garden.presses(garden.clerk, "実施の指示")


def test_giving_up_lets_the_time_go(garden: Garden) -> None:
    definite(garden)
    garden.types("メニュー", "設置指導を取りやめる", "1", "設置指導を取りやめる")

    assert garden.steps()[-1] == "cancelled"
    assert garden.held() == []
    assert garden.at(15) == ""


def test_of_two_visits_at_a_time_the_third_is_offered_another(garden: Garden) -> None:
    first, second = Garden(garden.house, garden.clerk, garden.worker, Webhooks("U" + "1" * 32)), garden
    first.applies()
    second.applies(number="R9-0013")
    third = Garden(garden.house, garden.clerk, garden.worker, Webhooks("U" + "3" * 32))
    third.types("メニュー", "電気柵の設置指導を申し込む", "R9-0014", *WISH, "6月15日 10時")

    assert "もう空いていません" in third.heard()
    assert garden.held() == ["2027-06-15T10:00", "2027-06-15T10:00"]


def test_erasing_a_case_erases_what_its_holder_gave(garden: Garden) -> None:
    garden.applies()
    service = garden.house.service
    assert count(service, case_holders) == 1

    case = rows(service, "SELECT id FROM cases")[0].id
    with database.write(service.engine) as conn:
        there = erasures.survey(conn, Subject("case", case), service.vault)
        assert there
        erasures.erase(conn, there, service.clock.now())
    assert count(service, case_holders) == 0


def test_nothing_personal_leaves_the_vault(garden: Garden) -> None:
    definite(garden)
    garden.at(14)

    sent = "\n".join(str(each.activity) for each in garden.house.connector.taken)
    queued = "\n".join(each.body for each in rows(garden.house.service, "SELECT body FROM outbox"))
    for secret in SECRETS:
        assert secret == "見本" or secret not in sent.replace("見本 作業員", "")
        assert secret == "見本" or secret not in queued


def inputs(answers: object) -> dict[str, str]:
    """Return *answers* as a card's inputs give them."""
    assert isinstance(answers, dict)
    return {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in answers.items()}


def visited(garden: Garden, **more: str) -> str:
    """Let the visit be reported; return what LINE said."""
    return garden.files(
        garden.worker,
        "設置指導の実施",
        "記録する",
        **{**inputs(VISIT), "visited_on": "2027-06-15", **more},
    )


def test_the_visit_gives_a_certificate_and_one_check_three_weeks_later_that_is_told(garden: Garden) -> None:
    definite(garden)
    garden.at(15, 11)
    told = visited(garden)

    assert "設置確認書（SD9-0001）を交付しました" in told
    assert garden.held() == []
    garden.at(6, 10, month=7)
    garden.worker.types("一覧")
    assert "3週間後の点検待ち" in shown(garden.worker.cards[-1])

    checked = {
        **inputs(RECHECK),
        **TOLD,
        "earth": "deep",
        "weeds": "clear",
        "tension": "tight",
        "plate": "yes",
    }
    told = garden.files(garden.worker, "3週間後の点検", "点検を報告", **inputs(checked))
    assert "点検の結果：良好です" in told
    assert garden.steps()[-1] == "rechecked"
    with pytest.raises(AssertionError, match="no button 3週間後の点検"):  # never a second one
        garden.presses(garden.worker, "3週間後の点検")


def test_a_check_whose_result_was_not_told_stays_open(garden: Garden) -> None:
    definite(garden)
    garden.at(15, 11)
    visited(garden)
    garden.at(6, 10, month=7)
    checked = {**inputs(RECHECK), "told_by": "not_yet", "earth": "deep", "weeds": "clear", "tension": "tight"}
    garden.files(garden.worker, "3週間後の点検", "点検を報告", **{**checked, "plate": "yes"})

    garden.worker.types("一覧")
    assert "点検結果の報告待ち" in shown(garden.worker.cards[-1])
    garden.presses(
        garden.worker,
        "点検結果の報告",
        later_told_by="phone",
        later_told_to="household",
        later_told_on="2027-07-06",
    )
    garden.worker.types("一覧")
    assert "SD9-0001" not in shown(garden.worker.cards[-1])
