"""What waits for staff besides the cases is counted in one look."""

from __future__ import annotations

from sqlalchemy import Engine

from storage import engine as database
from storage import todo


def test_where_nothing_waits_nothing_is_counted(engine: Engine) -> None:
    with database.read(engine) as conn:
        assert todo.counted(conn) == todo.Todo(0, {})
