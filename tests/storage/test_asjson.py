"""What is stored as JSON text comes back as it was."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from storage import engine as database
from storage import values
from storage.asjson import dump, encode, load, load_quickly, sound


@dataclass
class Answered:
    text: str


TEXT = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_stored_comes_back_as_it_was(value: object) -> None:
    assert load(dump(value)) == value


def test_equal_answers_give_equal_texts() -> None:
    assert dump({"b": 1, "a": 2}) == dump({"a": 2, "b": 1}) == '{"a":2,"b":1}'


def test_japanese_is_stored_as_it_is_written() -> None:
    assert dump({"name": "見本"}) == '{"name":"見本"}'


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("\ud83d", "\ufffd"), ("a\udc00b", "a\ufffdb"), ("\ud83d\udc3b", "🐻"), ("見本", "見本")],
)
def test_half_of_a_pair_is_replaced_and_a_whole_one_is_joined(sent: str, kept: str) -> None:
    assert sound(sent) == kept
    assert load(dump({sent: sent})) == {kept: kept}


@pytest.mark.parametrize("sent", ["\ud83d", "\0", "\ud83d\udc3b", "見本\u2028"])
def test_whatever_was_sent_can_be_stored(engine: Engine, sent: str) -> None:
    with database.write(engine) as conn:
        values.put(conn, "sent", dump(sent))
        kept = values.get(conn, "sent")

    assert kept
    assert load(kept) == sound(sent)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [1, float("nan")]}])
def test_a_number_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump(value)


@pytest.mark.parametrize(
    "value", [date(2027, 6, 7), Answered("はい"), {"day": datetime(2027, 6, 7, tzinfo=UTC)}]
)
def test_what_json_cannot_write_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        dump(value)


def test_a_message_keeps_the_order_that_it_was_made_in() -> None:
    assert (
        encode({"type": "text", "text": "見本", "big": 2**70})
        == f'{{"type":"text","text":"見本","big":{2**70}}}'
    )
    assert encode({"b": 1, "a": None}) == '{"b":1,"a":null}'


def test_what_is_read_quickly_is_the_same() -> None:
    for text in ('{"a": [1, 2.5, null, "見本"]}', '{"half": "\\ud83d"}', "{}"):
        assert load_quickly(text) == load(text)
