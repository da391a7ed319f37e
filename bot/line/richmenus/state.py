"""How the menus at LINE stand beside what is declared here, in a line each or in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.line.richmenus.atline import Found
from bot.line.richmenus.definition import BEGINNING, Wanted
from bot.line.richmenus.plan import plan

_LINE = "%-9s %-34s %s"


def lines(wanted: Sequence[Wanted], found: Found) -> Iterator[str]:
    """Yield a line for each menu: whether it is in use, missing or old; its alias or name; its id."""
    todo = plan(wanted, found)
    for each in wanted:
        menu = todo.ids.get(each.alias, "")
        shown = " (everybody)" if each.key == BEGINNING and menu and menu == found.default else ""
        yield _LINE % ("in use" if menu else "missing", each.alias, menu + shown)
    for old in todo.delete:
        yield _LINE % ("old", old.name, old.id)
    for alias in todo.forget:
        yield _LINE % ("old", alias, "(an alias)")
    if found.others:
        yield f"{found.others} menus at LINE were not made by the desk and are left alone"


def summary(wanted: Sequence[Wanted], found: Found) -> str:
    """Return what is to be said to whoever looks after the desk; "" where all is as it should be."""
    todo = plan(wanted, found)
    if todo.is_empty:
        return ""
    if not (todo.ids or found.menus):
        return "LINE has none of the menus; run: madoguchi richmenu sync"
    counted = {"missing": len(todo.make), "old": len(todo.delete) + len(todo.forget)}
    said = [f"{count} {what}" for what, count in counted.items() if count] or [
        "the one for everybody not shown"
    ]
    return f"the menus at LINE are not this version's ({', '.join(said)}); run: madoguchi richmenu sync"
