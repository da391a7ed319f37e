"""Photos that people send in Teams: fetched only from where Teams keeps them, cleaned, sealed, and told of if lost."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from sqlalchemy import Engine

from bot.desk import Arrival, Desk
from bot.teams import content
from bot.teams.content import Fetcher
from bot.teams.errands import MOST_TRIES, TeamsErrands
from bot.teams.gateway import TeamsGateway
from bot.teams.hosts import ServiceHosts
from dialogs.events import Introduced, Unreadable
from storage import engine as database
from storage import photos, turns
from storage.keyring import KeyFile, create_keyring
from storage.outbox import DELIVERED, UNDELIVERABLE, WAITING, Delivered, Parcel
from storage.teams import files, references
from storage.teams.files import Attachment
from storage.teams.references import PERSONAL, Reference
from storage.vault import Vault
from tests.bot.teams.outbound.sending import LOOPBACK, SOMEBODY, TENANT, tokens_of
from tests.support.connector import Act, Connector, answer, hang_up, reset
from tests.support.pictures import jpeg, with_place
from tests.support.service import StandingClock

ACCOUNT = f"{TENANT}/{SOMEBODY}"
MESSAGE, PHOTO = "1612345678901", "f" * 32
PASTED, ATTACHED = "/teams/v3/attachments/0-1/views/original", "/files/見本.jpg"

AS_FILES = ServiceHosts(("localhost",))
"""The same machine by another name, so that files and the connector are two hosts."""


class Listener:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Arrival] = []

    def hear(self, arrival: Arrival, _now: int) -> bool:
        self.heard.append(arrival)
        return True


@dataclass
class Fetching:
    """Somebody who sent a photo, and the errand that fetches it."""

    engine: Engine
    teams: Connector
    vault: Vault
    clock: StandingClock = field(default_factory=StandingClock)

    def __post_init__(self) -> None:
        gateway = TeamsGateway(tokens_of(self.teams, self.clock), LOOPBACK, self.clock, timeout=(5.0, 10.0))
        self.desk = Listener()
        fetcher = Fetcher(gateway, self.clock, AS_FILES)
        self.errands = TeamsErrands(self.engine, fetcher, cast("Desk", self.desk), self.vault, self.clock)
        self.chat = Reference(
            "a:chat", PERSONAL, TENANT, SOMEBODY, self.teams.service_url, "28:bot", "29:user", "en-US"
        )
        with database.write(self.engine) as conn:
            references.keep(conn, self.chat, self.clock.now())
            self.person = turns.create(conn, "teams", ACCOUNT, "ja", self.clock.now()).id

    def address(self, path: str) -> str:
        here = self.teams.url
        return (here if path == PASTED else here.replace("127.0.0.1", "localhost")) + path.replace(
            "見本", "a"
        )

    def sent(self, url: str) -> None:
        """Note a photo as the door does."""
        with database.write(self.engine) as conn:
            photos.expect(
                conn,
                PHOTO,
                procedure="inspection",
                person_id=self.person,
                source=MESSAGE,
                now=self.clock.now(),
            )
            files.keep(conn, Attachment(MESSAGE, url, "a.jpg"), self.clock.now())

    def run(self, attempts: int = 1) -> Delivered:
        body = f'{{"photo":"{PHOTO}","message":"{MESSAGE}"}}'
        return self.errands.run(
            Parcel(
                1,
                "teams",
                f"content/{self.person}",
                "content",
                ACCOUNT,
                body,
                None,
                None,
                "key",
                False,
                attempts,
                self.clock.now(),
                "t1/content",
            )
        )

    def kept(self) -> bytes | None:
        with database.write(self.engine) as conn:
            found = photos.get(conn, PHOTO)
            if found is None or found.state != photos.STORED:
                return None
            return photos.open_photo(
                conn, self.vault, PHOTO, by="見本", role="staff", why="test", now=self.clock.now()
            )

    def has_address(self) -> bool:
        with database.read(self.engine) as conn:
            return files.find(conn, MESSAGE) is not None

    def lost(self) -> list[str]:
        return [each.event.message for each in self.desk.heard if isinstance(each.event, Unreadable)]


@pytest.fixture
def fetching(engine: Engine, teams: Connector, tmp_path: Path) -> Fetching:
    ring = tmp_path / "keys.json"
    create_keyring(ring, ("inspection",))
    return Fetching(engine, teams, Vault(KeyFile(ring)))


@pytest.mark.parametrize("path", [PASTED, ATTACHED], ids=["pasted", "attached"])
def test_a_photo_is_kept_without_the_place_where_it_was_taken(
    fetching: Fetching, teams: Connector, path: str
) -> None:
    teams.files[path.replace("見本", "a")] = with_place()
    fetching.sent(fetching.address(path))

    assert fetching.run().state == DELIVERED

    kept = fetching.kept()
    assert kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert not fetching.has_address()
    assert fetching.lost() == []


def test_our_token_goes_to_the_connector_and_not_to_where_files_lie(
    fetching: Fetching, teams: Connector
) -> None:
    for path in (PASTED, ATTACHED):
        teams.files[path.replace("見本", "a")] = jpeg()
        fetching.sent(fetching.address(path))
        fetching.run()

    fetched = {each.path: each.token for each in teams.received if each.method == "GET"}
    assert fetched == {PASTED: "token-1", "/files/a.jpg": ""}


FOREIGN = [
    "https://evil.example/a.jpg",
    "https://sharepoint.com.evil.example/a.jpg",
    "https://evilsharepoint.com/a.jpg",
    "http://sample.sharepoint.com/a.jpg",
    "https://sample.sharepoint.com@evil.example/a.jpg",
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_nothing_is_fetched_from_anywhere_else(fetching: Fetching, teams: Connector, url: str) -> None:
    fetching.sent(url)

    done = fetching.run()

    assert (done.state, fetching.lost()) == (UNDELIVERABLE, [MESSAGE])
    assert teams.received == []


def test_files_are_looked_for_where_microsoft_keeps_them() -> None:
    assert content.FILES.allow("https://sample-my.sharepoint.com")
    assert content.FILES.allow("https://asia-prod.asyncgw.svc.ms")
    assert not content.FILES.allow("https://127.0.0.1")


def test_a_redirect_is_followed_among_files_alone_and_never_with_our_token(
    fetching: Fetching, teams: Connector
) -> None:
    teams.files["/files/b.jpg"] = jpeg()
    moved = fetching.address(ATTACHED).replace("a.jpg", "b.jpg")
    fetching.sent(fetching.address(ATTACHED))
    teams.will(answer(302, Location=moved))
    assert fetching.run().state == DELIVERED

    for start, goal in ((ATTACHED, fetching.address(PASTED)), (PASTED, moved)):
        before = len(teams.received)
        fetching.sent(fetching.address(start))
        if start == PASTED:
            fetching.errands.fetcher._gateway.tokens.fetch()  # noqa: SLF001 -- so that the next call is the photo's
        teams.will(answer(302, Location=goal))
        assert fetching.run().state != DELIVERED
        gets = [each for each in teams.received[before:] if each.method == "GET"]
        assert len(gets) == 1, "it went no further"


def test_a_redirect_in_a_ring_comes_to_an_end(fetching: Fetching, teams: Connector) -> None:
    here = fetching.address(ATTACHED)
    teams.will(*[answer(302, Location=here)] * 20)
    fetching.sent(here)

    assert fetching.run().state == UNDELIVERABLE
    assert len(teams.received) == 3


NO_PHOTOS = {
    "a text": b"hello" * 100,
    "an empty file": b"",
    "half a photo": jpeg()[:300],
    "too much": b"\xff\xd8\xff" + b"\0" * (content.MOST_BYTES + 1),
}


@pytest.mark.parametrize("body", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_whoever_sent_what_is_no_photo_is_told_once(
    fetching: Fetching, teams: Connector, body: bytes
) -> None:
    teams.files["/files/a.jpg"] = body
    fetching.sent(fetching.address(ATTACHED))

    done = fetching.run()

    assert (done.state, fetching.lost()) == (UNDELIVERABLE, [MESSAGE])
    assert done.error == ("too big" if len(body) > content.MOST_BYTES else "not a photo")
    (arrival,) = fetching.desk.heard
    assert (arrival.event_id, arrival.external_id) == (f"photo/{PHOTO}", ACCOUNT)
    assert arrival.conversation == fetching.chat.id, "the answer comes in their chat"
    assert not fetching.has_address()


PASSING = {"503": answer(503), "429": answer(429), "reset": reset, "no word": hang_up}


@pytest.mark.parametrize("path", [PASTED, ATTACHED], ids=["pasted", "attached"])
@pytest.mark.parametrize("act", PASSING.values(), ids=PASSING)
def test_what_may_pass_is_waited_for(fetching: Fetching, teams: Connector, act: Act, path: str) -> None:
    teams.files[path.replace("見本", "a")] = jpeg()
    fetching.sent(fetching.address(path))
    fetching.errands.fetcher._gateway.tokens.fetch()  # noqa: SLF001 -- so that the next call is the photo's
    teams.will(act)

    done = fetching.run()
    assert done.state == WAITING
    assert done.due > fetching.clock.now()
    fetching.clock.advance(timedelta(seconds=5))

    assert fetching.run(2).state == DELIVERED


def test_a_photo_that_cannot_be_had_is_given_up_after_some_tries(
    fetching: Fetching, teams: Connector
) -> None:
    teams.will(*[answer(503)] * MOST_TRIES)
    fetching.sent(fetching.address(ATTACHED))

    states = [fetching.run(tries).state for tries in range(1, MOST_TRIES + 1)]

    assert states == [WAITING] * (MOST_TRIES - 1) + [UNDELIVERABLE]
    assert fetching.lost() == [MESSAGE]


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_photo_that_is_gone_is_asked_for_anew(fetching: Fetching, teams: Connector, status: int) -> None:
    teams.will(answer(status))
    fetching.sent(fetching.address(ATTACHED))

    assert fetching.run().state == UNDELIVERABLE
    assert fetching.lost() == [MESSAGE]


def test_a_refused_token_is_renewed_for_a_photo_too(fetching: Fetching, teams: Connector) -> None:
    teams.files[PASTED] = jpeg()
    fetching.errands.fetcher._gateway.tokens.fetch()  # noqa: SLF001 -- an old token
    fetching.clock.advance(timedelta(minutes=5))
    teams.revoke()
    fetching.sent(fetching.address(PASTED))

    assert fetching.run().state == DELIVERED


def test_a_login_that_gives_no_token_is_waited_for(fetching: Fetching, teams: Connector) -> None:
    teams.login.append(answer(503))
    fetching.sent(fetching.address(PASTED))

    assert fetching.run().state == WAITING


def test_a_photo_that_was_taken_back_is_not_fetched(fetching: Fetching, teams: Connector) -> None:
    fetching.sent(fetching.address(ATTACHED))
    with database.write(fetching.engine) as conn:
        photos.forget(conn, PHOTO)

    assert fetching.run().state == DELIVERED
    assert (teams.received, fetching.has_address()) == ([], False)


def test_a_photo_whose_address_was_removed_is_asked_for_anew(fetching: Fetching) -> None:
    fetching.sent(fetching.address(ATTACHED))
    with database.write(fetching.engine) as conn:
        files.forget(conn, MESSAGE)

    assert fetching.run().state == UNDELIVERABLE
    assert fetching.lost() == [MESSAGE]


def test_newcomers_are_greeted_in_the_language_of_their_teams(fetching: Fetching) -> None:
    parcel = Parcel(
        2,
        "teams",
        fetching.person,
        "profile",
        ACCOUNT,
        '{"cause":"t1","greet":true}',
        None,
        None,
        "key",
        False,
        1,
        fetching.clock.now(),
        "t1/profile",
    )

    assert fetching.errands.run(parcel).state == DELIVERED

    (arrival,) = fetching.desk.heard
    assert arrival.event == Introduced("en", greet=True)
    assert arrival.conversation == fetching.chat.id
