"""Presence stays true by itself: devices come and go, wrap-ups end, lost calls let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.engine import URL

from hotline.agents.keeper import PresenceKeeper
from hotline.agents.presence import AgentPresence
from hotline.agents.rules import DEVICE_GONE, AgentState
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeSwitch
from tests.agents.people import People

ACCOUNT = "acct-one"
pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def switch(clock: VirtualClock) -> FakeSwitch:
    return FakeSwitch(clock, node="node1")


@pytest.fixture
async def kept(
    presence: AgentPresence, clock: VirtualClock, switch: FakeSwitch
) -> AsyncIterator[None]:
    """Presence is kept, while time flows."""
    running = asyncio.create_task(PresenceKeeper(presence, clock, switch).run())
    async with clock.flowing():
        yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def becomes(
    presence: AgentPresence, clock: VirtualClock, agent: UUID, state: AgentState, reason: str = ""
) -> None:
    async with asyncio.timeout(10):
        while True:
            now = await presence.get(agent)
            assert now is not None
            if (now.state, now.reason) == (state, reason):
                return
            await clock.sleep(0.25)


async def someone(people: People, owner: URL, clock: VirtualClock) -> UUID:
    """An agent whose SIP phone is registered."""
    agent = await people.agent(wrap_up_seconds=5)
    await people.account(agent, ACCOUNT)
    await people.account(agent, "acct-browser", webrtc=True)
    people.register(owner, ACCOUNT, until=clock.now() + timedelta(hours=1))
    return agent


async def test_an_agent_whose_phone_vanishes_is_offline_until_it_is_back(
    people: People, presence: AgentPresence, clock: VirtualClock, database_url: URL
) -> None:
    agent = await someone(people, database_url, clock)
    await presence.sign_in(agent)
    await clock.sleep(20)
    await becomes(presence, clock, agent, AgentState.READY)
    await people.unregister(ACCOUNT)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)
    people.register(database_url, ACCOUNT, until=clock.now() + timedelta(hours=1))
    await becomes(presence, clock, agent, AgentState.READY)


async def test_a_registration_that_ran_out_counts_no_more(
    people: People, presence: AgentPresence, clock: VirtualClock, database_url: URL
) -> None:
    agent = await people.agent()
    await people.account(agent, ACCOUNT)
    people.register(database_url, ACCOUNT, until=clock.now() + timedelta(seconds=60))
    await presence.sign_in(agent)
    await clock.sleep(50)
    await becomes(presence, clock, agent, AgentState.READY)
    await clock.sleep(15)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)


async def test_a_registered_phone_that_does_not_answer_is_gone(
    people: People,
    presence: AgentPresence,
    clock: VirtualClock,
    database_url: URL,
    switch: FakeSwitch,
) -> None:
    agent = await someone(people, database_url, clock)
    switch.world.account(ACCOUNT)
    await presence.sign_in(agent)
    await clock.sleep(20)
    switch.world.unregister(ACCOUNT)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)
    await clock.sleep(10)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)
    switch.world.account(ACCOUNT)
    await becomes(presence, clock, agent, AgentState.READY)


async def test_a_browser_agent_is_not_reachable_by_the_desk_phone(
    people: People, presence: AgentPresence, clock: VirtualClock, database_url: URL
) -> None:
    agent = await someone(people, database_url, clock)
    await people.sql("update agents set device = 'browser'")
    await presence.sign_in(agent)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)
    await people.sql("update agents set device = 'sip'")
    await becomes(presence, clock, agent, AgentState.READY)


async def test_who_is_on_a_break_or_has_an_own_phone_is_left_alone(
    people: People, presence: AgentPresence, clock: VirtualClock, database_url: URL
) -> None:
    resting = await people.agent("1001")
    destination = new_id()
    await people.sql(
        "insert into destinations (id, enterprise_id, number, status)"
        " values (:id, :ours, '13900000001', 'approved')",
        id=destination,
        ours=people.enterprise_id,
    )
    outside = await people.agent("1002", device="phone", destination_id=destination)
    await presence.set_state(resting, AgentState.BREAK, "用餐")
    await presence.sign_in(outside)
    await clock.sleep(40)
    await becomes(presence, clock, resting, AgentState.BREAK, "用餐")
    await becomes(presence, clock, outside, AgentState.READY)
    await people.sql("update destinations set status = 'disabled'")
    await becomes(presence, clock, outside, AgentState.OFFLINE, DEVICE_GONE)


async def test_a_phone_that_comes_back_late_leaves_its_agent_offline(
    people: People, presence: AgentPresence, clock: VirtualClock, database_url: URL
) -> None:
    agent = await people.agent()
    await people.account(agent, ACCOUNT)
    await presence.sign_in(agent)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)
    await people.sql("update agent_presence set since = since - interval '16 minutes'")
    people.register(database_url, ACCOUNT, until=clock.now() + timedelta(hours=1))
    await clock.sleep(10)
    await becomes(presence, clock, agent, AgentState.OFFLINE, DEVICE_GONE)


async def test_wrap_up_ends_by_itself_and_lost_calls_let_go(
    people: People,
    presence: AgentPresence,
    clock: VirtualClock,
    database_url: URL,
) -> None:
    agent = await someone(people, database_url, clock)
    await presence.sign_in(agent)
    before_us, lost = new_id(), new_id()
    await presence.claim(agent, before_us, None, "node1")
    await presence.answered(agent, before_us)
    await presence.ended(agent, before_us)
    await becomes(presence, clock, agent, AgentState.WRAP_UP)
    await clock.sleep(6)
    await becomes(presence, clock, agent, AgentState.READY)
    await people.call(lost)
    await presence.claim(agent, lost, None, "node2")
    await presence.answered(agent, lost)
    await clock.sleep(60)
    await becomes(presence, clock, agent, AgentState.TALKING)
    await people.sql("update calls set ended_at = :at, outcome = 'answered'", at=clock.now())
    await clock.sleep(50)
    await becomes(presence, clock, agent, AgentState.READY)


async def test_a_wrap_up_ends_when_its_time_is_over(
    people: People, presence: AgentPresence, clock: VirtualClock, database_url: URL
) -> None:
    agent, call = await someone(people, database_url, clock), new_id()
    await presence.sign_in(agent)
    await clock.sleep(0.3)
    await presence.claim(agent, call, None, "node1")
    await presence.answered(agent, call)
    await presence.ended(agent, call)
    over = clock.now() + timedelta(seconds=5)
    await becomes(presence, clock, agent, AgentState.READY)
    ready = await presence.get(agent)
    assert ready is not None
    assert timedelta(0) <= ready.since - over <= timedelta(seconds=0.1)
