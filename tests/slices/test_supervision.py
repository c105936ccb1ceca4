"""Wallboard, calls in progress and presence at calls over HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business, moments_ago
from tests.slices.helpers import API, body_of, error_of

WALLBOARD = f"{API}/wallboard"
LIVE = f"{API}/calls/live"


@pytest.fixture
async def enterprise(api: ApiWorld) -> UUID:
    return await api.enterprise()


@pytest.fixture
async def boss(api: ApiWorld, enterprise: UUID) -> tuple[UUID, str]:
    return await api.user(Role.SUPERVISOR, enterprise)


@pytest.fixture
async def business(api: ApiWorld, enterprise: UUID, boss: tuple[UUID, str]) -> Business:
    business = Business(api, enterprise)
    await business.found(boss[0])
    return business


async def test_the_figures_of_a_wallboard(
    api: ApiWorld, business: Business, boss: tuple[UUID, str]
) -> None:
    now = datetime.now(UTC)
    ended = {"ended_at": now, "outcome": "answered", "connected_at": now}
    for waited in (5, 40):
        call_id = await business.call(now, **ended)
        await business.entry(
            call_id,
            now,
            state="answered",
            agent_id=business.agent_id,
            left_at=now + timedelta(seconds=waited),
        )
        await business.leg(
            call_id,
            1,
            now,
            queue_id=business.queue_id,
            connected_at=now,
            ended_at=now,
            talk_ms=60_000,
        )
    gone = await business.call(now, ended_at=now, outcome="abandoned")
    await business.entry(gone, now, state="left", reason="abandoned", left_at=now)
    await business.leg(gone, 1, now, result="no_answer", ended_at=now)
    await business.leg(gone, 2, now, result="cancelled", ended_at=now)
    later = now + timedelta(hours=1)
    await business.entry(gone, now, kind="callback", state="answered", left_at=later)
    waiting = await business.call(moments_ago(30))
    await business.entry(waiting, moments_ago(30))
    yesterday = now - timedelta(days=2)
    old = await business.call(yesterday, ended_at=yesterday, outcome="answered")
    await business.entry(old, yesterday, state="answered", left_at=yesterday)
    await business.sql(
        "update agent_presence set state = 'talking', call_id = :c, calls_today = 3,"
        " talk_ms_today = 61500, day = (now() at time zone 'Asia/Shanghai')::date"
        " where agent_id = :a",
        a=business.agent_id,
        c=waiting,
    )
    supervisor = await api.log_in_as(boss[1])
    shown = body_of(await supervisor.get(WALLBOARD))
    [queue] = shown["queues"]
    assert 29 <= queue.pop("longest_wait_seconds") <= 40
    assert queue == {
        "queue_id": str(business.queue_id),
        "name": "售后",
        "waiting": 1,
        "callbacks": 0,
        "agents": {"talking": 1},
        "offered": queue["offered"],
        "answered": 2,
        "answered_within": 1,
        "called_back": 1,
        "abandoned": 1,
        "target_seconds": 20,
        "service_level": 33.3,
        "average_wait_seconds": 22.5,
        "average_talk_seconds": 60.0,
    }
    assert queue["offered"] in (4, 5)  # the one who waits may have come before midnight
    total = shown["total"]
    assert (total["waiting"], total["answered"], total["abandoned"]) == (1, 2, 1)
    assert total["called_back"] == 1
    assert (total["service_level"], total["calls_in_progress"]) == (33.3, 1)
    assert total["agents"] == {"talking": 1, "offline": 1}
    [agent, own] = shown["agents"]
    assert (agent["state"], agent["calls_today"], agent["talk_seconds_today"]) == ("talking", 3, 61)
    assert agent["call"]["caller"] == "13800000000"
    assert (agent["offered"], agent["missed"], agent["abandoned"]) == (4, 1, 1)
    assert (agent["service_level"], own["service_level"]) == (33.3, None)
    assert (own["state"], own["call"]) == ("offline", None)
    [hotline] = shown["hotlines"]
    assert (hotline["answered"], hotline["abandoned"], hotline["in_progress"]) == (2, 1, 1)
    other = await api.log_in(Role.SUPERVISOR, await api.enterprise())
    nothing = body_of(await other.get(WALLBOARD))
    assert (nothing["queues"], nothing["agents"], nothing["hotlines"]) == ([], [], [])
    agent_only = await api.log_in(Role.AGENT, business.id)
    assert error_of(await agent_only.get(WALLBOARD), 403) == "forbidden"


async def test_where_callers_are(api: ApiWorld, business: Business, boss: tuple[UUID, str]) -> None:
    began = moments_ago(100)
    calls = [await business.call(began + timedelta(seconds=n)) for n in range(7)]
    await business.call(began, ended_at=began, outcome="abandoned")
    arriving, greeting, flow, queue, ringing, talking, held = calls
    await business.event(greeting, began, "greeting_started")
    await business.event(flow, began, "node_entered", '{"kind": "play", "title": "欢迎"}')
    await business.event(
        flow, moments_ago(50), "node_entered", '{"kind": "menu", "title": "主菜单"}'
    )
    await business.entry(queue, moments_ago(42))
    await business.line(ringing, 1, moments_ago(8), ended=moments_ago(7))
    await business.line(ringing, 2, moments_ago(5))
    for call_id in (talking, held):
        await business.line(call_id, 1, moments_ago(60), connected=moments_ago(50))
        await business.event(call_id, moments_ago(30), "held", '{"leg": 1}')
    await business.event(talking, moments_ago(20), "unheld", '{"leg": 1}')
    supervisor = await api.log_in_as(boss[1])
    items = body_of(await supervisor.get(LIVE))["items"]
    assert [UUID(item["call_id"]) for item in items] == calls
    assert [(item["place"], item["detail"]) for item in items] == [
        ("arriving", ""),
        ("greeting", ""),
        ("flow", "主菜单"),
        ("queue", "售后"),
        ("ringing", ""),
        ("talking", ""),
        ("on_hold", ""),
    ]
    by_id = {UUID(item["call_id"]): item for item in items}
    assert 42 <= by_id[queue]["seconds"] <= 60
    assert by_id[queue]["queue_id"] == str(business.queue_id)
    assert 30 <= by_id[held]["seconds"] <= 48
    [party] = by_id[talking]["parties"]
    assert (party["target"], party["name"], party["kind"]) == ("1001", "王芳", "agent")
    assert party["rings"] is False
    [party] = by_id[ringing]["parties"]
    assert (party["agent_id"], party["rings"]) == (str(business.agent_id), True)
    assert arriving


async def test_being_present_at_a_call(
    api: ApiWorld, business: Business, boss: tuple[UUID, str]
) -> None:
    call_id = await business.call(moments_ago(9))
    address = f"{API}/calls/{call_id}/supervision"
    supervisor = await api.log_in_as(boss[1])
    command = asyncio.create_task(business.obey("done"))
    begun = body_of(await supervisor.post(address, json={"mode": "whisper"}), 202)
    assert (begun["mode"], begun["state"]) == ("whisper", "ringing")
    sent = await command
    assert (sent["verb"], sent["agent_id"], sent["issued_by"]) == ("whisper", None, boss[0])
    assert sent["arguments"]["agent_id"] == str(business.own_agent_id)
    command = asyncio.create_task(business.obey("done"))
    body_of(await supervisor.patch(address, json={"mode": "barge"}))
    assert (await command)["arguments"]["change"] is True
    command = asyncio.create_task(business.obey("done"))
    assert (await supervisor.delete(address)).status_code == 204
    assert (await command)["verb"] == "stop_listening"
    command = asyncio.create_task(business.obey("refused", "own-device-busy"))
    refused = await supervisor.post(address, json={"mode": "take_over"})
    assert error_of(refused, 409) == "own-device-busy"
    await command
    noted = await business.sql(
        "select action from audit_entries where enterprise_id = :e and object_id = :c order by id",
        e=business.id,
        c=str(call_id),
    )
    assert [row["action"] for row in noted] == [
        "call.whisper",
        "call.barge",
        "call.stop_listening",
    ]
    wrong = await supervisor.post(address, json={"mode": "shout"})
    assert error_of(wrong, 422) == "invalid"


async def test_who_may_not_be_present(
    api: ApiWorld, business: Business, boss: tuple[UUID, str]
) -> None:
    call_id = await business.call(moments_ago(9))
    address = f"{API}/calls/{call_id}/supervision"
    body = {"mode": "listen"}
    no_agent = await api.log_in(Role.ADMINISTRATOR, business.id)
    assert error_of(await no_agent.post(address, json=body), 409) == "no-own-device"
    agent = await api.log_in(Role.AGENT, business.id)
    assert error_of(await agent.post(address, json=body), 403) == "forbidden"
    stranger = await api.log_in(Role.SUPERVISOR, await api.enterprise())
    assert error_of(await stranger.post(address, json=body), 404) == "not-found"
    over = await business.call(moments_ago(9), ended_at=moments_ago(1), outcome="answered")
    supervisor = await api.log_in_as(boss[1])
    late = await supervisor.post(f"{API}/calls/{over}/supervision", json=body)
    assert error_of(late, 409) == "call-is-over"
    assert await business.sql("select * from audit_entries where action = 'call.listen'") == []


async def test_who_was_present(api: ApiWorld, business: Business, boss: tuple[UUID, str]) -> None:
    call_id = await business.call(moments_ago(9))
    await business.insert(
        "call_supervisions",
        id=new_id(),
        call_id=call_id,
        node="n",
        agent_id=business.own_agent_id,
        user_id=boss[0],
        mode="listen",
        state="ended",
        asked_at=moments_ago(8),
        began_at=moments_ago(7),
        ended_at=moments_ago(6),
        reason="stopped",
    )
    supervisor = await api.log_in_as(boss[1])
    [shown] = body_of(await supervisor.get(f"{API}/calls/{call_id}/supervision"))
    assert (shown["name"], shown["mode"], shown["reason"]) == ("主管", "listen", "stopped")
