"""Callers who keep their place in a queue and are called when their turn comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.queues.floor import Floor
from hotline.queues.store import QueueStore
from hotline.telephony.fake import FakeCall
from hotline.telephony.fake.world import FakePhone
from tests.calls.company import CALLER, NUMBER, Company, Node
from tests.calls.conftest import Nodes
from tests.calls.staff import Agent, Staff
from tests.calls.talks import in_state
from tests.calls.test_talk_recovery import give_flow
from tests.calls.test_waiting import heard
from tests.calls.waiting_line import never

SHOWN = "01066668888"


class CallCentre:
    """A queue whose callers may ask to be called back, and two nodes."""

    def __init__(self, nodes: Nodes, company: Company, pool: DirectPool) -> None:
        self.company = company
        self._nodes = nodes
        self.store = QueueStore(pool)
        self.queue_id = new_id()
        self.nodes = [nodes.node(name) for name in ("node1", "node2")]
        self.staff = Staff(company, self.nodes[0])
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}

    @property
    def node(self) -> Node:
        return self.nodes[0]

    @property
    def clock(self) -> VirtualClock:
        clock = self.node.parts.clock
        assert isinstance(clock, VirtualClock)
        return clock

    @property
    def customer(self) -> FakePhone:
        return self.node.world.phone(CALLER)

    async def agent(self, extension: str = "1001", **columns: Any) -> Agent:
        """On a break, so that the caller has to wait."""
        if not self.company.destinations:
            await self.company.destination(SHOWN)
        columns = {"wrap_up_seconds": 0, "outbound_number": SHOWN, **columns}
        agent = await self.staff.agent(extension, state="break", **columns)
        await self.company.sql(
            "insert into queue_members (queue_id, agent_id, enterprise_id) values (:q, :a, :e)",
            q=self.queue_id,
            a=agent.id,
            e=self.company.id,
        )
        return agent

    async def set_up(self, **columns: Any) -> None:
        columns = {"key_callback": "1", "callback_pause": 60, "callback_tries": 2, **columns}
        names = "".join(f", {name}" for name in columns)
        places = "".join(f", :{name}" for name in columns)
        await self.company.sql(
            f"insert into queues (id, enterprise_id, name{names}) values (:q, :e, '客服'{places})",
            q=self.queue_id,
            e=self.company.id,
            **columns,
        )
        await give_flow(
            self.company,
            [{"id": "wait", "kind": "queue", "queue": str(self.queue_id), "exits": {}}],
        )

    async def start(self, node: Node) -> None:
        node.company = self.company
        node.parts.floor = Floor(self.store, node.parts.clock, node.switch.node, never)
        await self.store.alive(node.switch.node, node.parts.clock.now())
        self._tasks[node.switch.node] = [
            asyncio.create_task(node.supervisor.run()),
            asyncio.create_task(node.parts.floor.run()),
        ]
        await self.clock.sleep(1)

    async def stop(self, node: Node) -> None:
        for task in self._tasks.pop(node.switch.node, ()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def kill(self, node: Node) -> None:
        await node.switch.drop_controller()
        await self.stop(node)

    async def succeed(self) -> None:
        """Another controller takes over the first node's switch."""
        switch = self.nodes[0].switch
        self.nodes[0] = Node(switch, self._nodes.parts(node=switch.node))
        self.staff.node = self.nodes[0]
        await self.start(self.nodes[0])

    async def asks(self, *keys: str) -> FakeCall:
        """A caller who presses the key for it, then ``keys``, and hears that they are called."""
        call = await self.node.world.call(NUMBER, CALLER)
        await call.answered()
        await self.clock.sleep(3)
        await call.press("1")
        for key in keys:
            await self.clock.sleep(3)
            await call.press(key)
        await call.ended(60)
        await self.node.parts.ledger.written()
        return call

    async def ready(self, agent: Agent) -> None:
        await self.node.parts.talks.presence.sign_in(agent.id)

    async def entry(self) -> dict[str, Any]:
        [row] = await self.company.sql("select * from queue_entries")
        return dict(row)

    async def until(self, state: str, within: float = 600) -> dict[str, Any]:
        """The entry once it is in ``state``."""
        for _ in range(round(within)):
            entry = await self.entry()
            if entry["state"] == state:
                return entry
            await self.clock.sleep(1)
        raise AssertionError(f"still {entry['state']} ({entry['reason']})")

    async def records(self) -> list[dict[str, Any]]:
        for node in self.nodes:
            await node.parts.ledger.written()
        return await self.company.records()


