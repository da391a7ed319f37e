"""The bot's token: asked for once, by one thread, ahead of its end; never seen in a log, and never sent abroad."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
import responses

from bot.delivery.port import Chore
from bot.teams import calls
from bot.teams.gateway import TeamsGateway
from bot.teams.tokens import EARLY, LAST, PAUSE, Issued, NoToken, TokenSource, token_source
from storage.teams.references import PERSONAL, Reference
from tests.bot.teams.outbound.sending import LOOPBACK, SOMEBODY, TENANT, tokens_of
from tests.support.connector import APP_ID, APP_SECRET, Connector, answer
from tests.support.service import StandingClock, until

LOGIN = f"https://login.microsoftonline.com/{TENANT}"
HOUR = 3_600_000
SAID = calls.activity('{"text": "見本"}')


class Login:
    """Issues tokens by number, or not."""

    def __init__(self) -> None:
        self.asked = 0
        self.fault: NoToken | None = None
        self.before: Callable[[], None] = lambda: None

    def __call__(self) -> Issued:
        self.asked += 1
        self.before()
        if self.fault:
            raise self.fault
        return Issued(f"token-{self.asked}", HOUR // 1000)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
def tokens(login: Login, clock: StandingClock) -> TokenSource:
    return TokenSource(login, clock)


def pass_time(clock: StandingClock, millis: int) -> None:
    clock.advance(timedelta(milliseconds=millis))


def test_a_token_is_asked_for_once_by_however_many_threads(login: Login, tokens: TokenSource) -> None:
    begun: list[int] = []
    login.before = lambda: until(lambda: len(begun) >= 16)  # nobody has a token before all want one

    def fetch(number: int) -> str:
        begun.append(number)
        return tokens.fetch()

    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(fetch, range(200)))

    assert (found, login.asked) == ({"token-1"}, 1)


def test_nothing_is_asked_where_a_token_is_only_looked_for(login: Login, tokens: TokenSource) -> None:
    assert tokens.held() is None
    assert login.asked == 0


def test_a_token_is_renewed_five_minutes_before_its_end(
    login: Login, tokens: TokenSource, clock: StandingClock
) -> None:
    tokens.fetch()
    pass_time(clock, HOUR - EARLY - 1)
    assert tokens.fetch() == "token-1"
    pass_time(clock, 1)

    assert tokens.held() is None
    assert tokens.fetch() == "token-2"


def test_a_token_is_used_to_its_last_while_no_other_can_be_had(
    login: Login, tokens: TokenSource, clock: StandingClock
) -> None:
    tokens.fetch()
    pass_time(clock, HOUR - EARLY)
    login.fault = NoToken("ReadTimeout")
    assert tokens.fetch() == "token-1"
    pass_time(clock, EARLY - LAST - 1)
    assert tokens.fetch() == "token-1"
    pass_time(clock, PAUSE + 1)

    with pytest.raises(NoToken):
        tokens.fetch()


def test_a_login_that_fails_is_left_alone_for_a_while(
    login: Login, tokens: TokenSource, clock: StandingClock
) -> None:
    login.fault = NoToken("ReadTimeout")
    for _ in range(100):
        with pytest.raises(NoToken):
            tokens.fetch()
    assert login.asked == 1
    pass_time(clock, PAUSE)
    login.fault = None

    assert tokens.fetch() == "token-2"


def test_a_refused_token_is_dropped_once_and_not_what_came_after_it(
    login: Login, tokens: TokenSource, clock: StandingClock
) -> None:
    tokens.fetch()
    pass_time(clock, 60_000)
    tokens.drop("token-1")
    tokens.fetch()

    pass_time(clock, 60_000)
    tokens.drop("token-1")

    assert tokens.fetch() == "token-2"


def test_a_token_just_issued_is_not_thrown_away(login: Login, tokens: TokenSource) -> None:
    tokens.fetch()
    tokens.drop("token-1")

    assert tokens.held() == "token-1"


def test_a_clock_that_is_put_back_makes_no_token_last_longer(
    login: Login, tokens: TokenSource, clock: StandingClock
) -> None:
    tokens.fetch()
    pass_time(clock, -HOUR)

    assert tokens.fetch() == "token-2"


# --- how it is asked for


def test_a_login_of_ones_own_gets_the_client_credentials(clock: StandingClock) -> None:
    with Connector() as teams:
        token = tokens_of(teams, clock).fetch()

        assert token == "token-1"
        assert teams.logins == [
            {
                "grant_type": ["client_credentials"],
                "client_id": [APP_ID],
                "client_secret": [APP_SECRET],
                "scope": ["https://api.botframework.com/.default"],
            }
        ]


ANSWERS: dict[str, tuple[int, object, bool]] = {
    "a wrong secret": (401, {"error": "invalid_client", "error_description": "AADSTS見本"}, True),
    "busy": (503, {"error": "temporarily_unavailable"}, False),
    "no JSON": (200, b"<html>", False),
    "no object": (200, [1], False),
    "no token": (200, {"token_type": "Bearer"}, False),
    "a token with a line break": (200, {"access_token": "a\r\nb"}, False),
    "another error": (400, {"error": "見本\n見本"}, False),
}


@pytest.mark.parametrize(("status", "body", "refused"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_without_a_token_says_no_more_than_why(
    clock: StandingClock, status: int, body: object, refused: bool
) -> None:
    with Connector() as teams:
        teams.login.append(answer(status, body))

        with pytest.raises(NoToken) as fault:
            tokens_of(teams, clock).fetch()

    assert fault.value.refused is refused
    assert "見本" not in str(fault.value)


def test_a_login_that_leads_elsewhere_is_not_followed(clock: StandingClock) -> None:
    with Connector() as teams, Connector() as elsewhere:
        teams.login.append(answer(307, Location=elsewhere.token_url))

        with pytest.raises(NoToken):
            tokens_of(teams, clock).fetch()

        assert elsewhere.received == []


@pytest.mark.parametrize("url", ["http://login.example/", "ftp://127.0.0.1/", "https://user@login.example/"])
def test_the_secret_never_travels_in_the_open(url: str, clock: StandingClock) -> None:
    with pytest.raises(ValueError, match="https"):
        token_source(APP_ID, APP_SECRET, TENANT, clock, url=url)


@pytest.fixture
def microsoft() -> Iterator[responses.RequestsMock]:
    """Return Microsoft's login as msal finds it."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(
            f"{LOGIN}/v2.0/.well-known/openid-configuration",
            json={
                "authorization_endpoint": f"{LOGIN}/oauth2/v2.0/authorize",
                "token_endpoint": f"{LOGIN}/oauth2/v2.0/token",
                "issuer": f"{LOGIN}/v2.0",
            },
        )
        yield mock


