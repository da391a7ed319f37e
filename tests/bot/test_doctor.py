"""What the doctor says: one line for each fault, with what to do, and a desk that does not serve meanwhile."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import serving, vault_keys
from bot.doctor import refuse_unsafe
from bot.settings import PREFIX, Settings
from storage import migrate
from tests.bot.line.loopback import Loopback, answer
from tests.support.network import held_port
from tests.support.service import BOT
from tests.support.unsafe import CASES, Case, Machine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    for name in os.environ:
        if name.startswith(PREFIX) and name != "MADOGUCHI_TEST_POSTGRES":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    with Loopback() as line:
        made = Machine(tmp_path, line, request)
        made.sets("DATABASE_URL", f"sqlite:///{made.database}")
        made.sets("VAULT_KEYS_FILE", str(made.keys))
        made.sets("PUBLIC_URL", "https://madoguchi.example.jp")
        made.sets("SECRET_KEY", secrets.token_hex(32))
        made.sets("LINE_CHANNEL_SECRET", "0123456789abcdef0123456789abcdef")
        made.sets("LINE_CHANNEL_ACCESS_TOKEN", "token")
        made.sets("LINE_BOT_USER_ID", BOT)
        made.sets("LINE_API_BASE", line.url)
        made.sets("LINE_DATA_API_BASE", line.url)
        made.database.parent.mkdir(mode=0o700)
        shutil.copyfile(sqlite_template.removeprefix("sqlite:///"), made.database)
        vault_keys.complete(made.keys)
        yield made


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what was served; nothing is: a server that was let through would run until somebody ends it."""
    begun: list[object] = []
    monkeypatch.setattr(serving, "serve", lambda *given, **_options: begun.append(given))
    return begun


def test_a_desk_that_is_set_up_well_has_nothing_but_good_lines(machine: Machine) -> None:
    told = machine.doctor()

    assert told.exit_code == 0, told.output
    # Its LINE has no menus yet, which is no more than a warning.
    left_out = ("SQLite", " richmenu ")
    states = {
        line.split()[0] for line in told.output.splitlines() if not any(each in line for each in left_out)
    }
    assert states == {"ok"}
    for about in ("keys", "vault", "address", "line", "office", "database", "webhook"):
        assert f" {about} " in told.output


unsafe = pytest.mark.parametrize(
    "case",
    [
        pytest.param(each, id=each.name, marks=[pytest.mark.postgres] if each.needs_postgresql else [])
        for each in CASES
    ],
)


@unsafe
def test_an_unsafe_desk_is_refused_in_one_line_and_serves_once_it_is_put_right(
    machine: Machine, case: Case, served: list[object]
) -> None:
    with machine.broken(case):
        told = machine.doctor()
        refused = machine.serve()
        line = case.line.format(**machine.facts)

        assert [each for each in told.output.splitlines() if each.startswith("FAULT")] == [line]
        assert told.exit_code == 1
        assert refused.stderr.splitlines() == [line]
        assert (refused.exit_code, refused.stdout, served) == (2, "", [])

    again = machine.serve()

    assert (again.exit_code, len(served)) == (0, 1), again.output


def test_there_are_many_ways_to_be_unsafe_and_each_line_says_what_to_do() -> None:
    assert len({each.name for each in CASES}) == len(CASES) >= 60
    assert len({each.line for each in CASES}) >= 40


def test_a_port_on_which_something_listens_is_refused(machine: Machine, served: list[object]) -> None:
    with held_port() as taken:
        taken.listen()
        port = taken.getsockname()[1]

        refused = machine.serve(port)

        assert refused.exit_code == 2
        assert refused.stderr == (
            f"FAULT    port       127.0.0.1:{port} cannot be listened on (Address already in use); "
            "stop what runs there, or choose another --port\n"
        )
        assert served == []
    assert machine.serve(port).exit_code == 0


def test_a_machine_without_time_zones_is_told_what_it_lacks(machine: Machine) -> None:
    program = "import sys; sys.modules['tzdata'] = None; from bot.cli import main; main(['serve'])"
    env = {**os.environ, **machine.env, "PYTHONPATH": str(ROOT), "PYTHONTZPATH": ""}

    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        env=env,
        cwd=machine.folder,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert ended.stderr == "Error: the time zone Asia/Tokyo is missing; install it with: pip install tzdata\n"


