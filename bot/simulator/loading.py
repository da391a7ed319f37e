"""The dots that say: an answer is coming."""

import threading
import time
from collections.abc import Callable


class Loading:
    """Who sees the dots, until when on the monotonic clock: they are drawn in real time."""

    def __init__(self, tick: Callable[[], int]) -> None:
        self._tick = tick
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def show(self, chat: str, seconds: float) -> None:
        with self._lock:
            self._until[chat] = time.monotonic() + seconds
        self._tick()

    def clear(self, chat: str) -> None:
        """Take the dots away: the desk has spoken."""
        with self._lock:
            self._until.pop(chat, None)

    def chats(self) -> list[str]:
        """Return who sees them now."""
        with self._lock:
            return [chat for chat, until in self._until.items() if until > time.monotonic()]
