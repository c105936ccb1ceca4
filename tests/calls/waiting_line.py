"""A queue on the fake switch and those who wait in it, for the tests of both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, LiteralString

from hotline.calls.context import CallContext
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.onward import go_onward
from hotline.calls.queue_ring import ring_for_queue
from hotline.calls.waiting import WaitOver, Wish, wait_in_queue
from hotline.db.direct import DatabaseAway, DirectPool, Parameters, Row
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.queues.store import QueueStore
from tests.calls.company import Company, Node
from tests.calls.staff import Agent, Staff


async def never(_: str) -> AsyncIterator[str | None]:
    """Hears nothing; a connection that listens would hold up virtual time."""
    await asyncio.Event().wait()
    yield None


class Cuttable(DirectPool):
    """A way to the database that a test can cut."""

    away = False

    async def rows(self, statement: LiteralString, parameters: Parameters = ()) -> list[Row]:
        if self.away:
            raise DatabaseAway
        return await super().rows(statement, parameters)


class Line:
    """A queue of the company, and what came of those who waited in it."""

    def __init__(self, company: Company, staff: Staff, pool: Cuttable) -> None:
        self.company = company
        self.staff = staff
        self.pool = pool
        self.store = QueueStore(pool)
        self.id = new_id()
        self.wish = Wish()
        self.over: list[WaitOver] = []

    async def set_up(self, *agents: Agent, **columns: object) -> None:
        names = "".join(f", {name}" for name in columns)
        places = "".join(
            f", cast(:{name} as jsonb)" if name in ("overflow", "skills") else f", :{name}"
            for name in columns
        )
        await self.company.sql(
            f"insert into queues (id, enterprise_id, name{names}) values (:q, :e, '客服'{places})",
            q=self.id,
            e=self.company.id,
            **columns,
        )
        for position, agent in enumerate(agents):
            await self.company.sql(
                "insert into queue_members (queue_id, agent_id, enterprise_id, position)"
                " values (:q, :a, :e, :p)",
                q=self.id,
                a=agent.id,
                e=self.company.id,
                p=position,
            )

    async def story(self, ctx: CallContext) -> TalkOver | AgentMissed:
        over = await wait_in_queue(ctx, self.id, ring_for_queue, self.wish)
        self.over.append(over)
        return (await go_onward(ctx, over.talk) if over.talk else None) or AgentMissed({})

    async def entries(self) -> list[dict[str, Any]]:
        return await self.company.sql("select * from queue_entries order by entered_at, id")


@asynccontextmanager
async def serving(line: Line) -> AsyncIterator[Node]:
    node = line.staff.node
    clock = node.parts.clock
    assert isinstance(clock, VirtualClock)
    assert node.parts.floor is not None
    await line.store.alive("node1", clock.now())
    work = [asyncio.ensure_future(one) for one in (node.parts.ledger.run(), node.parts.floor.run())]
    serve = line.staff.serve
    try:
        async with clock.flowing(), node.switch.serving(lambda call: serve(line.story, call)):
            yield node
            await node.parts.ledger.written()
    finally:
        for task in work:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
