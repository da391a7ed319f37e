"""Who opened what can be looked up, page by page."""

from sqlalchemy import Engine

from storage import accesslog
from storage import engine as database
from tests.storage.make import NOW


def _entry(record: str, at: int = NOW) -> accesslog.Entry:
    return accesslog.Entry(at, "mihon", "staff", "review", accesslog.RECORD, record, "fence_loan")


def test_the_log_is_read_newest_first_and_page_by_page(engine: Engine) -> None:
    with database.write(engine) as conn:
        accesslog.note(conn, [_entry(f"r{number}", NOW - number) for number in range(5)])
        first = accesslog.entries(conn, limit=2)
        second = accesslog.entries(conn, limit=2, before=first[-1].id)
        third = accesslog.entries(conn, limit=2, before=second[-1].id)

    assert [[each.record for each in page] for page in (first, second, third)] == [
        ["r4", "r3"],
        ["r2", "r1"],
        ["r0"],
    ]


def test_the_log_of_one_record_can_be_asked_for(engine: Engine) -> None:
    with database.write(engine) as conn:
        accesslog.note(conn, [_entry("r1"), _entry("r2"), _entry("r1", NOW + 1)])

        assert [each.at for each in accesslog.entries(conn, record="r1")] == [NOW + 1, NOW]


def test_an_entry_comes_back_as_it_was_noted(engine: Engine) -> None:
    with database.write(engine) as conn:
        accesslog.note(conn, [_entry("r1")])
        [found] = accesslog.entries(conn)

    assert (found.at, found.by, found.role, found.why, found.kind, found.record, found.detail) == (
        NOW,
        "mihon",
        "staff",
        "review",
        "record",
        "r1",
        "fence_loan",
    )


def test_nothing_to_note_is_fine(engine: Engine) -> None:
    with database.write(engine) as conn:
        accesslog.note(conn, [])

        assert accesslog.entries(conn) == []
