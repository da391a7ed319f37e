"""A link to a private page waits in the queue as a stub, and is a link only in what was sent."""

from __future__ import annotations

import re

from bot.page_links import PageLinks
from storage.tokens import hashed
from tests.support.applying import START, TYPED
from tests.support.phone import Phone
from tests.support.service import House, rows

KEYS = [b"k" * 32, b"p" * 32]


def test_a_stub_becomes_its_token_and_always_the_same() -> None:
    links = PageLinks(KEYS)
    stub, token = links.new()

    assert token not in stub
    assert links.filled(f'{{"uri":"https://x/f/{stub}"}}') == f'{{"uri":"https://x/f/{token}"}}'
    assert PageLinks(KEYS).filled(stub) == token


def test_no_two_stubs_are_alike() -> None:
    links = PageLinks(KEYS)

    assert len(dict(links.new() for _ in range(1000))) == 1000


def test_what_waited_while_the_key_was_changed_becomes_the_link_it_was() -> None:
    stub, token = PageLinks([KEYS[1]]).new()

    assert PageLinks(KEYS).filled(stub) == token


def test_without_its_key_a_stub_stays_a_stub() -> None:
    stub, _token = PageLinks([b"x" * 32]).new()

    assert PageLinks(KEYS).filled(stub) == stub


def test_the_queue_holds_no_link_that_opens_anything(house: House) -> None:
    phone = Phone(house)
    phone.follow()
    for words in (START, START, *TYPED):
        phone.type(words)

    (sent,) = re.findall(r"/f/([\w-]{43})$", phone.link)
    kept = "\n".join(row.body for row in rows(house.service, "SELECT body FROM outbox"))
    assert sent not in kept
    assert re.search(r"/f/unsent\.", kept)
    assert rows(house.service, f"SELECT 1 FROM links WHERE token_hash = '{hashed(sent)}'")
