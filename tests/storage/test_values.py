"""Values that the program keeps for itself."""

from sqlalchemy import Engine

from storage import engine as database
from storage import values


def test_a_value_is_kept_until_another_takes_its_place(engine: Engine) -> None:
    with database.write(engine) as conn:
        seen = [values.get(conn, "clock")]
        for value in ("1", "2"):
            values.put(conn, "clock", value)
            seen.append(values.get(conn, "clock"))

    assert seen == [None, "1", "2"]
