"""What the doctor says: one line for each fault, with what to do, and a desk that does not serve meanwhile."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot import serving, vault_keys
from bot.cli import main
from bot.doctor import refuse_unsafe
from bot.settings import PREFIX, Settings
from storage import engine as database
from storage import migrate
from tests.bot.line.loopback import Loopback, answer
from tests.support.service import BOT

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Machine:
    """A machine on which a desk is set up well, until a test breaks something."""

    folder: Path
    line: Loopback
    env: dict[str, str] = field(default_factory=dict)

    def sets(self, name: str, value: str) -> None:
        self.env[f"{PREFIX}{name}"] = value

    @property
    def keys(self) -> Path:
        return self.folder / "keys" / "vault.json"

    @property
    def database(self) -> Path:
        return self.folder / "desk.db"

    def doctor(self, *, webhook: bool = True) -> Result:
        if not self.line.acts:
            self.line.will(
                answer(200, {"userId": BOT}), answer(200, {"success": webhook, "reason": "COULD_NOT_CONNECT"})
            )
        return CliRunner().invoke(main, ["doctor"], env=self.env)

    def serve(self) -> Result:
        return CliRunner().invoke(main, ["serve"], env=self.env)


@pytest.fixture
def machine(tmp_path: Path, sqlite_template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    with Loopback() as line:
        made = Machine(tmp_path, line)
        made.sets("DATABASE_URL", f"sqlite:///{made.database}")
        made.sets("VAULT_KEYS_FILE", str(made.keys))
        made.sets("PUBLIC_URL", "https://madoguchi.example.jp")
        made.sets("SECRET_KEY", secrets.token_hex(32))
        made.sets("LINE_CHANNEL_SECRET", "0123456789abcdef0123456789abcdef")
        made.sets("LINE_CHANNEL_ACCESS_TOKEN", "token")
        made.sets("LINE_BOT_USER_ID", BOT)
        made.sets("LINE_API_BASE", line.url)
        made.sets("LINE_DATA_API_BASE", line.url)
        shutil.copyfile(sqlite_template.removeprefix("sqlite:///"), made.database)
        vault_keys.complete(made.keys)
        yield made


def test_a_desk_that_is_set_up_well_has_nothing_but_good_lines(machine: Machine) -> None:
    told = machine.doctor()

    assert told.exit_code == 0, told.output
    states = {line.split()[0] for line in told.output.splitlines() if "SQLite" not in line}
    assert states == {"ok"}
    for about in ("keys", "vault", "address", "line", "office", "database", "webhook"):
        assert f" {about} " in told.output


def _weak_key(machine: Machine) -> None:
    machine.sets("SECRET_KEY", "short")


def _no_key(machine: Machine) -> None:
    del machine.env["MADOGUCHI_SECRET_KEY"]


def _typed_key(machine: Machine) -> None:
    machine.sets("SECRET_KEY", "changeme" * 8)


def _weak_previous_key(machine: Machine) -> None:
    machine.sets("SECRET_KEY_PREVIOUS", "short")


def _no_vault(machine: Machine) -> None:
    machine.keys.unlink()


def _open_vault(machine: Machine) -> None:
    machine.keys.chmod(0o640)


def _damaged_vault(machine: Machine) -> None:
    machine.keys.write_text("{", encoding="utf-8")


def _short_vault_key(machine: Machine) -> None:
    kept = json.loads(machine.keys.read_text())
    kept["fence_loan"]["keys"] = dict.fromkeys(kept["fence_loan"]["keys"], "QUJD")
    machine.keys.write_text(json.dumps(kept))


def _vault_without(procedure: str) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        kept = json.loads(machine.keys.read_text())
        del kept[procedure]
        machine.keys.write_text(json.dumps(kept))

    return change


def _vault_is_a_folder(machine: Machine) -> None:
    machine.keys.unlink()
    machine.keys.mkdir(mode=0o700)


def _setting(name: str, value: str) -> Callable[[Machine], None]:
    return lambda machine: machine.sets(name, value)


def _without(name: str) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        del machine.env[f"{PREFIX}{name}"]

    return change


def _loopback_in_public(machine: Machine) -> None:
    machine.sets("PUBLIC_URL", "http://127.0.0.1:8000")
    machine.sets("LINE_API_BASE", "https://api.line.me")


def _liff_on_loopback(machine: Machine) -> None:
    machine.sets("PUBLIC_URL", "http://127.0.0.1:8000")
    _liff(machine)


def _liff(machine: Machine) -> None:
    machine.sets("LIFF_ID", "1234567890-abcdefgh")
    machine.sets("LINE_LOGIN_CHANNEL_ID", "1234567890")


def _liff_without_line(machine: Machine) -> None:
    _liff(machine)
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"):
        del machine.env[f"{PREFIX}{name}"]


def _office(content: str) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        path = machine.folder / "office.toml"
        path.write_text(content, encoding="utf-8")
        machine.sets("OFFICE_FILE", str(path))

    return change


def _no_database_folder(machine: Machine) -> None:
    (machine.folder / "file").touch()
    machine.sets("DATABASE_URL", f"sqlite:///{machine.folder / 'file' / 'desk.db'}")


def _empty_database(machine: Machine) -> None:
    machine.sets("DATABASE_URL", f"sqlite:///{machine.folder / 'new.db'}")


def _no_database(machine: Machine) -> None:
    machine.database.write_bytes(b"This is no database." * 500)


def _database_at(revision: str) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        engine = database.create(machine.env["MADOGUCHI_DATABASE_URL"])
        with database.write(engine) as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        engine.dispose()

    return change


UNSAFE: list[tuple[Callable[[Machine], None], str]] = [
    (_weak_key, "set MADOGUCHI_SECRET_KEY to 32 random characters"),
    (_no_key, "openssl rand -hex 32"),
    (_typed_key, "set MADOGUCHI_SECRET_KEY to 32 random characters"),
    (_weak_previous_key, "set MADOGUCHI_SECRET_KEY_PREVIOUS to 32"),
    (_no_vault, "is missing; make it once with: madoguchi vault-keys"),
    (_open_vault, "chmod 600"),
    (_damaged_vault, "restore it from its copy"),
    (_short_vault_key, "restore it from its copy"),
    (_vault_is_a_folder, "cannot be used"),
    (_vault_without("fence_loan"), "no key for fence_loan; run: madoguchi vault-keys"),
    (_vault_without("inbox"), "no key for inbox; run: madoguchi vault-keys"),
    (_setting("PUBLIC_URL", "http://madoguchi.example.jp"), "needs https"),
    (_setting("PUBLIC_URL", "madoguchi.example.jp"), "scheme and host only"),
    (_setting("PUBLIC_URL", "http://127.0.0.1@evil.example"), "MADOGUCHI_PUBLIC_URL"),
    (_loopback_in_public, "residents cannot reach a loopback address"),
    (_setting("LINE_API_BASE", "http://api.line.me"), "MADOGUCHI_LINE_API_BASE: only https or a loopback"),
    (_setting("LINE_API_BASE", "http://127.0.0.1@evil.example"), "only https or a loopback address"),
    (_setting("LINE_DATA_API_BASE", "ftp://127.0.0.1"), "MADOGUCHI_LINE_DATA_API_BASE"),
    (_without("LINE_CHANNEL_SECRET"), "set MADOGUCHI_LINE_CHANNEL_SECRET too"),
    (_without("LINE_CHANNEL_ACCESS_TOKEN"), "set MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN too"),
    (_setting("LINE_CHANNEL_ACCESS_TOKEN", "to ken"), "copy it again"),
    (_setting("LINE_CHANNEL_SECRET", " , "), "set MADOGUCHI_LINE_CHANNEL_SECRET too"),
    (_setting("LINE_BOT_USER_ID", "@madoguchi"), "MADOGUCHI_LINE_BOT_USER_ID"),
    (_setting("LIFF_ID", "1234567890-abcdefgh"), "together, or neither"),
    (_setting("LINE_LOGIN_CHANNEL_ID", "1234567890"), "together, or neither"),
    (_setting("LIFF_ID", "https://liff.line.me/1"), "MADOGUCHI_LIFF_ID"),
    (_liff_on_loopback, "LIFF opens https pages only"),
    (_liff_without_line, "LIFF needs the LINE channel"),
    (_setting("OFFICE_FILE", "/nowhere/office.toml"), "office.toml"),
    (_office("city ="), "office.toml"),
    (_office('key = "x"'), "city"),
    (_setting("DATABASE_URL", "mysql://h/d"), "sqlite:/// and a file"),
    (_setting("DATABASE_URL", "sqlite://"), "sqlite:/// and a file"),
    (_setting("DATABASE_URL", "postgresql+psycopg://u@127.0.0.1:9/d"), "cannot be reached"),
    (_no_database_folder, "cannot be reached"),
    (_no_database, "cannot be reached"),
    (_empty_database, "run: madoguchi upgrade"),
    (_database_at("9999"), "which this program does not know"),
    (_setting("FENCE_SEASON", "2027-11-01/2027-06-01"), "2027-06-01/2027-11-01"),
    (_setting("FENCE_OPENS", "in April"), "MADOGUCHI_FENCE_OPENS"),
    (_setting("PII_IN_CHAT", "yes"), "MADOGUCHI_PII_IN_CHAT"),
    (_setting("ENGINE", "celery"), "MADOGUCHI_ENGINE"),
    (_setting("LOG_LEVEL", "LOUD"), "MADOGUCHI_LOG_LEVEL"),
    (_setting("SENDERS", "0"), "MADOGUCHI_SENDERS"),
    (_setting("KEEP_INBOX_DAYS", "1"), "MADOGUCHI_KEEP_INBOX_DAYS"),
]

unsafe = pytest.mark.parametrize(
    ("break_it", "advice"),
    UNSAFE,
    ids=[f"{number} {advice[:40]}" for number, (_, advice) in enumerate(UNSAFE, 1)],
)


@unsafe
def test_a_fault_is_one_line_that_says_what_to_do(
    machine: Machine, break_it: Callable[[Machine], None], advice: str
) -> None:
    break_it(machine)

    told = machine.doctor()

    faults = [line for line in told.output.splitlines() if line.startswith("FAULT")]
    assert told.exit_code == 1
    assert len(faults) == 1, told.output
    assert advice in faults[0]


@unsafe
def test_an_unsafe_desk_does_not_serve(
    machine: Machine, break_it: Callable[[Machine], None], advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that was let through would run until somebody ends it.
    monkeypatch.setattr(serving, "serve", lambda *_args, **_options: pytest.fail("it serves"))
    break_it(machine)

    refused = machine.serve()

    assert refused.exit_code == 2
    assert advice in refused.stderr
    assert refused.stdout == ""


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
        ("PUBLIC_ULR", "https://x.example", "MADOGUCHI_PUBLIC_ULR is no setting"),
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
    beside = machine.folder / "vault.json"
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
