"""Every way to set a desk up wrongly that the doctor refuses, with the line that it says."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, make_url, text

from bot import doctor_database
from bot.cli import main
from bot.clock import SystemClock
from bot.settings import PREFIX
from storage import engine as database
from storage import migrate, server
from storage.keyring import load_keyring
from storage.tables import vault
from storage.vault import Vault
from tests.bot.line.loopback import Loopback, answer
from tests.support.databases import Databases
from tests.support.network import free_port
from tests.support.service import BOT, SECRET
from tests.support.unsafe_lines import LINES

Change = Callable[["Machine"], object]


@dataclass(frozen=True)
class Case:
    """One way to be unsafe.  *line* is what is said, with the names of ``Machine.facts``."""

    name: str
    change: Change
    line: str
    needs_postgresql: bool = False


@dataclass
class Machine:
    """A machine on which a desk is set up well, until a test breaks something."""

    folder: Path
    line: Loopback
    request: pytest.FixtureRequest
    env: dict[str, str] = field(default_factory=dict)
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)
    ends: ExitStack = field(default_factory=ExitStack)
    facts: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts |= {"folder": self.folder, "head": migrate.head()}

    def sets(self, name: str, value: str) -> None:
        self.env[f"{PREFIX}{name}"] = value

    def lacks(self, *names: str) -> None:
        for name in names:
            del self.env[f"{PREFIX}{name}"]

    @property
    def keys(self) -> Path:
        return self.folder / "keys" / "vault.json"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "desk.db"

    @contextmanager
    def broken(self, case: Case) -> Iterator[None]:
        """Break something, and put everything right at the end."""
        env, kept = dict(self.env), self.folder / "kept"
        for name in ("keys", "data"):
            shutil.copytree(self.folder / name, kept / name)
        try:
            with pytest.MonkeyPatch.context() as self.patch, self.ends:
                case.change(self)
                yield
        finally:
            self.env = env
            for each in self.folder.iterdir():
                if each != kept:
                    shutil.rmtree(each) if each.is_dir() else each.unlink()
            self.folder.chmod(0o700)
            for name in ("keys", "data"):
                shutil.copytree(kept / name, self.folder / name)

    def doctor(self, *, webhook: bool = True) -> Result:
        if not self.line.acts:
            reached = answer(200, {"success": webhook, "reason": "COULD_NOT_CONNECT"})
            self.line.will(answer(200, {"userId": BOT}), reached)
        return CliRunner().invoke(main, ["doctor"], env=self.env)

    def serve(self, port: int = 0) -> Result:
        return CliRunner().invoke(main, ["serve", "--port", str(port or free_port())], env=self.env)


# --- ways to break a machine


def _set(name: str, value: str) -> Change:
    return lambda machine: machine.sets(name, value)


def _lack(*names: str) -> Change:
    return lambda machine: machine.lacks(*names)


def _both(*changes: Change) -> Change:
    def change(machine: Machine) -> None:
        for each in changes:
            each(machine)

    return change


def _same_as(name: str, other: str) -> Change:
    return lambda machine: machine.sets(name, machine.env[f"{PREFIX}{other}"])


def _ring(change: Callable[[dict[str, Any]], None]) -> Change:
    def rewrite(machine: Machine) -> None:
        kept = json.loads(machine.keys.read_text())
        change(kept)
        machine.keys.write_text(json.dumps(kept))

    return rewrite


def _without_key(procedure: str) -> Change:
    return _ring(lambda kept: kept.pop(procedure))


def _short(kept: dict[str, Any]) -> None:
    kept["fence_loan"]["keys"] = dict.fromkeys(kept["fence_loan"]["keys"], "QUJD")


def _twins(kept: dict[str, Any]) -> None:
    kept["inbox"] = kept["fence_loan"]


def _key_file(content: bytes) -> Change:
    return lambda machine: machine.keys.write_bytes(content)


def _folder_for_keys(machine: Machine) -> None:
    machine.keys.unlink()
    machine.keys.mkdir(mode=0o700)


def _in_a_working_copy(machine: Machine) -> None:
    (machine.folder / ".git").mkdir()


def _lost_key(machine: Machine) -> None:
    ring = load_keyring(machine.keys)
    engine = database.create(machine.env[f"{PREFIX}DATABASE_URL"])
    with database.write(engine) as conn:
        Vault(ring).seal(conn, "fence_loan", {"name": "見本"}, now=1)
        conn.execute(vault.update().values(key_id="lost"))
    engine.dispose()


def _office(content: bytes) -> Change:
    def change(machine: Machine) -> None:
        path = machine.folder / "office.toml"
        path.write_bytes(content)
        machine.sets("OFFICE_FILE", str(path))

    return change


SAPPORO = (files("bot") / "data" / "sapporo.toml").read_bytes()


def _dotenv(content: bytes, mode: int = 0o600) -> Change:
    def change(machine: Machine) -> None:
        path = machine.folder / ".env"
        path.write_bytes(content)
        path.chmod(mode)

    return change


_LIFF = _both(_set("LIFF_ID", "1234567890-abcdefgh"), _set("LINE_LOGIN_CHANNEL_ID", "1234567890"))
_TEAMS = _both(
    _set("TEAMS_APP_ID", "0c1f7e5a-5a54-4a6e-8f0f-2f3f4f9b8a11"),
    _set("TEAMS_APP_PASSWORD", "sample~Client.Secret"),
    _set("TEAMS_TENANT_IDS", "7e5a0c1f-1111-4a6e-8f0f-2f3f4f9b8a11"),
)
_LOOPBACK = _set("PUBLIC_URL", "http://127.0.0.1:8000")
_REAL_LINE = _both(
    _set("LINE_API_BASE", "https://api.line.me"), _set("LINE_DATA_API_BASE", "https://api-data.line.me")
)


def _database_at(revision: str) -> Change:
    def change(machine: Machine) -> None:
        engine = database.create(machine.env[f"{PREFIX}DATABASE_URL"])
        with database.write(engine) as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        engine.dispose()

    return change


def _file_for_a_folder(machine: Machine) -> None:
    (machine.folder / "file").touch()
    machine.sets("DATABASE_URL", f"sqlite:///{machine.folder / 'file' / 'desk.db'}")


def _read_only(name: str) -> Change:
    # The superuser, who may run this, is refused nothing.
    def change(machine: Machine) -> None:
        refused = machine.database if name == "file" else machine.database.parent
        machine.patch.setattr(doctor_database, "may_write", lambda path: path != refused)

    return change


def _mounted(kind: str) -> Change:
    def change(machine: Machine) -> None:
        mounts = machine.folder / "mountinfo"
        mounts.write_text(
            f"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 0:40 / {machine.folder}/data rw - {kind} nas:/desk rw\n"
        )
        machine.patch.setattr(doctor_database, "MOUNTS", mounts)

    return change


def _full_disk(machine: Machine) -> None:
    usage = shutil.disk_usage(machine.folder)._replace(free=4_000_000)
    machine.patch.setattr(shutil, "disk_usage", lambda _where: usage)


def _environment(name: str, value: str) -> Change:
    return lambda machine: machine.env.__setitem__(name, value)


def _on_postgresql(change: Callable[[Machine, str], str]) -> Change:
    """Let the desk lie on PostgreSQL, at what *change* makes of the address of a good database."""

    def begin(machine: Machine) -> None:
        databases: Databases = machine.request.getfixturevalue("postgresql_databases")
        template = machine.request.getfixturevalue("postgresql_template")
        url = machine.ends.enter_context(databases.lent(template))
        machine.sets("DATABASE_URL", change(machine, url))

    return begin


def _ascii(machine: Machine, url: str) -> str:
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"{make_url(url).database}_ascii"
    made = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
    with admin.connect() as conn:
        conn.execute(text(made))

    def drop() -> None:
        with admin.connect() as conn:
            conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()

    machine.ends.callback(drop)
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _standby(_machine: Machine, url: str) -> str:
    return make_url(url).update_query_dict({"options": "-c default_transaction_read_only=on"}, append=True) \
        .render_as_string(hide_password=False)  # fmt: skip


def _too_old(machine: Machine, url: str) -> str:
    machine.patch.setattr(doctor_database, "LEAST_POSTGRESQL", 99)
    machine.facts["version"] = server.ask(url).version
    return url


def _late_clock(machine: Machine, url: str) -> str:
    machine.patch.setattr(SystemClock, "now", lambda _self: time.time_ns() // 1_000_000 - 3_600_500)
    return url


def _unmigrated(_machine: Machine, url: str) -> str:
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM alembic_version"))
    engine.dispose()
    return url


BROKEN: Mapping[str, Change] = {
    # --- signing keys
    "no signing key": _lack("SECRET_KEY"),
    "a short signing key": _set("SECRET_KEY", "short"),
    "a signing key typed by hand": _set("SECRET_KEY", "abcabcabc" * 5),
    "a placeholder for a signing key": _set("SECRET_KEY", "change-me-0123456789-0123456789-abcdef"),
    "a short previous signing key": _set("SECRET_KEY_PREVIOUS", "short"),
    "a signing key that was not renewed": _same_as("SECRET_KEY_PREVIOUS", "SECRET_KEY"),
    "a signing key that is the channel secret": _same_as("SECRET_KEY", "LINE_CHANNEL_SECRET"),
    # --- the vault
    "no key file": lambda machine: machine.keys.unlink(),
    "a key file that others can read": lambda machine: machine.keys.chmod(0o640),
    "a damaged key file": _key_file(b"{"),
    "an empty key file": _key_file(b""),
    "a key that is too short": _ring(_short),
    "no key for a procedure": _without_key("fence_loan"),
    "no key for raw events": _without_key("inbox"),
    "one key for two": _ring(_twins),
    "a folder for a key file": _folder_for_keys,
    "keys in a folder that everybody writes": lambda machine: machine.keys.parent.chmod(0o777),
    "keys in a working copy": _in_a_working_copy,
    "a lost key": _lost_key,
    # --- addresses
    "http for residents": _set("PUBLIC_URL", "http://madoguchi.example.jp"),
    "an address without a scheme": _set("PUBLIC_URL", "madoguchi.example.jp"),
    "an address with a path": _set("PUBLIC_URL", "https://madoguchi.example.jp/desk"),
    "an address that two programs read differently": _set("PUBLIC_URL", "http://127.0.0.1@evil.example"),
    "a loopback address with the real LINE": _both(_LOOPBACK, _REAL_LINE),
    "http for LINE": _set("LINE_API_BASE", "http://api.line.me"),
    "a trap for the token": _set("LINE_API_BASE", "http://127.0.0.1@evil.example"),
    "ftp for photos": _set("LINE_DATA_API_BASE", "ftp://127.0.0.1"),
    "one half of LINE here, the other there": _set("LINE_DATA_API_BASE", "https://api-data.line.me"),
    # --- LINE
    "no channel secret": _lack("LINE_CHANNEL_SECRET"),
    "no access token": _lack("LINE_CHANNEL_ACCESS_TOKEN"),
    "a blank in the access token": _set("LINE_CHANNEL_ACCESS_TOKEN", "to ken"),
    "an access token in quotation marks": _set("LINE_CHANNEL_ACCESS_TOKEN", '"token"'),
    "the channel secret for a token": _same_as("LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_SECRET"),
    "a comma for a channel secret": _set("LINE_CHANNEL_SECRET", " , "),
    "two channel secrets without a comma": _set("LINE_CHANNEL_SECRET", f"{SECRET};{SECRET}"),
    "a channel secret cut short": _set("LINE_CHANNEL_SECRET", SECRET[:-1]),
    "one channel secret twice": _set("LINE_CHANNEL_SECRET", f"{SECRET},{SECRET}"),
    "channel secrets of all times": _set("LINE_CHANNEL_SECRET", ",".join((SECRET, SECRET[::-1], "a" * 32))),
    "a name for the channel's id": _set("LINE_BOT_USER_ID", "@madoguchi"),
    "LIFF without its channel": _set("LIFF_ID", "1234567890-abcdefgh"),
    "a LIFF channel without LIFF": _set("LINE_LOGIN_CHANNEL_ID", "1234567890"),
    "an address for a LIFF id": _set("LIFF_ID", "https://liff.line.me/1"),
    "a name for the LIFF channel": _set("LINE_LOGIN_CHANNEL_ID", "login"),
    "LIFF on loopback": _both(_LOOPBACK, _LIFF),
    # --- Teams
    "a bot without a secret": _both(_TEAMS, _lack("TEAMS_APP_PASSWORD")),
    "a bot without an id": _both(_TEAMS, _lack("TEAMS_APP_ID")),
    "a bot without a tenant": _both(_TEAMS, _lack("TEAMS_TENANT_IDS")),
    "the secret's id for the secret": _both(
        _TEAMS, _set("TEAMS_APP_PASSWORD", "0c1f7e5a-2222-4a6e-8f0f-2f3f4f9b8a11")
    ),
    "a blank in the secret": _both(_TEAMS, _set("TEAMS_APP_PASSWORD", "sample secret")),
    "one third of Teams here, the others there": _both(_TEAMS, _set("TEAMS_TOKEN_URL", "http://127.0.0.1:9")),
    "an app id that is none": _set("TEAMS_APP_ID", "madoguchi"),
    "a tenant by its name": _set("TEAMS_TENANT_IDS", "city.example"),
    "http for Microsoft's keys": _set("TEAMS_OPENID_METADATA_URL", "http://login.botframework.com/v1"),
    "hosts of everybody": _set("TEAMS_SERVICE_HOSTS", ".trafficmanager.net"),
    "LIFF without LINE": _both(_LIFF, _lack("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")),
    # --- the office
    "no office file": _set("OFFICE_FILE", "/nowhere/office.toml"),
    "an office file that is no TOML": _office(b"city ="),
    "an office file in Shift_JIS": _office("city = '札幌市'".encode("cp932")),
    "an office file with a key that nobody reads": _office(b'key = "x"\n' + SAPPORO),
    "a season that ends before it begins": _set("FENCE_SEASON", "2027-11-01/2027-06-01"),
    "a season in words": _set("FENCE_SEASON", "summer"),
    "an opening day in words": _set("FENCE_OPENS", "in April"),
    "an opening day behind the season": _both(
        _set("FENCE_SEASON", "2027-06-01/2027-11-01"), _set("FENCE_OPENS", "2027-11-02")
    ),
    "an opening day behind the computed season": _set("FENCE_OPENS", "2027-12-01"),
    "an opening day of another year": _both(
        _set("FENCE_SEASON", "2027-06-01/2027-11-01"), _set("FENCE_OPENS", "2026-04-15")
    ),
    # --- the database
    "a database of another kind": _set("DATABASE_URL", "mysql://h/d"),
    "a database in memory": _set("DATABASE_URL", "sqlite://"),
    "a database server that is away": _set("DATABASE_URL", "postgresql+psycopg://u@127.0.0.1:9/d"),
    "a database under a file": _file_for_a_folder,
    "a file that is no database": lambda machine: machine.database.write_bytes(b"no database." * 900),
    "an empty database": lambda machine: machine.database.unlink(),
    "a database of the future": _database_at("9999"),
    "a database file that cannot be written": _read_only("file"),
    "a folder that cannot be written": _read_only("folder"),
    "SQLite over NFS": _mounted("nfs4"),
    "SQLite on a Windows share": _mounted("cifs"),
    "SQLite with several processes": _environment("WEB_CONCURRENCY", "4"),
    "a full disk": _full_disk,
    # --- other settings
    "another engine": _set("ENGINE", "procrastinate"),
    "an unknown choice about personal data": _set("PII_IN_CHAT", "yes"),
    "an unknown level": _set("LOG_LEVEL", "LOUD"),
    "too much in the log of a public desk": _set("LOG_LEVEL", "DEBUG"),
    "nobody who sends": _set("SENDERS", "0"),
    "a crowd that sends": _set("SENDERS", "5000"),
    "ids of events forgotten at once": _set("KEEP_INBOX_DAYS", "1"),
    "messages kept for ever": _set("KEEP_BODIES_DAYS", "36500"),
    "failed events kept for ever": _set("KEEP_FAILED_DAYS", "36500"),
    "half-filled forms removed at once": _set("KEEP_HALF_FILLED_DAYS", "0"),
    "a setting misspelt": _set("PUBLIC_ULR", "https://madoguchi.example.jp"),
    "a setting misspelt in .env": _dotenv(b"MADOGUCHI_KEEP_BODY_DAYS=3\n"),
    "a .env that others can read": _dotenv(b"MADOGUCHI_SENDERS=8\n", 0o644),
    "a .env in another encoding": _dotenv("MADOGUCHI_OFFICE_FILE=窓口\n".encode("cp932")),
}

ON_POSTGRESQL: Mapping[str, Change] = {
    "a database that cannot hold every name": _on_postgresql(_ascii),
    "a database that can only be read": _on_postgresql(_standby),
    "an old server": _on_postgresql(_too_old),
    "a clock that is far off": _on_postgresql(_late_clock),
    "a server's database without tables": _on_postgresql(_unmigrated),
}

CASES = [
    Case(name, change, LINES[name], name in ON_POSTGRESQL)
    for name, change in {**BROKEN, **ON_POSTGRESQL}.items()
]
