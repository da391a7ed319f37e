"""Keys and secrets are renewed while residents go on with their talks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import make_url, select

from bot import keys
from bot.cli import main
from bot.keys import KeysRefused
from bot.progress import unseen
from bot.service import Service
from bot.serving import make_app
from bot.settings import Settings
from storage import engine as database
from storage import links
from storage.alone import InUse
from storage.keyring import load_keyring
from storage.tables import submissions, vault
from storage.vault import Vault
from tests.support.applying import apply, person_of, to_the_page
from tests.support.kept import back_up, bring_back, desk, lived_in, settings_of
from tests.support.phone import Phone
from tests.support.service import (
    PREVIOUS,
    SECRET,
    StandingClock,
    Webhooks,
    living,
    make,
    post,
    rows,
    user,
)
from tests.support.staff import Staff

HOUR = timedelta(hours=1)
OLD, NEW = "0ld5ecret" * 4, "new5ecret" * 4


@pytest.fixture
def chosen(database_url: str, tmp_path: Path) -> Settings:
    return settings_of(database_url, tmp_path)


@pytest.fixture
def service(chosen: Settings, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    made = desk(chosen.database_url, tmp_path, clock)
    yield made
    made.stop()


def _env(chosen: Settings) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")},
        "MADOGUCHI_DATABASE_URL": chosen.database_url,
        "MADOGUCHI_VAULT_KEYS_FILE": str(chosen.vault_keys_file),
        "MADOGUCHI_ERASURES_FILE": str(chosen.erasures_file),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }


def _is_sqlite(chosen: Settings) -> bool:
    return make_url(chosen.database_url).get_backend_name() == "sqlite"


def _opened(service: Service, chosen: Settings) -> list[str]:
    """Return the names of all applicants, opened with the keys that the file has now."""
    opener = Vault(load_keyring(chosen.vault_keys_file))
    with database.write(service.engine) as conn:
        records = conn.execute(select(submissions.c.vault_id)).scalars().all()
        found = opener.open_many(
            conn, [each for each in records if each], by="t", role="admin", why="t", now=1
        )
    return [str(each["name"]) for each in found.values()]


def _key_ids(service: Service) -> set[str]:
    with database.read(service.engine) as conn:
        return set(conn.execute(select(vault.c.key_id)).scalars())


def test_talks_go_on_while_the_keys_are_renewed_and_everything_opens_afterwards(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    lived_in(service)
    failed: list[Exception] = []
    stop = threading.Event()
    applied: list[str] = []

    def talk(first: int) -> None:
        number = first
        try:
            while not stop.is_set() or number == first:
                applied.append(apply(service, Webhooks(user(number))))
                number += 1
        except Exception as fault:  # noqa: BLE001 -- whatever it is, it is the test that says so
            failed.append(fault)

    residents = [threading.Thread(target=talk, args=(1000 * place,)) for place in (1, 2)]
    for each in residents:
        each.start()
    for _ in range(3):
        _renew(service, chosen)
    stop.set()
    for each in residents:
        each.join(timeout=120)

    assert failed == []
    assert len(applied) >= 2
    assert len(_opened(service, chosen)) == len(applied) + 2
    service.jobs._each_hour()  # noqa: SLF001 -- as when the hour has passed
    assert _key_ids(service) == {load_keyring(chosen.vault_keys_file).newest("fence_loan")}
    clock.advance(HOUR)
    list(keys.retire(chosen, (), clock))
    assert len(load_keyring(chosen.vault_keys_file).keys["fence_loan"]) == 1
    assert len(_opened(service, chosen)) == len(applied) + 2
    assert apply(service, Webhooks(user(9)))


def _renew(service: Service, chosen: Settings) -> None:
    """Renew the keys by the command; on PostgreSQL the old records too, on SQLite the desk does that itself."""
    commands = ["rotate"] if _is_sqlite(chosen) else ["rotate", "rewrap"]
    for command in commands:
        asked = [sys.executable, "-m", "bot", "keys", command]
        subprocess.run(
            asked, env=_env(chosen), check=True, capture_output=True, cwd=chosen.vault_keys_file.parent
        )
    if _is_sqlite(chosen):
        service.jobs._each_hour()  # noqa: SLF001 -- as when the hour has passed


def test_a_half_filled_form_that_an_older_key_sealed_goes_on(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    phone = Webhooks(user(1))
    to_the_page(service, phone)
    list(keys.rotate(chosen, (), clock))

    assert apply(service, phone)
    assert _opened(service, chosen) == ["見本 太郎"]


def test_an_old_key_stays_while_anything_needs_it_and_while_a_turn_may_still_use_it(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    lived_in(service)
    list(keys.rotate(chosen, ["fence_loan"], clock))
    before = chosen.vault_keys_file.read_bytes()

    with pytest.raises(KeysRefused, match="madoguchi keys rewrap"):
        list(keys.retire(chosen, (), clock))
    service.jobs._each_hour()  # noqa: SLF001 -- as when the hour has passed
    with pytest.raises(KeysRefused, match="ten minutes"):
        list(keys.retire(chosen, (), clock))
    assert chosen.vault_keys_file.read_bytes() == before

    clock.advance(timedelta(minutes=10))
    told = list(keys.retire(chosen, (), clock))
    assert any("fence_loan" in line and "removed" in line for line in told)
    assert len(_opened(service, chosen)) == 2


def test_the_keys_of_older_backups_are_removed_only_when_they_are_named(
    service: Service, chosen: Settings, clock: StandingClock
) -> None:
    list(keys.rotate(chosen, (), clock))
    clock.advance(HOUR)

    list(keys.retire(chosen, (), clock))
    assert len(load_keyring(chosen.vault_keys_file).keys["backup"]) == 2
    list(keys.retire(chosen, ["backup"], clock))
    assert len(load_keyring(chosen.vault_keys_file).keys["backup"]) == 1


def test_a_backup_of_before_the_renewal_comes_back_with_the_copy_of_the_old_keys(
    service: Service, chosen: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    lived_in(service)
    path, copy = back_up(chosen, clock, tmp_path / "a.backup"), chosen.vault_keys_file.read_bytes()
    list(keys.rotate(chosen, ["fence_loan"], clock))
    service.jobs._each_hour()  # noqa: SLF001 -- as when the hour has passed
    clock.advance(HOUR)
    list(keys.retire(chosen, ["fence_loan"], clock))
    into = f"sqlite:///{tmp_path / 'restored.db'}"

    told = bring_back(chosen, clock, path, into)
    assert any("WARNING" in line for line in told)

    chosen.vault_keys_file.write_bytes(copy)
    restored = desk(into, tmp_path, clock)
    assert len(_opened(restored, chosen)) == 2
    restored.stop()


def test_a_second_program_does_not_write_to_a_sqlite_file_that_is_in_use(
    chosen: Settings, service: Service, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_MILLIS", 50)
    lived_in(service)
    list(keys.rotate(chosen, (), clock))

    if _is_sqlite(chosen):
        with pytest.raises(InUse):
            list(keys.rewrap(chosen, unseen))
        service.engine.dispose()
    assert f"fence_loan: {3} sealed anew" in list(keys.rewrap(chosen, unseen))


def test_the_commands_say_how_much_each_key_seals_and_never_a_key(service: Service, chosen: Settings) -> None:
    lived_in(service)
    service.engine.dispose()
    asked = (["show"], ["rotate"], ["rewrap"], ["show"], ["retire"], ["rotate", "--procedure", "nothing"])
    told = [CliRunner().invoke(main, ["keys", *each], env=_env(chosen)) for each in asked]

    assert [each.exit_code for each in told] == [0, 0, 0, 0, 1, 1]
    assert "3 blobs" in told[0].output
    assert "renew the copy" in told[1].output
    assert "fence_loan: 3 sealed anew" in told[2].output
    assert "ten minutes" in told[4].stderr
    everything = "".join(each.output for each in told)
    stored = json.loads(chosen.vault_keys_file.read_text())
    assert not any(key in everything for each in stored.values() for key in each["keys"].values())


# --- the channel secret


def test_a_channel_secret_is_renewed_by_two_restarts_and_no_word_is_lost(
    database_url: str, tmp_path: Path, clock: StandingClock
) -> None:
    phone = Webhooks()

    def begun(secrets: str) -> Service:
        return make(database_url, tmp_path, clock, line_channel_secret=SecretStr(secrets))

    event = phone.text("メニュー")
    first = begun(PREVIOUS)
    assert post(first, phone.text("こんにちは"), secret=PREVIOUS) == 200
    # Issued: LINE signs with the new one from now on, and what is refused meanwhile comes again.
    assert post(first, event, secret=SECRET) == 401
    first.engine.dispose()

    second = begun(f"{SECRET},{PREVIOUS}")
    assert post(second, event, secret=SECRET) == 200
    assert post(second, phone.text("English"), secret=PREVIOUS) == 200  # on its way since before
    second.engine.dispose()

    third = begun(SECRET)
    assert post(third, phone.text("メニュー"), secret=SECRET) == 200
    assert post(third, phone.text("メニュー"), secret=PREVIOUS) == 401
    assert len(rows(third, "SELECT 1 FROM inbox WHERE state = 'done'")) == 4
    third.stop()


# --- the signing key


def test_buttons_links_and_sign_ins_outlive_a_renewed_signing_key(database_url: str, tmp_path: Path) -> None:
    with living(database_url, tmp_path, app=make_app, secret_key=SecretStr(OLD)) as house:
        phone, staff = Phone(house), Staff(house.service, make_app(house.service))
        phone.follow()
        phone.type("メニュー")
        person = person_of(house.service, phone.user_id).id
        with database.write(house.service.engine) as conn:
            token = links.make(conn, "page", person, "c1", 600_000, house.clock.now())
        staff.sign_in()
        seal = staff.seal()
        after = make(
            database_url, tmp_path, house.clock, secret_key=SecretStr(NEW), secret_key_previous=SecretStr(OLD)
        )
        page = make_app(after).test_client()
        staff.client = _with_the_same_cookies(staff, after)

        assert page.get(f"/f/{token}").status_code == 200
        assert staff.get("/admin/").status_code == 200
        assert staff.client.post("/admin/sign-out", data={"seal": "0" * len(seal)}).status_code == 403
        assert staff.client.post("/admin/sign-out", data={"seal": seal}).status_code == 303
        assert _tapped(phone, after)
        after.stop()


def _with_the_same_cookies(staff: Staff, after: Service) -> FlaskClient:
    browser = make_app(after).test_client()
    cookie = staff.client.get_cookie("madoguchi-console")
    assert cookie
    browser.set_cookie("madoguchi-console", cookie.value)
    return browser


def _tapped(phone: Phone, after: Service) -> bool:
    """Return whether a button that was drawn before the renewal begins the form."""
    data = next(each["data"] for each in _buttons(phone) if each.get("label") == "電気柵の貸出を申請する")
    event = Webhooks(phone.user_id).postback(data)
    before = len(rows(after, "SELECT 1 FROM conversations"))
    assert post(after, event) == 200
    return len(rows(after, "SELECT 1 FROM conversations")) == before + 1


def _buttons(phone: Phone) -> list[Mapping[str, Any]]:
    return list(phone._actions())  # noqa: SLF001 -- what lies behind a button
