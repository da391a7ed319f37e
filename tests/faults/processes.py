"""The processes of a night, held from outside: the warm one that forks programs, and the platform."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


class TooLong(AssertionError):
    """A process did not do in time what it should."""


@dataclass
class Nursery:
    """The warm process, and what became of the programs that it forked."""

    process: subprocess.Popen[bytes]
    _ended: dict[int, int] = field(default_factory=dict)
    _begun: list[int] = field(default_factory=list)
    _rest: bytes = b""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, order: Mapping[str, Any]) -> int:
        """Return the process id of a new program."""
        assert self.process.stdin
        with self._lock:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()
            end = time.monotonic() + PATIENCE
            while not self._begun:
                self._listen(0.5, end)
            return self._begun.pop()

    def ended(self, pid: int) -> int | None:
        """Return the exit status of the program *pid* (negative: the signal that ended it), None while it runs."""
        with self._lock:
            self._listen(0)
            return self._ended.get(pid)

    def wait(self, pid: int, seconds: float = PATIENCE) -> int:
        """Return the exit status of *pid* once it has ended."""
        end = time.monotonic() + seconds
        while (status := self.ended(pid)) is None:
            if time.monotonic() > end:
                raise TooLong("a program did not end in time")
            time.sleep(0.005)
        return status

    def _listen(self, seconds: float, end: float | None = None) -> None:
        if end is not None and time.monotonic() > end:
            raise TooLong("a program did not begin or end in time")
        assert self.process.stdout
        while select.select([self.process.stdout], [], [], seconds)[0]:
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                raise TooLong("the warm process is gone")
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                self._note(json.loads(line))
            seconds = 0

    def _note(self, said: Mapping[str, int]) -> None:
        if "pid" in said:
            self._begun.append(said["pid"])
        elif "gone" in said:
            self._ended[said["gone"]] = said["status"]


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Yield the warm process; it and its programs are gone afterwards."""
    command = [sys.executable, "-m", "tests.faults.program"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(PATIENCE)
        assert process.stdout
        process.stdout.close()


def clean_environment() -> dict[str, str]:
    """Return the environment without anything that is meant for a desk."""
    return {key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")}


@dataclass
class PlatformProcess:
    """The platform, asked over its own port."""

    port: int
    ledger: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, path: str, said: Mapping[str, Any]) -> Any:
        """Return what the platform answers to a question of the night."""
        self._connection.request("POST", path, json.dumps(said))
        return json.loads(self._connection.getresponse().read())

    def issue(self, tokens: Iterable[tuple[str, str]]) -> None:
        """Begin the minute of reply *tokens*, each with its user."""
        self.ask("/_issue", {"tokens": list(tokens)})

    def close(self) -> None:
        self._connection.close()


@contextmanager
def platform(ledger: Path, board: Path, seed: str) -> Iterator[PlatformProcess]:
    """Yield a platform whose faults follow *seed*."""
    command = [sys.executable, "-m", "tests.faults.platform", f"--ledger={ledger}", f"--board={board}"]
    process = subprocess.Popen(
        [*command, f"--seed={seed}"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        made = PlatformProcess(int(process.stdout.readline()), ledger)
        try:
            yield made
        finally:
            made.close()
    finally:
        process.stdin.close()
        process.wait(PATIENCE)
        process.stdout.close()


@dataclass
class Program:
    """``madoguchi serve`` at a port of its own, begun and ended as often as the night likes."""

    nursery: Nursery
    port: int
    order: Mapping[str, Any]
    pid: int = 0

    def begin(self) -> None:
        """Begin to serve; it is not ready yet."""
        self.pid = self.nursery.begin(self.order)

    @property
    def runs(self) -> bool:
        """Return whether it has not ended."""
        return bool(self.pid) and self.nursery.ended(self.pid) is None

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.nursery.wait(self.pid)

    def stop(self) -> int:
        """End it politely; return its exit status."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        return self.nursery.wait(self.pid)

    def command(self, *arguments: str, log: Path | None = None) -> int:
        """Return the exit status of another command of the program, beside the one that serves."""
        return self.nursery.wait(self.begin_command(arguments, log))

    def begin_command(self, arguments: Sequence[str], log: Path | None = None) -> int:
        """Return the process id of another command."""
        order = {**self.order, "command": list(arguments)}
        return self.nursery.begin(order if log is None else {**order, "log": str(log)})

    def ready(self) -> bool:
        """Return whether it says that it can work."""
        return self.status("/readyz") == 200

    def status(self, path: str, seconds: float = 2) -> int:
        """Return the status of a page, 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
