"""A wall around the tests: nothing but this machine can be reached from them.

It is an audit hook, so no way of writing the import gets around it. Libraries that open sockets in C
(libpq, Chromium) do not pass here; their own helpers keep them on this machine.
"""

import ipaddress
import socket
import sys
from random import Random
from typing import Any

_PORTS = range(20_000, 30_000)
"""Ports that no system gives to whoever asks for any: 32768 and above on Linux, 49152 and above elsewhere."""

_chance = Random()
_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}
_CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class LeftTheMachine(RuntimeError):  # not an OSError, which code under test would take for a network fault
    """Raised when a test reaches out to the world."""


def wall_up() -> None:
    """Refuse every connection to another machine from now on, until this process ends."""
    sys.addaudithook(_guard)


def held_port() -> socket.socket:
    """Return a socket that holds a port of this machine; once it is closed, nobody gets that port by chance."""
    for port in _chance.sample(_PORTS, 100):
        held = socket.socket()
        try:
            held.bind(("127.0.0.1", port))
        except OSError:
            held.close()
        else:
            return held
    raise AssertionError("no port is free")


def free_port() -> int:
    """Return a port on which nothing listens, and which nobody gets who asks for any port."""
    with held_port() as held:
        return int(held.getsockname()[1])


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOKUPS:
        _check(arguments[0])
    elif event in _CONNECTIONS and isinstance(arguments[1], tuple):
        _check(arguments[1][0])


def _check(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if not _is_here(name):
        message = f"A test reaches only this machine, not {name!r}: use `responses` or a fake on loopback."
        raise LeftTheMachine(message)


def _is_here(name: str | None) -> bool:
    if name in {None, "", "localhost", "0.0.0.0"}:
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False
