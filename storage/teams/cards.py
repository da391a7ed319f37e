"""Which message shows which case in which conversation, so that it can be changed in its place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update

from storage.ready import Ready
from storage.tables_staff import teams_cards
from storage.upsert import into

_SHOWN = Ready(
    select(teams_cards.c.activity_id).where(
        teams_cards.c.case_id == bindparam("case"), teams_cards.c.reference_id == bindparam("reference")
    )
)


def activity(conn: Connection, case_id: str, reference_id: str) -> str | None:
    """Return the message that shows the case in the conversation, None before the first was sent."""
    rows = _SHOWN.rows(conn, {"case": case_id, "reference": reference_id})
    return rows[0][0] if rows else None


def keep(conn: Connection, case_id: str, reference_id: str, activity_id: str | None) -> None:
    """Note that *activity_id* shows the case there from now on; None: no message does any more."""
    row = {
        "id": uuid.uuid4().hex,
        "case_id": case_id,
        "reference_id": reference_id,
        "activity_id": activity_id,
    }
    kept = into(conn, teams_cards).values(row)
    conn.execute(
        kept.on_conflict_do_update(
            index_elements=[teams_cards.c.case_id, teams_cards.c.reference_id],
            set_={"activity_id": activity_id},
        )
    )


def of_case(conn: Connection, case_id: str) -> Mapping[str, str]:
    """Return the messages that show the case, by our id of their conversation."""
    shown = select(teams_cards.c.reference_id, teams_cards.c.activity_id)
    rows = conn.execute(shown.where(teams_cards.c.case_id == case_id, teams_cards.c.activity_id.is_not(None)))
    return {row.reference_id: row.activity_id for row in rows}


def forget(conn: Connection, reference_id: str) -> int:
    """Return how many cases were shown in the conversation, whose messages are gone."""
    here = teams_cards.c.reference_id == reference_id, teams_cards.c.activity_id.is_not(None)
    return conn.execute(update(teams_cards).where(*here).values(activity_id=None)).rowcount
