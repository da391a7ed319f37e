"""One person, one answer, and nothing in the database that leads from an answer to a person: attacks, and controls."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, Engine, insert, text, update

from storage import ballots, outbox, survey_talks, surveys, turns
from storage import engine as database
from storage.ballots import SurveyClosed
from storage.outbox import Queued
from storage.surveys import SurveyInUse, SurveyRow
from storage.tables import people
from storage.tables_surveys import ballots as table
from tests.storage import make
from tests.storage.make import NOW

ROW = SurveyRow("sample", "見本", "1", "{}", uploaded_by="見本 一郎", uploaded_at=NOW)
MANY = 60
"""People who answer, each something of their own: whoever finds the answer of one knows it."""


def _opened(conn: Connection) -> None:
    surveys.put(conn, ROW)
    assert surveys.open_(conn, "sample", ())


def _cast(conn: Connection, person: str, answer: str) -> bool:
    return ballots.cast(conn, "sample", f"mark of {person}", ballots.new({"q": answer}, "line"))


def _turn(conn: Connection, person: str, number: int, do: Callable[[Connection, str, str], bool]) -> None:
    """Do what a casting turn does: the event, the person, the box, what is said."""
    turns.claim(conn, f"event {number}", "line", NOW + number)
    conn.execute(update(people).where(people.c.id == person).values(version=people.c.version + 1))
    assert do(conn, person, person)
    said = Queued("line", person, f"account {number}", {"messages": []}, f"event {number}/talk")
    outbox.queue(conn, [said], NOW + number)


def _voted(engine: Engine, do: Callable[[Connection, str, str], bool] = _cast) -> list[str]:
    """Let people answer one after the other with their own id, which is what an attack looks for; return them."""
    with database.write(engine) as conn:
        _opened(conn)
        voters = [make.person(conn, f"U{number}") for number in range(MANY)]
    random.Random(7).shuffle(voters)
    for number, person in enumerate(voters):
        with database.write(engine) as conn:
            _turn(conn, person, number, do)
    return voters


def _rows(engine: Engine, query: str) -> list[Any]:
    with database.read(engine) as conn:
        return list(conn.execute(text(query)))


def _found_by_order(engine: Engine, voters: list[str], order: str) -> int:
    """Return of how many the answer stands where they stand in the order of time."""
    answers = [row.answers for row in _rows(engine, f"SELECT answers FROM ballots ORDER BY {order}")]
    return sum(person in answer for person, answer in zip(voters, answers, strict=True))


def _found_by_transaction(engine: Engine, witness: str) -> int:
    """Return of how many one guess is right, among the ballots that the transaction wrote which *witness* tells."""
    found: dict[str, list[str]] = {}
    for row in _rows(engine, witness):
        found.setdefault(row.person, []).append(row.answers)
    drawn = random.Random(11)
    return sum(person in drawn.choice(answers) for person, answers in found.items())


WITNESSES = {
    "what was said to them": "SELECT thread AS person, answers FROM outbox JOIN ballots ON ballots.xmin = outbox.xmin",
    "their turn": "SELECT people.id AS person, answers FROM people JOIN ballots ON ballots.xmin = people.xmin",
    "their mark": "SELECT substr(mark, 9) AS person, answers FROM survey_marks JOIN ballots"
    " ON ballots.xmin = survey_marks.xmin",
}


@contextmanager
def _in_the_open() -> Iterator[None]:
    """Put ballots into the box alone: the guard against xmin and ctid is missing."""
    with patch.object(
        ballots, "_put_in_crowd", lambda conn, _survey, row: conn.execute(insert(table), dict(row))
    ):
        yield


@pytest.mark.postgres
@pytest.mark.parametrize("witness", WITNESSES.values(), ids=WITNESSES)
def test_no_transaction_leads_from_a_person_to_their_answer(postgres_engine: Engine, witness: str) -> None:
    _voted(postgres_engine)

    assert _found_by_transaction(postgres_engine, witness) <= MANY // 6


@pytest.mark.postgres
@pytest.mark.parametrize("witness", WITNESSES.values(), ids=WITNESSES)
def test_without_the_crowd_every_transaction_would(postgres_engine: Engine, witness: str) -> None:
    with _in_the_open():
        _voted(postgres_engine)

    assert _found_by_transaction(postgres_engine, witness) == MANY


@pytest.mark.postgres
def test_no_place_on_the_disk_leads_to_an_answer(postgres_engine: Engine) -> None:
    voters = _voted(postgres_engine)

    assert _found_by_order(postgres_engine, voters, "ctid") <= MANY // 6
    assert _found_by_order(postgres_engine, voters, "xmin::text::bigint, ctid") <= MANY // 6


@pytest.mark.postgres
def test_without_the_crowd_the_place_on_the_disk_would(postgres_engine: Engine) -> None:
    with _in_the_open():
        voters = _voted(postgres_engine)

    assert _found_by_order(postgres_engine, voters, "ctid") == MANY


def test_whoever_answers_last_leaves_one_crowd_where_few_have_answered(engine: Engine) -> None:
    with database.write(engine) as conn:
        _opened(conn)
    for number in range(ballots.CROWD + 1):
        with database.write(engine) as conn:
            _cast(conn, f"p{number}", f"answer {number}")

    if engine.dialect.name == "postgresql":
        assert len(_rows(engine, "SELECT DISTINCT xmin::text FROM ballots")) == 1
    assert len(_rows(engine, "SELECT id FROM ballots")) == ballots.CROWD + 1


@pytest.mark.postgres
def test_a_shaken_box_is_one_crowd(postgres_engine: Engine) -> None:
    voters = _voted(postgres_engine)
    with database.write(postgres_engine) as conn:
        before = {each.id: each for each in ballots.read(conn, "sample")}
        ballots.shake(conn, "sample")

    with database.read(postgres_engine) as conn:
        assert {each.id: each for each in ballots.read(conn, "sample")} == before
    assert len(_rows(postgres_engine, "SELECT DISTINCT xmin::text FROM ballots")) == 1
    assert _found_by_order(postgres_engine, voters, "ctid") <= MANY // 6


def test_sqlite_numbers_neither_ballots_nor_marks(sqlite_engine: Engine) -> None:
    voters = _voted(sqlite_engine)

    for name in ("ballots", "survey_marks"):
        with pytest.raises(Exception, match="rowid"):
            _rows(sqlite_engine, f"SELECT rowid FROM {name}")
    answers = [row.answers for row in _rows(sqlite_engine, "SELECT answers FROM ballots")]
    assert sum(person in answer for person, answer in zip(voters, answers, strict=True)) <= MANY // 6


def test_sqlite_would_number_them_in_a_plain_table(sqlite_engine: Engine) -> None:
    with database.write(sqlite_engine) as conn:
        conn.execute(text("CREATE TABLE plain (id TEXT PRIMARY KEY, answers TEXT)"))

    def openly(conn: Connection, person: str, answer: str) -> bool:
        row = {"id": uuid.uuid4().hex, "answers": answer}
        conn.execute(text("INSERT INTO plain VALUES (:id, :answers)"), row)
        return True

    voters = _voted(sqlite_engine, openly)

    answers = [row.answers for row in _rows(sqlite_engine, "SELECT answers FROM plain ORDER BY rowid")]
    assert answers == voters


def test_an_id_that_counts_up_would_tell_the_order(engine: Engine) -> None:
    numbers = count()

    def counted(conn: Connection, person: str, answer: str) -> bool:
        made = ballots.Ballot(f"{next(numbers):032}", {"q": answer}, "line")
        return ballots.cast(conn, "sample", f"mark of {person}", made)

    voters = _voted(engine, counted)

    assert _found_by_order(engine, voters, "id") == MANY


def test_the_order_of_ids_tells_nothing_and_is_the_only_one_that_anything_is_read_in(engine: Engine) -> None:
    voters = _voted(engine)

    with database.read(engine) as conn:
        read = [each.answers["q"] for each in ballots.read(conn, "sample")]
    assert sorted(read) == sorted(voters)
    assert sum(one == other for one, other in zip(read, voters, strict=True)) <= MANY // 6


def test_neither_a_mark_nor_a_ballot_has_a_time_or_a_person(engine: Engine) -> None:
    _voted(engine)

    for name in ("ballots", "survey_marks"):
        for row in _rows(engine, f"SELECT * FROM {name}"):
            assert not any(isinstance(value, int) and value > 1 for value in row)
    assert {each.name for each in table.c} == {"survey", "id", "answers", "channel", "kind", "paper"}


def test_whoever_has_answered_cannot_answer_again(engine: Engine) -> None:
    with database.write(engine) as conn:
        _opened(conn)
        assert _cast(conn, "p1", "yes")
        assert not _cast(conn, "p1", "no")

    with database.read(engine) as conn:
        assert [each.answers for each in ballots.read(conn, "sample")] == [{"q": "yes"}]
        assert ballots.has_answered(conn, {"sample": "mark of p1"}) == {"sample"}
        assert ballots.has_answered(conn, {"sample": "mark of p2"}) == frozenset()


def test_nothing_is_cast_before_a_survey_opens_or_after_it_closed_but_paper(engine: Engine) -> None:
    paper = ballots.new({"q": "no"}, "paper", paper=True)
    with database.write(engine) as conn:
        surveys.put(conn, ROW)
        with pytest.raises(SurveyClosed):
            ballots.cast(conn, "sample", "", paper)
        surveys.open_(conn, "sample", ())
        _cast(conn, "p1", "yes")
        assert surveys.close(conn, "sample", 3)
        with pytest.raises(SurveyClosed):
            _cast(conn, "p2", "no")
        assert ballots.cast(conn, "sample", "", paper)

    with database.read(engine) as conn:
        assert _rows(engine, "SELECT * FROM survey_marks") == []
        assert ballots.counts(conn, "sample") == ballots.Counts(3, 2, 1, {})


def test_a_survey_that_was_opened_is_not_replaced(engine: Engine) -> None:
    with database.write(engine) as conn:
        surveys.put(conn, ROW)
        surveys.put(conn, ROW)
        surveys.open_(conn, "sample", ("resident",))
        with pytest.raises(SurveyInUse):
            surveys.put(conn, ROW)
        assert not surveys.remove(conn, "sample")

    with database.read(engine) as conn:
        assert [each.kinds for each in surveys.offered(conn)] == [("resident",)]
        assert [each.state for each in surveys.listed(conn)] == ["open"]


def test_where_people_stop_is_counted_without_who(engine: Engine) -> None:
    with database.write(engine) as conn:
        _opened(conn)
        person = make.person(conn)
        assert surveys.invite(conn, "sample", person)
        assert not surveys.invite(conn, "sample", person)
        make.talk(conn, person, "c1", form="survey_sample", asked="q3")
        for field in ("q3", "q3", ""):
            survey_talks.stopped(conn, "sample", field)
        _cast(conn, "p1", "yes")

    with database.read(engine) as conn:
        assert ballots.counts(conn, "sample") == ballots.Counts(1, 1, 5, {"q3": 3, "": 1})


def test_what_was_said_is_blanked_when_the_talk_ends_and_what_is_being_sent_right_after(
    engine: Engine,
) -> None:
    with database.write(engine) as conn:
        person = make.person(conn)
        for number, state in enumerate(("delivered", "waiting")):
            said = Queued("line", person, "U1", {"messages": ["あなたの回答"]}, f"e{number}/talk")
            outbox.queue(conn, [said], NOW)
            conn.execute(
                text("UPDATE outbox SET state = :state WHERE cause = :cause"),
                {"state": state, "cause": said.cause},
            )
            survey_talks.said(conn, "c1", said.cause)
        survey_talks.hush(conn, "c1")

    bodies = "SELECT body FROM outbox ORDER BY id"
    assert [bool(row.body) for row in _rows(engine, bodies)] == [False, True]
    with database.write(engine) as conn:
        conn.execute(text("UPDATE outbox SET state = 'delivered'"))
        survey_talks.hush_late(conn)
    assert [row.body for row in _rows(engine, bodies)] == ["", ""]
    assert _rows(engine, "SELECT * FROM survey_words") == []
