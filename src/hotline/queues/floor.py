"""One controller's part in distributing calls: it decides for any queue and tells its own callers.

A round for an enterprise reads a snapshot, decides by the pure rules and carries the decisions out
in one statement that counts only if nothing changed in between; then it looks again. Every
controller with callers of that enterprise does so: who comes second finds the snapshot old.
Rounds begin when somebody enters, when an agent becomes ready, when waiting makes more agents
suitable, and every few seconds in case a notice was lost.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

import orjson
import structlog

from hotline.db.direct import DatabaseAway
from hotline.kit.clock import Clock
from hotline.queues.rules import distribute, next_change
from hotline.queues.settings import QueueSettings
from hotline.queues.store import QueueStore

log = structlog.get_logger(__name__)

OFFERS: Final = "hotline_offers"
READY: Final = "hotline_ready"
BEAT_EVERY: Final = 2.0
DEAD_AFTER: Final = timedelta(seconds=7)
"""Without a sign of life a controller's callers are not offered agents."""
_LOOK_EVERY: Final = 5.0
_SWEEP_EVERY: Final = 30.0
_RETRY_EVERY: Final = 1.0
_MOST_AT_ONCE: Final = 50
_KEPT_SETTINGS: Final = 5_000

CallBack = Callable[[UUID], Awaitable[bool]]
"""Serves the entry that agents were claimed for; False: it is not (any more) to be called back."""
Listening = Callable[[str], AsyncIterator[str | None]]
"""Channel → payloads; None where some may have been missed."""


class Attention(asyncio.Event):
    """Set when something may have become of somebody's wait."""

    deserted = False
    """Nobody is signed in any more who could end it."""


