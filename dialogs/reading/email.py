"""E-mail addresses."""

import re

from dialogs.reading.text import clean, narrow

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# Two dots in a row and a dot before the @ break the standard, yet old addresses of mobile carriers have them.
_ADDRESS = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})", re.ASCII)
_MOST = 254  # RFC 5321: a path of 256 with its brackets


def read_email(text: str) -> str | None:
    """Return the e-mail address in *text* with its domain in lower case; None if it cannot be one."""
    local, at, domain = narrow(clean(text)).strip().rpartition("@")
    # narrow() rather than NFKC: a²@… is not the address a2@…
    address = f"{local}{at}{domain.lower()}"
    plausible = len(address) <= _MOST and _ADDRESS.fullmatch(address)
    return address if plausible else None
