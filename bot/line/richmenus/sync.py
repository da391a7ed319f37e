"""Bringing LINE's menus to what is declared here: what is missing is made, what is old goes, nothing else is touched.

Every step looks at what LINE has, so that a run may stop anywhere and be done again.  A menu is called by its
alias once it has its picture, and an old one goes only when everybody was told of the new: nobody is ever left
with a menu without a picture, or for longer than a moment without a menu.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Engine

from bot import menus
from bot.clock import Clock
from bot.line.richmenus.atline import AtLine
from bot.line.richmenus.definition import BEGINNING, Wanted
from bot.line.richmenus.drawing import picture
from bot.line.richmenus.menus import SOURCE, Menu
from bot.line.richmenus.plan import plan
from dialogs.words import Words
from storage import engine as database
from storage import richmenus


@dataclass(frozen=True)
class Sync:
    """Carries a plan out."""

    line: AtLine
    engine: Engine
    clock: Clock
    draw: Callable[[Menu, Words], bytes] = picture

    def run(self, wanted: Sequence[Wanted]) -> Iterator[str]:
        """Do what is to be done, yielding a line on each step that was done.

        Raises:
            Stopped: LINE did not do a step for certain; run it again.
            NotDrawable: Words do not fit on a picture.
        """
        found = self.line.found()
        todo = plan(wanted, found)
        ids = dict(todo.ids)
        for each, left in todo.make:
            ids[each.alias] = self._made(each, left, is_new=each.alias not in found.aliases)
            yield f"{each.alias} is {each.name}"
        if todo.show:
            beginning = next(each.alias for each in wanted if each.key == BEGINNING)
            self.line.show(ids[beginning])
            yield f"{beginning} is shown to everybody to whom no other is linked"
        if told := self._tell(ids):
            yield f"{told} people get their menu anew, as soon as the desk runs"
        for alias in todo.forget:
            self.line.forget(alias)
            yield f"the alias {alias} is forgotten"
        for menu in todo.delete:
            self.line.delete(menu.id)
            yield f"{menu.name} is deleted"

    def _made(self, wanted: Wanted, left: str, *, is_new: bool) -> str:
        png = self.draw(wanted.menu, wanted.words)
        menu = left or self.line.create(wanted.body)
        self.line.draw(menu, png)
        self.line.name(wanted.alias, menu, is_new=is_new)
        return menu

    def _tell(self, ids: Mapping[str, str]) -> int:
        """Queue the menus of everybody who may see another than a newcomer's; return how many people that are.

        It is done once for each set of menus, in one transaction with the note that it was done.
        """
        edition = edition_of(ids)
        with database.write(self.engine) as conn:
            if richmenus.edition(conn) == edition:
                return 0
            people = richmenus.unlike_a_newcomer(conn, SOURCE)
            menus.all_told(conn, people, edition, self.clock.now())
            richmenus.told(conn, edition)
            return len(people)


def edition_of(ids: Mapping[str, str]) -> str:
    """Return the digest of a set of menus, by alias."""
    return blake2b(repr(sorted(ids.items())).encode(), digest_size=16).hexdigest()
