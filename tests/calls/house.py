"""A whole company whose callers are led by flows: queues, agents, lists, and a serving node."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import URL

from hotline.calls.flow_lists import DatabaseLists
from hotline.calls.flow_parts import FlowParts, Web
from hotline.db.direct import DirectPool
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.queues.floor import Floor
from hotline.queues.store import QueueStore
from tests.calls.company import Company, Node
from tests.calls.conftest import Nodes
from tests.calls.staff import Agent, Staff
from tests.calls.test_flows import Answers, Site
from tests.calls.waiting_line import never


class House(Site):
    """A site with a floor, whose agents have phones in the fake world."""

    def __init__(self, nodes: Nodes, company: Company, url: URL) -> None:
        node = nodes.node()
        node.company = company
        super().__init__(company, node, Answers())
        pool: DirectPool = nodes.pool(url, durable=False)
        self.store = QueueStore(pool)
        self.staff = Staff(company, node)
        node.parts.flows = FlowParts(DatabaseLists(pool), self.web)
        node.parts.floor = Floor(self.store, self.clock, node.switch.node, never)

    @property
    def clock(self) -> VirtualClock:
        clock = self.node.parts.clock
        assert isinstance(clock, VirtualClock)
        return clock

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Node]:
        floor = self.node.parts.floor
        assert floor is not None
        await self.store.alive(self.node.switch.node, self.clock.now())
        async with self.clock.flowing(), self.node.serving():
            deciding = asyncio.create_task(floor.run())
            try:
                yield self.node
            finally:
                deciding.cancel()
                with suppress(asyncio.CancelledError):
                    await deciding

    def answers_by(self, web: Web) -> None:
        """Let the enterprise's server be another."""
        assert self.node.parts.flows is not None
        self.node.parts.flows = FlowParts(self.node.parts.flows.lists, web)

    def begin_anew(self) -> None:
        """Another controller takes over the switch."""
        self.node = Node(self.node.switch, self.node.parts)
        self.node.company = self.company
        self.staff.node = self.node

    async def queue(self, *agents: Agent, **columns: object) -> UUID:
        """Its id."""
        values = {"name": "客服", **columns}
        key = await self.row("queues", values)
        for position, agent in enumerate(agents):
            await self.company.sql(
                "insert into queue_members (queue_id, agent_id, enterprise_id, position)"
                " values (:q, :a, :e, :p)",
                q=key,
                a=agent.id,
                e=self.company.id,
                p=position,
            )
        return key

    async def caller_list(self, number: str, **columns: object) -> UUID:
        """A list with this one caller in it, and where the entry leads."""
        key = await self.row("caller_lists", {"name": "贵宾"})
        await self.row("caller_list_entries", {"list_id": key, "number": number, **columns})
        return key

    async def row(self, table: str, values: dict[str, object]) -> UUID:
        """Insert it; its id."""
        key = new_id()
        names = "".join(f", {name}" for name in values)
        marks = "".join(
            f", cast(:{name} as jsonb)" if isinstance(value, dict) else f", :{name}"
            for name, value in values.items()
        )
        await self.company.sql(
            f"insert into {table} (id, enterprise_id{names}) values (:i, :e{marks})",
            i=key,
            e=self.company.id,
            **{
                name: orjson.dumps(value).decode() if isinstance(value, dict) else value
                for name, value in values.items()
            },
        )
        return key

    async def details(self, agent: Agent) -> dict[str, Any]:
        """What the agent's client was told before it rang."""
        [row] = await self.company.sql(
            "select details from agent_offers where agent_id = :a", a=agent.id
        )
        return dict(row["details"])
