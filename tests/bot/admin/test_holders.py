"""The list of subsidy holders in the console: looked at before it counts, and never readable afterwards (003-04)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.service import Service
from storage import accesslog, holders
from storage import engine as database
from storage.keyring import PRINTS, VaultKeyMissing, add_key
from storage.schema import metadata
from tests.support.holders import NAMES, ROWS, SATO, SUZUKI, TANAKA, csv, xlsx
from tests.support.service import StandingClock
from tests.support.staff import Staff, said


@pytest.fixture(autouse=True)
def _key(samples: Service) -> None:
    add_key(samples.settings.vault_keys_file, PRINTS)


def upload(staff: Staff, content: bytes, name: str = "名簿.csv") -> TestResponse:
    """Send *content* as the file of the page."""
    form = {"seal": staff.seal(), "list": (io.BytesIO(content), name)}
    return staff.client.post("/admin/holders/", data=form, content_type="multipart/form-data")


def draft_of(answer: TestResponse) -> str:
    return answer.text.partition('name="draft" value="')[2].partition('"')[0]


def take(staff: Staff, answer: TestResponse, **more: str) -> TestResponse:
    """Press the button of a preview."""
    many = {"many": "yes"} if 'name="many"' in answer.text else {}
    return staff.post("/admin/holders/take", {"draft": draft_of(answer), **many, **more})


def count(service: Service) -> int:
    with database.read(service.engine) as conn:
        return holders.count(conn)


def test_a_list_is_looked_at_before_it_counts(staff: Staff, samples: Service) -> None:
    preview = upload(staff, csv())

    assert preview.status_code == 200
    assert "まだ登録していません" in said(preview)
    assert "新しい名簿 3件 増える 3件 住所が変わる 0件 消える 0件" in said(preview)
    assert count(samples) == 0

    assert take(staff, preview).status_code == 303
    page = staff.page("/admin/holders/")
    assert "いまの名簿：3件" in page
    assert "2027-06-07 10:00 見本 職員 3 3 0 0" in page


def test_what_would_change_is_told_before_it_does(staff: Staff, samples: Service) -> None:
    take(staff, upload(staff, csv()))
    moved = ("R9-0013", "見本 花子", "札幌市西区西野三条2丁目9-9", "")
    preview = upload(staff, xlsx([SUZUKI, moved, ("R9-0015", "", "札幌市中央区盤渓9", "")]), "名簿.xlsx")

    assert "新しい名簿 3件 増える 1件 住所が変わる 1件 消える 1件" in said(preview)
    take(staff, preview)
    assert count(samples) == 3


def test_the_same_file_twice_is_harmless(staff: Staff, samples: Service) -> None:
    take(staff, upload(staff, csv()))
    again = upload(staff, xlsx(list(reversed(ROWS))))

    assert "登録済みの名簿と同じです（3件）。何もしていません。" in said(again)
    assert draft_of(again) == ""
    assert count(samples) == 3


def test_pressing_the_button_twice_takes_the_list_once(staff: Staff, samples: Service) -> None:
    preview = upload(staff, csv())

    assert [take(staff, preview).status_code for _ in range(2)] == [303, 303]
    with database.read(samples.engine) as conn:
        assert len(holders.lists(conn)) == 1


def test_one_faulty_row_keeps_the_whole_list_out_and_is_named(staff: Staff, samples: Service) -> None:
    answer = upload(staff, csv([SUZUKI, ("", "見本 花子", SATO[2], ""), TANAKA]))

    assert answer.status_code == 422
    assert "登録していません。次のところを直してください" in said(answer)
    assert "3 補助金番号 空です。" in said(answer)
    assert draft_of(answer) == ""
    assert count(samples) == 0


def test_a_faulty_list_leaves_the_one_that_counts_as_it_is(staff: Staff, samples: Service) -> None:
    take(staff, upload(staff, csv()))
    upload(staff, csv([SUZUKI, SUZUKI]))

    assert count(samples) == 3


def test_what_a_file_says_is_never_drawn_as_markup(staff: Staff) -> None:
    answer = upload(staff, csv([("<script>", "", "<b>札幌市</b>", "")]))

    assert "<script>" not in answer.text.partition("</head>")[2]


def test_very_many_faults_are_counted(staff: Staff) -> None:
    assert "ほかに 50か所あります。" in said(upload(staff, csv([("なし", "", "札幌市", "")] * 150)))


def test_no_file_and_a_far_too_large_one_are_refused_kindly(staff: Staff) -> None:
    nothing = upload(staff, b"")
    large = staff.client.post(
        "/admin/holders/",
        data=b" " * 3_000_000,
        content_type="multipart/form-data",
        headers={"Accept": "text/html"},
    )

    assert (nothing.status_code, large.status_code) == (422, 413)
    assert "名簿のファイルをえらんでください。" in said(nothing)
    assert "入力が長すぎます" in said(large)


def test_addresses_that_nobody_can_check_are_told_and_taken(staff: Staff, samples: Service) -> None:
    preview = upload(staff, csv([SUZUKI, ("R9-0020", "", "どこかの町1-2", "")]))

    assert "1件の住所は、町名の表で確かめられませんでした。" in said(preview)
    assert "行：3" in said(preview)
    take(staff, preview)
    assert count(samples) == 2


def test_a_list_that_would_remove_most_holders_needs_a_second_word(staff: Staff, samples: Service) -> None:
    take(staff, upload(staff, csv()))
    preview = upload(staff, csv([SUZUKI]))

    assert "名簿の半分より多くの方が消えます" in said(preview)
    assert take(staff, preview).status_code == 422
    assert count(samples) == 3
    assert take(staff, preview, surely="yes").status_code == 303
    assert count(samples) == 1


def test_a_list_that_somebody_else_took_first_is_to_be_looked_at_anew(staff: Staff, samples: Service) -> None:
    mine, theirs = upload(staff, csv([SUZUKI])), upload(staff, csv([SATO]))
    take(staff, theirs)
    answer = take(staff, mine)

    assert answer.status_code == 409
    assert "ほかの人が先に名簿を登録しました" in said(answer)
    assert count(samples) == 1


def test_a_draft_is_gone_after_a_day(staff: Staff, samples: Service, clock: StandingClock) -> None:
    preview = upload(staff, csv())
    clock.advance(timedelta(days=1, minutes=1))
    staff.sign_in()
    upload(staff, csv([SUZUKI]))

    assert take(staff, preview).status_code == 303
    assert count(samples) == 0


def test_without_the_key_nothing_is_taken(
    staff: Staff, samples: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_self: object, procedure: str) -> str:
        raise VaultKeyMissing(procedure)

    monkeypatch.setattr("storage.keyring.KeyFile.newest", missing)
    answer = upload(staff, csv())

    assert answer.status_code == 503
    assert "照合用の鍵がない" in said(answer)
    assert count(samples) == 0


def test_nothing_that_a_file_says_lies_in_the_database(staff: Staff, samples: Service) -> None:
    take(staff, upload(staff, csv()))
    upload(staff, csv([SUZUKI]))  # a draft

    with database.read(samples.engine) as conn:
        tables = [each for each in metadata.sorted_tables if "holder" in each.name]
        stored = str([conn.execute(select(each)).all() for each in tables])
    assert len(tables) == 4
    assert "見本 職員" in stored
    assert [each for each in NAMES if each in stored] == []


def test_who_let_a_list_count_stands_in_the_access_log(staff: Staff, samples: Service) -> None:
    take(staff, upload(staff, csv()))

    with database.read(samples.engine) as conn:
        [entry] = accesslog.entries(conn, record="list")
    assert (entry.by, entry.why, entry.kind) == ("見本 職員", "holders list", "holders")
    assert entry.detail == "3 holders: 3 new, 0 changed, 0 removed"
    assert "名簿" in staff.page("/admin/access-log")


@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("chief", 200), ("admin", 200), ("auditor", 403)]
)
def test_those_who_work_on_cases_may_keep_the_list(stranger: Staff, role: str, status: int) -> None:
    assert stranger.sign_in_as(role).get("/admin/holders/").status_code == status


def test_a_form_from_elsewhere_changes_nothing(staff: Staff, samples: Service) -> None:
    preview = upload(staff, csv())
    staff.client.post("/admin/holders/take", data={"draft": draft_of(preview), "seal": "0" * 64})

    assert count(samples) == 0
