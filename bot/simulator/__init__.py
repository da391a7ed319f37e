"""A browser that plays LINE against the real webhook, and the platform behind it.

It exists only on loopback and only under ``madoguchi demo``.
"""

from flask import Flask

from bot.simulator.config import Sample, SimulatorConfig
from bot.simulator.faults import Faults
from bot.simulator.guard import NotOnLoopback, Surroundings, require_loopback
from bot.simulator.platform import Platform
from bot.simulator.views import make_blueprint

__all__ = [
    "Faults",
    "NotOnLoopback",
    "Platform",
    "Sample",
    "Simulator",
    "SimulatorConfig",
    "Surroundings",
    "create_simulator",
    "register",
]


class Simulator:
    """The platform and its pages.  Start it in the process that answers requests."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.blueprint = make_blueprint(platform)

    def start(self) -> None:
        """Begin to bring webhooks, those of an earlier run first."""
        self.platform.start()

    def stop(self) -> None:
        """End after the webhooks now on their way; the rest waits in the state for the next start."""
        self.platform.stop()


def create_simulator(config: SimulatorConfig) -> Simulator:
    """Return the simulator of *config*, not yet started."""
    return Simulator(Platform(config))


def register(app: Flask, *, config: SimulatorConfig, around: Surroundings) -> Simulator:
    """Put the simulator into *app* and return it, not yet started.

    Raises:
        NotOnLoopback: something here reaches beyond this machine.
    """
    require_loopback(around, config.webhook_url)
    simulator = create_simulator(config)
    app.register_blueprint(simulator.blueprint)
    return simulator
