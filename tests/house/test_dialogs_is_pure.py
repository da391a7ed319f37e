"""dialogs/ does no I/O: the import contracts see what it imports, this sees what needs no import."""

import ast

from tests.house import tree

DOORS = {"breakpoint", "compile", "eval", "exec", "input", "open", "print", "__import__"}
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}


def test_dialogs_opens_nothing_and_reads_no_clock() -> None:
    found = [
        f"{path}:{node.lineno}: {ast.unparse(node.func)}()"
        for path, module, _ in tree.modules("dialogs")
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and _leaves_the_room(node.func)
    ]

    assert found == []


def _leaves_the_room(function: ast.expr) -> bool:
    match function:
        case ast.Name(id=name):
            return name in DOORS
        case ast.Attribute(value=ast.Name(id="date" | "datetime"), attr=name):
            return name in CLOCKS
        case _:
            return False
