"""Every guard of the program that has a control: with it taken out, the comparison must find a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Guard:
    """One guard: *take_out* removes it from this process, through the watch of its seams."""

    take_out: Callable[[Any], None]


GUARDS: Mapping[str, Guard] = {}
