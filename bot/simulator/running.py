"""What every platform that is played does alike: its switches, its start and end, and the calls it answers."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

from bot.simulator.calls import Answer, Call
from bot.simulator.courier import Courier
from bot.simulator.store import Store

FAULTS = "faults"


class Switches(Protocol):
    """The faults of a platform."""

    def as_dict(self) -> Mapping[str, Any]:
        """Return them as they are kept."""
        ...


F = TypeVar("F", bound=Switches)


class Api(Protocol[F]):
    """Whatever answers the product's calls, as the faults in place demand."""

    faults: F

    def call(self, call: Call) -> Answer:
        """Return what the platform would answer."""
        ...


class Running(ABC, Generic[F]):
    """A platform that lives in this process."""

    store: Store
    courier: Courier
    _api: Api[F]

    @property
    def faults(self) -> F:
        """Return the faults in place; what is set outlives the process."""
        return self._api.faults

    @faults.setter
    def faults(self, faults: F) -> None:
        self._api.faults = faults
        self.store.set(FAULTS, faults.as_dict())
        self.store.tick()

    def start(self) -> None:
        """Begin to bring what people did, that of an earlier run first."""
        self.courier.start()

    def stop(self) -> None:
        """End; what waits is brought after the next start."""
        self.courier.stop()
        self.store.close()

    def settle(self, seconds: float = 10) -> bool:
        """Wait until everything was answered or given up; return whether that came within *seconds*."""
        return self.courier.settle(seconds)

    def call(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Return what the platform answers; *path* begins behind its base address."""
        call = Call(method, path, {name.lower(): value for name, value in headers.items()}, body)
        started = time.monotonic()
        answer = self._api.call(call)
        self._note(call, answer, round((time.monotonic() - started) * 1000))
        return answer

    @abstractmethod
    def _note(self, call: Call, answer: Answer, took: int) -> None:
        """Write the call down where the screen shows it; it took *took* ms."""
