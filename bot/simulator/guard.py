"""Keeps the simulator on this machine: its residents are nobody, so nobody outside may be one."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

_LOCALHOST = "localhost"
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


class NotOnLoopback(RuntimeError):
    """Raised instead of starting; its text is one line that says what to do."""


@dataclass(frozen=True)
class Surroundings:
    """Where the product is about to run.

    *credentials* names the settings that hold real secrets, *teams* the addresses of Teams by their settings.
    """

    bound_host: str
    public_url: str
    line_api_base: str
    line_data_api_base: str
    credentials: tuple[str, ...] = field(default=())
    teams: Mapping[str, str] = field(default_factory=dict)


def require_loopback(around: Surroundings, *doors: str) -> None:
    """Let the simulator pass only where nothing reaches beyond this machine, *doors* being where webhooks go.

    Raises:
        NotOnLoopback: something does.
    """
    if not is_loopback(around.bound_host):
        raise NotOnLoopback(
            f"The simulator runs only on this machine, but the server listens on {around.bound_host!r}:"
            " bind 127.0.0.1, or run `madoguchi serve` instead of `demo`."
        )
    addresses = {
        "MADOGUCHI_PUBLIC_URL": around.public_url,
        "MADOGUCHI_LINE_API_BASE": around.line_api_base,
        "MADOGUCHI_LINE_DATA_API_BASE": around.line_data_api_base,
        **around.teams,
    }
    for name, address in (*addresses.items(), *(("the webhook's address", door) for door in doors)):
        if not _leads_here(address):
            raise NotOnLoopback(
                f"The simulator runs only on this machine, but {name} leads elsewhere:"
                " take the setting away, or run `madoguchi serve` instead of `demo`."
            )
    if around.credentials:
        raise NotOnLoopback(
            f"The simulator takes no real credentials, but {', '.join(around.credentials)} is set:"
            " take the setting away, or run `madoguchi serve` instead of `demo`."
        )


def is_loopback(host: str) -> bool:
    """Return whether *host*, a name or an address, is this machine to itself."""
    bare = host.strip("[]").lower()
    if bare == _LOCALHOST:
        return True
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _leads_here(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")


def comes_from_here(request: Request) -> bool:
    """Return whether *request* began on this machine and was meant for it.

    A page elsewhere that had its name point here (DNS rebinding) comes with that name; a proxy says so.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    return is_loopback(request.remote_addr or "") and is_loopback(host_of(request.headers.get("Host", "")))


def host_of(header: str) -> str:
    """Return the host of a Host header, without the port; "" where it makes no sense."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_own_page(request: Request) -> bool:
    """Return whether a page of this very origin sent *request*."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.headers.get('Host', '')}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def is_no_page(request: Request) -> bool:
    """Return whether no browser sent *request*: the desk's gateway names no origin."""
    return "Origin" not in request.headers and "Sec-Fetch-Site" not in request.headers
