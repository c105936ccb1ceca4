"""Talks of agents on the fake switch, for the tests of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from hotline.calls.context import CallContext
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.reached import Offer
from hotline.calls.talk import ring_agents
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeCall
from hotline.telephony.fake.line import music_path
from tests.calls.company import CALLER, NUMBER
from tests.calls.staff import Agent, Staff

MUSIC = music_path("default")


@asynccontextmanager
async def serving(
    staff: Staff, story: Callable[[CallContext], Awaitable[TalkOver | AgentMissed]]
) -> AsyncIterator[None]:
    """Calls follow ``story``; at the end everything is written."""
    node = staff.node
    ledger = asyncio.ensure_future(node.parts.ledger.run())
    clock = node.parts.clock
    assert isinstance(clock, VirtualClock)
    try:
        async with clock.flowing(), node.switch.serving(lambda call: staff.serve(story, call)):
            yield
            await node.parts.ledger.written()
    finally:
        ledger.cancel()


def rings(*agents: Agent, timeout: float = 20, offer: Offer | None = None):  # type: ignore[no-untyped-def]
    async def story(ctx: CallContext) -> TalkOver | AgentMissed:
        facts = [await agent.facts() for agent in agents]
        return await ring_agents(ctx, facts, ring_timeout=timeout, offer=offer)

    return story


async def talking(staff: Staff, agent: Agent) -> FakeCall:
    """A call that the agent has taken."""
    agent.phone.answers(after=2)
    call = await staff.node.world.call(NUMBER, CALLER)
    await call.answered()
    await in_state(agent, "talking")
    return call


async def in_state(agent: Agent, state: str) -> None:
    clock = agent._staff.node.parts.clock
    for _ in range(200):
        if await agent.state() == state:
            return
        await clock.sleep(0.1)
    assert await agent.state() == state


async def record(staff: Staff, call: FakeCall) -> dict[str, object]:
    await call.ended()
    await staff.node.parts.clock.sleep(1)
    await staff.node.parts.ledger.written()
    return (await staff.company.records())[-1]
