"""Talks with agents on the fake switch: every verb, and every party's hang-up."""

from __future__ import annotations

import pytest

from hotline.calls.commands import CallOver, NobodyThere, NotFree, NotNow, NumberForbidden
from hotline.calls.context import CallContext
from hotline.calls.goals import AgentMissed, TalkOver, ToExtension, ToNumber, ToQueue, ToSurvey
from hotline.calls.reached import Offer
from hotline.calls.talk import ring_agent
from hotline.kit.ids import new_id
from hotline.telephony.port import Party
from tests.calls.company import Company
from tests.calls.staff import Agent, Staff
from tests.calls.talks import MUSIC, in_state, record, rings, serving, talking


async def test_hold_and_resume(staff: Staff, agent: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await agent.says(call, "hold")
        await agent.says(call, "hold")
        assert await agent.state() == "on_hold"
        await call.hears(MUSIC)
        await staff.node.parts.clock.sleep(5)
        await agent.says(call, "resume")
        assert await agent.state() == "talking"
        await staff.node.parts.clock.sleep(3)
        await call.hangup()
        row = await record(staff, call)
    assert row["hold_ms"] == pytest.approx(5000, abs=200)
    assert row["talk_ms"] > row["hold_ms"]


async def test_the_phones_own_hold_button(staff: Staff, agent: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await agent.phone.calls[0].press_hold(True)
        await in_state(agent, "on_hold")
        await agent.phone.calls[0].press_hold(False)
        await in_state(agent, "talking")
        await call.hangup()


async def test_keys_and_mute(staff: Staff, agent: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await agent.says(call, "mute")
        await agent.phone.calls[0].say(MUSIC)
        await agent.says(call, "unmute")
        await agent.says(call, "digits", digits="12#")
        assert call.pressed == "12#"
        with pytest.raises(NotNow):
            await agent.says(call, "digits", digits="12; drop")
        assert MUSIC not in [one.media for one in call.line.heard[-1:]]
        await call.hangup()


async def test_each_talk_of_a_call_is_recorded(
    staff: Staff, company: Company, agent: Agent
) -> None:
    other = await staff.agent("1002")
    await company.set(recording=True)

    async def story(ctx: CallContext) -> TalkOver | AgentMissed:
        first = await ring_agent(ctx, await agent.facts())
        assert isinstance(first, TalkOver)
        assert first.onward == ToExtension("1002")
        return await ring_agent(ctx, await other.facts())

    async with serving(staff, story):
        call = await talking(staff, agent)
        await staff.node.parts.clock.sleep(4)
        await agent.says(call, "transfer", extension="1002")
        await in_state(other, "talking")
        await staff.node.parts.clock.sleep(6)
        await call.hangup()
        row = await record(staff, call)
    legs = row["legs"]
    assert [leg["target"] for leg in legs] == ["1001", "1002"]
    assert row["talk_ms"] == sum(leg["talk_ms"] for leg in legs)
    assert row["waiting_ms"] == pytest.approx(2000, abs=100)
    recordings = await company.sql("select * from recordings order by position")
    assert [(one["position"], one["agent_id"]) for one in recordings] == [
        (1, agent.id),
        (2, other.id),
    ]
    assert [one["spool_name"] for one in recordings] == [f"{row['id']}-{n}.raw" for n in (1, 2)]
    assert await company.sql("select count(*) c from call_events where type = 'transferred'") == [
        {"c": 1}
    ]


async def test_where_a_caller_can_be_sent(staff: Staff, company: Company, agent: Agent) -> None:
    queue_id, outside = new_id(), "01088889999"
    empty = new_id()
    for key, waits in ((queue_id, False), (empty, True)):
        await company.sql(
            "insert into queues (id, enterprise_id, name, leave_when_empty)"
            " values (:i, :e, '售后', :w)",
            i=key,
            e=company.id,
            w=waits,
        )
    await company.destination(outside)
    busy = await staff.agent("1003", state="break")
    wishes: list[tuple[str, dict[str, object], object]] = [
        ("transfer", {"queue_id": str(queue_id)}, ToQueue(queue_id)),
        ("transfer", {"number": outside}, ToNumber(outside)),
        ("transfer_to_survey", {}, ToSurvey(agent.id)),
        ("return_to_queue", {}, ToQueue(queue_id)),
    ]
    async with serving(staff, rings(agent, offer=Offer(queue_id=queue_id))):
        for verb, arguments, goal in wishes:
            await staff.node.parts.talks.presence.sign_in(agent.id)
            call = await talking(staff, agent)
            for wrong, why in (
                ({"extension": "1999"}, NobodyThere),
                ({"extension": busy.extension}, NotFree),
                ({"extension": agent.extension}, NobodyThere),
                ({"queue_id": str(new_id())}, NobodyThere),
                ({"queue_id": str(empty)}, NotFree),
                ({"number": "13700000000"}, NumberForbidden),
                ({"number": "110"}, NumberForbidden),
                ({}, NumberForbidden),
            ):
                with pytest.raises(why):
                    await agent.says(call, "transfer", **wrong)
            await agent.says(call, verb, **arguments)
            await call.ended()
            result = staff.results[-1]
            assert isinstance(result, TalkOver)
            assert result.onward == goal
            assert await agent.state() == "wrap_up"


async def test_commands_of_others_and_too_late(staff: Staff, agent: Agent) -> None:
    stranger = await staff.agent("1002")
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        with pytest.raises(NotNow):
            await stranger.says(call, "hold")
        with pytest.raises(NotNow):
            await agent.says(call, "complete")
        with pytest.raises(NotNow):
            await agent.says(call, "return_to_queue")
        with pytest.raises(NotNow):
            await agent.says(call, "sing")
        await agent.says(call, "hangup")
        await call.ended()
        with pytest.raises((CallOver, NotNow)):
            await agent.says(call, "hold")
        assert staff.results[-1].by is Party.CALLEE  # type: ignore[union-attr]


async def test_a_supervisor_ends_it_for_everybody(staff: Staff, agent: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await staff.command(call, "hangup")
        await call.ended()
        await agent.phone.calls[0].ended()
        row = await record(staff, call)
    assert row["ended_by"] == "system"