@pytest.fixture
async def centre(
    nodes: Nodes, company: Company, database: Database, clock: VirtualClock
) -> AsyncIterator[CallCentre]:
    pool = DirectPool(database.platform_url, durable=False)
    centre = CallCentre(nodes, company, pool)
    async with clock.flowing():
        yield centre
        for node in centre.nodes:
            await centre.stop(node)
    await pool.close()


async def test_called_when_the_turn_comes(centre: CallCentre) -> None:
    await centre.set_up()
    agent = await centre.agent()
    agent.phone.answers(after=1)
    centre.customer.answers(after=2, hangs_up_after=20)
    await centre.start(centre.node)
    call = await centre.asks("1")
    assert heard(call)[-1] == "callback_noted"
    asked = await centre.entry()
    assert (asked["kind"], asked["state"], asked["node"]) == ("callback", "waiting", None)
    assert asked["callback_number"] == CALLER
    await centre.clock.sleep(30)
    assert centre.customer.calls == []
    await centre.ready(agent)
    entry = await centre.until("answered", 60)
    assert (entry["agent_id"], entry["callback_tries"]) == (agent.id, 1)
    assert entry["entered_at"] == asked["entered_at"]
    assert agent.phone.calls[0].caller == CALLER
    assert centre.customer.calls[0].caller == SHOWN
    await in_state(agent, "talking")
    [offer] = await centre.company.sql("select details from agent_offers")
    assert (offer["details"]["kind"], offer["details"]["caller"]) == ("callback", CALLER)
    assert offer["details"]["waited_seconds"] >= 30
    await centre.customer.calls[0].ended(60)
    await in_state(agent, "ready")
    inbound, outbound = await centre.records()
    assert (inbound["outcome"], inbound["reason"]) == ("unanswered", "queue_callback")
    assert (outbound["direction"], outbound["outcome"]) == ("outbound", "answered")
    assert (outbound["callback_of"], outbound["agent_id"]) == (inbound["id"], agent.id)
    assert (outbound["dialled"], outbound["caller"]) == (CALLER, SHOWN)
    assert [(leg["kind"], leg["result"], leg["queue_id"]) for leg in outbound["legs"]] == [
        ("agent", "answered", centre.queue_id),
        ("customer", "answered", centre.queue_id),
    ]
    assert outbound["talk_ms"] == pytest.approx(20_000, abs=500)
    assert len(await centre.company.sql("select * from recordings")) == 1


async def test_busy_first_answered_at_the_second_try(centre: CallCentre) -> None:
    await centre.set_up(recording=False)
    agent = await centre.agent(wrap_up_seconds=30)
    centre.customer.busy()
    await centre.start(centre.node)
    await centre.asks()
    await centre.ready(agent)
    await agent.phone.rings()
    entry = await centre.until("waiting", 60)
    first = centre.clock.now()
    while not entry["callback_tries"]:
        await centre.clock.sleep(1)
        entry = await centre.until("waiting", 60)
    assert (entry["callback_tries"], entry["reason"]) == (1, "busy")
    assert entry["not_before"] - first > timedelta(seconds=45)
    await in_state(agent, "ready")
    centre.customer.answers(after=1, hangs_up_after=5)
    entry = await centre.until("answered", 120)
    assert entry["callback_tries"] == 2
    await in_state(agent, "wrap_up")
    assert [(row["outcome"], row["reason"]) for row in await centre.records()] == [
        ("unanswered", "queue_callback"),
        ("unanswered", "busy"),
        ("answered", ""),
    ]
    assert await centre.company.sql("select * from recordings") == []


async def test_given_up_after_the_last_try(centre: CallCentre) -> None:
    await centre.set_up()
    agent = await centre.agent()
    centre.customer.busy()
    await centre.start(centre.node)
    await centre.asks()
    await centre.ready(agent)
    entry = await centre.until("left", 300)
    assert (entry["reason"], entry["callback_tries"]) == ("failed", 2)
    assert len(centre.customer.calls) == 2
    await in_state(agent, "ready")


async def test_another_number(centre: CallCentre) -> None:
    await centre.set_up()
    agent = await centre.agent()
    other = "13900000009"
    centre.node.world.phone(other).answers(hangs_up_after=5)
    await centre.start(centre.node)
    call = await centre.asks("2", *"110#", *f"{other}#")
    assert "wrong_input" in heard(call)
    await centre.ready(agent)
    await centre.until("answered", 60)
    assert centre.customer.calls == []
    assert len(centre.node.world.phone(other).calls) == 1


