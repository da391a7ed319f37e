"""The image is small, pinned and harmless: no engine is needed to see that."""

import re

import pytest

from tests.house import tree

COMPILERS = ("build-essential", "gcc", "g++", "clang", "rustc", "cargo", "apt-get", "apk ")
SECRETS = re.compile(r"(?i)(password|secret|token|api_?key|private_key)\w*\s*[= ]\s*\S+")


def _instructions() -> list[tuple[str, str]]:
    """Return (instruction, rest) in order, with continued lines joined and comments left out."""
    text = (tree.ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    return [(line.split()[0].upper(), " ".join(line.split()[1:])) for line in lines if line.strip()]


def _final_stage() -> list[tuple[str, str]]:
    instructions = _instructions()
    last = max(at for at, (name, _) in enumerate(instructions) if name == "FROM")
    return instructions[last:]


def _rests(name: str, instructions: list[tuple[str, str]]) -> list[str]:
    return [rest for found, rest in instructions if found == name]


def test_every_base_is_one_exact_release() -> None:
    bases = _rests("FROM", _instructions())

    assert len(bases) > 1
    assert [base for base in bases if not re.match(r"python:\d+\.\d+\.\d+-slim-\w+( AS \w+)?$", base)] == []


def test_the_service_does_not_run_as_root() -> None:
    users = _rests("USER", _final_stage())

    assert users
    # By number: an orchestrator that forbids root cannot look a name up.
    assert users[-1].isdecimal()
    assert int(users[-1]) > 0


def test_the_image_says_whether_it_is_well() -> None:
    checks = _rests("HEALTHCHECK", _final_stage())

    assert len(checks) == 1
    assert "/healthz" in checks[0]


def test_nothing_is_fetched_from_an_address() -> None:
    assert _rests("ADD", _instructions()) == []
    assert [rest for _, rest in _instructions() if re.search(r"https://|curl|wget", rest)] == []


def test_no_secret_is_baked_in() -> None:
    assert [
        rest for name, rest in _instructions() if name in {"ARG", "ENV", "RUN"} and SECRETS.search(rest)
    ] == []
    assert [rest for rest in _rests("COPY", _instructions()) if re.match(r"(\./?|\.env\S*) ", rest)] == []


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_image_holds_no_compiler(compiler: str) -> None:
    assert [rest for rest in _rests("RUN", _final_stage()) if compiler in rest] == []


def test_everything_installed_is_of_known_hash() -> None:
    installs = [
        command
        for rest in _rests("RUN", _instructions())
        for command in rest.split("&&")
        if "pip install" in command and "--no-index" not in command
    ]

    assert installs
    assert [command for command in installs if "--require-hashes" not in command] == []


def test_the_builder_sees_only_what_the_image_is_built_from() -> None:
    lines = (tree.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    copied = {
        path.rstrip("/")
        for rest in _rests("COPY", _instructions())
        if "--from" not in rest
        for path in rest.split()[:-1]
    }

    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
