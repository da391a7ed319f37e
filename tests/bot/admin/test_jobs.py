"""A long export is made in the background, for whoever asked and for nobody else, and does not lie about."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from bot.exports import source as sources
from bot.exports.jobs import LIFE, Workshop
from bot.exports.rooms import Rooms, held
from bot.service import Service
from bot.serving import make_app
from storage import accesslog
from storage import engine as database
from tests.bot.admin.conftest import CORRECTED, ENGLISH, FIRST, SECRETS, URGENT, WITHDRAWN
from tests.support.service import StandingClock, until
from tests.support.staff import Staff, said

ALL = [FIRST, WITHDRAWN, CORRECTED, ENGLISH, URGENT]


pytestmark = pytest.mark.usefixtures("many")


def order(staff: Staff, kind: str = "csv", **form: str) -> str:
    """Ask for a file and return the path of its page."""
    answer = staff.post(f"/admin/export/fence_loan.{kind}", form)
    assert answer.status_code == 303, said(answer)
    return answer.headers["Location"]


def stands(staff: Staff, page: str, state: str) -> None:
    """Wait until the job stands as *state*."""
    until(lambda: staff.get(f"{page}/state").get_json()["state"] == state)


def files(service: Service) -> list[Path]:
    """Return the files of all jobs and rooms."""
    return [each for each in service.settings.exports_folder.rglob("*") if each.is_file()]


def test_a_long_export_is_made_while_its_page_shows_how_far_it_is(
    staff: Staff, gate: threading.Event
) -> None:
    page = order(staff)

    until(lambda: staff.get(f"{page}/state").get_json()["rows"] == 2)
    shown = staff.get(page)
    assert '<progress id="progress" max="5" value="2">' in shown.text
    assert "5件のうち2件を書きました" in said(shown)
    assert "作っています" in staff.page("/admin/export/")
    gate.set()
    stands(staff, page, "ready")
    assert "5件のファイルができました" in staff.page(page)
    assert "できました" in staff.page("/admin/export/")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_of_a_job_is_that_of_a_direct_download(staff: Staff, kind: str) -> None:
    page = order(staff, kind)
    stands(staff, page, "ready")

    made, direct = staff.get(f"{page}/file"), staff.get(f"/admin/export/fence_loan.{kind}")

    for header in ("Content-Type", "Content-Disposition"):
        assert made.headers[header] == direct.headers[header]
    assert made.content_length == len(made.data)
    if kind == "csv":  # a workbook says when it was made
        assert made.data == direct.data


def test_what_was_wished_for_is_made(staff: Staff) -> None:
    page = order(staff, encoding="cp932", header="keys", **{"from": "", "to": ""})
    stands(staff, page, "ready")

    content = staff.get(f"{page}/file").data.decode("cp932")

    assert [row[0] for row in csv.reader(io.StringIO(content))] == ["reference", *ALL]


def test_a_short_export_is_given_at_once(staff: Staff) -> None:
    address = order(staff, **{"from": "2027-06-02", "header": "keys"})

    assert address == "/admin/export/fence_loan.csv?from=2027-06-02&header=keys"


def test_a_wish_that_cannot_be_met_begins_nothing(staff: Staff, samples: Service) -> None:
    answer = staff.post("/admin/export/fence_loan.csv", {"from": "2027-06-32"})

    assert answer.status_code == 422
    assert files(samples) == []


def test_a_job_is_there_only_for_whoever_asked(staff: Staff, samples: Service, app: Flask) -> None:
    page = order(staff)
    stands(staff, page, "ready")
    other = Staff(samples, app, "見本 別人").sign_in()

    for address in (page, f"{page}/state", f"{page}/file"):
        assert other.get(address).status_code == 404
        assert Staff(samples, app).get(address).status_code == 303
    assert other.post(f"{page}/end").status_code == 404
    assert "fence" not in other.page("/admin/export/")
    assert staff.get(f"{page}/file").status_code == 200


def test_each_download_is_logged_beside_the_openings_and_the_export(staff: Staff, samples: Service) -> None:
    page = order(staff)
    stands(staff, page, "ready")

    assert staff.get(f"{page}/file").data

    with database.read(samples.engine) as conn:
        logged = list(accesslog.entries(conn))
    assert [each.kind for each in logged] == ["file", "export", *["record"] * 5]
    assert (logged[0].detail, logged[0].record) == ("exports", page.rpartition("/")[2])
    assert "作ったファイル" in staff.page("/admin/access-log")


def test_a_file_lies_sealed_for_its_owner_only_and_goes_after_a_quarter_of_an_hour(
    staff: Staff, samples: Service, clock: StandingClock
) -> None:
    page = order(staff)
    stands(staff, page, "ready")

    found = files(samples)
    assert found
    for each in found:
        assert each.parent.stat().st_mode & 0o077 == 0
        assert not [secret for secret in SECRETS if secret.encode() in each.read_bytes()]
    clock.advance(timedelta(milliseconds=LIFE - 1))
    assert staff.sign_in().get(f"{page}/file").status_code == 200
    clock.advance(timedelta(milliseconds=1))
    assert staff.get(f"{page}/file").status_code == 404
    assert files(samples) == []


def test_a_file_can_be_removed_before_its_time(staff: Staff, samples: Service) -> None:
    page = order(staff)
    stands(staff, page, "ready")

    assert staff.post(f"{page}/end").headers["Location"] == "/admin/export/"

    assert staff.get(page).status_code == 404
    assert files(samples) == []


def test_a_job_can_be_ended_and_leaves_nothing(staff: Staff, samples: Service, gate: threading.Event) -> None:
    page = order(staff, "xlsx")
    until(lambda: staff.get(f"{page}/state").get_json()["rows"] == 2)

    staff.post(f"{page}/end")
    assert staff.get(page).status_code == 404
    gate.set()

    until(lambda: files(samples) == [])
    with database.read(samples.engine) as conn:
        assert accesslog.entries(conn)[0].detail.endswith("rows=3 interrupted")


def test_asking_again_leads_to_the_job_at_work(staff: Staff, gate: threading.Event) -> None:
    assert order(staff) == order(staff, "xlsx")


def test_a_second_person_s_job_waits_for_the_first(
    staff: Staff, samples: Service, app: Flask, gate: threading.Event
) -> None:
    first, other = order(staff), Staff(samples, app, "見本 別人").sign_in()
    until(lambda: staff.get(f"{first}/state").get_json()["rows"] == 2)
    second = order(other)

    assert "ほかの人のファイルを作っています" in other.page(second)
    gate.set()
    stands(other, second, "ready")


def test_a_job_that_fails_says_so_and_leaves_only_its_note(
    staff: Staff, samples: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, page: object) -> dict[str, object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sources.Moment, "_opened", broken)
    page = order(staff)
    stands(staff, page, "failed")

    assert "ファイルを作れませんでした" in staff.page(page)
    until(lambda: [each.name for each in files(samples)] == ["note.json"])
    assert staff.get(f"{page}/file").status_code == 404


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.support.service import StandingClock, make
from bot.clock import day_of
from bot.exports import source as sources
from bot.exports.cases import Cases
from bot.exports.export import Wish
from bot.exports.jobs import Workshop
from bot.exports.rooms import Rooms
from bot.exports.source import Reader, Source

sources.PAGE = 1
service = make(sys.argv[1], Path(sys.argv[2]), StandingClock())
opened = sources.Moment._opened
def last(self, page):
    if page[0].case.reference.endswith("3"):
        os.kill(os.getpid(), signal.SIGKILL)
    return opened(self, page)
sources.Moment._opened = last
dataset = Cases(service.register.procedures[0], service.words["ja"], service.world(day_of(service.clock.now())))
source = Source(service.engine, service.vault, service.clock, dataset, Reader(sys.argv[3], "admin"))
Workshop(Rooms(service.settings.exports_folder)).ask(source, Wish("xlsx"), ("a.xlsx", "a.xlsx"), "text/plain")
signal.pause()
"""


