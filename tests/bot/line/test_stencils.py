"""A question drawn from a stencil is the question drawn anew, whoever it is for."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.line import stencils
from bot.line.limits import MessageRefused
from bot.line.render import render
from bot.line.stencils import drawing
from bot.postback import PostbackCodec
from dialogs.events import Action
from dialogs.replies import Ask, Offer, Reply, Said
from dialogs.words import say
from tests.bot.line.test_transcripts_fit_line import turns
from tests.support.talks import WORDS
from tests.support.transcripts import FILES

CODEC = PostbackCodec(b"a sample key of thirty-two bytes")
ACCOUNTS = "U" + "0" * 32, "U" + "1" * 32


def page_link(talk: str) -> str:
    return f"https://desk.example.jp/f/{talk}"


def anew(replies: tuple[Reply, ...], locale: str, account: str) -> list[dict[str, Any]]:
    return render(replies, WORDS[locale], seal=partial(CODEC.seal, account), page_link=page_link)


def moved(reply: Reply, conversation: str) -> Reply:
    """Return *reply* as it is put to somebody whose conversation is *conversation*."""
    if not isinstance(reply, Ask):
        return reply
    offers = tuple(_moved(each, reply.conversation, conversation) for each in reply.offers)
    return replace(reply, conversation=conversation, offers=offers)


def _moved(offer: Offer, was: str, conversation: str) -> Offer:
    action = offer.action
    return replace(
        offer, action=replace(action, conversation=conversation) if action.conversation == was else action
    )


@pytest.mark.parametrize("locale", WORDS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_all_that_is_said_is_drawn_alike_from_stencils_and_anew(path: Path, locale: str) -> None:
    draw = drawing(CODEC)
    for account, talk in zip(ACCOUNTS, ("a" * 32, "b" * 32), strict=True):
        for replies in turns(path):
            mine = tuple(moved(each, talk) for each in replies)

            (body,) = draw(mine, WORDS[locale], account, page_link)

            assert json.loads(body)["messages"] == anew(mine, locale, account)


def questions() -> list[Ask]:
    return [reply for path in FILES for replies in turns(path) for reply in replies if isinstance(reply, Ask)]


def test_a_question_is_rendered_once_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = next(each for each in questions() if each.kept is None and each.refused is None)
    drawn: list[object] = []

    def counted(*given: Any, **more: Any) -> list[dict[str, Any]]:
        drawn.append(given)
        return render(*given, **more)

    monkeypatch.setattr(stencils, "render", counted)
    draw = drawing(CODEC)

    for account in ACCOUNTS * 3:
        draw((Said(say("見本")), ask), WORDS["ja"], account, page_link)

    assert len(drawn) == 1


def test_the_buttons_of_a_stencil_are_the_persons_own() -> None:
    ask = next(each for each in questions() if each.offers)
    draw = drawing(CODEC)
    mine, others = (draw((ask,), WORDS["ja"], account, page_link)[0] for account in ACCOUNTS)

    def opened(body: str, account: str) -> list[Action | None]:
        items = json.loads(body)["messages"][-1]["quickReply"]["items"]
        data = [each["action"]["data"] for each in items if each["action"]["type"] == "postback"]
        return [CODEC.open(account, each) for each in data]

    assert all(opened(mine, ACCOUNTS[0]))
    assert not any(opened(mine, ACCOUNTS[1]))
    assert opened(others, ACCOUNTS[1]) == opened(mine, ACCOUNTS[0])


def test_what_line_would_refuse_is_not_drawn_from_a_stencil_either(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = next(each for each in questions() if each.kept is None and each.refused is None)
    monkeypatch.setattr(stencils, "render", lambda *_given, **_more: [{"type": "text", "text": "x" * 6000}])

    with pytest.raises(MessageRefused):
        drawing(CODEC)((ask,), WORDS["ja"], ACCOUNTS[0], page_link)


def test_no_more_stencils_are_kept_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stencils, "MOST", 3)
    kept = stencils.Stencils(CODEC)

    for ask in questions():
        kept.drawn((ask,), WORDS["ja"], ACCOUNTS[0])

    assert kept.count() == 3
