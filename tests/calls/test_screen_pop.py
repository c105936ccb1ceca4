"""What the agent's client knows before the device rings."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.db.database import Database
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.staff import Agent
from tests.calls.test_flows import BYE

STRANGER = "02161234567"


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


@pytest.fixture
async def agent(house: House) -> Agent:
    return await house.staff.agent("1001", wrap_up_seconds=0)


async def menu_to_queue(house: House, queue: Any) -> None:
    ways = {"1": "wait", "timeout": "bye", "wrong": "bye"}
    keys = {"id": "menu", "kind": "menu", "title": "主菜单", "sounds": [], "keys": ["1"]}
    exits = {"timeout": "bye", "unavailable": "bye"}
    waits = {"id": "wait", "kind": "queue", "title": "售后", "queue": str(queue), "exits": exits}
    await house.publish({**keys, "exits": ways}, waits, BYE)


async def test_everything_is_told_before_it_rings(house: House, agent: Agent) -> None:
    queue = await house.queue(agent, name="售后")
    await menu_to_queue(house, queue)
    agent.phone.answers(after=1, hangs_up_after=4)
    async with house.serving() as node:
        before = await house.call(CALLER, "1")
        await agent.phone.rings()
        agent.phone.never_answers()
        await house.company.sql("update agent_presence set state = 'break'")
        call = await node.call()
        await house.press(call, "1")
        await house.clock.sleep(30)
        await node.parts.talks.presence.sign_in(agent.id)
        floor = node.parts.floor
        assert floor is not None
        floor.decide(house.company.id)
        await agent.phone.rings(60)
        told = await house.details(agent)
        [when] = await house.company.sql("select at from agent_offers")
        await call.hangup()
        record = await node.record(call)
    [dialled] = await house.company.sql(
        "select at from call_events where call_id = :c and type = 'dialling'", c=record["id"]
    )
    assert when["at"] <= dialled["at"]
    assert (told["caller"], told["province"], told["city"]) == (CALLER, "江苏", "连云港")
    assert (told["vip"], told["customer"], told["kind"]) == (False, None, "agent")
    assert (told["dialled"], told["hotline_id"]) == (NUMBER, str(house.company.hotline_id))
    assert (told["menu_path"], told["queue_name"]) == (["主菜单", "售后"], "售后")
    assert told["queue_id"] == str(queue)
    assert 27 <= told["waited_seconds"] <= 60
    [earlier] = told["earlier_calls"]
    assert (earlier["call_id"], earlier["outcome"]) == (str(before["id"]), "answered")
    assert (earlier["agent"], earlier["talk_ms"]) == ("座席1001", before["talk_ms"])


async def test_the_queues_own_list_of_vips(house: House, agent: Agent) -> None:
    """A VIP without a caller list in the flow is shown as one, and comes before others."""
    vips = await house.caller_list(CALLER)
    await menu_to_queue(house, await house.queue(agent, vip_list_id=vips, vip_priority=7))
    agent.phone.answers(after=1, hangs_up_after=2)
    async with house.serving():
        await house.call(CALLER, "1")
        assert (await house.details(agent))["vip"] is True
        await house.call(STRANGER, "1")
        assert (await house.details(agent))["vip"] is False
    entries = await house.company.sql("select caller, priority from queue_entries order by caller")
    assert entries == [{"caller": STRANGER, "priority": 0}, {"caller": CALLER, "priority": 7}]


@pytest.mark.parametrize("vip", [True, False])
async def test_not_every_list_is_one_of_vips(house: House, agent: Agent, vip: bool) -> None:
    """Who is on a list that is no list of VIPs is not shown to agents as one."""
    listed = str(await house.caller_list(CALLER))
    queue = str(await house.queue(agent))
    agent.phone.answers(after=1, hangs_up_after=2)
    await house.publish(
        {
            "id": "list",
            "kind": "caller_list",
            "caller_list": listed,
            "vip": vip,
            "exits": {"listed": "wait", "otherwise": "bye"},
        },
        {
            "id": "wait",
            "kind": "queue",
            "queue": queue,
            "exits": {"timeout": "bye", "unavailable": "bye"},
        },
        BYE,
    )
    async with house.serving():
        await house.call(CALLER)
    assert (await house.details(agent))["vip"] is vip


async def test_a_long_story_rings_all_the_same(house: House, agent: Agent) -> None:
    """Longer than a notification can be."""
    queue = await house.queue(agent, name="队" * 100)
    await house.company.sql("update agents set name = repeat('名', 64)")
    leads = [
        {
            "id": f"n{n}",
            "kind": "set",
            "title": f"{n}" + "长" * 98,
            "values": {"way": f"{n}"},
            "exits": {"next": f"n{n + 1}"},
        }
        for n in range(21)
    ]
    waits = {"id": "n21", "kind": "queue", "queue": str(queue)}
    await house.publish(*leads, {**waits, "exits": {"timeout": "bye", "unavailable": "bye"}}, BYE)
    agent.phone.answers(after=1, hangs_up_after=2)
    async with house.serving():
        records = [await house.call(CALLER) for _ in range(6)]
        told = await house.details(agent)
    assert {record["outcome"] for record in records} == {"answered"}
    assert len(told["earlier_calls"]) == 5
    assert [len(title) for title in told["menu_path"]] == [99] * 9 + [100] * 11
