"""One process of the desk, as its pages, doors and commands see it.  It knows no channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint
from sqlalchemy import Engine

from bot.clock import Clock
from bot.delivery.port import Engine as Delivery
from bot.desk import Desk
from bot.jobs import Jobs
from bot.lane import Door as Lane
from bot.settings import Settings
from dialogs.office import Office
from dialogs.standing import Register
from dialogs.words import Words
from dialogs.world import World
from storage.vault import Vault

PAGE_LIFE = 30 * 60 * 1000
"""How long (ms) the link to a private page can be used."""


@dataclass
class Service:
    """One process of the desk: what the doors, pages and commands share."""

    settings: Settings
    clock: Clock
    engine: Engine
    office: Office
    register: Register
    vault: Vault
    world: Callable[[date], World]
    desk: Desk
    delivery: Delivery
    jobs: Jobs
    words: Mapping[str, Words]
    doors: Sequence[Blueprint] = ()
    """The webhooks of the channels that are set up."""
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    """The same by path, for a short way to them."""
    first: Sequence[Callable[[], None]] = ()
    """What is to be begun before anybody comes, and hinders nothing where it fails."""

    def start(self) -> None:
        """Begin the background work."""
        for each in self.first:
            each()
        self.delivery.start()
        self.jobs.start()

    def stop(self) -> None:
        """End the background work; what waits stays queued."""
        self.jobs.stop()
        self.delivery.stop()
        self.engine.dispose()
