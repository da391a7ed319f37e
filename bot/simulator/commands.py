"""What the screen may ask for, by name, each from the JSON it sends."""

from collections.abc import Callable, Mapping
from datetime import UTC
from types import MappingProxyType
from typing import TypeAlias

from bot.simulator.asked import Body, mapping, text
from bot.simulator.clockwork import STEPS, NoSuchTime, moment
from bot.simulator.faults import Faults
from bot.simulator.phones import CannotDo
from bot.simulator.platform import Platform
from bot.simulator.samples import photos, sound

Command: TypeAlias = Callable[[Platform, Body], None]


def _user(body: Body) -> str:
    return text(body, "user")


def _say(platform: Platform, body: Body) -> None:
    platform.phones.say(_user(body), text(body, "text"), text(body, "group", ""))


def _tap(platform: Platform, body: Body) -> None:
    params = body.get("params")
    named = {str(key): str(value) for key, value in params.items()} if isinstance(params, dict) else None
    platform.phones.tap(_user(body), mapping(body, "action"), named)


def _sample_photo(platform: Platform, body: Body) -> None:
    picture = photos().get(text(body, "name"))
    if picture is None:
        raise CannotDo("その見本写真はありません。")
    platform.phones.send_photo(_user(body), "image/jpeg", picture)


def _faults(platform: Platform, body: Body) -> None:
    platform.faults = Faults.read(mapping(body, "faults"))


def _step(platform: Platform, body: Body) -> None:
    step = STEPS.get(text(body, "step"))
    if step is None:
        raise NoSuchTime("There is no such step of the clock.")
    now = platform.config.now()
    platform.config.advance(step(now) - now)
    platform.store.tick()


def _set_clock(platform: Platform, body: Body) -> None:
    platform.config.set_now(moment(text(body, "at")))
    platform.store.tick()


def _restart_clock(platform: Platform, _body: Body) -> None:
    platform.config.set_now(platform.first_moment.astimezone(UTC))
    platform.store.tick()


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "add": lambda platform, body: _none(
            platform.phones.add(text(body, "name"), text(body, "language", "ja"))
        ),
        "remove": lambda platform, body: platform.phones.remove(_user(body)),
        "befriend": lambda platform, body: platform.phones.befriend(_user(body)),
        "block": lambda platform, body: platform.phones.block(_user(body)),
        "speak": lambda platform, body: platform.phones.speak(_user(body), text(body, "language")),
        "as_pc": lambda platform, body: platform.phones.show_as_pc(_user(body)),
        "as_phone": lambda platform, body: platform.phones.show_as_phone(_user(body)),
        "say": _say,
        "tap": _tap,
        "sample_photo": _sample_photo,
        "place": lambda platform, body: _none(
            platform.phones.send_place(_user(body), mapping(body, "place"))
        ),
        "sticker": lambda platform, body: _none(platform.phones.send_sticker(_user(body))),
        "audio": lambda platform, body: _none(platform.phones.send_audio(_user(body), "audio/wav", sound())),
        "unsend": lambda platform, body: platform.phones.unsend(_user(body), text(body, "message")),
        "invite": lambda platform, body: _none(platform.phones.invite(_user(body))),
        "faults": _faults,
        "step": _step,
        "set_clock": _set_clock,
        "restart_clock": _restart_clock,
    }
)


def _none(_made: object) -> None:
    """Drop what a phone returns: the screen sees it in the chat."""
