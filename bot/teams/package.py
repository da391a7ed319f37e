"""The app package: the zip that an administrator of Teams uploads, so that the desk's bot can be installed.

The manifest's limits are those of Microsoft's schema 1.19, the oldest that knows all we need, so that the package
goes into old tenants too.  The same order gives the same bytes: a package can be compared with one that was
uploaded.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from bot.teams import icons
from bot.words import words_for
from dialogs.words import Words, _

VERSION = "1.19"
SCHEMA = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
TEXTS_SCHEMA = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{VERSION}/MicrosoftTeams.Localization.schema.json"
SCOPES = ("personal", "team", "groupChat")
MANIFEST, ENGLISH, COLOUR, OUTLINE = "manifest.json", "en.json", "color.png", "outline.png"

LIMITS: Mapping[str, int] = {
    "name.short": 30,
    "name.full": 100,
    "description.short": 80,
    "description.full": 4000,
    "developer.name": 32,
}
"""The most characters of each text."""

COMMAND_TITLE, COMMAND_DESCRIPTION, COMMANDS = 32, 128, 10
"""The most characters of a command, and the most commands of a list."""

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_SIDES = {COLOUR: icons.COLOUR_SIDE, OUTLINE: icons.OUTLINE_SIDE}
_PNG = b"\x89PNG\r\n\x1a\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time in every zip entry, so that the same order gives the same bytes."""

_COMMANDS = (
    (_("一覧"), _("待っているもの、期限が近いもの、期限を過ぎたものを見る")),
    (_("検索"), _("受付番号で1件を見る（例：検索 R9-0001）")),
    (_("点検"), _("保守点検の記録を始める、または続ける")),
    (_("ヘルプ"), _("この窓口でできることを見る")),
)
"""The commands that Teams offers above the message box: what is typed, and what it does."""

_DEVELOPER = _("窓口")
_SHORT = _("申請の確認と決裁、点検の記録をチャットで行う、市の窓口です。")
_FULL = _(
    "申請が届くとカードでお知らせし、確認・承認・差し戻しをボタンで行えます。"
    "「一覧」で待っているもの、「検索 番号」で1件を見られます。"
    "「点検」で保守点検の記録をカードに入力できます。使えるのは、名簿に登録された職員と受託者だけです。"
)


class PackageRefused(Exception):
    """The package cannot be made, or would not be accepted; the text says what to do."""


@dataclass(frozen=True)
class Order:
    """What a package is made for.  *app_id* is the bot's Microsoft App ID; *domain* the host of PUBLIC_URL.

    *name* is how the app is called in Teams, "" for 窓口.  *version* is three numbers; a package that replaces one
    that was uploaded needs a higher one.
    """

    app_id: str
    domain: str
    name: str = ""
    version: str = ""


def package(order: Order) -> bytes:
    """Return the zip of *order*.

    Raises:
        PackageRefused: Teams would not take it.
    """
    checked = _checked(order)
    made = _zipped(
        {
            MANIFEST: _json(manifest(checked)),
            ENGLISH: _json(texts(words_for("en"), checked)),
            COLOUR: icons.colour(),
            OUTLINE: icons.outline(),
        }
    )
    found = list(faults(made))
    if found:
        raise PackageRefused("; ".join(found))
    return made


def _checked(order: Order) -> Order:
    app_id, domain = order.app_id.strip().strip("{}").lower(), order.domain.strip().lower()
    number = order.version or version("madoguchi")
    if not _GUID.fullmatch(app_id):
        raise PackageRefused(
            f"{order.app_id}: the app id is a GUID, the Microsoft App ID of the Azure Bot"
            " (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)"
        )
    if not _HOST.fullmatch(domain):
        raise PackageRefused(
            f"{order.domain}: the domain is a host name alone, without https:// and without a path,"
            " such as madoguchi.city.example.lg.jp"
        )
    if not _VERSION.fullmatch(number):
        raise PackageRefused(f"{number}: the version is three numbers, such as 1.0.0")
    return Order(app_id, domain, order.name.strip(), number)


def manifest(order: Order) -> dict[str, Any]:
    """Return the manifest of *order*, in Japanese."""
    words = words_for("ja")
    site = f"https://{order.domain}/"
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": order.version,
        "id": order.app_id,
        "developer": {
            "name": words.text(_DEVELOPER),
            "websiteUrl": site,
            "privacyUrl": site,
            "termsOfUseUrl": site,
        },
        "localizationInfo": {
            "defaultLanguageTag": "ja",
            "additionalLanguages": [{"languageTag": "en", "file": ENGLISH}],
        },
        **_names(words, order),
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": icons.GROUND.upper(),
        "bots": [_bot(words, order)],
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        # Whoever may do something is told by the roster, so the bot asks Teams for nothing but its messages.
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [order.domain],
    }


