"""What is wrong with the database: where it lies, what it is, and whether it fits the program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import SystemClock
from bot.doctor_finding import OK, Finding, fault, warning
from bot.doctor_settings import is_public
from bot.settings import Settings
from storage import engine as database
from storage import migrate, server
from storage.keyring import KeyringUnusable, load_keyring
from storage.server import Server

MOUNTS = Path("/proc/self/mountinfo")

SHARED = (
    "nfs",
    "cifs",
    "smb",
    "fuse.sshfs",
    "fuse.glusterfs",
    "ceph",
    "lustre",
    "afs",
    "davfs",
    "gfs2",
    "ocfs2",
)
"""What file systems that several machines share are called: SQLite's locks do not hold there."""

LEAST_FREE = 5_000_000
"""Bytes without which nothing more can be stored."""

SCARCE = 200_000_000

LEAST_POSTGRESQL = 14

FAR_OFF = 60_000
"""How far (ms) the machine's clock and the server's may be apart: retries, links and reply tokens count in minutes."""

SOME = 500
"""Records whose keys are looked for at each start: a lost key has sealed many."""


def folder(settings: Settings) -> Path | None:
    """Return the folder of a SQLite file, None for a server."""
    url = make_url(settings.database_url)
    return Path(url.database or "").resolve().parent if url.get_backend_name() == "sqlite" else None


def place(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of where a SQLite file lies."""
    home = folder(settings)
    if home is None:
        return
    if told := database.sqlite_version_warning():
        yield warning("database", told)
    if os.environ.get("WEB_CONCURRENCY", "") not in {"", "1"}:
        yield fault("database", "SQLite belongs to one process; set WEB_CONCURRENCY=1, or use PostgreSQL")
    kind = file_system(home)
    if kind.startswith(SHARED):
        text = f"{home} lies on {kind}, where SQLite's locks do not hold; use a disk of this machine, or PostgreSQL"
        yield fault("database", text)
    yield from _room(home)


def file_system(where: Path) -> str:
    """Return the kind of the file system that *where* lies on, "" where the machine does not tell."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split(" - ", 1) for line in lines if " - " in line]
    found = {Path(left.split()[4].replace("\\040", " ")): right.split()[0] for left, right in mounts}
    return next((found[each] for each in (where, *where.parents) if each in found), "")


def _room(home: Path) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(home).free
    except OSError:  # the folder is made with the database
        return
    if free < LEAST_FREE:
        yield fault("disk", f"{home} has {free // 1000} KB left; make room before anything can be stored")
    elif free < SCARCE:
        yield warning("disk", f"{home} has {free // 1_000_000} MB left; make room soon")


def state(settings: Settings) -> Finding:
    """Return whether the database answers, can be written, and fits the program."""
    try:
        return _unwritable(settings) or _of_server(settings) or _of_schema(settings)
    except (SQLAlchemyError, psycopg.Error, OSError, ValueError) as broken:
        text = f"cannot be reached ({type(broken).__name__}); check MADOGUCHI_DATABASE_URL and that the server runs"
        return fault("database", text)


def may_write(path: Path) -> bool:
    """Return whether this process may write *path*."""
    return os.access(path, os.W_OK)


def _unwritable(settings: Settings) -> Finding | None:
    home = folder(settings)
    if home is None or not home.is_dir():
        return None
    file = Path(make_url(settings.database_url).database or "").resolve()
    # SQLite writes files of its own beside the database.
    for path in (home, file):
        if path.exists() and not may_write(path):
            text = f"{path} cannot be written by the user of the service; run: chown -R USER {home}"
            return fault("database", text)
    return None


def _of_server(settings: Settings) -> Finding | None:
    if folder(settings) is not None:
        return None
    said = server.ask(settings.database_url)
    if said.version < LEAST_POSTGRESQL:
        return fault(
            "database", f"PostgreSQL {said.version} is too old; upgrade it to {LEAST_POSTGRESQL} or later"
        )
    if said.encoding.upper() != "UTF8":
        text = (
            f"is encoded in {said.encoding}, which cannot hold every name; make it anew with ENCODING 'UTF8'"
        )
        return fault("database", text)
    if said.only_reads:
        return fault("database", "can only be read; let MADOGUCHI_DATABASE_URL name the primary server")
    return _clocks(said, settings)


def _clocks(said: Server, settings: Settings) -> Finding | None:
    apart = abs(SystemClock().now() - said.now)
    if apart <= FAR_OFF or not is_public(settings):
        return None
    text = (
        f"its clock and this machine's are {apart // 1000} seconds apart; set both by NTP, see: timedatectl"
    )
    return fault("clock", text)


def _of_schema(settings: Settings) -> Finding:
    engine = database.create(settings.database_url, pool_size=1)
    try:
        current, head, known = migrate.current(engine), migrate.head(), migrate.known()
        if current is not None and current not in known:
            text = f"is at {current}, which this program does not know; start the version that upgraded it,"
            return fault("database", f"{text} or a later one")
        if current != head:
            text = f"is at {current or 'nothing'}, the program needs {head}; run: madoguchi upgrade"
            return fault("database", text)
        lost = _lost_key(engine, settings.vault_keys_file)
    finally:
        engine.dispose()
    where = make_url(settings.database_url).get_backend_name()
    return lost or Finding(OK, "database", f"{where} answers and is up to date")


def _lost_key(engine: Engine, path: Path) -> Finding | None:
    """Return which key the vault's records need and the key file lacks."""
    try:
        ring = load_keyring(path)
    except KeyringUnusable:  # said already
        return None
    with database.read(engine) as conn:
        used = server.keys_in_use(conn, SOME)
    lost = sorted(each for each in used if each[1] not in ring.keys.get(each[0], {}))
    if not lost:
        return None
    procedure, key = lost[0]
    text = f"{path} lacks the key {key} of {procedure}, which sealed records; restore the file from its copy"
    return fault("vault", text)
