"""Who may speak for Teams: every way to forge a request that is known, and some thousand that nobody thought of."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import jwt
import pytest
from structlog.testing import capture_logs

from bot.teams import auth
from bot.teams.answers import Answer
from storage.tables import metadata
from tests.bot.teams.doors import TeamsDesk
from tests.support.service import count
from tests.support.teams import (
    APP,
    ISSUER,
    MINUTE,
    OTHER_TENANT,
    SERVICE_URL,
    TENANT,
    Activities,
    Issuer,
    b64,
    encoded,
    public_pem,
    rsa_key,
    signed,
)

EVIL = "https://evil.example/"
TOKENS = 5_000


def _now(desk: TeamsDesk) -> int:
    return desk.service.clock.now() // 1000


def stored(desk: TeamsDesk) -> dict[str, int]:
    """Return how much is stored, the roster aside."""
    tables = (each for each in metadata.sorted_tables if not each.name.startswith("staff"))
    return {table.name: found for table in tables if (found := count(desk.service, table))}


# --- who comes in


def test_an_activity_of_teams_is_taken(desk: TeamsDesk) -> None:
    assert desk.post(Activities().message("メニュー")).status == 200

    assert len(desk.queued()) == 1


@pytest.mark.parametrize("audience", [APP, f"api://{APP}", f"api://botid-{APP}"])
def test_the_app_may_be_spelt_in_three_ways(desk: TeamsDesk, audience: str) -> None:
    assert desk.post(Activities().message("メニュー"), aud=audience).status == 200


@pytest.mark.parametrize("shift", [-4, 4])
def test_clocks_may_be_five_minutes_apart(desk: TeamsDesk, shift: int) -> None:
    now = _now(desk) + shift * MINUTE

    assert desk.post(Activities().message("メニュー"), nbf=now, exp=now + 1).status == 200


def test_a_slash_at_the_end_of_an_address_makes_no_difference(desk: TeamsDesk) -> None:
    activity = Activities().message("メニュー")
    header = desk.issuer.header(SERVICE_URL.rstrip("/"))

    assert desk.door.hear(encoded(activity), header).status == 200


def test_the_first_message_after_the_keys_were_rotated_is_served(desk: TeamsDesk) -> None:
    desk.post(Activities().message("メニュー"))
    desk.issuer.rotate()

    assert desk.post(Activities().message("メニュー", id="the-first")).status == 200
    assert len(desk.queued()) == 2


def test_messages_are_served_while_microsofts_keys_cannot_be_fetched(desk: TeamsDesk) -> None:
    desk.post(Activities().message("メニュー"))
    desk.issuer.down = True

    assert desk.post(Activities().message("メニュー", id="another")).status == 200


# --- the table of attacks


def _with(**claims: Any) -> Callable[[TeamsDesk], str]:
    return lambda desk: desk.issuer.header(**claims)


def _headers(**headers: Any) -> Callable[[TeamsDesk], str]:
    return lambda desk: desk.issuer.header(headers=headers)


def _at(**minutes: int) -> Callable[[TeamsDesk], str]:
    def made(desk: TeamsDesk) -> str:
        claims: dict[str, Any] = {name: _now(desk) + shift * MINUTE for name, shift in minutes.items()}
        return desk.issuer.header(**claims)

    return made


def _unsigned(desk: TeamsDesk) -> str:
    head = b64(json.dumps({"alg": "none", "typ": "JWT", "kid": "key-0"}).encode())
    return f"Bearer {head}.{b64(json.dumps(desk.issuer.claims()).encode())}."


def _confused(desk: TeamsDesk) -> str:
    """Return a token that is signed with the public key, as if that were a secret."""
    import hashlib
    import hmac

    head = b64(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "key-0"}).encode())
    said = f"{head}.{b64(json.dumps(desk.issuer.claims()).encode())}"
    return f"Bearer {said}.{b64(hmac.digest(public_pem(rsa_key()), said.encode(), hashlib.sha256))}"


def _own_outgoing(desk: TeamsDesk) -> str:
    """Return the token that the desk itself sends to Teams, which Microsoft's library takes back."""
    issuer = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
    return desk.issuer.header(iss=issuer, appid=APP, serviceurl=None)


