"""A service that is told to stop ends in good order, as the processes it is served by."""

from __future__ import annotations

from pathlib import Path

from bench import load, programs, recorder, residents
from storage.engine import create
from tests.bench import doubles
from tests.support.service import until

LATENCY = 0.6


def test_a_message_in_the_air_is_stored_before_the_service_ends(
    empty_database_url: str, tmp_path: Path
) -> None:
    model = programs.prepare(empty_database_url, tmp_path)
    engine, file = create(empty_database_url), tmp_path / "requests"
    residents.settle(engine, model, range(1))
    spoken = residents.requests(range(1), programs.now().date(), programs.codec())
    load.write(file, [next(iter(spoken))])

    with (
        recorder.running(tmp_path, LATENCY) as line,
        programs.product(empty_database_url, tmp_path, line.url) as program,
    ):
        doubles.replay(program.url, file)
        until(lambda: any(token != "-" for token in line.arrivals()))
        # Leaving tells the service to stop, half a second before the platform answers.
    with engine.connect() as conn:
        states = conn.exec_driver_sql("SELECT state FROM outbox WHERE kind = 'messages'").scalars().all()
    engine.dispose()

    assert states == ["delivered"]
