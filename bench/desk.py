"""What one turn of a talk costs: CPU of our process, and turns a second on one thread.

The talk is a resident's who ticks options of the loan form: an answer is stored, a question drawn and queued.
``through the door`` adds the signature and the reading of LINE's JSON.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import figures
from bench.figures import Figure
from bench.places import Server, places
from bot.desk import Arrival
from bot.service import Service
from dialogs.events import Action, Do, Tapped
from storage import migrate
from storage.engine import create
from tests.support.applying import START, TYPED, person_of, type_all
from tests.support.databases import Databases
from tests.support.service import StandingClock, Webhooks, door_of, envelope, make, sign

EACH = 150


def measure(rounds: int, only: Sequence[str], server: Server | None) -> list[Figure]:
    """Return what a turn costs on SQLite, and on PostgreSQL where there is one: the best of *rounds*."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder:
        for place in places(Path(folder), only, server):
            with _service(place.databases, Path(folder)) as service:
                for where, turn in _turns(service).items():
                    cpu, speed = _measured(turn, rounds)
                    what = f"{place.kind}, one turn {where}"
                    found.append(figures.plain("desk", f"{what}: CPU", cpu, "ms", 3))
                    found.append(figures.plain("desk", f"{what}: turns/s, one thread", speed, "", 0))
    return found


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


def _measured(turn: Callable[[], None], times: int) -> tuple[float, float]:
    """Return CPU ms and turns a second, each of its best round."""
    for _ in range(20):
        turn()
    rounds = []
    gc.disable()  # a pause of the collector would fall on whichever round it likes
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        for _turn in range(EACH):
            turn()
        rounds.append(((time.process_time() - cpu) / EACH * 1000, EACH / (time.perf_counter() - wall)))
        gc.collect()
    gc.enable()
    return min(cpu for cpu, _ in rounds), max(speed for _, speed in rounds)
