"""Calls through the real switch, from a real carrier's wire to the record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from hotline.calls.commands import Command
from hotline.calls.flow_lists import DatabaseLists
from hotline.calls.flow_parts import FlowParts
from hotline.calls.ledger import Ledger, LedgerLimits
from hotline.calls.parts import Parts
from hotline.calls.repository import CallRepository
from hotline.calls.supervisor import Supervisor
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.telephony.world.carrier import World
from hotline.wiring import queue_floor, talk_parts
from tests.calls.company import CALLER, NUMBER, Company, SoundFolder
from tests.calls.test_flows import Answers
from tests.calls.test_talk_recovery import give_flow
from tests.contract.conftest import installation, pair
from tests.contract.real import TRUNK, RealPair

__all__ = ["installation", "pair"]

pytestmark = pytest.mark.switch
FIRST, SECOND = "13900000001", "01062345678"


class Site:
    """The real switch with the call path on it."""

    def __init__(self, pair: RealPair, database: Database, company: Company) -> None:
        self.pair = pair
        self.company = company
        self.sounds = SoundFolder(pair.switch.sounds)
        self.parts: Parts | None = None
        """Of the controller that serves."""
        self._database = database

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Supervisor]:
        """A controller of its own process memory, as after every restart."""
        engine = self.pair.engine()
        pools = [DirectPool(self._database.platform_url, durable=d) for d in (False, True)]
        repository, clock = CallRepository(*pools), SystemClock()
        spool = self.pair.switch.home / "spool" / "recording"
        spool.mkdir(parents=True, exist_ok=True)
        sounds = self.sounds
        parts = Parts(
            repository=repository,
            ledger=Ledger(
                repository, clock, rejected=spool / "rejected", limits=LedgerLimits(linger=0.02)
            ),
            sounds=sounds,
            system_sounds=sounds,
            clock=clock,
            spool=spool,
            random=Random(4),
            talks=talk_parts(engine, pools[0], self._database.platform_url, clock),
        )
        parts.flows = FlowParts(DatabaseLists(pools[0]), Answers())
        parts.floor = queue_floor(pools[0], self._database.platform_url, clock, engine.node)
        self.parts = parts
        supervisor = Supervisor(engine, parts)
        running = asyncio.create_task(supervisor.run())
        queues = asyncio.create_task(parts.floor.run())
        try:
            await until(lambda: engine.connected)
            yield supervisor
        finally:
            for task in (running, queues):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            for pool in pools:
                await pool.close()

    async def record(self, place: int = 0) -> dict[str, object]:
        """The record of the call, once it is complete."""

        async def complete() -> bool:
            records = await self.company.records()
            return len(records) > place and records[place]["ended_at"] is not None

        await until_async(complete)
        found: dict[str, object] = (await self.company.records())[place]
        return found


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.02)


async def until_async(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(15):
        while not await holds():
            await asyncio.sleep(0.05)


@pytest.fixture
async def site(pair: RealPair, database: Database, company: Company) -> Site:
    await company.sql("update carriers set name = :n", n=TRUNK)
    async for _ in pair.engine().journal():  # what other tests left behind
        pass
    return Site(pair, database, company)


@pytest.fixture
async def world(pair: RealPair) -> AsyncIterator[World]:
    async with World(pair.carrier, trunk=TRUNK) as world:
        yield world


def results(record: dict[str, object]) -> list[object]:
    legs = record["legs"]
    assert isinstance(legs, list)
    return [leg["result"] for leg in legs]


async def test_greeted_busy_then_answered_and_recorded(site: Site, world: World) -> None:
    company = site.company
    await company.destination(FIRST)
    await company.destination(SECOND)
    await company.set(greeting_prompt_id=await company.prompt("greeting"), recording=True)
    world.phone(FIRST).busy()
    world.phone(SECOND).answers(after=0.5, hangs_up_after=2)
    async with site.serving() as supervisor:
        call = await world.call(NUMBER, caller=CALLER)
        await call.ended()
        record = await site.record()
        assert supervisor.calls_in_progress == 0
    assert (record["outcome"], record["ended_by"]) == ("answered", "callee")
    assert results(record) == ["busy", "answered"]
    assert record["legs"][0]["sip_code"] == 486  # type: ignore[index]
    assert record["talk_ms"] == pytest.approx(2000, abs=700)
    assert record["waiting_ms"] == pytest.approx(4500 + 500, abs=1500)
    [recording] = await company.sql("select spool_name from recordings")
    file = site.pair.switch.home / "spool" / "recording" / Path(recording["spool_name"]).name
    assert file.stat().st_size > 8000
    assert await company.sql("select * from destination_claims") == []


async def test_refused_number_hears_a_notice(site: Site, world: World) -> None:
    async with site.serving():
        call = await world.call("4001112222", caller=CALLER)
        await call.ended()
        record = await site.record()
    assert (record["outcome"], record["reason"]) == ("refused", "number_unknown")
    assert record["answered_at"] is None


async def test_caller_gives_up_while_it_rings(site: Site, world: World) -> None:
    await site.company.destination(FIRST)
    phone = world.phone(FIRST).never_answers()
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await phone.rings()
        await call.hangup()
        record = await site.record()
    assert (record["outcome"], record["reason"]) == ("abandoned", "ringing")
    assert results(record) == ["cancelled"]


async def test_talk_and_ringing_survive_a_change_of_controllers(site: Site, world: World) -> None:
    await site.company.destination(FIRST)
    phone = world.phone(FIRST).answers()
    async with site.serving():
        talking = await world.call(NUMBER, caller=CALLER)
        await talking.answered()
        world.phone(FIRST).never_answers()
        ringing = await world.call(NUMBER, caller="01088886666")
        reached = (await phone.rings(), await phone.rings())[1]
    assert not talking.is_ended
    assert not ringing.is_ended
    async with site.serving():
        await reached.answer()
        await ringing.answered()
        await talking.hangup()
        first = await site.record(0)
        await reached.hangup()
        second = await site.record(1)
    assert (first["outcome"], first["ended_by"]) == ("answered", "caller")
    assert (second["outcome"], second["ended_by"]) == ("answered", "callee")
    assert [results(first), results(second)] == [["answered"], ["answered"]]


async def test_what_ended_alone_is_completed_from_the_journal(site: Site, world: World) -> None:
    await site.company.destination(FIRST)
    world.phone(FIRST).answers()
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.answered()
    await call.hangup()
    alone = await world.call(NUMBER, caller=CALLER)
    await alone.ended()
    async with site.serving():
        first, second = await site.record(0), await site.record(1)
    assert (first["outcome"], first["ended_by"]) == ("answered", "caller")
    assert (second["outcome"], second["reason"]) == ("failed", "no_controller")
    assert await site.company.sql("select * from destination_claims") == []


async def test_an_own_phone_takes_the_call_by_key_and_holds_it(site: Site, world: World) -> None:
    company = site.company
    destination = await company.destination(FIRST)
    agent = new_id()
    await company.sql(
        "insert into agents (id, enterprise_id, extension, name, device, destination_id,"
        " confirm_by_key, wrap_up_seconds) values (:i, :e, '1001', '座席', 'phone', :d, true, 15)",
        i=agent,
        e=company.id,
        d=destination,
    )
    await company.sql("update agent_presence set state = 'ready'")
    await company.set(recording=True)
    node = {"id": "a", "kind": "extension", "extension": "1001"}
    leave = {"unanswered": "b", "unknown": "b"}
    await give_flow(company, [{**node, "exits": leave}, {"id": "b", "kind": "hangup"}])

    async def state(wanted: str) -> bool:
        [row] = await company.sql("select state from agent_presence")
        return bool(row["state"] == wanted)

    world.phone(FIRST).answers(after=0.5, presses="1")
    async with site.serving() as supervisor:
        call = await world.call(NUMBER, caller=CALLER)
        await until_async(lambda: state("talking"))
        [row] = await company.sql("select id from calls")
        desk = supervisor.commands
        for verb, then in (("hold", "on_hold"), ("resume", "talking")):
            await desk.obey(Command(new_id(), row["id"], verb, {}, agent))
            assert await state(then)
        await call.hangup()
        record = await site.record()
        await until_async(lambda: state("wrap_up"))
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    assert results(record) == ["answered"]
    [recording] = await company.sql("select spool_name from recordings")
    assert (site.pair.switch.home / "spool" / "recording" / recording["spool_name"]).is_file()
