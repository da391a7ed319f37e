"""Pictures for tests: drawn here, of nothing and nobody."""

from __future__ import annotations

import io

from PIL import Image

PLACE = 0x8825
"""Where EXIF says the place stands."""

_MAKE = 0x010F


def jpeg(width: int = 80, height: int = 60, colour: str = "green") -> bytes:
    return _written(Image.new("RGB", (width, height), colour), Image.Exif())


def with_place() -> bytes:
    """Return a photo that says where it was taken, and with which camera."""
    exif = Image.Exif()
    exif[_MAKE] = "SampleCamera"
    exif.get_ifd(PLACE).update({1: "N", 2: (43.0, 3.0, 43.5), 3: "E", 4: (141.0, 21.0, 15.8)})
    return _written(Image.new("RGB", (80, 60), "green"), exif)


def _written(picture: Image.Image, exif: Image.Exif) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
