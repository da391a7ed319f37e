"""The instruments of the benchmarks read right what the tools say."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import fakeline, figures, latency, load, processes, programs, residents
from bench.figures import Figure
from bot.clock import SystemClock
from storage.engine import create
from tests.bench.doubles import records
from tests.support.service import door_of, envelope, make, sign


def test_a_file_of_requests_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = [load.request("本文".encode(), "signature"), load.request(b"", "another")]

    assert load.write(tmp_path / "requests", made) == 2
    assert list(records(tmp_path / "requests")) == made


def test_a_request_is_signed_and_whole() -> None:
    made = load.request(b"{}", "c2lnbmF0dXJl")

    assert made.endswith(b"Content-Length: 2\r\n\r\n{}")
    assert b"X-Line-Signature: c2lnbmF0dXJl\r\n" in made


def test_the_load_generator_is_read_by_its_last_line() -> None:
    said = (
        "Running 300s test\n  1 threads\n"
        '{"first":1000.500,"last":2000.000,"answered":9,"refused":1,"broken":0,"timeouts":0,'
        '"p50":1.250,"p99":3.000,"most":4.000}\n'
    )

    assert load.read(said) == load.Load(1000.5, 2000.0, 9, 1, 0, 0, 1.25, 3.0, 4.0)


def test_a_load_generator_that_says_nothing_is_no_figure() -> None:
    with pytest.raises(ValueError, match="unable to connect"):
        load.read("unable to connect to 127.0.0.1")


def test_the_platforms_log_tells_when_calls_came() -> None:
    assert fakeline.read("1795268304.816 200 7 1\n1795268304.817 500 8 1\n") == [
        fakeline.Arrival(1795268304816.0, 200, 7),
        fakeline.Arrival(1795268304817.0, 500, 8),
    ]


def test_a_spike_is_drained_when_its_last_message_has_gone() -> None:
    behind = [10_000 + at for at in range(0, 4000, 10)]
    calm = [14_000 + at for at in range(0, 3000, 100)]

    assert latency.drained([9_000, *behind, *calm], over=10_000) == pytest.approx(4.0, abs=0.2)


def test_nothing_is_to_be_drained_where_only_the_calm_follows() -> None:
    assert latency.drained([10_000 + at for at in range(0, 3000, 100)], over=10_000) == 0
    assert latency.drained([], over=10_000) == 0


def test_the_ninety_ninth_percentile_is_passed_by_one_in_a_hundred() -> None:
    assert figures.percentile(range(100), 0.99) == 99
    assert figures.percentile(range(100), 0.5) == 50
    assert figures.percentile([], 0.5) == 0


def test_a_bar_is_kept_up_to_its_very_figure() -> None:
    assert figures.at_most("part", "what", 2.0, 2).verdict == "pass"
    assert figures.at_most("part", "what", 2.001, 2).verdict == "MISS"
    assert figures.at_least("part", "what", 1499.9, 1500).verdict == "MISS"
    assert figures.plain("part", "what", 1).verdict == ""


def test_the_page_says_what_was_missed_and_on_what_machine() -> None:
    rows = [figures.at_least("turns", "turns/s", 900, 1000), figures.at_most("ack", "p99", 20, 200, "ms")]
    page = figures.page(rows, datetime(2027, 6, 7, tzinfo=UTC), "`make bench`")

    assert "1 of 2 bars are kept. Missed:\n\n- turns/s: 900, to be ≥ 1,000\n" in page
    assert "| ack | p99 | 20.0 ms | ≤ 200 ms | pass |" in page
    assert "2027-06-07" in page
    assert f"{os.cpu_count()} cores" in page


def test_the_table_stands_in_columns() -> None:
    lines = figures.table([Figure("turns", "a", "1"), Figure("export", "bcd", "22", "≤ 30", passed=True)])

    assert lines.splitlines() == [
        "part    what  measured  bar   ",
        "turns   a     1               ",
        "export  bcd   22        ≤ 30  pass",
    ]


def test_the_cpu_of_a_child_counts(tmp_path: Path) -> None:
    busy = "import os, time\nwhile sum(os.times()[:2]) < 0.3: pass\nprint(flush=True)\ntime.sleep(60)"
    parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}])"
    process = subprocess.Popen([*processes.WITH_US, sys.executable, "-c", parent], stdout=subprocess.PIPE)
    assert process.stdout
    with process.stdout:
        process.stdout.readline()
        used, held = processes.cpu_seconds(process.pid), processes.peak_bytes(process.pid)
        children = [each for each in processes.tree(process.pid) if each != process.pid]
        process.kill()
        process.wait()
        for each in children:
            os.kill(each, 9)

    assert used >= 0.3
    assert held > 10_000_000
    assert processes.cpu_seconds(0) == 0


def test_residents_answer_nine_questions_typing_or_tapping(empty_database_url: str, tmp_path: Path) -> None:
    model = programs.prepare(empty_database_url, tmp_path)
    engine, today = create(empty_database_url), programs.now().date()
    residents.settle(engine, model, range(2))
    engine.dispose()
    service = make(
        empty_database_url,
        tmp_path,
        SystemClock(),  # type: ignore[arg-type]
        secret_key=programs.KEY,
        fence_season=programs.season(today),
        fence_opens=today,
    )
    for event in residents.events(range(2), today, programs.codec()):
        body = envelope([event])
        assert door_of(service).hear(body, sign(body)) == 200
    with service.engine.connect() as conn:
        asked = conn.exec_driver_sql("SELECT asked FROM conversations ORDER BY asked").scalars().all()
    service.engine.dispose()

    assert asked == ["applicant_type", "consider", "consider"]
