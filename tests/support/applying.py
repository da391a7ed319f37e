"""Applying for a fence in few words: for tests of what comes before, meanwhile and after."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.desk import Refusal
from bot.service import Service
from dialogs.events import Filled, Parts
from storage import cases, turns
from storage import engine as database
from storage.turns import Person
from tests.support.service import Webhooks, post

START = "電気柵の貸出を申請する"
TYPED = ("個人", "40", "1", "6月20日", "7月20日", "2", "4", "はい", "はい", "はい")
"""What answers every question of the talk, up to the private page."""

APPLICANT: Mapping[str, Parts] = MappingProxyType(
    {
        "name": {"": "見本 太郎"},
        "kana": {"": "ミホン タロウ"},
        "address": {"postcode": "061-2285", "area": "北海道札幌市南区藤野五条", "rest": "3丁目1-2"},
        "phone": {"": "090-1234-5678"},
        "email": {"": "mihon@example.jp"},
        "site": {"same": "yes"},
        "note": {"": "庭の門は青い色です（見本）"},
    }
)
SECRETS = ("見本 太郎", "見本", "ミホン", "3丁目1-2", "1234-5678", "12345678", "mihon", "青い色")
"""Pieces of what APPLICANT says: none may stand anywhere but in the vault."""


def person_of(service: Service, user_id: str) -> Person:
    """Return the person behind a LINE account."""
    with database.read(service.engine) as conn:
        person = turns.load(conn, "line", user_id)
    assert person, "nobody by that account"
    return person


def type_all(service: Service, phone: Webhooks, *words: str) -> None:
    """Send each of *words* in a webhook of its own."""
    for each in words:
        assert post(service, phone.text(each)) == 200


def to_the_page(service: Service, phone: Webhooks) -> None:
    """Answer everything that is asked in the talk."""
    type_all(service, phone, "メニュー", START, *TYPED)


def fill_page(
    service: Service, user_id: str, fields: Mapping[str, Parts] = APPLICANT, once: str = "1"
) -> Refusal | None:
    """Send the private page of the person's current conversation."""
    person = person_of(service, user_id)
    cause = f"page/{person.current[:12]}/{once}"
    return service.desk.fill(person.id, person.current, Filled(fields), cause, service.clock.now())


def to_the_review(service: Service, phone: Webhooks) -> None:
    """Answer everything there is."""
    to_the_page(service, phone)
    refusal = fill_page(service, phone.user_id)
    assert refusal is None, refusal


def apply(service: Service, phone: Webhooks) -> str:
    """File an application; return its reference number."""
    to_the_review(service, phone)
    type_all(service, phone, "申請する")
    return references(service, phone.user_id)[-1]


def references(service: Service, user_id: str) -> list[str]:
    """Return the reference numbers of the person's cases, the oldest first."""
    with database.read(service.engine) as conn:
        person = turns.load(conn, "line", user_id)
        return [each.reference for each in cases.of_person(conn, person.id)] if person else []
