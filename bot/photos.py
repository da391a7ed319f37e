"""Photos as they may be kept: re-encoded, turned upright, without where and with what they were taken."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageOps

LONGEST_SIDE = 1600
"""Pixels: enough to see a footprint, small enough for a database."""

MOST_PIXELS = 50_000_000
"""Of a JPEG that is unpacked row by row, at a fraction of its size: as many as telephones take."""

MOST_AT_ONCE = 16_000_000
"""Of anything that is unpacked whole: four bytes each, before it can be made smaller."""

MOST_ALONG = 20_000
"""Pixels along a side: a panorama has fewer, and what is longer than wide costs far more than its pixels."""

MOST_SCANS = 50
"""Times that a JPEG goes over its picture: ten are usual, and a few bytes are enough for one more."""

FORMATS = ("JPEG", "PNG", "WEBP")

# Of what stands between two scans of a JPEG, only these are markers: FF 00 is a byte, FF D0 to D7 a restart.
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_SCAN, _END = b"\xda", b"\xd9"


class UnreadablePhoto(Exception):
    """The bytes are no photo that can be shown safely."""


def cleaned(content: bytes) -> bytes:
    """Return *content* as a JPEG of at most 1600 pixels a side without any metadata (EXIF, GPS, XMP, IPTC).

    Raises:
        UnreadablePhoto: It is no JPEG, PNG or WEBP, is damaged, or would unfold to more than is wanted.
    """
    try:
        return _reencoded(content)
    except UnreadablePhoto:
        raise
    except Exception as fault:  # a damaged file can break the decoder in any way
        raise UnreadablePhoto from fault


def _reencoded(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if _is_too_much(picture, content):
            raise UnreadablePhoto
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(_smaller(picture)).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85)
    return out.getvalue()


def _is_too_much(picture: Image.Image, content: bytes) -> bool:
    """Return whether unpacking *picture* would take more memory or time than a photo may."""
    scans = 0 if picture.format in {"PNG", "WEBP"} else _scans(content)
    most = MOST_PIXELS if scans == 1 else MOST_AT_ONCE
    return picture.width * picture.height > most or max(picture.size) > MOST_ALONG or scans > MOST_SCANS


def _scans(content: bytes) -> int:
    """Return how often the JPEG *content* goes over its picture; no more than one above :data:`MOST_SCANS`."""
    scans = place = 0
    while scans <= MOST_SCANS:
        marker = _MARKER.search(content, place)
        if marker is None or marker[1] == _END:
            break
        scans += marker[1] == _SCAN
        # After the picture's beginning, which has none, every marker tells the length of what it holds.
        length = 0 if marker[1] == b"\xd8" else int.from_bytes(content[marker.end() : marker.end() + 2])
        place = marker.end() + length
    return scans


def _smaller(picture: Image.Image) -> Image.Image:
    """Return *picture* near its final size: every step after this one would copy it whole."""
    factor = max(picture.size) // LONGEST_SIDE
    if factor <= 1:
        return picture
    colours = picture if picture.mode in {"RGB", "RGBA", "L", "LA", "CMYK"} else picture.convert("RGB")
    reduced = colours.reduce(factor)
    reduced.info = picture.info  # which way up it was taken
    return reduced
