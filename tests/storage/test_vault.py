"""Personal answers come out of the vault only where they were put in, and never unlogged."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, select, update
from sqlalchemy.exc import DBAPIError

from storage import accesslog, rewrapping
from storage import engine as database
from storage.keyring import PRINTS, Keyring
from storage.tables import access_log, vault
from storage.turns import Stale
from storage.vault import Sealed, SealedRecord, Vault, VaultKeyMissing, VaultRecordMissing, VaultSealBroken
from tests.storage import make
from tests.storage.make import NOW, VAULT

TARO = {"name": "見本 太郎", "phone": "011-000-0000"}
HANAKO = {"name": "札幌 花子（見本）", "phone": None}


def _open(conn: Connection, record: str, opener: Vault = VAULT) -> Mapping[str, Any]:
    return opener.open(conn, record, by="mihon", role="staff", why="review", now=NOW)


def _row(conn: Connection, record: str) -> Mapping[str, Any]:
    return dict(conn.execute(select(vault).where(vault.c.id == record)).mappings().one())


def _tamper(conn: Connection, record: str, **columns: Any) -> None:
    conn.execute(update(vault).where(vault.c.id == record).values(columns))


def test_what_was_sealed_is_opened(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)

        assert _open(conn, record) == TARO


def test_sealing_again_counts_the_version_up_and_keeps_the_record(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        again = VAULT.seal(conn, "fence_loan", HANAKO, now=NOW + 1, record=record)

        assert again == record
        assert _open(conn, record) == HANAKO
        assert (_row(conn, record)["version"], _row(conn, record)["sealed_at"]) == (2, NOW + 1)


def test_the_same_answers_never_look_the_same(engine: Engine) -> None:
    with database.write(engine) as conn:
        records = [VAULT.seal(conn, "fence_loan", TARO, now=NOW) for _ in range(20)]

        assert len({_row(conn, each)["blob"][:12] for each in records}) == 20


def test_swapped_records_do_not_open(engine: Engine) -> None:
    with database.write(engine) as conn:
        taro, hanako = (VAULT.seal(conn, "fence_loan", each, now=NOW) for each in (TARO, HANAKO))
        blobs = _row(conn, taro)["blob"], _row(conn, hanako)["blob"]
        _tamper(conn, taro, blob=blobs[1])
        _tamper(conn, hanako, blob=blobs[0])

        for record in (taro, hanako):
            with pytest.raises(VaultSealBroken):
                _open(conn, record)


def test_an_older_answer_put_back_does_not_open(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        old = _row(conn, record)["blob"]
        VAULT.seal(conn, "fence_loan", HANAKO, now=NOW, record=record)
        _tamper(conn, record, blob=old)

        with pytest.raises(VaultSealBroken):
            _open(conn, record)


@pytest.mark.parametrize("position", [0, 11, 12, 20, -1])
def test_a_changed_byte_does_not_open(engine: Engine, position: int) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        blob = bytearray(_row(conn, record)["blob"])
        blob[position] ^= 1
        _tamper(conn, record, blob=bytes(blob))

        with pytest.raises(VaultSealBroken):
            _open(conn, record)


@pytest.mark.parametrize("left", [0, 5, 12, 27])
def test_what_was_cut_off_does_not_open(engine: Engine, left: int) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        _tamper(conn, record, blob=_row(conn, record)["blob"][:left])

        with pytest.raises(VaultSealBroken):
            _open(conn, record)


def test_a_record_of_another_procedure_does_not_open_even_under_the_same_key(engine: Engine) -> None:
    assert make.RING.key("survey", "k1") == make.RING.key("fence_loan", "k1")
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        _tamper(conn, record, procedure="survey")

        with pytest.raises(VaultSealBroken):
            _open(conn, record)


@pytest.mark.parametrize("other", ["k2", "k1 again"])
def test_a_record_under_the_name_of_another_key_does_not_open(engine: Engine, other: str) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "survey", TARO, now=NOW)
        _tamper(conn, record, key_id=other)

        with pytest.raises(VaultSealBroken):
            _open(conn, record)


def test_a_key_that_is_not_on_the_ring_is_told_from_a_broken_seal(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "survey", TARO, now=NOW)
        _tamper(conn, record, key_id="k9")

        with pytest.raises(VaultKeyMissing):
            _open(conn, record)


def test_without_the_procedures_key_nothing_is_sealed_in_the_clear(engine: Engine) -> None:
    with database.write(engine) as conn:
        with pytest.raises(VaultKeyMissing):
            VAULT.seal(conn, "exchange_meeting", TARO, now=NOW)

        assert conn.execute(select(func.count()).select_from(vault)).scalar() == 0


def test_a_record_is_not_sealed_again_for_another_procedure(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)

        with pytest.raises(VaultRecordMissing):
            VAULT.seal(conn, "survey", HANAKO, now=NOW, record=record)

        assert _open(conn, record) == TARO


def test_every_opening_is_logged_with_who_and_why(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        VAULT.open(conn, record, by="mihon", role="staff", why="review", now=NOW + 5)

        [entry] = accesslog.entries(conn)

    assert replace(entry, id=0) == accesslog.Entry(NOW + 5, "mihon", "staff", "review", "record", record)


def test_there_are_as_many_log_entries_as_openings(engine: Engine) -> None:
    with database.write(engine) as conn:
        records = [VAULT.seal(conn, "fence_loan", {"name": str(n)}, now=NOW) for n in range(3)]
        for record in records:
            _open(conn, record)
        opened = VAULT.open_many(conn, records, by="mihon", role="staff", why="export", now=NOW)

        assert len(accesslog.entries(conn)) == 3 + len(opened) == 6
        assert {entry.record for entry in accesslog.entries(conn)} == set(records)


def test_a_transaction_that_cannot_log_cannot_read(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)

    with pytest.raises(DBAPIError), database.read(engine) as conn:
        _open(conn, record)


def test_an_opening_that_is_undone_takes_its_entry_along(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
    with engine.connect() as conn, conn.begin() as begun:
        _open(conn, record)
        begun.rollback()

    assert make.count(engine, access_log) == 0


def test_nothing_but_opening_reads() -> None:
    """A method that gives answers away is named here on purpose, and logs; the rest give back no answer."""
    public = {name for name in vars(Vault) if not name.startswith("_")}

    assert public == {
        "differing",
        "fingerprints",
        "forget",
        "open",
        "open_bytes",
        "open_event",
        "open_read",
        "open_many",
        "renewed",
        "renewed_bytes",
        "seal",
        "seal_bytes",
        "seal_event",
    }


def test_fingerprints_tell_no_answer_need_their_key_and_are_nobodys_opening(engine: Engine) -> None:
    ring = replace(
        make.RING,
        keys={**make.RING.keys, PRINTS: {"p1": b"9" * 32}},
        current={**make.RING.current, PRINTS: "p1"},
    )

    def traits(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [("phone", str(answers["n"]))]

    with database.write(engine) as conn:
        one, same = (VAULT.seal(conn, "fence_loan", {"n": "090"}, now=NOW) for _ in range(2))
        other = VAULT.seal(conn, "fence_loan", {"n": "011"}, now=NOW)
        prints = [Vault(ring).fingerprints(conn, each, traits) for each in (one, same, other)]
        with pytest.raises(VaultKeyMissing):
            VAULT.fingerprints(conn, one, traits)

    assert prints[0] == prints[1] != prints[2]
    [made] = prints[0]
    assert (made.kind, made.key_id, len(made.digest)) == ("phone", "p1", 64)
    assert "090" not in str(made)
    assert make.count(engine, access_log) == 0


def test_what_differs_is_told_by_key_alone(engine: Engine) -> None:
    with database.write(engine) as conn:
        first = VAULT.seal(conn, "fence_loan", {"name": "a", "phone": "1", "gone": "x"}, now=NOW)
        second = VAULT.seal(conn, "fence_loan", {"name": "a", "phone": "2", "new": "y"}, now=NOW)

        assert VAULT.differing(conn, [first, second]) == {"phone", "gone", "new"}
        assert VAULT.differing(conn, [first, first]) == frozenset()
        assert VAULT.differing(conn, ["never sealed"]) == frozenset()

    assert make.count(engine, access_log) == 0


def test_an_export_opens_more_records_than_fit_one_statement(engine: Engine) -> None:
    with database.write(engine) as conn:
        records = [VAULT.seal(conn, "fence_loan", {"number": n}, now=NOW) for n in range(1203)]
        opened = VAULT.open_many(conn, [*records, *records], by="mihon", role="staff", why="export", now=NOW)

    assert [opened[record]["number"] for record in records] == list(range(1203))
    assert make.count(engine, access_log) == 1203


def test_an_export_leaves_out_what_was_forgotten_and_logs_nothing_for_it(engine: Engine) -> None:
    with database.write(engine) as conn:
        kept, gone = (VAULT.seal(conn, "fence_loan", each, now=NOW) for each in (TARO, HANAKO))
        VAULT.forget(conn, gone)
        opened = VAULT.open_many(conn, [kept, gone], by="mihon", role="staff", why="export", now=NOW)

        assert opened == {kept: TARO}
        assert [entry.record for entry in accesslog.entries(conn)] == [kept]


def test_one_broken_record_ends_an_export_without_an_entry(engine: Engine) -> None:
    with database.write(engine) as conn:
        kept, broken = (VAULT.seal(conn, "fence_loan", each, now=NOW) for each in (TARO, HANAKO))
        _tamper(conn, broken, version=7)

        with pytest.raises(VaultSealBroken, match=broken):
            VAULT.open_many(conn, [kept, broken], by="mihon", role="staff", why="export", now=NOW)

        assert accesslog.entries(conn) == []


def test_a_forgotten_record_is_missing(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        VAULT.forget(conn, record)

        with pytest.raises(VaultRecordMissing):
            _open(conn, record)
        with pytest.raises(VaultRecordMissing):
            VAULT.seal(conn, "fence_loan", TARO, now=NOW, record=record)


def test_no_error_of_the_vault_says_what_was_sealed(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)
        _tamper(conn, record, version=2)

        with pytest.raises(VaultSealBroken) as fault:
            _open(conn, record)

    assert str(fault.value) == f"vault {record}"
    assert fault.value.__cause__ is None


@pytest.mark.postgres
def test_of_two_that_seal_a_record_at_once_the_later_is_run_again(postgres_engine: Engine) -> None:
    with database.write(postgres_engine) as conn:
        record = VAULT.seal(conn, "fence_loan", TARO, now=NOW)

    def seal() -> bool:
        try:
            with database.write(postgres_engine) as conn:
                VAULT.seal(conn, "fence_loan", HANAKO, now=NOW, record=record)
        except Stale:
            return False
        return True

    sealed = sum(make.together(8, seal))

    with database.write(postgres_engine) as conn:
        assert _row(conn, record)["version"] == 1 + sealed
        assert _open(conn, record) == HANAKO


def test_a_raw_event_opens_only_in_its_own_row_and_is_not_logged(engine: Engine) -> None:
    sealed = VAULT.seal_event("e1", b'{"events":[]}')

    assert VAULT.open_event("e1", sealed) == b'{"events":[]}'
    assert b"events" not in sealed
    with pytest.raises(VaultSealBroken):
        VAULT.open_event("e2", sealed)
    with pytest.raises(VaultKeyMissing):
        VAULT.open_event("e1", b"damaged")
    assert make.count(engine, access_log) == 0


def test_a_file_opens_only_in_its_own_row_and_is_logged(engine: Engine) -> None:
    sealed = VAULT.seal_bytes("photos", "f1", b"picture", procedure="fence_loan")

    def opened(record: str, procedure: str, file: Sealed = sealed) -> bytes:
        with database.write(engine) as conn:
            return VAULT.open_bytes(
                conn,
                "photos",
                record,
                file,
                procedure=procedure,
                by="mihon",
                role="staff",
                why="review",
                now=NOW,
            )

    assert opened("f1", "fence_loan") == b"picture"
    with pytest.raises(VaultSealBroken):
        opened("f2", "fence_loan")
    with pytest.raises(VaultSealBroken):
        opened("f1", "survey")
    assert make.count(engine, access_log) == 1


def _two_keys() -> Vault:
    """Return a vault whose ring got a second key for survey, which seals from now on."""
    return Vault(Keyring(make.RING.keys, {**make.RING.current, "survey": "k2"}))


def test_an_old_blob_put_back_after_the_rewrap_does_not_open(engine: Engine) -> None:
    with database.write(engine) as conn:
        record = VAULT.seal(conn, "survey", TARO, now=NOW)
        old = _row(conn, record)
        rewrapping.records(conn, _two_keys(), "survey")
        _tamper(conn, record, blob=old["blob"], key_id=old["key_id"])

        with pytest.raises(VaultSealBroken):
            _open(conn, record)


def test_a_page_of_records_is_logged_one_by_one_in_one_statement(engine: Engine) -> None:
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    with database.write(engine) as conn:
        records = [VAULT.seal(conn, "fence_loan", {"number": n}, now=NOW) for n in range(20)]
        event.listen(engine, "before_cursor_execute", note)
        VAULT.open_many(conn, records, by="mihon", role="staff", why="export", now=NOW)
        logged = accesslog.entries(conn)

    assert len([each for each in sent if each.startswith("INSERT")]) == 1
    assert {each.record for each in logged} == {*records}
    assert {(each.at, each.by, each.role, each.why, each.kind, each.detail) for each in logged} == {
        (NOW, "mihon", "staff", "export", "record", "")
    }


def test_what_was_read_before_is_opened_only_with_its_entry(engine: Engine) -> None:
    with database.write(engine) as conn:
        row = _row(conn, VAULT.seal(conn, "fence_loan", TARO, now=NOW))
        sealed = SealedRecord(*(row[name] for name in SealedRecord._fields))
    with database.read(engine) as conn, pytest.raises(DBAPIError):
        VAULT.open_read(conn, [sealed], by="mihon", role="staff", why="export", now=NOW)
    with database.write(engine) as conn:
        opened = VAULT.open_read(conn, [sealed], by="mihon", role="staff", why="export", now=NOW)

    assert opened == {sealed.id: TARO}
    assert make.count(engine, access_log) == 1
