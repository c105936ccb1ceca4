"""Controllers that die while agents ring and talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
import pytest

from hotline.calls.commands import Command
from hotline.calls.supervisor import Supervisor
from hotline.flows.graph import Flow
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER, NUMBER, Company, Node
from tests.calls.conftest import Nodes
from tests.calls.staff import Agent, Staff
from tests.calls.talks import MUSIC, in_state


@pytest.fixture
async def flowing(clock: VirtualClock) -> AsyncIterator[None]:
    async with clock.flowing():
        yield


pytestmark = pytest.mark.usefixtures("flowing")


async def give_flow(company: Company, nodes: list[dict[str, object]]) -> None:
    """Publish a flow that starts at the first node, and give it to the hotline."""
    flow_id = new_id()
    flow = {"start": nodes[0]["id"], "nodes": nodes}
    graph = orjson.dumps(flow).decode()
    await company.sql(
        "insert into flows (id, enterprise_id, name, draft)"
        " values (:f, :e, '流程', cast(:g as jsonb))",
        f=flow_id,
        e=company.id,
        g=graph,
    )
    await company.sql(
        "insert into flow_versions (flow_id, enterprise_id, version, graph, refs, published_by)"
        " values (:f, :e, 1, cast(:g as jsonb), :r, '-')",
        f=flow_id,
        e=company.id,
        g=graph,
        r=[reference.id for reference in Flow.model_validate(flow).references()],
    )
    await company.sql("update flows set published_version = 1 where id = :f", f=flow_id)
    await company.set(flow_id=flow_id)


@asynccontextmanager
async def killed_at_the_end(node: Node) -> AsyncIterator[None]:
    """Serve; then die as by SIGKILL."""
    node.supervisor = Supervisor(node.switch, node.parts, stop_grace=0)
    running = asyncio.create_task(node.supervisor.run())
    try:
        yield
        await node.parts.ledger.written()
    finally:
        await node.switch.drop_controller()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        (node.parts.spool / "rejected.jsonl").unlink(missing_ok=True)


class Place:
    """A node whose callers go to extension 1001, then to 1002, and the agents there."""

    def __init__(self, nodes: Nodes, company: Company) -> None:
        self.nodes = nodes
        self.company = company
        self.node = nodes.node()
        self.node.company = company
        self.staff = Staff(company, self.node)

    async def people(self) -> tuple[Agent, Agent]:
        await give_flow(
            self.company,
            [
                {
                    "id": "a",
                    "kind": "extension",
                    "extension": "1001",
                    "exits": {"unanswered": "b", "unknown": "b"},
                },
                {"id": "b", "kind": "hangup"},
            ],
        )
        return await self.staff.agent("1001"), await self.staff.agent("1002")

    async def call(self) -> FakeCall:
        await self.node.parts.clock.sleep(0.5)
        return await self.node.world.call(NUMBER, CALLER)

    def successor(self) -> Node:
        node = Node(self.node.switch, self.nodes.parts(node=self.node.switch.node))
        node.company = self.company
        self.staff.node = self.node = node
        return node

    async def says(self, agent: Agent, verb: str, **arguments: Any) -> None:
        [row] = await self.company.sql("select id from calls where ended_at is null")
        command = Command(new_id(), row["id"], verb, arguments, agent.id)
        await self.node.parts.talks.desk.obey(command)

    async def record(self) -> dict[str, Any]:
        await self.node.settled()
        [row] = await self.company.records()
        return row


@pytest.fixture
def place(nodes: Nodes, company: Company) -> Place:
    return Place(nodes, company)


async def test_a_talk_goes_on_and_obeys_the_next_controller(place: Place) -> None:
    agent, _ = await place.people()
    async with killed_at_the_end(place.node):
        call = await place.call()
        await call.answered()
        await in_state(agent, "talking")
        await place.says(agent, "hold")
        await place.node.parts.clock.sleep(2)
    assert not call.is_ended
    await place.node.parts.clock.sleep(5)
    async with place.successor().serving():
        await place.node.parts.clock.sleep(1)
        await place.says(agent, "resume")
        assert await agent.state() == "talking"
        await place.node.parts.clock.sleep(3)
        await call.hangup()
        await agent.phone.calls[0].ended()
        row = await place.record()
        await in_state(agent, "wrap_up")
    assert (row["outcome"], row["ended_by"]) == ("answered", "caller")
    assert row["hold_ms"] == pytest.approx(8000, abs=600)
    assert row["talk_ms"] > 10_000
    assert [leg["result"] for leg in row["legs"]] == ["answered"]


async def test_an_agent_who_hung_up_meanwhile(place: Place) -> None:
    agent, _ = await place.people()
    async with killed_at_the_end(place.node):
        call = await place.call()
        await call.answered()
        await in_state(agent, "talking")
    await agent.phone.calls[0].hangup()
    async with place.successor().serving():
        await call.ended()
        row = await place.record()
        await in_state(agent, "wrap_up")
    assert row["outcome"] == "answered"


async def test_an_agent_who_was_ringing_is_let_go_and_rung_again(place: Place) -> None:
    agent, _ = await place.people()
    agent.phone.never_answers()
    async with killed_at_the_end(place.node):
        call = await place.call()
        await agent.phone.rings()
        await place.node.parts.clock.sleep(1)
    agent.phone.answers(after=1)
    async with place.successor().serving():
        await in_state(agent, "talking")
        await call.hangup()
        row = await place.record()
    assert [leg["result"] for leg in row["legs"]] == ["cancelled", "answered"]


async def test_a_consultation_goes_on(place: Place) -> None:
    agent, colleague = await place.people()
    async with killed_at_the_end(place.node):
        call = await place.call()
        await call.answered()
        await in_state(agent, "talking")
        await place.says(agent, "consult", extension="1002")
        await call.hears(MUSIC)
        await in_state(colleague, "talking")
        await place.node.parts.clock.sleep(1)
    async with place.successor().serving():
        await place.node.parts.clock.sleep(1)
        await place.says(agent, "complete")
        await agent.phone.calls[0].ended()
        await place.node.parts.clock.sleep(2)
        assert not call.is_ended
        await call.hangup()
        row = await place.record()
    assert [leg["result"] for leg in row["legs"]] == ["answered", "answered"]


async def test_a_caller_who_is_sent_on_arrives(place: Place) -> None:
    agent, colleague = await place.people()
    colleague.phone.never_answers()
    async with killed_at_the_end(place.node):
        call = await place.call()
        await call.answered()
        await in_state(agent, "talking")
        await place.says(agent, "transfer", extension="1002")
        await colleague.phone.rings()
        await place.node.parts.clock.sleep(1)
    colleague.phone.answers()
    async with place.successor().serving():
        await in_state(colleague, "talking")
        await call.hangup()
        row = await place.record()
    assert [leg["result"] for leg in row["legs"]] == ["answered", "cancelled", "answered"]
    assert [leg["target"] for leg in row["legs"]] == ["1001", "1002", "1002"]
