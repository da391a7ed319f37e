"""What the screen may ask for, by name, each from the JSON it sends."""

from collections.abc import Callable, Mapping
from datetime import UTC
from types import MappingProxyType
from typing import Any, TypeAlias

from bot.simulator.clockwork import STEPS, NoSuchTime, moment
from bot.simulator.faults import Faults
from bot.simulator.phones import CannotDo
from bot.simulator.platform import Platform
from bot.simulator.samples import photos, sound

Body: TypeAlias = Mapping[str, Any]
Command: TypeAlias = Callable[[Platform, Body], None]


def _text(body: Body, name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise CannotDo(f"{name} がありません。")
    return value


def _mapping(body: Body, name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise CannotDo(f"{name} がありません。")
    return value


def _user(body: Body) -> str:
    return _text(body, "user")


def _say(platform: Platform, body: Body) -> None:
    platform.phones.say(_user(body), _text(body, "text"), _text(body, "group", ""))


def _tap(platform: Platform, body: Body) -> None:
    params = body.get("params")
    named = {str(key): str(value) for key, value in params.items()} if isinstance(params, dict) else None
    platform.phones.tap(_user(body), _mapping(body, "action"), named)


def _sample_photo(platform: Platform, body: Body) -> None:
    picture = photos().get(_text(body, "name"))
    if picture is None:
        raise CannotDo("その見本写真はありません。")
    platform.phones.send_photo(_user(body), "image/jpeg", picture)


def _faults(platform: Platform, body: Body) -> None:
    platform.faults = Faults.read(_mapping(body, "faults"))


def _step(platform: Platform, body: Body) -> None:
    step = STEPS.get(_text(body, "step"))
    if step is None:
        raise NoSuchTime("There is no such step of the clock.")
    now = platform.config.now()
    platform.config.advance(step(now) - now)
    platform.store.tick()


def _set_clock(platform: Platform, body: Body) -> None:
    platform.config.set_now(moment(_text(body, "at")))
    platform.store.tick()


def _restart_clock(platform: Platform, _body: Body) -> None:
    platform.config.set_now(platform.first_moment.astimezone(UTC))
    platform.store.tick()


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "add": lambda platform, body: _none(
            platform.phones.add(_text(body, "name"), _text(body, "language", "ja"))
        ),
        "remove": lambda platform, body: platform.phones.remove(_user(body)),
        "befriend": lambda platform, body: platform.phones.befriend(_user(body)),
        "block": lambda platform, body: platform.phones.block(_user(body)),
        "speak": lambda platform, body: platform.phones.speak(_user(body), _text(body, "language")),
        "as_pc": lambda platform, body: platform.phones.show_as_pc(_user(body)),
        "as_phone": lambda platform, body: platform.phones.show_as_phone(_user(body)),
        "say": _say,
        "tap": _tap,
        "sample_photo": _sample_photo,
        "place": lambda platform, body: _none(
            platform.phones.send_place(_user(body), _mapping(body, "place"))
        ),
        "sticker": lambda platform, body: _none(platform.phones.send_sticker(_user(body))),
        "audio": lambda platform, body: _none(platform.phones.send_audio(_user(body), "audio/wav", sound())),
        "unsend": lambda platform, body: platform.phones.unsend(_user(body), _text(body, "message")),
        "invite": lambda platform, body: _none(platform.phones.invite(_user(body))),
        "faults": _faults,
        "step": _step,
        "set_clock": _set_clock,
        "restart_clock": _restart_clock,
    }
)


def _none(_made: object) -> None:
    """Drop what a phone returns: the screen sees it in the chat."""
