"""Queues with people in them, in the real database, and controllers that share it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from hotline.agents.presence import AgentPresence
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.db.listen import notifications
from hotline.kit.clock import Clock, SystemClock
from hotline.kit.ids import new_id
from hotline.queues.floor import Floor
from hotline.queues.settings import QueueSettings
from hotline.queues.store import NewEntry, QueueStore
from tests.agents.people import People


class Site:
    """An enterprise with agents and queues, and as many controllers as a test wants."""

    def __init__(self, database: Database, people: People) -> None:
        self.database = database
        self.people = people
        self.pool = DirectPool(database.platform_url, durable=False)
        self.store = QueueStore(self.pool)
        self.presence = AgentPresence(self.pool, SystemClock())
        self._pools = [self.pool]

    async def close(self) -> None:
        for pool in self._pools:
            await pool.close()

    async def sql(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        return await self.people.sql(statement, **values)

    async def queue(self, *agents: UUID, **columns: Any) -> QueueSettings:
        queue_id = new_id()
        row = {
            "id": queue_id,
            "enterprise_id": self.people.enterprise_id,
            "name": "客服",
            **columns,
        }
        names = ", ".join(row)
        places = ", ".join(
            f"cast(:{name} as jsonb)" if name in ("skills", "overflow") else f":{name}"
            for name in row
        )
        await self.sql(f"insert into queues ({names}) values ({places})", **row)
        for position, agent_id in enumerate(agents):
            await self.member(queue_id, agent_id, position=position)
        settings = await self.store.settings(queue_id)
        assert settings is not None
        return settings

    async def member(self, queue_id: UUID, agent_id: UUID, **columns: Any) -> None:
        row = {
            "queue_id": queue_id,
            "agent_id": agent_id,
            "enterprise_id": self.people.enterprise_id,
            **columns,
        }
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        await self.sql(f"insert into queue_members ({names}) values ({places})", **row)

    async def agent(self, extension: str, *, ready: bool = True, **columns: Any) -> UUID:
        agent_id = await self.people.agent(extension, **columns)
        if ready:
            await self.presence.sign_in(agent_id)
        return agent_id

    async def state_of(self, agent_id: UUID) -> str:
        presence = await self.presence.get(agent_id)
        assert presence is not None
        return presence.state.value

    def entry(self, queue: QueueSettings, node: str = "node1", **more: Any) -> NewEntry:
        fields = {
            "id": new_id(),
            "enterprise_id": queue.enterprise_id,
            "queue_id": queue.id,
            "call_id": new_id(),
            "hotline_id": None,
            "caller": "13812345678",
            "node": node,
            "priority": 0,
            **more,
        }
        return NewEntry(**fields)

    async def enter(
        self, queue: QueueSettings, node: str = "node1", at: datetime | None = None, **more: Any
    ) -> NewEntry:
        entry = self.entry(queue, node, **more)
        entered = await self.store.enter(entry, queue, at or datetime.now(UTC))
        assert entered.outcome == "entered"
        return entry

    async def entry_row(self, entry: NewEntry) -> dict[str, Any]:
        [row] = await self.sql("select * from queue_entries where id = :id", id=entry.id)
        return row

    def floor(self, node: str, clock: Clock | None = None) -> Floor:
        clock = clock or SystemClock()
        pool = DirectPool(self.database.platform_url, durable=False)
        self._pools.append(pool)
        listening = partial(
            notifications, self.database.platform_url, clock=clock, at_least_every=20.0
        )
        return Floor(QueueStore(pool), clock, node, listening, random=Random(node))

    @asynccontextmanager
    async def serving(self, *floors: Floor) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(floor.run()) for floor in floors]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def until(condition: Any, within: float = 5.0) -> None:
    """Wait until the coroutine function ``condition`` says so."""
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.01)
