"""Ringing agents on the fake switch: who has the call, who missed it, who gave it up."""

from __future__ import annotations

import pytest

from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.reached import Offer
from hotline.calls.ring import CALL_HEADER
from hotline.kit.ids import new_id
from hotline.telephony.port import LegResult, Party
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.staff import Agent, Staff
from tests.calls.talks import in_state, record, rings, serving


async def test_an_agent_answers_and_hangs_up(staff: Staff, agent: Agent) -> None:
    agent.phone.answers(after=3, hangs_up_after=10)
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        await call.ringing()
        await in_state(agent, "ringing")
        row = await record(staff, call)
        [result] = staff.results
        assert isinstance(result, TalkOver)
        assert (result.by, result.agent_id, result.onward) == (Party.CALLEE, agent.id, None)
        assert await agent.state() == "wrap_up"
    assert (row["outcome"], row["ended_by"]) == ("answered", "callee")
    assert row["talk_ms"] == pytest.approx(10_000, abs=50)
    [leg] = row["legs"]
    assert (leg["kind"], leg["agent_id"], leg["target"]) == ("agent", agent.id, "1001")
    invite = agent.phone.calls[0].invite
    assert invite.number == CALLER
    assert invite.headers[CALL_HEADER] == str(row["id"])


async def test_a_caller_who_leaves_while_it_rings_is_no_miss(staff: Staff, agent: Agent) -> None:
    agent.phone.never_answers()
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        ringing = await agent.phone.rings()
        await staff.node.parts.clock.sleep(2)
        await call.hangup()
        await ringing.ended()
        row = await record(staff, call)
        await in_state(agent, "ready")
        presence = await staff.node.parts.talks.presence.get(agent.id)
    assert presence is not None
    assert presence.misses == 0
    assert (row["outcome"], staff.gone) == ("abandoned", 1)
    assert [leg["result"] for leg in row["legs"]] == ["cancelled"]


@pytest.mark.parametrize(
    ("behaviour", "result"),
    [("never_answers", "no_answer"), ("busy", "busy"), ("rejects", "rejected")],
)
async def test_an_agent_who_does_not_take_it(
    staff: Staff, agent: Agent, behaviour: str, result: str
) -> None:
    getattr(agent.phone, behaviour)()
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        row = await record(staff, call)
        presence = await staff.node.parts.talks.presence.get(agent.id)
    [missed] = staff.results
    assert isinstance(missed, AgentMissed)
    assert missed.results == {agent.id: LegResult(result)}
    assert presence is not None
    assert (presence.state, presence.misses) == ("ready", 1)
    assert [leg["result"] for leg in row["legs"]] == [result]


async def test_a_device_that_vanishes_while_it_rings_is_given_up_at_once(
    staff: Staff, agent: Agent
) -> None:
    agent.phone.never_answers()
    losses = staff.node.parts.talks.losses
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        ringing = await agent.phone.rings()
        losses.lost("acc-of-somebody-else")
        await staff.node.parts.clock.sleep(2)
        assert not ringing.is_ended
        losses.lost(agent.account)
        await ringing.ended()
        row = await record(staff, call)
        await in_state(agent, "offline")
    [missed] = staff.results
    assert isinstance(missed, AgentMissed)
    assert missed.results == {agent.id: LegResult.UNREACHABLE}
    assert [leg["result"] for leg in row["legs"]] == ["unreachable"]
    assert row["ringing_ms"] == pytest.approx(2000, abs=100)


async def test_an_agent_on_break_does_not_ring(staff: Staff) -> None:
    agent = await staff.agent("1001", state="break")
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        await call.ended()
    [missed] = staff.results
    assert isinstance(missed, AgentMissed)
    assert missed.result is LegResult.BUSY
    assert agent.phone.calls == []


async def test_of_several_the_first_to_answer_has_it(staff: Staff, agent: Agent) -> None:
    other = await staff.agent("1002")
    agent.phone.never_answers()
    other.phone.answers(after=2)
    async with serving(staff, rings(agent, other)):
        call = await staff.node.world.call(NUMBER, CALLER)
        await in_state(other, "talking")
        assert await agent.state() == "ready"
        await call.hangup()
        row = await record(staff, call)
        await in_state(other, "wrap_up")
    assert sorted((leg["target"], leg["result"]) for leg in row["legs"]) == [
        ("1001", "cancelled"),
        ("1002", "answered"),
    ]
    assert (row["ended_by"], row["ringing_ms"]) == ("caller", pytest.approx(2000, abs=50))


async def test_what_the_agent_is_shown_before_it_rings(staff: Staff, agent: Agent) -> None:
    queue_id = new_id()
    agent.phone.never_answers()
    offer = Offer(queue_id=queue_id, queue_name="售后")
    async with serving(staff, rings(agent, offer=offer)):
        first = await staff.node.world.call(NUMBER, CALLER)
        await agent.phone.rings()
        await first.hangup()
        await record(staff, first)
        await in_state(agent, "ready")
        second = await staff.node.world.call(NUMBER, CALLER)
        await agent.phone.rings()
        [row] = await staff.company.sql("select * from agent_offers")
        await second.hangup()
    shown = row["details"]
    assert row["agent_id"] == agent.id
    assert (shown["caller"], shown["province"], shown["queue_name"]) == (CALLER, "江苏", "售后")
    assert [earlier["outcome"] for earlier in shown["earlier_calls"]] == ["abandoned"]
    assert shown["customer"] is None


@pytest.mark.parametrize(("presses", "taken"), [("1", True), ("", False), ("5", False)])
async def test_an_own_phone_takes_a_call_by_key(
    staff: Staff, company: Company, presses: str, taken: bool
) -> None:
    number = "13900000007"
    destination = await company.destination(number)
    agent = await staff.agent(
        "1001", device="phone", destination_id=destination, confirm_by_key=True
    )
    staff.node.world.phone(number).answers(after=1, presses=presses)
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        if taken:
            await in_state(agent, "talking")
            await call.hangup()
        row = await record(staff, call)
    phone = staff.node.world.phone(number).calls[0]
    assert phone.is_ended
    assert phone.line.heard[0].media.stem == "press_one"
    assert row["outcome"] == ("answered" if taken else "failed")
    assert [leg["result"] for leg in row["legs"]] == ["answered" if taken else "no_answer"]


async def test_a_caller_who_leaves_while_the_own_phone_decides(
    staff: Staff, company: Company
) -> None:
    number = "13900000007"
    destination = await company.destination(number)
    agent = await staff.agent(
        "1001", device="phone", destination_id=destination, confirm_by_key=True
    )
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        phone = await staff.node.world.phone(number).rings()
        await phone.answered()
        await call.hangup()
        await phone.ended()
        await in_state(agent, "ready")
