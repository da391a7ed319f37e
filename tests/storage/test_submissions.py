"""What was filed is kept as it was filed, in its order."""

import threading

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from storage import engine as database
from storage import submissions
from storage.submissions import Collision
from storage.turns import Stale
from tests.storage import make
from tests.storage.make import NOW


def test_a_submission_comes_back_as_it_was_filed(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)
        filed = make.filed(
            conn, case, answers={"reason": ["damaged"], "site": "見本"}, sources={"site": "m1"}
        )

        assert submissions.of_case(conn, case) == [filed]
        assert (filed.number, filed.filed_at, filed.unsent_at) == (1, NOW, None)


def test_submissions_count_within_their_case(engine: Engine) -> None:
    with database.write(engine) as conn:
        first, second = make.case(conn, "R-1"), make.case(conn, "R-2")
        numbers = [make.filed(conn, case).number for case in (first, second, first, first)]

        assert numbers == [1, 1, 2, 3]
        assert [each.number for each in submissions.of_cases(conn, [first, second])[first]] == [1, 2, 3]
        assert submissions.of_cases(conn, []) == {}
        assert submissions.of_case(conn, "nowhere") == ()


def test_filings_at_the_same_moment_each_get_a_number(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)

    def file() -> int:
        for _ in range(50):
            try:
                with database.write(engine) as conn:
                    return make.filed(conn, case).number
            except Collision:
                continue
        raise AssertionError

    assert sorted(make.together(8, file)) == list(range(1, 9))


@pytest.mark.postgres
def test_of_two_filings_at_the_same_moment_the_later_collides(postgres_engine: Engine) -> None:
    with database.write(postgres_engine) as conn:
        case = make.case(conn)
    outcome: list[object] = []

    def file_later() -> None:
        try:
            with database.write(postgres_engine) as conn:
                outcome.append(make.filed(conn, case))
        except Stale as collision:
            outcome.append(collision)

    later = threading.Thread(target=file_later)
    with database.write(postgres_engine) as conn:
        make.filed(conn, case)
        later.start()
        _until_somebody_waits(postgres_engine)
    later.join(timeout=30)

    assert [type(each) for each in outcome] == [Collision]


def _until_somebody_waits(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _ in range(1000):
        with database.read(engine) as conn:
            if conn.execute(waiting).scalar():
                return
    raise AssertionError


def test_a_filing_on_no_case_is_a_mistake_and_no_collision(engine: Engine) -> None:
    with pytest.raises(IntegrityError), database.write(engine) as conn:
        make.filed(conn, "nowhere")


def test_the_newest_answers_are_those_of_the_case(engine: Engine) -> None:
    with database.write(engine) as conn:
        case, bare = make.case(conn, "R-1"), make.case(conn, "R-2")
        make.filed(conn, case, vault_id="v1")
        corrected = make.filed(conn, case, step="correction", answers={"perimeter": 60}, vault_id="v2")
        make.filed(conn, case, step="withdrawal", form="", answers={})
        make.filed(conn, bare, step="withdrawal", form="", answers={})

        assert submissions.latest_answers(conn, [case, bare]) == {case: corrected}
        assert submissions.origin(conn, "R-1") == (case, "v2")
        assert submissions.origin(conn, "R-2") == (bare, None)
        with pytest.raises(LookupError):
            submissions.origin(conn, "R-9")


def test_what_a_submission_refers_to_is_known(engine: Engine) -> None:
    with database.write(engine) as conn:
        make.filed(conn, make.case(conn), vault_id="v1")

        assert submissions.refers_to(conn, "v1")
        assert not submissions.refers_to(conn, "v2")


def test_a_message_taken_back_marks_what_it_answered_and_only_the_senders(engine: Engine) -> None:
    with database.write(engine) as conn:
        mine, theirs = make.person(conn, "U1"), make.person(conn, "U2")
        hit, beside = make.case(conn, "R-1", mine), make.case(conn, "R-2", mine)
        foreign = make.case(conn, "R-3", theirs)
        for case, source in ((hit, "m1"), (beside, "m11"), (foreign, "m1")):
            make.filed(conn, case, sources={"site": source})

        counts = [submissions.note_unsent(conn, mine, "m1", NOW + at) for at in (1, 2)]
        marked = {case: submissions.of_case(conn, case)[0].unsent_at for case in (hit, beside, foreign)}

    assert counts == [1, 0]
    assert marked == {hit: NOW + 1, beside: None, foreign: None}


def test_the_newest_answers_of_a_form_come_first_and_no_more_than_wanted(engine: Engine) -> None:
    with database.write(engine) as conn:
        case = make.case(conn)
        for number in range(4):
            make.filed(conn, case, NOW + number, step=f"step {number}", answers={"perimeter": number})
        make.filed(conn, case, NOW + 9, step="withdrawal", answers={})
        make.filed(conn, case, NOW + 9, step="signed", form="", answers={"outcome": "approve"})

    with database.read(engine) as conn:
        newest = [*submissions.newest_answers(conn, "fence_loan", 2)]
        others = [*submissions.newest_answers(conn, "survey", 2)]

    assert newest == [{"perimeter": 3}, {"perimeter": 2}]
    assert others == []