def _jwk(desk: TeamsDesk) -> str:
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(7).public_key()))
    return desk.issuer.header(key=rsa_key(7), headers={"jwk": own})


def _twice(desk: TeamsDesk) -> str:
    token = desk.issuer.token()
    return f"Bearer {token}, Bearer {token}"


def _cut(desk: TeamsDesk) -> str:
    return desk.issuer.header().rsplit(".", 1)[0]


def _padded(desk: TeamsDesk) -> str:
    return desk.issuer.header() + "=="


def _raw(head: bytes, claims: bytes) -> Callable[[TeamsDesk], str]:
    return lambda _desk: f"Bearer {signed(head, claims, rsa_key())}"


HEAD = b'{"alg":"RS256","typ":"JWT","kid":"key-0"}'

FORGED: Mapping[str, Callable[[TeamsDesk], str | None]] = {
    "no header": lambda _desk: None,
    "an empty header": lambda _desk: "",
    "no token": lambda _desk: "Bearer ",
    "not a token": lambda _desk: "Bearer xyz",
    "three dots": lambda _desk: "Bearer ...",
    "Basic": lambda desk: desk.issuer.header().replace("Bearer", "Basic"),
    "no scheme": lambda desk: desk.issuer.token(),
    "two tokens": _twice,
    "cut off": _cut,
    "padded": _padded,
    "in Japanese": lambda _desk: "Bearer 見本.見本.見本",
    "endless": lambda desk: desk.issuer.header() + "A" * 20_000,
    "alg none": _unsigned,
    "alg None, signed": _headers(alg="none"),
    "HS256 with the public key": _confused,
    "RS512": lambda desk: desk.issuer.header(algorithm="RS512"),
    "PS256": lambda desk: desk.issuer.header(algorithm="PS256"),
    "RS384": lambda desk: desk.issuer.header(algorithm="RS384"),
    "of another key under a known name": lambda desk: desk.issuer.header(key=rsa_key(7)),
    "of an unknown key": _headers(kid="unknown"),
    "of no named key": _headers(kid=None),
    "of a key named in a list": _raw(b'{"alg":"RS256","kid":["key-0"]}', b"{}"),
    "of a key named by a number": _raw(b'{"alg":"RS256","kid":0}', b"{}"),
    "of a key named by a path": _headers(kid="../key-0"),
    "a key of its own": _jwk,
    "an address of keys of its own": _headers(jku="https://evil.example/keys"),
    "a certificate's address": _headers(x5u="https://evil.example/cert"),
    "a certificate": _headers(x5c=["MIIB"]),
    "critical headers": _headers(crit=["exp"]),
    "another type": _headers(typ="at+jwt"),
    "no issuer": _with(iss=None),
    "another issuer": _with(iss="https://sts.windows.net/" + TENANT + "/"),
    "an issuer that begins alike": _with(iss=ISSUER + ".evil.example"),
    "no audience": _with(aud=None),
    "another audience": _with(aud=OTHER_TENANT),
    "a list of audiences": _with(aud=[APP]),
    "an audience in capitals": _with(aud=APP.upper()),
    "no end": _with(exp=None),
    "an end in words": _with(exp="4000000000"),
    "an end that is true": _raw(HEAD, b'{"exp":true}'),
    "expired": _at(exp=-6),
    "no beginning": _with(nbf=None),
    "not yet": _at(nbf=6),
    "no service address": _with(serviceurl=None),
    "another service address": _with(service_url="https://smba.trafficmanager.net/eu/"),
    "a service address that is a list": _with(serviceurl=[SERVICE_URL]),
    "a token for another bot's skill": lambda desk: desk.issuer.header(
        iss="https://sts.windows.net/" + TENANT + "/", aud=APP, appid=OTHER_TENANT, ver="1.0"
    ),
    "the desk's own token": _own_outgoing,
    "claims that are a list": _raw(HEAD, b"[]"),
    "claims that are no JSON": _raw(HEAD, b"{"),
    "claims without a bottom": _raw(HEAD, b"[" * 5_000),
    "a head that is a list": _raw(b"[]", b"{}"),
    "a head without a bottom": _raw(b"[" * 5_000, b"{}"),
    "a head of no letters": _raw(b"\xff\xfe", b"{}"),
}


