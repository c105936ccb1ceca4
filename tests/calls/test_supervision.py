"""Supervisors at talks on the fake switch: every verb, and every party's hang-up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from hotline.agents.live import AgentView
from hotline.calls.commands import CallOver, NoOwnDevice, NotNow, OwnDeviceBusy
from hotline.calls.supervision import SUPERVISION_HEADER
from hotline.kit.ids import new_id
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.staff import Agent, Staff
from tests.calls.talks import in_state, record, rings, serving, talking


@pytest.fixture
async def boss(staff: Staff) -> Agent:
    boss = await staff.agent("8001", state="break")
    boss.phone.answers(after=1)
    return boss


async def asks(staff: Staff, call: FakeCall, boss: Agent, verb: str, **more: Any) -> dict[str, Any]:
    arguments = {"agent_id": str(boss.id), "user_id": str(new_id()), **more}
    return await staff.command(call, verb, arguments)


async def until(staff: Staff, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The newest supervision, once it is so."""
    rows: list[dict[str, Any]] = []
    for _ in range(400):
        rows = await staff.company.sql("select * from call_supervisions order by asked_at desc")
        if rows and holds(rows[0]):
            return rows[0]
        await staff.node.parts.clock.sleep(0.1)
    raise AssertionError(rows)


def active(row: dict[str, Any]) -> bool:
    return bool(row["state"] == "active")


def over(row: dict[str, Any]) -> bool:
    return bool(row["state"] == "ended")


def ears(line: Any) -> list[str]:
    return [heard.media.stem for heard in line.line.heard]


async def test_listens_whispers_speaks_and_stops(
    staff: Staff, agent: Agent, boss: Agent, company: Company
) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        answer = await asks(staff, call, boss, "listen")
        assert answer["state"] == "ringing"
        row = await until(staff, active)
        assert (str(row["id"]), row["mode"]) == (answer["supervision_id"], "listen")
        supervisor = boss.phone.calls[0]
        assert supervisor.invite.headers[SUPERVISION_HEADER] == "listen"
        sounds = staff.node.sounds
        voice, words = sounds.path("voice"), sounds.path("words")
        await call.say(voice)
        assert "voice" in ears(supervisor)
        await supervisor.say(words)
        assert "words" not in ears(call) + ears(agent.phone.calls[0])
        assert (await asks(staff, call, boss, "whisper"))["state"] == "active"
        await supervisor.say(words)
        assert "words" in ears(agent.phone.calls[0])
        assert "words" not in ears(call)
        await asks(staff, call, boss, "barge")
        await supervisor.say(words)
        assert "words" in ears(call)
        assert (await until(staff, lambda row: row["mode"] == "barge"))["id"] == row["id"]
        assert await boss.state() == "talking"
        await asks(staff, call, boss, "stop_listening")
        row = await until(staff, over)
        await supervisor.ended()
        assert (row["reason"], await boss.state()) == ("stopped", "break")
        assert row["ended_at"] >= row["began_at"] > row["asked_at"]
        assert not call.is_ended
        await call.hangup()
        written = await record(staff, call)
    assert (written["outcome"], written["ended_by"], len(written["legs"])) == (  # type: ignore[arg-type]
        "answered",
        "caller",
        1,
    )
    [presence] = await company.sql("select * from agent_presence where agent_id = :a", a=boss.id)
    assert (presence["calls_today"], presence["talk_ms_today"]) == (0, 0)


@pytest.mark.parametrize("who", ["caller", "agent", "supervisor"])
async def test_it_ends_with_either_side(staff: Staff, agent: Agent, boss: Agent, who: str) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await asks(staff, call, boss, "listen")
        await until(staff, active)
        supervisor = boss.phone.calls[0]
        await {"caller": call, "agent": agent.phone.calls[0], "supervisor": supervisor}[
            who
        ].hangup()
        row = await until(staff, over)
        await supervisor.ended()
        await in_state(boss, "break")
        assert row["reason"] == ("hung_up" if who == "supervisor" else "talk_over")
        assert await agent.state() == ("talking" if who == "supervisor" else "wrap_up")
        if who == "supervisor":
            assert not call.is_ended
            await call.hangup()
        await call.ended()


