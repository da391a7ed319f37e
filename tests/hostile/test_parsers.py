"""Laws of whatever reads or writes what strangers gave: no input breaks them.

``MADOGUCHI_NIGHT`` searches thirty times longer.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.exports import csv_file, xlsx_file
from bot.exports.characters import cp932, sound
from bot.exports.columns import Content, Heading, Kind
from bot.exports.guard import MARK, guarded
from bot.harmless_json import DEEPEST, read_json
from bot.line.listen import read_body
from bot.postback import PostbackCodec
from bot.words import words_for
from dialogs.events import Action, Do
from dialogs.reading.address import read_postcode
from dialogs.reading.address_fold import folded, tidy
from dialogs.reading.answers import read_yes_no
from dialogs.reading.days import read_day, read_days
from dialogs.reading.email import read_email
from dialogs.reading.kana import read_kana
from dialogs.reading.masking import mask
from dialogs.reading.numbers import read_number, read_ordinals
from dialogs.reading.phone import read_phone
from dialogs.reading.text import clean, clip, clip_utf16, fold, graphemes, narrow, utf16
from tests.hostile.bounds import within
from tests.nasty import LONG, NASTY

searched = settings(deadline=None, max_examples=1000 if "MADOGUCHI_NIGHT" in os.environ else 100)
TODAY = date(2027, 6, 7)
SHORT = [text for text in NASTY if len(text) < 300]

# Anything; or pieces of what breaks things, put together.
TEXTS = st.text() | st.lists(st.sampled_from(SHORT), max_size=4).map("".join)

# --- JSON from outside

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    LEAVES | PLAIN,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(PLAIN, inner, max_size=5),
    max_leaves=12,
)


@given(VALUES)
@searched
def test_what_json_can_say_is_read_as_it_was_said(value: Any) -> None:
    for letters in (True, False):
        assert read_json(json.dumps(value, ensure_ascii=letters).encode()) == value


@given(
    st.binary()
    | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.text('{}[]":,\\u0d8ntf1e-.').map(str.encode)
)
@searched
@example(b"[" * 100_000)
@example(b"[" * 70 + b'"' + b'\\"' * 100_000)
def test_no_bytes_break_the_reader(body: bytes) -> None:
    with within(20):
        _harmless(read_json(body), DEEPEST + 1)
        read_body(body)


def _harmless(value: object, deepest: int) -> None:
    assert deepest >= 0
    match value:
        case dict():
            for name, each in value.items():
                _harmless(name, 0)
                _harmless(each, deepest - 1)
        case list():
            for each in value:
                _harmless(each, deepest - 1)
        case str():
            assert "\0" not in value
            value.encode()
        case float():
            assert isfinite(value)
        case int():
            assert abs(value) < 10**18
        case _:
            assert value is None


@given(st.integers(0, 300), st.booleans())
@searched
def test_what_is_too_deep_costs_nothing_beside_it(deep: int, objects: bool) -> None:
    inner = '{"a":' * deep + "1" + "}" * deep if objects else "[" * deep + "1" + "]" * deep

    said = read_json(f'{{"before": 1, "deep": {inner}, "after": [2]}}'.encode())

    assert (said["before"], said["after"]) == (1, [2])
    _harmless(said, DEEPEST + 1)


# --- buttons

KEY, PERSON = b"k" * 32, "9f" * 16
CODEC = PostbackCodec(KEY)
IDS = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=32)
ACTIONS = st.builds(
    Action, st.sampled_from(Do), conversation=IDS, key=IDS, part=IDS, value=st.text(max_size=80)
)


@given(ACTIONS, st.text(max_size=40))
@searched
def test_a_button_opens_for_whom_it_was_made_and_for_nobody_else(action: Action, stranger: str) -> None:
    data = CODEC.seal(PERSON, action)

    assert CODEC.open(PERSON, data) == action
    assert stranger == PERSON or CODEC.open(stranger, data) is None
    assert PostbackCodec(b"f" * 32).open(PERSON, data) is None


@given(ACTIONS, st.data())
@searched
def test_a_button_that_was_changed_does_nothing(action: Action, data: st.DataObject) -> None:
    sealed = CODEC.seal(PERSON, action)
    place = data.draw(st.integers(0, len(sealed)))
    changed = sealed[:place] + data.draw(st.text(max_size=3)) + sealed[place + data.draw(st.integers(0, 3)) :]

    assert changed == sealed or CODEC.open(PERSON, changed) is None


@given(TEXTS | st.binary().map(lambda raw: raw.decode("latin-1")))
@searched
def test_no_made_up_button_does_anything(data: str) -> None:
    assert CODEC.open(PERSON, data) is None


# --- what is typed

READERS: dict[str, Callable[[str], object]] = {
    "day": lambda text: read_day(text, TODAY),
    "days": lambda text: read_days(text, TODAY),
    "number": read_number,
    "ordinals": read_ordinals,
    "yes or no": read_yes_no,
    "postcode": read_postcode,
    "phone": read_phone,
    "phone with an area": lambda text: read_phone(text, "011"),
    "e-mail": read_email,
    "kana": read_kana,
    "mask": mask,
    "clean": clean,
    "fold": fold,
    "narrow": narrow,
    "address": folded,
    "address, tidied": tidy,
    "graphemes": graphemes,
}


@pytest.mark.parametrize("name", READERS)
@given(text=TEXTS)
@searched
def test_no_text_breaks_a_reader(name: str, text: str) -> None:
    READERS[name](text)


@pytest.mark.parametrize("name", READERS)
def test_no_text_keeps_a_reader_busy(name: str) -> None:
    with within(60):
        for text in LONG:
            READERS[name](text[:5_000])


SETTLED: dict[str, Callable[[str], str | None]] = {
    "clean": clean,
    "narrow": narrow,
    "kana": read_kana,
    "phone": read_phone,
    "e-mail": read_email,
    "postcode": read_postcode,
    "address, tidied": tidy,
    "mask": lambda text: mask(text).text,
}


@pytest.mark.parametrize("name", SETTLED)
@given(text=TEXTS)
@searched
def test_what_was_read_once_is_read_again_as_itself(name: str, text: str) -> None:
    once = SETTLED[name](text)

    assert once is None or SETTLED[name](once) == once


@given(TEXTS, st.integers(1, 60))
@searched
def test_a_text_that_is_cut_is_short_enough_and_a_beginning(text: str, most: int) -> None:
    cut, narrowly = clip(text, most), clip_utf16(text, most)

    assert graphemes(cut) <= most
    assert utf16(narrowly) <= most
    for short in (cut, narrowly):
        assert short == text or text.startswith(short.removesuffix("…"))


@given(st.dates(date(1868, 1, 25), date(2100, 1, 1)))
@searched
def test_a_day_as_machines_write_it_is_that_day(day: date) -> None:
    assert read_day(day.isoformat(), TODAY) in {day, None}


# --- files

HEADINGS = (Heading("reference", "受付番号", Kind.TEXT), Heading("said", "自由記述", Kind.TEXT))
LABELS = tuple(each.label for each in HEADINGS)
FITS = {"utf-8-sig": sound, "cp932": cp932}


@pytest.mark.parametrize("encoding", csv_file.ENCODINGS)
@given(texts=st.lists(TEXTS, max_size=6))
@searched
def test_a_csv_gives_back_what_it_was_given(encoding: str, texts: list[str]) -> None:
    rows: list[list[Content]] = [[f"R{number}", text] for number, text in enumerate(texts)]

    content = b"".join(csv_file.written(HEADINGS, rows, encoding, LABELS, lambda _loss: None))

    table = list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))
    back = [row[1].removeprefix(MARK) for row in table[1:]]
    assert back == [FITS[encoding](text).text for text in texts]


@given(TEXTS)
@searched
def test_a_guarded_text_can_be_unguarded_and_begins_like_no_formula(text: str) -> None:
    guard = guarded(text)

    assert guard in {text, MARK + text}
    assert guard[:1] != "="
    assert guard.removeprefix(MARK) == text


@given(texts=st.lists(TEXTS, min_size=1, max_size=30))
@settings(deadline=None, max_examples=15)
def test_a_workbook_holds_texts_and_nothing_that_runs(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder: Path = tmp_path_factory.mktemp("book")
    rows: list[list[Content]] = [[f"R{number}", text] for number, text in enumerate(texts)]
    made = xlsx_file.Book("木の配布", HEADINGS, LABELS, words_for("ja"), folder)

    xlsx_file.write(folder / "book.xlsx", made, rows, lambda _loss: None)

    book = load_workbook(folder / "book.xlsx")
    sheet = book.worksheets[0]
    assert [cell.data_type for row in sheet for cell in row if cell.data_type not in {"s", "n"}] == []
    assert [row[1].value or "" for row in sheet.iter_rows(min_row=2)] == [_in_a_cell(text) for text in texts]
    book.close()


def _in_a_cell(text: str) -> str:
    return sound(text).text.replace("\r\n", "\n").replace("\r", "\n")
