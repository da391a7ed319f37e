"""A service whose cases go on by steps with forms of their own, for tests from end to end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from bot import signing
from bot.reconcile import Reconciliation
from bot.service import Service
from dialogs.procedure import Role
from dialogs.standing import CaseView, Grant
from storage import cases, submissions
from storage import engine as database
from storage.staff import CONTRACTOR
from storage.tables_pools import claims
from tests.support.applying import fill_page, type_all
from tests.support.office import Office, Person
from tests.support.service import Webhooks, rows

HOST = "見本 花子"
REFERENCE = "R9-0001"


def contractor(house: Office, name: str) -> Person:
    return house.member(name, Grant("stepped", Role.CONTRACTOR), organisation=CONTRACTOR)


def apply(service: Service, phone: Webhooks) -> None:
    """Open a case."""
    type_all(service, phone, "メニュー", "見本の訪問を申し込む", "40", "申請する")


def to_the_review(service: Service, phone: Webhooks, time: str = "10時", once: str = "1") -> None:
    """Fill in the booking of a visit, from the menu."""
    type_all(service, phone, "メニュー", "訪問を予約する", f"6月14日 {time}")
    assert fill_page(service, phone.user_id, {"host": {"": HOST}}, once) is None


def book(service: Service, phone: Webhooks, time: str = "10時", once: str = "1") -> None:
    """Book a visit."""
    to_the_review(service, phone, time, once)
    type_all(service, phone, "予約する")


def booked(house: Office) -> Webhooks:
    """Return somebody whose visit is booked."""
    phone = Webhooks()
    apply(house.service, phone)
    book(house.service, phone)
    return phone


def steps(service: Service, reference: str = REFERENCE) -> list[tuple[str, str]]:
    """Return what was filed on the case and as what, in order."""
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        return [(each.step, each.role) for each in submissions.of_case(conn, case.id)]


def heard(service: Service) -> list[str]:
    """Return everything that was said on LINE, as it was queued."""
    wanted = "SELECT body FROM outbox WHERE channel = 'line' AND kind = 'messages' ORDER BY id"
    return [json.dumps(json.loads(each.body), ensure_ascii=False) for each in rows(service, wanted)]


def held(service: Service) -> list[str]:
    """Return the slots that are taken."""
    with database.read(service.engine) as conn:
        wanted = select(claims.c.slot).where(claims.c.released_at.is_(None)).order_by(claims.c.slot)
        return list(conn.execute(wanted).scalars())


def view(service: Service, reference: str = REFERENCE) -> CaseView:
    with database.read(service.engine) as conn:
        case = cases.by_reference(conn, reference)
        assert case
        return signing.view(case, submissions.of_case(conn, case.id))


def chat(person: Person) -> str:
    """Return all that stands in a member's chat."""
    return json.dumps(person.messages, ensure_ascii=False)


def to_the_record(person: Person) -> None:
    """Fill in the record of a visit, up to the review."""
    person.types(f"検索 {REFERENCE}")
    person.press("訪問")
    person.press("送信", voltage="6500")
    person.types("なし")


def compared(house: Office) -> dict[str, int]:
    """Return what a comparison of all that is stored finds."""
    service, now = house.service, house.clock.now()
    return dict(
        Reconciliation(service.engine, service.settings, service.office, now, service.register).run().counts
    )


def at_once(*works: Callable[[], object]) -> None:
    """Run *works* each in a thread of its own, from the same moment on."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait(timeout=30)
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, each) for each in works]:
            done.result()
