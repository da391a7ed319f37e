"""What a phone has at hand: two photos drawn here, a sound, and four places."""

import io
import wave
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from types import MappingProxyType
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFilter
from PIL.TiffImagePlugin import IFDRational

Colour: TypeAlias = tuple[int, int, int]

# Public places that everybody finds on a map; the last one lies outside the sample city.
PLACES: tuple[Mapping[str, str | float], ...] = (
    {
        "title": "定山渓温泉",
        "address": "北海道札幌市南区定山渓温泉東",
        "latitude": 42.9644,
        "longitude": 141.1665,
    },
    {"title": "盤渓", "address": "北海道札幌市中央区盤渓", "latitude": 43.0336, "longitude": 141.2806},
    {"title": "滝野", "address": "北海道札幌市南区滝野", "latitude": 42.9146, "longitude": 141.3851},
    {"title": "小樽（市外）", "address": "北海道小樽市稲穂", "latitude": 43.1977, "longitude": 140.9937},
)

_SIZE = (1280, 960)
_GPS = 0x8825
_TAKEN = 0x9003


@cache
def photos() -> Mapping[str, bytes]:
    """Return JPEGs by name.  They carry a place and a time, so that one can see the desk removing both."""
    return MappingProxyType({"field": _jpeg(_field()), "track": _jpeg(_track())})


def sound() -> bytes:
    """Return half a second of silence as a WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"\x80" * 4_000)
    return made.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "SAMPLE", "Simulator"
    exif.get_ifd(0x8769)[_TAKEN] = "2027:06:06 05:12:40"
    exif.get_ifd(_GPS).update({1: "N", 2: _degrees(42, 57, 52), 3: "E", 4: _degrees(141, 9, 59)})
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=82, exif=exif)
    return made.getvalue()


def _degrees(*parts: int) -> tuple[IFDRational, ...]:
    return tuple(map(IFDRational, parts))


def _sky(top: Colour, bottom: Colour) -> Image.Image:
    """Return a picture that goes from *top* to *bottom*."""
    column = Image.new("RGB", (1, 2))
    column.putdata([top, bottom])
    return column.resize(_SIZE, Image.Resampling.BICUBIC)


def _field() -> Image.Image:
    """Draw a maize field below a hill, with a trail trodden through it."""
    picture = _sky((150, 196, 226), (244, 232, 206))
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(0, 470), (300, 300), (560, 400), (880, 250), (1280, 430), (1280, 960), (0, 960)], fill=(74, 108, 84)
    )
    draw.polygon([(0, 520), (420, 420), (820, 480), (1280, 400), (1280, 960), (0, 960)], fill=(92, 130, 78))
    draw.rectangle((0, 560, 1280, 960), fill=(136, 108, 70))
    dice = Random(7)  # noqa: S311 - leaves, not secrets
    for row in range(12):
        _maize(draw, 580 + row * 34, 26 + row * 7, dice)
    picture = picture.filter(ImageFilter.GaussianBlur(1.2))
    return _stamped(picture)


def _maize(draw: ImageDraw.ImageDraw, ground: int, height: int, dice: Random) -> None:
    """Draw one row of maize; where the trail runs, it lies flat."""
    middle = 640 + (ground - 760) * 0.55
    for left in range(-10, 1290, max(9, height // 4)):
        stalk = left + dice.randint(-4, 4)
        green = (58 + dice.randint(0, 44), 112 + dice.randint(0, 46), 44)
        if abs(stalk - middle) < height * 1.5:
            lean = dice.randint(-height, height)
            draw.line(
                (stalk, ground, stalk + lean, ground - height // 7),
                fill=(168, 148, 84),
                width=height // 11 + 1,
            )
            continue
        for lean in (-height // 4, 0, height // 4):
            tip = ground - height + abs(lean) // 2
            draw.line((stalk, ground, stalk + lean, tip), fill=green, width=height // 14 + 2)


def _track() -> Image.Image:
    """Draw a bear's footprint in wet ground, with a folding rule beside it."""
    dice = Random(11)  # noqa: S311 - pebbles, not secrets
    picture = _sky((142, 116, 86), (112, 88, 62))
    draw = ImageDraw.Draw(picture)
    for _ in range(2600):
        across, down, size = dice.randint(0, 1280), dice.randint(0, 960), dice.randint(2, 9)
        shade = dice.randint(-18, 18)
        draw.ellipse(
            (across, down, across + size, down + size * 0.7), fill=(124 + shade, 98 + shade, 70 + shade)
        )
    picture = picture.filter(ImageFilter.GaussianBlur(1.6))
    for grow, colour in ((14, (150, 124, 94)), (0, (70, 52, 36)), (-14, (54, 39, 27))):
        _paw(ImageDraw.Draw(picture), grow, colour)
        picture = picture.filter(ImageFilter.GaussianBlur(3.2))
    _rule(ImageDraw.Draw(picture))
    return _stamped(picture)


_TOES: Sequence[tuple[int, int]] = ((372, 372), (474, 292), (594, 262), (714, 292), (812, 372))


def _paw(draw: ImageDraw.ImageDraw, grow: int, colour: Colour) -> None:
    draw.ellipse((380 - grow, 456 - grow, 806 + grow, 716 + grow), fill=colour)
    draw.ellipse((446 - grow, 600 - grow, 738 + grow, 810 + grow), fill=colour)
    for across, down in _TOES:
        draw.ellipse(
            (across - 52 - grow, down - 60 - grow, across + 52 + grow, down + 64 + grow), fill=colour
        )
        draw.polygon(
            [(across - 12, down - 96), (across + 12, down - 96), (across, down - 150 - grow)], fill=colour
        )


def _rule(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((960, 190, 1040, 850), fill=(238, 208, 72), outline=(170, 140, 40), width=3)
    for mark in range(23):
        draw.line(
            (960, 200 + mark * 29, 990 if mark % 5 else 1010, 200 + mark * 29), fill=(60, 50, 20), width=3
        )


def _stamped(picture: Image.Image) -> Image.Image:
    """Write SAMPLE across a corner: nobody shall take it for a sighting."""
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((1008, 892, 1264, 944), 12, fill=(180, 20, 30))
    draw.text((1136, 918), "SAMPLE", fill=(255, 255, 255), anchor="mm", font_size=38)
    return picture