def test_a_job_whose_program_was_killed_says_so_after_the_restart(
    staff: Staff, samples: Service, tmp_path: Path, clock: StandingClock
) -> None:
    url = samples.settings.database_url
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, url, str(tmp_path), staff.name],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(files(samples)) > 1, "nothing was half done"

    again = Staff(samples, make_app(samples), staff.name).sign_in()

    assert [each.name for each in files(samples)] == ["note.json"]
    [page] = re.findall(r'href="(/admin/export/jobs/[0-9a-f]+)"', again.get("/admin/export/").text)
    assert "途中で終わりました" in again.page(page)
    clock.advance(timedelta(milliseconds=LIFE))
    assert again.sign_in().get(page).status_code == 404
    assert files(samples) == []


def test_what_somebody_still_works_on_is_not_tidied_away(samples: Service, clock: StandingClock) -> None:
    shop = Workshop(Rooms(samples.settings.exports_folder))
    folder = samples.settings.exports_folder / "job-elsewhere"
    folder.mkdir(parents=True)
    lock = held(folder)

    shop.tidy(clock.now())
    assert folder.exists()
    os.close(lock)
    shop.tidy(clock.now())
    assert not folder.exists()


@pytest.mark.parametrize("name", ["..", "%2e%2e", "job-x", "a" * 32])
def test_no_name_leads_out_of_the_folder(staff: Staff, name: str) -> None:
    assert staff.get(f"/admin/export/jobs/{name}").status_code in {302, 404, 308}
