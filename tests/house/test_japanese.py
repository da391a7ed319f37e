"""Every Japanese sentence in the rooms is marked for translation, so that every language can have it.

A literal that is no sentence for people (what is read, not what is said) stands in a file of EXEMPT, or in a
statement whose first or last line ends with ``# untranslated: why``.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house import tree

JAPANESE = re.compile(r"[\u3005\u3041-\u30ff\u4e00-\u9fff\uff66-\uff9f]")
MARKERS = {"_"}
EXCUSE = re.compile(r"# untranslated: \S")

EXEMPT = {
    "bot/simulator/": "a tool for those who build the desk; its residents play themselves",
    "bot/postal_build.py": "it reads the post's data for the maintainer and says nothing to residents",
    "dialogs/commands.py": "the words people type to be understood at any moment, in every language at once",
    "dialogs/reading/": "tables of what people type, not of what the desk says",
    "storage/migrations/": "a migration says nothing to anybody",
}
COMPOUND = (
    ast.ClassDef,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.If,
    ast.For,
    ast.While,
    ast.With,
    ast.Try,
)


def unmarked(source: str) -> list[tuple[int, str]]:
    """Return (line, text) of each Japanese literal in *source* that is neither marked nor excused."""
    module = ast.parse(source)
    lines = source.splitlines()
    known = {id(literal) for node in ast.walk(module) for literal in (*_said(node), *_excused(node, lines))}
    return sorted(
        (node.lineno, node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if JAPANESE.search(node.value) and id(node) not in known
    )


def _said(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands inside a marker, and docstrings."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[text, *_]) if name in MARKERS:
            yield from ast.walk(text)
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case _:
            pass


def _excused(node: ast.AST, lines: list[str]) -> Iterator[ast.AST]:
    if isinstance(node, ast.stmt | ast.Constant) and not isinstance(node, COMPOUND):
        ends = (lines[node.lineno - 1], lines[(node.end_lineno or node.lineno) - 1])
        if any(map(EXCUSE.search, ends)):
            yield from ast.walk(node)


def test_every_japanese_literal_is_marked() -> None:
    found = [
        f"{path}:{line}: {text}"
        for path, _, lines in tree.modules(*tree.ROOMS)
        if not path.startswith(tuple(EXEMPT))
        for line, text in unmarked("\n".join(lines))
    ]

    assert found == []


def test_every_japanese_word_of_a_template_is_marked() -> None:
    inside = re.compile(
        r"\{\{.*?\}\}|\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{%.*?%\}|<!--.*?-->", re.DOTALL
    )
    found = [
        f"{path}: {line.strip()}"
        for path, text in tree.texts()
        if "/templates/" in path and not path.startswith(tuple(EXEMPT))
        for line in inside.sub("", text).splitlines()
        if JAPANESE.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('x = _("窓口")', []),
        ('x = say(_("{n}件"), n=1)', []),
        ('x = say("{n}件", n=1)', [(1, "{n}件")]),  # the catalogs are gathered by `_` alone
        ('def f():\n    """窓口"""', []),
        ('x = "desk"', []),
        ('x = {"一": 1}  # untranslated: what people type', []),
        ('x = {  # untranslated: what people type\n    "一": 1,\n}', []),
        ('x = "窓口"', [(1, "窓口")]),
        ('x = f"{n}件"', [(1, "件")]),
        ('x = say(text, name="窓口")', [(1, "窓口")]),
        ('x = "窓口"  # untranslated:', [(1, "窓口")]),
        ('def f():  # untranslated: all of it\n    return "窓口"', [(2, "窓口")]),
    ],
)
def test_the_rule_finds_what_it_is_for(source: str, expected: list[tuple[int, str]]) -> None:
    assert unmarked(source) == expected
