"""``madoguchi new-procedure``: the file that a new service begins with."""

from __future__ import annotations

import keyword
import re
from importlib.resources import files
from pathlib import Path

import click

FOLDER = Path(__file__).resolve().parent.parent / "dialogs" / "procedures"

TITLE = "新しい手続き"  # untranslated: a placeholder until the service has a name


def write_skeleton(key: str, folder: Path = FOLDER) -> str:
    """Write ``<key>.py`` into *folder*; return what is left to be done, in two lines.

    Raises:
        ClickException: *key* is no name for a module, or the file exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or keyword.iskeyword(key):
        raise click.ClickException(f"{key} is no key: write small letters, digits and _, such as compost_bin")
    path = folder / f"{key}.py"
    if path.exists() or (folder / key).exists():
        raise click.ClickException(f"{path.name} exists already and is not overwritten")
    skeleton = (files("bot") / "data" / "procedure.txt").read_text(encoding="utf-8")
    path.write_text(skeleton.format(key=key, title=TITLE, constant=key.upper()), encoding="utf-8")
    return "\n".join(
        (
            f"{path} is written.",
            f"Register it in {folder / '__init__.py'}: import {key.upper()} and add it to REGISTER.",
            "Then: madoguchi words, translate the new texts, make test.  docs/add-a-procedure.md goes through it.",
        )
    )
