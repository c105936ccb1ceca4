"""Bounds what the switch writes about itself; it has no such bound of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.management import Management, ManagementUnreachable

_log = structlog.get_logger(__name__)
LOG_BYTES: Final = 20_000_000
LOGS_KEPT: Final = 5
_LOOK_EVERY: Final = 60.0


async def keep_small(log: Path, management: Management, clock: Clock) -> None:
    """Until cancelled: a log of more than 20 MB is begun anew, five old ones are kept."""
    while True:
        await clock.sleep(_LOOK_EVERY)
        try:
            await shorten(log, management)
        except (ManagementUnreachable, OSError) as error:
            _log.warning("switch.log_not_rotated", error=str(error))


async def shorten(
    log: Path, management: Management, *, most: int = LOG_BYTES, kept: int = LOGS_KEPT
) -> bool:
    """Whether ``log`` had more than ``most`` bytes and was begun anew; ``kept`` old ones stay.

    Raises ManagementUnreachable, OSError.
    """
    if not await asyncio.to_thread(_has_room_made, log, most, kept):
        return False
    await management.rotate(log.name)
    return True


def _has_room_made(log: Path, most: int, kept: int) -> bool:
    """Whether the log is too long; then the oldest are gone, for each becomes the next older."""
    if not log.exists() or log.stat().st_size <= most:
        return False
    for old in log.parent.glob(f"{log.name}.*"):
        number = old.suffix.removeprefix(".")
        if number.isdecimal() and int(number) >= kept - 1:
            old.unlink(missing_ok=True)
    return True
