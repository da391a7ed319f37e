"""What the screen may ask for in Teams, by name, each from the JSON it sends."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from bot.simulator.asked import Body, mapping, text
from bot.simulator.phones import CannotDo
from bot.simulator.samples import photos
from bot.simulator.teams.faults import TeamsFaults
from bot.simulator.teams.platform import TeamsPlatform

Command: TypeAlias = Callable[[TeamsPlatform, Body], str]
"""Does it and returns what there is to say to the person, "" for nothing."""


def _say(platform: TeamsPlatform, body: Body) -> str:
    chat, thread = text(body, "chat", ""), text(body, "thread", "")
    platform.hands.say(text(body, "member"), text(body, "text"), chat, thread)
    return ""


def _execute(platform: TeamsPlatform, body: Body) -> str:
    return platform.hands.execute(text(body, "member"), text(body, "message"), mapping(body, "action"))


def _submit(platform: TeamsPlatform, body: Body) -> str:
    platform.hands.submit(text(body, "member"), text(body, "message"), mapping(body, "value"))
    return ""


def _sample_photo(platform: TeamsPlatform, body: Body) -> str:
    picture = photos().get(text(body, "name"))
    if picture is None:
        raise CannotDo("その見本写真はありません。")
    platform.hands.send_picture(text(body, "member"), "image/jpeg", picture)
    return ""


def _install(platform: TeamsPlatform, body: Body) -> str:
    platform.hands.install(text(body, "member"))
    return ""


def _uninstall(platform: TeamsPlatform, body: Body) -> str:
    platform.hands.uninstall(text(body, "member"))
    return ""


def _see(platform: TeamsPlatform, body: Body) -> str:
    entry = body.get("entry")
    platform.rooms.see(text(body, "chat"), entry if isinstance(entry, int) else 0)
    return ""


def _faults(platform: TeamsPlatform, body: Body) -> str:
    platform.faults = TeamsFaults.read(mapping(body, "faults"))
    return ""


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "say": _say,
        "execute": _execute,
        "submit": _submit,
        "sample_photo": _sample_photo,
        "install": _install,
        "uninstall": _uninstall,
        "see": _see,
        "faults": _faults,
    }
)