async def test_the_next_agent_where_one_misses(centre: CallCentre) -> None:
    await centre.set_up(ring_timeout=10)
    first, second = await centre.agent(), await centre.agent("1002")
    first.phone.never_answers()
    centre.customer.answers(hangs_up_after=5)
    await centre.start(centre.node)
    await centre.asks()
    await centre.ready(first)
    await centre.clock.sleep(1)
    await first.phone.rings()
    await centre.ready(second)
    entry = await centre.until("answered", 60)
    assert (entry["agent_id"], entry["tried"], entry["callback_tries"]) == (
        second.id,
        [first.id],
        1,
    )
    _, missed, answered = await centre.records()
    assert (missed["reason"], answered["agent_id"]) == ("agent_no_answer", second.id)


@pytest.mark.parametrize("when", ["waits", "agent", "customer"])
async def test_cancelled(centre: CallCentre, when: str) -> None:
    await centre.set_up()
    agent = await centre.agent()
    if when == "agent":
        agent.phone.never_answers()
    centre.customer.never_answers()
    await centre.start(centre.node)
    await centre.asks()
    if when != "waits":
        await centre.ready(agent)
        phone = agent.phone if when == "agent" else centre.customer
        await phone.rings()
    await cancel(centre)
    await centre.ready(agent)
    await centre.clock.sleep(90)
    await in_state(agent, "ready")
    assert all(call.is_ended for call in [*agent.phone.calls, *centre.customer.calls])
    assert len(centre.customer.calls) == (when == "customer")
    assert (await centre.entry())["reason"] == "cancelled"


async def cancel(centre: CallCentre) -> None:
    """As the API, whose notice is handed to the floor by hand."""
    entry = await centre.entry()
    await centre.company.sql(
        "update queue_entries set state = 'left', reason = 'cancelled', left_at = now()"
    )
    floor = centre.node.parts.floor
    assert floor is not None
    attention: dict[UUID, asyncio.Event] = floor._attention
    if entry["id"] in attention:
        attention[entry["id"]].set()


async def test_not_outside_opening_hours_and_not_forbidden(centre: CallCentre) -> None:
    await centre.set_up()
    agent = await centre.agent()
    await centre.start(centre.node)
    await centre.asks()
    await centre.company.schedule({})
    await centre.ready(agent)
    await centre.clock.sleep(60)
    entry = await centre.entry()
    assert (entry["state"], entry["reason"]) == ("waiting", "closed")
    assert entry["not_before"] > centre.clock.now() + timedelta(hours=20)
    assert (agent.phone.calls, await agent.state()) == ([], "ready")
    await centre.company.set(schedule_id=None)
    await centre.company.sql(
        "insert into forbidden_numbers (id, enterprise_id, number) values (:i, :e, :n)",
        i=new_id(),
        e=centre.company.id,
        n=CALLER,
    )
    await centre.company.sql("update queue_entries set not_before = null")
    entry = await centre.until("left", 60)
    assert (entry["reason"], centre.customer.calls) == ("forbidden", [])
    await in_state(agent, "ready")


async def test_given_up_where_no_number_may_be_shown(centre: CallCentre) -> None:
    await centre.set_up()
    shy, also = (
        await centre.agent(outbound_number=None),
        await centre.agent("1002", outbound_number=None),
    )
    await centre.start(centre.node)
    await centre.asks()
    await centre.ready(shy)
    await centre.ready(also)
    entry = await centre.until("left", 300)
    assert (entry["reason"], entry["callback_tries"]) == ("no_number_to_show", 2)
    assert sorted(entry["tried"]) == sorted([shy.id])
    assert (shy.phone.calls, also.phone.calls, centre.customer.calls) == ([], [], [])
    await in_state(shy, "ready")
    await in_state(also, "ready")


async def test_an_agent_who_has_a_number_to_show_calls_back(centre: CallCentre) -> None:
    await centre.set_up()
    shy, bold = await centre.agent(outbound_number=None), await centre.agent("1002")
    centre.customer.answers(hangs_up_after=5)
    await centre.start(centre.node)
    await centre.asks()
    await centre.ready(shy)
    while not (await centre.entry())["callback_tries"]:
        await centre.clock.sleep(1)
    await centre.ready(bold)
    entry = await centre.until("answered", 300)
    assert (entry["agent_id"], entry["callback_tries"]) == (bold.id, 2)
    assert centre.customer.calls[0].caller == SHOWN
