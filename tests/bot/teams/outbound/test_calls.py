"""Calls to the connector: what was queued, as it was, with whom it comes from and whom it goes to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams import calls
from storage.asjson import dump
from storage.teams.references import CHANNEL, PERSONAL, Reference

CHAT = Reference("a:1", PERSONAL, "tenant", "oid", "https://smba.example/jp/", "28:bot", "29:user")
TEAM = Reference("19:1@thread.tacv2", CHANNEL, "tenant", "", "https://smba.example/jp/", "28:bot")

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
messages = st.dictionaries(
    words | st.sampled_from(["type", "from", "conversation", "recipient", "id"]), values
)


@given(st.lists(messages, max_size=4))
def test_messages_are_read_as_they_were_queued(queued: list[Mapping[str, Any]]) -> None:
    for text in (dump({"activities": queued}), json.dumps({"activities": queued}, indent=1)):
        found = calls.activities(text)

        assert [each.said for each in found] == queued
        assert [json.loads(each.text) for each in found] == queued


@given(messages)
def test_a_message_is_sent_whole_and_only_we_say_from_whom_and_to_whom_it_is(said: Mapping[str, Any]) -> None:
    ours = {
        "from": {"id": "28:bot"},
        "conversation": {"id": "a:1", "tenantId": "tenant"},
        "recipient": {"id": "29:user"},
    }

    call = calls.say(CHAT, calls.activity(json.dumps(said)))

    body = call.body or b""
    pairs = json.loads(body, object_pairs_hook=list)
    assert json.loads(body) == {"type": "message", **said, **ours}
    assert len(pairs) == len(dict(pairs)), "no name twice"


def test_a_message_in_a_channel_is_to_nobody_alone() -> None:
    call = calls.say(TEAM, calls.activity('{"text": "見本"}'))

    assert "recipient" not in json.loads(call.body or b"")


@pytest.mark.parametrize("said", [{"text": "見本"}, {"id": "7", "text": "見本"}], ids=["plain", "with an id"])
def test_a_change_names_the_message_whose_place_it_takes(said: Mapping[str, str]) -> None:
    call = calls.change(CHAT, "1:2/3", calls.activity(json.dumps(said)))

    assert (call.method, call.url.rpartition("/")[2]) == ("PUT", "1%3A2%2F3")
    assert json.loads(call.body or b"")["id"] == "1:2/3"


def test_half_a_letter_is_not_sent() -> None:
    call = calls.say(CHAT, calls.activity('{"text": "\\ud83d"}'))

    assert json.loads(call.body or b"")
