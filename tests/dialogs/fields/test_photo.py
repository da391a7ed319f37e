from dataclasses import replace

import pytest

from dialogs.fields import Control, Photo, Raw
from tests.dialogs.fields.asked import given, refusal
from tests.dialogs.worlds import JAPANESE

PHOTO = Photo("photo", "写真", required=False)


def test_a_photo_is_kept_by_its_name() -> None:
    assert PHOTO.read({"photo": "534567890123456789"}, given()) == {"photo": "534567890123456789"}


@pytest.mark.parametrize(
    "raw", ["あります", "", {"photo": ""}, {"photo": "見本"}, {"photo": "a" * 301}, {"": "x"}]
)
def test_words_are_no_photo(raw: Raw) -> None:
    assert refusal(PHOTO, raw) == (
        "photo",
        "写真を1枚送ってください。写真がないときは「なし」と送ると、次に進めます。",
    )


def test_a_required_photo_cannot_be_skipped_and_does_not_offer_it() -> None:
    sentence = refusal(replace(PHOTO, required=True), "あります")[1]

    assert "送ってください" in sentence
    assert "なし" not in sentence


def test_a_photo_is_drawn_as_a_camera_and_shown_as_there() -> None:
    (drawn,) = PHOTO.inputs(given())

    assert (drawn.part, drawn.control, drawn.required) == ("photo", Control.PHOTO, False)
    assert PHOTO.show({"photo": "1"}, JAPANESE) == "写真あり"
