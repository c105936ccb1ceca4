"""What is told, how it is signed, and when it is tried again."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

EVENTS: Final[dict[str, str]] = {
    "call.started": "A call came in and was admitted or refused",
    "call.answered": "Somebody talks to the caller",
    "call.ended": "A call is over and its record complete",
    "message.left": "A caller left a message in a box that notifies",
    "survey.answered": "A caller answered a question of a survey",
}
PING: Final = "ping"
WAITS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (30, 60, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)
)
"""Before each attempt after the first: the last comes about 28 hours after the event."""
GIVEN_UP_AFTER: Final = timedelta(days=3)
"""A webhook that has taken nothing for so long is switched off."""


def signature(secret: str, at: datetime, body: bytes) -> str:
    """``t=<unix seconds>,v1=<hex>``: HMAC-SHA256 over the seconds, a full stop and the body."""
    seconds = int(at.timestamp())
    signed = str(seconds).encode() + b"." + body
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None: no more."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def is_given_up(failing_since: datetime | None, now: datetime) -> bool:
    return failing_since is not None and now - failing_since >= GIVEN_UP_AFTER
