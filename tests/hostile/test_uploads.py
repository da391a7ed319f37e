"""What comes where a photo is asked for: kept bare, or refused, in little memory and in time."""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from bot import photos
from bot.photos import LONGEST_SIDE, UnreadablePhoto, cleaned
from tests.hostile.bounds import TookTooLong, within
from tests.hostile.pictures import (
    BOMBS,
    ELSE,
    HEAVY,
    SECRET,
    TALKATIVE,
    encoded,
    exif,
    plain,
    png,
    scans,
)

MEMORY = 400
"""MB more than a process has that has opened one small photo."""

SECONDS = 60
"""Of the processor, for all of them together: a hundred times what they need."""


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def segments(jpeg: bytes) -> list[int]:
    """Return the markers of *jpeg* up to its picture."""
    found, place = [], 2
    while jpeg[place + 1] != 0xDA:
        found.append(jpeg[place + 1])
        place += 2 + struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
    return found


@pytest.mark.parametrize("name", TALKATIVE)
def test_of_a_photo_nothing_is_kept_but_what_it_shows(name: str) -> None:
    content = TALKATIVE[name]()
    assert SECRET.encode() in content or "PNG with" in name, "the photo says nothing: nothing is tried"

    kept = cleaned(content)

    assert SECRET.encode() not in kept
    assert set(segments(kept)) <= {0xE0, 0xDB, 0xC0, 0xC4}, "only what draws a picture"
    assert kept.endswith(b"\xff\xd9")
    picture = opened(kept)
    assert (picture.format, picture.mode, dict(picture.getexif())) == ("JPEG", "RGB", {})
    assert {key for key in picture.info if not str(key).startswith("jfif")} == set()


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_another_program_finds_nothing_in_them_either(tmp_path: Path) -> None:
    for number, make in enumerate(TALKATIVE.values()):
        (tmp_path / f"{number}.jpg").write_bytes(cleaned(make()))

    told = subprocess.run(
        ["exiftool", "-json", "-G", "."], cwd=tmp_path, check=True, capture_output=True, text=True
    )

    groups = {key.partition(":")[0] for each in json.loads(told.stdout) for key in each if ":" in key}
    assert groups <= {"File", "ExifTool", "Composite", "JFIF"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("side", [40, 2 * LONGEST_SIDE + 10])
def test_a_photo_stands_as_it_was_taken(kind: str, turned: int, side: int) -> None:
    picture = Image.new("RGB", (side, side // 2), "white")
    picture.paste("red", (0, 0, side // 2, side // 4))
    said = exif()
    said[0x0112] = turned
    content = encoded(picture, kind, exif=said)

    kept = opened(cleaned(content))

    wanted = ImageOps.exif_transpose(opened(content)).convert("RGB")
    assert (kept.width > kept.height) is (wanted.width > wanted.height)
    corners = [(at, down) for at in (0.2, 0.8) for down in (0.2, 0.8)]
    seen = [kept.getpixel((int(kept.width * at), int(kept.height * down))) for at, down in corners]
    meant = [wanted.getpixel((int(wanted.width * at), int(wanted.height * down))) for at, down in corners]
    assert [_is_red(each) for each in seen] == [_is_red(each) for each in meant]
    assert sum(map(_is_red, seen)) == 1


def _is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 200 and pixel[1] < 80)


@pytest.mark.parametrize("name", [*BOMBS, *ELSE])
def test_what_is_no_photo_or_too_much_of_one_is_refused(name: str) -> None:
    content = {**BOMBS, **ELSE}[name]()

    with within(30), pytest.raises(UnreadablePhoto):
        cleaned(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_anywhere_is_refused_or_kept_bare(kind: str) -> None:
    whole = plain(kind, exif=exif())

    for length in range(0, len(whole), max(1, len(whole) // 150)):
        try:
            assert SECRET.encode() not in cleaned(whole[:length])
        except UnreadablePhoto:
            continue


CHILD = """
import json, resource, sys
from pathlib import Path
from bot.photos import UnreadablePhoto, cleaned

def used(word):
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith(word))

folder = Path(sys.argv[1])
cleaned((folder / "first").read_bytes())
room = (used("VmSize") + {memory} * 1024) * 1024
resource.setrlimit(resource.RLIMIT_AS, (room, room))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
before = used("VmHWM")
kept = {{}}
for file in sorted(folder.glob("[0-9]*")):
    try:
        kept[file.name] = len(cleaned(file.read_bytes()))
    except UnreadablePhoto as refused:
        kept[file.name] = 0
print(json.dumps([kept, (used("VmHWM") - before) // 1024]))
"""


def alone(folder: Path, contents: list[bytes]) -> tuple[dict[str, int], int]:
    """Return how large each photo was kept (0: refused) by a process of bounded memory, and its MB at most."""
    (folder / "first").write_bytes(plain())
    for number, content in enumerate(contents):
        (folder / f"{number:03}").write_bytes(content)
    told = subprocess.run(
        [sys.executable, "-c", CHILD.format(memory=MEMORY, seconds=SECONDS), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    kept, most = json.loads(told.stdout)
    return kept, most


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured as Linux tells it")
def test_no_photo_takes_more_memory_or_time_than_there_is(tmp_path: Path) -> None:
    everything = {**HEAVY, **BOMBS, **ELSE}

    kept, most = alone(tmp_path, [make() for make in everything.values()])

    sizes = dict(zip(everything, kept.values(), strict=True))
    assert [name for name in HEAVY if not sizes[name]] == []
    assert [name for name, size in sizes.items() if size and name not in HEAVY] == []
    assert most < MEMORY


# --- the guards, taken away: the same files then cost too much


def test_without_the_measure_of_pixels_a_bomb_goes_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "_is_too_much", lambda _picture, _content: False)

    assert cleaned(png(7000, 7000))


def test_without_the_count_of_scans_a_small_file_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    content = scans(20_000, 1000)
    assert len(content) < 1_000_000
    monkeypatch.setattr(photos, "_scans", lambda _content: 1)

    with pytest.raises(TookTooLong), within(3):
        cleaned(content)
