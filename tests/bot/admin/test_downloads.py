"""Downloads of the console, and the command that gives the same rows."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.admin.export_command import Order, datasets, write
from bot.exports.rooms import Rooms
from bot.service import Service
from storage import accesslog
from storage import engine as database
from storage.accesslog import Entry
from tests.bot.admin.conftest import CORRECTED, ENGLISH, FIRST, URGENT, WITHDRAWN
from tests.support.applying import APPLICANT, fill_page, to_the_page, type_all
from tests.support.service import StandingClock, Webhooks
from tests.support.staff import NAME, Staff, said

ALL = [FIRST, WITHDRAWN, CORRECTED, ENGLISH, URGENT]


def table(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def logged(service: Service) -> list[Entry]:
    with database.read(service.engine) as conn:
        return list(accesslog.entries(conn))


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order("fence_loan", "csv", "utf-8-sig", "labels", None, None, tmp_path / "fence.csv")


def run(service: Service, order: Order, clock: StandingClock) -> list[str]:
    return list(write(service.settings, order, service.register, clock))


# --- the console


def test_a_csv_holds_every_application_with_its_personal_answers(staff: Staff) -> None:
    answer = staff.get("/admin/export/fence_loan.csv")

    header, *rows = table(answer.data)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert [row[0] for row in rows] == ALL
    first = dict(zip(header, rows[0], strict=True))
    assert (first["申請者氏名"], first["電話"], first["住所（郵便番号）"]) == (
        "見本 一郎",
        "011-211-2879",
        "061-2285",
    )
    assert (first["貸出期間（開始日）"], first["設置場所の周囲長"]) == ("2027-06-11", "40")
    assert dict(zip(header, rows[1], strict=True))["取下げ日時"] == "2027-05-29 16:09"
    assert dict(zip(header, rows[3], strict=True))["申請者の言語"] == "English"


def test_a_download_says_how_long_it_is_so_that_half_of_it_is_seen_to_be_half(staff: Staff) -> None:
    for kind in ("csv", "xlsx"):
        answer = staff.get(f"/admin/export/fence_loan.{kind}")

        assert answer.content_length == len(answer.data)


def test_a_download_that_breaks_off_in_the_making_sends_none_of_it(
    staff: Staff, samples: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, conn: object, page: object) -> dict[str, object]:
        raise OSError("disk full")

    monkeypatch.setattr("bot.exports.source.Moment._opened", broken)
    answer = staff.get("/admin/export/fence_loan.csv")

    assert answer.status_code == 500
    assert "受付番号".encode() not in answer.data
    assert list(samples.settings.exports_folder.iterdir()) == []


def test_asking_for_the_head_of_a_download_opens_nothing(staff: Staff, samples: Service) -> None:
    answer = staff.client.head("/admin/export/fence_loan.csv")

    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert logged(samples) == []


def test_a_workbook_holds_them_as_well(staff: Staff, tmp_path: Path) -> None:
    answer = staff.get("/admin/export/fence_loan.xlsx")

    (tmp_path / "a.xlsx").write_bytes(answer.data)
    workbook = load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in workbook.worksheets[0]["A"]] == ["受付番号", *ALL]
    assert workbook.worksheets[0].title == "電気柵の貸出"
    workbook.close()


def test_the_file_s_name_says_what_and_when_in_ascii_and_in_japanese(staff: Staff) -> None:
    disposition = staff.get("/admin/export/fence_loan.csv").headers["Content-Disposition"]

    assert disposition == (
        'attachment; filename="fence_loan_20270607.csv"; '
        "filename*=UTF-8''%E9%9B%BB%E6%B0%97%E6%9F%B5%E3%81%AE%E8%B2%B8%E5%87%BA_20270607.csv"
    )


def test_days_keys_and_shift_jis_are_a_matter_of_choice(staff: Staff) -> None:
    answer = staff.get(
        "/admin/export/fence_loan.csv",
        **{"from": "2027-06-02", "to": "2027-06-04", "header": "keys", "encoding": "cp932"},
    )

    header, *rows = table(answer.data, "cp932")
    assert answer.content_type == "text/csv; charset=Shift_JIS"
    assert header[:3] == ["reference", "state", "filed_at"]
    assert [row[0] for row in rows] == [CORRECTED, ENGLISH]


@pytest.mark.parametrize(
    "query",
    [{"encoding": "utf-16"}, {"header": "no"}, {"from": "x"}, {"from": "2027-06-02", "to": "2027-06-01"}],
)
def test_a_wish_that_cannot_be_met_is_said_and_nothing_is_opened(
    staff: Staff, samples: Service, query: dict[str, str]
) -> None:
    for name in ("fence_loan.csv", "fence_loan.xlsx", "fence_loan.report.txt"):
        answer = staff.get(f"/admin/export/{name}", **query)
        assert answer.status_code == 422
        assert "入力を確かめてください" in said(answer)
    assert logged(samples) == []


def test_the_report_of_what_shift_jis_lacks_can_be_downloaded(staff: Staff) -> None:
    answer = staff.get("/admin/export/fence_loan.report.txt", encoding="cp932")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="fence_loan.report.txt"'
    assert answer.data.decode("utf-8-sig") == "すべての文字をそのまま書き出せます。\r\n"


def test_every_opening_and_the_export_itself_are_logged(staff: Staff, samples: Service) -> None:
    assert staff.get("/admin/export/fence_loan.csv").data

    found = logged(samples)
    assert [each.kind for each in found] == ["export", *["record"] * 5]
    assert {(each.by, each.role, each.why) for each in found} == {(NAME, "admin", "export")}
    page = staff.page("/admin/access-log")
    assert "rows=5 sha256=" in page
    assert all(reference in page for reference in ALL)


def test_the_page_says_what_there_is(staff: Staff) -> None:
    text = staff.page("/admin/export/")

    assert "Excelでダウンロード" in text
    assert "CSVでダウンロード" in text


# --- the command


def test_the_command_writes_the_rows_of_the_console(
    staff: Staff, samples: Service, order: Order, clock: StandingClock
) -> None:
    lines = run(samples, order, clock)

    assert order.out
    assert order.out.read_bytes() == staff.get("/admin/export/fence_loan.csv").data
    assert lines == ["5件を書き出しました。置きかえた文字：0"]


def test_the_command_knows_the_datasets(samples: Service) -> None:
    steps = {step.form.key for each in samples.register.procedures for step in each.steps if step.form}
    assert {"loan_pickup", "guidance_visit"} < steps < set(datasets(samples.register))
    assert [each for each in datasets(samples.register) if each not in steps] == [
        "fence_loan",
        "loans",
        "checks",
        "parts",
        "part_moves",
        "install_guidance",
        "visits",
        "inspection",
        "inspection_items",
        "incident",
        "exchange_meeting",
        "signatures",
        "questions",
    ]


def test_without_a_file_the_command_writes_to_standard_output(
    samples: Service, clock: StandingClock, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    order = Order("fence_loan", "csv", "utf-8-sig", "keys", date(2027, 6, 5), None, None)

    run(samples, order, clock)

    assert [row[0] for row in table(capfdbinary.readouterr().out)] == ["reference", URGENT]


def test_losses_are_told_and_kept_beside_the_file(
    samples: Service, order: Order, clock: StandingClock
) -> None:
    phone = Webhooks()
    to_the_page(samples, phone)
    fill_page(samples, phone.user_id, {**APPLICANT, "name": {"": "𠮷野 見本"}})
    type_all(samples, phone, "申請する")

    lines = run(samples, replace(order, encoding="cp932"), clock)

    assert order.out
    report = order.out.with_name("fence.csv.report.txt").read_text("utf-8").splitlines()
    assert report == lines[:-1] == ["R9-0006 申請者氏名：「𠮷」（U+20BB7）を「吉」にしました"]
    assert lines[-1].endswith("置きかえた文字：1")


def test_a_file_that_was_not_finished_does_not_appear(
    samples: Service, order: Order, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert order.out
    order.out.write_text("the file of yesterday")

    def broken(self: object) -> Iterator[bytes]:
        yield b"half"
        raise OSError("disk full")

    monkeypatch.setattr("bot.admin.export_command.Export.pieces", broken)
    with pytest.raises(OSError, match="disk full"):
        run(samples, order, clock)

    assert order.out.read_text() == "the file of yesterday"
    assert [each.name for each in order.out.parent.iterdir() if each.name.startswith(".")] == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from bot.admin.export_command import Order, write
from bot.exports import source as sources
from tests.support.service import StandingClock, settings

sources.PAGE = 1
opened = sources.Moment._opened
def last(self, page):
    if page[0].case.reference.endswith("4"):
        os.kill(os.getpid(), signal.SIGKILL)
    return opened(self, page)
sources.Moment._opened = last
url, folder, kind = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
order = Order("fence_loan", kind, "utf-8-sig", "labels", None, None, folder / "fence" if sys.argv[4] else None)
list(write(settings(url, folder), order, clock=StandingClock()))
"""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("out", ["file", ""])
def test_a_killed_export_leaves_nothing_that_looks_like_a_file(
    samples: Service, tmp_path: Path, kind: str, out: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, samples.settings.database_url, str(tmp_path), kind, out],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )

    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, b"")
    assert not [each for each in tmp_path.iterdir() if "fence" in each.name]
    assert len(logged(samples)) == 3
    Rooms(samples.settings.exports_folder).sweep()
    assert list(samples.settings.exports_folder.iterdir()) == []


