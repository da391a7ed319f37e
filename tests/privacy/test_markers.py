"""A marker in every personal answer is found nowhere but in the vault, whatever goes on and whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from dialogs.procedures import REGISTER
from storage import backup
from storage import engine as database
from storage.keyring import BACKUP, load_keyring
from storage.migrate import upgrade
from storage.tables import submissions
from storage.vault import Vault
from tests.conftest import BOTH
from tests.privacy.walk import ANSWERS, MARKERS, NOWHERE, Place, all_of_it, apply, backed_up, served
from tests.support import postgres
from tests.support.canaries import found, said_in
from tests.support.databases import Postgres


def test_every_personal_question_of_every_form_has_a_marker() -> None:
    asked = {
        field.key
        for procedure in REGISTER.procedures
        if procedure.key != "exchange_meeting"  # sealed by the same hands; the walk registers for no meeting
        for form in procedure.forms
        for field in form.fields
        if field.personal
    }

    assert asked == {name.partition(".")[0] for name in ANSWERS}
    every = "\n".join(ANSWERS.values()).replace("　", " ")
    assert sum(marker in every for marker in MARKERS) > len(ANSWERS)


def _dump(url: str, folder: Path) -> Path:
    """Write what pg_dump writes, and return where."""
    address, out = make_url(url), folder / "dump.sql"
    programs = postgres.programs()
    assert programs
    with out.open("wb") as file:
        subprocess.run(
            [
                str(programs / "pg_dump"),
                "-h",
                str(address.query["host"]),
                "-U",
                str(address.username),
                str(address.database),
            ],
            check=True,
            stdout=file,
            env={"PATH": os.defpath},
        )
    return out


def _database_files(url: str, folder: Path) -> list[Path]:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(str(address.database))
        there = [*file.parent.glob(f"{file.name}*")]
        assert {each.name.removeprefix(file.name) for each in there} >= {"", "-wal", "-shm"}
        return there
    engine = database.create(url, pool_size=1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("CHECKPOINT"))
        data = conn.execute(text("SHOW data_directory")).scalar_one()
    engine.dispose()
    return [_dump(url, folder), Path(data)]


def _everywhere(place: Place) -> list[str]:
    """Return every marker that stands in something the desk wrote, with where."""
    keys = place.folder / "keys"
    written = [each for each in place.folder.rglob("*") if each.is_file() and keys not in each.parents]
    return found(NOWHERE, *_database_files(place.url, place.folder), *written)


@pytest.fixture(params=BOTH)
def url_alone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a new database, with a server of its own: another test's rows may hold such words."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with postgres.running() as server:
        url = Postgres(server.url).make()
        upgrade(made := database.create(url))
        made.dispose()
        yield url


def test_markers_are_found_nowhere_outside_the_vault(url_alone: str, tmp_path: Path) -> None:
    with served(url_alone, tmp_path) as place:
        pages = all_of_it(place)
        copy = backed_up(place)
        here = _everywhere(place)

    assert here == []
    assert found(NOWHERE, *_left(url_alone), tmp_path / "stderr.log") == []
    assert [name for name, page in pages.items() if said_in(NOWHERE, page.encode())] == []
    assert said_in(NOWHERE, _opened_by_its_own_key(copy, place)) == []
    _the_walk_was_whole(place)


def _left(url: str) -> list[Path]:
    address = make_url(url)
    file = Path(str(address.database))
    return [*file.parent.glob(f"{file.name}*")] if address.get_backend_name() == "sqlite" else []


def _opened_by_its_own_key(path: Path, place: Place) -> bytes:
    """Return what a backup says to whoever has its key, and not those of the vault."""
    ring = load_keyring(place.folder / "keys" / "keys.json")
    with path.open("rb") as file:
        archive = backup.open_archive(file)
        key = ring.key(BACKUP, archive.how["key_id"])
        content = b"".join(line for _, lines in archive.tables(key) for line in lines)
    assert b"fence_loan" in content
    return content


def _the_walk_was_whole(place: Place) -> None:
    """See that what was looked through is what would show a leak: all of it happened."""
    assert "RuntimeError" in (place.folder / "stderr.log").read_text(), "no turn failed"
    assert {each.rpartition("/")[2][:4] for each in place.line.asked} >= {"cont"}, "no photo was fetched"
    assert "訂正を受け付けました" in place.line.said
    assert (place.folder / "access.log").read_text().count("POST /page") >= 4
    vault = Vault(load_keyring(place.folder / "keys" / "keys.json"))
    engine = database.create(place.url, pool_size=1)
    with database.write(engine) as conn:
        filed = conn.execute(select(submissions.c.vault_id).order_by(submissions.c.number)).scalars().all()
        opened = [vault.open(conn, each, by="t", role="admin", why="t", now=1) for each in filed]
    engine.dispose()
    assert len(opened) == 2
    sealed = json.dumps(opened, ensure_ascii=False)
    assert all(
        each in sealed for each in ("標識野", "標識荘", "hyoushiki7351", "見印園", "見印の備考", "標識町内会")
    )


@pytest.mark.parametrize("leak", ["database", "log", "stderr"])
def test_a_leak_is_found_by_the_same_look(leak: str, tmp_path: Path) -> None:
    """The control: the desk is made to leak in one place."""
    url = f"sqlite:///{tmp_path / 'db' / 'desk.db'}"
    with served(url, tmp_path, leak) as place:
        apply(place)
        here = _everywhere(place)

    files = {each.rpartition(" in ")[2] for each in here}
    assert files <= ({"desk.db", "desk.db-wal"} if leak == "database" else {"stderr.log"})
    assert any("標識野" in each for each in here)
