"""Which photos stand in answers, filed or half-filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, union_all

from storage.asjson import load
from storage.tables import conversations, submissions


def shown_in(conn: Connection, here: ColumnElement[bool], talks: ColumnElement[bool]) -> set[str]:
    """Return the photos that stand in the submissions *here* and the conversations *talks*, whoever took them."""
    columns = (submissions.c.answers, here), (conversations.c.answers, talks), (conversations.c.aside, talks)
    given = conn.execute(union_all(*(select(column).where(which) for column, which in columns))).scalars()
    return {photo for text in given for photo in _photos(load(text))}


def _photos(answers: Mapping[str, Any]) -> list[str]:
    found = (each.get("photo") for each in answers.values() if isinstance(each, Mapping))
    return [photo for photo in found if isinstance(photo, str)]
