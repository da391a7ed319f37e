"""Photos are shown one by one, and each showing is logged."""

from __future__ import annotations

import pytest

from bot.service import Service
from storage import accesslog, photos
from storage import engine as database
from tests.support.staff import NAME, Staff

PHOTO = "a" * 32
JPEG = b"\xff\xd8\xff\xe0sample"


@pytest.fixture
def photo(samples: Service) -> str:
    with database.write(samples.engine) as conn:
        photos.expect(conn, PHOTO, procedure="fence_loan", person_id="p", source="m1", now=1)
        photos.store(conn, samples.vault, PHOTO, JPEG, media_type="image/jpeg")
    return PHOTO


def test_a_photo_is_shown_as_a_picture_and_nothing_else(staff: Staff, photo: str) -> None:
    answer = staff.get(f"/admin/photos/{photo}")

    assert (answer.data, answer.content_type) == (JPEG, "image/jpeg")
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_showing_is_logged(staff: Staff, photo: str, samples: Service) -> None:
    staff.get(f"/admin/photos/{photo}")
    staff.get(f"/admin/photos/{photo}")

    with database.read(samples.engine) as conn:
        assert [(each.by, each.kind, each.record, each.why) for each in accesslog.entries(conn)] == [
            (NAME, "file", photo, "photo")
        ] * 2
    assert "写真の確認 写真 aaaaaaaa" in staff.page("/admin/access-log")


def test_a_photo_that_is_not_fetched_yet_is_not_there(staff: Staff, samples: Service) -> None:
    with database.write(samples.engine) as conn:
        photos.expect(conn, PHOTO, procedure="fence_loan", person_id="p", source="m1", now=1)

    assert staff.get(f"/admin/photos/{PHOTO}").status_code == 404


@pytest.mark.parametrize("made_up", ["b" * 32, "x", "A" * 32, "%00", "a" * 31])
def test_a_photo_that_was_made_up_is_not_there(staff: Staff, photo: str, made_up: str) -> None:
    assert staff.get(f"/admin/photos/{made_up}").status_code == 404
