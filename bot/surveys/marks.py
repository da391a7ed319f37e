"""Who has answered, as a mark: a fingerprint that says nothing without the key, and leads to no ballot with it."""

from __future__ import annotations

import hmac
from hashlib import sha256

from storage.keyring import PRINTS
from storage.vault import Vault


def of_person(vault: Vault, survey: str, person_id: str) -> str:
    """Return the mark of a person in *survey*: another one in each survey.

    Raises:
        VaultKeyMissing: The key file has no key for fingerprints.
    """
    key = vault.keyring.key(PRINTS, vault.keyring.newest(PRINTS))
    return hmac.new(key, f"survey\0{survey}\0{person_id}".encode(), sha256).hexdigest()
