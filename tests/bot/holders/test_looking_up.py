"""Looking somebody up in the list of holders, with the key for fingerprints and without it (003-04, 003-21)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.holders import HolderDesk, Listed, keep, knowing, looked_up
from bot.service import Service
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.procedures.install_guidance import INSTALL_GUIDANCE
from dialogs.slots import Free
from storage import engine as database
from storage import holders
from storage.holders import Marks
from storage.keyring import PRINTS, add_key
from tests.dialogs import worlds
from tests.storage.make import case
from tests.support.guided import PERSONAL
from tests.support.holders import csv
from tests.support.service import StandingClock, make

NOW = 1


@pytest.fixture
def desk(database_url: str, tmp_path: Path, clock: StandingClock) -> Iterator[Service]:
    service = make(database_url, tmp_path, clock)
    yield service
    service.engine.dispose()


def with_list(service: Service) -> None:
    """Make the key, and let the sample list count."""
    add_key(service.settings.vault_keys_file, PRINTS)
    taking = HolderDesk(service.engine, service.vault, service.world(worlds.TODAY).postal)
    assert taking.take(taking.preview(csv(), "見本 職員", NOW).draft, "見本 職員", "staff", NOW)


def said(service: Service, number: str, *, address: bool = True) -> tuple[list[str], list[str]]:
    """Return what agrees and what does not for somebody who gave *number*."""
    with database.write(service.engine) as conn:
        personal = PERSONAL if address else {"name": "見本 太郎"}
        record = service.vault.seal(conn, "install_guidance", personal, now=NOW)
        made = case(conn, number, procedure="install_guidance")
        keep(conn, service.vault, made, number, record)
        found = looked_up(conn, INSTALL_GUIDANCE, made)
    return [text for _label, text in found.facts], [each.text for each in found.flags]


def test_number_and_address_agree_however_they_are_written(desk: Service) -> None:
    with_list(desk)

    assert said(desk, "Ｒ９－１２号") == (["番号と住所が一致"], [])


@pytest.mark.parametrize(
    ("number", "address", "flag"),
    [
        ("R9-0013", True, "住所が名簿と一致しません（要確認）"),
        ("R9-0012", False, "住所が名簿と一致しません（要確認）"),
        ("R9-9999", True, "補助金の番号が名簿にありません（要確認）"),
    ],
)
def test_what_does_not_agree_is_told(desk: Service, number: str, address: bool, flag: str) -> None:
    with_list(desk)

    assert said(desk, number, address=address) == ([], [flag])


def test_without_the_key_filing_goes_on_and_the_sheet_says_that_nobody_can_tell(desk: Service) -> None:
    assert said(desk, "R9-0012") == ([], ["名簿と照合できません（要確認）"])
    with database.read(desk.engine) as conn:
        assert not Listed(conn, Marks(desk.vault.keyring)).has("R9-0012")


def test_a_turn_knows_the_list_only_where_it_looks_at_what_is_free(desk: Service) -> None:
    with_list(desk)
    with database.read(desk.engine) as conn:
        plain = knowing(conn, desk.vault, worlds.world())
        asked = knowing(conn, desk.vault, worlds.world(free=Free({"visit": 2})))

        assert plain.holders is None
        assert asked.holders
        assert (asked.holders.has("r9-12"), asked.holders.has("R9-9999")) == (True, False)


def test_other_procedures_have_nothing_to_do_with_the_list(desk: Service) -> None:
    with database.write(desk.engine) as conn:
        made = case(conn)
        assert not looked_up(conn, FENCE_LOAN, made).flags
        assert holders.match(conn, made) is None
