"""A LINE on loopback that keeps menus, as strict about them as the real one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.line.limits import check_rich_menu
from tests.bot.line.loopback import Act, Loopback, Received, answer, reset

Answer = tuple[int, object]

OK: Answer = (200, {})


@dataclass
class MenusAtLine(Loopback):
    """What LINE keeps.

    *breaks_at* is the number of the call (from 0) whose connection breaks, *breaks_after* whether it was done all
    the same.  *refuses* answers every call with a status and a body; with *menus_fail* those about menus fail.
    *others* are the answers to other paths.
    """

    menus: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    default: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    breaks_at: int = -1
    breaks_after: bool = False
    refuses: Answer | None = None
    menus_fail: bool = False
    others: Mapping[str, object] = field(default_factory=dict)
    count: int = 0

    def next_act(self) -> Act:
        call, number = self.received[-1], len(self.received) - 1
        if self.refuses:
            return answer(*self.refuses)
        if number == self.breaks_at and not self.breaks_after:
            return reset
        given = self._answered(call)
        return reset if number == self.breaks_at else answer(*given)

    def begin_again(self) -> None:
        """Forget what was called, and break no more."""
        self.received.clear()
        self.breaks_at = -1

    @property
    def calls(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.received]

    def _answered(self, call: Received) -> Answer:
        if call.path in self.others:
            return 200, self.others[call.path]
        if self.menus_fail:
            return 500, {}
        for pattern, act in _ROUTES:
            if match := re.fullmatch(pattern, f"{call.method} {call.path}"):
                return act(self, call, *match.groups())  # type: ignore[no-any-return]
        raise AssertionError(f"{call.method} {call.path}")

    def listed(self, _call: Received) -> Answer:
        return 200, {"richmenus": [{"richMenuId": key, **body} for key, body in self.menus.items()]}

    def make(self, call: Received) -> Answer:
        assert check_rich_menu(call.json) == []
        self.count += 1
        self.menus[f"richmenu-{self.count}"] = call.json
        return 200, {"richMenuId": f"richmenu-{self.count}"}

    def take_picture(self, call: Received, menu: str) -> Answer:
        assert call.headers["content-type"] == "image/png"
        if menu in self.pictures:
            return 400, {"message": "An image has already been uploaded to the richmenu"}
        self.pictures[menu] = call.body
        return OK

    def give_picture(self, _call: Received, menu: str) -> Answer:
        return (200, self.pictures[menu]) if menu in self.pictures else (404, {"message": "Not found"})

    def delete(self, _call: Received, menu: str) -> Answer:
        if menu not in self.menus:
            return 404, {"message": "Not found"}
        del self.menus[menu]
        self.pictures.pop(menu, None)
        self.default = "" if self.default == menu else self.default
        return OK

    def list_aliases(self, _call: Received) -> Answer:
        found = [{"richMenuAliasId": key, "richMenuId": menu} for key, menu in self.aliases.items()]
        return 200, {"aliases": found}

    def find(self, _call: Received, alias: str) -> Answer:
        if alias not in self.aliases:
            return 404, {"message": "Not found"}
        return 200, {"richMenuAliasId": alias, "richMenuId": self.aliases[alias]}

    def call(self, call: Received) -> Answer:
        if call.json["richMenuAliasId"] in self.aliases or call.json["richMenuId"] not in self.pictures:
            return 400, {"message": "conflict"}
        self.aliases[call.json["richMenuAliasId"]] = call.json["richMenuId"]
        return OK

    def call_anew(self, call: Received, alias: str) -> Answer:
        if alias not in self.aliases or call.json["richMenuId"] not in self.pictures:
            return 400, {"message": "invalid"}
        self.aliases[alias] = call.json["richMenuId"]
        return OK

    def forget(self, _call: Received, alias: str) -> Answer:
        return OK if self.aliases.pop(alias, None) else (404, {"message": "Not found"})

    def tell_default(self, _call: Received) -> Answer:
        return (
            (200, {"richMenuId": self.default}) if self.default else (404, {"message": "no default richmenu"})
        )

    def show(self, _call: Received, menu: str) -> Answer:
        if menu not in self.pictures:
            return 400, {"message": "must upload richmenu image before applying it to user"}
        self.default = menu
        return OK

    def link(self, _call: Received, user: str, menu: str) -> Answer:
        if menu not in self.pictures:
            return 404, {"message": "Not found"}
        self.shown[user] = menu
        return OK

    def unlink(self, _call: Received, user: str) -> Answer:
        self.shown.pop(user, None)
        return OK


_ANY = "([^/]+)"
_MENU = "/v2/bot/richmenu"
_ROUTES: tuple[tuple[str, Any], ...] = (
    (f"GET {_MENU}/list", MenusAtLine.listed),
    (f"POST {_MENU}", MenusAtLine.make),
    (f"POST {_MENU}/{_ANY}/content", MenusAtLine.take_picture),
    (f"GET {_MENU}/{_ANY}/content", MenusAtLine.give_picture),
    (f"GET {_MENU}/alias/list", MenusAtLine.list_aliases),
    (f"GET {_MENU}/alias/{_ANY}", MenusAtLine.find),
    (f"POST {_MENU}/alias", MenusAtLine.call),
    (f"POST {_MENU}/alias/{_ANY}", MenusAtLine.call_anew),
    (f"DELETE {_MENU}/alias/{_ANY}", MenusAtLine.forget),
    (f"DELETE {_MENU}/{_ANY}", MenusAtLine.delete),
    ("GET /v2/bot/user/all/richmenu", MenusAtLine.tell_default),
    (f"POST /v2/bot/user/all/richmenu/{_ANY}", MenusAtLine.show),
    (f"POST /v2/bot/user/{_ANY}/richmenu/{_ANY}", MenusAtLine.link),
    (f"DELETE /v2/bot/user/{_ANY}/richmenu", MenusAtLine.unlink),
)