def test_a_file_is_for_its_owner_only(samples: Service, order: Order, clock: StandingClock) -> None:
    run(samples, order, clock)

    assert order.out
    assert order.out.stat().st_mode & 0o077 == 0


def test_a_bar_is_drawn_for_whoever_watches_a_terminal(
    samples: Service,
    order: Order,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    lines = run(samples, replace(order, encoding="cp932"), clock)

    drawn = capsys.readouterr()
    assert "書き出し" in drawn.err
    assert "5/5" in drawn.err
    assert drawn.out == ""
    assert lines == ["5件を書き出しました。置きかえた文字：0"]


@pytest.mark.parametrize("is_watched", [True, False])
def test_a_quiet_command_says_nothing(
    samples: Service,
    order: Order,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_watched: bool,
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_watched)

    assert run(samples, replace(order, quiet=True), clock) == []
    assert capsys.readouterr().err == ""
    assert order.out
    assert order.out.exists()


def test_nobody_who_watches_no_terminal_is_shown_a_bar(
    samples: Service, order: Order, clock: StandingClock, capsys: pytest.CaptureFixture[str]
) -> None:
    run(samples, order, clock)

    assert capsys.readouterr().err == ""


def test_an_export_that_breaks_off_leaves_nothing_anywhere(
    samples: Service,
    order: Order,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    def broken(self: object) -> Iterator[bytes]:
        yield b"half"
        raise OSError("disk full")

    monkeypatch.setattr("bot.admin.export_command.Export.pieces", broken)
    with pytest.raises(OSError, match="disk full"):
        run(samples, replace(order, out=None), clock)

    assert capfdbinary.readouterr().out == b""
    assert list(samples.settings.exports_folder.iterdir()) == []


def test_the_command_s_export_stands_in_the_log_under_the_user_s_name(
    samples: Service, order: Order, clock: StandingClock
) -> None:
    run(samples, order, clock)

    assert {each.by.split(":")[0] for each in logged(samples)} == {"command line"}


def test_an_unknown_dataset_is_refused(samples: Service, order: Order, clock: StandingClock) -> None:
    with pytest.raises(LookupError):
        run(samples, replace(order, dataset="nothing"), clock)
