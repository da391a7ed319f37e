"""Cases and their numbers."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from storage import cases
from storage import engine as database
from tests.storage import make
from tests.storage.make import NOW

THREADS = 8
TIMES = 50


def test_a_case_is_found_by_its_number(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        made = make.case(conn, "R-1", person)

        assert cases.by_reference(conn, "R-1") == cases.CaseRow(
            made, "fence_loan", "R-1", person, "line", NOW
        )
        assert cases.by_reference(conn, "R-2") is None
        assert cases.reference(conn, made) == "R-1"
        with pytest.raises(LookupError):
            cases.reference(conn, "nowhere")


def test_two_cases_never_share_a_number(engine: Engine) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        make.case(conn, "R-1", person)

    with pytest.raises(IntegrityError), database.write(engine) as conn:
        make.case(conn, "R-1", person)


@pytest.mark.parametrize("lock", [False, True])
def test_a_person_sees_their_own_cases_the_oldest_first(engine: Engine, lock: bool) -> None:
    with database.write(engine) as conn:
        mine = make.person(conn, "U1")
        make.case(conn, "late", mine, NOW + 1)
        make.case(conn, "early", mine, NOW)
        make.case(conn, "theirs")

        assert [each.reference for each in cases.of_person(conn, mine, lock=lock)] == ["early", "late"]


def test_numbers_are_given_without_gaps_or_doubles_to_many_at_once(engine: Engine) -> None:
    def take() -> list[int]:
        numbers = []
        for _ in range(TIMES):
            with database.write(engine) as conn:
                numbers.append(cases.next_number(conn, "loan:2027"))
        return numbers

    given = sorted(number for numbers in make.together(THREADS, take) for number in numbers)

    assert given == list(range(1, THREADS * TIMES + 1))


def test_a_number_that_was_not_used_after_all_is_given_again(engine: Engine) -> None:
    with database.write(engine) as conn:
        cases.next_number(conn, "loan:2027")
    with engine.connect() as conn, conn.begin() as begun:
        cases.next_number(conn, "loan:2027")
        begun.rollback()

    with database.write(engine) as conn:
        assert cases.next_number(conn, "loan:2027") == 2


def test_every_series_counts_for_itself(engine: Engine) -> None:
    with database.write(engine) as conn:
        given = [
            cases.next_number(conn, key) for key in ("loan:2027", "loan:2027", "loan:2028", "notice:2027")
        ]

    assert given == [1, 2, 1, 1]
