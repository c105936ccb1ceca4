"""Secrets we hand out, of which only hashes are kept.

They carry 256 bits of randomness, so a plain SHA-256 is enough to keep: nothing can be guessed.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple


class ApiKeySecret(NamedTuple):
    """A new API key: ``shown`` goes to its owner once, the rest is stored."""

    shown: str
    prefix: str
    secret_hash: bytes


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def new_api_key() -> ApiKeySecret:
    """``hl_<prefix>_<secret>``; the prefix finds the row, the secret proves it."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return ApiKeySecret(f"hl_{prefix}_{secret}", prefix, hash_of(secret))


def split_api_key(key: str) -> tuple[str, str] | None:
    """(prefix, secret), or None for what is no key of ours."""
    parts = key.split("_", 2)
    if len(parts) != 3 or parts[0] != "hl" or not parts[1] or not parts[2]:
        return None
    return parts[1], parts[2]
