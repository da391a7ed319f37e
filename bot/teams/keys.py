"""The keys that Microsoft signs with, kept here: fetched rarely, by one at a time, and never waited for for long."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import jwt
import requests
import structlog
import urllib3
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.settings import is_https, is_loopback

log = structlog.get_logger()

OLD = 3600
"""Seconds after which keys are fetched again behind the back of whoever asks for one."""

ENDS = 5 * 24 * 3600
"""Seconds for which keys count whose source cannot be reached."""

PAUSE = 300
"""Least seconds between two fetches that an unknown key brings about."""

MEND = 30
"""Least seconds between two fetches where the last one failed."""

PATIENCE = 1.8
"""Seconds that a message with an unknown key waits for the fetch: Teams is answered within two."""

MOST_WAITING = 16
"""Messages that wait for a fetch at once; the server has 64 threads, and the other channel needs some."""

TIMEOUT = (3.05, 5)
MOST_BYTES = 1_000_000
LEAST_BITS = 2048
MOST_KEYS = 200


@dataclass(frozen=True)
class SigningKey:
    """A public key, and the channels that Microsoft vouches for with it."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class SourceUnusable(Exception):
    """What the source of keys said cannot be used."""


class KeyRing:
    """The keys named by the OpenID document at *url*.  *ticks* counts seconds and never goes back."""

    def __init__(self, url: str, ticks: Callable[[], float] = time.monotonic) -> None:
        """Hold no key yet; nothing is fetched before somebody asks or :meth:`warm` is called."""
        self._url = url
        self._ticks = ticks
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched = self._begun = self._asked = -inf
        self._failed = False
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._running: threading.Event | None = None

    def find(self, kid: str) -> SigningKey | None:
        """Return the key *kid*, None where there is none; an unknown one is looked for, for two seconds at most."""
        found = self._known(kid)
        if found is not None:
            self.warm()
            return found
        self._ask()
        self._wait()
        return self._known(kid)

    def warm(self) -> None:
        """Fetch the keys in the background where they are old, or were never fetched; nobody waits for it."""
        if self._since(self._fetched) >= OLD:
            with self._lock:
                if self._since(self._begun) >= MEND:
                    self._begin()

    def _known(self, kid: str) -> SigningKey | None:
        return self._keys.get(kid) if self._since(self._fetched) < ENDS else None

    def _since(self, moment: float) -> float:
        return self._ticks() - moment

    def _ask(self) -> None:
        """Fetch the keys because an unknown one was named, unless that was done a short while ago."""
        with self._lock:
            if not self._keys:
                if self._since(self._begun) >= MEND:
                    self._begin()
            elif self._since(self._asked) >= (MEND if self._failed else PAUSE):
                self._asked = self._ticks()
                self._begin()

    def _begin(self) -> None:
        """Begin to fetch, in a thread of its own, unless that is under way.  The lock is the caller's."""
        if self._running is None:
            self._begun, self._running = self._ticks(), threading.Event()
            fetch = threading.Thread(
                target=self._fetch, args=(self._running,), name="teams-keys", daemon=True
            )
            fetch.start()

    def _wait(self) -> None:
        """Wait for what is being fetched; of many who would wait, a few do, so that threads are left for others."""
        running = self._running
        if running is not None and self._waiting.acquire(blocking=False):
            try:
                running.wait(PATIENCE)
            finally:
                self._waiting.release()

    def _fetch(self, done: threading.Event) -> None:
        try:
            keys = fetched(self._url)
        except (requests.RequestException, urllib3.exceptions.HTTPError, SourceUnusable, OSError) as fault:
            log.warning("teams_keys_unavailable", fault=type(fault).__name__)
            keys = {}
        with self._lock:
            self._failed = not keys
            if keys:
                self._keys, self._fetched = keys, self._ticks()
            self._running = None
        done.set()


def fetched(url: str) -> Mapping[str, SigningKey]:
    """Return the keys that the OpenID document at *url* leads to, at least one.

    Raises:
        SourceUnusable: What was said holds no key.
        requests.RequestException: It could not be reached.
    """
    where = _object(url).get("jwks_uri")
    if not isinstance(where, str) or not (is_https(where) or is_loopback(where)):
        raise SourceUnusable("no address of keys")
    entries = _object(where).get("keys")
    found = [_read(each) for each in entries[:MOST_KEYS]] if isinstance(entries, list) else []
    keys = dict(each for each in found if each)
    if not keys:
        raise SourceUnusable("no key")
    return keys


def _object(url: str) -> Mapping[str, Any]:
    with requests.get(url, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
        if answer.status_code != requests.codes.ok:
            raise SourceUnusable(f"status {answer.status_code}")
        body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
    if len(body) > MOST_BYTES:
        raise SourceUnusable("too much")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise SourceUnusable("no JSON") from broken
    if not isinstance(said, dict):
        raise SourceUnusable("no object")
    return said


def _read(entry: object) -> tuple[str, SigningKey] | None:
    """Return the name and the key of *entry*, None for one that cannot be used."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        return None
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    try:
        public = jwt.PyJWK(entry, algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if not isinstance(public, RSAPublicKey) or public.key_size < LEAST_BITS:
        return None
    endorsed = entry.get("endorsements")
    named = [each for each in endorsed if isinstance(each, str)] if isinstance(endorsed, list) else []
    return entry["kid"], SigningKey(public, frozenset(named))
