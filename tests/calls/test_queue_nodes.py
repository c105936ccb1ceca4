"""A queue of two switches, one of whose controllers dies; and one on the real switch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from random import Random

import pytest

from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.queues.floor import Floor
from hotline.queues.settings import QueueSettings
from hotline.queues.store import Entered, NewEntry, QueueStore
from hotline.telephony.world.carrier import World
from tests.calls.company import CALLER, NUMBER, Company, Node
from tests.calls.conftest import Nodes
from tests.calls.staff import Agent, Staff
from tests.calls.test_on_the_switch import Site, installation, pair, site, world
from tests.calls.test_talk_recovery import give_flow
from tests.calls.waiting_line import never

__all__ = ["installation", "pair", "site", "world"]


class Shared:
    """A queue with one agent, whom each node's switch can ring, and two nodes."""

    def __init__(self, nodes: Nodes, company: Company, pool: DirectPool) -> None:
        self.company = company
        self.store = QueueStore(pool)
        self.queue_id = new_id()
        self.nodes = [nodes.node(name) for name in ("node1", "node2")]
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}

    async def set_up(self) -> Agent:
        agent = await Staff(self.company, self.nodes[0]).agent("1001", wrap_up_seconds=0)
        await self.company.sql(
            "insert into queues (id, enterprise_id, name) values (:q, :e, '客服')",
            q=self.queue_id,
            e=self.company.id,
        )
        await self.company.sql(
            "insert into queue_members (queue_id, agent_id, enterprise_id) values (:q, :a, :e)",
            q=self.queue_id,
            a=agent.id,
            e=self.company.id,
        )
        await give_flow(
            self.company,
            [{"id": "wait", "kind": "queue", "queue": str(self.queue_id), "exits": {}}],
        )
        return agent

    async def start(self, node: Node) -> None:
        node.company = self.company
        node.parts.floor = Floor(self.store, node.parts.clock, node.switch.node, never)
        await self.store.alive(node.switch.node, node.parts.clock.now())
        self._tasks[node.switch.node] = [
            asyncio.create_task(node.supervisor.run()),
            asyncio.create_task(node.parts.floor.run()),
        ]

    async def kill(self, node: Node) -> None:
        """As by SIGKILL: nothing more is said to the switch or the database."""
        await node.switch.drop_controller()
        await self.stop(node)

    async def stop(self, node: Node) -> None:
        for task in self._tasks.pop(node.switch.node, ()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def shared(
    nodes: Nodes, company: Company, database: Database, clock: VirtualClock
) -> AsyncIterator[Shared]:
    pool = DirectPool(database.platform_url, durable=False)
    shared = Shared(nodes, company, pool)
    async with clock.flowing():
        yield shared
        for node in shared.nodes:
            await shared.stop(node)
    await pool.close()


async def test_one_node_dies_while_the_agent_rings(shared: Shared, clock: VirtualClock) -> None:
    """The agent is given to the other node's caller; the first keeps the place and is served."""
    agent = await shared.set_up()
    first, second = shared.nodes
    phones = [node.world.account(agent.account) for node in shared.nodes]
    phones[0].never_answers()
    phones[1].answers(after=1, hangs_up_after=4)
    for node in shared.nodes:
        await shared.start(node)
    await clock.sleep(1)
    early = await first.world.call(NUMBER, CALLER)
    await phones[0].rings()
    await shared.kill(first)
    late = await second.world.call(NUMBER, "13900000002")
    await late.ended(60)
    assert not early.is_ended
    assert len(phones[1].calls) == 1
    phones[0].answers(after=1, hangs_up_after=4)
    second_life = Node(first.switch, first.parts)
    await shared.start(second_life)
    await early.ended(60)
    assert await second_life.supervisor.drained(30)
    await second_life.parts.ledger.written()
    entries = await shared.company.sql("select * from queue_entries order by left_at")
    assert [entry["caller"] for entry in entries] == ["13900000002", CALLER]
    assert {entry["state"] for entry in entries} == {"answered"}
    assert await shared.company.sql("select state, misses from agent_presence") == [
        {"state": "ready", "misses": 0}
    ]


class _SlowForOne(QueueStore):
    """CALLER stands in line again later than everybody else."""

    def __init__(self, pool: DirectPool, clock: VirtualClock) -> None:
        super().__init__(pool)
        self._clock = clock

    async def enter(self, entry: NewEntry, queue: QueueSettings, at: datetime) -> Entered:
        if entry.caller == CALLER:
            await self._clock.sleep(0.5)
        return await super().enter(entry, queue, at)


async def test_nobody_overtakes_who_rang_when_the_controller_died(
    shared: Shared, database: Database, clock: VirtualClock
) -> None:
    """Taking up again takes longest for whoever was rung for: the agent is free before."""
    agent = await shared.set_up()
    node = shared.nodes[0]
    phone = node.world.account(agent.account)
    phone.never_answers()
    await shared.start(node)
    await clock.sleep(1)
    early = await node.world.call(NUMBER, CALLER)
    await phone.rings()
    late = await node.world.call(NUMBER, "13900000002")
    await clock.sleep(4)
    await shared.kill(node)
    phone.answers(after=1, hangs_up_after=4)
    pool = DirectPool(database.platform_url, durable=False)
    shared.store = _SlowForOne(pool, clock)
    second_life = Node(node.switch, node.parts)
    await shared.start(second_life)
    for call in (early, late):
        await call.ended(60)
    assert await second_life.supervisor.drained(30)
    await second_life.parts.ledger.written()
    await pool.close()
    entries = await shared.company.sql("select * from queue_entries order by left_at")
    assert [(entry["caller"], entry["state"]) for entry in entries] == [
        (CALLER, "answered"),
        ("13900000002", "answered"),
    ]


@pytest.mark.switch
async def test_words_and_a_key_on_the_real_switch(site: Site, world: World) -> None:
    """The caller hears that all are busy, and leaves by a key."""
    company = site.company
    agent_id, queue_id = new_id(), new_id()
    await company.sql(
        "insert into agents (id, enterprise_id, extension, name, device)"
        " values (:i, :e, '1001', '座席', 'sip')",
        i=agent_id,
        e=company.id,
    )
    await company.sql("update agent_presence set state = 'break'")
    await company.sql(
        "insert into queues (id, enterprise_id, name, key_leave) values (:q, :e, '客服', '9')",
        q=queue_id,
        e=company.id,
    )
    await company.sql(
        "insert into queue_members (queue_id, agent_id, enterprise_id) values (:q, :a, :e)",
        q=queue_id,
        a=agent_id,
        e=company.id,
    )
    await give_flow(company, [{"id": "w", "kind": "queue", "queue": str(queue_id), "exits": {}}])
    words = site.sounds.path("queue_busy")
    words.write_bytes(bytes(Random(1).choices(range(256), k=12_000)))
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.answered()
        await call.hears(words)
        await call.press("9")
        await call.ended()
        record = await site.record()
    assert (record["outcome"], record["reason"]) == ("unanswered", "queue_leave")
    [entry] = await company.sql("select * from queue_entries")
    assert (entry["state"], entry["reason"]) == ("left", "leave")
