"""One resident's whole walk in the warm process: what every program would compile anew after its start is there then.

Nothing of it is kept but what is compiled, imported and read, and no thread is left: the fork is as good as a fresh
start.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import text

from bot.clock import TOKYO
from bot.page_links import PageLinks
from bot.service import Service
from bot.serving import make_app
from bot.wiring import secret_keys
from storage import migrate
from storage.engine import create
from tests.faults.residents import Resident, Sent, applicant, wire
from tests.support import quicker
from tests.support.service import BOT, SECRET, StandingClock, make, sign

_LINK = re.compile(r"/f/[A-Za-z0-9._-]+")
_HIDDEN = re.compile(r'<input type="hidden" name="(seal|once)" value="([^"]*)">')


def rehearse() -> None:
    """Let somebody apply at a desk that is served by nobody and reaches nobody."""
    quicker.hurry()
    migrate.known()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.db"
        migrate.upgrade(engine := create(url))
        engine.dispose()
        service = make(url, Path(folder), StandingClock(datetime(2027, 6, 7, 10, tzinfo=TOKYO)))
        for each in service.first:
            each()
        _apply(service, make_app(service).test_client())
        service.stop()
    left = [each.name for each in threading.enumerate() if each is not threading.main_thread()]
    assert not left, f"what is forked must be one thread: {left}"


def _apply(service: Service, client: FlaskClient) -> None:
    client.get("/readyz")
    for resident in (Resident(1), Resident(2, "tapped")):
        while not resident.over:
            if resident.wants_page:
                _fill(service, client, resident)
                resident.at += 1
            else:
                _deliver(client, resident.next())
                resident.acknowledged()
            service.delivery.run_until_idle()


def _deliver(client: FlaskClient, sent: Sent) -> None:
    body = f'{{"destination":"{BOT}","events":[{wire(sent, again=False)}]}}'.encode()
    headers = {"X-Line-Signature": sign(body, SECRET), "Content-Type": "application/json"}
    assert client.post("/line/webhook", data=body, headers=headers).status_code == 200


def _fill(service: Service, client: FlaskClient, resident: Resident) -> None:
    client.post(list(_links(service))[-1])
    page = client.get("/page").get_data(as_text=True)
    written = urlencode({**dict(_HIDDEN.findall(page)), **applicant(resident)})
    sent = client.post("/page", data=written, content_type="application/x-www-form-urlencoded")
    assert "/page/done" in sent.headers["Location"]


def _links(service: Service) -> Iterator[str]:
    with service.engine.connect() as connection:
        for body in connection.execute(text("SELECT body FROM outbox ORDER BY id")).scalars():
            yield from _LINK.findall(PageLinks(secret_keys(service.settings)).filled(body))
