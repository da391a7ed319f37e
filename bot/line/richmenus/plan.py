"""What brings the menus at LINE to what is declared here.  Pure: nothing is drawn and nothing is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.line.richmenus.atline import Found, There
from bot.line.richmenus.definition import BEGINNING, Wanted


@dataclass(frozen=True)
class Plan:
    """What is to be done: *make* and call by their aliases, *show* to everybody, *forget*, *delete*.

    *make* names each with the id that an interrupted run left without alias, "" where there is none.
    *ids* are those that stand already, by alias.
    """

    make: tuple[tuple[Wanted, str], ...]
    ids: Mapping[str, str]
    show: bool
    forget: tuple[str, ...]
    delete: tuple[There, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether LINE has what is wanted, and nothing of ours besides."""
        return not (self.make or self.show or self.forget or self.delete)

    def lines(self) -> Iterator[str]:
        """Yield what is to be done, a line each."""
        for wanted, left in self.make:
            yield f"{'finish' if left else 'make'} {wanted.name} as {wanted.alias}"
        if self.show:
            yield f"show {BEGINNING} to everybody to whom no other is linked"
        yield from (f"forget the alias {each}" for each in self.forget)
        yield from (f"delete {each.name} ({each.id})" for each in self.delete)


def plan(wanted: Sequence[Wanted], found: Found) -> Plan:
    """Return what brings LINE from *found* to *wanted*."""
    made: list[tuple[Wanted, str]] = []
    ids: dict[str, str] = {}
    keep = set()
    for each in wanted:
        there = [menu.id for menu in found.menus if menu.name == each.name]
        named = found.aliases.get(each.alias, "")
        if named in there:
            ids[each.alias] = named
        else:
            named = there[0] if there else ""
            made.append((each, named))
        keep.add(named)
    beginning = next(each.alias for each in wanted if each.key == BEGINNING)
    show = found.default != ids.get(beginning, "") or beginning not in ids
    known = {each.alias for each in wanted}
    return Plan(
        tuple(made),
        ids,
        show,
        tuple(sorted(found.aliases.keys() - known)),
        tuple(each for each in found.menus if each.id not in keep),
    )
