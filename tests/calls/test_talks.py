"""Talks with agents on the fake switch: every verb, and every party's hang-up at every step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from hotline.calls.commands import CallOver, NobodyThere, NotFree, NotNow, NumberForbidden
from hotline.calls.context import CallContext
from hotline.calls.goals import AgentMissed, TalkOver, ToExtension, ToNumber, ToQueue, ToSurvey
from hotline.calls.ring import CALL_HEADER, Offer
from hotline.calls.talk import ring_agent, ring_agents
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeCall
from hotline.telephony.fake.line import music_path
from hotline.telephony.port import LegResult, Party
from tests.calls.company import CALLER, NUMBER, Company, Node
from tests.calls.conftest import Nodes
from tests.calls.staff import Agent, Staff

MUSIC = music_path("default")


@pytest.fixture
async def node(nodes: Nodes, company: Company) -> Node:
    """One node, whose time flows while a test serves calls on it."""
    node = nodes.node()
    node.company = company
    return node


@pytest.fixture
def staff(node: Node, company: Company) -> Staff:
    return Staff(company, node)


@pytest.fixture
async def agent(staff: Staff) -> Agent:
    return await staff.agent("1001")


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


# ---------------------------------------------------------------- ringing


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


# ---------------------------------------------------------------- in the talk


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
    await company.sql(
        "insert into queues (id, enterprise_id, name) values (:i, :e, '售后')",
        i=queue_id,
        e=company.id,
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


# ---------------------------------------------------------------- asking a colleague


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
