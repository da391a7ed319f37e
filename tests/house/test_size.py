"""Files and functions stay small enough to be read at once."""

import ast

from tests.house import tree

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

FOLDERS = (*tree.ROOMS, "scripts", "bench")
EXEMPT = {
    "storage/migrations/": "a migration writes out a schema and is never changed again",
}
LONG_BY_RIGHT: dict[str, str] = {
    # "path" or "path::function": why it is clearer in one piece
}


def _modules() -> list[tuple[str, ast.Module, list[str]]]:
    return [found for found in tree.modules(*FOLDERS) if not found[0].startswith(tuple(EXEMPT))]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines *function* has, without its docstring."""
    whole = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    return whole - ((first.end_lineno or 0) - first.lineno + 1 if documented else 0)


def test_no_file_reaches_three_hundred_lines() -> None:
    too_long = {
        path: len(lines)
        for path, _, lines in _modules()
        if len(lines) >= LONGEST_FILE and path not in LONG_BY_RIGHT
    }

    assert too_long == {}


def test_no_function_passes_forty_lines() -> None:
    too_long = {
        name: _length(node)
        for path, module, _ in _modules()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (name := f"{path}::{node.name}") not in LONG_BY_RIGHT and _length(node) > LONGEST_FUNCTION
    }

    assert too_long == {}


def test_no_exemption_outlives_what_it_was_for() -> None:
    assert [name for name in LONG_BY_RIGHT if name.partition("::")[0] not in tree.files()] == []
