"""Photos as they may be kept: re-encoded, turned upright, without where and with what they were taken."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

LONGEST_SIDE = 1600
"""Pixels: enough to see a footprint, small enough for a database."""

MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


class UnreadablePhoto(Exception):
    """The bytes are no photo that can be shown safely."""


def cleaned(content: bytes) -> bytes:
    """Return *content* as a JPEG of at most 1600 pixels a side without any metadata (EXIF, GPS, XMP, IPTC).

    Raises:
        UnreadablePhoto: It is no JPEG, PNG or WEBP, is damaged, or would unfold to more than 50 million pixels.
    """
    try:
        return _reencoded(content)
    except UnreadablePhoto:
        raise
    except Exception as fault:  # a damaged file can break the decoder in any way
        raise UnreadablePhoto from fault


def _reencoded(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise UnreadablePhoto
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85)
    return out.getvalue()
