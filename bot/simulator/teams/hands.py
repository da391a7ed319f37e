"""What people can do in their Teams.  Each method is one thing done by one person."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.simulator import ids as line_ids
from bot.simulator.courier import Courier
from bot.simulator.events import Json
from bot.simulator.phones import LARGEST_FILE, CannotDo
from bot.simulator.store import Store
from bot.simulator.teams.activities import Activities, Scene, download, picture
from bot.simulator.teams.config import TeamsConfig
from bot.simulator.teams.postman import Posted
from bot.simulator.teams.rooms import Person, Rooms

_LONGEST_TEXT = 20_000
_CARD, _MESSAGE = "application/vnd.microsoft.card.adaptive", "application/vnd.microsoft.activity.message"
_FAILED = "問題が発生しました。もう一度やり直してください。"


class Hands:
    """The hands of the people.  *ask* brings an invoke to the product and returns what came back."""

    def __init__(
        self,
        config: TeamsConfig,
        store: Store,
        rooms: Rooms,
        courier: Courier,
        ask: Callable[[Json], Posted],
    ) -> None:
        self._config, self._store, self._rooms, self._courier, self._ask = config, store, rooms, courier, ask
        self._activities = Activities(config)

    # --- the app

    def install(self, object_id: str) -> None:
        """Add the app to somebody's Teams, as an administrator does for them."""
        self._installed(Scene(self._known(object_id), self._now()), "add")

    def uninstall(self, object_id: str) -> None:
        self._installed(Scene(self._known(object_id), self._now()), "remove")

    def install_in_channel(self, object_id: str, channel_id: str) -> None:
        """Add the app to a team; *object_id* is who does it."""
        self._installed(self._scene(object_id, channel_id), "add")

    def _installed(self, scene: Scene, action: str) -> None:
        with self._store.transaction():
            self._rooms.install(scene.chat, installed=action == "add")
            for activity in self._activities.installed(scene, action):
                self._courier.send(scene.chat, [{"activity": activity}])

    # --- messages

    def say(self, object_id: str, text: str, chat: str = "", thread: str = "") -> str:
        """Send *text* to one's own chat, or to the channel *chat*, and return the message's id."""
        if not text.strip() or len(text) > _LONGEST_TEXT:
            raise CannotDo("空の文は送れません。" if not text.strip() else "長すぎて送れません。")
        scene = self._scene(object_id, chat, thread)
        with self._store.transaction():
            message = self._put(scene, {"text": text})
            # In a channel a bot hears only what mentions it.
            if scene.channel is None or f"@{self._config.bot_name}" in text:
                in_thread = self._scene(object_id, chat, thread or (message if chat else ""))
                self._send(in_thread, message, self._activities.message(in_thread, message, text))
        return message

    def send_picture(self, object_id: str, mime: str, body: bytes) -> str:
        """Send a picture as if it had been pasted into the message."""
        attachment = self._kept("image", mime, body)
        address = f"{self._config.base_url}/v3/attachments/{attachment}/views/original"
        return self._sent_file(object_id, attachment, {"mime": mime}, picture(mime, address))

    def send_file(self, object_id: str, name: str, mime: str, body: bytes) -> str:
        """Send a file through the sender's OneDrive."""
        attachment = self._kept(name, mime, body)
        address = f"{self._config.base_url}/files/{attachment}"
        shown = {"mime": mime, "name": name}
        return self._sent_file(object_id, attachment, shown, download(name, address, attachment))

    def _kept(self, name: str, mime: str, body: bytes) -> str:
        if not 0 < len(body) <= LARGEST_FILE:
            raise CannotDo("ファイルは20MBまでです。")
        return self._rooms.keep(name, mime, body)

    def _sent_file(self, object_id: str, attachment: str, shown: Mapping[str, str], wired: Json) -> str:
        scene = self._scene(object_id, "")
        with self._store.transaction():
            message = self._put(scene, {"text": "", "file": {"id": attachment, **shown}})
            self._send(scene, message, self._activities.message(scene, message, "", (wired,)))
        return message

    # --- cards

    def submit(self, object_id: str, message_id: str, value: Mapping[str, Any]) -> None:
        """Press a card's ``Action.Submit``; *value* is its data and the inputs together."""
        scene = self._at_card(object_id, message_id)
        activity = self._activities.submit(scene, line_ids.message_id(), message_id, value)
        self._courier.send(scene.chat, [{"activity": activity}])

    def execute(self, object_id: str, message_id: str, action: Mapping[str, Any]) -> str:
        """Press a card's ``Action.Execute``: wait for the answer, put its card in place, return what it says.

        *action* has verb and data, the inputs among it.  The answer is "" where a card came.
        """
        scene = self._at_card(object_id, message_id)
        known = {name: action[name] for name in ("id", "verb", "data") if action.get(name) is not None}
        met = self._ask(self._activities.execute(scene, message_id, known))
        said = met.answer if isinstance(met.answer, dict) else {}
        if not met.well or said.get("statusCode", 200) >= 400:  # noqa: PLR2004 - an error within a 200
            return _words(said) or _FAILED
        if said.get("type") == _CARD and isinstance(said.get("value"), dict):
            self._rooms.show(message_id, object_id, said["value"])
            return ""
        return str(said["value"]) if said.get("type") == _MESSAGE else ""

    # --- how all of it leaves

    def _put(self, scene: Scene, content: Json) -> str:
        at = line_ids.milliseconds(scene.at)
        return self._rooms.put(scene.chat, scene.person.object_id, content, at, scene.thread)

    def _send(self, scene: Scene, message: str, activity: Json) -> None:
        self._courier.send(scene.chat, [{"activity": activity, "message": message}])

    def _at_card(self, object_id: str, message_id: str) -> Scene:
        entry = self._rooms.entry(message_id)
        if entry is None:
            raise CannotDo("そのカードはもうありません。")
        if not self._rooms.hears(entry.chat):
            raise CannotDo("アプリが追加されていません。")
        channel = self._rooms.channel(entry.chat)
        return Scene(self._known(object_id), self._now(), channel, entry.thread if channel else "")

    def _scene(self, object_id: str, chat: str, thread: str = "") -> Scene:
        person = self._known(object_id)
        channel = self._rooms.channel(chat) if chat and chat != person.chat else None
        if chat and channel is None and chat != person.chat:
            raise CannotDo("そのチャネルはありません。")
        return Scene(person, self._now(), channel, thread if channel else "")

    def _known(self, object_id: str) -> Person:
        person = self._rooms.person(object_id)
        if person is None:
            raise CannotDo("その人はいません。")
        return person

    def _now(self) -> datetime:
        return self._config.now()


def _words(said: Mapping[str, Any]) -> str:
    """Return what an error says to the person, "" where it says nothing."""
    value = said.get("value")
    return str(value.get("message", "")) if isinstance(value, dict) else ""
