"""Calls that Hotline makes, and controllers that die meanwhile."""

from __future__ import annotations

import pytest

from tests.calls.company import CALLER
from tests.calls.talks import MUSIC, in_state
from tests.calls.test_callbacks import CallCentre, centre
from tests.calls.test_placed_calls import CUSTOMER, Office, flowing, office, own_phone
from tests.calls.test_talk_recovery import killed_at_the_end

__all__ = ["centre", "flowing", "office"]


@pytest.mark.parametrize("strategy", ["longest_idle", "ring_all"])
async def test_a_talk_goes_on_without_its_controller(centre: CallCentre, strategy: str) -> None:
    await centre.set_up(strategy=strategy)
    agent, also = await centre.agent(), await centre.agent("1002")
    also.phone.never_answers()
    await centre.start(centre.node)
    await centre.asks()
    if strategy == "ring_all":
        await centre.ready(also)
    await centre.ready(agent)
    await centre.until("answered", 60)
    await in_state(agent, "talking")
    await centre.node.parts.ledger.written()
    await centre.kill(centre.node)
    customer = centre.customer.calls[0]
    await centre.clock.sleep(10)
    assert not customer.is_ended
    await centre.succeed()
    await centre.clock.sleep(10)
    assert not customer.is_ended
    await in_state(agent, "talking")
    await customer.hangup()
    await agent.phone.calls[0].ended()
    await in_state(agent, "ready")
    _, outbound = await centre.records()
    assert (outbound["outcome"], outbound["ended_by"]) == ("answered", "callee")
    assert outbound["talk_ms"] > 19_000
    assert (await centre.entry())["state"] == "answered"


async def test_a_controller_that_dies_while_the_customer_rings(centre: CallCentre) -> None:
    await centre.set_up()
    agent = await centre.agent()
    centre.customer.never_answers()
    await centre.start(centre.node)
    await centre.asks()
    await centre.ready(agent)
    ringing = await centre.customer.rings()
    await centre.clock.sleep(1)
    await centre.kill(centre.node)
    centre.customer.answers(hangs_up_after=5)
    await centre.succeed()
    await ringing.ended()
    await agent.phone.calls[0].ended()
    entry = await centre.until("answered", 60)
    assert (entry["agent_id"], entry["callback_tries"]) == (agent.id, 2)
    await in_state(agent, "ready")
    records = await centre.records()
    assert all(row["ended_at"] is not None for row in records)
    assert [row["outcome"] for row in records] == ["unanswered", "failed", "answered"]


async def test_another_node_calls_when_the_first_dies(centre: CallCentre) -> None:
    await centre.set_up()
    agent = await centre.agent()
    first, second = centre.nodes
    agent.phone.never_answers()
    second.world.account(agent.account).answers(after=1)
    second.world.phone(CALLER).answers(hangs_up_after=5)
    await centre.start(first)
    await centre.asks()
    await centre.ready(agent)
    await agent.phone.rings()
    await centre.kill(first)
    await centre.start(second)
    entry = await centre.until("answered", 60)
    assert (entry["node"], entry["callback_tries"]) == ("node2", 1)
    await second.world.phone(CALLER).calls[0].ended(30)
    await in_state(agent, "ready")
    assert centre.customer.calls == []


@pytest.mark.usefixtures("flowing")
async def test_it_goes_on_without_its_controller(office: Office) -> None:
    agent = await office.agent()
    office.customer.answers(after=2)
    async with killed_at_the_end(office.node):
        call_id = await office.place(agent)
        await in_state(agent, "talking")
        await office.node.parts.clock.sleep(1)
    customer = office.customer.calls[0]
    assert not customer.is_ended
    async with office.successor().serving():
        await office.node.parts.clock.sleep(5)
        await office.says(agent, call_id, "hold")
        await customer.hears(MUSIC)
        await office.says(agent, call_id, "hangup")
        await customer.ended()
        row = await office.record()
        await in_state(agent, "wrap_up")
    assert (row["outcome"], row["ended_by"]) == ("answered", "caller")
    assert row["talk_ms"] > 5000


