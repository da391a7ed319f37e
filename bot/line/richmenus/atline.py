"""The menus that LINE keeps for the desk: what there is, and the calls that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.line.gateway import LineGateway, Outcome
from bot.line.richmenus.definition import ALIASES, OURS

MENU = "/v2/bot/richmenu"
ALIAS = f"{MENU}/alias"
EVERYBODY = "/v2/bot/user/all/richmenu"

_NONE, _TAKEN_BEFORE = 404, 400


class Stopped(Exception):
    """LINE did not do as it was asked; the text says what, and what to do.  What is done stays done."""


@dataclass(frozen=True)
class There:
    """One menu of the desk at LINE: its id and its name."""

    id: str
    name: str


@dataclass(frozen=True)
class Found:
    """What LINE keeps: the desk's *menus*, its *aliases* (alias to menu id), the *default*'s id ("" for none).

    *others* is how many menus there are that the desk did not make.
    """

    menus: tuple[There, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    others: int = 0


@dataclass(frozen=True)
class AtLine:
    """The calls about menus.  Each raises :class:`Stopped` where LINE did not do it for certain."""

    gateway: LineGateway

    def found(self) -> Found:
        """Return what LINE keeps now."""
        menus = _entries(self._done("GET", f"{MENU}/list", what="list the menus"), "richmenus")
        aliases = _entries(self._done("GET", f"{ALIAS}/list", what="list the aliases"), "aliases")
        shown = self.gateway.ask("GET", EVERYBODY)
        if shown.status != _NONE:
            _refuse_unless_done(shown, "name the menu for everybody")
        named = [There(str(each.get("richMenuId", "")), str(each.get("name", ""))) for each in menus]
        ours = tuple(each for each in named if each.name.startswith(OURS))
        found = {str(each.get("richMenuAliasId")): str(each.get("richMenuId")) for each in aliases}
        mine = {alias: menu for alias, menu in found.items() if alias.startswith(ALIASES)}
        default = "" if shown.status == _NONE else str(shown.data.get("richMenuId", ""))
        return Found(ours, mine, default, len(named) - len(ours))

    def create(self, body: Mapping[str, Any]) -> str:
        """Make a menu without a picture; return its id."""
        done = self._done("POST", MENU, body, what=f"make {body['name']}")
        return str(done.data["richMenuId"])

    def draw(self, menu: str, png: bytes) -> None:
        """Give *menu* its picture, if it has none yet: LINE takes one only once."""
        path = f"{MENU}/{menu}/content"
        given = self.gateway.ask_data("POST", path, png)
        if given.status == _TAKEN_BEFORE and self.gateway.ask_data("GET", path).kind == "delivered":
            return
        _refuse_unless_done(given, f"take the picture of {menu}")

    def name(self, alias: str, menu: str, *, is_new: bool) -> None:
        """Let *alias* mean *menu*."""
        path, body = (ALIAS, {"richMenuAliasId": alias}) if is_new else (f"{ALIAS}/{alias}", {})
        self._done("POST", path, {**body, "richMenuId": menu}, what=f"call {menu} {alias}")

    def show(self, menu: str) -> None:
        """Show *menu* to everybody to whom no other is linked."""
        self._done("POST", f"{EVERYBODY}/{menu}", what=f"show {menu} to everybody")

    def forget(self, alias: str) -> None:
        """Take *alias* away; that it is gone already is fine."""
        self._gone(f"{ALIAS}/{alias}", f"forget {alias}")

    def delete(self, menu: str) -> None:
        """Delete *menu*; that it is gone already is fine."""
        self._gone(f"{MENU}/{menu}", f"delete {menu}")

    def _gone(self, path: str, what: str) -> None:
        outcome = self.gateway.ask("DELETE", path)
        if outcome.status != _NONE:
            _refuse_unless_done(outcome, what)

    def _done(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, what: str) -> Outcome:
        outcome = self.gateway.ask(method, path, body)
        _refuse_unless_done(outcome, what)
        return outcome


def _refuse_unless_done(outcome: Outcome, what: str) -> None:
    if outcome.kind == "delivered":
        return
    match outcome:
        case Outcome(kind="rate"):
            why = "it was asked too often: it makes and deletes 100 menus an hour; wait an hour"
        case Outcome(status=401):
            why = "it does not accept the access token; run: madoguchi doctor"
        case Outcome(kind="permanent"):
            why = f"it refuses ({outcome.status}, request {outcome.request_id or 'unknown'}); run: madoguchi doctor"
        case _:
            why = f"no clear answer came ({outcome.detail}); check the network"
    raise Stopped(f"LINE did not {what}: {why}, and run the command again; what is done stays done")


def _entries(outcome: Outcome, name: str) -> list[Mapping[str, Any]]:
    found = outcome.data.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
