"""What is in the air: calls in the loop, and between them chores in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from bot.delivery.flight import Flight
from bot.delivery.port import Chore, Steps
from storage.outbox import DELIVERED, UNDELIVERABLE, Delivered, Parcel

Landed = tuple[Exception | None, Delivered | None]


def parcel() -> Parcel:
    return Parcel(1, "toy", "thread", "messages", "one", "{}", None, None, "key", False, 1, 0, "cause")


@pytest.fixture
def landing() -> SimpleQueue[Landed]:
    return SimpleQueue()


@pytest.fixture
def send(landing: SimpleQueue[Landed]) -> Iterator[Callable[[Callable[[Parcel], Steps]], Landed]]:
    """Return a function that sends a parcel by such steps and returns what became of it."""
    chosen: list[Callable[[Parcel], Steps]] = []
    flight = Flight(
        lambda each: chosen.pop()(each),  # noqa: PLW0108 -- what is chosen changes from call to call
        lambda each: Delivered(each.id, UNDELIVERABLE),
        lambda _parcel, fault, done: landing.put((fault, done)),
        lambda: None,
        4,
    )
    flight.start()

    def sent(steps: Callable[[Parcel], Steps]) -> Landed:
        chosen.append(steps)
        flight.begin([parcel()])
        return landing.get(timeout=20)

    yield sent
    flight.stop()


def test_a_chore_is_done_in_a_thread_of_its_own_and_its_result_is_told_in_the_loop(
    send: Callable[[Callable[[Parcel], Steps]], Landed],
) -> None:
    def steps(each: Parcel) -> Steps:
        where = yield Chore(lambda: threading.current_thread().name)
        return Delivered(each.id, DELIVERED, error=f"{where} {threading.current_thread().name}")

    _, done = send(steps)

    assert done
    assert done.error
    assert done.error.startswith("chore")
    assert done.error.endswith("sender")


def test_a_fault_of_a_chore_is_the_steps_to_handle(
    send: Callable[[Callable[[Parcel], Steps]], Landed],
) -> None:
    def fails() -> None:
        raise LookupError

    def careful(each: Parcel) -> Steps:
        try:
            yield Chore(fails)
        except LookupError:
            return Delivered(each.id, DELIVERED, error="seen")
        return Delivered(each.id, UNDELIVERABLE)

    def careless(each: Parcel) -> Steps:
        yield Chore(fails)
        return Delivered(each.id, DELIVERED)

    assert send(careful) == (None, Delivered(1, DELIVERED, error="seen"))
    fault, done = send(careless)
    assert isinstance(fault, LookupError)
    assert done is None
