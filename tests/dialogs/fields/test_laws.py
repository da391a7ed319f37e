"""What holds for every kind: an answer read once can be read again, and nothing typed breaks anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given as search
from hypothesis import settings
from hypothesis import strategies as st

from dialogs import fields, slots
from dialogs.fields import (
    Choice,
    Choices,
    Consent,
    Day,
    DayRange,
    Email,
    Field,
    Given,
    Invalid,
    Kana,
    LongText,
    Name,
    Number,
    Option,
    Phone,
    Photo,
    Place,
    PostalAddress,
    Raw,
    Slot,
    Text,
    Value,
)
from dialogs.slots import VISIT
from tests.dialogs.fields.asked import given
from tests.dialogs.worlds import JAPANESE, OFFICE, TODAY, TOWNS
from tests.nasty import LONG, NASTY

FIRST, LAST = date(2027, 6, 1), date(2027, 11, 1)
OPTIONS = tuple(Option(key, label) for key, label in (("a", "被害"), ("b", "痕跡"), ("none", "なし")))
ADDRESS: Value = {
    "postcode": "0612285",
    "prefecture": "北海道",
    "city": "札幌市",
    "ward": "南区",
    "town": "藤野五条",
    "in_city": True,
    "rest": "3丁目1-2",
}
ANSWERS = {"address": ADDRESS}
PLAIN = st.text("見本東西公園カナabcXYZ。、（）🐻", min_size=1, max_size=40)
DAYS = st.dates(max(TODAY, FIRST), LAST)


@dataclass(frozen=True)
class Kind:
    """A field, a strategy for its values, complete or in part, and the names of its parts."""

    field: Field
    values: st.SearchStrategy[Any]
    parts: tuple[str, ...] = ("",)


def _range(first: date, days: int) -> Value:
    last = min(first + timedelta(days=days), LAST)
    return {"from": first.isoformat(), "to": last.isoformat()}


def _slot(day: date, begins: time) -> Value:
    return {"day": day.isoformat(), "time": f"{begins:%H:%M}"}


def _address(town: int, lot: str, *, whole: bool) -> Value:
    chosen = TOWNS[town]
    names = ("postcode", "prefecture", "city", "ward", "town")
    value = {name: getattr(chosen, name) for name in names} | {"in_city": chosen.city == "札幌市"}
    return {**value, "rest": lot} if whole else value


NAMED = [at for at, town in enumerate(TOWNS) if town.town]
LOTS = st.from_regex(r"[1-9][0-9]{0,2}(-[1-9][0-9]?){0,2}( 見本荘[1-9])?", fullmatch=True)
ADDRESSES = st.builds(_address, st.sampled_from(NAMED), LOTS, whole=st.booleans())
DEGREES = st.floats(-90, 90).map(lambda degrees: round(degrees, 6) + 0)
KINDS = {
    "Text": Kind(Text("k", "本文"), PLAIN),
    "LongText": Kind(LongText("k", "本文"), st.lists(PLAIN, min_size=1, max_size=4).map("\n".join)),
    "Name": Kind(
        Name("k", "名前"), st.from_regex(r"[ぁ-ん髙﨑神𠮷a-z]{1,20}([ 　][ァ-ン]{1,20})?", fullmatch=True)
    ),
    "Kana": Kind(Kana("k", "フリガナ"), st.from_regex(r"[ア-ロ]{1,20}(　[ア-ロ]{1,20})?", fullmatch=True)),
    "Phone": Kind(
        Phone("k", "電話"),
        st.sampled_from(["011-211-2879", "022-261-1111", "0120-444-444", "0570-000-000"])
        | st.from_regex(r"090-[1-9][0-9]{3}-[0-9]{4}", fullmatch=True),
    ),
    "Email": Kind(
        Email("k", "メール"),
        st.from_regex(r"[a-zA-Z][a-zA-Z.]{0,20}@[a-z]{1,10}\.example\.jp", fullmatch=True),
    ),
    "Number": Kind(Number("k", "数", unit="m", least=-5, most=2000), st.integers(-5, 2000)),
    "Number with decimals": Kind(
        Number("k", "数", unit="kV", least=-1.5, most=99, decimals=3),
        st.integers(-1500, 99000).map(lambda thousandths: thousandths / 1000),
    ),
    "Day": Kind(Day("k", "日", least=FIRST, most=LAST), DAYS.map(date.isoformat)),
    "DayRange": Kind(
        DayRange("k", "期間", bounds=lambda _situation: (FIRST, LAST)),
        st.builds(_range, DAYS, st.integers(0, 60)) | DAYS.map(lambda day: {"from": day.isoformat()}),
        ("from", "to"),
    ),
    "Slot": Kind(
        Slot("k", "日時", pool=lambda _answers: VISIT, bounds=lambda _situation: (max(TODAY, FIRST), LAST)),
        st.builds(_slot, DAYS, st.sampled_from(slots.times(OFFICE, VISIT)))
        | DAYS.map(lambda day: {"day": day.isoformat()}),
        ("day", "time"),
    ),
    "Choice": Kind(Choice("k", "どれ", OPTIONS), st.sampled_from(["a", "b", "none"])),
    "Choices": Kind(
        Choices("k", "どれ", OPTIONS),
        st.sampled_from([["a"], ["a", "b"], ["b", "none"], {"picked": []}, {"picked": ["b"]}]),
        ("", "add", "several", "done", "picked"),
    ),
    "Consent": Kind(Consent("k", "確認", statement="行います。"), st.just(value=True)),
    "Photo": Kind(
        Photo("k", "写真"),
        st.from_regex(r"[0-9A-Za-z_-]{1,40}", fullmatch=True).map(lambda name: {"photo": name}),
        ("photo",),
    ),
    "Place": Kind(
        Place("k", "場所"),
        st.fixed_dictionaries({"lat": DEGREES, "lng": DEGREES, "name": PLAIN | st.just("")})
        | st.fixed_dictionaries({"name": PLAIN}),
        ("lat", "lng", "name"),
    ),
    "PostalAddress": Kind(PostalAddress("k", "住所"), ADDRESSES, ("postcode", "area", "rest")),
    "PostalAddress like another": Kind(
        PostalAddress("k", "住所", in_city=True, same_as="address"),
        st.just({**ADDRESS, "same": True}),
        ("same", "postcode", "area", "rest"),
    ),
}
unhurried = settings(deadline=None, max_examples=60)
kinds = pytest.mark.parametrize("name", KINDS)


def obeys(field: Field, raw: Raw, situation: Given) -> None:
    """Check that *raw* is refused, or gives a value that can be given again, shown and exported."""
    try:
        value = field.take(raw, situation)
    except Invalid as refused:
        JAPANESE.say(refused.message)  # its facts fit its sentence
        return
    if value is None:
        assert not field.required
        return
    again = given(answers=situation.answers)
    assert field.read(field.raw(value), again) == value
    assert field.show(value, JAPANESE) is not None
    assert len(field.cells(value, JAPANESE)) == len(field.columns())
    assert field.pending(given(value)).label


def test_every_kind_is_held_to_the_law() -> None:
    public = [getattr(fields, name) for name in fields.__all__]
    known = {each for each in public if isinstance(each, type) and issubclass(each, Field)} - {Field}

    assert {type(kind.field) for kind in KINDS.values()} == known


@kinds
@search(data=st.data())
@unhurried
def test_what_was_read_can_be_read_again_and_is_the_same(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    value = data.draw(kind.values)
    situation = given(answers=ANSWERS)

    assert kind.field.read(kind.field.raw(value), situation) == value


@kinds
@search(text=st.text(), data=st.data())
@unhurried
def test_any_words_give_an_answer_or_a_refusal(name: str, text: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    before = data.draw(st.none() | kind.values)

    obeys(kind.field, text, given(before, answers=ANSWERS))


@kinds
@search(data=st.data())
@unhurried
def test_any_parts_give_an_answer_or_a_refusal(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    texts = st.text(max_size=20) | st.sampled_from(
        ["a", "1", "yes", "2027-06-15", "43.1", "061-2285", "067-0000"]
    )
    parts = data.draw(st.dictionaries(st.sampled_from(kind.parts), texts | st.lists(texts, max_size=3)))
    before = data.draw(st.none() | kind.values)

    obeys(kind.field, parts, given(before, answers=ANSWERS))


@search(
    code=st.sampled_from([town.postcode for town in TOWNS]),
    area=st.sampled_from([town.address for town in TOWNS] + ["江別市", "中央区", ""]),
    more=st.text(max_size=12),
    rest=st.text("1２三ー-－丁目番地藤野五条江別市 　、見", max_size=12),
)
@settings(deadline=None, max_examples=300)
def test_any_address_of_a_page_obeys_the_law(code: str, area: str, more: str, rest: str) -> None:
    obeys(KINDS["PostalAddress"].field, {"postcode": code, "area": area + more, "rest": rest}, given())


@kinds
def test_texts_that_break_things_break_nothing(name: str) -> None:
    kind = KINDS[name]

    for text in sorted({*NASTY} - {*LONG}):
        obeys(kind.field, text, given(answers=ANSWERS))
        obeys(kind.field, dict.fromkeys(kind.parts, text), given(answers=ANSWERS))
        for part in kind.parts:
            obeys(kind.field, {part: text}, given(answers=ANSWERS))


@kinds
def test_endless_texts_are_refused_or_kept_short(name: str) -> None:
    field = KINDS[name].field

    for text in LONG:
        try:
            value = field.read(text, given(answers=ANSWERS))
        except Invalid:
            continue
        assert len(str(value)) < 15_000
