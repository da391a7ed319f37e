"""What the screen draws of Teams, as JSON: who there is, and of the chats only what is new."""

from dataclasses import asdict
from typing import Any

from bot.simulator.teams.platform import TeamsPlatform
from bot.simulator.teams.rooms import Entry


def state(platform: TeamsPlatform, since: int) -> dict[str, Any]:
    """Return what changed after the revision *since*; where nothing did, only the revision."""
    # Read first: what changes while we look is told once more the next time, and never left out.
    revision = platform.store.revision
    if revision == since:
        return {"revision": revision}
    return {
        "revision": revision,
        "bot": platform.config.bot_name,
        "people": [asdict(each) for each in platform.rooms.people()],
        "channels": [asdict(each) for each in platform.rooms.channels()],
        "entries": [_entry(platform, each) for each in platform.rooms.since(since)],
        "faults": platform.faults.as_dict(),
    }


def _entry(platform: TeamsPlatform, entry: Entry) -> dict[str, Any]:
    views = platform.rooms.views(entry.message_id)
    return {**asdict(entry), "state": entry.state.value, "views": views}
