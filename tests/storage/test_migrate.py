"""Every migration runs both ways on both databases and leads to the tables as they are written down."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, String, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from storage import engine as engines
from storage import migrate, values
from storage.schema import metadata
from storage.tables import identities
from tests.storage import make

VERSIONS = sorted(path.stem for path in (migrate.FOLDER / "versions").glob("[0-9]*.py"))


def _schema(engine: Engine) -> Mapping[str, Any]:
    with engine.connect() as conn:
        found = inspect(conn)
        return {
            table: {
                "columns": [
                    {**column, "type": str(column["type"]), "comment": None}
                    for column in found.get_columns(table)
                ],
                "key": found.get_pk_constraint(table),
                "references": sorted(found.get_foreign_keys(table), key=str),
                "unique": sorted(found.get_unique_constraints(table), key=str),
                "indexes": sorted((_index(each) for each in found.get_indexes(table)), key=str),
            }
            for table in sorted(found.get_table_names())
            if table != "alembic_version"
        }


def _index(each: ReflectedIndex) -> Mapping[str, Any]:
    return {
        **each,
        "dialect_options": {name: str(value) for name, value in each.get("dialect_options", {}).items()},
    }


def _tables(conn: Connection) -> set[str]:
    return set(inspect(conn).get_table_names()) - {"alembic_version"}


def test_a_database_goes_up_and_down_and_up_again(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    first = _schema(empty_engine)

    migrate.downgrade(empty_engine, "base")
    with engines.read(empty_engine) as conn:
        assert _tables(conn) == set()
    assert migrate.current(empty_engine) is None

    migrate.upgrade(empty_engine)
    assert _schema(empty_engine) == first
    assert migrate.current(empty_engine) == migrate.head()


def test_the_migrations_lead_to_the_tables_as_written_down(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    migrated = _schema(empty_engine)
    migrate.downgrade(empty_engine, "base")
    with engines.write(empty_engine) as conn:
        metadata.create_all(conn)

    assert migrated == _schema(empty_engine)


def test_the_comparison_sees_a_partial_index(engine: Engine) -> None:
    [index] = [
        each for each in _schema(engine)["outbox"]["indexes"] if each["name"] == "ix_outbox_waiting_due"
    ]

    assert "waiting" in str(index["dialect_options"])


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    with engines.write(engine) as conn:
        values.put(conn, "clock", "1")

    migrate.upgrade(engine)

    with engines.read(engine) as conn:
        assert values.get(conn, "clock") == "1"


def test_processes_that_start_together_migrate_once(empty_engine: Engine) -> None:
    make.together(4, lambda: migrate.upgrade(empty_engine))

    assert migrate.current(empty_engine) == migrate.head()


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engines.write(empty_engine) as conn:
        conn.execute(text("CREATE TABLE vault (id integer)"))

    with pytest.raises(Exception, match="vault"):
        migrate.upgrade(empty_engine)

    with engines.read(empty_engine) as conn:
        assert _tables(conn) == {"vault"}


def test_rows_that_refer_to_a_table_outlive_its_copying(sqlite_engine: Engine) -> None:
    with engines.write(sqlite_engine) as conn:
        make.person(conn)

    with migrate.alone(sqlite_engine) as conn:
        operations = Operations(MigrationContext.configure(conn))
        with operations.batch_alter_table("people", recreate="always") as people:
            people.alter_column("locale", type_=String(32))

    assert make.count(sqlite_engine, identities) == 1


def test_rows_that_would_refer_to_nothing_undo_the_migration(sqlite_engine: Engine) -> None:
    with engines.write(sqlite_engine) as conn:
        make.person(conn)

    with pytest.raises(migrate.BrokenReferences, match="identities"), migrate.alone(sqlite_engine) as conn:
        conn.execute(text("DELETE FROM people"))

    with engines.read(sqlite_engine) as conn:
        assert conn.execute(text("SELECT count(*) FROM people")).scalar() == 1
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_there_is_one_newest_migration_and_it_is_written_down() -> None:
    # Two branches that both add a migration change the same line of this file.
    assert (migrate.FOLDER / ".head").read_text().strip() == migrate.head()
    assert VERSIONS[-1].partition("_")[0] == migrate.head()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [name[:4] for name in VERSIONS] == [f"{number:04}" for number in range(1, len(VERSIONS) + 1)]
    assert [name for name in VERSIONS if not re.fullmatch(r"\d{4}_[a-z0-9_]+", name)] == []
