"""Photos: what is kept of them, and what is refused."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from bot.photos import LONGEST_SIDE, MOST_PIXELS, UnreadablePhoto, cleaned
from tests.support.pictures import PLACE, jpeg, with_place

ORIENTATION = 0x0112


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def test_a_photo_is_kept_without_where_and_with_what_it_was_taken() -> None:
    assert opened(with_place()).getexif().get_ifd(PLACE)

    kept = cleaned(with_place())

    assert dict(opened(kept).getexif()) == {}
    assert {key for key in opened(kept).info if not str(key).startswith("jfif")} == set()
    assert b"Exif" not in kept
    assert b"SampleCamera" not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_comment_profile_or_text_survives(kind: str) -> None:
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"comment": b"SampleSecret", "icc_profile": b"SampleSecret", "xmp": b"SampleSecret"},
        "PNG": {"pnginfo": _text("SampleSecret"), "icc_profile": b"SampleSecret"},
        "WEBP": {"xmp": b"SampleSecret", "icc_profile": b"SampleSecret"},
    }
    content = encoded(Image.new("RGB", (40, 30), "green"), kind, **options[kind])

    assert b"SampleSecret" not in cleaned(content)


def _text(words: str) -> Any:
    from PIL.PngImagePlugin import PngInfo

    found = PngInfo()
    found.add_text("Comment", words)
    return found


def test_a_photo_taken_with_the_camera_turned_stands_upright() -> None:
    picture = Image.new("RGB", (40, 20), "white")
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turned by a quarter

    kept = opened(cleaned(encoded(picture, "JPEG", exif=exif)))

    assert kept.size == (20, 40)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_every_way_of_colouring_is_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"

    kept = opened(cleaned(encoded(Image.new(mode, (40, 30)), kind)))

    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (40, 30))


def test_a_large_photo_becomes_small_enough_for_a_database() -> None:
    kept = cleaned(jpeg(4000, 3000))

    assert max(opened(kept).size) == LONGEST_SIDE
    assert len(kept) < 1_000_000


def bomb(side: int) -> bytes:
    """Return a small PNG that says it is *side* pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def test_a_whole_photo_of_too_many_pixels_is_refused_however_small_its_file_is() -> None:
    side = int(MOST_PIXELS**0.5) + 1
    content = encoded(Image.new("1", (side, side)), "PNG")
    assert len(content) < 100_000

    with pytest.raises(UnreadablePhoto):
        cleaned(content)


@pytest.mark.parametrize("side", [int(MOST_PIXELS**0.5) + 1, 10_000, 60_000])
def test_a_photo_that_would_unfold_to_too_much_is_refused_before_it_does(side: int) -> None:
    with pytest.raises(UnreadablePhoto):
        cleaned(bomb(side))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        encoded(Image.new("RGB", (9, 9)), "GIF"),
        encoded(Image.new("RGB", (9, 9)), "TIFF"),
        encoded(Image.new("RGB", (9, 9)), "BMP"),
        jpeg(200, 100)[:300],
    ],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadablePhoto):
        cleaned(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_photo_is_cleaned_or_refused_and_nothing_else(kind: str) -> None:
    chance = random.Random(3)
    exif = opened(with_place()).getexif()
    whole = encoded(Image.effect_noise((60, 40), 50).convert("RGB"), kind, exif=exif)

    for _ in range(300):
        broken = bytearray(whole)
        for _damage in range(chance.randint(1, 8)):
            broken[chance.randrange(min(len(broken), 400))] = chance.randrange(256)
        try:
            assert b"SampleCamera" not in cleaned(bytes(broken[: chance.randrange(20, len(broken) + 1)]))
        except UnreadablePhoto:
            continue
