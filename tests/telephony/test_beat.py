"""When what comes in had better gather."""

from __future__ import annotations

import asyncio

from hotline.telephony.asterisk.beat import COUNTING, MUCH, Beat


async def test_what_comes_over_several_connections_counts_together() -> None:
    beat = Beat()
    beat.is_much(0)
    for _one_and_other in range(2):
        beat.is_much(5 * MUCH)
    await asyncio.sleep(COUNTING * 1.5)
    assert beat.is_much(0)


async def test_little_does_not_gather() -> None:
    beat = Beat()
    beat.is_much(1)
    await asyncio.sleep(COUNTING * 2)
    assert not beat.is_much(1)
