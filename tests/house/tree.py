"""The project's own files, as the house rules look at them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "dialogs", "storage")


@cache
def files() -> tuple[str, ...]:
    """Return the path of every file that is, or would be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for path in sorted(set(listed.split("\0"))) if path and (ROOT / path).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every file that is text."""
    for path in files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:1024]:
            yield path, content.decode("utf-8", "replace")


def modules(*folders: str) -> Iterator[tuple[str, ast.Module, list[str]]]:
    """Yield (path, syntax tree, lines) of every Python file in *folders*."""
    for path in files():
        if path.endswith(".py") and path.partition("/")[0] in folders:
            source = (ROOT / path).read_text(encoding="utf-8")
            yield path, ast.parse(source, path), source.splitlines()