async def test_a_supervisor_who_does_not_answer(staff: Staff, agent: Agent, boss: Agent) -> None:
    boss.phone.never_answers()
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await asks(staff, call, boss, "listen")
        row = await until(staff, over)
        assert (row["reason"], await boss.state()) == ("not_answered", "break")
        await asks(staff, call, boss, "listen")
        await boss.phone.rings()
        await boss.phone.rings()
        await call.hangup()  # while it rings
        await boss.phone.calls[-1].ended()
        row = await until(staff, over)
        assert (row["reason"], await boss.state()) == ("talk_over", "break")


async def test_who_cannot_listen(staff: Staff, agent: Agent, boss: Agent) -> None:
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        await call.ringing()
        with pytest.raises(NotNow):
            await asks(staff, call, boss, "listen")
        agent.phone.answers(after=1)
        await in_state(agent, "talking")
        with pytest.raises(OwnDeviceBusy):
            await asks(staff, call, agent, "listen")
        with pytest.raises(NotNow):
            await asks(staff, call, boss, "listen", change=True)
        with pytest.raises(NoOwnDevice):
            await staff.command(call, "listen", {"agent_id": str(new_id())})
        with pytest.raises(NoOwnDevice):
            await staff.command(call, "listen", {})
        with pytest.raises(NotNow):
            await agent.says(call, "listen")
        await call.hangup()
        await call.ended()
        await staff.node.parts.clock.sleep(1)
        with pytest.raises(NotNow):
            await asks(staff, call, boss, "listen")
    assert await staff.company.sql("select * from call_supervisions") == []


@pytest.mark.parametrize("listened_before", [True, False])
async def test_taking_a_caller_over(
    staff: Staff, agent: Agent, boss: Agent, *, listened_before: bool
) -> None:
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        if listened_before:
            await asks(staff, call, boss, "listen")
            await until(staff, active)
        await asks(staff, call, boss, "take_over")
        row = await until(staff, over)
        await in_state(agent, "wrap_up")
        await in_state(boss, "talking")
        await agent.phone.calls[0].ended()
        assert (row["reason"], row["mode"]) == ("taken_over", "take_over")
        supervisor = boss.phone.calls[0]
        voice = staff.node.sounds.path("voice")
        await supervisor.say(voice)
        assert "voice" in ears(call)
        await supervisor.hangup()
        await call.ended()
        await in_state(boss, "wrap_up")
        written = await record(staff, call)
    legs = [(leg["target"], leg["result"]) for leg in written["legs"]]  # type: ignore[attr-defined]
    assert legs == [("1001", "answered"), ("8001", "answered")]
    assert written["ended_by"] == "callee"
    assert "transferred" in await staff.company.events(written["id"])  # type: ignore[arg-type]


async def test_a_supervisor_ends_the_call(staff: Staff, agent: Agent, boss: Agent) -> None:
    agent.phone.never_answers()
    async with serving(staff, rings(agent)):
        call = await staff.node.world.call(NUMBER, CALLER)
        await agent.phone.rings()
        with pytest.raises(NotNow):
            await agent.says(call, "hangup")
        await staff.command(call, "hangup")
        written = await record(staff, call)
        await in_state(agent, "ready")
    assert written["ended_by"] == "system"


async def test_a_controller_that_dies_leaves_nobody_listening(
    staff: Staff, agent: Agent, boss: Agent
) -> None:
    node = staff.node
    async with serving(staff, rings(agent)):
        call = await talking(staff, agent)
        await asks(staff, call, boss, "listen")
        row = await until(staff, active)
        store = node.parts.talks.supervisions
        now = node.parts.clock.now()
        assert await store.end_lost(now) == 0
        store._under_way.clear()  # as another process would know of none
        assert await store.end_lost(now) == 1
        [row] = await staff.company.sql("select * from call_supervisions")
        assert (row["reason"], await boss.state()) == ("controller_lost", "break")
        await call.hangup()
        await call.ended()
        with pytest.raises((CallOver, NotNow)):
            await asks(staff, call, boss, "take_over")


