"""The catalogs: what the code says is gathered, merged into every language, checked and compiled.

Written files hold no line numbers and no dates, so that they change only when a text does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from bot.words import LOCALES, SOURCE, compiled

ROOT = Path(__file__).resolve().parent.parent
LEAST = 150
"""Fewer texts than this: the extraction looked in the wrong place, for the desk has not fallen silent."""

_ROOMS = ("bot", "dialogs", "storage")
_TEMPLATES = {".html", ".txt", ".svg", ".xml"}
_KEYWORDS: Mapping[str, None] = {"_": None, "gettext": None}  # a {% trans %} block is extracted as gettext
_MARKED = re.compile(rb"(?:\b_|gettext)\s*\(")
_OPTIONS = {"silent": "false", "trimmed": "true"}  # a template with a syntax error must not vanish quietly
_CHURN = re.compile(  # dates, versions and nobody's addresses
    rb'^"(?:Project|Report|POT-Cr|PO-Rev|Last-Tr|Language-T|Generated)[\w-]*:.*\n', re.MULTILINE
)
_PERCENT = re.compile(r"%\((\w+)\)s")
_HEADER = "# {locale} texts of the desk.  Translate here; `madoguchi words` adds what is new.\n#"


def update(root: Path = ROOT, *, locales: tuple[str, ...] = LOCALES) -> None:
    """Gather the texts of the code under *root* and merge them into the catalogs of ``locales/``.

    A reworded text loses its translation on purpose: an official wording is confirmed by a person.
    The former translation stays in the file as an obsolete entry until somebody deletes it.
    """
    found = template(root)
    _write(_pot(root), _as_file(found))
    for locale in translated(locales):
        written = _po(root, locale)
        catalog = _read(written, locale) if written.exists() else Catalog(locale=locale)
        catalog.header_comment = _HEADER.format(locale=locale)
        catalog.fuzzy = False
        catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
        _write(written, _as_file(catalog))


def check(root: Path = ROOT, *, locales: tuple[str, ...] = LOCALES, least: int = LEAST) -> list[str]:
    """Return what is wrong with the catalogs, one line each; nothing where all is in every language."""
    found = template(root)
    problems = [f"{name}: {problem}" for name, problem in _broken_sources(found)]
    if len(found) < least:
        problems.append(f"only {len(found)} texts were found in the code, expected at least {least}")
    if not _pot(root).exists() or _pot(root).read_bytes() != _as_file(found):
        problems.append("messages.pot is out of date: run madoguchi words")
    for locale in translated(locales):
        problems += [f"{locale}: {problem}" for problem in _problems(_po(root, locale), locale, found)]
    return problems


def compile_all(root: Path = ROOT, *, locales: tuple[str, ...] = LOCALES) -> list[Path]:
    """Write every catalog in the form gettext reads, beside its source, and return the files.

    For images and wheels: without these files the catalogs are compiled in memory at the start.
    """
    made = []
    for locale in translated(locales):
        target = _po(root, locale).with_suffix(".mo")
        target.write_bytes(compiled(_po(root, locale)))
        made.append(target)
    return made


def translated(locales: tuple[str, ...] = LOCALES) -> tuple[str, ...]:
    """Return the languages that have a catalog: all but the one the code speaks."""
    return tuple(locale for locale in locales if locale != SOURCE)


def template(root: Path = ROOT) -> Catalog:
    """Return the texts marked in the code and the templates under *root*, without translations."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    catalog.header_comment = "# The texts of the desk, gathered by `madoguchi words`.  Not to be edited.\n#"
    for path, method in _sources(root):
        content = path.read_bytes()
        if method == "python" and not _MARKED.search(content):
            continue  # reading it word by word would find nothing
        for line, text, _comments, _context in extract(method, BytesIO(content), _KEYWORDS, options=_OPTIONS):
            catalog.add(text, locations=[(path.relative_to(root).as_posix(), line)])
    return catalog


def _sources(root: Path) -> Iterator[tuple[Path, str]]:
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix == ".py":
                yield path, "python"
            elif path.suffix in _TEMPLATES and "templates" in path.parts:
                yield path, "jinja2.ext:babel_extract"


def _problems(written: Path, locale: str, found: Catalog) -> Iterator[str]:
    if not written.exists():
        yield "has no catalog: run madoguchi words"
        return
    catalog = _read(written, locale)
    for source in found:
        if source.id:
            yield from _problems_of(catalog.get(source.id), source)
    strays = [each.id for each in catalog if each.id and each.id not in found]
    for text in sorted(str(text) for text in [*strays, *catalog.obsolete]):
        yield f"obsolete: {text}"


def _problems_of(entry: Message | None, source: Message) -> Iterator[str]:
    if entry is None:
        yield f"missing: {source.id}"
    elif not entry.string:
        yield f"empty: {source.id}"
    elif entry.fuzzy:
        yield f"fuzzy: {source.id}"
    elif placeholders(str(entry.string)) != placeholders(str(source.id)):
        yield f"other placeholders: {source.id}"


def _broken_sources(found: Catalog) -> Iterator[tuple[str, str]]:
    for source in found:
        if source.id and placeholders(str(source.id)) is None:
            yield source.locations[0][0], f"its placeholders cannot be read: {source.id}"


def placeholders(text: str) -> frozenset[str] | None:
    """Return the names *text* has room for, ``{name}`` and ``%(name)s``; None where it cannot be read.

    Only plain names count: an index, an attribute or a format would be another program in the text.
    """
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    if any(not name or not name.isidentifier() or form or change for _text, name, form, change in parts):
        return None
    return frozenset([str(name) for _text, name, _form, _change in parts] + _PERCENT.findall(text))


def _pot(root: Path) -> Path:
    return root / "locales" / "messages.pot"


def _po(root: Path, locale: str) -> Path:
    return root / "locales" / locale / "LC_MESSAGES" / "messages.po"


def _read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def _as_file(catalog: Catalog) -> bytes:
    made = BytesIO()
    write_po(made, catalog, width=0, sort_output=True, include_lineno=False)
    return _CHURN.sub(b"", made.getvalue())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
