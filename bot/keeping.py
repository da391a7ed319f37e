"""What goes when its time is over, and what is sealed anew because its key was renewed: once an hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine

from bot import metrics
from bot.meetings import door
from bot.settings import Settings
from dialogs.standing import Register
from storage import engine as database
from storage import passersby, questions, retention, rewrapping, unreached
from storage.keyring import VaultKeyMissing
from storage.teams import files
from storage.vault import Vault, VaultSealBroken

log = structlog.get_logger()

HOUR = 3_600_000
DAY = 24 * HOUR
MOST_BATCHES = 200


@dataclass(frozen=True)
class Keeping:
    """Keeps what is to be kept, and nothing else."""

    engine: Engine
    settings: Settings
    vault: Vault
    register: Register

    def purges(self, now: int) -> Mapping[str, Callable[[Connection], int]]:
        """Return what removes what is too old at *now* (ms), a batch at a time, by what it removes."""
        keep = self.settings
        return {
            "events": lambda conn: retention.purge_inbox(
                conn, now - keep.keep_inbox_days * DAY, now - keep.keep_failed_days * DAY
            ),
            "bodies": lambda conn: retention.purge_bodies(conn, now - keep.keep_bodies_days * DAY),
            "links": lambda conn: retention.purge_links(conn, now),
            "sessions": lambda conn: retention.purge_sessions(conn, now),
            "half_filled": lambda conn: retention.purge_half_filled(
                conn, now - keep.keep_half_filled_days * DAY
            ),
            # Behind what they had half-filled: nobody is left of them who never filed anything.
            "passersby": lambda conn: passersby.purge(
                conn, now - keep.keep_half_filled_days * DAY, retention.FEW
            ),
            # Behind the half-filled forms, whose photos go with them.
            "photos": lambda conn: retention.purge_photos(conn, now - keep.keep_half_filled_days * DAY),
            "askers": lambda conn: questions.forget_people(
                conn, now - keep.keep_bodies_days * DAY, retention.MANY
            ),
            "walk_ins": lambda conn: door.forget_walk_ins(
                conn, self.vault, now - door.NAMES_KEPT, retention.FEW
            ),
            # Fetched within minutes or never; each names whose file it is.
            "addresses": lambda conn: files.purge(conn, now - DAY, retention.MANY),
            "settled": lambda conn: unreached.purge(
                conn, now - keep.keep_unreached_days * DAY, retention.MANY
            ),
        }

    def tidy(self, now: int) -> None:
        """Remove what is too old, and say how much is left that should have gone."""
        gone = {name: self._batches(purge) for name, purge in self.purges(now).items()}
        if any(gone.values()):
            log.info("old_data_removed", **gone)
        keep = self.settings
        limits = retention.Limits(
            now - keep.keep_inbox_days * DAY,
            now - keep.keep_failed_days * DAY,
            now - keep.keep_bodies_days * DAY,
            now - keep.keep_half_filled_days * DAY,
            now,
            now - DAY,
            now - keep.keep_unreached_days * DAY,
        )
        with database.read(self.engine) as conn:
            for table, rows in retention.overdue(conn, limits).items():
                metrics.OVERDUE.labels(table).set(rows)

    def _batches(self, purge: Callable[[Connection], int]) -> int:
        """Return how many rows went, a batch a transaction, so that no turn waits long for its own."""
        gone = 0
        for _batch in range(MOST_BATCHES):
            with database.write(self.engine) as conn:
                removed = purge(conn)
            gone += removed
            if not removed:
                break
        return gone

    def seal_anew(self) -> None:
        """Seal with the newest keys what older keys sealed."""
        procedures = tuple(each.key for each in self.register.procedures)
        try:
            done = rewrapping.everything(self.engine, self.vault, procedures)
        except (VaultKeyMissing, VaultSealBroken) as fault:
            log.error("resealing_stopped", fault=type(fault).__name__)  # noqa: TRY400 -- what it says names a record
            return
        if done:
            log.info("sealed_anew", count=done)
