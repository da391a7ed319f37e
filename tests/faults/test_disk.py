"""The disk is full under SQLite, and then it is not; nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.faults.opening import house
from tests.faults.processes import Nursery

SMALL = "12m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder with little room, a disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("NOT TESTED: only root can make a small disk here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(disk: Path) -> Path:
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
    except OSError:
        return filler


def test_nothing_is_lost_when_the_disk_is_full_for_a_while(
    small_disk: Path, tmp_path: Path, nursery: Nursery, sqlite_template: str
) -> None:
    database = small_disk / "desk.db"
    shutil.copyfile(str(make_url(sqlite_template).database), database)
    with house(nursery, tmp_path, f"sqlite:///{database}", "1") as desk:
        for _ in range(3):
            desk.driver.round(8)
        filler = _fill(small_disk)
        for _ in range(4):
            desk.driver.round(8)
        refused = len(desk.driver.unacknowledged)
        filler.unlink()
        desk.settle()

        assert refused, "the disk was not full"
        verdict = desk.verdict()
        assert verdict.clean, str(verdict)
        assert desk.program.runs
