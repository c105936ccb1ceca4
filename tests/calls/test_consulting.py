"""Agents who ask a colleague first, and every party's hang-up at every step."""

from __future__ import annotations

import pytest

from hotline.calls.commands import NotNow
from hotline.calls.goals import TalkOver, ToExtension
from hotline.telephony.fake import FakeCall
from tests.calls.staff import Agent, Staff
from tests.calls.talks import MUSIC, in_state, record, rings, serving, talking


@pytest.fixture
async def colleague(staff: Staff) -> Agent:
    return await staff.agent("1002")


async def consulting(staff: Staff, agent: Agent, colleague: Agent) -> FakeCall:
    call = await talking(staff, agent)
    colleague.phone.answers(after=1)
    await agent.says(call, "consult", extension=colleague.extension)
    assert await agent.state() == "on_hold"
    await call.hears(MUSIC)
    await in_state(colleague, "talking")
    return call


async def test_a_transfer_with_consultation(staff: Staff, agent: Agent, colleague: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await consulting(staff, agent, colleague)
        with pytest.raises(NotNow):
            await agent.says(call, "resume")
        await agent.says(call, "digits", digits="2")
        assert (colleague.phone.calls[0].pressed, call.pressed) == ("2", "")
        await agent.says(call, "complete")
        await agent.phone.calls[0].ended()
        await in_state(agent, "wrap_up")
        assert not call.is_ended
        await colleague.says(call, "hold")
        await colleague.says(call, "resume")
        await staff.node.parts.clock.sleep(5)
        await colleague.phone.calls[0].hangup()
        row = await record(staff, call)
        await in_state(colleague, "wrap_up")
    [result] = staff.results
    assert isinstance(result, TalkOver)
    assert result.agent_id == colleague.id
    assert [(leg["kind"], leg["result"]) for leg in row["legs"]] == [
        ("agent", "answered"),
        ("consult", "answered"),
    ]
    assert row["legs"][1]["talk_ms"] >= 5000
    assert row["outcome"] == "answered"


async def test_hanging_up_hands_the_caller_over(
    staff: Staff, agent: Agent, colleague: Agent
) -> None:
    async with serving(staff, rings(agent)):
        call = await consulting(staff, agent, colleague)
        await agent.phone.calls[0].hangup()
        await in_state(agent, "wrap_up")
        await staff.node.parts.clock.sleep(2)
        assert not call.is_ended
        assert await colleague.state() == "talking"
        await call.hangup()
        await colleague.phone.calls[0].ended()


async def test_three_talk_and_each_may_leave(staff: Staff, agent: Agent, colleague: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await consulting(staff, agent, colleague)
        await agent.says(call, "three_way")
        await agent.says(call, "three_way")
        sound = staff.node.sounds.path("said")
        await colleague.phone.calls[0].say(sound)
        await call.hears(sound)
        await agent.phone.calls[0].hears(sound)
        await staff.node.parts.clock.sleep(2)
        await agent.says(call, "hangup")
        assert not call.is_ended
        await staff.node.parts.clock.sleep(2)
        await colleague.phone.calls[0].say(sound)
        await call.hears(sound)
        await colleague.phone.calls[0].hangup()
        row = await record(staff, call)
    assert row["talk_ms"] < sum(leg["talk_ms"] for leg in row["legs"])


async def test_back_to_the_caller(staff: Staff, agent: Agent, colleague: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await consulting(staff, agent, colleague)
        await agent.says(call, "back")
        await colleague.phone.calls[0].ended()
        assert await agent.state() == "talking"
        await in_state(colleague, "wrap_up")
        await call.hangup()
        await record(staff, call)


async def test_a_colleague_who_hangs_up_gives_the_caller_back(
    staff: Staff, agent: Agent, colleague: Agent
) -> None:
    async with serving(staff, rings(agent)):
        call = await consulting(staff, agent, colleague)
        await colleague.phone.calls[0].hangup()
        await in_state(agent, "talking")
        await call.hangup()


async def test_a_colleague_who_does_not_answer(
    staff: Staff, agent: Agent, colleague: Agent
) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        colleague.phone.never_answers()
        await agent.says(call, "consult", extension="1002")
        await in_state(agent, "on_hold")
        await in_state(agent, "talking")
        presence = await staff.node.parts.talks.presence.get(colleague.id)
        assert presence is not None
        assert presence.misses == 1
        await call.hangup()


@pytest.mark.parametrize("answered", [False, True])
async def test_a_caller_who_leaves_during_a_consultation(
    staff: Staff, agent: Agent, colleague: Agent, answered: bool
) -> None:
    async with serving(staff, rings(agent)):
        if answered:
            call = await consulting(staff, agent, colleague)
        else:
            call = await talking(staff, agent)
            colleague.phone.never_answers()
            await agent.says(call, "consult", extension="1002")
            await colleague.phone.rings()
        await call.hangup()
        await agent.phone.calls[0].ended()
        await colleague.phone.calls[0].ended()
        row = await record(staff, call)
        await in_state(agent, "wrap_up")
        await in_state(colleague, "wrap_up" if answered else "ready")
    assert row["ended_by"] == "caller"


async def test_leaving_while_the_colleague_rings_is_a_blind_transfer(
    staff: Staff, agent: Agent, colleague: Agent
) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        colleague.phone.never_answers()
        await agent.says(call, "consult", extension="1002")
        await colleague.phone.rings()
        await agent.says(call, "hangup")
        await call.ended()
        await in_state(colleague, "ready")
    [result] = staff.results
    assert isinstance(result, TalkOver)
    assert result.onward == ToExtension("1002")
