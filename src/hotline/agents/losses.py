"""Tells those who ring a device that it has just been lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class DeviceLosses:
    """Fed by whoever follows the devices of a switch node; one for all of its calls."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    def lost(self, account: str) -> None:
        """That SIP account cannot be reached any more."""
        for waiting in self._waiting.pop(account, ()):
            if not waiting.done():
                waiting.set_result(None)

    async def wait(self, account: str) -> None:
        """Until that SIP account is lost, from now on."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[account].add(waiting)
        try:
            await waiting
        finally:
            if (others := self._waiting.get(account)) is not None:
                others.discard(waiting)
                if not others:
                    del self._waiting[account]
