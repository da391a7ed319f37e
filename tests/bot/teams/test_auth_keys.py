"""Microsoft's keys: fetched rarely, renewed in time, and still there when their source is not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.teams import keys
from bot.teams.keys import ENDS, MEND, OLD, PAUSE, KeyRing
from tests.support.service import until
from tests.support.teams import Issuer, issuing


@dataclass
class Ticks:
    """Seconds that pass when they are told to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Ring:
    """A ring of keys beside the issuer that it asks."""

    issuer: Issuer
    ticks: Ticks = field(default_factory=Ticks)
    ring: KeyRing = field(init=False)

    def __post_init__(self) -> None:
        self.ring = KeyRing(self.issuer.metadata_url, self.ticks)

    def knows(self, kid: str) -> bool:
        return self.ring.find(kid) is not None

    def later(self, seconds: float) -> None:
        self.ticks.now += seconds

    @property
    def asked(self) -> int:
        """Return how often the OpenID document was asked for."""
        return sum(path.endswith("openidconfiguration") for path in self.issuer.fetches)

    def rest(self) -> None:
        """Wait until nothing is being fetched."""
        until(lambda: not any(each.name == "teams-keys" for each in threading.enumerate()))


@pytest.fixture
def here() -> Iterator[Ring]:
    with issuing() as issuer:
        made = Ring(issuer)
        yield made
        made.rest()


def test_keys_are_fetched_when_the_first_is_asked_for(here: Ring) -> None:
    assert here.knows("key-0")
    assert here.knows("key-0")

    assert here.issuer.fetches == ["/v1/.well-known/openidconfiguration", "/v1/.well-known/keys"]


def test_keys_that_were_fetched_beforehand_need_no_waiting(here: Ring) -> None:
    here.ring.warm()
    here.ring.warm()
    here.rest()

    assert here.knows("key-0")
    assert here.asked == 1


def test_the_first_message_with_a_new_key_is_served(here: Ring) -> None:
    here.knows("key-0")
    here.issuer.rotate()

    assert here.knows("key-1")


def test_a_key_that_was_taken_away_is_good_for_nothing_any_more(here: Ring) -> None:
    here.knows("key-0")
    here.issuer.rotate()
    here.knows("key-1")

    assert not here.knows("key-0")


def test_a_rotation_just_after_the_keys_were_renewed_is_noticed_as_well(here: Ring) -> None:
    here.knows("key-0")
    here.later(PAUSE)
    here.later(OLD)
    here.knows("key-0")
    here.rest()
    here.issuer.rotate()

    assert here.knows("key-1")


def test_unknown_keys_make_nobody_ask_more_than_every_five_minutes(here: Ring) -> None:
    here.knows("key-0")
    for number in range(200):
        assert not here.knows(f"unknown-{number}")
    assert here.asked == 2

    here.later(PAUSE)
    for number in range(200):
        assert not here.knows(f"unknown-{number}")
    assert here.asked == 3


def test_many_who_ask_at_once_are_served_by_one_fetch(here: Ring) -> None:
    here.issuer.slow = 0.2

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(here.knows, ["key-0"] * 8))

    assert found == [True] * 8
    assert here.asked == 1


def test_keys_are_renewed_behind_the_back_of_whoever_asks(here: Ring) -> None:
    here.knows("key-0")
    here.issuer.rotate(keep=True)
    here.later(OLD)

    assert here.knows("key-0")
    here.rest()

    assert here.asked == 2
    assert here.knows("key-1")
    assert here.asked == 2


def test_keys_outlive_their_source(here: Ring) -> None:
    here.knows("key-0")
    here.issuer.down = True

    for _ in range(10):
        here.later(ENDS / 10 - 1)
        assert here.knows("key-0")
        here.rest()


def test_keys_whose_source_is_gone_for_long_end(here: Ring) -> None:
    here.knows("key-0")
    here.issuer.down = True
    here.later(ENDS)

    assert not here.knows("key-0")


def test_a_source_that_is_down_is_not_stormed(here: Ring) -> None:
    here.issuer.down = True

    with capture_logs() as lines:
        for _ in range(100):
            assert not here.knows("key-0")
        assert here.asked == 1
        here.later(MEND)
        for _ in range(100):
            assert not here.knows("key-0")
        assert here.asked == 2

    assert {line["event"] for line in lines} == {"teams_keys_unavailable"}


def test_a_source_that_is_back_is_soon_believed(here: Ring) -> None:
    here.issuer.down = True
    here.knows("key-0")
    here.issuer.down = False
    here.later(MEND)

    assert here.knows("key-0")


def test_a_source_that_is_slow_keeps_nobody_waiting_for_long(
    here: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PATIENCE", 0.01)
    here.issuer.slow = 0.3

    assert not here.knows("key-0")
    here.rest()

    assert here.knows("key-0")
    assert here.asked == 1


def test_threads_are_left_for_others_while_a_source_is_slow(
    here: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here.ring, "_waiting", threading.BoundedSemaphore(1))
    here.issuer.slow = 0.3

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(here.knows, ["key-0"] * 4))

    assert sorted(found) == [False, False, False, True]


def _weak(issuer: Issuer) -> object:
    from tests.support.teams import rsa_key

    return {"keys": [issuer._public("key-0", rsa_key(50, 1024))]}  # noqa: SLF001 -- the shape of an entry


def _entry(**changes: object) -> Callable[[Issuer], object]:
    return lambda issuer: {"keys": [issuer.published()["keys"][0] | changes]}


UNUSABLE: dict[str, Callable[[Issuer], object]] = {
    "no JSON": lambda _issuer: b"<html>",
    "a list": lambda _issuer: b"[]",
    "without a bottom": lambda _issuer: b"[" * 100_000,
    "too much": lambda _issuer: b'{"keys":[' + b" " * 2_000_000 + b"]}",
    "no keys": lambda _issuer: {"keys": []},
    "keys that are no list": lambda _issuer: {"keys": {"key-0": {}}},
    "entries that are no keys": lambda _issuer: {"keys": [None, 1, "x", [], {}]},
    "a secret": _entry(kty="oct", k="c2VjcmV0"),
    "a key for something else": _entry(use="enc"),
    "a key without a number": _entry(n=None),
    "a key of no number": _entry(n="%%%"),
    "a key without a name": _entry(kid=None),
    "a key named by a list": _entry(kid=["key-0"]),
    "a weak key": _weak,
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_no_key_is_none_and_takes_no_good_one_away(here: Ring, name: str) -> None:
    assert here.knows("key-0")
    here.issuer.jwks = UNUSABLE[name](here.issuer)  # type: ignore[assignment]
    here.later(OLD)
    here.knows("key-0")
    here.rest()

    assert here.knows("key-0")
    assert Ring(here.issuer).knows("key-0") is False


@pytest.mark.parametrize(
    "where", [None, "", 1, "http://keys.example/keys", "file:///etc/passwd", "https://a@keys.example/", []]
)
def test_keys_are_fetched_from_nowhere_but_https_and_loopback(here: Ring, where: object) -> None:
    here.issuer.document = {"jwks_uri": where}

    assert not here.knows("key-0")
    assert here.issuer.fetches == ["/v1/.well-known/openidconfiguration"]


def test_endorsements_that_are_no_list_of_words_endorse_nothing(here: Ring) -> None:
    here.issuer.jwks = {"keys": [here.issuer.published()["keys"][0] | {"endorsements": "msteams"}]}

    found = here.ring.find("key-0")

    assert found
    assert found.endorsements == frozenset()
