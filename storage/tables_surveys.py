"""Surveys, who has answered them, and what was answered: apart, so that nothing leads from one to the other.

Neither a mark nor a ballot has a time.  On SQLite both tables are kept in the order of their keys, which are
random, and have no row number besides; on PostgreSQL ``storage.ballots`` sees to what a row tells of itself.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from storage.tables import Id, Millis, metadata

__all__ = [
    "ballots",
    "metadata",
    "survey_invitations",
    "survey_marks",
    "survey_papers",
    "survey_stops",
    "survey_words",
    "surveys",
]

_Key = String(40)


def _of_survey() -> Column[str]:
    return Column("survey", _Key, ForeignKey("surveys.key", ondelete="CASCADE"), primary_key=True)


surveys = Table(
    "surveys",
    metadata,
    Column("key", _Key, primary_key=True),
    Column("title", String(256), nullable=False),
    Column("edition", String(32), nullable=False),
    # The whole survey as JSON, and the SHA-256 of the workbook that it was read from.
    Column("definition", Text, nullable=False),
    Column("workbook", String(64), nullable=False, server_default=""),
    # draft, open, closed: never back.
    Column("state", String(8), nullable=False),
    # The first and the last day (Asia/Tokyo, YYYY-MM-DD) on which it can be answered; "" for any.
    Column("opens", String(10), nullable=False, server_default=""),
    Column("closes", String(10), nullable=False, server_default=""),
    # everybody, meeting:<key> or procedure:<key>.
    Column("audience", String(80), nullable=False),
    # optional: whoever answers may add their registration number; none: nobody is asked.
    Column("identity", String(8), nullable=False, server_default="none"),
    # JSON: how many answers are wanted per cell; and which kinds of participants are many enough to be told apart.
    Column("targets", Text, nullable=False, server_default="{}"),
    Column("kinds", Text, nullable=False, server_default="[]"),
    # How many people it was for when it was closed; none before.
    Column("invited", Integer),
    Column("uploaded_by", String(128), nullable=False),
    Column("uploaded_at", Millis, nullable=False),
)

survey_marks = Table(
    "survey_marks",
    metadata,
    _of_survey(),
    # HMAC-SHA-256 of who has answered, under the key of the fingerprints; forgotten when the survey is closed.
    Column("mark", String(64), primary_key=True),
    sqlite_with_rowid=False,
)

ballots = Table(
    "ballots",
    metadata,
    _of_survey(),
    Column("id", Id, primary_key=True),
    Column("answers", Text, nullable=False),
    Column("channel", String(16), nullable=False),
    # What kind of participant, where enough are of that kind; else "".
    Column("kind", String(64), nullable=False, server_default=""),
    Column("paper", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

survey_words = Table(
    "survey_words",
    metadata,
    # Which messages were said in a conversation about a survey, by their cause, until their words are blanked.
    Column("conversation", Id, primary_key=True),
    Column("cause", String(80), primary_key=True),
    sqlite_with_rowid=False,
)

survey_stops = Table(
    "survey_stops",
    metadata,
    _of_survey(),
    # At which question ("" for the last look) how many gave up.
    Column("field", String(80), primary_key=True),
    Column("many", Integer, nullable=False),
    sqlite_with_rowid=False,
)

survey_invitations = Table(
    "survey_invitations",
    metadata,
    # Who was told of a survey, so that they are told once.
    _of_survey(),
    Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

survey_papers = Table(
    "survey_papers",
    metadata,
    _of_survey(),
    # The number printed on the paper.
    Column("page", String(16), primary_key=True),
    # JSON: what was keyed in the first and the second time, "" where it was not, and once it is counted.
    Column("first", Text, nullable=False, server_default=""),
    Column("second", Text, nullable=False, server_default=""),
    Column("first_by", String(128), nullable=False, server_default=""),
    Column("second_by", String(128), nullable=False, server_default=""),
    Column("counted", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