def test_microsofts_login_is_asked_by_its_own_library_for_one_tenant(
    microsoft: responses.RequestsMock, clock: StandingClock
) -> None:
    microsoft.post(
        f"{LOGIN}/oauth2/v2.0/token",
        json={"access_token": "from-microsoft", "expires_in": 3599, "token_type": "Bearer"},
    )
    tokens = token_source(APP_ID, APP_SECRET, TENANT, clock)

    assert [tokens.fetch() for _ in range(3)] == ["from-microsoft"] * 3
    posted = [call for call in microsoft.calls if call.request.method == "POST"]
    assert len(posted) == 1
    pass_time(clock, 120_000)
    tokens.drop("from-microsoft")
    tokens.fetch()
    assert len([call for call in microsoft.calls if call.request.method == "POST"]) == 2, "asked indeed"


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"json": {"error": "invalid_client", "error_description": "見本"}, "status": 401}, True),
        ({"body": requests.ConnectTimeout()}, False),
    ],
    ids=["refused", "no answer"],
)
def test_microsofts_login_may_give_none(
    microsoft: responses.RequestsMock, clock: StandingClock, given: dict[str, Any], refused: bool
) -> None:
    microsoft.post(f"{LOGIN}/oauth2/v2.0/token", **given)

    with pytest.raises(NoToken) as fault:
        token_source(APP_ID, APP_SECRET, TENANT, clock).fetch()

    assert fault.value.refused is refused


