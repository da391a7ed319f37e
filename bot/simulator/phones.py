"""What residents can do with their phones.  Each method is one thing done by one person."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.simulator import events, ids
from bot.simulator.chats import Chats, Resident, Side
from bot.simulator.courier import Courier
from bot.simulator.events import Json, Origin
from bot.simulator.faults import Faults
from bot.simulator.ledger import Ledger
from bot.simulator.store import Store

_LONGEST_TEXT = 100_000
_LONGEST_NAME = 30
LARGEST_FILE = 20_000_000


class CannotDo(ValueError):
    """Raised when a phone would not do that; its text is for the person at the screen."""


class Phones:
    """The hands of the residents.  *now* is the product's clock."""

    def __init__(
        self,
        store: Store,
        chats: Chats,
        ledger: Ledger,
        courier: Courier,
        now: Callable[[], datetime],
        faults: Callable[[], Faults],
    ) -> None:
        self._store, self._chats, self._ledger, self._courier = store, chats, ledger, courier
        self._now, self._faults = now, faults

    # --- the account

    def add(self, name: str, language: str) -> Resident:
        """Return a new resident who has not met the desk yet."""
        if not 0 < len(name.strip()) <= _LONGEST_NAME:
            raise CannotDo(f"名前は1〜{_LONGEST_NAME}文字で入れてください（例：見本 花子）。")
        return self._chats.add(name.strip(), language)

    def remove(self, user: str) -> None:
        """Delete the account; LINE goes on taking messages for it, which nobody hears."""
        self._known(user)
        self._chats.change(user, gone=1, friend=0)

    def speak(self, user: str, language: str) -> None:
        """Set the language of the profile, a BCP 47 tag."""
        self._known(user)
        self._chats.change(user, language=language)

    def show_as_pc(self, user: str) -> None:
        self._known(user)
        self._chats.change(user, pc=1)

    def show_as_phone(self, user: str) -> None:
        self._known(user)
        self._chats.change(user, pc=0)

    def befriend(self, user: str) -> None:
        """Add the desk as a friend, or unblock it."""
        resident = self._known(user)
        if resident.hears:
            raise CannotDo("もう友だちです。")
        with self._store.transaction():
            self._chats.change(user, friend=1, blocked=0)
            self._send(user, events.follow(self._origin(user), is_unblocked=resident.blocked))

    def block(self, user: str) -> None:
        self._friend(user)
        with self._store.transaction():
            self._chats.change(user, blocked=1)
            self._send(user, events.unfollow(self._origin(user)))

    # --- messages

    def say(self, user: str, words: str, group: str = "") -> str:
        """Send *words* and return the message's id."""
        if not words or len(words) > _LONGEST_TEXT:
            raise CannotDo("空の文は送れません。" if not words else "長すぎて送れません。")
        return self._message(user, events.text(words), group)

    def send_sticker(self, user: str) -> str:
        return self._message(user, events.sticker("446", "1988"))

    def send_place(self, user: str, place: Mapping[str, Any]) -> str:
        """Send a place: latitude and longitude in degrees, perhaps title and address."""
        for name, most in (("latitude", 90), ("longitude", 180)):
            value = place.get(name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
                raise CannotDo("緯度は-90〜90、経度は-180〜180の数で入れてください（例：43.06、141.35）。")
        return self._message(user, events.location(place))

    def send_photo(self, user: str, mime: str, picture: bytes) -> str:
        """Send *picture* as it is; LINE may shrink pictures, we change nothing."""
        return self._sized(user, events.image(), mime, picture)

    def send_audio(self, user: str, mime: str, sound: bytes) -> str:
        return self._sized(user, events.audio(3_000), mime, sound)

    def send_video(self, user: str, mime: str, film: bytes) -> str:
        return self._sized(user, events.video(5_000), mime, film)

    def send_file(self, user: str, name: str, mime: str, body: bytes) -> str:
        return self._sized(user, events.file(name, len(body)), mime, body)

    def unsend(self, user: str, message_id: str) -> None:
        """Take back one's own message."""
        entry = self._chats.entry(message_id)
        group = self._chats.group(entry.chat) if entry else None
        owner = group.owner if group else entry.chat if entry else ""
        if entry is None or entry.side is not Side.ME or user != owner:
            raise CannotDo("自分が送ったメッセージだけを取り消せます。")
        with self._store.transaction():
            self._chats.forget(message_id)
            origin = self._origin(user, group.group_id if group else "")
            self._send(entry.chat, events.unsend(origin, message_id))

    # --- buttons

    def tap(self, user: str, action: Mapping[str, Any], params: Mapping[str, str] | None = None) -> None:
        """Do what a button offers: *action* is LINE's action object, *params* what a date picker adds."""
        match action.get("type"):
            case "message":
                self.say(user, str(action.get("text", "")))
            case "postback" | "datetimepicker":
                self._postback(user, action, params)
            case other:
                raise CannotDo(f"この種類のボタンは電話の中だけで動きます：{other}")

    def _postback(self, user: str, action: Mapping[str, Any], params: Mapping[str, str] | None) -> None:
        self._friend(user)
        shown = action.get("displayText") or action.get("text")
        with self._store.transaction():
            if shown:
                said = {"type": "text", "text": str(shown)}
                self._chats.put(user, Side.ME, said, ids.milliseconds(self._now()))
            made = events.postback(self._origin(user), str(action.get("data", "")), params)
            self._send(user, made)

    # --- groups

    def invite(self, user: str, name: str = "見本の集まり") -> str:
        """Make a group, bring the desk into it, and return the group's id."""
        self._friend(user)
        with self._store.transaction():
            group = self._chats.found(user, name)
            note = {"type": "note", "text": f"「{name}」に窓口を招待しました。"}
            self._chats.put(group.group_id, Side.NOTE, note, ids.milliseconds(self._now()))
            self._send(group.group_id, events.join(self._origin(user, group.group_id)))
        return group.group_id

    # --- how all of it leaves

    def _sized(self, user: str, content: Json, mime: str, body: bytes) -> str:
        if not 0 < len(body) <= LARGEST_FILE:
            raise CannotDo("ファイルは20MBまでです。")
        with self._store.transaction():
            sent = self._message(user, content)
            self._chats.keep(sent, mime, body)
        return sent

    def _message(self, user: str, content: Json, group: str = "") -> str:
        self._friend(user)
        if group and not any(each.group_id == group and each.joined for each in self._chats.groups()):
            raise CannotDo("窓口はもうこのグループにいません。")
        origin = self._origin(user, group)
        with self._store.transaction():
            self._chats.put(origin.chat, Side.ME, content, ids.milliseconds(origin.at), content["id"])
            self._send(origin.chat, events.message(origin, content))
        return str(content["id"])

    def _send(self, chat: str, made: Json) -> None:
        if token := made.get("replyToken"):
            self._ledger.issue(token, chat, made["timestamp"])
        self._courier.send(chat, [made])

    def _origin(self, user: str, group: str = "") -> Origin:
        return Origin(user, self._now(), group, standby=self._faults().standby)

    def _known(self, user: str) -> Resident:
        resident = self._chats.resident(user)
        if resident is None:
            raise CannotDo("その住民はいません。")
        return resident

    def _friend(self, user: str) -> Resident:
        resident = self._known(user)
        if not resident.hears:
            raise CannotDo("先に友だちに追加してください（ブロック中は送れません）。")
        return resident