def test_another_server_refuses_the_same_way(machine: Machine) -> None:
    env = {**os.environ, **machine.env, "PYTHONPATH": str(ROOT)}

    short = {**env, "MADOGUCHI_SECRET_KEY": "short"}
    strange = {**env, "MADOGUCHI_PUBLIC_URL": "http://madoguchi.example.jp"}

    for broken, advice in ((short, "32 random characters"), (strange, "needs https")):
        ended = subprocess.run(
            [sys.executable, "-c", "from bot import create_app; create_app()"],
            check=False, env=broken, cwd=machine.folder, capture_output=True, text=True,
        )  # fmt: skip
        assert ended.returncode == 2, ended.stderr
        assert advice in ended.stderr
        assert "Traceback" not in ended.stderr


def test_no_fault_repeats_a_secret(machine: Machine) -> None:
    machine.sets("SECRET_KEY", "geheim")
    machine.sets("DATABASE_URL", "postgresql+psycopg://u:geheim@127.0.0.1:9/d")
    machine.sets("LINE_CHANNEL_ACCESS_TOKEN", "geheim geheim")

    assert "geheim" not in machine.doctor().output


def test_a_token_that_line_refuses_is_a_fault(machine: Machine) -> None:
    machine.line.will(answer(401, {"message": "Authentication failed"}))

    told = machine.doctor()

    assert told.exit_code == 1
    assert "LINE does not accept the access token (401); issue a new one" in told.output


def test_a_line_that_does_not_answer_is_no_fault_of_the_token(machine: Machine) -> None:
    machine.sets("LINE_API_BASE", "http://127.0.0.1:9")

    told = machine.doctor()

    assert told.exit_code == 1
    assert "LINE does not answer" in told.output
    assert "issue a new one" not in told.output


def test_the_id_of_another_channel_is_a_fault(machine: Machine) -> None:
    machine.line.will(answer(200, {"userId": "U" + "c" * 32}), answer(200, {"success": True}))

    told = machine.doctor()

    assert told.exit_code == 1
    assert f"is not this channel's; it is U{'c' * 32}" in told.output


def test_a_channel_without_its_id_is_told_what_it_is(machine: Machine) -> None:
    del machine.env["MADOGUCHI_LINE_BOT_USER_ID"]

    told = machine.doctor()

    assert told.exit_code == 0
    assert f"set MADOGUCHI_LINE_BOT_USER_ID={BOT}" in told.output


def test_a_webhook_that_line_does_not_reach_is_a_fault(machine: Machine) -> None:
    told = machine.doctor(webhook=False)

    assert told.exit_code == 1
    assert "LINE does not reach the webhook (COULD_NOT_CONNECT)" in told.output


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("PII_IN_CHAT", "allow", "MADOGUCHI_PII_IN_CHAT=forbid"),
        ("OIDC_ISSUER", "0", "MADOGUCHI_OIDC_ISSUER is no setting and does nothing; take it away"),
    ],
)
def test_what_is_allowed_but_strange_is_a_warning(
    machine: Machine, name: str, value: str, advice: str
) -> None:
    machine.sets(name, value)

    told = machine.doctor()

    assert told.exit_code == 0
    assert any(line.startswith("warning") and advice in line for line in told.output.splitlines())


def test_keys_beside_the_database_are_a_warning(machine: Machine) -> None:
    beside = machine.database.parent / "vault.json"
    shutil.copy2(machine.keys, beside)
    machine.sets("VAULT_KEYS_FILE", str(beside))

    told = machine.doctor()

    assert told.exit_code == 0
    assert "the vault's keys lie beside the database" in told.output


def test_a_desk_without_line_may_serve(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"):
        del machine.env[f"{PREFIX}{name}"]
    for name, value in machine.env.items():
        monkeypatch.setenv(name, value)

    refuse_unsafe(Settings())

    assert "LINE is off" in machine.doctor().output


def test_every_revision_that_there_is_is_known() -> None:
    assert migrate.head() in migrate.known()
