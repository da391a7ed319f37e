"""What the simulator is handed: where it keeps its state, whom it plays LINE for, and the product's clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.simulator.teams.config import TeamsConfig


@dataclass(frozen=True)
class Sample:
    """A resident that a new simulator starts with; *language* is the BCP 47 tag of the LINE profile."""

    name: str
    language: str


# LINE knows no easy Japanese: that profile says Japanese, and its owner chooses the easy words in the talk.
SAMPLES = (
    Sample("見本さん（日本語）", "ja"),
    Sample("見本さん（やさしい日本語）", "ja"),
    Sample("Sample (English)", "en"),
)


@dataclass(frozen=True)
class SimulatorConfig:
    """All that the simulator knows of the product.

    *now* is the product's clock, *advance* and *set_now* turn it.  *redeliver_after* are seconds of real time
    between the attempts to bring a webhook that was not answered with 2xx; after the last it is given up.
    With *teams* there is a Teams beside the phones.
    """

    state_path: Path
    webhook_url: str
    channel_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    bot_user_id: str
    now: Callable[[], datetime]
    advance: Callable[[timedelta], None]
    set_now: Callable[[datetime], None]
    desk_name: str = "窓口"
    samples: tuple[Sample, ...] = SAMPLES
    redeliver_after: tuple[float, ...] = (1.0, 5.0, 30.0)
    teams: TeamsConfig | None = None
