"""Opening a survey, closing it, and what both do besides."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.surveys import audience, marks
from bot.surveys.live import Live, made
from dialogs.polls import Poll
from storage import ballots, conversations, survey_talks, surveys
from storage.surveys import DRAFT, OPEN, SurveyRow
from storage.vault import Vault


class SurveyRefused(Exception):
    """It was not done; the text says why, for whoever asked."""


def poll_of(row: SurveyRow) -> Poll:
    """Return whom the survey *row* is for."""
    return Poll(row.key, row.audience)


def open_(conn: Connection, vault: Vault, key: str) -> SurveyRow:
    """Open the draft *key* and return it.

    Raises:
        SurveyRefused: There is no such draft, or it cannot be read.
        VaultKeyMissing: The key file has no key for fingerprints, by which it is known who has answered.
    """
    row = surveys.get(conn, key, lock=True)
    if row is None or row.state != DRAFT:
        raise SurveyRefused(f"there is no draft of a survey {key}")
    try:
        made(row)
    except ValueError as fault:
        raise SurveyRefused(f"the survey {key} cannot be read: {fault}") from None
    marks.of_person(vault, key, "")
    surveys.open_(conn, key, audience.kinds(conn, poll_of(row)))
    return row


def close(conn: Connection, key: str) -> SurveyRow:
    """Close the open survey *key* for good and return it.

    Who has answered is forgotten, what is half-filled is thrown away and counted, and the box is shaken.

    Raises:
        SurveyRefused: It is not open.
    """
    row = surveys.get(conn, key, lock=True)
    if row is None or row.state != OPEN:
        raise SurveyRefused(f"the survey {key} is not open")
    invited = ballots.counts(conn, key).invited
    surveys.close(conn, key, invited)
    for each in survey_talks.half_filled(conn, key):
        throw_away(conn, key, each)
    ballots.shake(conn, key)
    return row


def throw_away(conn: Connection, key: str, conversation: str) -> None:
    """Throw the half-filled *conversation* away; at which question it stopped is counted."""
    talk = conversations.get(conn, conversation)
    conversations.delete(conn, conversation)
    survey_talks.hush(conn, conversation)
    if talk:
        survey_talks.stopped(conn, key, talk.asked)


def told(live: Live, conn: Connection, now: int) -> None:
    """Let this process know at once; the others see it within half a minute."""
    live.refresh(conn, now)
