"""Members of the staff at the desk: what they may do, and what their turns need from the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from bot.desk_ports import Staff
from dialogs import staff
from dialogs.events import Event
from dialogs.standing import Grant, Standing


def as_member(
    conn: Connection,
    desk: Staff,
    standing: Standing,
    member: tuple[str, tuple[Grant, ...]],
    event: Event,
    today: date,
) -> Standing:
    """Return *standing* with what the member may do, and what their event needs to be looked up."""
    name, grants = member
    standing = replace(standing, name=name, grants=grants)
    asked = staff.wanted(standing, event)
    if asked:
        return desk.handed(conn, standing, asked, today)
    return desk.compared(conn, standing, event)


def no_page(_conversation: str) -> str:
    """Refuse to make an address: what is drawn here has none."""
    raise TypeError("a refusal leads to no page")
