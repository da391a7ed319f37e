"""Files that are no photos, or are more than that: what may come where a photo is asked for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = "SampleSecret"
"""Stands in everything that must not be kept."""

_WHERE, _ORIENTATION, _MAKE, _COMMENT = 0x8825, 0x0112, 0x010F, 0x9286


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def plain(kind: str = "JPEG", **options: Any) -> bytes:
    return encoded(Image.effect_noise((64, 48), 40).convert("RGB"), kind, **options)


# --- PNG, piece by piece


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
    width: int, height: int, *more: bytes, data: bytes | None = None, colour: int = 2, depth: int = 8
) -> bytes:
    """Return a PNG with the chunks *more*; *data* unfolds to its pixels, black where not given."""
    row = width * {0: 1, 2: 3, 6: 4}[colour] * depth // 8 + 1
    pixels = zlib.compress(bytes(row * height), 9) if data is None else data
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pieces = (chunk(b"IHDR", header), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


@cache
def folded(many: int = 100_000_000) -> bytes:
    """Return a few bytes that unfold to *many*."""
    return zlib.compress(bytes(many), 9)


# --- JPEG, segment by segment


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_segments(*segments: bytes, behind: bytes = b"") -> bytes:
    """Return a JPEG with *segments* before its picture and *behind* after its end."""
    whole = plain()
    return whole[:2] + b"".join(segments) + whole[2:] + behind


def scans(often: int, side: int) -> bytes:
    """Return a JPEG that goes over its picture *often* more than it needs: a few bytes each."""
    whole = encoded(Image.new("RGB", (side, side), "green"), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * often + whole[-2:]


def webp_of(width: int, height: int) -> bytes:
    """Return a WebP that says it is *width* by *height* and holds a picture of one pixel."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = encoded(Image.new("RGB", (1, 1)), "WEBP")[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x00" * 4 + size + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff(content: bytes, kind: bytes, more: bytes) -> bytes:
    """Return the WebP *content* with one more chunk at its end."""
    body = content[8:] + kind + struct.pack("<I", len(more)) + more + b"\0" * (len(more) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


# --- what is said beside a picture


def exif() -> Image.Exif:
    """Return where and with what a photo was taken, and a word in every place that holds words."""
    made = Image.Exif()
    made[_MAKE] = SECRET
    made.get_ifd(_WHERE).update(
        {1: "N", 2: (43.0, 3.0, 43.5), 3: "E", 4: (141.0, 21.0, 15.8), 27: SECRET.encode()}
    )
    made.get_ifd(0x8769).update({_COMMENT: b"ASCII\0\0\0" + SECRET.encode(), 0xA430: SECRET, 0xA431: SECRET})
    return made


XMP = f"<x:xmpmeta><rdf:RDF><dc:creator>{SECRET}</dc:creator></rdf:RDF></x:xmpmeta>".encode()
IPTC = (
    b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0" + struct.pack(">I", 17) + b"\x1c\x02\x50\0\x0c" + SECRET.encode()
)
ICC = b"\0" * 128 + SECRET.encode()


def _info() -> PngInfo:
    said = PngInfo()
    said.add_text("Comment", SECRET)
    said.add_text("Author", SECRET, zip=True)
    said.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return said


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(f"{SECRET}.txt", SECRET)
    return out.getvalue()


_PICTURE = plain()
_PICTURE_IN_PARTS = scans(1, 500).replace(struct.pack(">HH", 500, 500), struct.pack(">HH", 7000, 7000))
_THUMBNAIL = encoded(Image.new("RGB", (16, 12), "red"), "JPEG", comment=SECRET.encode())

TALKATIVE: Mapping[str, Callable[[], bytes]] = {
    "JPEG with EXIF and where": lambda: plain(exif=exif()),
    "JPEG with XMP": lambda: plain(xmp=XMP),
    "JPEG with IPTC": lambda: with_segments(segment(0xED, IPTC)),
    "JPEG with a colour profile": lambda: plain(icc_profile=ICC),
    "JPEG with a comment": lambda: plain(comment=SECRET.encode()),
    "JPEG with a thumbnail of JFIF": lambda: with_segments(segment(0xE0, b"JFXX\0\x10" + _THUMBNAIL)),
    "JPEG with a thumbnail in its EXIF": lambda: with_segments(segment(0xE1, b"Exif\0\0" + _THUMBNAIL)),
    "JPEG with everything of everybody": lambda: with_segments(
        *(segment(marker, SECRET.encode() * 20) for marker in range(0xE1, 0xF0)),
        segment(0xFE, SECRET.encode()),
    ),
    "JPEG of several pictures": lambda: encoded(
        Image.open(io.BytesIO(_PICTURE)),
        "MPO",
        save_all=True,
        append_images=[Image.open(io.BytesIO(_THUMBNAIL))] * 3,
        comment=SECRET.encode(),
    ),
    "JPEG with a film behind it": lambda: _PICTURE + b"\0\0\0\x18ftypmp42" + SECRET.encode() * 50,
    "JPEG and ZIP": lambda: _PICTURE + _zip(),
    "JPEG and HTML": lambda: with_segments(segment(0xFE, b"<script>SampleSecret</script><!--")),
    "JPEG and PDF": lambda: with_segments(
        segment(0xFE, b"%PDF-1.7 SampleSecret"), behind=b"%%EOF SampleSecret"
    ),
    "JPEG and a shell": lambda: _PICTURE + b"\n#!/bin/sh\necho SampleSecret\n",
    "PNG with texts": lambda: plain("PNG", pnginfo=_info()),
    "PNG with EXIF": lambda: plain("PNG", exif=exif()),
    "PNG with a colour profile": lambda: plain("PNG", icc_profile=ICC),
    "PNG with a chunk of its own": lambda: png(40, 30, chunk(b"seCr", SECRET.encode())),
    "PNG with something behind it": lambda: plain("PNG") + _zip(),
    "PNG and PHP": lambda: png(40, 30, chunk(b"tEXt", b"Comment\0<?php SampleSecret ?>")),
    "WebP with EXIF": lambda: plain("WEBP", exif=exif()),
    "WebP with XMP": lambda: plain("WEBP", xmp=XMP),
    "WebP with a colour profile": lambda: plain("WEBP", icc_profile=ICC),
    "WebP with a chunk of its own": lambda: riff(plain("WEBP"), b"SECR", SECRET.encode()),
}
"""Photos that say more than they show: they are kept, and what they say is not."""


def _film(kind: str, frames: int) -> bytes:
    pictures = [Image.new("RGB", (32, 24), (number % 256, number // 256, 0)) for number in range(frames)]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:])


HEAVY: Mapping[str, Callable[[], bytes]] = {
    "a photo of twelve million pixels": lambda: encoded(Image.new("RGB", (4032, 3024), "green"), "JPEG"),
    "a photo of forty-nine million pixels": lambda: encoded(Image.new("RGB", (8100, 6000), "green"), "JPEG"),
    "a panorama": lambda: encoded(Image.new("RGB", (16_000, 900), "green"), "JPEG"),
    "a PNG as large as it may be": lambda: png(4000, 3900, colour=6),
    "a PNG of sixteen bits": lambda: png(4000, 3900, colour=6, depth=16),
    "a WebP as large as it may be": lambda: encoded(Image.new("RGB", (4000, 3900)), "WEBP", lossless=True),
    "a PNG whose pixels never end": lambda: png(40, 30, data=folded()),
    "a PNG of a hundred thousand chunks": lambda: png(40, 30, chunk(b"aaAa", b"") * 100_000),
    "an APNG of two thousand frames": lambda: _film("PNG", 2000),
    "a WebP of two thousand frames": lambda: _film("WEBP", 2000),
    "a JPEG that goes over itself thirty times": lambda: scans(30, 1000),
}
"""Photos that cost much to open; they are kept."""

BOMBS: Mapping[str, Callable[[], bytes]] = {
    **{
        f"a PNG of {width} by {height}": partial(png, width, height, data=folded(1000))
        for width, height in (
            *((50_000, 50_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0), (0, 10)),
            *((7000, 7000), (40_000, 1), (1, 40_000)),
        )
    },
    "a WebP of 16384 by 16384": lambda: webp_of(16384, 16384),
    "a WebP as large as can be said": lambda: webp_of(1 << 24, 1 << 24),
    "a JPEG of 65500 by 65500": lambda: _PICTURE.replace(
        struct.pack(">HH", 48, 64), struct.pack(">HH", 65500, 65500)
    ),
    "a JPEG of a few rows too many": lambda: encoded(Image.new("L", (8000, 6400)), "JPEG"),
    "a JPEG in parts, of forty-nine million": lambda: _PICTURE_IN_PARTS,
    "a JPEG that goes over itself for ever": lambda: scans(20_000, 1000),
    "a zTXt that unfolds": lambda: png(40, 30, chunk(b"zTXt", b"Comment\0\0" + folded())),
    "an iTXt that unfolds": lambda: png(40, 30, chunk(b"iTXt", b"Comment\0\1\0\0\0" + folded())),
    "an iCCP that unfolds": lambda: png(40, 30, chunk(b"iCCP", b"x\0\0" + folded())),
    "three hundred texts that unfold": lambda: png(
        40, 30, *(chunk(b"zTXt", b"C%d\0\0" % number + folded(1_000_000)) for number in range(300))
    ),
}
"""Small files that would become endless: refused before they do."""

ELSE: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"\xff",
    "a JPEG's first bytes": lambda: b"\xff\xd8\xff",
    "a JPEG's head": lambda: _PICTURE[:200],
    "half a JPEG's tables": lambda: _PICTURE[:400],
    "a JPEG without a picture": lambda: b"\xff\xd8\xff\xd9",
    "a JPEG of noise": lambda: b"\xff\xd8\xff" + bytes(range(256)) * 200,
    "a JPEG with segments of no length": lambda: b"\xff\xd8" + b"\xff\xe1\0\0" * 100_000,
    "a JPEG of markers": lambda: b"\xff\xd8" + b"\xff" * 1_000_000,
    "a PNG's first bytes": lambda: b"\x89PNG\r\n\x1a\n",
    "a PNG with a chunk of two gigabytes": lambda: b"\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIHDR" + b"\0" * 100,
    "a PNG without pixels": lambda: png(40, 30, data=b""),
    "a PNG with too few pixels": lambda: png(40, 30, data=folded(10)),
    "a WebP's first bytes": lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    "a RIFF of another kind": lambda: b"RIFF\x10\0\0\0WAVEfmt ",
    "a GIF": lambda: plain("GIF"),
    "a GIF of many frames": lambda: _film("GIF", 300),
    "a TIFF": lambda: plain("TIFF"),
    "a BMP": lambda: plain("BMP"),
    "an icon": lambda: plain("ICO"),
    "a photo of JPEG 2000": lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 100,
    "a HEIC, as telephones take them": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500,
    "an AVIF": lambda: b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + b"\0" * 500,
    "a film": lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 500,
    "an SVG": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "an SVG that reads files": lambda: (
        b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><svg>&y;</svg>'
    ),
    "a PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n",
    "a PDF": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a ZIP": _zip,
    "a page": lambda: b"<!DOCTYPE html><script>alert(1)</script>",
    "a program": lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 500,
    "a pickle": lambda: b"\x80\x04\x95\0\0\0\0\0\0\0\0\x8c\x05posix\x94",
    "a text": SECRET.encode,
    "zeros": lambda: bytes(1_000_000),
}
"""What is no photo that is read here."""
