"""Conversations about a survey: what was said in them, which must not outlast them, and where they end.

A question may tell which answer came before it, and the last look shows them all.  So it is noted which messages
were said in such a conversation, and their words are blanked in the transaction that ends it.  A message that is
being sent at that moment keeps its words until it has been; then :func:`hush_late` blanks it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, update

from storage.outbox import WAITING
from storage.surveys import FORM
from storage.tables import conversations, outbox
from storage.tables_surveys import survey_stops, survey_words
from storage.upsert import into


def said(conn: Connection, conversation: str, cause: str) -> None:
    """Note that the messages of *cause* were said in *conversation*: they tell of its answers."""
    row = into(conn, survey_words).values(conversation=conversation, cause=cause)
    conn.execute(row.on_conflict_do_nothing())


def hush(conn: Connection, conversation: str) -> None:
    """Blank what was said in *conversation*, which ends in this transaction."""
    _hush(conn, survey_words.c.conversation == conversation)


def hush_late(conn: Connection) -> None:
    """Blank what was said in conversations that are over, where it was still being sent when they ended."""
    _hush(conn, ~exists().where(conversations.c.id == survey_words.c.conversation))


def _hush(conn: Connection, over: ColumnElement[bool]) -> None:
    wanted = conn.execute(select(survey_words.c.cause).where(over)).scalars().all()
    if not wanted:
        return
    theirs = outbox.c.cause.in_(wanted)
    sent = update(outbox).where(theirs, outbox.c.state != WAITING)
    conn.execute(sent.values(body="", reply_token=None))
    still = select(outbox.c.cause).where(theirs, outbox.c.state == WAITING)
    left = frozenset(conn.execute(still).scalars())
    done = [each for each in wanted if each not in left]
    conn.execute(delete(survey_words).where(survey_words.c.cause.in_(done)))


def stopped(conn: Connection, survey: str, field: str) -> None:
    """Count that somebody gave up at the question *field* ("" for the last look); nobody is named."""
    row = into(conn, survey_stops).values(survey=survey, field=field, many=1)
    again = {"many": survey_stops.c.many + 1}
    conn.execute(row.on_conflict_do_update(index_elements=["survey", "field"], set_=again))


def stops(conn: Connection, survey: str) -> Mapping[str, int]:
    """Return how many stopped at which question: those who gave up, and those who are half-way there now."""
    given_up = select(survey_stops.c.field, survey_stops.c.many).where(survey_stops.c.survey == survey)
    found = {row.field: row.many for row in conn.execute(given_up)}
    for field, many in _half_way(conn, survey).items():
        found[field] = found.get(field, 0) + many
    return found


def _half_way(conn: Connection, survey: str) -> Mapping[str, int]:
    wanted = select(conversations.c.asked, func.count().label("many"))
    theirs = wanted.where(conversations.c.form == f"{FORM}{survey}").group_by(conversations.c.asked)
    return {row.asked: row.many for row in conn.execute(theirs)}


def half_filled(conn: Connection, survey: str) -> list[str]:
    """Return the conversations that are half-filled."""
    wanted = select(conversations.c.id).where(conversations.c.form == f"{FORM}{survey}")
    return list(conn.execute(wanted.order_by(conversations.c.id)).scalars())
