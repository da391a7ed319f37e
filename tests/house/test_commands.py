"""The commands that newcomers, deployments and measuring programs type."""

import re
import subprocess

import pytest

from tests.house import tree

PROMISED = ("demo", "test", "check", "bench")
SHELL = [path for path in tree.files() if path.endswith(".sh") or path == ".ci/run"]


def _make(*arguments: str) -> str:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=tree.ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("target", PROMISED)
def test_make_alone_explains_every_promised_command(target: str) -> None:
    assert re.search(rf"(?m)^{target}\s+\S", _make())


def test_the_demo_takes_its_port_and_starts_over_only_when_asked() -> None:
    plain, anew = _make("-n", "demo", "PORT=8123"), _make("-n", "demo", "RESET=1")

    assert 'madoguchi demo --port "8123"' in plain
    assert '[ -z "" ] || rm -rf var/demo' in plain
    assert '[ -z "1" ] || rm -rf var/demo' in anew


@pytest.mark.parametrize("path", SHELL)
def test_every_script_is_sound_and_stops_at_the_first_fault(path: str) -> None:
    subprocess.run(["bash", "-n", tree.ROOT / path], check=True)
    lines = (tree.ROOT / path).read_text(encoding="utf-8").splitlines()

    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert (tree.ROOT / path).stat().st_mode & 0o111
