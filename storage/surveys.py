"""Surveys as the city uploads them: drafts, open ones, closed ones; and who was told of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.asjson import dump, load
from storage.tables_surveys import survey_invitations, survey_marks, surveys
from storage.upsert import into

DRAFT, OPEN, CLOSED = "draft", "open", "closed"

FORM = "survey_"
"""What the key of a survey's form begins with."""


class SurveyInUse(Exception):
    """The survey was opened: it is answered as it stands, and only a draft can be changed."""


@dataclass(frozen=True)
class SurveyRow:
    """One survey as stored.  *opens* and *closes* are days (Asia/Tokyo, YYYY-MM-DD), "" for any.

    *definition* is the JSON text that ``dialogs.surveys`` makes a survey from, *workbook* the SHA-256 of the file
    that it was read from.  *identity* is ``optional`` where whoever answers may add their registration number.
    *kinds* are the kinds of participants that are many enough to be told apart; *invited* is how many people it was
    for, known once it is closed.
    """

    key: str
    title: str
    edition: str
    definition: str
    audience: str = "everybody"
    opens: str = ""
    closes: str = ""
    identity: str = "none"
    workbook: str = ""
    state: str = DRAFT
    targets: Mapping[str, Any] | None = None
    kinds: tuple[str, ...] = ()
    invited: int | None = None
    uploaded_by: str = ""
    uploaded_at: int = 0

    @property
    def form(self) -> str:
        """Return the key of its form."""
        return f"{FORM}{self.key}"


def key_of(form: str) -> str:
    """Return the survey whose form is *form*, "" for the form of something else."""
    return form.removeprefix(FORM) if form.startswith(FORM) else ""


def put(conn: Connection, row: SurveyRow) -> None:
    """Store *row* as a draft, in the place of an earlier draft of the same key.

    Raises:
        SurveyInUse: A survey of that key was opened already.
    """
    values = {
        **vars(row),
        "state": DRAFT,
        "targets": dump(row.targets or {}),
        "kinds": "[]",
        "invited": None,
    }
    stored = into(conn, surveys).values(values)
    changed = {name: stored.excluded[name] for name in values if name != "key"}
    draft = surveys.c.state == DRAFT
    done = conn.execute(
        stored.on_conflict_do_update(index_elements=["key"], set_=changed, where=draft).returning(
            surveys.c.key
        )
    )
    if done.first() is None:
        raise SurveyInUse(row.key)


def get(conn: Connection, key: str, *, lock: bool = False) -> SurveyRow | None:
    """Return the survey *key*; *lock* lets nobody else lock or change it before this transaction's end."""
    wanted = select(surveys).where(surveys.c.key == key)
    row = conn.execute(wanted.with_for_update(key_share=True) if lock else wanted).first()
    return _row(row) if row else None


def listed(conn: Connection) -> Sequence[SurveyRow]:
    """Return every survey, the newest first."""
    ordered = select(surveys).order_by(surveys.c.uploaded_at.desc(), surveys.c.key)
    return [_row(each) for each in conn.execute(ordered)]


def offered(conn: Connection) -> Sequence[SurveyRow]:
    """Return the surveys that were opened, those that were closed since too, by their keys."""
    wanted = select(surveys).where(surveys.c.state != DRAFT).order_by(surveys.c.key)
    return [_row(each) for each in conn.execute(wanted)]


def set_targets(conn: Connection, key: str, targets: Mapping[str, Any]) -> None:
    """Keep how many answers are wanted per cell."""
    conn.execute(update(surveys).where(surveys.c.key == key).values(targets=dump(targets)))


def open_(conn: Connection, key: str, kinds: Collection[str]) -> bool:
    """Return whether the draft *key* was opened; *kinds* may stand on its ballots."""
    draft = surveys.c.key == key, surveys.c.state == DRAFT
    opened = {"state": OPEN, "kinds": dump(sorted(kinds))}
    return conn.execute(update(surveys).where(*draft).values(opened)).rowcount == 1


def close(conn: Connection, key: str, invited: int) -> bool:
    """Return whether the open survey *key* was closed; who has answered it is forgotten."""
    still = surveys.c.key == key, surveys.c.state == OPEN
    closed = {"state": CLOSED, "invited": invited}
    if conn.execute(update(surveys).where(*still).values(closed)).rowcount != 1:
        return False
    conn.execute(delete(survey_marks).where(survey_marks.c.survey == key))
    return True


def remove(conn: Connection, key: str) -> bool:
    """Return whether the draft *key* was removed."""
    draft = surveys.c.key == key, surveys.c.state == DRAFT
    return conn.execute(delete(surveys).where(*draft)).rowcount == 1


# --- invitations


def invited(conn: Connection, key: str) -> frozenset[str]:
    """Return the people who were told of the survey."""
    wanted = select(survey_invitations.c.person_id).where(survey_invitations.c.survey == key)
    return frozenset(conn.execute(wanted).scalars())


def invite(conn: Connection, key: str, person_id: str) -> bool:
    """Return whether the person had not been told of the survey yet; from now on they have."""
    row = into(conn, survey_invitations).values(survey=key, person_id=person_id)
    done = row.on_conflict_do_nothing().returning(survey_invitations.c.person_id)
    return conn.execute(done).first() is not None


def _row(row: Any) -> SurveyRow:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's name for it
    kinds = tuple(load(values["kinds"]))
    return SurveyRow(**{**values, "targets": load(values["targets"]), "kinds": kinds})
