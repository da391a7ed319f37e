"""Tokens that open something: random, and stored as their hash alone."""

from __future__ import annotations

import hashlib
import secrets


def new() -> str:
    """Return a new token of 256 bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what is stored of *token*.  A token is random, so that a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
