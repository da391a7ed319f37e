"""The documents name everything that people type, set and open, and lead nowhere that is not there."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.serving import make_app
from bot.settings import Settings
from tests.house import tree
from tests.support import service
from tests.support.databases import Databases
from tests.support.teams import APP, TENANT

PROMISED_ROUTES = (
    "/line/webhook",
    "/api/messages",
    "/f/<token>",
    "/admin/",
    "/admin/export/<dataset>.csv",
    "/healthz",
    "/readyz",
    "/metrics",
    "/simulator/",
)
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)
HEADING = re.compile(r"(?m)^#+ (.+)$")


def pages() -> list[str]:
    """Return the paths of the documents."""
    return [
        path
        for path in tree.files()
        if path.endswith(".md") and (path.startswith("docs/") or "/" not in path)
    ]


@cache
def page(path: str) -> str:
    return (tree.ROOT / path).read_text(encoding="utf-8")


@cache
def everything() -> str:
    """Return all that somebody who looks something up may find; the changelog is no place for that."""
    return "\n".join(page(path) for path in pages() if path != "CHANGELOG.md")


def commands(group: click.Group = main, before: str = "madoguchi") -> Iterator[str]:
    """Yield every command of the program, as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def anchors(text: str) -> set[str]:
    """Return the anchors that a reader's browser finds in the page *text*."""
    return {_anchor(heading) for heading in HEADING.findall(FENCE.sub("", text))}


def _anchor(heading: str) -> str:
    """Return the anchor that forges make of *heading*: letters and digits, hyphens for spaces."""
    letters = (each for each in heading.lower() if each in "-_ " or unicodedata.category(each)[0] in "LN")
    return "".join(letters).replace(" ", "-")


def dead_links(path: str) -> list[str]:
    """Return where the page *path* leads that is not there; addresses elsewhere are not tried."""
    return [target for target in LINK.findall(FENCE.sub("", page(path))) if not _is_there(path, target)]


def _is_there(path: str, target: str) -> bool:
    if target.startswith(("https://", "http://")):
        return True
    where, _hash, anchor = target.partition("#")
    found = (tree.ROOT / path).parent / where if where else tree.ROOT / path
    inside = found.resolve().is_relative_to(tree.ROOT) and found.exists()
    return inside and (not anchor or anchor in anchors(found.read_text(encoding="utf-8")))


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in everything() or f"\n{command}" in everything()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert re.search(rf"\b(?:MADOGUCHI_)?{name.upper()}\b", everything())


def test_no_document_speaks_of_a_setting_that_does_not_exist() -> None:
    spoken = set(re.findall(r"MADOGUCHI_([A-Z][A-Z_]*[A-Z])", everything()))
    own = {name.upper() for name in Settings.model_fields}
    elsewhere = {"TEST_CHROMIUM", "TEST_POSTGRES"}  # read by the suite alone

    assert spoken - own - elsewhere == set()


@pytest.mark.parametrize("route", PROMISED_ROUTES)
def test_every_promised_route_is_documented(route: str) -> None:
    assert f"`{route}`" in everything()


def test_every_route_is_documented(sqlite_databases: Databases, sqlite_template: str, tmp_path: Path) -> None:
    named = set(re.findall(r"`(/[^`\s]*)`", page("docs/index.md")))
    with sqlite_databases.lent(sqlite_template) as url:
        clock = service.StandingClock()
        desk = service.make(
            url,
            tmp_path,
            clock,
            liff_id="1234567890-sample",
            line_login_channel_id="1234567890",
            teams_app_id=APP,
            teams_app_password=SecretStr("sample~Client.Secret"),
            teams_tenant_ids=TENANT,
        )
        rules = {rule.rule for rule in make_app(desk).url_map.iter_rules()}
        desk.engine.dispose()

    assert [rule for rule in sorted(rules) if not _is_named(rule, named)] == []
    gone = [each for each in named if not any(_is_named(rule, {each}) for rule in rules)]
    assert gone == ["/simulator/"]  # only with the demo


def _is_named(rule: str, named: set[str]) -> bool:
    plain = re.sub(r"<(?:[^:>]+:)?(\w+)>", r"<\1>", rule).replace(".<kind>", ".csv")
    return any(plain == each or plain.startswith(f"{each.rstrip('/')}/") for each in named)


@pytest.mark.parametrize("path", pages())
def test_every_link_leads_somewhere(path: str) -> None:
    assert dead_links(path) == []


def test_every_document_can_be_found_from_the_index() -> None:
    linked = {target.partition("#")[0] for target in LINK.findall(page("docs/index.md"))}

    assert {Path(path).name for path in pages() if path.startswith("docs/")} - {"index.md"} <= linked
    assert "docs/index.md" in LINK.findall(page("README.md"))


@pytest.mark.parametrize("licence", [path for path in tree.files() if "LICENSE" in path.upper()])
def test_every_licence_in_the_tree_is_listed(licence: str) -> None:
    assert f"(../{licence})" in page("docs/index.md")


def test_the_picture_is_small_enough_to_load_and_large_enough_to_read() -> None:
    from PIL import Image

    picture = tree.ROOT / "docs" / "simulator.png"
    with Image.open(picture) as opened:
        assert opened.width == 1600
    assert picture.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# The postal table", {"the-postal-table"}),
        ("## [privacy]", {"privacy"}),
        ("```sh\n# no heading\n```", set()),
    ],
)
def test_anchors_are_found_as_readers_find_them(text: str, expected: set[str]) -> None:
    assert anchors(text) == expected
