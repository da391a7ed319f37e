"""Looking for words where they must not be: in the very bytes of files, whatever lies around them."""

from __future__ import annotations

import base64
import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote


def spellings(word: str) -> Sequence[bytes]:
    """Return how *word* may stand in a file: as it is, in JSON, in an address, in UTF-16, in base64."""
    plain = word.encode()
    return tuple(
        dict.fromkeys(
            (
                plain,
                json.dumps(word)[1:-1].encode(),
                quote(word).encode(),
                word.encode("utf-16-le"),
                *(_in_base64(plain, shift) for shift in range(3)),
            )
        )
    )


def _in_base64(plain: bytes, shift: int) -> bytes:
    """Return the signs that *plain* has in base64 if it begins *shift* bytes into a group of three."""
    coded = base64.b64encode(b"\0" * shift + plain)
    return coded[(0, 2, 3)[shift] : len(coded) // 4 * 4 - 4]


def files(*places: Path) -> Iterator[Path]:
    """Yield every file in *places*."""
    for place in places:
        yield from (each for each in ([place] if place.is_file() else place.rglob("*")) if each.is_file())


def found(words: Iterable[str], *places: Path) -> list[str]:
    """Return which of *words* stand in which files of *places*, however they are spelled."""
    wanted = [(word, each) for word in words for each in spellings(word) if len(each) >= 6]
    hits = []
    for path in files(*places):
        with suppress(
            FileNotFoundError
        ):  # a server's temporary file, or another test's database, gone meanwhile
            hits += [f"{word} in {path.name}" for word in _in_file(path, wanted)]
    return sorted(set(hits))


def _in_file(path: Path, wanted: Iterable[tuple[str, bytes]]) -> list[str]:
    if not path.stat().st_size:
        return []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return [word for word, each in wanted if content.find(each) >= 0]


def said_in(words: Iterable[str], content: bytes) -> list[str]:
    """Return which of *words* stand in *content*, however they are spelled."""
    return [word for word in words if any(each in content for each in spellings(word) if len(each) >= 6)]
