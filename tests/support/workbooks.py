"""Workbooks of surveys, made as their authors make them, and harmed as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]

CHOICES: Rows = (
    ("list_name", "name", "label::ja", "label::en"),
    ("yes_no", "yes", "はい", "Yes"),
    ("yes_no", "no", "いいえ", "No"),
    ("how", "walk", "徒歩", "On foot"),
    ("how", "bus", "バス", "By bus"),
    ("how", "car", "車", "By car"),
)
SETTINGS: Rows = (
    ("form_title", "form_id", "version", "default_language"),
    ("見本のアンケート", "sample", "1", "Japanese (ja)"),
)
HEADER = (
    "type",
    "name",
    "label::ja",
    "label::en",
    "hint::ja",
    "required",
    "relevant",
    "constraint",
    "appearance",
)


def workbook(survey: Rows, choices: Rows = CHOICES, settings: Rows = SETTINGS, **more: Rows) -> bytes:
    """Return a workbook of these sheets, *more* by their names."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in {"survey": survey, "choices": choices, "settings": settings, **more}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def asking(*rows: Mapping[str, Any], choices: Rows = CHOICES, settings: Rows = SETTINGS) -> bytes:
    """Return a workbook with *rows* of the sheet survey, each by the names of its columns."""
    columns = list(dict.fromkeys(["type", "name", "label::ja", *(name for row in rows for name in row)]))
    return workbook([columns, *([row.get(name) for name in columns] for row in rows)], choices, settings)


