"""How often a visit may ask for something that costs us work or tells others something."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_VISITS = 10_000


class Allowance:
    """Counts uses by key, in this process, for the keys used last; *most* is how often one may come."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._used: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, key: str) -> bool:
        """Return whether *key* may come once more; it has then come."""
        with self._lock:
            used = self._used.pop(key, 0) + 1
            self._used[key] = used
            if len(self._used) > MOST_VISITS:
                self._used.popitem(last=False)
            return used <= self._most
