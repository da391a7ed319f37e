"""What is sealed, as it lies in the database: without the vault's keys it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Sealed:
    """A sealed file and the id of the key that opens it."""

    key_id: str
    blob: bytes


class SealedRecord(NamedTuple):
    """A record of the vault; the names are those of its columns."""

    id: str
    procedure: str
    version: int
    key_id: str
    blob: bytes
