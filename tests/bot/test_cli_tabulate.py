"""``madoguchi survey tabulate``: the console's numbers from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bot import tabulating
from bot.cli import main
from bot.words import words_for
from storage import accesslog
from storage import engine as database
from tests.support.surveyed import KEY, fill, more


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "x" * 40)
    engine = database.create(sqlite_url)
    fill(engine, 40)
    engine.dispose()
    return sqlite_url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["survey", "tabulate", *arguments])


def test_it_prints_every_question(url: str) -> None:
    done = run(KEY)

    assert done.exit_code == 0, done.output
    assert done.output.count("全体（n）\t40") == 29, "one question was put to some alone"


def test_it_writes_a_workbook_or_csv_and_the_access_log_says_so(url: str) -> None:
    assert run(KEY, "--out", "a.xlsx").output == "a.xlsx written: 40 answers\n"
    assert run(KEY, "--out", "a.csv").exit_code == 0

    assert len(openpyxl.load_workbook("a.xlsx").sheetnames) == 35, "contents, questions, words, ballots"
    assert Path("a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert sorted(map(str, Path().glob(".*part"))) == []
    engine = database.create(url)
    with database.read(engine) as conn:
        assert [each.detail for each in accesslog.entries(conn)] == ["csv", "xlsx"]
    engine.dispose()


def test_of_a_snapshot_it_says_the_published_numbers_each_time(url: str) -> None:
    engine = database.create(url)
    made = tabulating.take(engine, KEY, words_for("ja"), "見本 職員", date(2027, 6, 7))
    assert made
    before = run(KEY, "--snapshot", made.id).output

    more(engine, 10, seed=2)
    engine.dispose()

    assert run(KEY, "--snapshot", made.id).output == before
    assert "\tX" in before
    assert run(KEY, "--snapshot", made.id, "--out", "b.xlsx").exit_code == 0
    assert "個票" not in openpyxl.load_workbook("b.xlsx").sheetnames


def test_it_says_in_one_line_what_is_not_there(url: str) -> None:
    assert "there is no survey nothing" in run("nothing").output
    assert f"there is no snapshot none of {KEY}" in run(KEY, "--snapshot", "none").output
    assert ".xlsx or .csv" in run(KEY, "--out", "a.pdf").output
