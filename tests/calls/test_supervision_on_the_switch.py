"""A supervisor at a talk on the real switch: who hears whom, and what a dead controller leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import httpx
import numpy
import pytest

from hotline.calls.commands import Command
from hotline.calls.supervisor import Supervisor
from hotline.kit.ids import new_id
from hotline.telephony.asterisk.listening import LISTEN_PREFIX, SPY_PREFIX
from hotline.telephony.port import (
    CallerId,
    Dialled,
    DialPlan,
    IncomingCall,
    ListenMode,
    PhoneTarget,
    Survivor,
)
from hotline.telephony.world.carrier import World
from hotline.telephony.world_port import OutsideLine, Waited
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.test_on_the_switch import Site, installation, pair, site, until_async, world
from tests.calls.test_talk_recovery import give_flow
from tests.contract.real import TRUNK
from tests.contract.test_rooms import hears_nothing_of

__all__ = ["installation", "pair", "site", "world"]

pytestmark = pytest.mark.switch
AGENTS_PHONE, SUPERVISORS_PHONE = "13900000001", "13900000002"


async def agent_on_phone(company: Company, extension: str, phone: str, state: str) -> UUID:
    agent = new_id()
    await company.sql(
        "insert into agents (id, enterprise_id, extension, name, device, destination_id)"
        " values (:i, :e, :x, '座席', 'phone', :d)",
        i=agent,
        e=company.id,
        x=extension,
        d=await company.destination(phone),
    )
    await company.sql("update agent_presence set state = :s where agent_id = :a", s=state, a=agent)
    return agent


def supervision_is(company: Company, state: str) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        rows = await company.sql("select state from call_supervisions")
        return [row["state"] for row in rows] == [state]

    return holds


async def test_everything_a_supervisor_does_at_a_talk(site: Site, world: World) -> None:
    agent = await agent_on_phone(site.company, "1001", AGENTS_PHONE, "ready")
    boss = await agent_on_phone(site.company, "8001", SUPERVISORS_PHONE, "break")
    node = {"id": "a", "kind": "extension", "extension": "1001"}
    leave = {"unanswered": "b", "unknown": "b"}
    await give_flow(site.company, [{**node, "exits": leave}, {"id": "b", "kind": "hangup"}])

    async def talking() -> bool:
        found = "select state from agent_presence where agent_id = :a"
        [row] = await site.company.sql(found, a=agent)
        return bool(row["state"] == "talking")

    await listened_to_and_taken_over(site, world, boss, talking)


async def test_everything_a_supervisor_does_at_a_forwarded_call(site: Site, world: World) -> None:
    """The two talk in the switch's own hands, until the supervisor takes the caller over."""
    await site.company.destination(AGENTS_PHONE)
    boss = await agent_on_phone(site.company, "8001", SUPERVISORS_PHONE, "break")

    async def talking() -> bool:
        connected = "select 1 from calls where connected_at is not null"
        return bool(await site.company.sql(connected))

    record = await listened_to_and_taken_over(site, world, boss, talking)
    targets = [leg["target"] for leg in record["legs"]]  # type: ignore[attr-defined]
    assert targets == [AGENTS_PHONE, "8001"]


