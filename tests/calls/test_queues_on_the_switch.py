"""A menu, a queue and its agents through the real switch: who hears whom, and what is kept."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from hotline.calls.commands import Command
from hotline.calls.flow_lists import code_hash
from hotline.kit.ids import new_id
from hotline.telephony.world.carrier import World
from hotline.telephony.world_port import OutsideLine
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.test_messages_on_the_switch import audible
from tests.calls.test_on_the_switch import (
    Site,
    installation,
    pair,
    site,
    until_async,
    world,
)
from tests.calls.test_talk_recovery import give_flow

__all__ = ["installation", "pair", "site", "world"]

pytestmark = pytest.mark.switch
FIRST, SECOND = "13900000001", "01062345678"
PATIENCE = 20.0
"""Seconds for what is heard at once on a machine that has nothing else to do."""


async def agent_with_phone(
    company: Company, extension: str, number: str, *, confirm: bool = True
) -> UUID:
    """A ready agent who takes calls on a phone of their own."""
    destination, agent = await company.destination(number), new_id()
    await company.sql(
        "insert into agents (id, enterprise_id, extension, name, device, destination_id,"
        " confirm_by_key, wrap_up_seconds) values (:i, :e, :x, '座席', 'phone', :d, :c, 15)",
        i=agent,
        e=company.id,
        x=extension,
        d=destination,
        c=confirm,
    )
    await company.sql("update agent_presence set state = 'ready' where agent_id = :a", a=agent)
    return agent


async def queue_of(company: Company, *agents: UUID, recording: bool = False) -> UUID:
    queue_id = new_id()
    await company.sql(
        "insert into queues (id, enterprise_id, name, recording) values (:q, :e, '客服', :r)",
        q=queue_id,
        e=company.id,
        r=recording,
    )
    for position, agent in enumerate(agents):
        await company.sql(
            "insert into queue_members (queue_id, agent_id, enterprise_id, position)"
            " values (:q, :a, :e, :p)",
            q=queue_id,
            a=agent,
            e=company.id,
            p=position,
        )
    return queue_id


async def becomes(company: Company, agent: UUID, state: str) -> None:
    """Wait until that agent's presence is there."""

    async def there() -> bool:
        [row] = await company.sql("select state from agent_presence where agent_id = :a", a=agent)
        return bool(row["state"] == state)

    await until_async(there)


async def both_hear(site: Site, one: OutsideLine, other: OutsideLine) -> None:
    """Each says something of its own, and the other hears it."""
    for name, speaker, listener in (("one", one, other), ("other", other, one)):
        voice = audible(site, f"{name}-{new_id().hex}")
        heard = asyncio.create_task(listener.hears(voice, PATIENCE))
        await speaker.say(voice)
        await heard


async def code_list(company: Company, code: str) -> UUID:
    """A list of one code."""
    key = new_id()
    await company.sql(
        "insert into code_lists (id, enterprise_id, name) values (:i, :e, '名单')",
        i=key,
        e=company.id,
    )
    [row] = await company.sql("select salt from code_lists where id = :i", i=key)
    await company.sql(
        "insert into codes (id, enterprise_id, list_id, hash, label) values (:i, :e, :l, :h, '甲')",
        i=new_id(),
        e=company.id,
        l=key,
        h=code_hash(code, bytes(row["salt"])),
    )
    return key


async def never_open(company: Company) -> UUID:
    """Opening hours without any hours."""
    key = new_id()
    await company.sql(
        "insert into schedules (id, enterprise_id, name, weekly)"
        " values (:i, :e, '时间', cast('{}' as jsonb))",
        i=key,
        e=company.id,
    )
    return key


def legs(record: dict[str, object]) -> list[tuple[object, object, object]]:
    found = record["legs"]
    assert isinstance(found, list)
    return [(leg["kind"], leg["agent_id"], leg["result"]) for leg in found]


async def ask(company: Company, name: str, keys: str = "1") -> dict[str, object]:
    """A menu with a question of that name."""
    prompt = await company.prompt(name)
    return {"kind": "menu", "sounds": [{"prompt": str(prompt)}], "keys": list(keys)}


