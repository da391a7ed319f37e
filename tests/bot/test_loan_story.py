"""The whole life of a loan: its borrower on LINE, the office and the contractor in Teams, both over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.effects import Take
from dialogs.procedure import Role
from dialogs.procedures.fence_loan.handing import EXPLAINED
from dialogs.standing import Grant
from storage import engine as database
from storage import pools
from storage.staff import CONTRACTOR
from tests.dialogs.procedures.loans import PARTS
from tests.support.applying import apply, type_all
from tests.support.office import Office, Person, office, shown
from tests.support.pictures import with_place
from tests.support.service import StandingClock, Webhooks, rows, user
from tests.support.service import shown as line_shown

PASTED = "/teams/v3/attachments/0-1/views/original"


@dataclass
class Town:
    """One borrower with a loan that was decided on, the office that decides, and the contractor."""

    house: Office
    phone: Webhooks
    reference: str
    manager: Person
    clerk: Person
    worker: Person

    def types(self, *words: str) -> str:
        """Say *words* on LINE; return what the desk answered since."""
        seen = len(self._queued())
        type_all(self.house.service, self.phone, *words)
        return self._heard(seen)

    def _queued(self) -> list[str]:
        self.house.service.delivery.run_until_idle()
        asked = "SELECT body FROM outbox WHERE channel = 'line' AND kind = 'messages' ORDER BY id"
        return [each.body for each in rows(self.house.service, asked)]

    def _heard(self, seen: int) -> str:
        return "\n".join(
            line_shown(each) for body in self._queued()[seen:] for each in json.loads(body)["messages"]
        )

    def files(self, person: Person, step: str, confirm: str, *more: dict[str, str], **inputs: str) -> str:
        """Let *person* open the form of *step* from the sheet, fill its cards and file it; return what LINE said.

        *more* are the cards behind the first one; an empty one is answered by a photo.
        """
        seen = len(self._queued())
        person.types(f"検索 {self.reference}")
        person.press(step)
        person.press("送信", **inputs)
        for card in more:
            person.press("送信", **card) if card else self.photographs()
        person.press(confirm)
        return self._heard(seen)

    def photographs(self) -> None:
        """Let the contractor send a photo into the chat."""
        self.house.connector.files[PASTED] = with_place()
        self.worker.sends(self.worker.says.pasted(self.house.connector.url + PASTED))

    def presses(self, person: Person, button: str, **inputs: str) -> str:
        """Let *person* press *button* on the case's sheet; return what LINE said."""
        seen = len(self._queued())
        person.types(f"検索 {self.reference}")
        person.press(button, **inputs)
        return self._heard(seen)

    def steps(self) -> list[str]:
        asked = "SELECT step FROM submissions ORDER BY number"
        return [each.step for each in rows(self.house.service, asked)]

    def held(self, pool: str = "fence_sets") -> list[str]:
        """Return the slots of *pool* that are taken."""
        asked = "SELECT slot FROM claims WHERE pool = :pool AND released_at IS NULL ORDER BY slot"
        return [each.slot for each in rows(self.house.service, asked, pool=pool)]

    def later(self, days: int) -> None:
        self.house.clock.advance(timedelta(days=days))


@pytest.fixture
def town(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Town]:
    with office(database_url, tmp_path, clock) as house:
        signers = [
            house.member(name, Grant("fence_loan", role))
            for name, role in (
                ("見本 係員", Role.STAFF),
                ("見本 係長", Role.CHIEF),
                ("見本 課長", Role.MANAGER),
            )
        ]
        worker = house.member("見本 作業員", Grant("fence_loan", Role.CONTRACTOR), organisation=CONTRACTOR)
        phone = Webhooks()
        reference = apply(house.service, phone)
        house.service.delivery.run_until_idle()
        for person, label in zip(signers, ("確認した", "承認する", "貸出を決定する"), strict=True):
            person.types(f"検索 {reference}")
            person.press(label)
        yield Town(house, phone, reference, signers[2], signers[0], worker)


def counted(name: str, **short: int) -> dict[str, str]:
    return {f"{name}/{part}": str(count - short.get(part, 0)) for part, count in PARTS.items()}


def handed_over(town: Town, **changes: str) -> str:
    number = rows(town.house.service, "SELECT answers FROM submissions WHERE step = 'decision'")[0].answers
    given = {
        "shown": "notice",
        "notice_number": json.loads(number)["number"],
        "sets": "1",
        "tested": "yes",
        "explained": ",".join(each.key for each in EXPLAINED),
        "guided": "no",
        **counted("parts"),
        **changes,
    }
    return town.files(town.worker, "引き渡し", "引き渡しを記録", **given)


def checked(town: Town, *more: dict[str, str], **changes: str) -> str:
    well = {
        "power": "on",
        "voltage": "7200",
        "weeds": "clear",
        "tension": "tight",
        "plate": "yes",
        "result": "good",
    }
    return town.files(town.worker, "設置状況の点検", "点検を報告", *more, {}, **{**well, **changes})