def question(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """Return a row that asks *name*; columns with colons are written with ``__``."""
    cells = {column.replace("__", "::"): value for column, value in more.items()}
    return {"type": kind, "name": name, "label::ja": f"{name}の質問"} | cells


def saved(book: Workbook) -> bytes:
    """Return *book* as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook *data* with the part *name* put in, or in the place of the one of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return out.getvalue()


# --- the shapes of workbooks that others have published; the words are ours


def participation() -> bytes:
    """Return how a city asks associations what they need: pages by field-list, "other" with its own text question."""
    survey = [
        (
            "type",
            "name",
            "appearance",
            "label::日本語 (ja)",
            "hint::日本語 (ja)",
            "required",
            "relevant",
            "constraint",
        ),
        ("begin_group", "about", "field-list", "団体について", None, None, None, None),
        ("note", "welcome", None, "この調査は、団体のみなさまの希望を聞くものです。", None, None, None, None),
        ("select_multiple topics", "topics", None, "活動の分野", "いくつでも", "yes", None, None),
        ("text", "topics_more", None, "その他の分野", None, None, "selected(${topics}, 'other')", None),
        ("end_group", None, None, None, None, None, None, None),
        ("begin_group", "city", "field-list", "市とのつながり", None, None, None, None),
        ("select_one yes_no", "works_with_city", None, "市と活動していますか。", None, "yes", None, None),
        (
            "select_one marks",
            "rating",
            None,
            "どう感じますか。",
            None,
            None,
            "${works_with_city} = 'yes'",
            None,
        ),
        (
            "text",
            "why",
            "multiline",
            "その理由",
            None,
            None,
            "${works_with_city} = 'yes' and (${rating} = 'bad' or ${rating} = 'poor')",
            None,
        ),
        ("integer", "members", None, "会員の数", None, None, None, ". >= 0"),
        ("end_group", None, None, None, None, None, None, None),
    ]
    choices = [
        ("list_name", "name", "label::日本語 (ja)"),
        *(
            ("topics", name, label)
            for name, label in (("culture", "文化"), ("sport", "スポーツ"), ("other", "その他"))
        ),
        *(("yes_no", name, label) for name, label in (("yes", "はい"), ("no", "いいえ"))),
        *(
            ("marks", name, label)
            for name, label in (("good", "よい"), ("poor", "よくない"), ("bad", "悪い"))
        ),
    ]
    settings = [
        ("form_title", "style", "form_id", "default_language"),
        ("団体の希望の調査", "pages", "needs_of_groups", "日本語 (ja)"),
    ]
    return workbook(survey, choices, settings)


def workshop() -> bytes:
    """Return a feedback form with every kind of metadata, times, a ranking, and a table of one list."""
    survey = [
        (
            "type",
            "name",
            "calculation",
            "label",
            "appearance",
            "required",
            "constraint",
            "constraint_message",
            "default",
        ),
        *(
            (meta, meta, None, None, None, None, None, None, None)
            for meta in ("start", "end", "today", "deviceid", "audit")
        ),
        ("calculate", "sum", "1+1", None, None, None, None, None, None),
        ("string", "first", None, "ひとこと", None, None, None, None, None),
        ("int", "age", None, "年齢", None, None, ". >= 18 and . <= 120", "18から120までです。", 30),
        ("time", "came_at", None, "着いた時刻", None, None, None, None, None),
        ("rank marks", "order", None, "よかった順", None, None, None, None, None),
        ("begin_group", "table", None, "満足しましたか。", "field-list", None, None, None, None),
        ("select_one marks", "table_head", None, "満足度", "label", None, None, None, None),
        ("select_one marks", "room", None, "会場", "list-nolabel", "yes", None, None, None),
        ("select_one marks", "food", None, "食事", "list-nolabel", "yes", None, None, None),
        ("end_group", None, None, None, None, None, None, None, None),
    ]
    choices = [
        ("list_name", "name", "label"),
        ("marks", 1, "よい"),
        ("marks", 2, "ふつう"),
        ("marks", 3, "よくない"),
    ]
    return workbook(survey, choices, [("form_title", "form_id"), ("見本の感想", "all_types")])


def plots() -> bytes:
    """Return a field survey: two languages of which one is not ours, curly quotes, lists in files, repeats."""
    survey = [
        (
            "type",
            "name",
            "label::Swahili (sw)",
            "label::English (en)",
            "required",
            "relevant",
            "constraint",
            "choice_filter",
        ),
        ("select_one leaders", "leader", "x", "Leader", "yes", None, None, None),
        ("text", "leader_other", "x", "Name", None, "${leader} = ‘other’", None, None),
        ("select_one_from_file regions.csv", "region", "x", "Region", "yes", None, None, "id=${leader}"),
        ("geopoint", "corner", "x", "Corner", "yes", None, None, None),
        ("begin repeat", "trees", "x", "Trees", None, None, None, None),
        ("integer", "girth", "x", "Girth", "${leader} = ‘other’", None, ". < ${limit}", None),
        ("end repeat", None, None, None, None, None, None, None),
    ]
    choices = [
        ("list_name", "name ", "label::Swahili (sw)", "label::English (en)"),
        ("leaders", "other", "x", "Other"),
    ]
    return workbook(survey, choices, [("default_language", "version"), ("Swahili (sw)", "=NOW()")])


def widgets() -> bytes:
    """Return the oldest spellings: bind and control columns, types in whole words, nothing in settings."""
    survey = [
        (
            "type",
            "name",
            "label",
            "hint",
            "bind:constraint",
            "bind:jr:constraintMsg",
            "bind:relevant",
            "control:appearance",
        ),
        ("string", "my_string", "文字", "長くても短くても", None, None, None, None),
        ("int", "my_int", "整数", None, ". < 10", "10より小さい数です。", None, None),
        ("decimal", "my_decimal", "小数", None, ". > 10.51 and . < 18.39", None, "${my_int} >= 1", None),
        ("date", "my_date", "日付", None, ". >= today()", None, None, None),
        ("select all that apply from list", "my_many", "いくつでも", None, None, None, None, "minimal"),
        ("select one from list2", "my_one", "1つ", None, None, None, None, "quick"),
        ("select one from list or specify other", "my_other", "1つとその他", None, None, None, None, None),
    ]
    choices = [
        ("list name", "name", "label"),
        *(("list", key, f"選択肢{key}") for key in "abc"),
        *(("list2", number, f"選択肢{number}") for number in range(1, 9)),
    ]
    return workbook(survey, choices, [("add_none_option",), (False,)])


def household() -> bytes:
    """Return a household survey in four languages, with calculations, answers in sentences, and a repeat."""
    languages = ("English", "Tigrinya", "Amharic", "Oromo")
    survey = [
        ("type", "name", *(f"label::{each}" for each in languages), "relevant", "calculation", "constraint"),
        ("simserial", "sim", *[None] * 4, None, None, None),
        ("calculate", "consented", *[None] * 4, None, "if(${consent}='yes', 1, 0)", None),
        ("note", "thanks", *["Thank you"] * 4, "${consent} = 'yes'", None, None),
        ("select_one yes_no", "consent", *["May we ask?"] * 4, "${consented} = 1", None, None),
        ("text", "name_typed", *["Your name, ${consent}?"] * 4, None, None, "regex(., '.+')"),
        ("begin_repeat", "people", *[None] * 4, None, None, None),
        ("end_repeat", None, *[None] * 4, None, None, None),
    ]
    choices = [
        ("list_name", "name", *(f"label::{each}" for each in languages)),
        ("yes_no", "yes", *["Yes"] * 4),
        ("yes_no", "no", *["No"] * 4),
    ]
    return workbook(survey, choices, [("form_id", "default_language"), ("demo", "English")])


def markup() -> bytes:
    """Return examples of styled notes: HTML in labels, groups that hold one note each, a sheet of explanations."""
    survey = [
        ("type", "name", "label", "hint", "appearance", "image", "image::english", "media::video"),
        ("begin group", "one", None, None, "field-list", None, None, None),
        ("note", "coloured", '<span style="color:red">赤い字</span>', None, None, None, None, None),
        ("end group", None, None, None, None, None, None, None),
        ("begin group", "two", None, None, "field-list", None, None, None),
        ("note", "plain", "ふつうの字", None, None, "flag.png", None, None),
        ("select_one yes_no", "liked", "よかったですか。", None, None, None, None, None),
        ("end group", None, None, None, None, None, None, None),
    ]
    choices = [("list_name", "name", "label"), ("yes_no", "yes", "はい"), ("yes_no", "no", "いいえ")]
    settings = [("form_title", "form_id"), ("見本", "MarkupExamples")]
    return workbook(survey, choices, settings, examplesofsurvey=[("このシートは説明です。",)])
