"""A survey as JSON text: what is kept of a workbook once it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dialogs.fields.base import Option
from dialogs.surveys.conditions import restored, stored
from dialogs.surveys.model import Bounds, Group, Kind, Question, Survey
from dialogs.words import OwnText

VERSION = 1
"""Of what :func:`to_json` writes; an older one is read for ever."""


def to_json(survey: Survey) -> str:
    """Return *survey* as JSON text, the same text for the same survey."""
    kept = {
        "version": VERSION,
        "key": survey.key,
        "edition": survey.edition,
        "title": _text(survey.title),
        "languages": list(survey.languages),
        "default_language": survey.default_language,
        "groups": [_group(each) for each in survey.groups],
        "thanks": _text(survey.thanks),
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def from_json(text: str | bytes) -> Survey:
    """Return the survey that :func:`to_json` wrote as *text*.

    Raises:
        ValueError: it was written by a later version, or is no survey.
    """
    kept = json.loads(text)
    if not isinstance(kept, dict) or kept.get("version") != VERSION:
        raise ValueError("a survey of an unknown version")
    default = kept["default_language"]
    return Survey(
        kept["key"],
        _own(kept["title"], default),
        kept["edition"],
        tuple(_group_of(each, default) for each in kept["groups"]),
        tuple(kept["languages"]),
        default,
        _own(kept["thanks"], default),
    )


def _text(text: str) -> str | Mapping[str, str]:
    """Return *text*: with all its wordings where it brings them, itself where it is one of the catalogs."""
    return dict(text.wordings) if isinstance(text, OwnText) else text


def _own(kept: str | Mapping[str, str], default: str) -> str:
    return kept if isinstance(kept, str) else OwnText(kept[default], kept)


def _group(group: Group) -> Mapping[str, Any]:
    return {
        "key": group.key,
        "label": _text(group.label),
        "matrix": group.matrix,
        "questions": [_question(each) for each in group.questions],
    }


def _group_of(kept: Mapping[str, Any], default: str) -> Group:
    questions = tuple(_question_of(each, default) for each in kept["questions"])
    return Group(kept["key"], _own(kept["label"], default), questions, kept["matrix"])


def _question(question: Question) -> Mapping[str, Any]:
    bounds = asdict(question.bounds) | {"message": _text(question.bounds.message)}
    return {
        "key": question.key,
        "kind": question.kind.value,
        "label": _text(question.label),
        "hint": _text(question.hint),
        "note": _text(question.note),
        "required": question.required,
        "relevant": stored(question.relevant) if question.relevant else None,
        "choices": question.choices,
        "options": [[each.key, _text(each.label)] for each in question.options],
        "bounds": {name: value for name, value in bounds.items() if value not in (None, "")},
        "long": question.long,
        "follows": question.follows,
    }


def _question_of(kept: Mapping[str, Any], default: str) -> Question:
    bounds = kept["bounds"]
    return Question(
        kept["key"],
        Kind(kept["kind"]),
        _own(kept["label"], default),
        hint=_own(kept["hint"], default),
        note=_own(kept["note"], default),
        required=kept["required"],
        relevant=restored(kept["relevant"]) if kept["relevant"] else None,
        choices=kept["choices"],
        options=tuple(Option(key, _own(label, default)) for key, label in kept["options"]),
        bounds=Bounds(**(bounds | {"message": _own(bounds.get("message", ""), default)})),
        long=kept["long"],
        follows=kept["follows"],
    )
