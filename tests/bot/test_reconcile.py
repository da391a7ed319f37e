"""The ledgers compared: a house in order says zeros, and whatever is damaged in it is found."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result
from sqlalchemy import make_url, text

from bot.cli import main
from bot.findings import KINDS, NOTED, SHOWN, Report
from bot.office import load_office
from bot.reconcile import PAGE, Reconciliation
from bot.reconcile_platform import PlatformLedger
from bot.settings import PREFIX
from storage import engine as database
from storage import erasures
from storage.erasures import CASE, PERSON, Subject
from storage.erasures_file import Tombstone
from tests.conftest import BOTH
from tests.support.applying import SECRETS
from tests.support.damage import DAMAGES, SAID, SILENT, Damage
from tests.support.databases import Databases
from tests.support.kept import back_up, bring_back, settings_of
from tests.support.lived import live
from tests.support.service import StandingClock, living, settings

ZEROS = "lost 0 duplicated 0 oversold 0 crossed 0 unexplained 0"
ALWAYS = {"dead_letter", "silent_event", "undeliverable"}
"""What a house in order has to tell all the same."""

Line = dict[str, Any]


@dataclass(frozen=True)
class Lived:
    """A database in which everything has happened once, and what the platform accepted meanwhile."""

    url: str
    folder: Path
    now: int
    lines: tuple[Line, ...]

    @property
    def kind(self) -> str:
        return make_url(self.url).get_backend_name()

    def compared(self, lines: Sequence[Line] | None = None, *, after: timedelta = timedelta(0)) -> Report:
        """Return what is found *after* a while; *lines* are the platform's."""
        now = self.now + after // timedelta(milliseconds=1)
        engine = database.create(self.url)
        whole = Reconciliation(engine, settings(self.url, self.folder), load_office(None), now)
        try:
            if lines is None:
                return whole.run()
            with PlatformLedger(self.written(lines)) as whole.platform:
                return whole.run()
        finally:
            engine.dispose()

    def written(self, lines: Sequence[Line]) -> Path:
        path = self.folder / f"{uuid.uuid4().hex}.jsonl"
        path.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
        return path

    def damaged(self, damage: Damage) -> None:
        engine = database.create(self.url)
        with database.write(engine) as conn:
            damage.do(conn, self.now)
        engine.dispose()

    def one(self, wanted: str) -> Any:
        engine = database.create(self.url)
        with database.read(engine) as conn:
            found = conn.execute(text(f"SELECT {wanted}")).scalar()
        engine.dispose()
        return found

    def command(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["reconcile", *arguments], env={f"{PREFIX}DATABASE_URL": self.url})


def _silence(_logger: object, _method: str, _line: object) -> str:
    return ""


@pytest.fixture(scope="module", params=BOTH)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    folder = tmp_path_factory.mktemp("lived")
    # The usual log draws whole stacks, so slowly that the platform would wait in vain for the failing event.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[_silence])
    with databases.lent(request.getfixturevalue(f"{request.param}_template")) as url:
        with living(url, folder) as house:
            accepted = live(house)
            now = house.clock.now()
        yield Lived(url, folder, now, tuple(accepted.lines))


@pytest.fixture
def lived(
    template: Lived, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lived]:
    """Return a copy of its own of the house in which everything has happened once."""
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    databases: Databases = request.getfixturevalue(f"{template.kind}_databases")
    with databases.lent(template.url) as url:
        yield replace(template, url=url)


def test_a_house_in_order_says_zeros(lived: Lived) -> None:
    report = lived.compared(lived.lines)

    assert report.last_line() == ZEROS
    assert report.is_clean
    assert set(report.counts) == ALWAYS


def test_a_house_in_order_stays_in_order_for_days_and_after_everything_was_purged(lived: Lived) -> None:
    # What cases bring about meanwhile is done by a desk that runs.
    lived.damaged(Damage(("UPDATE reminders SET sent_at = due WHERE sent_at IS NULL",)))
    assert lived.compared(after=timedelta(days=20)).last_line() == ZEROS
    lived.damaged(Damage(("DELETE FROM inbox", "UPDATE outbox SET body = '', reply_token = NULL")))

    assert lived.compared(lived.lines, after=timedelta(days=120)).last_line() == ZEROS


@pytest.mark.parametrize(("kind", "whose"), [(PERSON, "person_id"), (CASE, "id")])
def test_a_house_in_order_stays_in_order_when_somebody_is_erased(lived: Lived, kind: str, whose: str) -> None:
    subject = Subject(kind, lived.one(f"{whose} FROM cases ORDER BY reference LIMIT 1"))
    engine = database.create(lived.url)
    with database.write(engine) as conn:
        there = erasures.survey(conn, subject, None)
        assert there
        erasures.erase(conn, there, lived.now)
        stone = Tombstone("e1", kind, subject.id, "0" * 64, lived.now)
        erasures.note(conn, stone, there.counts())
    engine.dispose()

    assert lived.one("count(*) FROM outbox WHERE recipient = ''") > 1
    assert lived.compared().last_line() == ZEROS
    assert lived.compared(lived.lines, after=timedelta(days=2)).last_line() == ZEROS