def test_a_request_that_is_not_of_teams_is_refused_and_leaves_nothing(desk: TeamsDesk) -> None:
    body = encoded(Activities().message("メニュー"))

    with capture_logs() as lines:
        answers = {name: desk.door.hear(body, forged(desk)) for name, forged in FORGED.items()}

    assert answers == dict.fromkeys(FORGED, Answer(401))
    assert stored(desk) == {}
    assert [line["event"] for line in lines] == ["teams_refused"] * len(FORGED)


def _changed(**changes: Any) -> Callable[[], dict[str, Any]]:
    return lambda: Activities().message("メニュー", **changes)


def _without(name: str) -> Callable[[], dict[str, Any]]:
    def made() -> dict[str, Any]:
        activity = Activities().message("メニュー")
        del activity[name]
        return activity

    return made


def _of_tenants(conversation: object, channel_data: object) -> Callable[[], dict[str, Any]]:
    def made() -> dict[str, Any]:
        activity = Activities().message("メニュー")
        activity["conversation"]["tenantId"] = conversation
        activity["channelData"] = {"tenant": {"id": channel_data}}
        return activity

    return made


BODIES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "no service address": _without("serviceUrl"),
    "an empty service address": _changed(serviceUrl=""),
    "another service address": _changed(serviceUrl=EVIL),
    "a service address that is a list": _changed(serviceUrl=[SERVICE_URL]),
    "a service address with a user": _changed(serviceUrl="https://smba.trafficmanager.net@evil.example/"),
    "no channel": _without("channelId"),
    "an empty channel": _changed(channelId=""),
    "another channel": _changed(channelId="webchat"),
    "the emulator": _changed(channelId="emulator"),
    "another tenant": lambda: Activities(tenant=OTHER_TENANT).message("メニュー"),
    "another tenant's conversation": _of_tenants(OTHER_TENANT, TENANT),
    "another tenant's data": _of_tenants(TENANT, OTHER_TENANT),
    "a tenant that is a list": _of_tenants([TENANT], TENANT),
    "no tenant": _of_tenants(None, None),
    "an empty tenant": _of_tenants("", ""),
}


def test_a_good_token_brings_nothing_but_what_it_speaks_for(desk: TeamsDesk) -> None:
    header = desk.issuer.header()

    answers = {name: desk.door.hear(encoded(body()), header) for name, body in BODIES.items()}

    assert answers == dict.fromkeys(BODIES, Answer(401))
    assert stored(desk) == {}


def test_a_key_is_good_for_the_channels_that_it_is_endorsed_for(desk: TeamsDesk) -> None:
    desk.issuer.endorsed = ("webchat", "directline")

    assert desk.post(Activities().message("メニュー")).status == 401


NOT_TEAMS = (
    EVIL,
    "https://evil.trafficmanager.net/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://user@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:8443/",
    "http://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net\\@evil.example/",
    "https://169.254.169.254/",
    "https://[::1]/",
    "http://127.0.0.1/",
    "https://2130706433/",
    "https://teams.microsoft.com.evil.example/",
    "https://evilteams.microsoft.com/",
    "https://.teams.microsoft.com/",
    "//smba.trafficmanager.net/",
    "file:///etc/passwd",
    "https://ｓｍｂａ.trafficmanager.net/",
)


def test_a_token_for_an_address_that_is_not_teams_is_refused(desk: TeamsDesk) -> None:
    """Whoever may sign for it: the desk's own token would be sent there with the answer."""
    answers = {
        address: desk.door.hear(
            encoded(Activities(service_url=address).message("メニュー")), desk.issuer.header(address)
        )
        for address in NOT_TEAMS
    }

    assert answers == dict.fromkeys(NOT_TEAMS, Answer(401))
    assert stored(desk) == {}


# --- what the route says


def test_the_route_says_nothing_to_whom_it_refuses(desk: TeamsDesk) -> None:
    answer = desk.call(encoded(Activities().message("メニュー")), "Bearer xyz")

    assert (answer.status_code, answer.data) == (401, b"")


def test_a_token_is_never_logged(desk: TeamsDesk) -> None:
    header = desk.issuer.header(aud=OTHER_TENANT)

    with capture_logs() as lines:
        desk.door.hear(encoded(Activities().message("メニュー")), header)

    assert lines == [{"event": "teams_refused", "reason": "audience", "log_level": "warning"}]


