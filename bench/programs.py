"""The programs that are measured, each as the processes it would be in production."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from bench import processes
from bench.fakeline import reachable
from bench.processes import WITH_US
from bot.postback import PostbackCodec
from bot.settings import PREFIX
from storage import migrate
from storage.engine import create
from storage.tables import outbox
from tests.support.applying import START, person_of, type_all
from tests.support.network import free_port
from tests.support.service import BOT, SECRET, TOKEN, StandingClock, Webhooks, make

ROOT = Path(__file__).resolve().parent.parent
KEY = "bench-only-0123456789-abcdefghijkl"
SENDERS = 256
"""As many as are allowed: at 150 ms, a sender can take fewer than seven messages a second."""


@dataclass(frozen=True)
class Program:
    """A program that listens."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Return the CPU seconds of all its processes so far."""
        return processes.cpu_seconds(self.pid)

    def peak(self) -> int:
        """Return the most bytes of memory that its processes have held."""
        return processes.peak_bytes(self.pid)


def codec() -> PostbackCodec:
    """Return what seals the buttons of the product."""
    return PostbackCodec(KEY.encode())


def now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def season(today: date) -> str:
    """Return the setting for a season that is on."""
    return f"{today.isoformat()}/{(today + timedelta(days=150)).isoformat()}"


def prepare(url: str, folder: Path) -> str:
    """Migrate the database *url* and let one resident begin the loan form; return their LINE account."""
    engine = create(url)
    migrate.upgrade(engine)
    engine.dispose()
    today, phone = now().date(), Webhooks()
    clock = StandingClock(now())
    service = make(url, folder, clock, fence_season=season(today), fence_opens=today - timedelta(days=30))
    type_all(service, phone, START, START)
    assert person_of(service, phone.user_id).current, "the form has not begun"
    with service.engine.begin() as conn:
        conn.execute(delete(outbox))  # what was said to them is no part of any measurement
    service.engine.dispose()
    return phone.user_id


def environment(url: str, folder: Path, line: str) -> dict[str, str]:
    """Return the settings of the product for the database *url* and the platform at *line*."""
    today = now().date()
    given = {
        "DATABASE_URL": url,
        "SECRET_KEY": KEY,
        "VAULT_KEYS_FILE": str(folder / "vault-keys.json"),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_BOT_USER_ID": BOT,
        "LINE_API_BASE": line,
        "LINE_DATA_API_BASE": line,
        "FENCE_SEASON": season(today),
        "FENCE_OPENS": (today - timedelta(days=30)).isoformat(),
        "SENDERS": str(SENDERS),
    }
    return {PREFIX + name: value for name, value in given.items()}


@contextmanager
def product(url: str, folder: Path, line: str, module: str = "bot") -> Iterator[Program]:
    """Yield ``madoguchi serve`` on the database *url*, or another *module* that serves it."""
    port = free_port()
    command = [sys.executable, "-m", module, "serve", "--port", str(port)]
    given = {**environment(url, folder, line), "BENCH_STAMPS": str(folder / "stamps")}
    with _running(command, port, folder, given) as program:
        yield program


@contextmanager
def echo(folder: Path, line: str, workers: int, threads: int, kind: str = "text") -> Iterator[Program]:
    """Yield the stateless echo under gunicorn."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "bench.echo:app", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    given = {"BENCH_LINE": line, "BENCH_SECRET": SECRET, "BENCH_TOKEN": TOKEN, "BENCH_ECHO": kind}
    with _running(command, port, folder, given) as program:
        yield program


@contextmanager
def _running(command: list[str], port: int, folder: Path, given: Mapping[str, str]) -> Iterator[Program]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with (folder / f"program-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [*WITH_US, *command],
            cwd=folder,  # where no .env lies
            env={**kept, "PYTHONPATH": str(ROOT), **given},
            stdout=log,
            stderr=log,
        )
    try:
        reachable(port)
        yield Program(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
