"""A browser that plays LINE and Teams against the real doors, and the platforms behind them.

It exists only on loopback and only under ``madoguchi demo``.
"""

from flask import Flask

from bot.simulator.config import Sample, SimulatorConfig
from bot.simulator.faults import Faults
from bot.simulator.guard import NotOnLoopback, Surroundings, require_loopback
from bot.simulator.platform import Platform
from bot.simulator.teams.config import TeamsConfig
from bot.simulator.teams.platform import TeamsPlatform
from bot.simulator.views import make_blueprint

__all__ = [
    "Faults",
    "NotOnLoopback",
    "Platform",
    "Sample",
    "Simulator",
    "SimulatorConfig",
    "Surroundings",
    "TeamsConfig",
    "create_simulator",
    "register",
]


class Simulator:
    """The platforms and their pages.  Start it in the process that answers requests."""

    def __init__(self, platform: Platform, teams: TeamsPlatform | None = None) -> None:
        self.platform, self.teams = platform, teams
        self.blueprint = make_blueprint(platform, teams)

    def start(self) -> None:
        """Begin to bring webhooks, those of an earlier run first."""
        self.platform.start()
        if self.teams:
            self.teams.start()

    def stop(self) -> None:
        """End after the webhooks now on their way; the rest waits in the state for the next start."""
        if self.teams:
            self.teams.stop()
        self.platform.stop()


def create_simulator(config: SimulatorConfig) -> Simulator:
    """Return the simulator of *config*, not yet started."""
    platform = Platform(config)
    return Simulator(platform, TeamsPlatform(config.teams, platform.record) if config.teams else None)


def register(app: Flask, *, config: SimulatorConfig, around: Surroundings) -> Simulator:
    """Put the simulator into *app* and return it, not yet started.

    Raises:
        NotOnLoopback: something here reaches beyond this machine.
    """
    doors = [config.webhook_url]
    if config.teams:
        doors += [config.teams.messages_url, config.teams.base_url]
    require_loopback(around, *doors)
    simulator = create_simulator(config)
    app.register_blueprint(simulator.blueprint)
    app.extensions["simulator"] = simulator
    return simulator
