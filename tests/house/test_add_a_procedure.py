"""docs/add-a-procedure.md, followed to the letter, gives a second service on every channel."""

import ast
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any

import click
import pytest
from babel.messages.extract import extract

from bot.exports.cases import Cases
from bot.skeleton import LONGEST, write_skeleton
from bot.vault_keys import complete
from dialogs import fields as kinds
from dialogs.fields import Control, Field, Given
from dialogs.form import Form
from dialogs.procedure import Procedure
from tests.dialogs.worlds import JAPANESE, world
from tests.house import tree

DOC = (tree.ROOT / "docs" / "add-a-procedure.md").read_text(encoding="utf-8")
STEPS, _, EXPLAINED = DOC.partition("## Make it your own")
KEY = "compost_bin"
KEYS = Path("var") / "vault-keys.json"
CATALOG = re.compile(r"`(locales/\S+\.po)`")
NOT_TRIED = {"make"}  # the make targets run this very suite


@dataclass(frozen=True)
class Fence:
    """One block of code in the page, and the words just before it."""

    language: str
    code: str
    before: str


def fences(text: str) -> list[Fence]:
    """Return the blocks of code in *text*, in order."""
    found = re.finditer(
        r"(?P<before>[^`]*(?:`[^`\n]+`[^`]*)*)```(?P<language>\w+)\n(?P<code>.*?)```", text, re.DOTALL
    )
    return [Fence(each["language"], each["code"], each["before"]) for each in found]


def commands(text: str) -> Iterator[list[str]]:
    """Yield the commands that a reader of *text* types."""
    for fence in fences(text):
        if fence.language == "sh":
            yield from (shlex.split(line) for line in fence.code.splitlines() if line)


