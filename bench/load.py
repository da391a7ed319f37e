"""The load generator: wrk, which replays requests written and signed beforehand, so that no Python is in the way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.processes import WITH_US

SCRIPT = Path(__file__).with_name("replay.lua")
MOST_SECONDS = 300


@dataclass(frozen=True)
class Load:
    """What wrk saw.  *first* and *last* are when it began and had its last answer (ms since 1970).

    *p50*, *p99* and *most* are how long answers took (ms); *refused* counts answers that are not 2xx or 3xx,
    *broken* connections.
    """

    first: float
    last: float
    answered: int
    refused: int
    broken: int
    timeouts: int
    p50: float
    p99: float
    most: float


def request(body: bytes, signature: str, path: str = "/line/webhook") -> bytes:
    """Return the bytes of one signed webhook as LINE's platform sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: LineBotWebhook/2.0\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nX-Line-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def write(file: Path, requests: Iterable[bytes]) -> int:
    """Write *requests* as replay.lua reads them, each behind its length; return how many they are."""
    number = 0
    with file.open("wb") as out:
        for each in requests:
            out.write(b"%08d" % len(each) + each)
            number += 1
    return number


def replay(url: str, file: Path, connections: int = 64, pace: str = "") -> Load:
    """Send every request of *file* once over *connections* and return when all are answered.

    Without *pace* ("rate:seconds,...") each connection sends its next request on the answer to its last.
    """
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{MOST_SECONDS}s",
        "--timeout",
        "60s",
        "-s",
        str(SCRIPT),
        url,
    ]
    told = [str(file), str(connections), *([pace] if pace else [])]
    out = subprocess.run([*WITH_US, *command, "--", *told], capture_output=True, text=True, check=False)
    return read(out.stdout)


@dataclass(frozen=True)
class Sent:
    """When one request was due by the pace, and when it was sent (ms since 1970)."""

    due: float
    sent: float


def sent(file: Path) -> list[Sent]:
    """Return when each request of *file* was sent in its last replay, in their order."""
    lines = file.with_name(file.name + ".sent").read_text().splitlines()
    return [Sent(*map(float, line.split())) for line in lines]


def read(output: str) -> Load:
    """Return what the last line of wrk's *output* says.

    Raises:
        ValueError: It says nothing.
    """
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise ValueError(f"wrk said: {output[-500:]}")
    return Load(**json.loads(lines[-1]))
