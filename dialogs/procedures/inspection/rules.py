"""What follows from a filed inspection: what staff should notice, and a case for each finding (002-03, 04, 14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dialogs.effects import Open
from dialogs.fields import Answers
from dialogs.procedure import Flag
from dialogs.procedures.incident import FROM_INSPECTION, INCIDENT
from dialogs.procedures.inspection.equipment import REGISTERS
from dialogs.procedures.inspection.sheet import FINDING, NORMAL, Row, sheet
from dialogs.procedures.premises import URGENT
from dialogs.words import Message, _, say
from dialogs.world import World

ROWS = {row.key: row for register in REGISTERS for row in sheet(register).rows}
"""The rows of every edition, by key; a key never means two things."""


def findings(answers: Answers) -> Iterator[Row]:
    """Yield the rows with a finding, in the order of the sheet."""
    return (row for row in ROWS.values() if answers.get(row.key) == FINDING)


def flags(answers: Answers, world: World, filed: date) -> tuple[Flag, ...]:  # noqa: ARG001
    """Return what should be seen at a glance: findings, and urgent ones."""
    found = list(findings(answers))
    urgent = any(answers.get(row.severity) == URGENT for row in found)
    return (
        *((Flag("findings", _("指摘あり")),) if found else ()),
        *((Flag("urgent", _("緊急の指摘あり")),) if urgent else ()),
    )


def glance(answers: Answers) -> tuple[str, ...]:
    """Return what stands on the sheet of an inspection: its head, the numbers, and every row that is not normal."""
    keys = ["site", "day", "kind", "firm"]
    for row in ROWS.values():
        result = answers.get(row.key)
        keys += [row.key] if result not in (None, NORMAL) else []
        keys += [row.remark, row.severity, row.photo] if result == FINDING else []
        keys += [row.amount.key] if row.amount else []
    return (*keys, "notes")


def notes(answers: Answers, world: World) -> tuple[Message, ...]:
    """Return how many findings there are and until when something must be done about them (002-04)."""
    count = len(list(findings(answers)))
    if not count:
        return (say(_("指摘はありません。係、係長、所長が順に確認します。")),)
    last = world.office.calendar.add_business_days(world.today, 1)
    text = _("指摘は{count}件です。それぞれ、{day}中に復旧か応急処置をしてください。")
    return (say(text, count=count, day=last),)


def follow_ups(answers: Answers, before: Answers) -> tuple[Open, ...]:
    """Return a case for each finding; one that stood in *before*, the sheet as first filed, has its own already."""
    return tuple(_opened(row, answers) for row in findings(answers) if before.get(row.key) != FINDING)


def opened(row: Row) -> str:
    """Return what a case that a finding in *row* opens is about: by this text it is found again."""
    return f"{row.section} {row.group} {row.wording}"


def _opened(row: Row, answers: Answers) -> Open:
    incident = {
        "site": row.site.value,
        "what": opened(row),
        "symptom": answers.get(row.remark),
        "since": answers.get("day"),
        "urgency": answers.get(row.severity),
        "origin": FROM_INSPECTION,
    }
    return Open(INCIDENT.key, incident, refers="inspection")