def in_the_tree(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with *arguments* in the copy at *folder*; nothing of the original is in reach."""
    strange = ("MADOGUCHI_", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    setting = {
        **clean,
        "PYTHONPATH": str(folder),
        "MADOGUCHI_VAULT_KEYS_FILE": str(folder / KEYS),
    }
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True, check=False)


def changed(before: str, diff: str) -> str:
    """Return the file *before* as the *diff* of the page leaves it.

    Raises:
        LookupError: The page speaks of a line that the file does not have.
    """
    left, result = before.splitlines(), list[str]()
    for line in diff.splitlines():
        sign, wanted = (line[:1], line[1:]) if line.strip() else (" ", "")
        if sign == "+":
            result.append(wanted)
            continue
        while left and left[0] != wanted:
            result.append(left.pop(0))
        if not left:
            raise LookupError(wanted)
        kept = left.pop(0)
        result += [kept] if sign == " " else []
    return "\n".join([*result, *left, ""])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copy") / "tree"


@pytest.fixture
def copy(folder: Path) -> Path:
    """Return a copy of the project's files, with the key file of a desk that is in use.

    It is put back as it was for each test, and only what Python compiled of it stays.
    """
    rooms = {*tree.ROOMS, "locales", "tests", "pyproject.toml"}
    wanted = {path for path in tree.files() if path.partition("/")[0] in rooms}
    for each in folder.rglob("*"):
        if each.is_file() and each.suffix != ".pyc" and each.relative_to(folder).as_posix() not in wanted:
            each.unlink()
    shutil.rmtree(folder / "var", ignore_errors=True)
    for path in wanted:
        source, target = tree.ROOT / path, folder / path
        if not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    complete(folder / KEYS)
    return folder


def follow(folder: Path, *, without: str = "") -> dict[str, str]:
    """Take the steps of the page in *folder* but those of *without*; return what each command said.

    What is left out is named by the language of its block, or by its command.
    """
    said: dict[str, str] = {}
    for fence in fences(STEPS):
        if fence.language == without:
            continue
        if fence.language == "diff":
            register = folder / "dialogs" / "procedures" / "__init__.py"
            register.write_text(changed(register.read_text(encoding="utf-8"), fence.code), encoding="utf-8")
        if fence.language == "po":
            with (folder / CATALOG.findall(fence.before)[-1]).open("a", encoding="utf-8") as catalog:
                catalog.write(f"\n{fence.code}")
        if fence.language == "sh" and without not in fence.code.splitlines():
            typing = list(commands(f"```sh\n{fence.code}```"))
            # `words --check` only tells: what was left out is for the walk to find.
            said |= {
                " ".join(each): typed(folder, each) for each in typing if "--check" not in each or not without
            }
    return said


def walk(folder: Path) -> subprocess.CompletedProcess[str]:
    """Walk through the service in the copy at *folder*."""
    desk = folder / "var" / "desk"
    desk.mkdir(parents=True)
    return in_the_tree(folder, "-m", "tests.house.newcomer", KEY, str(folder / KEYS), str(desk))


def typed(folder: Path, command: list[str]) -> str:
    """Return what the program says to *command*, typed in *folder*."""
    program, *arguments = command
    if program in NOT_TRIED:
        return ""
    assert program == "madoguchi", f"the page has a command that nobody tries: {command}"
    done = in_the_tree(folder, "-m", "bot", *arguments)
    assert done.returncode == 0 or arguments == ["words", "--check"], done.stderr
    return done.stdout


def skeleton(key: str = KEY) -> str:
    """Return the file that the generator writes for *key*."""
    source = (files("bot") / "data" / "procedure.txt").read_text(encoding="utf-8")
    return Template(source).substitute(key=key, constant=key.upper())


def skeleton_texts() -> set[str]:
    """Return what the generated file says to people."""
    source = BytesIO(skeleton().encode())
    return {str(text) for _line, text, _comments, _context in extract("python", source, {"_": None})}


def executed() -> dict[str, Any]:
    """Return the names of the skeleton after all Python of the page ran behind it."""
    names: dict[str, Any] = {"__name__": "sample"}
    exec(compile(skeleton(), "procedure.txt", "exec"), names)  # noqa: S102 -- our own text
    exec("from dialogs.form import retitled", names)  # noqa: S102 -- as the page says beside it
    for fence in fences(EXPLAINED):
        if fence.language == "python":
            exec(compile(fence.code, "add-a-procedure.md", "exec"), names)  # noqa: S102 -- our own text
    return names


# --- the steps


def test_the_steps_give_a_second_service_on_every_channel(copy: Path) -> None:
    said = follow(copy)
    missing = {line.split(": ", 2)[-1] for line in said["madoguchi words --check"].splitlines()}
    assert missing & skeleton_texts() == set()

    walked = walk(copy)

    assert walked.stdout.strip().endswith("walked 3"), walked.stderr[-3000:]


@pytest.mark.parametrize(
    ("without", "complaint"),
    [
        ("diff", "the register does not name the service"),
        ("po", "English is half Japanese"),
        ("madoguchi vault-keys", "the vault has no key for the service"),
    ],
)
def test_no_step_can_be_left_out(copy: Path, without: str, complaint: str) -> None:
    follow(copy, without=without)

    walked = walk(copy)

    assert walked.returncode != 0
    assert complaint in walked.stdout + walked.stderr


def test_the_file_that_is_written_is_tidy(copy: Path) -> None:
    folder = copy / "dialogs" / "procedures"
    write_skeleton(KEY, folder)

    for arguments in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        done = in_the_tree(copy, "-m", "ruff", *arguments, str(folder / f"{KEY}.py"))
        assert done.returncode == 0, done.stdout


# --- the generator


@pytest.mark.parametrize(
    "key", ["Compost", "2bins", "compost-bin", "class", "../bin", "", "b" * (LONGEST + 1)]
)
def test_a_bad_key_is_refused_with_an_example(tmp_path: Path, key: str) -> None:
    with pytest.raises(click.ClickException, match="compost_bin"):
        write_skeleton(key, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_procedure_that_exists_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "compost_bin.py").write_text("mine")
    (tmp_path / "fence_loan").mkdir()

    for key in ("compost_bin", "fence_loan"):
        with pytest.raises(click.ClickException, match="exists already"):
            write_skeleton(key, tmp_path)

    assert (tmp_path / "compost_bin.py").read_text() == "mine"


# --- what is explained


def test_every_block_of_code_can_be_read() -> None:
    for fence in fences(DOC):
        if fence.language == "python":
            ast.parse(fence.code)
        if fence.language == "toml":
            tomllib.loads(fence.code)

    assert {fence.language for fence in fences(DOC)} == {"sh", "diff", "po", "python", "toml"}


def test_every_kind_of_field_is_in_the_table_with_an_example_that_works() -> None:
    names = executed()
    rows = re.findall(r"(?m)^\| `(\w+)` \| .* \| `(\w+\(.*\))` \|$", EXPLAINED)
    every = {
        name
        for name in kinds.__all__
        if inspect.isclass(kind := getattr(kinds, name))
        and issubclass(kind, Field)
        and not inspect.isabstract(kind)
    }

    made = {kind: eval(example, vars(kinds) | names) for kind, example in rows}  # noqa: S307 -- our own text

    assert set(made) == every
    for kind, field in made.items():
        assert type(field).__name__ == kind
        assert all(isinstance(each.control, Control) for each in field.inputs(Given(world())))


def test_every_part_of_a_question_is_explained() -> None:
    parts = {
        name for name, part in inspect.signature(Field).parameters.items() if part.kind is part.KEYWORD_ONLY
    }

    assert parts <= set(re.findall(r"(?m)^\| `(\w+)` \|", EXPLAINED))


def test_the_columns_every_csv_has_are_named() -> None:
    procedure = executed()["COMPOST_BIN"]
    asked = {each.key for form in procedure.forms for each in form.fields}
    headings = Cases(procedure, JAPANESE, world()).headings()
    own = {each.key for each in headings if each.key.partition(".")[0] not in asked}

    named = re.search(r"These names are taken in every CSV: (.*?)\.\n\n", EXPLAINED, re.DOTALL)
    assert named
    assert own == set(re.findall(r"`(\w+)`", named[1]))


def test_next_years_edition_is_asked_from_its_day_and_the_old_one_stays() -> None:
    names = executed()
    forms: tuple[Form, ...] = names["FORMS"]
    sample: Procedure = names["COMPOST_BIN"]
    both = Procedure(sample.key, sample.title, sample.invitation, forms, sample.steps, series=sample.series)

    assert both.form(date(2028, 3, 31)).edition == "1"
    assert both.form(date(2028, 4, 1)).edition == "2"
    assert both.edition("1") is forms[0]
    assert "lid" in [each.key for each in Cases(both, JAPANESE, world()).headings()]


def test_the_opening_says_from_when() -> None:
    opening = executed()["opening"]

    assert opening(world(date(2027, 6, 7))).is_open
    assert opening(world(date(2027, 3, 31))).opens == date(2027, 4, 1)
    assert opening(world(date(2027, 12, 1))).opens == date(2028, 4, 1)
