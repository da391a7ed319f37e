"""Whether somebody may have borrowed before (003-30): fingerprints of what is sealed, and the cases that share one.

A fingerprint is an HMAC under a key of its own in the key file.  It is made when a case is filed, from answers
that nobody sees meanwhile, and it is all that outlives the erasure of a case.  What comes of it are candidates
for a person to look at; nothing is ever refused by it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from dialogs.fields import Name, Phone, PostalAddress
from dialogs.form import Form
from storage import prints
from storage.keyring import VaultKeyMissing
from storage.vault import Vault

PHONE, HOME = "phone", "home"

_LEFT_OUT = frozenset(
    " -‐‑‒–—―−ｰー・,.、。の番地号丁目"
)  # untranslated: what people write differently in one address
_PLACE = ("prefecture", "city", "ward", "town", "rest")


@dataclass(frozen=True)
class Prints:
    """Makes the fingerprints of cases.  Without their key in the key file none are made, and filing goes on."""

    vault: Vault

    def keep(self, conn: Connection, case_id: str, form: Form, record: str) -> None:
        """Keep the fingerprints of the answers to *form* that are sealed in *record*, for the case."""
        with suppress(VaultKeyMissing):
            prints.keep(conn, case_id, self.vault.fingerprints(conn, record, partial(traits, form)))


def traits(form: Form, personal: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of what would be the same if the same person applied again, however they write it.

    That is a telephone number, and a name together with an address: either alone may be shared by a family.
    """
    names, homes = [], []
    for each in form.fields:
        value = personal.get(each.key)
        if isinstance(each, Phone) and isinstance(value, str):
            yield PHONE, "".join(letter for letter in _plain(value) if letter.isdigit())
        elif isinstance(each, Name) and isinstance(value, str):
            names.append(_plain(value))
        elif isinstance(each, PostalAddress) and isinstance(value, Mapping) and "rest" in value:
            homes.append(_plain("".join(str(value.get(part) or "") for part in _PLACE)))
    for home in dict.fromkeys(homes):
        for name in dict.fromkeys(names):
            yield HOME, f"{name}\0{home}"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter not in _LEFT_OUT and not letter.isspace())
