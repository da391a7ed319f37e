"""Texts that break things, sent to every question of every form and to every moment of a talk, at a real desk.

``MADOGUCHI_TEXTS`` sends more of them to each; ``MADOGUCHI_SEED`` others.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from bot import vault_keys
from bot.clock import day_of
from bot.exports.cases import Cases
from bot.exports.export import ENCODINGS, Export, Wish
from bot.exports.guard import MARK
from bot.exports.source import Reader, Source
from bot.holders import HolderDesk
from bot.service import Service
from dialogs.events import Parts
from dialogs.fields.base import Field
from dialogs.procedure import Role
from dialogs.procedures import REGISTER
from dialogs.slots import VISIT
from storage import engine as database
from storage import pools
from storage.tables import cases, inbox
from tests.hostile.counter import GUESSES, Counter
from tests.hostile.storm import hurried
from tests.nasty import NASTY
from tests.support import meetings
from tests.support.holders import csv as csv_of
from tests.support.service import Webhooks, count, user

TEXTS = int(os.environ.get("MADOGUCHI_TEXTS", "30"))
SEED = int(os.environ.get("MADOGUCHI_SEED", "1"))
MOST_FILED = 40
# What members of the staff report is typed in Teams, and tried there.
PROCEDURES = [each.key for each in REGISTER.procedures if each.steps[0].role is Role.RESIDENT]
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def texts(counter: Counter, about: str) -> Sequence[str]:
    """Return the texts that are tried at *about*: others at each, and made of two where all are tried."""
    # What the database may dislike is soon found; what reading dislikes does not depend on the database.
    wanted = TEXTS if counter.service.engine.dialect.name == "sqlite" else TEXTS // 3
    chance = Random(f"{SEED}/{about}/{wanted}")
    if len(NASTY) >= wanted:
        return chance.sample(NASTY, wanted)
    short = [text for text in NASTY if len(text) < 300]
    made = [chance.choice(short) + chance.choice(short) for _ in range(wanted - len(NASTY))]
    return [*NASTY, *made]


@pytest.fixture(params=PROCEDURES)
def counter(request: pytest.FixtureRequest, service: Service) -> Counter:
    hurried(service)
    procedure = REGISTER.of(request.param)
    assert procedure
    with_room_for_all(service)
    return Counter(service, procedure, Webhooks(user(0xFEE7)))


def with_room_for_all(service: Service) -> None:
    """Let everybody be on the list of holders, every time be free for all, and a meeting have seats for them."""
    vault_keys.complete(service.settings.vault_keys_file)
    holders = HolderDesk(service.engine, service.vault, service.world(day_of(service.clock.now())).postal)
    preview = holders.preview(csv_of([(GUESSES[0], "", "札幌市南区藤野五条3丁目1-2", "")]), "mihon", 0)
    holders.take(preview.draft, "mihon", "admin", 0)
    with database.write(service.engine) as conn:
        pools.capacity(conn, VISIT, 10 * MOST_FILED)
    meetings.opened(service, seats_on_site=10 * MOST_FILED, seats_online=10 * MOST_FILED)


def told(counter: Counter, text: str) -> None:
    """Type *text*; check that it is answered and that what is kept can be given again; put all back."""
    heard = counter.says(text)

    assert heard.messages, ascii(text[:60])
    assert heard.too_much() == [], ascii(text[:60])
    assert counter.unlike(heard.answers) == [], ascii(text[:60])
    counter.back()


def test_whatever_is_typed_at_whichever_question_is_answered(counter: Counter) -> None:
    taken = set()

    for asked in counter.asked_in_talk():
        counter.stand(counter.before(asked), asked.key)
        begun = counter.heard().answers
        for text in texts(counter, asked.key):
            heard = counter.says(text)
            assert heard.messages, (asked.key, ascii(text[:60]))
            assert heard.too_much() == [], (asked.key, ascii(text[:60]))
            assert counter.unlike(heard.answers) == [], (asked.key, ascii(text[:60]))
            taken |= {asked.key} if heard.answers != begun else set()
            counter.back()

    assert taken, "no text was an answer: nothing was tried"
    assert count(counter.service, inbox, state="done") == count(counter.service, inbox)


def test_whatever_is_typed_at_any_other_moment_is_answered(counter: Counter) -> None:
    counter.stand(counter.before(None))
    for text in texts(counter, "before the private page"):
        told(counter, text)

    refused, _heard = counter.sends(counter.page())
    assert not refused
    for text in texts(counter, "at the review"):
        heard = counter.says(text)
        assert heard.messages, ascii(text[:60])
        assert heard.too_much() == [], ascii(text[:60])

    assert count(counter.service, inbox, state="failed") == 0


def parts_of(asked: Field, counter: Counter) -> tuple[str, ...]:
    return tuple(each.part for each in asked.inputs(counter.given(counter.before(None))))


def spoilt(counter: Counter) -> Iterator[tuple[str, dict[str, Parts]]]:
    """Yield pages with one text that breaks things, each with the key of the question it stands in."""
    page = counter.page()
    for asked in counter.private():
        for part in parts_of(asked, counter):
            for text in texts(counter, f"{asked.key}.{part}"):
                yield asked.key, {**page, asked.key: {**page.get(asked.key, {}), part: text}}


def test_whatever_stands_on_the_private_page_is_refused_or_kept_as_it_is(counter: Counter) -> None:
    counter.stand(counter.before(None))
    taken = set()

    for key, page in spoilt(counter):
        refused, heard = counter.sends(page)
        shown = key, ascii(str(page[key])[:80])
        if refused:
            assert heard.messages == (), shown
        else:
            taken.add(key)
            assert heard.messages, shown
            assert heard.too_much() == [], shown
            assert counter.unlike(counter.kept_in_vault()) == [], shown
        for invalid in refused.values():
            counter.service.words["ja"].say(invalid.message)
        counter.back()

    assert taken, "every text was refused: nothing was tried"
    assert count(counter.service, inbox, state="failed") == 0


def test_whatever_was_filed_is_exported_as_cells_that_do_nothing(counter: Counter, tmp_path: Path) -> None:
    counter.stand(counter.before(None))
    every = list(spoilt(counter))
    for _key, page in Random(SEED).sample(every, len(every)):
        if count(counter.service, cases) < MOST_FILED:
            refused, _heard = counter.sends(page)
            if not refused:
                counter.says("申請する")
            counter.back()
    filed = count(counter.service, cases)
    assert filed > 20

    for encoding in ENCODINGS:
        content = b"".join(_export(counter, Wish("csv", encoding), tmp_path).pieces())
        table = list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))
        assert len(table) == filed + 1
        assert [cell for row in table for cell in row if _runs(cell)] == []

    (tmp_path / "book.xlsx").write_bytes(b"".join(_export(counter, Wish("xlsx"), tmp_path).pieces()))
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.worksheets[0].max_row == filed + 1
    assert [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []
    book.close()


def _runs(cell: str) -> bool:
    """Return whether a spreadsheet would take *cell* for a formula; a plain number may have its sign."""
    bare = cell.lstrip()
    return bare.startswith(FORMULA) and not cell.startswith(MARK) and not _is_number(bare)


def _is_number(text: str) -> bool:
    return text.isascii() and text[1:].replace(".", "", 1).isdecimal()


def _export(counter: Counter, wish: Wish, folder: Path) -> Export:
    service = counter.service
    world = service.world(day_of(service.clock.now()))
    dataset = Cases(counter.procedure, service.words["ja"], world)
    source = Source(service.engine, service.vault, service.clock, dataset, Reader("mihon", "admin"))
    return Export(source, wish, folder)