class Floor:
    """Where callers of one node wait."""

    def __init__(
        self,
        store: QueueStore,
        clock: Clock,
        node: str,
        listening: Listening,
        *,
        random: Random | None = None,
    ) -> None:
        self.store = store
        self.node = node
        self._clock = clock
        self._listening = listening
        self._random = random or Random()  # noqa: S311 - no secret hangs on it
        self._attention: dict[UUID, Attention] = {}
        self._present: Counter[UUID] = Counter()
        self._settings: dict[UUID, QueueSettings] = {}
        self._dirty: set[UUID] = set()
        self._deciding: set[UUID] = set()
        self._timers: dict[UUID, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None
        self.call_back: CallBack | None = None
        """Who calls back here; None: nobody, so callbacks are left to other controllers."""
        self._at_home: set[UUID] = set()
        """Enterprises of whom somebody waits to be called back."""

    async def run(self) -> None:
        """Decide until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                for work in (self._beat, self._look, self._sweep, self._hear_offers, self._hear):
                    group.create_task(work(), name=f"queues {work.__name__}")
                for enterprise_id in list(self._present):
                    self.decide(enterprise_id)
                await asyncio.Event().wait()
            finally:
                self._group = None

    # ------------------------------------------------------------ those who wait

    async def settings(self, queue_id: UUID) -> QueueSettings | None:
        """As they are now or, while the database is away, as they were; None: no such queue.

        Raises DatabaseAway for one that was never seen.
        """
        try:
            found = await self.store.settings(queue_id)
        except DatabaseAway:
            if queue_id in self._settings:
                return self._settings[queue_id]
            raise
        if found is None:
            self._settings.pop(queue_id, None)
        else:
            if len(self._settings) >= _KEPT_SETTINGS:
                self._settings.clear()
            self._settings[queue_id] = found
        return found

    @contextmanager
    def attending(self, entry_id: UUID, enterprise_id: UUID) -> Iterator[Attention]:
        """Be told by the event that the entry may have been offered an agent, or was deserted."""
        attention = self._attention[entry_id] = Attention()
        self._present[enterprise_id] += 1
        try:
            yield attention
        finally:
            self._attention.pop(entry_id, None)
            self._present[enterprise_id] -= 1
            if not self._present[enterprise_id]:
                del self._present[enterprise_id]

    def decide(self, enterprise_id: UUID) -> None:
        """Something has changed for those who wait there."""
        self._dirty.add(enterprise_id)
        if self._group is not None and enterprise_id not in self._deciding:
            self._deciding.add(enterprise_id)
            self._group.create_task(self._rounds(enterprise_id))

    async def settle(self, what: Callable[[], Awaitable[object]]) -> None:
        """Do what must be written; while the database is away, later and again."""
        try:
            await what()
        except DatabaseAway:
            if self._group is not None:
                self._group.create_task(self._until_done(what))

    async def _until_done(self, what: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._clock.sleep(_RETRY_EVERY)
            try:
                await what()
            except DatabaseAway:
                continue
            return

    # ------------------------------------------------------------ rounds

    async def _rounds(self, enterprise_id: UUID) -> None:
        try:
            while enterprise_id in self._dirty:
                self._dirty.discard(enterprise_id)
                await self._round(enterprise_id)
        except DatabaseAway:
            self._at(enterprise_id, self._clock.now().timestamp() + _RETRY_EVERY)
        except Exception:
            log.exception("round_failed", enterprise=str(enterprise_id))
        finally:
            self._deciding.discard(enterprise_id)

    async def _round(self, enterprise_id: UUID) -> None:
        now = self._clock.now()
        situation = await self.store.situation(
            enterprise_id,
            now,
            now - DEAD_AFTER,
            self._random.getrandbits(31),
            callbacks=self.call_back is not None,
        )
        if situation is None:
            return
        decisions = list(distribute(situation.snapshot, most=_MOST_AT_ONCE))
        if not decisions:
            change = next_change(situation.snapshot)
            if change is not None:
                self._at(enterprise_id, change)
            return
        given = await self.store.offer(enterprise_id, situation.turn, self.node, now, decisions)
        for decision in decisions[: max(given, 0)]:
            self._attend(decision.waiting.id)
        # Others may have been quicker, there may be more, and those left may wait for a time.
        self._dirty.add(enterprise_id)

    def _at(self, enterprise_id: UUID, instant: float) -> None:
        """Decide again then."""
        if self._group is None:
            return
        earlier = self._timers.pop(enterprise_id, None)
        if earlier is not None:
            earlier.cancel()
        self._timers[enterprise_id] = self._group.create_task(self._wake(enterprise_id, instant))

    async def _wake(self, enterprise_id: UUID, instant: float) -> None:
        await self._clock.sleep(max(0.0, instant - self._clock.now().timestamp()))
        self._timers.pop(enterprise_id, None)
        self.decide(enterprise_id)

    def _attend(self, entry_id: UUID) -> None:
        attention = self._attention.get(entry_id)
        if attention is not None:
            attention.set()
        elif self._group is not None:
            self._group.create_task(self._unattended(entry_id))

    async def _unattended(self, entry_id: UUID) -> None:
        """To be called back, or offered to a caller who is just leaving, or whom the switch holds
        out of our reach."""
        if await self._called_back(entry_id):
            return
        await self._clock.sleep(_RETRY_EVERY)
        await self.settle(partial(self.set_aside, entry_id))

    async def set_aside(self, entry_id: UUID) -> None:
        """Give no agents to an entry that nobody here attends to. Raises DatabaseAway."""
        if entry_id not in self._attention:
            await self.store.set_aside(entry_id, self._clock.now())

    async def _called_back(self, entry_id: UUID) -> bool:
        try:
            return self.call_back is not None and await self.call_back(entry_id)
        except DatabaseAway:
            return False

    # ------------------------------------------------------------ what others tell

    async def _hear_offers(self) -> None:
        async for payload in self._listening(OFFERS):
            if payload is None:
                for attention in self._attention.values():
                    attention.set()
                continue
            offer = orjson.loads(payload)
            if offer["node"] == self.node:
                self._attend(UUID(offer["entry_id"]))

    async def _hear(self) -> None:
        async for payload in self._listening(READY):
            if payload is None:
                self._decide_all()
            elif UUID(payload) in self._present.keys() | self._at_home:
                self.decide(UUID(payload))

    def _decide_all(self) -> None:
        for enterprise_id in self._present.keys() | self._at_home:
            self.decide(enterprise_id)

    # ------------------------------------------------------------ from time to time

    async def _look(self) -> None:
        while True:
            await self._clock.sleep(_LOOK_EVERY)
            if self.call_back is not None:
                await self._look_at_home()
            if self._attention:
                await self._look_for_deserted()
            self._decide_all()

    async def _look_for_deserted(self) -> None:
        try:
            deserted = await self.store.deserted(self.node, self._clock.now())
        except DatabaseAway as away:
            log.warning("deserted_wait_on", error=away.detail)
            return
        for entry_id in deserted:
            if (attention := self._attention.get(entry_id)) is not None:
                attention.deserted = True
                attention.set()

    async def _look_at_home(self) -> None:
        """Who waits to be called back, and whose turn has come without our hearing of it."""
        try:
            self._at_home = await self.store.callbacks.enterprises(self._clock.now())
            missed = await self.store.callbacks.offered_at(self.node)
        except DatabaseAway as away:
            log.warning("callbacks_wait", error=away.detail)
            return
        for entry_id in missed:
            if entry_id not in self._attention:
                await self._called_back(entry_id)

    async def _beat(self) -> None:
        await self.settle(partial(self.store.callbacks.give_up, self.node, self._clock.now()))
        while True:
            now = self._clock.now()
            try:
                await self.store.alive(self.node, now)
                for enterprise_id in await self.store.withdraw(now - DEAD_AFTER, now):
                    self.decide(enterprise_id)
            except DatabaseAway as away:
                log.warning("no_sign_of_life", error=away.detail)
            await self._clock.sleep(BEAT_EVERY)

    async def _sweep(self) -> None:
        while True:
            await self._clock.sleep(_SWEEP_EVERY)
            try:
                await self.store.sweep(self._clock.now())
            except DatabaseAway as away:
                log.warning("sweep_waits", error=away.detail)
