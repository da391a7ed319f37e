"""What is installed is what was pinned, and nothing else."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house import tree

PROJECT: dict[str, Any] = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = ("build", "dev", "run")


def _pinned(name: str) -> dict[str, Version]:
    text = (tree.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {
        canonicalize_name(found["name"]): Version(found["version"])
        for found in re.finditer(r"(?m)^(?P<name>[\w.-]+)(?:\[.*\])?==(?P<version>\S+)", text)
    }


def _wanted(name: str) -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"]
    run = PROJECT["project"]["dependencies"]
    texts: dict[str, list[str]] = {
        "run": run,
        "dev": [*run, *extras["dev"], *extras["data"]],
        "build": PROJECT["build-system"]["requires"],
    }
    return [Requirement(text) for text in texts[name]]


@pytest.mark.parametrize("name", PINS)
def test_every_dependency_is_pinned_to_a_version_it_allows(name: str) -> None:
    pinned = _pinned(name)

    missing = [
        str(wanted)
        for wanted in _wanted(name)
        if (pin := pinned.get(canonicalize_name(wanted.name))) is None or not wanted.specifier.contains(pin)
    ]

    assert missing == []


def test_the_sets_of_pins_agree_on_every_version() -> None:
    dev, run, build = _pinned("dev"), _pinned("run"), _pinned("build")

    assert run.items() <= dev.items()
    assert {name: dev.get(name, version) for name, version in build.items()} == build


@pytest.mark.parametrize("name", PINS)
def test_every_pin_has_a_hash_and_no_address(name: str) -> None:
    text = (tree.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=[\w.-]+(?:\[.*\])?==)", text)[1:]

    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"(?m)^\s*(?:-\w|--(?!hash)\S+|\S*://\S*)", text) == []


def test_the_build_backend_is_named_once() -> None:
    assert PROJECT["dependency-groups"]["build"] == PROJECT["build-system"]["requires"]


def test_the_image_is_named_for_the_version() -> None:
    compose = (tree.ROOT / "compose.yaml").read_text(encoding="utf-8")

    assert f"image: madoguchi:{PROJECT['project']['version']}\n" in compose