def test_neither_secret_nor_token_is_ever_shown(
    microsoft: responses.RequestsMock, clock: StandingClock
) -> None:
    microsoft.post(f"{LOGIN}/oauth2/v2.0/token", json={"access_token": "from-microsoft", "expires_in": 3599})
    written = io.StringIO()
    watching = logging.StreamHandler(written)
    root = logging.getLogger()
    before = root.level
    root.addHandler(watching)
    root.setLevel(logging.DEBUG)
    try:
        tokens = token_source(APP_ID, APP_SECRET, TENANT, clock)
        tokens.fetch()
    finally:
        root.removeHandler(watching)
        root.setLevel(before)

    shown = written.getvalue() + repr(vars(tokens)) + repr(Issued("from-microsoft", 1))
    assert "from-microsoft" not in shown
    assert APP_SECRET not in shown


# --- where it goes


def somewhere(service_url: str) -> Reference:
    return Reference("a:1", PERSONAL, TENANT, SOMEBODY, service_url, "28:bot", "29:user")


EVIL = [
    "https://evil.example/",
    "http://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://evil.trafficmanager.net/",
    "https://evil.example#.teams.microsoft.com/",
    "https://evil.example\\.teams.microsoft.com/",
    "https://127.0.0.1.evil.example/",
    "",
]


@pytest.mark.parametrize("service_url", EVIL)
def test_a_foreign_host_gets_neither_token_nor_call(
    login: Login, tokens: TokenSource, clock: StandingClock, service_url: str
) -> None:
    gateway = TeamsGateway(tokens, LOOPBACK, clock)

    steps = gateway.asked(calls.say(somewhere(service_url), SAID))

    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value.kind == "foreign"
    assert login.asked == 0


def test_a_redirect_takes_no_token_along(clock: StandingClock) -> None:
    with Connector() as teams, Connector() as elsewhere:
        teams.will(answer(307, Location=elsewhere.service_url))
        gateway = TeamsGateway(tokens_of(teams, clock), LOOPBACK, clock)

        outcome = gateway.run(gateway.asked(calls.say(somewhere(teams.service_url), SAID)))

        assert outcome.kind == "not_sent"
        assert elsewhere.received == []


def test_no_token_is_asked_for_in_an_event_loop(
    login: Login, tokens: TokenSource, clock: StandingClock
) -> None:
    gateway = TeamsGateway(tokens, LOOPBACK, clock)

    wanted = next(gateway.asked(calls.say(somewhere("http://127.0.0.1:9/"), SAID)))

    assert isinstance(wanted, Chore)
    assert login.asked == 0


def test_a_member_of_a_conversation_is_looked_up(clock: StandingClock) -> None:
    with Connector() as teams:
        gateway = TeamsGateway(tokens_of(teams, clock), LOOPBACK, clock)

        found = gateway.member(somewhere(teams.service_url), "29:user")

        assert found.data["userRole"] == "user"
        assert "見本" not in repr(found)
        assert teams.calls()[0].path == "/teams/v3/conversations/a%3A1/members/29%3Auser"
        gateway.close()


@pytest.mark.parametrize("odd", [".", "..", "../../evil", "a/../b", "%2e%2e", "?x=1#"])
def test_an_id_cannot_lead_to_another_path(odd: str) -> None:
    call = calls.say(
        somewhere("https://smba.trafficmanager.net/jp/"), calls.activity(json.dumps({"replyToId": odd}))
    )

    path = call.url.removeprefix("https://smba.trafficmanager.net/jp/v3/conversations/a%3A1/activities/")
    assert "/" not in path
    assert path not in {".", ".."}
    assert not set("?#") & set(path)
