"""What is common to both sides of a comparison."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from bench.cpu import threads
from hotline.telephony.asterisk.sip import Carrier

GREETED = "4006001234"
"""Greeting of two seconds, then forwarded and recorded."""
PLAIN = "4006005678"
"""Forwarded, nothing else."""
QUEUED = "4006009999"
"""The same greeting, then a queue; the talk is recorded."""
OFFERED = "4006008888"
"""A queue without anything before it, in an enterprise of its own."""

ANNOUNCED = {GREETED: 2.0, PLAIN: 0.0, QUEUED: 2.0, OFFERED: 0.0}
"""Seconds of announcements that a caller hears before anybody is called."""

QUEUE_AGENTS = 20
"""Behind ``QUEUED``."""

_REST_SECONDS = 120
_THREADS_AT_REST = 90
"""More than a switch has without calls, of which each has two threads and more."""

CALLERS = ("127.0.0.2", 28060)
PHONES = ("127.0.0.3", 26060)
PHONE_MEDIA_PORT = 27000


def agent_number(place: int) -> str:
    """Of an agent's phone; ``place`` counts from 1."""
    return f"139{place:08d}"


class Contender(ABC):
    """A running system that answers ``GREETED``, ``PLAIN`` and ``QUEUED``."""

    name: str
    sip: tuple[str, int]

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def stop(self) -> None: ...

    @abstractmethod
    def parts(self) -> dict[str, list[int]]:
        """Part → root processes whose trees do its work."""

    async def rest(self) -> None:
        """Wait until its switch has let go of all calls: those that fail stay for up to a minute,
        and would count against the next burst. Raises SystemExit if it does not."""
        (switch,) = self.parts()["switch"]
        for _ in range(_REST_SECONDS):
            if threads(switch) < _THREADS_AT_REST:
                return
            await asyncio.sleep(1)
        raise SystemExit(f"{self.name} still has calls after {_REST_SECONDS} s")


def carriers(phones: tuple[str, int]) -> tuple[Carrier, ...]:
    """The trunk that calls leave by and the one that they come in by."""
    return (
        Carrier(name="phones", host=phones[0], port=phones[1]),
        Carrier(name="callers", host=CALLERS[0], port=CALLERS[1]),
    )
