"""Who speaks for Teams: the token of a request, checked more strictly than Microsoft's archived library does.

That library accepts tokens without an end, activities that name no address, and the desk's own outgoing token
(docs/decisions.md).  Requirements: Bot Connector authentication, "Authenticate requests from the Connector".
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from bot.clock import Clock
from bot.teams.hosts import ServiceHosts
from bot.teams.keys import KeyRing, SigningKey

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
SKEW = 300
"""Seconds that Microsoft's clock and ours may be apart."""

_LAST_SECOND = 253_402_300_799  # the end of 9999
LONGEST = 8_192
_TOKEN = re.compile(r"Bearer ([A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,2000})")
_KID = re.compile(r"[!-~]{1,200}")

# Headers that would have a token choose its own key or its own reading; Microsoft sends none of them.
_CHOOSING = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty"})

_READ = jwt.PyJWS(algorithms=["RS256"])
_RS256 = jwt.get_algorithm_by_name("RS256")


class Refused(Exception):
    """The request is not Teams'.  *reason* is for the log; the sender learns nothing."""

    def __init__(self, reason: str) -> None:
        """Keep the *reason*."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Bearer:
    """What a good token says: the address that it speaks for, and the channels that its key is good for."""

    service_url: str
    endorsements: frozenset[str]


@dataclass(frozen=True)
class Authenticator:
    """Checks requests to the app *app_id* of people in *tenants* (GUIDs in lower case)."""

    app_id: str
    tenants: Collection[str]
    hosts: ServiceHosts
    keys: KeyRing
    clock: Clock
    _audiences: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Spell the audience: registrations with Entra name the app in three ways."""
        spelt = (self.app_id, f"api://{self.app_id}", f"api://botid-{self.app_id}")
        object.__setattr__(self, "_audiences", frozenset(spelt))

    def check(self, header: str | None) -> Bearer:
        """Return what the ``Authorization`` header says, whose token is Microsoft's and meant for this app.

        What can be said without a key is said first, so that nobody makes us look for a key with mere noise.

        Raises:
            Refused: It is missing, or wrong in any way.
        """
        token = _token(header)
        try:
            head, claims, signature = _unsigned(token)
        except Exception as broken:  # whatever a stranger wrote, it is a refusal
            raise Refused("malformed") from broken
        self._read_head(head)
        self._read_claims(claims)
        key = self.keys.find(head["kid"])
        if key is None:
            raise Refused("unknown key")
        _verify(token, signature, key)
        return Bearer(claims["serviceurl"].rstrip("/"), key.endorsements)

    def _read_head(self, head: Mapping[str, Any]) -> None:
        if head.get("alg") != "RS256":
            raise Refused("algorithm")
        if head.get("typ", "JWT") != "JWT" or not _CHOOSING.isdisjoint(head):
            raise Refused("header")
        if not isinstance(head.get("kid"), str) or not _KID.fullmatch(head["kid"]):
            raise Refused("no key named")

    def _read_claims(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != ISSUER:
            raise Refused("issuer")
        if not isinstance(claims.get("aud"), str) or claims["aud"] not in self._audiences:
            raise Refused("audience")
        now = self.clock.now() / 1000
        if _seconds(claims.get("exp")) + SKEW < now:
            raise Refused("expired")
        if _seconds(claims.get("nbf")) - SKEW > now:
            raise Refused("not yet")
        if not self.hosts.allow(claims.get("serviceurl")):
            raise Refused("service address")

    def admit(self, bearer: Bearer, channel: str, service_url: str, tenants: Collection[str]) -> None:
        """Say nothing where the token may bring an activity of *channel*, *service_url* and *tenants*.

        Raises:
            Refused: The token is for another address or channel, or the people are of another tenant.
        """
        if channel != CHANNEL:
            raise Refused("channel")
        if CHANNEL not in bearer.endorsements:
            raise Refused("endorsement")
        if service_url.rstrip("/") != bearer.service_url:
            raise Refused("service address differs")
        if not tenants or not {*tenants} <= {*self.tenants}:
            raise Refused("tenant")


def _token(header: str | None) -> str:
    found = _TOKEN.fullmatch(header) if header and len(header) <= LONGEST else None
    if found is None:
        raise Refused("no token" if not header else "malformed")
    return found[1]


def _unsigned(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes]:
    """Return header and claims, unchecked, and the signature to check them with."""
    found = _READ.decode_complete(token, options={"verify_signature": False})
    claims = json.loads(found["payload"])
    if not isinstance(claims, dict):
        raise TypeError("claims are an object")
    return found["header"], claims, found["signature"]


def _verify(token: str, signature: bytes, key: SigningKey) -> None:
    said = token.rpartition(".")[0].encode("ascii")
    try:
        # The library's algorithm on what it has read already: to read a token twice costs more than to check it.
        holds = _RS256.verify(said, key.public, signature)
    except Exception as broken:  # a library's fault opens no door
        raise Refused("signature") from broken
    if not holds:
        raise Refused("signature")


def _seconds(value: object) -> float:
    """Return a time of a token (seconds since 1970).

    Raises:
        Refused: It is missing, or no number that a time can be.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("times")
    # The other way round: neither the number that is none nor one that no float can hold is within.
    if not abs(value) <= _LAST_SECOND:
        raise Refused("times")
    return float(value)
