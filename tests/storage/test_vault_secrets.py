"""Nothing that was sealed is found in the database's files, whatever happened to it there."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage import engine as database
from storage import inbox, photos
from storage.tables import metadata
from tests.storage.make import NOW, VAULT

CANARIES = ["見本カナリア太郎", "canary-mihon@example.jp", "011-555-0199", "カナリア町一丁目"]


def _plant(engine: Engine) -> None:
    answers = dict(enumerate(CANARIES))
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "survey", {str(key): value for key, value in answers.items()}, now=NOW)
        VAULT.seal(conn, "survey", {"again": CANARIES}, now=NOW, record=record)
        gone = VAULT.seal(conn, "survey", {"gone": CANARIES}, now=NOW)
        VAULT.forget(conn, gone)
        photos.expect(conn, "f1", procedure="survey", person_id="p1", source="m1", now=NOW)
        photos.store(conn, VAULT, "f1", "\n".join(CANARIES).encode(), media_type="image/jpeg")
        inbox.fail(
            conn, "e1", "line", VAULT.seal_event("e1", "".join(CANARIES).encode()), "X", due=NOW, now=NOW
        )
        VAULT.open(conn, record, by="mihon", role="staff", why="review", now=NOW)


def _forms(canary: str) -> list[bytes]:
    """Return how a text may lie in a file."""
    plain = [canary.encode(code) for code in ("utf-8", "utf-16-le", "cp932", "euc-jp")]
    return [*plain, canary.encode("unicode_escape"), canary.encode().hex().encode()]


def _found(content: bytes) -> list[str]:
    return [canary for canary in CANARIES if any(form in content for form in _forms(canary))]


def test_no_planted_answer_is_found_in_the_files_of_sqlite(sqlite_engine: Engine) -> None:
    _plant(sqlite_engine)
    file = Path(str(sqlite_engine.url.database))
    beside = sorted(file.parent.glob(f"{file.name}*"))

    assert {path.name for path in beside} >= {"desk.sqlite3", "desk.sqlite3-wal"}
    assert {path.name: _found(path.read_bytes()) for path in beside if _found(path.read_bytes())} == {}
    assert b"image/jpeg" in b"".join(path.read_bytes() for path in beside)


@pytest.mark.postgres
def test_no_planted_answer_is_found_in_the_tables_of_postgresql(postgres_engine: Engine) -> None:
    _plant(postgres_engine)
    with database.read(postgres_engine) as conn:
        dump = {
            table: "\n".join(
                # Every column as text, and the bytes that a bytea stands for.
                str(row[0])
                for row in conn.execute(text(f"SELECT t::text FROM {table} t"))
            ).encode()
            for table in metadata.tables
        }

    assert {table: _found(content) for table, content in dump.items() if _found(content)} == {}
    assert b"image/jpeg" in dump["photos"]


def test_the_search_finds_what_is_not_sealed(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "open.sqlite3") as conn:
        conn.execute("CREATE TABLE answers (value)")
        conn.executemany("INSERT INTO answers VALUES (?)", [(CANARIES[0],), (CANARIES[1].encode(),)])
    conn.close()

    assert _found((tmp_path / "open.sqlite3").read_bytes()) == CANARIES[:2]