def test_a_house_in_order_stays_in_order_when_it_is_restored(
    lived: Lived, request: pytest.FixtureRequest
) -> None:
    chosen, clock = settings_of(lived.url, lived.folder), StandingClock()
    path = back_up(chosen, clock, lived.folder / f"{uuid.uuid4().hex}.backup")
    databases: Databases = request.getfixturevalue(f"{lived.kind}_databases")
    with databases.lent() as url:
        bring_back(chosen, clock, path, url)

        again = replace(lived, url=url)

        assert again.one("last FROM series") > again.one("count(*) FROM cases")
        assert again.compared().last_line() == ZEROS


@pytest.mark.parametrize("kind", DAMAGES)
def test_each_damage_is_found_by_its_name(lived: Lived, kind: str) -> None:
    damage = DAMAGES[kind]
    lived.damaged(damage)

    report = lived.compared(damage.lines([*lived.lines]) if damage.lines else None, after=damage.after)

    assert report.counts[kind] >= 1, list(report.lines())
    column = KINDS[kind].column
    assert column == NOTED or report.totals()[column] >= 1
    assert report.is_clean == (column == NOTED)


def test_there_is_a_damage_for_every_kind() -> None:
    assert list(DAMAGES) == list(KINDS)


def test_an_event_that_the_platform_saw_acknowledged_must_have_been_answered(lived: Lived) -> None:
    silent = lived.one(SILENT)
    heard = {"at": lived.now, "kind": "event", "event": silent, "type": "unfollow"}

    assert lived.compared([*lived.lines, heard]).last_line() == ZEROS
    assert lived.compared([*lived.lines, {**heard, "type": "message"}]).totals()["lost"] == 1


def test_a_message_behind_one_that_is_put_off_is_not_late(lived: Lived) -> None:
    thread = f"SELECT thread FROM outbox WHERE id = {SAID}"
    waiting = (
        f"UPDATE outbox SET state = 'waiting', done_at = NULL, due = :now - 700000 WHERE thread = ({thread})"
    )
    first = "(SELECT min(id) FROM outbox WHERE state = 'waiting')"
    lived.damaged(Damage((waiting, f"UPDATE outbox SET due = :now + 3000000 WHERE id = {first}")))

    assert lived.compared().last_line() == ZEROS


# --- the command


def test_the_command_ends_with_the_line_and_with_0_where_all_is_well(lived: Lived) -> None:
    told = lived.command()

    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[-1] == ZEROS


def test_the_command_ends_with_1_and_names_what_it_found(lived: Lived) -> None:
    message = lived.one(SAID)
    lived.damaged(DAMAGES["message_crossed"])

    told = lived.command()

    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == ZEROS.replace("crossed 0", "crossed 1")
    found = [line for line in told.stdout.splitlines() if "message_crossed" in line]
    assert len(found) == 1
    assert f"(message {message})" in found[0]


def test_the_command_takes_the_platforms_ledger(lived: Lived) -> None:
    whole, short = lived.written(lived.lines), lived.written(lived.lines[1:])

    assert lived.command("--platform", str(whole)).exit_code == 0
    assert lived.command("--platform", str(short)).stdout.splitlines()[-1].startswith("lost 1 ")


def test_the_command_leaves_out_what_is_older(lived: Lived) -> None:
    lived.damaged(DAMAGES["message_crossed"])

    assert lived.command("--since", "2027-06-07").exit_code == 1
    assert lived.command("--since", "2027-06-08").exit_code == 0


def test_no_line_names_a_person(lived: Lived) -> None:
    people = ["message_crossed", "receipt_crossed", "record_missing", "current_crossed", "case_empty"]
    for each in people:
        lived.damaged(DAMAGES[each])
    accounts = {str(line["to"]) for line in lived.lines}

    said = lived.command("--platform", str(lived.written(lived.lines[1:]))).output

    assert len(said.splitlines()) > len(people)
    assert not [each for each in (*SECRETS, *accounts, "U-other") if each in said]


def test_a_line_shows_the_first_ids_only() -> None:
    report = Report()
    for number in range(SHOWN + 5):
        report.add("message_crossed", number)

    first, last = report.lines()

    assert " 15 " in first
    assert f"{SHOWN - 1}, …)" in first
    assert last == ZEROS.replace("crossed 0", "crossed 15")


def test_more_rows_than_a_page_are_gone_through(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PAGE > 1
    monkeypatch.setattr("bot.reconcile.PAGE", 3)
    lived.damaged(DAMAGES["message_crossed"])
    lived.damaged(DAMAGES["filed_by_other"])

    report = lived.compared()

    assert (report.counts["message_crossed"], report.counts["filed_by_other"]) == (1, 1)
    assert report.totals()["lost"] == 0
