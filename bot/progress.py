"""A bar for whoever waits at a terminal; silence for everybody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

import click

Told: TypeAlias = Callable[[int], None]
"""Is told how many rows more are done."""

Watch: TypeAlias = Callable[[str, int], AbstractContextManager[Told]]
"""Begins to watch a piece of work: its name, and how many rows it has."""


@contextmanager
def bar(name: str, rows: int) -> Iterator[Told]:
    """Draw a bar on the terminal while the work goes on."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    with click.progressbar(length=rows, label=name, file=sys.stderr, show_pos=True) as drawn:
        yield drawn.update


@contextmanager
def unseen(name: str, rows: int) -> Iterator[Told]:  # noqa: ARG001 -- the shape of a Watch
    """Draw nothing."""
    yield lambda _done: None
