"""Tokens that are nearly right: whoever has one of them has nothing."""

from __future__ import annotations

import string
from collections.abc import Iterator
from random import Random
from urllib.parse import quote

_LETTERS = string.ascii_letters + string.digits + "-_"
_TRICKS = (
    *(
        "",
        ".",
        "..",
        "%00",
        "%2e%2e",
        "a" * 10_000,
        "あ",
        "%ff%fe",
        "%f0%9f",
        "null",
        "undefined",
        "0",
        "' OR 1=1--",
    ),
    *(
        "{token}%00",
        "{token}%0a",
        "{token}%20",
        "%20{token}",
        "{token}%0d%0aX:1",
        "{token};",
        "{token}'",
        "{token}=",
    ),
    *("{token}%3d%3d", "{token}.", "{token}%2f", "{token}/", "{token}/..", "../f/{token}x", "{token}{token}"),
    *(
        "%ef%bb%bf{token}",
        "{token}%e2%80%8b",
        "\\{token}",
        "{token}%25",
        "%25{token}",
        "{token}*",
        "{token}%",
        "_%",
    ),
    *(
        "{token},{token}",
        "[{token}]",
        '{{"token":"{token}"}}',
        "{token}&",
        "{token}|",
        "$({token})",
        "<{token}>",
    ),
)


def _flipped(chance: Random, token: str) -> str:
    place = chance.randrange(len(token))
    return (
        token[:place]
        + chance.choice([each for each in _LETTERS if each != token[place]])
        + token[place + 1 :]
    )


def _cut(chance: Random, token: str) -> str:
    first, last = sorted(chance.sample(range(len(token)), 2))
    return token[:first] + token[last:]


def _grown(chance: Random, token: str) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + chance.choice(_LETTERS) + token[place:]


def _swapped(chance: Random, token: str) -> str:
    first, last = chance.sample(range(len(token)), 2)
    letters = list(token)
    letters[first], letters[last] = letters[last], letters[first]
    return "".join(letters)


def _turned(_chance: Random, token: str) -> str:
    return token.swapcase()


def _widened(chance: Random, token: str) -> str:
    place = chance.randrange(len(token))
    return token[:place] + quote(chr(ord(token[place]) + 0xFEE0)) + token[place + 1 :]  # its full-width twin


_HARM = (_flipped, _flipped, _flipped, _cut, _grown, _swapped, _turned, _widened)


def mutants(chance: Random, token: str, many: int) -> Iterator[str]:
    """Yield *many* tokens that are not *token*, as they stand in an address."""
    tricks = [each.replace("{token}", token) for each in _TRICKS]
    made = 0
    while made < many:
        spoilt = tricks[made] if made < len(tricks) else chance.choice(_HARM)(chance, token)
        if spoilt == token:
            spoilt += "A"
        made += 1
        yield spoilt