async def test_by_key_into_a_queue_and_to_an_agent(site: Site, world: World) -> None:
    company = site.company
    agent = await agent_with_phone(company, "1001", FIRST)
    queue_id = await queue_of(company, agent, recording=True)
    question, please = audible(site, "question"), audible(site, "press_one")
    menu = {"id": "m", **await ask(company, "question", "2")}
    menu["exits"] = {"2": "q", "timeout": "end", "wrong": "end"}
    waits = {"id": "q", "kind": "queue", "queue": str(queue_id), "exits": {}}
    await give_flow(company, [menu, waits, {"id": "end", "kind": "hangup"}])
    phone = world.phone(FIRST).never_answers()
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.hears(question, PATIENCE)
        await call.press("2")
        agents = await phone.rings(PATIENCE)
        await becomes(company, agent, "ringing")
        await call.hears(site.pair.switch.music / "music.alaw", PATIENCE)
        await agents.answer()
        await agents.hears(please, PATIENCE)
        await agents.press("1")
        await becomes(company, agent, "talking")
        await both_hear(site, call, agents)
        await call.hangup()
        record = await site.record()
        await becomes(company, agent, "wrap_up")
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    assert legs(record) == [("agent", agent, "answered")]
    [entry] = await company.sql("select state, reason, agent_id from queue_entries")
    assert entry == {"state": "answered", "reason": "answered", "agent_id": agent}
    [recording] = await company.sql("select spool_name from recordings")
    file = site.pair.switch.home / "spool" / "recording" / recording["spool_name"]
    assert file.stat().st_size > 16_000


async def test_handed_over_after_a_word_with_a_colleague(site: Site, world: World) -> None:
    company = site.company
    agent = await agent_with_phone(company, "1001", FIRST, confirm=False)
    colleague = await agent_with_phone(company, "1002", SECOND, confirm=False)
    node = {"id": "a", "kind": "extension", "extension": "1001"}
    leave = {"unanswered": "b", "unknown": "b"}
    await give_flow(company, [{**node, "exits": leave}, {"id": "b", "kind": "hangup"}])
    async with site.serving() as supervisor:
        call = await world.call(NUMBER, caller=CALLER)
        first = await world.phone(FIRST).rings(PATIENCE)
        await becomes(company, agent, "talking")
        await both_hear(site, call, first)
        [row] = await company.sql("select id from calls")

        async def says(verb: str, **arguments: object) -> None:
            command = Command(new_id(), row["id"], verb, arguments, agent)
            await supervisor.commands.obey(command)

        await says("consult", extension="1002")
        second = await world.phone(SECOND).rings(PATIENCE)
        await call.hears(site.pair.switch.music / "music.alaw", PATIENCE)
        await becomes(company, colleague, "talking")
        await both_hear(site, first, second)
        await says("complete")
        await first.ended(PATIENCE)
        await becomes(company, agent, "wrap_up")
        await both_hear(site, call, second)
        await second.hangup()
        record = await site.record()
        await becomes(company, colleague, "wrap_up")
    assert record["outcome"] == "answered"
    assert legs(record) == [("agent", agent, "answered"), ("consult", colleague, "answered")]


async def test_a_flow_asks_decides_and_says_that_it_is_closed(site: Site, world: World) -> None:
    company = site.company
    question, door, closed = (audible(site, name, 3.0) for name in ("question", "door", "closed"))
    nodes: list[dict[str, object]] = [
        {
            **await ask(company, "question"),
            "id": "menu",
            "exits": {"1": "from", "timeout": "end", "wrong": "end"},
        },
        {
            "id": "from",
            "kind": "region",
            "rules": [{"exit": "near", "provinces": ["江苏"]}],
            "exits": {"near": "door", "otherwise": "end"},
        },
        {
            "id": "door",
            "kind": "password",
            "code_list": str(await code_list(company, "2468")),
            "sounds": [{"prompt": str(await company.prompt("door"))}],
            "exits": {"accepted": "hours", "wrong": "end", "timeout": "end", "locked": "end"},
        },
        {
            "id": "hours",
            "kind": "schedule",
            "schedule": str(await never_open(company)),
            "exits": {"open": "end", "closed": "words"},
        },
        {
            "id": "words",
            "kind": "play",
            "sounds": [{"prompt": str(await company.prompt("closed"))}],
            "exits": {"next": "end"},
        },
        {"id": "end", "kind": "hangup"},
    ]
    await give_flow(company, nodes)
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.hears(question, PATIENCE)
        await call.press("1")
        await call.hears(door, PATIENCE)
        await call.press("2468#")
        await call.hears(closed, PATIENCE)
        await call.ended(PATIENCE)
        await site.record()
    passed = await company.sql(
        "select data->>'node' as node from call_events where type = 'node_entered'"
        " order by (data->>'place')::int"
    )
    assert [one["node"] for one in passed] == ["menu", "from", "door", "hours", "words", "end"]
