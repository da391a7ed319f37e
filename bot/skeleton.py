"""``madoguchi new-procedure``: the file that a new service begins with."""

from __future__ import annotations

import keyword
import re
from importlib.resources import files
from pathlib import Path
from string import Template

import click

FOLDER = Path(__file__).resolve().parent.parent / "dialogs" / "procedures"

LONGEST = 32
"""Characters of a key: it travels in every button of the service."""


def write_skeleton(key: str, folder: Path = FOLDER) -> str:
    """Write ``<key>.py`` into *folder*; return what is left to be done, one step a line.

    Raises:
        ClickException: *key* is no name for a module, or the file exists.
    """
    _refuse_bad(key)
    path = folder / f"{key}.py"
    if path.exists() or (folder / key).exists():
        raise click.ClickException(f"{path.name} exists already and is not overwritten; choose another key")
    skeleton = (files("bot") / "data" / "procedure.txt").read_text(encoding="utf-8")
    path.write_text(Template(skeleton).substitute(key=key, constant=key.upper()), encoding="utf-8")
    return "\n".join(
        (
            f"{path} is written: a sample service to be made your own.",
            f"1. In {folder / '__init__.py'} import {key.upper()} and name it in REGISTER.",
            "2. madoguchi words        gathers the texts; translate them in locales/",
            "3. madoguchi vault-keys   gives the service its own key (madoguchi demo does it by itself)",
            "4. make test check",
            "docs/add-a-procedure.md goes through it.",
        )
    )


def _refuse_bad(key: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or keyword.iskeyword(key) or len(key) > LONGEST:
        raise click.ClickException(
            f"{key} is no key: write at most {LONGEST} small letters, digits and _, such as compost_bin"
        )
