"""A photo is expected, fetched once, sealed, and opened only with an entry in the log."""

import pytest
from sqlalchemy import Connection, Engine

from storage import accesslog, photos
from storage import engine as database
from storage.photos import Photo
from storage.vault import VaultRecordMissing
from tests.storage.make import NOW, VAULT


def _expect(conn: Connection, photo: str = "f1") -> str:
    return photos.expect(conn, photo, procedure="fence_loan", person_id="p1", source="m1", now=NOW)


def _store(conn: Connection, content: bytes = b"picture") -> bool:
    return photos.store(conn, VAULT, "f1", content, media_type="image/jpeg")


def _open(conn: Connection) -> bytes:
    return photos.open_photo(conn, VAULT, "f1", by="mihon", role="staff", why="review", now=NOW)


def test_an_expected_photo_is_known_before_it_is_here(engine: Engine) -> None:
    with database.write(engine) as conn:
        assert _expect(conn) == "f1"
        assert photos.get(conn, "f1") == Photo("f1", "fence_loan", "p1", "m1", "expected", "", NOW)
        with pytest.raises(VaultRecordMissing):
            _open(conn)


def test_a_stored_photo_is_opened_by_name_and_forgets_its_source(engine: Engine) -> None:
    with database.write(engine) as conn:
        _expect(conn)
        stored = _store(conn)
        opened = _open(conn)
        [entry] = accesslog.entries(conn)

        assert (stored, opened) == (True, b"picture")
        assert (entry.by, entry.kind, entry.record) == ("mihon", "file", "f1")
        assert photos.get(conn, "f1") == Photo("f1", "fence_loan", "p1", None, "stored", "image/jpeg", NOW)


def test_a_photo_fetched_twice_stays_the_first(engine: Engine) -> None:
    with database.write(engine) as conn:
        _expect(conn)
        stored = [_store(conn, b"first"), _store(conn, b"second")]
        _expect(conn)

        assert stored == [True, False]
        assert _open(conn) == b"first"


def test_a_photo_taken_back_while_it_was_fetched_is_not_stored(engine: Engine) -> None:
    with database.write(engine) as conn:
        _expect(conn)
        photos.forget(conn, "f1")

        assert not _store(conn)
        assert photos.get(conn, "f1") is None


def test_a_photo_that_could_not_be_fetched_may_still_come(engine: Engine) -> None:
    with database.write(engine) as conn:
        _expect(conn)
        photos.fail(conn, "f1")
        failed = photos.get(conn, "f1")
        stored = _store(conn)
        photos.fail(conn, "f1")
        kept = photos.get(conn, "f1")

    assert failed
    assert kept
    assert (failed.state, stored, kept.state) == ("failed", True, "stored")
