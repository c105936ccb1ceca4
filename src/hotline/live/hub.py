"""Call events from the database to everyone who watches: one LISTEN connection a process.

It listens while anybody is subscribed. The first message to each subscriber, and one after every
reconnection, is ``resync``: what they hold may be old, they fetch it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
import psycopg
import structlog
from sqlalchemy.engine import URL

from hotline.db.listen import listening
from hotline.kit.clock import Clock

CHANNEL: Final = "hotline_live"
RESYNC: Final = orjson.dumps({"type": "resync"}).decode()
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveTimes:
    """In seconds."""

    check: float = 30.0
    """Between looks whether whoever watches still may; each sends a ``keepalive`` too."""
    send: float = 10.0
    """A client that takes longer to accept a message is dropped."""
    reconnect: float = 1.0
    """Before the database is tried again; doubles up to 30."""
    silence: float = 20.0
    """After so long without an event the connection is asked for a sign of life."""


Notice: TypeAlias = dict[str, Any]
View: TypeAlias = Callable[[Notice], Notice | None]
"""What of a notice a watcher may see; None: nothing."""


@dataclass(eq=False)
class Subscription:
    """One watcher. ``enterprise_id`` None: of every enterprise."""

    enterprise_id: UUID | None
    messages: asyncio.Queue[str]
    view: View | None = None
    """None: the watcher sees everything."""
    lagging: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a message found no room: some were lost to this watcher, who must be dropped."""

    def offer(self, message: str) -> None:
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.lagging.set()


class LiveHub:
    """Hands out what is notified on CHANNEL."""

    def __init__(self, url: URL, clock: Clock, times: LiveTimes, *, room: int = 500) -> None:
        """``url`` is the database's; ``room`` how many messages wait for a slow watcher."""
        self._url = url
        self._clock = clock
        self.times = times
        self._room = room
        self._subscriptions: set[Subscription] = set()
        self._task: asyncio.Task[None] | None = None
        self._listening = False

    @asynccontextmanager
    async def subscription(
        self, enterprise_id: UUID | None, view: View | None = None
    ) -> AsyncIterator[Subscription]:
        """Receive while the block runs."""
        subscription = Subscription(enterprise_id, asyncio.Queue(self._room), view)
        if self._listening:
            subscription.offer(RESYNC)
        self._subscriptions.add(subscription)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="live")
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            if not self._subscriptions:
                await self._stop()

    async def _stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        pause = self.times.reconnect
        while True:
            try:
                await self._listen()
            except (psycopg.Error, TimeoutError, OSError) as error:
                _log.warning("live events interrupted", error=str(error))
            finally:
                pause = self.times.reconnect if self._listening else min(pause * 2, 30.0)
                self._listening = False
            await self._clock.sleep(pause)

    async def _listen(self) -> None:
        async with listening(self._url, CHANNEL) as listener:
            self._listening = True
            self._to_all(RESYNC)
            while True:
                payload = await listener.next(self.times.silence)
                if payload is not None:
                    self._hand_out(payload)
                    await asyncio.sleep(0)  # a burst must not fill the queues of those who keep up

    def _hand_out(self, payload: str) -> None:
        try:
            notice: Notice = orjson.loads(payload)
            enterprise_id = UUID(notice["enterprise_id"])
        except (ValueError, KeyError, TypeError):
            _log.warning("a live event could not be read", payload=payload[:200])
            return
        for subscription in self._subscriptions:
            if subscription.enterprise_id not in (None, enterprise_id):
                continue
            if subscription.view is None:
                subscription.offer(payload)
            elif (shown := subscription.view(notice)) is not None:
                subscription.offer(orjson.dumps(shown).decode())

    def _to_all(self, message: str) -> None:
        for subscription in self._subscriptions:
            subscription.offer(message)
