"""Dialling a device that may vanish while it rings."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeAlias

from hotline.telephony.port import Dialled, NotAnswered, TelephonyError

Outcome: TypeAlias = Dialled | NotAnswered


async def unless_lost(
    dialling: Coroutine[Any, Any, Outcome], lost: Coroutine[Any, Any, None]
) -> Outcome | None:
    """What came of ``dialling``; None when ``lost`` ended first, and nothing rings any more.

    SIP alone would let a device without a connection ring until the time-out. Cancelling it takes
    the call back, even one that is answered at that moment.
    """
    dial, vanish = asyncio.ensure_future(dialling), asyncio.ensure_future(lost)
    try:
        await asyncio.wait({dial, vanish}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        with suppress(TelephonyError):
            if isinstance(outcome := await _stopped(dial), Dialled):
                await outcome.leg.hangup()
        raise
    finally:
        vanish.cancel()
    return dial.result() if dial.done() else await _stopped(dial)


async def _stopped(dial: asyncio.Future[Outcome]) -> Outcome | None:
    dial.cancel()
    await asyncio.wait({dial})
    return None if dial.cancelled() else dial.result()
