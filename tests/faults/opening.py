"""Opening a house: its folder, its processes, and the settings of its program."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool

from bot.clock import TOKYO
from dialogs.procedures import REGISTER
from storage.keyring import create_keyring
from tests.faults.board import Board
from tests.faults.driver import Driver
from tests.faults.house import House
from tests.faults.points import POINTS
from tests.faults.processes import Nursery, Program, platform
from tests.support.network import free_port
from tests.support.service import BOT

BEGIN = datetime(2027, 6, 7, 10, tzinfo=TOKYO)
SECRET = "0123456789abcdef0123456789abcdef"
PROCEDURES = tuple(each.key for each in REGISTER.procedures)


class Houses(Protocol):
    """Makes houses for a test."""

    def __call__(self, engine: str, *, empty: bool = False, **given: Any) -> AbstractContextManager[House]:
        """Return a house on a clean database of *engine*, without any table if *empty*; see :func:`house`."""
        ...


@contextmanager
def house(
    nursery: Nursery,
    folder: Path,
    url: str,
    seed: str,
    *,
    off: Sequence[str] = (),
    at: datetime = BEGIN,
    plan: Mapping[str, float] | None = None,
    begin: bool = True,
    settings: Mapping[str, str] | None = None,
    own_url: str = "",
) -> Iterator[House]:
    """Yield a house on the database *url*, which has all its tables; guards in *off* are taken out of it.

    *settings* are further ones of the program; *own_url* is how the comparison reaches the database.
    """
    create_keyring(folder / "keys.json", PROCEDURES)
    board = Board(folder / "board", POINTS)
    chance = random.Random(seed)
    with platform(folder / "platform.jsonl", board.path, seed) as line:
        if plan is not None:
            line.ask("/_settle", {"plan": plan})
        (folder / "platform.jsonl").touch()
        port = free_port()
        program = Program(nursery, port, _order(folder, url, line.url, port, off, settings or {}))
        driver = Driver(chance, port, SECRET, line, board.true)
        # One connection, kept: the house looks many times a second.
        engine = create_engine(own_url or url, poolclass=QueuePool, pool_size=1, isolation_level="AUTOCOMMIT")
        with driver.at_work(folder / "heard.jsonl"):
            made = House(folder, url, seed, program, line, driver, board, chance, engine)
            made.set_clock(at)
            try:
                if begin:
                    made.begin()
                yield made
            finally:
                if program.runs:
                    program.kill()
                engine.dispose()


def _order(
    folder: Path, url: str, line: str, port: int, off: Sequence[str], settings: Mapping[str, str]
) -> Mapping[str, Any]:
    environment = {
        "DATABASE_URL": url,
        "ENGINE": "embedded",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "VAULT_KEYS_FILE": str(folder / "keys.json"),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "sample-channel-access-token",
        "LINE_BOT_USER_ID": BOT,
        "LINE_API_BASE": line,
        "LINE_DATA_API_BASE": line,
        "LOG_LEVEL": "WARNING",
        **settings,
    }
    return {
        "command": ["serve", "--port", str(port)],
        "folder": str(folder),
        "log": str(folder / "log"),
        "board": str(folder / "board"),
        "off": list(off),
        "environment": {f"MADOGUCHI_{name}": value for name, value in environment.items()},
    }
