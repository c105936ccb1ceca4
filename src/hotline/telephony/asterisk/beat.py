"""Moments at which work that may wait for a little is done together.

Waking up for a message costs as much as reading it; what has gathered by the next beat is read and
answered in one go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeAlias

import structlog

log = structlog.get_logger(__name__)

Work: TypeAlias = Callable[[], None]

BEAT = 0.06
"""Seconds from one to the next: three packets of sound."""


class Beat:
    """Beats while somebody waits for it."""

    def __init__(self, seconds: float = BEAT) -> None:
        self._seconds = seconds
        self._waiting: list[Work] = []

    def at_next(self, work: Work) -> None:
        """Do ``work`` at the next beat, which is at most ``seconds`` away."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(self._seconds, self._now)
        self._waiting.append(work)

    def _now(self) -> None:
        waiting, self._waiting = self._waiting, []
        for work in waiting:
            try:
                work()
            except Exception:
                # The others' work must not wait for ever.
                log.exception("beat.work_failed")