async def test_listening_to_a_forwarded_call(company: Company, staff: Staff, boss: Agent) -> None:
    node = staff.node
    await company.destination("13900000001")
    phone = node.world.phone("13900000001").answers(after=1)
    async with node.parts.clock.flowing(), node.serving():  # type: ignore[attr-defined]
        call = await node.call()
        reached = await phone.rings()
        await call.answered()
        await asyncio.sleep(0)
        staff.ids.append((await until_call(company))["id"])
        await asks(staff, call, boss, "whisper")
        await until(staff, active)
        supervisor = boss.phone.calls[0]
        await supervisor.say(node.sounds.path("words"))
        await call.say(node.sounds.path("voice"))
        assert "words" in ears(reached)
        assert "words" not in ears(call)
        assert "voice" in ears(supervisor)
        assert not supervisor.is_ended
        await staff.command(call, "hangup")
        await supervisor.ended()
        written = await node.record(call)
    assert (written["outcome"], written["ended_by"]) == ("answered", "system")


OUTSIDE = "13900000001"


@pytest.mark.parametrize("listened_before", [True, False])
@pytest.mark.parametrize("last", ["caller", "supervisor"])
async def test_taking_a_forwarded_caller_over(
    company: Company, staff: Staff, boss: Agent, *, listened_before: bool, last: str
) -> None:
    node = staff.node
    await company.destination(OUTSIDE)
    await company.set(recording=True)
    phone = node.world.phone(OUTSIDE).answers(after=1)
    async with node.parts.clock.flowing(), node.serving():  # type: ignore[attr-defined]
        call = await node.call()
        reached = await phone.rings()
        await call.answered()
        staff.ids.append((await until_call(company))["id"])
        if listened_before:
            await asks(staff, call, boss, "listen")
            await until(staff, active)
        await asks(staff, call, boss, "take_over")
        await reached.ended()
        row = await until(staff, over)
        assert (row["reason"], row["mode"]) == ("taken_over", "take_over")
        await in_state(boss, "talking")
        assert not call.is_ended
        supervisor = boss.phone.calls[0]
        await node.parts.clock.sleep(1)
        await supervisor.say(node.sounds.path("voice"))
        assert "voice" in ears(call)
        await boss.says(call, "hold")
        await boss.says(call, "resume")
        await {"caller": call, "supervisor": supervisor}[last].hangup()
        await in_state(boss, "wrap_up")
        written = await node.record(call)
    legs = [(leg["target"], leg["result"]) for leg in written["legs"]]
    assert legs == [(OUTSIDE, "answered"), ("8001", "answered")]
    assert (written["outcome"], written["ended_by"]) == (
        "answered",
        {"caller": "caller", "supervisor": "callee"}[last],
    )
    assert "transferred" in await company.events(written["id"])
    assert await company.sql("select * from destination_claims") == []


async def test_the_caller_leaves_while_the_supervisor_rings(
    company: Company, staff: Staff, boss: Agent
) -> None:
    node = staff.node
    await company.destination(OUTSIDE)
    phone = node.world.phone(OUTSIDE).answers(after=1)
    boss.phone.answers(after=5)
    async with node.parts.clock.flowing(), node.serving():  # type: ignore[attr-defined]
        call = await node.call()
        await phone.rings()
        await call.answered()
        staff.ids.append((await until_call(company))["id"])
        await asks(staff, call, boss, "take_over")
        await boss.phone.rings()
        await call.hangup()
        await boss.phone.calls[0].ended()
        written = await node.record(call)
        await in_state(boss, "break")
    assert written["ended_by"] == "caller"
    assert [leg["target"] for leg in written["legs"]] == [OUTSIDE]


async def until_call(company: Company) -> dict[str, Any]:
    while not (rows := await company.sql("select * from calls where connected_at is not null")):
        await asyncio.sleep(0.02)
    return rows[0]


def test_agents_are_not_told_who_listens() -> None:
    mine, call, boss = new_id(), new_id(), new_id()
    notice = {"type": "supervision", "call_id": str(call), "agent_id": str(boss), "mode": "listen"}
    assert AgentView(mine, call)(notice) is None
    assert AgentView(boss, None)(notice) == notice
