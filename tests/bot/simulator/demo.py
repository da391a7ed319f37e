"""The whole demo in this process, and a resident who applies in it: for tests that look at both screens."""

import atexit
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from bot import demo
from bot.clock import TOKYO
from bot.service import Service
from bot.simulator import Simulator
from tests.support.applying import START, TYPED, fill_page, references

BEGIN = datetime(2027, 6, 7, 10, 0, tzinfo=TOKYO)


@dataclass
class Demo:
    """A demo that answers at *url*."""

    url: str
    service: Service
    simulator: Simulator

    @property
    def resident(self) -> str:
        """Return the LINE account of the first phone."""
        return self.simulator.platform.chats.residents()[0].user_id

    def settle(self) -> None:
        """Let everything arrive, both ways."""
        assert self.simulator.platform.settle(20)
        assert self.simulator.teams
        assert self.simulator.teams.settle(20)

    def types(self, *words: str) -> None:
        """Type *words* on the first phone, each when the one before has been answered."""
        for each in words:
            self.simulator.platform.phones.say(self.resident, each)
            self.settle()

    def apply(self) -> str:
        """Apply for a fence on the first phone; return the reference number."""
        self.simulator.platform.phones.befriend(self.resident)
        self.settle()
        self.types("メニュー", START, *TYPED)
        assert fill_page(self.service, self.resident) is None
        self.types("申請する")
        return references(self.service, self.resident)[-1]


@contextmanager
def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """Yield a new demo with its data in *folder*."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        demo.furnish(folder, port, BEGIN).engine.dispose()
        monkeypatch.setitem(os.environ, demo.FOLDER, str(folder))
        monkeypatch.setitem(os.environ, demo.PORT, str(port))
        app = demo.application()
        # From here on the port listens, which is what the demo's work waits for.
        door.listen(64)
        server = make_server("127.0.0.1", port, app, threaded=True, fd=door.fileno())
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        made = Demo(f"http://127.0.0.1:{port}", app.extensions["madoguchi"], app.extensions["simulator"])
        try:
            yield made
        finally:
            for stop in (made.simulator.stop, made.service.stop):
                stop()
                atexit.unregister(stop)
            server.shutdown()
            server.server_close()
