"""The service under each server that may run it: as real processes, asked over HTTP."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from dialogs.procedures import REGISTER
from storage.keyring import create_keyring
from tests.support.network import free_port
from tests.support.service import BOT, Webhooks, envelope, sign

SECRET = "5ec2e7" * 5  # the channel secret of nobody's channel
PATIENCE = 40.0
ROOT = Path(__file__).resolve().parents[2]

SERVERS = {
    "granian": ["-m", "bot", "serve", "--port", "{port}"],
    "gunicorn": ["-m", "gunicorn", "-w", "1", "--threads", "4", "-b", "127.0.0.1:{port}", "bot:create_app()"],
    "waitress": ["-m", "waitress", "--listen=127.0.0.1:{port}", "--call", "bot:create_app"],
}


def environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")},
        "MADOGUCHI_DATABASE_URL": url,
        "MADOGUCHI_VAULT_KEYS_FILE": str(folder / "keys.json"),
        "MADOGUCHI_SECRET_KEY": secrets.token_hex(32),
        "MADOGUCHI_LINE_CHANNEL_SECRET": SECRET,
        "MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN": "nobody",
        "MADOGUCHI_LINE_API_BASE": "http://127.0.0.1:9",
        "MADOGUCHI_LINE_DATA_API_BASE": "http://127.0.0.1:9",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def running(server: str, folder: Path, url: str) -> Iterator[str]:
    """Yield the address of the service under *server* on the database *url*; it has ended, politely, afterwards."""
    env, port = environment(folder, url), free_port()
    create_keyring(folder / "keys.json", tuple(each.key for each in REGISTER.procedures))
    asked = [part.format(port=port) for part in SERVERS[server]]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, *asked], cwd=folder, env=env, stdout=log, stderr=log)
        try:
            yield ready(f"http://127.0.0.1:{port}", process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def ready(address: str, process: subprocess.Popen[bytes]) -> str:
    """Return *address* once the service says that it can work."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{address}/readyz", timeout=2).ok:
                return address
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")


@pytest.mark.parametrize("server", SERVERS)
def test_the_service_hears_line_and_ends_politely_under_each_server(
    server: str, tmp_path: Path, sqlite_url: str
) -> None:
    body = envelope([Webhooks().text("メニュー")], destination=BOT)
    headers = {"X-Line-Signature": sign(body, SECRET)}

    with running(server, tmp_path, sqlite_url) as address:
        taken = requests.post(f"{address}/line/webhook", data=body, headers=headers, timeout=10)
        refused = requests.post(f"{address}/line/webhook", data=body, timeout=10)
        alive = requests.get(f"{address}/healthz", timeout=10)

    assert (taken.status_code, refused.status_code, alive.status_code) == (200, 401, 200)
    assert "Traceback" not in (tmp_path / "log").read_text()
