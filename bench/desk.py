"""What one turn of a talk costs: CPU of our process, and turns a second on one thread.

The talk is a resident's who ticks options of the loan form: an answer is stored, a question drawn and queued.
``through the door`` adds the signature and the reading of LINE's JSON.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from bot.desk import Arrival
from bot.service import Service
from dialogs.events import Action, Do, Tapped
from storage import migrate
from storage.engine import create
from tests.support import postgres
from tests.support.applying import START, TYPED, person_of, type_all
from tests.support.databases import Databases, Postgres, Sqlite
from tests.support.service import StandingClock, Webhooks, door_of, envelope, make, sign

ROUNDS, EACH = 7, 150


def main(server: postgres.Server | None) -> None:
    """Measure on SQLite, and on PostgreSQL where there is one; print the table."""
    print(f"{'a turn':<34}{'CPU ms':>8}{'turns/s':>9}{'statements':>12}")
    with TemporaryDirectory() as folder:
        places: list[Databases] = [Sqlite(Path(folder))]
        if server:
            places.append(Postgres(server.url))
        for databases in places:
            with _service(databases, Path(folder)) as service:
                name = service.engine.dialect.name
                for what, turn in _turns(service).items():
                    print(
                        f"{name + ', ' + what:<34}"
                        + "{:>8.2f}{:>9.0f}{:>12}".format(*_measured(service, turn))
                    )


@contextmanager
def _service(databases: Databases, folder: Path) -> Iterator[Service]:
    with databases.lent() as url:
        engine = create(url)
        migrate.upgrade(engine)
        engine.dispose()
        service = make(url, folder, StandingClock())
        yield service
        service.stop()


def _turns(service: Service) -> dict[str, Callable[[], None]]:
    """Return a turn of the desk, and the same from the webhook's bytes on."""
    phone, numbers, now = Webhooks(), count(), service.clock.now()
    type_all(service, phone, START, START, *TYPED[:5])
    tick = Action(Do.ANSWER, person_of(service, phone.user_id).current, "reason", "add", "damaged")
    data = door_of(service).codec.seal(phone.user_id, tick)

    def at_the_desk() -> None:
        arrival = Arrival(f"bench{next(numbers)}", "line", phone.user_id, Tapped(tick), "token", now + 50_000)
        assert service.desk.hear(arrival, now)

    def through_the_door() -> None:
        body = envelope([phone.postback(data)])
        assert door_of(service).hear(body, sign(body)) == 200

    return {"at the desk": at_the_desk, "through the door": through_the_door}


def _measured(service: Service, turn: Callable[[], None]) -> tuple[float, float, int]:
    """Return CPU ms (the best round), turns a second (the best round) and statements of one turn."""
    for _ in range(20):
        turn()
    rounds = []
    gc.disable()  # a pause of the collector would fall on whichever round it likes
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        for _turn in range(EACH):
            turn()
        rounds.append(((time.process_time() - cpu) / EACH * 1000, EACH / (time.perf_counter() - wall)))
        gc.collect()
    gc.enable()
    return min(cpu for cpu, _ in rounds), max(speed for _, speed in rounds), _statements(service, turn)


def _statements(service: Service, turn: Callable[[], None]) -> int:
    """Return how many statements one turn sends, besides BEGIN and COMMIT."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(service.engine, "before_cursor_execute", note)
    turn()
    event.remove(service.engine, "before_cursor_execute", note)
    return len([each for each in sent if not each.startswith("BEGIN")])
