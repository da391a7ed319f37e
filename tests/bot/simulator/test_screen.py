"""What the screen asks for and is told."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.simulator import Faults, Platform, SimulatorConfig, create_simulator
from tests.bot.simulator.conftest import Clock

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def shown(config: SimulatorConfig) -> Iterator[tuple[FlaskClient, Platform]]:
    simulator = create_simulator(config)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 2_000_000
    app.register_blueprint(simulator.blueprint)
    yield app.test_client(), simulator.platform
    simulator.stop()


def _do(client: FlaskClient, command: str, body: object) -> int:
    headers = {"Origin": HERE}
    return client.post(f"/simulator/do/{command}", json=body, base_url=HERE, headers=headers).status_code


def _state(client: FlaskClient, since: int = -1) -> dict[str, object]:
    found: dict[str, object] = client.get(f"/simulator/state?since={since}", base_url=HERE).get_json()
    return found


def test_the_screen_begins_with_three_sample_residents(shown: tuple[FlaskClient, Platform]) -> None:
    client, platform = shown

    residents = _state(client)["residents"]

    assert isinstance(residents, list)
    assert [(each["name"], each["language"]) for each in residents] == [
        (sample.name, sample.language) for sample in platform.config.samples
    ]


def test_where_nothing_changed_little_is_told(shown: tuple[FlaskClient, Platform]) -> None:
    client, _ = shown
    revision = _state(client)["revision"]
    assert isinstance(revision, int)

    assert set(_state(client, revision)) == {"boot", "revision", "now", "loading"}


def test_only_new_lines_of_a_chat_are_told(shown: tuple[FlaskClient, Platform]) -> None:
    client, platform = shown
    user = platform.chats.residents()[0].user_id
    platform.phones.befriend(user)
    platform.phones.say(user, "前")
    before = platform.store.revision
    platform.phones.say(user, "後")

    entries = _state(client, before)["entries"]

    assert isinstance(entries, list)
    assert [entry["content"]["text"] for entry in entries] == ["後"]


@pytest.mark.parametrize(
    ("command", "body", "at"),
    [
        ("step", {"step": "hour"}, datetime(2027, 6, 7, 2, 0, tzinfo=UTC)),
        ("step", {"step": "morning"}, datetime(2027, 6, 8, 0, 0, tzinfo=UTC)),
        ("step", {"step": "week"}, datetime(2027, 6, 14, 1, 0, tzinfo=UTC)),
        ("set_clock", {"at": "2027-12-24T17:30"}, datetime(2027, 12, 24, 8, 30, tzinfo=UTC)),
        ("set_clock", {"at": "2026-04-01T00:00"}, datetime(2026, 3, 31, 15, 0, tzinfo=UTC)),
    ],
)
def test_the_clock_is_turned(
    shown: tuple[FlaskClient, Platform], clock: Clock, command: str, body: dict[str, str], at: datetime
) -> None:
    client, _ = shown

    assert _do(client, command, body) == 200
    assert clock.at == at


def test_the_clock_goes_back_to_where_it_began(shown: tuple[FlaskClient, Platform], clock: Clock) -> None:
    client, _ = shown
    began = clock.at
    _do(client, "step", {"step": "week"})

    assert _do(client, "restart_clock", {}) == 200
    assert clock.at == began


def test_the_switches_are_set_and_told(shown: tuple[FlaskClient, Platform]) -> None:
    client, platform = shown

    assert _do(client, "faults", {"faults": {"twice": True, "on": ["push"], "times": 2}}) == 200
    assert platform.faults == Faults(twice=True, on=("push",), times=2)
    assert _state(client)["faults"] == {**Faults(twice=True, times=2).as_dict(), "on": ["push"]}


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("nothing", {}),
        ("say", {}),
        ("say", []),
        ("say", {"user": "U0", "text": "だれ"}),
        ("befriend", {"user": 1}),
        ("add", {"name": " "}),
        ("add", {"name": "長" * 31}),
        ("tap", {"user": "U0", "action": "yes"}),
        ("set_clock", {"at": "tomorrow"}),
        ("step", {"step": "back"}),
        ("faults", {"faults": {"fire": True}}),
        ("faults", {"faults": {"twice": "yes"}}),
        ("faults", {"faults": {"times": True}}),
        ("sample_photo", {"user": "U0", "name": "nothing"}),
        ("unsend", {"user": "U0", "message": "1"}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    shown: tuple[FlaskClient, Platform], command: str, body: object
) -> None:
    client, _ = shown
    headers = {"Origin": HERE}

    answer = client.post(f"/simulator/do/{command}", json=body, base_url=HERE, headers=headers)

    assert answer.status_code == 400
    assert answer.get_json()["message"]


def test_a_photo_larger_than_the_pages_take_can_be_sent(shown: tuple[FlaskClient, Platform]) -> None:
    client, platform = shown
    user = platform.chats.residents()[0].user_id
    platform.phones.befriend(user)
    headers = {"Origin": HERE, "Content-Type": "image/jpeg"}

    answer = client.post(f"/simulator/photo/{user}", data=b"x" * 3_000_000, base_url=HERE, headers=headers)

    assert answer.status_code == 200
    assert platform.chats.chat(user)[-1].content["type"] == "image"


def test_a_file_that_is_no_picture_is_sent_as_a_file(shown: tuple[FlaskClient, Platform]) -> None:
    client, platform = shown
    user = platform.chats.residents()[0].user_id
    platform.phones.befriend(user)
    headers = {"Origin": HERE, "Content-Type": "application/pdf"}

    client.post(f"/simulator/photo/{user}?name=a.pdf", data=b"%PDF", base_url=HERE, headers=headers)

    content = platform.chats.chat(user)[-1].content
    assert (content["type"], content["fileName"], content["fileSize"]) == ("file", "a.pdf", 4)
