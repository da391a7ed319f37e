"""Workbooks of surveys at a terminal."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from bot.cli import main
from tests.support.workbooks import asking, question


def checked(file: Path, data: bytes, *more: str) -> tuple[int, list[str]]:
    file.write_bytes(data)
    told = CliRunner().invoke(main, ["survey", "check", str(file), *more])
    return told.exit_code, told.output.splitlines()


def test_a_workbook_is_checked_at_a_terminal(tmp_path: Path) -> None:
    code, lines = checked(tmp_path / "survey.xlsx", asking(question("text", "Q1")))

    assert code == 0
    assert lines[0] == "- survey!B2 「Q1」は「q1」として扱います。"
    assert lines[1].startswith("survey sample, edition 1-")
    assert lines[1].endswith(": 見本のアンケート (1 questions; ja)")


def test_what_is_wrong_is_told_by_its_place_and_nothing_is_taken(tmp_path: Path) -> None:
    code, lines = checked(tmp_path / "survey.xlsx", asking(question("colour", "q")))

    assert code == 1
    assert lines[0].startswith("! survey!A2 この type はわかりません。")
    assert lines[-1] == "Error: no survey: 1 problems"
    assert checked(tmp_path / "survey.csv", b"type,name")[1][0].startswith("! Excelのブック")
