"""``madoguchi survey``: what the console does with surveys, as commands."""

from __future__ import annotations

import csv
import getpass
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from bot.clock import Clock
from bot.exports.guard import guarded
from bot.settings import Settings
from bot.surveys import opening
from bot.surveys.opening import SurveyRefused
from bot.surveys.workbook import examine
from bot.words import words_for
from dialogs.surveys import from_json, to_json
from storage import ballots, surveys
from storage import engine as database
from storage.keyring import load_keyring
from storage.surveys import SurveyInUse, SurveyRow
from storage.vault import Vault


@contextmanager
def _writing(settings: Settings) -> Iterator[Connection]:
    engine = database.create(settings.database_url, pool_size=1)
    try:
        with database.write(engine) as conn:
            yield conn
    finally:
        engine.dispose()


def add(settings: Settings, content: bytes, clock: Clock, given: dict[str, str]) -> Iterator[str]:
    """Keep the workbook *content* as a draft for the audience and days that *given* names, and say so.

    Raises:
        SurveyRefused: It has problems, or a survey of its key was opened already.
    """
    examined, words = examine(content), words_for("ja")
    if examined.survey is None:
        told = "\n".join(f"{each.where} {words.say(each.message)}".strip() for each in examined.problems)
        raise SurveyRefused(f"no survey: {len(examined.problems)} problems\n{told}")
    survey = examined.survey
    row = SurveyRow(
        survey.key,
        str(survey.title)[:256],
        survey.edition,
        to_json(survey),
        workbook=hashlib.sha256(content).hexdigest(),
        uploaded_by=getpass.getuser()[:128],
        uploaded_at=clock.now(),
        audience=given.get("audience", "everybody"),
        opens=given.get("opens", ""),
        closes=given.get("closes", ""),
        identity=given.get("identity", "none"),
    )
    try:
        with _writing(settings) as conn:
            surveys.put(conn, row)
    except SurveyInUse:
        raise SurveyRefused(
            f"the survey {row.key} was opened already: give the workbook another form_id"
        ) from None
    yield f"draft {row.key}, edition {row.edition}, for {row.audience}; open it with: madoguchi survey open {row.key}"


def open_(settings: Settings, key: str) -> Iterator[str]:
    """Open the draft *key* and say so; whom it is for is invited by the service, by day.

    Raises:
        SurveyRefused: There is no such draft.
    """
    with _writing(settings) as conn:
        opening.open_(conn, Vault(load_keyring(settings.vault_keys_file)), key)
    yield f"{key} is open"


def close(settings: Settings, key: str) -> Iterator[str]:
    """Close the survey *key* for good and say so.

    Raises:
        SurveyRefused: It is not open.
    """
    with _writing(settings) as conn:
        opening.close(conn, key)
    yield f"{key} is closed; who answered it is forgotten"


def listed(settings: Settings) -> Iterator[str]:
    """Yield a line for each survey, the newest first."""
    with _writing(settings) as conn:
        found = [(row, ballots.counts(conn, row.key)) for row in surveys.listed(conn)]
    for row, counts in found:
        yield (
            f"{row.key}\t{row.state}\t{row.opens or '-'}..{row.closes or '-'}\t{row.audience}"
            f"\tinvited {counts.invited}\tbegun {counts.begun}\tanswered {counts.answered}\t{row.title}"
        )


def export(settings: Settings, key: str) -> Iterator[str]:
    """Yield the answers of the survey *key* as lines of CSV, in the order of their random ids.

    Raises:
        SurveyRefused: There is no such survey.
    """
    with _writing(settings) as conn:
        row = surveys.get(conn, key)
        if row is None:
            raise SurveyRefused(f"there is no survey {key}")
        keys = [each.key for each in from_json(row.definition).questions]
        found = list(ballots.read(conn, key))
    extra = sorted({name for each in found for name in each.answers} - {*keys})
    yield _line(["ballot", "channel", "kind", "paper", *keys, *extra])
    for each in found:
        said = [_cell(each.answers.get(name)) for name in (*keys, *extra)]
        yield _line([each.id, each.channel, each.kind, "1" if each.paper else "0", *said])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value) if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([guarded(each) for each in cells])
    return written.getvalue()
