"""The app package holds what Teams takes, and says in one line what it would not take."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from bot.cli import main
from bot.teams import icons
from bot.teams.package import (
    COLOUR,
    COMMAND_DESCRIPTION,
    ENGLISH,
    MANIFEST,
    OUTLINE,
    VERSION,
    Order,
    PackageRefused,
    faults,
    package,
)
from bot.words import words_for

APP = "0c1f7e5a-5a54-4a6e-8f0f-2f3f4f9b8a11"
HOST = "madoguchi.city.example.lg.jp"
ORDER = Order(APP, HOST, version="1.0.0")


def unpacked(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def stated(made: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unpacked(made)[MANIFEST])
    return found


def with_changed(made: bytes, name: str, content: bytes | None) -> bytes:
    """Return the package with the file *name* changed, or without it."""
    files = {**unpacked(made), name: content}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, inside in files.items():
            if inside is not None:
                archive.writestr(each, inside)
    return out.getvalue()


def with_stated(made: bytes, **changes: Any) -> bytes:
    return with_changed(made, MANIFEST, json.dumps({**stated(made), **changes}).encode())


def test_a_package_holds_the_manifest_a_translation_and_two_icons_and_nothing_else() -> None:
    assert set(unpacked(package(ORDER))) == {MANIFEST, ENGLISH, COLOUR, OUTLINE}


def test_the_manifest_names_the_bot_where_it_works_and_what_can_be_typed() -> None:
    found = stated(package(ORDER))

    [bot] = found["bots"]
    assert (found["manifestVersion"], found["id"], bot["botId"]) == ("1.19", APP, APP)
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert bot["supportsFiles"] is True
    assert found["validDomains"] == [HOST]
    for each in bot["commandLists"]:
        assert [command["title"] for command in each["commands"]] == ["一覧", "検索", "点検", "ヘルプ"]
        assert all(command["description"] for command in each["commands"])


def test_every_text_of_the_manifest_is_there_in_english_too() -> None:
    made = package(ORDER)
    english = json.loads(unpacked(made)[ENGLISH])

    assert {"name.short", "name.full", "description.short", "description.full"} <= set(english)
    assert len([key for key in english if key.endswith(".description")]) == 3 * 4
    texts = [text for key, text in english.items() if key.startswith(("description", "bots"))]
    assert all(text.isascii() or "一覧" in text or "検索" in text or "点検" in text for text in texts)


def test_a_name_of_ones_own_stands_in_both_languages() -> None:
    made = package(Order(APP, HOST, "見本市の窓口"))

    assert stated(made)["name"]["short"] == "見本市の窓口"
    assert json.loads(unpacked(made)[ENGLISH])["name.short"] == "見本市の窓口"


def test_the_same_order_gives_the_same_bytes() -> None:
    assert package(ORDER) == package(ORDER)


def test_ids_and_hosts_are_taken_as_people_paste_them() -> None:
    made = package(Order(f" {{{APP.upper()}}} ", f" {HOST.upper()} "))

    assert (stated(made)["id"], stated(made)["validDomains"]) == (APP, [HOST])


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order("madoguchi", HOST), "GUID"),
        (Order(APP + "0", HOST), "GUID"),
        (Order(APP, f"https://{HOST}"), "host name alone"),
        (Order(APP, f"{HOST}/teams"), "host name alone"),
        (Order(APP, f"{HOST}:8000"), "host name alone"),
        (Order(APP, "*.example.lg.jp"), "host name alone"),
        (Order(APP, "localhost"), "host name alone"),
        (Order(APP, ""), "host name alone"),
        (Order(APP, HOST, version="1.0"), "three numbers"),
        (Order(APP, HOST, version="01.0.0"), "three numbers"),
        (Order(APP, HOST, name="窓" * 31), "31 characters"),
    ],
)
def test_what_teams_would_refuse_is_refused_with_what_to_do(order: Order, said: str) -> None:
    with pytest.raises(PackageRefused, match=said):
        package(order)


@pytest.mark.parametrize(("picture", "side"), [(icons.colour(), 192), (icons.outline(), 32)])
def test_icons_have_the_sizes_that_teams_wants(picture: bytes, side: int) -> None:
    with Image.open(io.BytesIO(picture)) as opened:
        assert (opened.format, opened.size, opened.mode) == ("PNG", (side, side), "RGBA")


def pixels(picture: bytes) -> list[tuple[int, ...]]:
    """Return the pixels of *picture*, row by row, each as red, green, blue and how much it covers."""
    with Image.open(io.BytesIO(picture)) as opened:
        flat = opened.tobytes()
    return [tuple(flat[at : at + 4]) for at in range(0, len(flat), 4)]


def test_the_outline_is_white_on_nothing_and_the_colour_fills_its_square() -> None:
    outline, colour = pixels(icons.outline()), pixels(icons.colour())

    assert outline[0][3] == 0
    assert {each[:3] for each in outline if each[3]} == {(255, 255, 255)}
    assert {colour[at] for at in (0, 191, -192, -1)} == {(0x00, 0x60, 0x6B, 255)}


def _bots(**changes: Any) -> list[dict[str, Any]]:
    return [{**stated(package(ORDER))["bots"][0], **changes}]


def _commands(**changes: Any) -> list[dict[str, Any]]:
    return _bots(commandLists=[{"scopes": ["personal"], "commands": [changes]}])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "madoguchi"}, "id is no GUID"),
        ({"bots": _bots(botId="madoguchi")}, "botId is no GUID"),
        ({"validDomains": ["https://example.lg.jp"]}, "no host name"),
        ({"description": {"short": "窓" * 81, "full": "窓"}}, "description.short has 81 characters"),
        ({"description": {"short": "窓", "full": ""}}, "description.full has 0 characters"),
        ({"bots": _commands(title="窓" * 33, description="窓")}, "title has 33 characters"),
        ({"bots": _commands(title="窓", description="窓" * 129)}, "description has 129 characters"),
        (
            {"bots": _bots(commandLists=[{"commands": [{"title": "a", "description": "a"}] * 11}])},
            "11 commands",
        ),
    ],
)
def test_a_bad_copy_is_told_from_a_good_one(changes: dict[str, Any], said: str) -> None:
    made = package(ORDER)

    assert list(faults(made)) == []
    assert any(said in each for each in faults(with_stated(made, **changes)))


def test_icons_and_translations_that_do_not_fit_are_told() -> None:
    made = package(ORDER)

    assert list(faults(with_changed(made, OUTLINE, None))) == ["the package lacks outline.png"]
    assert list(faults(with_changed(made, OUTLINE, icons.colour()))) == [
        "outline.png measures 192 by 192, 32 by 32 is wanted"
    ]
    assert list(faults(with_changed(made, COLOUR, b"GIF89a"))) == ["color.png is no PNG"]
    wrong = {"name.short": "n" * 31, "bots[0].commandLists[9].commands[0].description": "nowhere"}
    assert list(faults(with_changed(made, ENGLISH, json.dumps(wrong).encode()))) == [
        "en.json: name.short has 31 characters, from 1 to 30 are allowed",
        "en.json: the manifest has no bots[0].commandLists[9].commands[0].description",
    ]


def test_the_commands_are_words_that_fit_in_every_language() -> None:
    for locale in ("ja", "en"):
        commands = stated(package(ORDER))["bots"][0]["commandLists"][0]["commands"]
        for each in commands:
            assert len(words_for(locale).text(each["description"])) <= COMMAND_DESCRIPTION


# --- the command


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["teams-package", *arguments])
    return done.exit_code, done.output


def test_the_command_writes_the_file_and_says_where(tmp_path: Path) -> None:
    file = tmp_path / "app.zip"

    status, said = run("--app-id", APP, "--domain", HOST, "--out", str(file))

    assert (status, f"{file} written" in said) == (0, True)
    assert file.read_bytes() == package(Order(APP, HOST))


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    status, said = run("--app-id", "mine", "--domain", HOST, "--out", str(tmp_path / "app.zip"))

    assert (status, said.count("\n")) == (1, 1)
    assert "GUID" in said
    assert list(tmp_path.iterdir()) == []


def test_the_help_has_an_example() -> None:
    assert "Example: madoguchi teams-package --app-id" in run("--help")[1]


# --- Microsoft's own schema, where it lies: npm install @microsoft/app-manifest

SCHEMAS = os.environ.get("MADOGUCHI_TEST_MANIFEST", "")
"""The folder in which it was installed."""

# The schema says that it is of draft 4, but uses ``const``, which only later drafts know.
VALIDATE = """
const [folder, version, name] = process.argv.slice(1);
const { createRequire } = require("node:module");
const near = createRequire(folder + "/node_modules/");
const Ajv = near("ajv").default ?? near("ajv");
const formats = near("ajv-formats").default ?? near("ajv-formats");
const teams = folder + "/node_modules/@microsoft/app-manifest/build/json-schemas/teams/v" + version;
const schema = near(teams + "/" + name);
delete schema.$schema;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
formats(ajv);
const validate = ajv.compile(schema);
const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const said = given.map((each) => (validate(each), (validate.errors ?? []).map((one) => one.instancePath)));
process.stdout.write(JSON.stringify(said));
"""


def complaints(*given: dict[str, Any], schema: str = "MicrosoftTeams.schema.json") -> list[list[str]]:
    """Return for each of *given* where Microsoft's schema finds fault with it."""
    node = shutil.which("node")
    if not SCHEMAS or not node:
        pytest.skip("MADOGUCHI_TEST_MANIFEST names no folder with Microsoft's schemas, or there is no node")
    command = [node, "-e", VALIDATE, str(Path(SCHEMAS).resolve()), VERSION, schema]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_microsoft_s_schema_takes_the_manifest_and_refuses_bad_copies() -> None:
    good = stated(package(ORDER))

    assert complaints(
        good,
        {**good, "manifestVersion": "1.18"},
        {**good, "name": {"short": "n" * 31, "full": "n"}},
        {**good, "bots": _bots(scopes=["personal", "groupchat"])},
        {key: value for key, value in good.items() if key != "icons"},
    ) == [[], ["/manifestVersion"], ["/name/short"], ["/bots/0/scopes/1"], [""]]


def test_microsoft_s_schema_takes_the_translation_and_refuses_bad_copies() -> None:
    good = json.loads(unpacked(package(ORDER))[ENGLISH])

    assert complaints(
        good,
        {**good, "name.short": "n" * 31},
        {**good, "bots[0].commandLists[3].commands[0].description": "n"},
        schema="MicrosoftTeams.Localization.schema.json",
    ) == [[], ["/name.short"], [""]]
