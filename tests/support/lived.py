"""A house in which everything has happened once: filed, corrected, withdrawn, pushed, blocked, failed, left."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.jobs import MOST_TRIES
from bot.simulator.calls import Answer
from bot.simulator.platform import Platform
from storage import engine as database
from storage import reminders
from storage.teams import references
from storage.teams.references import Reference
from tests.support.applying import START, TYPED, fill_page, person_of
from tests.support.applying import references as references_of
from tests.support.members import CHIEF, CLERK, MANAGER, Members
from tests.support.phone import Phone
from tests.support.pictures import jpeg
from tests.support.service import House
from tests.support.teams import BOT, SERVICE_URL, TENANT, oid

WITH_A_PHOTO = (*TYPED[:6], "1")
"""What is typed until a photo is asked for."""

AFTER_THE_PHOTO = ("答えずに次へ", "いいえ", "はい", "はい", "はい")


@dataclass
class Accepted:
    """What a platform accepts from the desk, noted in the format that ``madoguchi reconcile --platform`` reads."""

    platform: Platform
    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._call = self.platform.call
        self.platform.call = self.call  # type: ignore[method-assign]

    def call(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        now = round(self.platform.config.now().timestamp() * 1000)
        kind = path.rpartition("/")[2]
        sent = json.loads(body or b"{}") if kind in {"reply", "push"} else {}
        token = sent.get("replyToken")
        to = sent.get("to") or (token and self.platform.ledger.chat_of(token, now))
        answer = self._call(method, path, headers, body)
        if sent and answer.status == 200:
            key = {name.lower(): value for name, value in headers.items()}.get("x-line-retry-key")
            self.lines.append({"at": now, "kind": kind, "key": key, "token": token, "to": to})
        return answer

    def write(self, path: Path, *more: Mapping[str, Any]) -> Path:
        path.write_text("".join(f"{json.dumps(each)}\n" for each in (*self.lines, *more)))
        return path


def live(house: House) -> Accepted:
    """Let everything happen in *house*; return what the platform accepted."""
    accepted = Accepted(house.platform)
    _file_correct_and_withdraw(house)
    _stop_half_way(house)
    _file_with_a_photo(house)
    _send_word(house)
    _fail_for_good(house)
    _invite_to_a_group(house)
    _sign(house)
    return accepted


def _file_correct_and_withdraw(house: House) -> None:
    phone = Phone(house, "見本 一郎")
    phone.follow()
    _apply(phone, *TYPED)
    for typed in ("申請状況", "1", "1", "1", "60", "申請する"):
        phone.type(typed)
    for typed in ("申請状況", "1", "2", "はい"):
        phone.type(typed)
    _apply(phone, *TYPED)
    phone.unsend()


def _apply(phone: Phone, *words: str) -> None:
    for typed in (START, *words):
        phone.type(typed)
    assert fill_page(phone.house.service, phone.user_id, once=str(len(phone.sent))) is None
    phone.type("申請する")


def _stop_half_way(house: House) -> None:
    phone = Phone(house, "見本 二郎")
    phone.follow()
    for typed in (START, *TYPED):
        phone.type(typed)
    assert fill_page(house.service, phone.user_id) is None
    phone.type("申請する")
    for typed in ("申請状況", "1", "1"):  # a correction that is not sent
        phone.type(typed)


def _file_with_a_photo(house: House) -> None:
    phone = Phone(house, "見本 三郎")
    phone.follow()
    for typed in (START, *WITH_A_PHOTO):
        phone.type(typed)
    phone.photo(jpeg())
    for typed in AFTER_THE_PHOTO:
        phone.type(typed)
    assert fill_page(house.service, phone.user_id) is None
    phone.type("申請する")
    half = Phone(house, "見本 五郎")
    half.follow()
    for typed in (START, *WITH_A_PHOTO):
        half.type(typed)
    half.photo(jpeg())
    for typed in AFTER_THE_PHOTO:
        half.type(typed)
    assert fill_page(house.service, half.user_id) is None


def _send_word(house: House) -> None:
    """Push word to somebody, and to somebody who blocks the desk by then."""
    for name in ("見本 四郎", "見本 六郎"):
        phone = Phone(house, name)
        phone.follow()
        person, now = person_of(house.service, phone.user_id).id, house.clock.now()
        with database.write(house.service.engine) as conn:
            reminders.ask(conn, person, "opening:fence_loan", now, now)
        if name == "見本 四郎":
            phone.unfollow()
    house.service.jobs.tick()
    house.settle()


def _fail_for_good(house: House) -> None:
    phone = Phone(house, "見本 七郎")
    phone.follow()
    with broken_turns():
        phone.type("見本の故障")
        for _ in range(MOST_TRIES):
            house.clock.advance(timedelta(minutes=2))
            house.service.jobs.tick()
    house.settle()


@contextmanager
def broken_turns() -> Iterator[None]:
    """Let every turn fail."""

    def fail(*_: object) -> bool:
        raise RuntimeError("見本の故障")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "hear", fail)
        yield


def _invite_to_a_group(house: House) -> None:
    phone = Phone(house, "見本 八郎")
    phone.follow()
    phones: Any = house.platform.phones
    group = phones.invite(phone.user_id)
    phones.say(phone.user_id, "こんにちは", group)
    house.settle()


def _sign(house: House) -> None:
    """Let the office decide on one case and send another back, while somebody has their cards in Teams."""
    service, now = house.service, house.clock.now()
    chat = Reference("a:sample", "personal", TENANT, oid(1), SERVICE_URL, BOT)
    team = Reference("19:sample@thread.tacv2", "channel", TENANT, "", SERVICE_URL, BOT)
    with database.write(service.engine) as conn:
        for each in (chat, team):
            references.keep(conn, each, now)
    members = Members(service).office()
    granted, refused, back = (_applied(house, f"見本 {name}郎") for name in "九十百")
    members.approve(granted)
    for reference, outcome in ((refused, "refuse"), (back, "return")):
        members.press(CLERK, reference, "checked")
        members.press(CHIEF, reference, "chief_signed")
        given = {"fields": ["perimeter"]} if outcome == "return" else {}
        members.press(MANAGER, reference, "decision", outcome, reason="見本の理由", **given)
    house.settle()


def _applied(house: House, name: str) -> str:
    phone = Phone(house, name)
    phone.follow()
    _apply(phone, *TYPED)
    return references_of(house.service, phone.user_id)[-1]
