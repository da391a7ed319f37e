"""在庫: who looks sees where everything is, and a move that was pressed twice is made once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from bot.clock import day_of
from bot.service import Service
from bot.stocking import bill_of
from dialogs.effects import Take
from dialogs.procedure import Role
from dialogs.slots import days
from storage import cases, pools, stock, stocktaking
from storage import engine as database
from storage.stock import Cause
from tests.bot.admin.conftest import FIRST
from tests.support.staff import Staff


@pytest.fixture
def taken(staff: Staff) -> Staff:
    """Return a browser whose city has taken stock."""
    assert press(staff, "begin").status_code == 303
    return staff


def press(staff: Staff, form: str, **given: str | list[str]) -> TestResponse:
    """Send a form of the page as it was drawn, with *given* put in."""
    page = staff.get("/admin/stock").text
    found = re.search(rf'action="/admin/stock/{form}".*?name="press" value="(\w+)"', page, re.DOTALL)
    assert found, page
    data = {"seal": staff.seal(), "press": found[1], **given}
    return staff.client.post(f"/admin/stock/{form}", data=data)


def places(service: Service) -> Mapping[str, int]:
    with database.read(service.engine) as conn:
        assert list(stocktaking.wrong(conn, "")) == []
        return {place: number for place, number in stocktaking.places(conn).items() if number}


def test_before_the_stock_was_taken_the_page_offers_to_do_so(staff: Staff) -> None:
    page = staff.get("/admin/stock").text

    assert "在庫がまだ登録されていません" in page
    assert "使えるセットは50です" in page


def test_the_stock_is_taken_as_the_office_file_says(taken: Staff, samples: Service) -> None:
    assert places(samples) == {"city": 50}
    page = taken.get("/admin/stock?told=begun").text
    assert "在庫を登録しました。" in page
    assert "長いポール（黒）" in page


def test_sets_are_moved_to_the_store(taken: Staff, samples: Service) -> None:
    answer = press(taken, "sets", number=["1", "2"], to="store")

    assert answer.headers["Location"].endswith("told=moved")
    assert places(samples) == {"city": 48, "store": 2}


def test_the_same_press_twice_moves_once(taken: Staff, samples: Service) -> None:
    given = {"press": "a" * 32, "part": "clip", "way": "bought_city", "amount": "７"}

    told = [taken.post("/admin/stock/parts", given).headers["Location"][-6:] for _ in range(2)]

    assert told == ["=parts", "before"]
    with database.read(samples.engine) as conn:
        assert stocktaking.counts(conn)["clip", "city"] == 50 * bill_of(samples.office)["clip"] + 7


def test_more_than_the_store_holds_is_refused_and_nothing_is_moved(taken: Staff, samples: Service) -> None:
    answer = press(taken, "sets", number=[str(number) for number in range(1, 22)], to="store")

    assert answer.status_code == 409
    assert "受託者の保管場所に入るのは20セットまでです。" in answer.text
    assert places(samples) == {"city": 50}


@pytest.mark.parametrize(
    ("form", "given", "said"),
    [
        ("sets", {"to": "store"}, "動かすセットをえらんでください。"),
        ("sets", {"to": "store", "number": "99"}, "その数は、いまその場所にありません。"),
        (
            "parts",
            {"part": "clip", "way": "city_lost", "amount": "9999"},
            "その数は、いまその場所にありません。",
        ),
        (
            "parts",
            {"part": "clip", "way": "city_lost", "amount": "0"},
            "部品と、1以上の数を入力してください。",
        ),
        (
            "parts",
            {"part": "tent", "way": "bought_city", "amount": "1"},
            "部品と、1以上の数を入力してください。",
        ),
    ],
)
def test_what_cannot_be_done_is_said(taken: Staff, form: str, given: dict[str, str], said: str) -> None:
    answer = press(taken, form, **given)

    assert answer.status_code == 409
    assert said in answer.text


@pytest.mark.parametrize(
    ("form", "given"), [("sets", {"to": "lent", "number": "1"}), ("parts", {"way": "x"})]
)
def test_what_the_page_does_not_offer_is_refused(taken: Staff, form: str, given: dict[str, str]) -> None:
    assert press(taken, form, **given).status_code == 400


def test_the_history_names_who_moved_what(taken: Staff) -> None:
    press(taken, "sets", number="3", to="repair")
    press(taken, "parts", part="clip", way="store_city", amount="1")

    page = taken.get("/admin/stock").text
    history = page[page.index('id="moves"') :]
    assert "セット 3番" in history
    assert "修理中" in history


def test_a_week_in_which_the_store_runs_short_is_marked(taken: Staff, samples: Service) -> None:
    press(taken, "sets", number="1", to="store")
    _promise(samples, 3)

    page = taken.get("/admin/stock").text

    assert "市から2セットを移動" in page


def test_more_promised_than_there_is_left_is_marked(taken: Staff, samples: Service) -> None:
    _promise(samples, 50)
    press(taken, "sets", number=["1", "2"], to="lost")

    page = taken.get("/admin/stock").text

    assert "貸出の約束が2セット多すぎます。" in page


def _promise(service: Service, amount: int) -> None:
    now = service.clock.now()
    today = day_of(now)
    slots = days(today + timedelta(days=2), today + timedelta(days=9), 1)
    with database.write(service.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        pools.take(conn, case.id, Take(FIRST, "fence_sets", slots, amount, "loan"), now)


def test_what_the_store_cannot_hold_is_to_be_fetched(taken: Staff, samples: Service) -> None:
    press(taken, "sets", number=[str(number) for number in range(1, 21)], to="store")
    _promise(samples, 3)
    now = samples.clock.now()
    with database.write(samples.engine) as conn:
        case = cases.by_reference(conn, FIRST)
        assert case
        stock.lend(conn, 3, {}, Cause("out", "見本 作業員", now, case.id))
    press(taken, "sets", number=["21", "22", "23"], to="store")

    page = taken.get("/admin/stock").text
    assert "市へ3セットを引き取り" in page
    assert f'href="/admin/cases/{FIRST}"' in page


def test_an_auditor_looks_and_moves_nothing(taken: Staff, samples: Service) -> None:
    auditor = taken.sign_in_as(Role.AUDITOR)

    page = auditor.get("/admin/stock").text
    assert "使えるセットは50です" in page
    assert "移動を記録する" not in page
    given = {"press": "a" * 32, "number": "1", "to": "store"}
    assert auditor.post("/admin/stock/sets", given).status_code == 403
    assert places(samples) == {"city": 50}
