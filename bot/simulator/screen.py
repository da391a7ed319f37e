"""What the screen draws, as JSON: all residents, and of the chats and requests only what is new."""

from dataclasses import asdict
from typing import Any

from bot.clock import TOKYO
from bot.simulator.chats import Entry, Resident
from bot.simulator.ledger import MONTHLY_LIMIT
from bot.simulator.platform import Platform
from bot.simulator.sending import month


def state(platform: Platform, since: int) -> dict[str, Any]:
    """Return what changed after the revision *since*; where nothing did, little more than the time."""
    # Read first: what changes while we look is told once more the next time, and never left out.
    revision = platform.store.revision
    now = platform.config.now()
    told: dict[str, Any] = {
        "boot": platform.boot,
        "revision": revision,
        "now": now.astimezone(TOKYO).isoformat(timespec="seconds"),
        "loading": platform.loading.chats(),
    }
    if revision == since:
        return told
    return {
        **told,
        "desk": platform.config.desk_name,
        "residents": [_resident(platform, each) for each in platform.chats.residents()],
        "groups": [asdict(group) for group in platform.chats.groups()],
        "entries": [_entry(each) for each in platform.chats.since(since)],
        "traffic": [line.as_dict() for line in platform.record.since(since)],
        "faults": platform.faults.as_dict(),
        "quota": {"used": platform.ledger.used(month(now)), "limit": MONTHLY_LIMIT},
    }


def _resident(platform: Platform, resident: Resident) -> dict[str, Any]:
    return {**asdict(resident), "menu": platform.menus.shown_to(resident)}


def _entry(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "side": entry.side.value, "state": entry.state.value}