# --- tokens that nobody thought of


def test_no_token_that_is_nearly_right_is_accepted(desk: TeamsDesk) -> None:
    chance = Random(1)
    body = encoded(Activities().message("メニュー"))
    good = desk.issuer.token()
    assert desk.door.hear(body, f"Bearer {good}").status == 200
    before, fetched = stored(desk), len(desk.issuer.fetches)

    for number in range(TOKENS):
        header = bad_token(chance, desk.issuer, good)
        assert desk.door.hear(body, header).status == 401, (number, header)

    assert stored(desk) == before
    assert len(desk.issuer.fetches) - fetched <= 2, "an unknown key is looked for once, not at every token"


def bad_token(chance: Random, issuer: Issuer, good: str) -> str:
    """Return a header that is no good token's, by one of many ways to spoil one."""
    head, claims, signature = good.split(".")
    match chance.randrange(8):
        case 0:  # one letter of it is another
            return f"Bearer {_other_letter(chance, good)}"
        case 1:  # what it says is another thing, under the same signature
            said = issuer.claims() | {chance.choice(["aud", "iss", "exp", "serviceurl", "x"]): _odd(chance)}
            return f"Bearer {head}.{b64(json.dumps(said).encode())}.{signature}"
        case 2:  # the head says another thing
            said = jwt.get_unverified_header(good) | {chance.choice(["alg", "kid", "typ", "x"]): _odd(chance)}
            return f"Bearer {b64(json.dumps(said).encode())}.{claims}.{signature}"
        case 3:  # signed by somebody else
            return (
                f"Bearer {issuer.token(key=rsa_key(7), headers={'kid': chance.choice(['key-0', 'key-1'])})}"
            )
        case 4:  # signed well, and a claim is odd
            name = chance.choice(["aud", "iss", "exp", "serviceurl"])
            return f"Bearer {issuer.token(**{name: _odd(chance)})}"
        case 5:  # pieces of it
            return f"Bearer {_pieces(chance, [head, claims, signature])}"
        case 6:  # noise
            return f"Bearer {'.'.join(_noise(chance) for _ in range(3))}"
        case _:  # a header that is no bearer's
            return (
                chance.choice(["bearer ", "Bearer", "Bearer  ", "Token ", "\t", ""])
                + good[chance.randint(1, 9) :]
            )


def _pieces(chance: Random, parts: list[str]) -> str:
    """Return some of *parts* in any order but their own."""
    pieces = chance.choices([*parts, "", "e30"], k=chance.randint(1, 4))
    return ".".join(reversed(pieces) if pieces == parts else pieces)


def _other_letter(chance: Random, token: str) -> str:
    """Return *token* with one letter changed that counts: the last of a signature has spare bits."""
    place = chance.randrange(len(token) - 1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    new = chance.choice([each for each in letters if each != token[place]])
    return token[:place] + new + token[place + 1 :]


def _odd(chance: Random) -> Any:
    return chance.choice(
        [
            [],
            {},
            0,
            -1,
            1e18,
            10**400,
            float("inf"),
            float("nan"),
            True,
            "",
            "x",
            "\0",
            "\ud800",
            [APP],
            "none",
        ]
    )


def _noise(chance: Random) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(chance.randint(0, 200))).decode().rstrip("=")


# --- the guards, taken away: the same requests are then taken


@pytest.mark.parametrize(
    ("guard", "forged"),
    [
        ("_verify", lambda desk: desk.issuer.header(key=rsa_key(7))),
        ("ISSUER", _with(iss="https://sts.windows.net/x/")),
    ],
)
def test_without_the_guard_it_would_come_in(
    desk: TeamsDesk, monkeypatch: pytest.MonkeyPatch, guard: str, forged: Callable[[TeamsDesk], str]
) -> None:
    header, body = forged(desk), encoded(Activities().message("メニュー"))
    assert desk.door.hear(body, header).status == 401

    away: Any = "https://sts.windows.net/x/" if guard == "ISSUER" else lambda *_: None
    monkeypatch.setattr(auth, guard, away)

    assert desk.door.hear(body, header).status == 200
