"""The tabulation in the console: the numbers of now, of a snapshot, and what of them is for publication."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import insert

from bot.service import Service
from bot.serving import make_app
from dialogs.procedure import Role
from storage import accesslog, snapshots, surveys
from storage import engine as database
from storage.asjson import dump
from storage.tables_surveys import ballots
from tests.support.databases import Databases
from tests.support.staff import Staff
from tests.support.surveyed import KEY, fill, more

PAGE = f"/admin/tabulation/{KEY}"
POPULATION = "年代,人口\n20歳代,200\n30歳代,200\n40歳代,200\n50歳代,200\n60歳代,200\n70歳代,200\n"


@pytest.fixture
def database_url(sqlite_databases: Databases, sqlite_template: str) -> Iterator[str]:
    """Return a database of SQLite alone: counting is the same everywhere, reading has tests of its own."""
    with sqlite_databases.lent(sqlite_template) as url:
        yield url


@pytest.fixture
def surveyed(service: Service) -> Service:
    """Return a service with sixty answers to the survey."""
    fill(service.engine, 60)
    return service


@pytest.fixture
def app(surveyed: Service) -> Flask:
    return make_app(surveyed)


@pytest.fixture
def staff(surveyed: Service, app: Flask) -> Staff:
    return Staff(surveyed, app).sign_in()


def cast(service: Service, answers: dict[str, object], identity: str) -> None:
    row = {
        "survey": KEY,
        "id": identity,
        "answers": dump(answers),
        "channel": "line",
        "kind": "",
        "paper": False,
    }
    with database.write(service.engine) as conn:
        conn.execute(insert(ballots), row)


def saved(staff: Staff) -> str:
    """Save the tabulation of now; return its id."""
    answer = staff.post(f"{PAGE}/snapshots")
    assert answer.status_code == 303
    return answer.headers["Location"].rpartition("=")[2]


def workbook(staff: Staff, address: str) -> openpyxl.Workbook:
    answer = staff.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def charts(book: openpyxl.Workbook) -> int:
    """Return how many charts there are in all sheets."""
    return sum(len(getattr(sheet, "_charts")) for sheet in book.worksheets)  # noqa: B009


def test_the_list_leads_to_each_survey(staff: Staff) -> None:
    assert "見本のアンケート 60" in staff.page("/admin/tabulation/")


def test_the_page_counts_every_question_with_bars_that_say_the_same(staff: Staff) -> None:
    html = staff.get(PAGE).text

    assert html.count('<svg class="bars"') == 30
    assert html.count('role="img"') == 30
    [desc] = re.findall(r'<desc id="q-1-desc">([^<]+)</desc>', html)
    table = html[html.index('<h2 id="q-1"') : html.index('<svg class="bars"')]
    shares = re.findall(r'data-label="割合（%）">([0-9.]+)<', table)
    assert re.findall(r"([0-9.]+)%", desc) == shares[:-1], "the bars say what the table says"
    assert "無回答" in table
    assert "複数回答です" in html
    assert "平均" in html
    assert "非該当" in html


def test_filters_and_a_cross_table_are_asked_for_in_the_address(staff: Staff) -> None:
    whole = staff.page(PAGE, rows="age", columns="sex", measure="row")
    women = staff.page(PAGE, only="sex=f")
    on_paper = staff.page(PAGE, only="@paper=yes")

    assert "年代 × 性別：行の割合（%）" in whole
    assert re.search(r"60件のうち\d+件にしぼっています", women)
    assert re.search(r"60件のうち\d+件にしぼっています", on_paper)
    assert "しぼっています" not in staff.page(PAGE, only="nothing=x")
    assert "年代 × 年代" not in staff.page(PAGE, rows="age", columns="age")


def test_what_was_written_is_masked_and_for_the_office_alone(
    surveyed: Service, app: Flask, staff: Staff
) -> None:
    cast(surveyed, {"words1": "電話は011-211-2879です"}, "a" * 32)

    page = staff.page(f"{PAGE}/texts/words1")

    assert "電話は" in page
    assert "2879" not in page
    assert staff.get(f"{PAGE}/texts/age").status_code == 404
    assert Staff(surveyed, app).sign_in_as(Role.AUDITOR).get(f"{PAGE}/texts/words1").status_code == 403


def test_a_snapshot_keeps_its_numbers_after_more_answers_came(surveyed: Service, staff: Staff) -> None:
    identity = saved(staff)
    before = staff.get(f"{PAGE}/report/{identity}").text
    csv_before = staff.get(f"{PAGE}/report/{identity}.csv").data

    more(surveyed.engine, 20, seed=2)

    assert staff.get(f"{PAGE}/report/{identity}").text == before
    assert staff.get(f"{PAGE}/report/{identity}.csv").data == csv_before
    assert "回答 80" in staff.page(PAGE)
    assert "回答 60" in staff.page(PAGE, snapshot=identity)
    assert saved(staff) != identity


def test_the_same_numbers_have_the_same_id(staff: Staff) -> None:
    assert saved(staff) == saved(staff)


def test_a_snapshot_that_would_tell_of_a_few_is_refused_and_says_what_to_do(
    surveyed: Service, staff: Staff
) -> None:
    identity = saved(staff)
    more(surveyed.engine, 4, seed=3)

    refused = staff.post(f"{PAGE}/snapshots")

    assert refused.status_code == 409
    assert identity in refused.text
    assert staff.post(f"{PAGE}/snapshots/{identity}/withdraw").status_code == 303
    assert staff.post(f"{PAGE}/snapshots/{identity}/withdraw").status_code == 404
    assert saved(staff)


def test_a_snapshot_holds_no_words_no_id_and_no_order_of_coming(surveyed: Service, staff: Staff) -> None:
    identity = saved(staff)
    with database.read(surveyed.engine) as conn:
        found = snapshots.find(conn, KEY, identity)
        ids = conn.execute(ballots.select()).mappings().all()
    assert found
    content = zlib.decompress(found[1]).decode()
    assert "見本の意見です" not in content
    assert not [row["id"] for row in ids if row["id"] in content]
    with database.write(surveyed.engine) as conn:
        conn.execute(ballots.delete())
        for row in reversed(ids):
            conn.execute(insert(ballots), {**row, "id": row["id"][::-1]})
    assert saved(staff) == identity, "other ids and another order leave nothing behind"


def test_no_small_number_stands_in_anything_published(surveyed: Service, staff: Staff) -> None:
    identity = saved(staff)

    report = staff.get(f"{PAGE}/report/{identity}?rows=age&columns=sex").text
    rows = list(
        csv.reader(
            io.StringIO(staff.get(f"{PAGE}/report/{identity}.csv?columns=sex").data.decode("utf-8-sig"))
        )
    )

    assert "X" in report
    counted = re.findall(r'data-label="件数">([0-9,]+)<', report)
    assert counted
    assert not [each for each in counted if 0 < int(each) < 5]
    counts = [row[1] for row in rows if len(row) > 2 and row[1].isdecimal()]
    assert not [each for each in counts if 0 < int(each) < 5]
    assert any(row[1:2] == ["X"] for row in rows)
    assert "作業用" not in str(rows[:5])
    assert staff.get(f"{PAGE}/report/none").status_code == 404


def test_nothing_is_published_of_four_answers(service: Service) -> None:
    fill(service.engine, 4)
    clerk = Staff(service, make_app(service)).sign_in()
    identity = saved(clerk)

    report = clerk.page(f"{PAGE}/report/{identity}")

    assert "公表できる数がありません" in report
    sheets = workbook(clerk, f"{PAGE}/report/{identity}.xlsx").worksheets[1:]
    cells = [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not [each for each in cells if isinstance(each, int) and 0 < each < 5]


def test_the_workbook_has_a_native_chart_for_each_question_and_the_ballots_in_no_order(
    surveyed: Service, staff: Staff
) -> None:
    staff.post(f"{PAGE}/population", {"way": "csv", "csv": POPULATION})

    book = workbook(staff, f"{PAGE}.xlsx?columns=sex")

    assert charts(book) == 30
    assert {"クロス 性別", "クロス 年代", "重み", "個票"} <= set(book.sheetnames)
    raw = list(book["個票"].iter_rows(values_only=True))
    assert len(raw) == 61
    assert raw[0][0] == "年代"
    assert raw[0][-1] == "重み"
    again = list(workbook(staff, f"{PAGE}.xlsx")["個票"].iter_rows(values_only=True))
    assert sorted(map(repr, raw)) == sorted(map(repr, again))
    assert raw != again, "the order is drawn anew"
    assert "見本の意見です" not in repr(raw), "what was written stands apart from the rest of its ballot"
    assert any("見本の意見です" in str(row[0]) for row in book["ご意見1"].iter_rows(values_only=True))
    with database.read(surveyed.engine) as conn:
        noted = list(accesslog.entries(conn))
    assert [each.record for each in noted if each.record == f"survey_{KEY}"]


def test_the_published_workbook_has_charts_and_no_ballots(staff: Staff) -> None:
    identity = saved(staff)

    book = workbook(staff, f"{PAGE}/report/{identity}.xlsx")

    assert "個票" not in book.sheetnames
    assert charts(book) == 30


def test_a_formula_that_somebody_wrote_stays_a_text(surveyed: Service, staff: Staff) -> None:
    cast(surveyed, {"words1": "=1+1", "age": "=cmd()"}, "b" * 32)

    book = workbook(staff, f"{PAGE}.xlsx")
    text = staff.get(f"{PAGE}.csv").data.decode("utf-8-sig")

    assert [
        cell.data_type for row in book["ご意見1"].iter_rows() for cell in row if cell.value == "=1+1"
    ] == ["s"]
    assert "'=cmd()" in text
    assert "\n=cmd()" not in text


def test_csv_and_workbook_say_the_same(staff: Staff) -> None:
    rows = list(csv.reader(io.StringIO(staff.get(f"{PAGE}.csv").data.decode("utf-8-sig"))))
    sheet = workbook(staff, f"{PAGE}.xlsx").worksheets[1]

    begin = next(place for place, row in enumerate(rows) if row[:1] == ["回答"])
    in_csv = [(row[0], int(row[1])) for row in rows[begin + 1 : begin + 8]]
    cells = [(row[0].value, row[1].value) for row in sheet.iter_rows()]
    start = next(place for place, cell in enumerate(cells) if cell[0] == "回答")
    assert cells[start + 1 : start + 8] == in_csv


def test_the_population_by_age_and_sex_is_entered_in_a_small_table(surveyed: Service, staff: Staff) -> None:
    form = staff.get(f"{PAGE}/population?rows=age&columns=sex").text
    names = re.findall(r'<input name="(p\.[^"]+)"', form)

    answer = staff.post(
        f"{PAGE}/population",
        {"way": "table", "rows": "age", "columns": "sex", **dict.fromkeys(names, "1,000"), "p.20s.x": ""},
    )

    assert len(names) == 18
    assert answer.status_code == 303
    page = staff.page(PAGE)
    assert "年代 × 性別ごとの集まりぐあい" in page
    assert "20歳代・女性 1,000" in page
    assert "重みづけ後の割合（%）" in page
    assert "デザイン効果" in page
    assert 'value="1000"' in staff.get(f"{PAGE}/population?rows=age&columns=sex").text
    with database.read(surveyed.engine) as conn:
        row = surveys.get(conn, KEY)
    assert row
    assert row.targets


def test_faults_in_the_population_are_named_by_their_line_and_nothing_is_kept(
    surveyed: Service, staff: Staff
) -> None:
    for text, fault in (
        ("年代,人口\n20歳代,たくさん", "2行目：「たくさん」は人数ではありません"),
        ("年代,人口\n15歳代,3", "2行目：「15歳代」は「年代」の選択肢にありません"),
        ("血液型,人口\nA,3", "1行目：「血液型」は、1つだけ選ぶ質問の名前ではありません"),
        ("関心のあるテーマ1,人口\nt1,3", "1つだけ選ぶ質問の名前ではありません"),
        ("年代,人口\n20歳代,3,4", "2行目：列の数が、表の1行目と違います"),
        ("人口", "列が足りません"),
        ("年代,人口", "人口の表がありません"),
    ):
        answer = staff.post(f"{PAGE}/population", {"way": "csv", "csv": text})
        assert answer.status_code == 422, text
        assert fault in " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()), text
    answer = staff.post(f"{PAGE}/population", {"way": "table", "rows": "age", "p.20s.": "x"})
    assert answer.status_code == 422
    assert staff.post(f"{PAGE}/population", {"way": "table"}).status_code == 422
    with database.read(surveyed.engine) as conn:
        row = surveys.get(conn, KEY)
    assert row
    assert not row.targets


def test_several_margins_come_from_a_file_and_an_empty_one_ends_the_weighting(staff: Staff) -> None:
    both = POPULATION + "\n性別,人口\n女性,600\n男性,600\n"
    data = {"seal": staff.seal(), "way": "csv", "file": (io.BytesIO(both.encode("cp932")), "p.csv")}

    answer = staff.client.post(f"{PAGE}/population", data=data, content_type="multipart/form-data")

    assert answer.status_code == 303
    assert staff.get(PAGE).text.count("ごとの集まりぐあい") == 2
    assert "20歳代,200" in staff.get(f"{PAGE}/population").text
    staff.post(f"{PAGE}/population", {"way": "csv", "csv": ""})
    assert "重みづけ後" not in staff.page(PAGE)


def test_a_part_of_the_population_without_an_answer_is_named_on_the_page(staff: Staff) -> None:
    staff.post(f"{PAGE}/population", {"way": "csv", "csv": "sex,people\nf,1\nm,1\nx,1"})

    assert "重みをつけられない区分があります：答えない" in staff.page(PAGE)


def test_weighted_numbers_of_a_snapshot_stay_when_the_population_changes(staff: Staff) -> None:
    staff.post(f"{PAGE}/population", {"way": "csv", "csv": POPULATION})
    identity = saved(staff)
    before = staff.get(f"{PAGE}/report/{identity}").text

    staff.post(f"{PAGE}/population", {"way": "csv", "csv": "sex,people\nf,9\nm,1"})

    assert "重みづけ後" in before
    assert staff.get(f"{PAGE}/report/{identity}").text == before


def test_auditors_read_and_change_nothing(surveyed: Service, app: Flask, staff: Staff) -> None:
    identity = saved(staff)
    auditor = Staff(surveyed, app).sign_in_as(Role.AUDITOR)

    assert auditor.get(PAGE).status_code == 200
    assert auditor.get(f"{PAGE}/report/{identity}").status_code == 200
    assert [
        auditor.post(f"{PAGE}/snapshots").status_code,
        auditor.get(f"{PAGE}.xlsx").status_code,
        auditor.get(f"{PAGE}/population").status_code,
    ] == [403, 403, 403]
    assert Staff(surveyed, app).get(PAGE).status_code == 303
    assert staff.get("/admin/tabulation/nothing").status_code == 404
