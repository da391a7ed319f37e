"""The simulator exists only on this machine, for nobody else's pages."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.simulator import NotOnLoopback, Simulator, SimulatorConfig, Surroundings, register
from tests.bot.simulator.conftest import BEARER

HERE = "http://127.0.0.1:8000"
LINE = f"{HERE}/simulator/line"
AROUND = Surroundings(bound_host="127.0.0.1", public_url=HERE, line_api_base=LINE, line_data_api_base=LINE)

PERMITTED = {
    "as the demo runs": AROUND,
    "by name": Surroundings("localhost", "http://localhost:8000", LINE, LINE),
    "over IPv6": Surroundings("::1", "http://[::1]:8000", LINE, LINE),
    "another loopback address": replace(AROUND, bound_host="127.1.2.3"),
}
FORBIDDEN = {
    "every address of the machine": replace(AROUND, bound_host="0.0.0.0"),
    "every IPv6 address": replace(AROUND, bound_host="::"),
    "no address": replace(AROUND, bound_host=""),
    "an address of the network": replace(AROUND, bound_host="192.168.0.10"),
    "a name that only begins like this machine": replace(AROUND, bound_host="localhost.example"),
    "a public address": replace(AROUND, public_url="https://madoguchi.example.jp"),
    "a public address that begins like this machine": replace(AROUND, public_url="http://127.0.0.1.example"),
    "a public address with this machine as its user": replace(
        AROUND, public_url="http://127.0.0.1@desk.example"
    ),
    "no public address": replace(AROUND, public_url=""),
    "the real LINE": replace(AROUND, line_api_base="https://api.line.me"),
    "the real LINE for contents": replace(AROUND, line_data_api_base="https://api-data.line.me"),
    "a real credential": replace(AROUND, credentials=("MADOGUCHI_LINE_CHANNEL_SECRET",)),
}


@pytest.fixture
def simulator(config: SimulatorConfig) -> Iterator[Simulator]:
    app = Flask(__name__)
    made = register(app, config=config, around=AROUND)
    made.app = app  # type: ignore[attr-defined]
    yield made
    made.stop()


@pytest.fixture
def client(simulator: Simulator) -> FlaskClient:
    app: Flask = simulator.app  # type: ignore[attr-defined]
    return app.test_client()


@pytest.mark.parametrize("where", PERMITTED)
def test_the_simulator_runs_on_this_machine(config: SimulatorConfig, where: str) -> None:
    register(Flask(__name__), config=config, around=PERMITTED[where]).stop()


@pytest.mark.parametrize("where", FORBIDDEN)
def test_the_simulator_refuses_with_one_line_where_it_could_be_reached(
    config: SimulatorConfig, where: str
) -> None:
    app = Flask(__name__)

    with pytest.raises(NotOnLoopback) as refusal:
        register(app, config=config, around=FORBIDDEN[where])

    assert "\n" not in str(refusal.value)
    assert "madoguchi serve" in str(refusal.value)
    assert "simulator" not in app.blueprints
    assert not config.state_path.exists()


def test_the_simulator_posts_to_no_other_machine(config: SimulatorConfig) -> None:
    elsewhere = replace(config, webhook_url="https://desk.example/line/webhook")

    with pytest.raises(NotOnLoopback):
        register(Flask(__name__), config=elsewhere, around=AROUND)


PATHS = ["/simulator/", "/simulator/state", "/simulator/static/app.js", "/simulator/line/v2/bot/info"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("address", ["192.168.0.10", "203.0.113.7", "::ffff:192.168.0.10", "fe80::1", ""])
def test_somebody_on_another_machine_finds_nothing(client: FlaskClient, path: str, address: str) -> None:
    answer = client.get(path, base_url=HERE, headers=BEARER, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["desk.example", "127.0.0.1.example", "localhost.example:8000", "0.0.0.0", "["]
)
def test_a_name_that_was_made_to_point_here_finds_nothing(client: FlaskClient, path: str, host: str) -> None:
    answer = client.get(path, headers={**BEARER, "Host": host})

    assert answer.status_code in {400, 404}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host"])
def test_a_proxy_in_front_finds_nothing(client: FlaskClient, header: str) -> None:
    assert client.get("/simulator/", base_url=HERE, headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("host", [HERE, "http://localhost:8000", "http://[::1]:8000"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_finds_the_screen(client: FlaskClient, host: str, address: str) -> None:
    answer = client.get("/simulator/", base_url=host, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == 200
    assert "実在の申請ではありません" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "https://127.0.0.1:8000"}, 403),
        ({"Origin": "https://desk.example"}, 403),
        ({"Origin": "https://desk.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
    ],
)
def test_only_the_simulators_own_page_moves_its_residents(
    client: FlaskClient, simulator: Simulator, headers: dict[str, str], status: int
) -> None:
    user = simulator.platform.chats.residents()[0].user_id

    answer = client.post("/simulator/do/befriend", json={"user": user}, base_url=HERE, headers=headers)

    assert answer.status_code == status
    assert simulator.platform.chats.residents()[0].friend == (status == 200)


def test_no_page_calls_the_messaging_api(client: FlaskClient) -> None:
    path = "/simulator/line/v2/bot/message/validate/push"
    body = {"messages": [{"type": "text", "text": "はい"}]}

    assert client.post(path, json=body, base_url=HERE, headers=BEARER).status_code == 200
    assert client.post(path, json=body, base_url=HERE, headers={**BEARER, "Origin": HERE}).status_code == 403


def test_what_was_sent_as_no_picture_is_never_handed_to_a_browser(
    client: FlaskClient, simulator: Simulator
) -> None:
    phones = simulator.platform.phones
    user = simulator.platform.chats.residents()[0].user_id
    phones.befriend(user)
    page = phones.send_file(user, "a.html", "text/html", b"<script>")
    drawing = phones.send_photo(user, "image/svg+xml", b"<svg/>")
    photo = phones.send_photo(user, "image/png", b"\x89PNG")

    found = [client.get(f"/simulator/content/{each}", base_url=HERE) for each in (page, drawing, photo)]

    assert [answer.status_code for answer in found] == [404, 404, 200]
    assert found[2].headers["X-Content-Type-Options"] == "nosniff"


def test_the_simulator_shows_neither_its_secret_nor_its_token(
    client: FlaskClient, simulator: Simulator
) -> None:
    config = simulator.platform.config
    client.get("/simulator/line/v2/bot/info", base_url=HERE, headers=BEARER)

    shown = client.get("/simulator/state", base_url=HERE).text

    assert "/v2/bot/info" in shown
    assert config.channel_secret not in shown + repr(config)
    assert config.access_token not in shown + repr(config)
