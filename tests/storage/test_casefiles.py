"""Cases are read with all that was filed on them, and with the sealed answers that count."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage import casefiles
from storage import engine as database
from storage.casefiles import CaseFile
from storage.caselist import Wanted
from tests.storage import make
from tests.storage.make import NOW, VAULT

FENCES = Wanted("fence_loan")


def seal(conn: Connection, personal: Mapping[str, object]) -> str:
    return VAULT.seal(conn, "fence_loan", personal, now=NOW)


def read(engine: Engine, **given: Any) -> list[CaseFile]:
    with database.read(engine) as conn:
        return list(casefiles.page(conn, FENCES, given.get("after"), given.get("limit", 10)))


def test_a_case_comes_with_its_steps_and_its_newest_answers(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)
        make.filed(conn, case, NOW, answers={"perimeter": 40}, vault_id=seal(conn, {"name": "見本"}))
        newest = seal(conn, {"name": "見本 太郎"})
        make.filed(conn, case, NOW + 1, step="correction", answers={"perimeter": 50}, vault_id=newest)
        make.filed(conn, case, NOW + 2, step="taken_up", answers={}, vault_id=None)

    [found] = read(engine)

    assert [(each.step, each.at, each.number) for each in found.filed] == [
        ("application", NOW, 1),
        ("correction", NOW + 1, 2),
        ("taken_up", NOW + 2, 3),
    ]
    assert found.filled
    assert (found.filled.answers, found.filled.filed_at) == ('{"perimeter":50}', NOW + 1)
    assert found.filled.sealed
    assert found.filled.sealed.id == newest


def test_what_was_sealed_can_be_opened_by_a_transaction_that_logs_it(engine: Engine) -> None:
    with database.write(engine) as conn:
        make.filed(conn, make.case(conn), vault_id=seal(conn, {"name": "見本 太郎"}))
    [found] = read(engine)
    assert found.filled
    assert found.filled.sealed

    with database.write(engine) as conn:
        opened = VAULT.open_read(conn, [found.filled.sealed], by="mihon", role="staff", why="export", now=NOW)

    assert opened == {found.filled.sealed.id: {"name": "見本 太郎"}}


def test_answers_whose_record_was_forgotten_stay_without_it(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = seal(conn, {"name": "見本 太郎"})
        make.filed(conn, make.case(conn), answers={"perimeter": 40}, vault_id=record)
        VAULT.forget(conn, record)

    [found] = read(engine)

    assert found.filled
    assert found.filled.sealed is None


def test_a_case_on_which_nothing_was_filed_is_there(engine: Engine) -> None:
    with database.write(engine) as conn:
        make.case(conn)

    [found] = read(engine)

    assert (found.case.reference, found.filed, found.filled) == ("R-1", (), None)


def test_pages_follow_one_another_without_a_gap_or_a_double(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number in range(7):  # two of them at the same moment
            case = make.case(conn, f"R-{number}", at=NOW + max(number, 1))
            make.filed(conn, case)
            make.filed(conn, case, step="taken_up", answers={})

    seen: list[CaseFile] = []
    while page := read(engine, after=seen[-1].case if seen else None, limit=3):
        seen += page

    assert sorted(each.case.reference for each in seen) == [f"R-{number}" for number in range(7)]
    assert [len(each.filed) for each in seen] == [2] * 7


def test_a_page_is_one_statement(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number in range(5):
            make.filed(conn, make.case(conn, f"R-{number}"), vault_id=seal(conn, {"name": "見本"}))
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    read(engine)

    assert len([each for each in sent if each.startswith("SELECT")]) == 1
