"""Rich menus: enough to make one, give it a picture, and show it to everybody or to one person."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from bot.line.limits import check_rich_menu
from bot.simulator.calls import NOT_FOUND, Answer, Call, Detail, Refused, ok
from bot.simulator.chats import Chats, Resident
from bot.simulator.store import Store

_DEFAULT = "default menu"
_PICTURES = {"image/png", "image/jpeg"}
_LARGEST_PICTURE = 1_000_000


class Menus:
    """The desk's rich menus.  A person's own goes before the one for everybody."""

    def __init__(self, store: Store, chats: Chats) -> None:
        self._store, self._chats = store, chats

    def create(self, call: Call) -> Answer:
        self.validate(call)
        number = "richmenu-" + secrets.token_hex(16)
        self._store.write("INSERT INTO menus (id, content) VALUES (?, ?)", number, json.dumps(call.json()))
        return ok({"richMenuId": number})

    def validate(self, call: Call) -> Answer:
        if problems := check_rich_menu(call.json()):
            details = tuple(Detail(problem.path, problem.message) for problem in problems)
            raise Refused(400, f"The request body has {len(details)} error(s)", details)
        return ok()

    def draw(self, call: Call, menu: str) -> Answer:
        """Keep the picture of *menu*: it can be given once."""
        if self._content(menu) and self.picture(menu):
            raise Refused(400, "An image has already been uploaded to the richmenu")
        if call.mime not in _PICTURES or not 0 < len(call.body) <= _LARGEST_PICTURE:
            raise Refused(400, "The image must be a PNG or JPEG of at most 1 MB")
        self._store.write("UPDATE menus SET mime = ?, image = ? WHERE id = ?", call.mime, call.body, menu)
        return ok()

    def list(self, _call: Call) -> Answer:
        rows = self._store.rows("SELECT id, content FROM menus ORDER BY rowid")
        return ok({"richmenus": [{"richMenuId": row["id"], **json.loads(row["content"])} for row in rows]})

    def get(self, _call: Call, menu: str) -> Answer:
        return ok({"richMenuId": menu, **self._content(menu)})

    def delete(self, _call: Call, menu: str) -> Answer:
        if not self._store.write("DELETE FROM menus WHERE id = ?", menu):
            raise NOT_FOUND
        self._store.tick()
        return ok()

    def show(self, _call: Call, menu: str) -> Answer:
        """Give back the picture of *menu*."""
        found = self.picture(menu)
        if found is None:
            raise NOT_FOUND
        mime, image = found
        return Answer(200, image, mime)

    def aliases(self, _call: Call) -> Answer:
        rows = self._store.rows("SELECT alias, menu FROM menu_aliases ORDER BY alias")
        return ok({"aliases": [_alias(row["alias"], row["menu"]) for row in rows]})

    def called(self, _call: Call, alias: str) -> Answer:
        row = self._store.row("SELECT menu FROM menu_aliases WHERE alias = ?", alias)
        if row is None:
            raise NOT_FOUND
        return ok(_alias(alias, row["menu"]))

    def name(self, call: Call) -> Answer:
        """Give a menu a name that others may stand behind later."""
        alias, menu = call.text("richMenuAliasId"), call.text("richMenuId")
        self._drawn(menu)
        if self._store.row("SELECT alias FROM menu_aliases WHERE alias = ?", alias):
            raise Refused(400, "conflict richmenu alias id")
        self._store.write("INSERT INTO menu_aliases VALUES (?, ?)", alias, menu)
        return ok()

    def rename(self, call: Call, alias: str) -> Answer:
        menu = call.text("richMenuId")
        self._drawn(menu)
        if not self._store.write("UPDATE menu_aliases SET menu = ? WHERE alias = ?", menu, alias):
            raise NOT_FOUND
        return ok()

    def forget(self, _call: Call, alias: str) -> Answer:
        if not self._store.write("DELETE FROM menu_aliases WHERE alias = ?", alias):
            raise NOT_FOUND
        return ok()

    def get_default(self, _call: Call) -> Answer:
        menu = self._store.setting(_DEFAULT)
        if not menu:
            raise Refused(404, "no default richmenu")
        return ok({"richMenuId": menu})

    def set_default(self, _call: Call, menu: str) -> Answer:
        self._drawn(menu)
        self._store.set(_DEFAULT, menu)
        self._store.tick()
        return ok()

    def clear_default(self, _call: Call) -> Answer:
        self._store.set(_DEFAULT, "")
        self._store.tick()
        return ok()

    def link(self, _call: Call, user: str, menu: str) -> Answer:
        """Show *menu* to one person; nothing happens, and nothing is said, where LINE does not know them."""
        self._drawn(menu)
        self._chats.change(user, menu=menu)
        return ok()

    def unlink(self, _call: Call, user: str) -> Answer:
        self._chats.change(user, menu="")
        return ok()

    def shown_to(self, resident: Resident) -> Mapping[str, Any] | None:
        """Return the menu on the phone of *resident*, with its id; None where the desk has set none."""
        for menu in (resident.menu, self._store.setting(_DEFAULT)):
            row = self._store.row("SELECT id, content FROM menus WHERE id = ?", menu) if menu else None
            if row:
                return {"richMenuId": row["id"], **json.loads(row["content"])}
        return None

    def picture(self, menu: str) -> tuple[str, bytes] | None:
        """Return (media type, bytes) of the picture of *menu*."""
        row = self._store.row("SELECT mime, image FROM menus WHERE id = ? AND image IS NOT NULL", menu)
        return (row["mime"], row["image"]) if row else None

    def _content(self, menu: str) -> Mapping[str, Any]:
        row = self._store.row("SELECT content FROM menus WHERE id = ?", menu)
        if row is None:
            raise NOT_FOUND
        found: Mapping[str, Any] = json.loads(row["content"])
        return found

    def _drawn(self, menu: str) -> None:
        if self._content(menu) and not self.picture(menu):
            raise Refused(400, "must upload richmenu image before applying it to user")


def _alias(alias: str, menu: str) -> Mapping[str, str]:
    return {"richMenuAliasId": alias, "richMenuId": menu}
