"""Which addresses are Teams' own: where the bot's token may be sent, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.settings import LOOPBACK

LONGEST = 255

# One host and nothing that two programs could read differently: no user, no backslash, no odd letter.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[::1\]|[A-Za-z0-9.-]{1,253})(?P<port>:[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?"
)


@dataclass(frozen=True)
class ServiceHosts:
    """The hosts that may name themselves Teams' service; an entry that begins with a dot holds for what ends so."""

    entries: tuple[str, ...]

    def allow(self, url: object) -> bool:
        """Return whether *url* is an address of one of these hosts: https, and http on loopback alone."""
        found = _ADDRESS.fullmatch(url) if isinstance(url, str) and len(url) <= LONGEST else None
        if found is None:
            return False
        host = found["host"].strip("[]").lower()
        if host in LOOPBACK:
            return host in self.entries
        plain = found["scheme"] == "https" and found["port"] in {None, ":443"}
        return plain and any(_fits(host, each) for each in self.entries)


def _fits(host: str, entry: str) -> bool:
    return host.endswith(entry) and len(host) > len(entry) if entry.startswith(".") else host == entry