async def listened_to_and_taken_over(
    site: Site, world: World, boss: UUID, talking: Callable[[], Awaitable[bool]]
) -> dict[str, object]:
    """The record of a call with whoever is at AGENTS_PHONE."""
    company, sounds = site.company, site.pair.switch.sounds
    said = {}
    for seed, name in enumerate(("caller", "agent", "one", "two", "three")):
        noise = numpy.random.default_rng(seed).integers(0, 256, 12_000, dtype=numpy.uint8)
        said[name] = sounds / f"said-{name}.alaw"
        said[name].write_bytes(noise.tobytes())
    agents_phone = world.phone(AGENTS_PHONE).answers()
    supervisors_phone = world.phone(SUPERVISORS_PHONE).answers()
    async with site.serving() as supervisor:
        call = await world.call(NUMBER, caller=CALLER)
        heard_by_agent = await agents_phone.rings()
        await until_async(talking)
        [row] = await company.sql("select id from calls")
        call_id: UUID = row["id"]
        await command(supervisor, call_id, "listen", boss)
        heard_by_boss = await supervisors_phone.rings()
        await until_async(supervision_is(company, "active"))
        await says(call, said["caller"], heard_by_boss)
        await says(heard_by_agent, said["agent"], heard_by_boss)
        await heard_by_boss.say(said["one"])
        await hears_nothing_of(heard_by_agent, said["one"], 2.5)
        await hears_nothing_of(call, said["one"])
        await command(supervisor, call_id, "whisper", boss)
        await says(heard_by_boss, said["two"], heard_by_agent)
        await hears_nothing_of(call, said["two"])
        await command(supervisor, call_id, "barge", boss)
        await says(heard_by_boss, said["three"], heard_by_agent)
        await says(heard_by_boss, said["three"], call)
        await command(supervisor, call_id, "take_over", boss)
        await heard_by_agent.ended()
        assert not call.is_ended
        await says(heard_by_boss, said["one"], call)
        await heard_by_boss.hangup()
        await call.ended()
        record = await site.record()
    assert (record["outcome"], record["ended_by"]) == ("answered", "callee")
    return record


async def test_a_dead_controllers_listeners_are_hung_up(site: Site, world: World) -> None:
    await site.company.destination(AGENTS_PHONE)
    world.phone(AGENTS_PHONE).answers()
    supervisors_phone = world.phone(SUPERVISORS_PHONE).answers()
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.answered()
    engine, found = site.pair.engine(), asyncio.Event()
    survivors: list[Survivor] = []

    async def take_up(those: Sequence[Survivor]) -> None:
        survivors.extend(those)
        found.set()

    async def nobody(_: IncomingCall) -> None:
        pass

    dying = asyncio.create_task(engine.run(nobody, take_up))
    await found.wait()
    plan = DialPlan(
        targets=[PhoneTarget(SUPERVISORS_PHONE, TRUNK)], ring_timeout=9, caller_id=CallerId(NUMBER)
    )
    dialled = await engine.originate(plan)
    assert isinstance(dialled, Dialled)
    await engine.listen(survivors[0].call.id, dialled.leg, ListenMode.LISTEN)
    assert await left_of_listening(site)
    dying.cancel()
    await asyncio.wait({dying})
    async with site.serving():
        await (await supervisors_phone.rings()).ended()

        async def nothing_is_left() -> bool:
            return not await left_of_listening(site)

        await until_async(nothing_is_left)
        assert not call.is_ended
        await call.hangup()
        await site.record()


async def says(speaker: OutsideLine, words: Path, listener: OutsideLine) -> None:
    """Say it until it is heard: a switch that waits for a core leaves gaps in the audio."""
    for _ in range(4):
        await speaker.say(words)
        with suppress(Waited):
            await listener.hears(words)
            return
    await listener.hears(words)


async def left_of_listening(site: Site) -> list[str]:
    """The spies and bridges for listening that the switch has."""
    switch = site.pair.switch
    async with httpx.AsyncClient(
        base_url=f"http://{switch.ari}/ari", auth=(switch.ari_user, switch.ari_password)
    ) as client:
        there = [(await client.get(f"/{kind}")).json() for kind in ("channels", "bridges")]
    names = [str(one["id"]) for kind in there for one in kind]
    return [name for name in names if name.startswith((SPY_PREFIX, LISTEN_PREFIX))]


async def command(supervisor: Supervisor, call_id: UUID, verb: str, boss: UUID) -> None:
    await supervisor.commands.obey(Command(new_id(), call_id, verb, {"agent_id": str(boss)}, None))
