"""Cards as tests need them: drawn for somebody, opened again, judged by the official parser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from bot.postback import PostbackCodec
from bot.qr import inline
from bot.teams.cards import CARD, drawing
from bot.teams.cards.pen import Pen
from bot.words import words_for
from dialogs.asking import ways_on
from dialogs.conversation import Conversation
from dialogs.events import Action
from dialogs.fields.base import Answers, Control, Field, Given
from dialogs.form import Form
from dialogs.replies import AskCard, Reply
from dialogs.words import Message
from dialogs.world import World
from tests.house import tree
from tests.support.cardlint import Json, pieces

CODEC = PostbackCodec(b"a sample key of thirty-two bytes")
ACCOUNT = "6f4c2f7e-0000-4000-8000-000000000001/6f4c2f7e-0000-4000-8000-000000000002"
CONVERSATION = "c" * 32
PARSER = tree.ROOT / "scripts" / "cards-official.cjs"
RENDERER = tree.ROOT / "bot" / "simulator" / "static" / "vendor" / "adaptivecards.min.js"


def page_link(conversation: str) -> str:
    return f"https://desk.example.jp/f/{conversation}"


def console_link(reference: str) -> str:
    return f"https://desk.example.jp/console/cases/{reference}"


def console_page(path: str) -> str:
    return f"https://desk.example.jp/console/{path}"


def pen(account: str = ACCOUNT, locale: str = "ja") -> Pen:
    """Return what the cards of one member are drawn with."""
    return Pen(
        words_for(locale),
        partial(CODEC.seal, account),
        lambda _case: str,
        page_link,
        console_link,
        console_page,
    )


def activities(*replies: Reply, locale: str = "ja") -> list[dict[str, Any]]:
    """Return what Teams is sent for *replies* to one member."""
    draw = drawing(CODEC, console_link, console_page, inline)
    bodies = draw(replies, words_for(locale), ACCOUNT, page_link)
    return [each for body in bodies for each in json.loads(body)["activities"]]


def cards_in(sent: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the cards that *sent* shows."""
    for each in sent:
        for attachment in each.get("attachments", ()):
            assert attachment["contentType"] == CARD
            yield attachment["content"]


def card(reply: Reply, locale: str = "ja") -> dict[str, Any]:
    """Return *reply*, which is one card."""
    (found,) = cards_in(activities(reply, locale=locale))
    return found


def inputs(found: Json) -> dict[str, Json]:
    """Return the inputs of a card, by id."""
    return {each["id"]: each for each in pieces(found) if str(each.get("type")).startswith("Input.")}


def buttons(found: Json, account: str = ACCOUNT) -> dict[str, Action | None]:
    """Return what each button of a card does, by its title, as it opens for *account*."""
    pressed = (each for each in pieces(found) if each.get("type") == "Action.Execute")
    return {each["title"]: CODEC.open(account, each["data"].get("m", "")) for each in pressed}


def asked_at_once(
    form: Form, answers: Answers, world: World, refused: Mapping[str, Message] | None = None, **more: Any
) -> AskCard:
    """Return the card that asks all that is missing of *form*, as the core puts it to a channel of whole forms."""
    kept = form.kept(answers)
    given = {
        each: Given(world, kept, None if each.personal else kept.get(each.key)) for each in form.missing(kept)
    }
    fields = tuple(each for each in given if not _is_photo(each, given[each]))
    offers = ways_on(form, Conversation(CONVERSATION, form.key, kept), None)
    drawn = {each.key: each.inputs(given[each]) for each in fields}
    return AskCard(form, fields, CONVERSATION, kept, refused or {}, offers=offers, inputs=drawn, **more)


def _is_photo(each: Field, given: Given) -> bool:
    return each.pending(given).control is Control.PHOTO


def node() -> str | None:
    """Return the path of Node, None where there is none: the official parser is a second opinion."""
    return shutil.which("node")


def officially(found: Sequence[Json]) -> list[str]:
    """Return what the official parser finds wrong with the cards *found*."""
    done = subprocess.run(
        [node() or "node", str(PARSER)],
        input=json.dumps([*found]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 or done.stdout, done.stderr
    return done.stdout.splitlines()