def _names(words: Words, order: Order) -> dict[str, dict[str, str]]:
    name = order.name or words.text(_DEVELOPER)
    return {
        "name": {"short": name, "full": name},
        "description": {"short": words.text(_SHORT), "full": words.text(_FULL)},
    }


def _bot(words: Words, order: Order) -> dict[str, Any]:
    commands = [
        {"title": words.text(title), "description": words.text(description)}
        for title, description in _COMMANDS
    ]
    return {
        "botId": order.app_id,
        "scopes": list(SCOPES),
        "isNotificationOnly": False,
        # Photos of findings come as files in personal chats.
        "supportsFiles": True,
        "commandLists": [{"scopes": [scope], "commands": commands} for scope in SCOPES],
    }


def texts(words: Words, order: Order) -> dict[str, str]:
    """Return the texts of the manifest in the language *words*, by their places, for its localization file.

    What is typed stays as it is: the desk reads it in every language, and a colleague's note names it so.
    """
    names = _names(words, order)
    found = {"$schema": TEXTS_SCHEMA}
    found |= {f"{group}.{key}": text for group, both in names.items() for key, text in both.items()}
    for number in range(len(SCOPES)):
        for place, (_title, description) in enumerate(_COMMANDS):
            at = f"bots[0].commandLists[{number}].commands[{place}]"
            found[f"{at}.description"] = words.text(description)
    return found


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            archive.writestr(entry, content)
    return out.getvalue()


# --- what Teams would refuse


def faults(made: bytes) -> Iterator[str]:
    """Yield what Teams would refuse of a package."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    missing = {MANIFEST, ENGLISH, COLOUR, OUTLINE} - set(files)
    if missing:
        yield f"the package lacks {', '.join(sorted(missing))}"
        return
    stated = json.loads(files[MANIFEST])
    yield from _faulty_ids(stated)
    yield from _faulty_texts(stated, MANIFEST)
    yield from _faulty_commands(stated["bots"][0]["commandLists"])
    yield from _faulty_localization(stated, json.loads(files[ENGLISH]))
    for name, side in _SIDES.items():
        yield from _faulty_icon(name, files[name], side)


def _faulty_ids(stated: Mapping[str, Any]) -> Iterator[str]:
    for where, given in (("id", stated["id"]), ("bots[0].botId", stated["bots"][0]["botId"])):
        if not _GUID.fullmatch(given):
            yield f"{where} is no GUID: {given}"
    for host in stated["validDomains"]:
        if not _HOST.fullmatch(host):
            yield f"validDomains holds no host name: {host}"


def _faulty_texts(stated: Mapping[str, Any], file: str) -> Iterator[str]:
    for place, most in LIMITS.items():
        group, key = place.split(".")
        text = stated[place] if file == ENGLISH else stated[group][key]
        if not 1 <= len(text) <= most:
            yield f"{file}: {place} has {len(text)} characters, from 1 to {most} are allowed"


def _faulty_commands(lists: list[dict[str, Any]]) -> Iterator[str]:
    for each in lists:
        if len(each["commands"]) > COMMANDS:
            yield f"{len(each['commands'])} commands, {COMMANDS} are allowed"
        for command in each["commands"]:
            yield from _too_long("title", command["title"], COMMAND_TITLE)
            yield from _too_long("description", command["description"], COMMAND_DESCRIPTION)


def _too_long(what: str, text: str, most: int) -> Iterator[str]:
    if not 1 <= len(text) <= most:
        yield f"a command's {what} has {len(text)} characters, from 1 to {most} are allowed: {text}"


def _faulty_localization(stated: Mapping[str, Any], english: Mapping[str, str]) -> Iterator[str]:
    for place, text in english.items():
        if place == "$schema":
            continue
        most = LIMITS.get(place) or COMMAND_DESCRIPTION
        if not 1 <= len(text) <= most:
            yield f"{ENGLISH}: {place} has {len(text)} characters, from 1 to {most} are allowed"
        if not isinstance(_at(stated, place), str):
            yield f"{ENGLISH}: the manifest has no {place}"


def _at(stated: Any, place: str) -> Any:
    for step in re.findall(r"[^.\[\]]+", place):
        try:
            stated = stated[int(step)] if isinstance(stated, list) else stated[step]
        except (LookupError, TypeError, ValueError):
            return None
    return stated


def _faulty_icon(name: str, picture: bytes, side: int) -> Iterator[str]:
    if not picture.startswith(_PNG):
        yield f"{name} is no PNG"
        return
    found = struct.unpack(">II", picture[16:24])
    if found != (side, side):
        yield f"{name} measures {found[0]} by {found[1]}, {side} by {side} is wanted"