@pytest.mark.usefixtures("flowing")
@pytest.mark.parametrize("who", ["the customer", "both"])
async def test_a_talk_that_ended_without_its_controller_is_over(office: Office, who: str) -> None:
    agent = await office.agent()
    await office.company.sql("update agent_presence set since = '2026-01-01'")
    office.customer.answers(after=2)
    async with killed_at_the_end(office.node):
        await office.place(agent)
        await in_state(agent, "talking")
        await office.node.parts.clock.sleep(1)
    await office.customer.calls[0].hangup()
    own = agent.phone.calls[0]
    if who == "both":
        await own.hangup()
    async with office.successor().serving():
        await own.ended()
        await office.node.parts.clock.sleep(5)
        row = await office.record()
        await in_state(agent, "wrap_up")
    assert row["ended_at"] is not None
    assert row["outcome"] == "answered"


@pytest.mark.usefixtures("flowing")
@pytest.mark.parametrize("whom", [CUSTOMER, "1002"])
async def test_what_was_dialled_on_a_device_goes_on_without_its_controller(
    office: Office, whom: str
) -> None:
    agent, colleague = await office.agent(), await office.agent("1002")
    async with killed_at_the_end(office.node):
        await office.node.parts.clock.sleep(0.5)
        call = await office.node.world.dials(agent.account, whom)
        await in_state(agent, "talking")
        await office.node.parts.clock.sleep(1)
    other = (office.customer if whom == CUSTOMER else colleague.phone).calls[0]
    assert not any(line.is_ended for line in (call, other))
    async with office.successor().serving():
        await office.node.parts.clock.sleep(5)
        assert not any(line.is_ended for line in (call, other))
        assert await agent.state() == "talking"
        await call.hangup()
        await other.ended()
        row = await office.record()
        await in_state(agent, "wrap_up")
    assert (row["outcome"], row["ended_by"], row["dialled"]) == ("answered", "caller", whom)
    assert [leg["result"] for leg in row["legs"]] == ["answered", "answered"]
    assert row["talk_ms"] > 5000


@pytest.mark.usefixtures("flowing")
async def test_a_device_that_dialled_is_let_go_when_the_controller_dies_while_it_rings(
    office: Office,
) -> None:
    agent = await office.agent()
    await office.company.sql("update agent_presence set since = '2026-01-01'")
    office.customer.never_answers()
    async with killed_at_the_end(office.node):
        await office.node.parts.clock.sleep(0.5)
        call = await office.node.world.dials(agent.account, CUSTOMER)
        ringing = await office.customer.rings()
        await office.node.parts.clock.sleep(1)
    async with office.successor().serving():
        await call.ended()
        await ringing.ended()
        await office.node.parts.clock.sleep(5)
        row = await office.record()
        await in_state(agent, "ready")
    assert row["ended_at"] is not None
    assert row["outcome"] in {"failed", "abandoned"}


@pytest.mark.usefixtures("flowing")
@pytest.mark.parametrize("when", ["the agent rings", "the customer rings"])
async def test_no_leg_is_left_of_a_controller_that_died_before_they_talked(
    office: Office, when: str
) -> None:
    agent = await office.agent(device="phone", destination_id=await own_phone(office))
    await office.company.sql("update agent_presence set since = '2026-01-01'")
    own, customer = office.node.world.phone("13900000009"), office.customer
    rings = own if when == "the agent rings" else customer
    own.answers(after=1)
    rings.never_answers()
    async with killed_at_the_end(office.node):
        await office.place(agent)
        await rings.rings()
        await office.node.parts.clock.sleep(1)
    async with office.successor().serving():
        await own.calls[0].ended()
        await office.node.parts.clock.sleep(5)
        row = await office.record()
        assert await agent.state() == "ready"
    assert all(call.is_ended for call in [*own.calls, *customer.calls])
    assert len(customer.calls) == (rings is customer)
    assert row["ended_at"] is not None
