"""The whole schema: ``metadata`` with every table, in whichever file it is written down."""

from __future__ import annotations

from storage.tables_door import checkins
from storage.tables_erasures import erasures
from storage.tables_holders import holders
from storage.tables_meetings import meetings
from storage.tables_pools import pools
from storage.tables_questions import questions
from storage.tables_snapshots import survey_snapshots
from storage.tables_staff import metadata, staff
from storage.tables_surveys import surveys
from storage.tables_time import unreached

__all__ = [
    "checkins",
    "erasures",
    "holders",
    "meetings",
    "metadata",
    "pools",
    "questions",
    "staff",
    "survey_snapshots",
    "surveys",
    "unreached",
]
