"""The sample workbooks that come with the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.surveys.samples.citizens import CITIZENS
from bot.surveys.samples.companies import COMPANIES
from bot.surveys.samples.fence import FENCE
from bot.surveys.samples.meeting import MEETING
from bot.surveys.samples.sheets import Sample, Texts

FOLDER = Path(__file__).resolve().parent.parent.parent / "data" / "surveys"
SAMPLES = {each.key: each for each in (FENCE, CITIZENS, COMPANIES, MEETING)}
_LANGUAGES = ("ja", "ja-easy", "en")
_HEADER = (
    "type",
    "name",
    *(f"label::{each}" for each in _LANGUAGES),
    *(f"hint::{each}" for each in _LANGUAGES),
    "required",
    "relevant",
    "constraint",
    *(f"constraint_message::{each}" for each in _LANGUAGES),
    "appearance",
    "parameters",
)


def sheets(sample: Sample) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    """Yield the name and the rows of each sheet of *sample*."""
    asked = [
        (
            row.kind,
            row.name,
            *_three(row.label),
            *_three(row.hint),
            "yes" if row.required else None,
            row.relevant,
            row.constraint,
            *_three(row.message),
            row.appearance,
            row.parameters,
        )
        for row in sample.rows
    ]
    yield "survey", [_HEADER, *asked]
    listed = [(name, key, *texts) for name, options in sample.lists.items() for key, texts in options.items()]
    yield "choices", [("list_name", "name", *(f"label::{each}" for each in _LANGUAGES)), *listed]
    titles = tuple(f"form_title::{each}" for each in _LANGUAGES)
    yield (
        "settings",
        [
            (*titles, "form_id", "version", "default_language"),
            (*sample.title, sample.key, sample.version, "ja"),
        ],
    )


def _three(texts: Texts | None) -> Texts | tuple[None, None, None]:
    return texts or (None, None, None)
