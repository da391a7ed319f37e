"""What is half done lies in a room that goes with its export, however that ends."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.exports.rooms import Rooms, spooled

_KILLED = """
import os, signal, sys
from pathlib import Path
from bot.exports.rooms import Rooms
with Rooms(Path(sys.argv[1])).lent() as room:
    (room / "half").write_text("personal")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_room_is_for_its_owner_only_and_goes_with_its_export(tmp_path: Path) -> None:
    with Rooms(tmp_path / "exports").lent() as room:
        (room / "half").write_text("personal")
        assert stat.S_IMODE(room.stat().st_mode) == 0o700
        assert stat.S_IMODE(room.parent.stat().st_mode) == 0o700

    assert list((tmp_path / "exports").iterdir()) == []


def test_a_room_goes_even_where_its_export_breaks_off(tmp_path: Path) -> None:
    def export() -> None:
        with Rooms(tmp_path).lent() as room:
            (room / "half").write_text("personal")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        export()

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_is_swept_and_rooms_in_use_are_not(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    [left] = tmp_path.iterdir()
    assert (left / "half").exists()

    with Rooms(tmp_path).lent() as mine:
        assert not left.exists()
        Rooms(tmp_path).sweep()
        assert mine.exists()


def test_a_spooled_file_is_whole_and_has_no_name(tmp_path: Path) -> None:
    with spooled([b"one, ", b"two"], tmp_path) as file:
        assert list(tmp_path.iterdir()) == []
        assert file.read() == b"one, two"