def test_a_loan_from_the_decision_to_the_questionnaire(town: Town) -> None:
    assert (town.held()[0], town.held()[-1]) == ("2027-06-20", "2027-07-21")

    assert "令和9年6月20日(日) 10:00" in town.types(
        "受け取りを予約・変更する", "1", "6月20日 10時", "予約する"
    )
    assert town.held("counter/minami") == ["2027-06-20T10:00"]
    town.later(13)
    town.worker.types("巡回")
    assert town.reference in shown(town.worker.cards[-1])
    assert "長いポール（黒）8本" in handed_over(town)

    town.later(5)
    assert "スイッチを切ってください" in town.types("困りごとを知らせる", "2", "なし", "なし", "連絡する")
    answered = town.files(
        town.worker, "困りごとへの回答", "回答する", answer="visit", answer_text="明日うかがいます。"
    )
    assert "明日うかがいます。" in answered

    town.later(7)
    told = checked(
        town,
        {"instructions": "weeds", "instruction_more": ""},
        voltage="5200",
        weeds="touching",
        result="upkeep",
    )
    assert "ワイヤーにふれている草を刈ってください。" in told
    assert "受け付けました" in town.types("点検のお知らせを読みました")

    assert "ようすを教えてください" in town.presses(town.clerk, "ようすの照会")
    town.types("電気柵のようすを答える", "1", "1", "なし", "送る")

    town.types("期間の延長を申し込む", "1", "8月10日", "延長を申し込む")
    extended = town.presses(town.manager, "延長を認める", extended_until="2027-08-05")
    assert "新しい終わりの日：令和9年8月5日(木)" in extended
    assert town.held()[-1] == "2027-08-06"

    town.types("返却を予約・変更する", "2", "1", "7月20日 9時半", "予約する")
    assert town.held("counter/minami") == ["2027-07-20T09:30"]
    town.later(18)
    back = town.files(
        town.worker, "受け入れ", "受け入れを記録", **counted("parts_in", clip=3), damage="none", works="yes",
        cleaned="yes",
    )  # fmt: skip
    assert "足りない部品がありました：クリップ3個" in back
    assert town.held() == town.held("counter/minami") == []

    assert "クリップ3個" in town.types("足りない部品について答える", "3", "回答する")
    settled = town.files(
        town.worker,
        "破損・紛失の報告と補充の依頼",
        "報告する",
        {"replenish_what": "クリップ 3個"},
        later="no",
        restored="none",
        replenish="yes",
    )
    assert "返却の確認が終わりました" in settled
    town.types("アンケートに答える", "2", "1", "1", "なし", "なし", "送る")

    assert town.steps()[4:] == [
        "pickup_booked", "handed_over", "trouble", "trouble_answered", "checked_on_site", "understood",
        "status_asked", "status_told", "extension_asked", "extended", "return_booked", "taken_back",
        "missing_answered", "settled", "questionnaire",
    ]  # fmt: skip


def test_a_booking_is_moved_in_time_and_by_telephone_when_it_is_too_late(town: Town) -> None:
    town.types("受け取りを予約・変更する", "1", "6月20日 10時", "予約する")
    town.types("受け取りを予約・変更する", "1", "6月21日 10時", "予約する")
    assert town.held("counter/minami") == ["2027-06-21T10:00"]

    town.later(14)
    town.types("申請状況", "1")
    assert "ここでは変更できません" in town.types("1")
    assert "ここでは変更できません" in town.types("申請状況", "1", "2")  # nor given up
    told = town.files(
        town.clerk,
        "受け取りの予約",
        "予約する",
        **{"place": "minami", "slot/day": "2027-06-22", "slot/time": "09:00"},
    )

    assert "令和9年6月22日(火) 09:00" in told
    assert town.held("counter/minami") == ["2027-06-22T09:00"]
    assert "受け取りの予約も取り消しました" in town.types("借りるのをやめる", "1", "なし", "取りやめる")
    assert town.held() == town.held("counter/minami") == []
    assert "受け取りを予約" not in town.types("メニュー")


def test_an_extension_for_which_no_set_is_left_is_refused_with_the_reason(town: Town) -> None:
    town.later(13)
    handed_over(town)
    town.types("期間の延長を申し込む", "1", "8月10日", "延長を申し込む")
    other = apply(town.house.service, Webhooks(user(2)))
    another = rows(town.house.service, "SELECT id FROM cases WHERE reference = :other", other=other)[0].id
    with database.write(town.house.service.engine) as conn:
        pools.capacity(conn, "fence_sets", 1)
        taken = Take("", "fence_sets", ("2027-08-01",), 1, "loan")
        pools.take(conn, another, taken, town.house.clock.now())

    town.presses(town.clerk, "延長を認める", extended_until="")

    assert "extended" not in town.steps()
    assert "8月1日" in str(town.clerk.messages) + str(town.clerk.cards)
    refused = town.presses(town.clerk, "延長を認めない", refused_why="セットが足りません")
    assert "理由：セットが足りません" in refused
