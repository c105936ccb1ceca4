"""How a wait in a queue may end, through the real switch: called back, a VIP first, a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from hotline.calls.voicemail import beep_in
from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.telephony.world.carrier import World
from hotline.telephony.world.lines import Placed
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.test_messages import box, messages
from tests.calls.test_messages_on_the_switch import audible, kept, loudness
from tests.calls.test_on_the_switch import Site, installation, pair, site, until_async, world
from tests.calls.test_queues_on_the_switch import (
    FIRST,
    PATIENCE,
    agent_with_phone,
    becomes,
    both_hear,
    legs,
    queue_of,
)
from tests.calls.test_talk_recovery import give_flow

__all__ = ["installation", "pair", "site", "world"]

pytestmark = pytest.mark.switch
VIP = "13700000007"


async def queue_with_one_on_a_break(company: Company, **columns: object) -> tuple[UUID, UUID]:
    """(Queue, its agent), who takes calls on a phone of their own; every caller comes there."""
    agent = await agent_with_phone(company, "1001", FIRST, confirm=False)
    await company.sql("update agents set wrap_up_seconds = 0")
    await company.sql("update agent_presence set state = 'break'")
    queue_id = await queue_of(company, agent)
    for name, value in columns.items():
        await company.sql(f"update queues set {name} = :v", v=value)
    waits = {"id": "q", "kind": "queue", "queue": str(queue_id), "exits": {}}
    await give_flow(company, [waits])
    return queue_id, agent


async def signs_in(site: Site, agent: UUID) -> None:
    assert site.parts is not None
    await site.parts.talks.presence.sign_in(agent)


async def stands_in_line(site: Site, world: World, caller: str) -> Placed:
    call = await world.call(NUMBER, caller=caller)

    async def there() -> bool:
        asked = "select 1 from queue_entries where caller = :c and state = 'waiting'"
        return bool(await site.company.sql(asked, c=caller))

    await until_async(there)
    return call


async def entry_of(company: Company, caller: str) -> dict[str, Any]:
    [entry] = await company.sql("select * from queue_entries where caller = :c", c=caller)
    return dict(entry)


async def test_called_back_when_the_turn_comes(site: Site, world: World) -> None:
    company = site.company
    _, agent = await queue_with_one_on_a_break(company, key_callback="1")
    await company.sql(
        "insert into caller_numbers (id, enterprise_id, number, status)"
        " values (:i, :e, :n, 'approved')",
        i=new_id(),
        e=company.id,
        n=NUMBER,
    )
    which, noted = audible(site, "callback_number"), audible(site, "callback_noted", 3.0)
    phone, home = world.phone(FIRST).never_answers(), world.phone(CALLER).never_answers()
    async with site.serving():
        call = await stands_in_line(site, world, CALLER)
        await call.press("1")
        await call.hears(which, PATIENCE)
        await call.press("1")
        await call.hears(noted, PATIENCE)
        await call.ended(PATIENCE)
        assert (await entry_of(company, CALLER))["state"] == "waiting"
        await signs_in(site, agent)
        line = await phone.rings(PATIENCE)
        assert not home.calls
        await line.answer()
        customer = await home.rings(PATIENCE)
        assert customer.caller == NUMBER
        await customer.answer()
        await becomes(company, agent, "talking")
        await both_hear(site, customer, line)
        await customer.hangup()
        record = await site.record(1)
        await becomes(company, agent, "ready")
    asked, _ = await company.records()
    assert (asked["outcome"], asked["reason"]) == ("unanswered", "queue_callback")
    assert (record["outcome"], record["direction"]) == ("answered", "outbound")
    assert record["callback_of"] == asked["id"]
    assert [(kind, result) for kind, _, result in legs(record)] == [
        ("agent", "answered"),
        ("customer", "answered"),
    ]
    entry = await entry_of(company, CALLER)
    assert (entry["state"], entry["agent_id"], entry["callback_tries"]) == ("answered", agent, 1)


async def test_a_vip_who_came_later_is_served_first(site: Site, world: World) -> None:
    company = site.company
    vips = new_id()
    await company.sql(
        "insert into caller_lists (id, enterprise_id, name) values (:i, :e, '贵宾')",
        i=vips,
        e=company.id,
    )
    await company.sql(
        "insert into caller_list_entries (id, enterprise_id, list_id, number)"
        " values (:i, :e, :l, :n)",
        i=new_id(),
        e=company.id,
        l=vips,
        n=VIP,
    )
    _, agent = await queue_with_one_on_a_break(company, vip_list_id=vips)
    phone = world.phone(FIRST).answers()
    async with site.serving():
        first = await stands_in_line(site, world, CALLER)
        vip = await stands_in_line(site, world, VIP)
        await signs_in(site, agent)
        await both_hear(site, vip, await phone.rings(PATIENCE))
        assert (await entry_of(company, CALLER))["state"] == "waiting"
        await vip.hangup()
        await both_hear(site, first, await phone.rings(PATIENCE))
        await first.hangup()
        await site.record(1)
    before, after = await entry_of(company, VIP), await entry_of(company, CALLER)
    assert before["left_at"] < after["left_at"]
    assert before["entered_at"] > after["entered_at"]
    assert before["priority"] > after["priority"]


async def test_who_waits_too_long_leaves_a_message(
    site: Site, world: World, database: Database, tmp_path: Path
) -> None:
    company = site.company
    key = await box(company, takes_blacklisted=False)
    await company.sql("delete from screening_entries")
    overflow = orjson.dumps({"timeout": {"kind": "voicemail", "id": str(key)}}).decode()
    await queue_with_one_on_a_break(company, max_wait=10)
    await company.sql("update queues set overflow = cast(:o as jsonb)", o=overflow)
    greeting, voice = audible(site, "voicemail_greeting"), audible(site, "voice", 2.0)
    beep = beep_in(site.pair.switch.home / "spool" / "recording")
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.hears(site.pair.switch.music / "music.alaw", PATIENCE)
        await call.hears(greeting, PATIENCE)
        await call.hears(beep, PATIENCE)
        await SystemClock().sleep(0.5)
        await call.say(voice)
        await SystemClock().sleep(2.2)
        await call.hangup()
        record = await site.record()

        async def is_there() -> bool:
            return len(await messages(company)) == 1

        await until_async(is_there)
    entry = await entry_of(company, CALLER)
    assert (entry["state"], entry["reason"]) == ("left", "timeout")
    [message] = await messages(company)
    assert (message["box_id"], message["call_id"]) == (key, record["id"])
    heard, _ = await kept(site, database, record, tmp_path)
    assert loudness(heard) > 0.02  # somebody speaks in it
