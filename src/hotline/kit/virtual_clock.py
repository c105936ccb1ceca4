"""A clock whose time passes only when nobody has anything left to do.

Sleepers of this clock wait on a heap; the event loop's own time stays real, so sockets, database
pools and ``asyncio.timeout`` guards work as ever. Time moves in one of two ways:

* ``async with clock.flowing():`` — whenever the loop is idle, jump to the next sleeper's instant;
* ``await clock.advance(5)`` — move by hand, waking every sleeper on the way in order.

*Idle* means: no callback is ready, no task waits for a socket and no answer is outstanding
(``kit/outstanding.py``). A socket that has been waited for longer than ``patience`` real seconds (a
listening connection) counts as idle too. Work handed to threads is not seen: put
``with clock.held():`` around it.
"""

from __future__ import annotations

import asyncio
import heapq
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count

from hotline.kit.outstanding import ANSWERS

DEFAULT_START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in China."""
_REAL_POLL = 0.0005


class VirtualClock:
    """A :class:`hotline.kit.clock.Clock` for tests. Needs asyncio's own selector event loop."""

    def __init__(self, start: datetime = DEFAULT_START, *, patience: float = 1.0) -> None:
        self._start = start
        self._elapsed = 0.0
        self._patience = patience
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._new_sleeper = asyncio.Event()
        self._holds = 0
        self._sockets: dict[int, tuple[object, float]] = {}

    # ------------------------------------------------------------ the Clock protocol

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        # Rounding to the microsecond keeps instants that are meant to be equal equal.
        due = round(self._elapsed + seconds, 6)
        heapq.heappush(self._sleepers, (due, next(self._order), future))
        self._new_sleeper.set()
        await future

    # ------------------------------------------------------------ moving it

    async def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass; everybody due on the way wakes in order and runs until idle."""
        target = round(self._elapsed + seconds, 6)
        await self.settle()
        while (due := self._next_due()) is not None and due <= target:
            self._wake(due)
            await self.settle()
        self._elapsed = target
        await self.settle()

    @asynccontextmanager
    async def flowing(self) -> AsyncIterator[None]:
        """Time passes by itself while the block runs, as fast as everybody is idle."""
        flow = asyncio.create_task(self._flow(), name="virtual clock")
        try:
            yield
        finally:
            flow.cancel()
            with suppress(asyncio.CancelledError):
                await flow

    @contextmanager
    def held(self) -> Iterator[None]:
        """No time passes while the block runs, however idle the loop looks."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1

    async def settle(self) -> None:
        """Return when the loop is idle, without any virtual time passing."""
        quiet_rounds = 0
        while quiet_rounds < 3:
            await asyncio.sleep(0)
            if self._callbacks_ready():
                quiet_rounds = 0
            elif self._holds or ANSWERS.count or self._sockets_awaited():
                quiet_rounds = 0
                await asyncio.sleep(_REAL_POLL)
            else:
                # Each round lets the loop look at its sockets, whose callbacks run in the next.
                quiet_rounds += 1

    async def _flow(self) -> None:
        while True:
            await self.settle()
            due = self._next_due()
            if due is not None:
                self._wake(due)
            else:
                self._new_sleeper.clear()
                await self._new_sleeper.wait()

    def _next_due(self) -> float | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def _wake(self, due: float) -> None:
        """Move to ``due`` and wake its first sleeper only: the order of sleeping is kept."""
        _, _, future = heapq.heappop(self._sleepers)
        self._elapsed = max(self._elapsed, due)
        if not future.done():
            future.set_result(None)

    # ------------------------------------------------------------ is anybody busy?

    @staticmethod
    def _callbacks_ready() -> bool:
        ready = getattr(asyncio.get_running_loop(), "_ready", None)
        if ready is None:
            raise RuntimeError("a virtual clock needs asyncio's own event loop, not uvloop")
        return bool(ready)

    def _sockets_awaited(self) -> bool:
        loop = asyncio.get_running_loop()
        waker: socket.socket | None = getattr(loop, "_ssock", None)
        own = waker.fileno() if waker is not None else None
        selector = getattr(loop, "_selector", None)
        if selector is None:
            return False
        now = time.monotonic()
        seen: dict[int, tuple[object, float]] = {}
        busy = False
        for fd, key in selector.get_map().items():
            if fd == own or fd in ANSWERS.sockets:
                continue
            known = self._sockets.get(fd)
            since = known[1] if known is not None and known[0] == key else now
            seen[fd] = (key, since)
            busy = busy or now - since < self._patience
        self._sockets = seen
        return busy
