"""An export gives every submission once, whatever happens between its pages."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine

from storage import engine as database
from storage import exports
from storage.exports import Exported, Span
from tests.storage import make
from tests.storage.make import NOW

Page = Callable[[Connection, Exported | None], Sequence[Exported]]


def _all(conn: Connection, page: Page) -> list[Exported]:
    rows: list[Exported] = []
    while found := page(conn, rows[-1] if rows else None):
        rows += found
    return rows


def _numbers(rows: Sequence[Exported]) -> list[int]:
    return [row.submission.number for row in rows]


def test_pages_follow_each_other_in_the_order_of_filing(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)
        for number in range(7):
            make.filed(conn, case, NOW + number // 3)  # several at the same millisecond
        rows = _all(conn, lambda conn, after: exports.page(conn, "fence_loan", after=after, limit=2))

    assert sorted(_numbers(rows)) == list(range(1, 8))
    assert [row.submission.filed_at - NOW for row in rows] == [0, 0, 0, 1, 1, 1, 2]
    order = [(row.submission.filed_at, row.submission.id) for row in rows]
    assert order == sorted(order)


def test_what_is_filed_meanwhile_moves_nothing(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)
        for number in range(4):
            make.filed(conn, case, NOW + number)
        first = exports.page(conn, "fence_loan", limit=2)
        make.filed(conn, case, NOW - 1)
        second = exports.page(conn, "fence_loan", after=first[-1], limit=2)

    assert _numbers([*first, *second]) == [1, 2, 3, 4]


def test_a_span_has_its_beginning_and_not_its_end(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)
        for number in range(4):
            make.filed(conn, case, NOW + number)

        assert _numbers(exports.page(conn, "fence_loan", Span(NOW + 1, NOW + 3))) == [2, 3]
        assert _numbers(exports.page(conn, "fence_loan", Span(since=NOW + 3))) == [4]
        assert _numbers(exports.page(conn, "fence_loan", Span(until=NOW + 1))) == [1]


def test_a_form_and_a_procedure_are_asked_for_apart(engine: Engine) -> None:
    with database.write(engine) as conn:
        loan, survey = make.case(conn, "R-1"), make.case(conn, "R-2", procedure="survey")
        make.filed(conn, loan, NOW)
        make.filed(conn, loan, NOW + 1, step="withdrawal", form="", answers={})
        make.filed(conn, survey, NOW + 2, form="survey")

        assert _numbers(exports.page(conn, "fence_loan")) == [1]
        assert _numbers(exports.page_of_procedure(conn, "fence_loan")) == [1, 2]


def test_a_row_says_which_case_it_belongs_to(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        filed = make.filed(conn, make.case(conn, "R-1", person, NOW - 5))

        assert exports.page(conn, "fence_loan") == [Exported("R-1", "fence_loan", person, NOW - 5, filed)]
