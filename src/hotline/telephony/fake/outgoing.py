"""Dialling legs that the controller commands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hotline.kit.clock import Clock
from hotline.telephony.fake.party import FakeLeg
from hotline.telephony.fake.ringing import Ringing
from hotline.telephony.fake.session import Session
from hotline.telephony.port import Dialled, DialPlan, NotAnswered

Told = Callable[[], Awaitable[None]]


async def ring_out(
    clock: Clock,
    session: Session,
    plan: DialPlan,
    ringing: Ringing,
    *,
    on_ringing: Told | None = None,
) -> Dialled | NotAnswered:
    """Ring until somebody answers; ``on_ringing`` has been awaited by then if anybody rang."""
    rang = asyncio.Event()
    telling: asyncio.Future[None] | None = None
    ringing.start(on_ringing=rang.set)
    if on_ringing is not None:
        telling = asyncio.ensure_future(_tell(rang, on_ringing))
    try:
        won = await ringing.winner(plan.ring_timeout)
        if telling is not None and rang.is_set():
            await telling
    finally:
        if telling is not None:
            telling.cancel()
    if won is None:
        return NotAnswered(ringing.attempts)
    return Dialled(FakeLeg(clock, session, won.line, won.target), ringing.attempts)


async def _tell(rang: asyncio.Event, on_ringing: Told) -> None:
    await rang.wait()
    await on_ringing()
