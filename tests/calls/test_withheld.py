"""Callers who withhold their number, which their carrier tells us all the same (RFC 3325 §7)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hotline.telephony.asterisk.client import path
from hotline.telephony.port import SurvivorPhase
from hotline.telephony.world.carrier import World
from hotline.telephony.world.lines import Received
from tests.calls.company import CALLER, NUMBER
from tests.calls.test_on_the_switch import FIRST, Site, installation, pair, site, world
from tests.calls.test_queues_on_the_switch import agent_with_phone, becomes, queue_of
from tests.calls.test_talk_recovery import give_flow
from tests.contract.conftest import sounds
from tests.contract.real import RealPair, real_stage
from tests.contract.stage import Sounds, connected
from tests.faults.sip import SipCaller

__all__ = ["installation", "pair", "site", "sounds", "world"]

pytestmark = pytest.mark.switch

NAME = "Zhang San"
ASSERTED = f'P-Asserted-Identity: "{NAME}" <sip:{CALLER}@carrier.invalid>'
PRIVATE = (ASSERTED, "Privacy: id")


def caller_of(pair: RealPair, *headers: str) -> SipCaller:
    """Somebody without a number in From, whose INVITE the carrier adds ``headers`` to."""
    sip = pair.switch.sip
    return SipCaller(pair.carrier.sip.host, f"{sip.host}:{sip.port}", "anonymous", *headers)


async def answered(caller: SipCaller) -> str:
    """Call and talk; the answer, by which the call can be ended."""
    caller.send(caller.invite(NUMBER))
    answer = await caller.final(10)
    assert answer.startswith("SIP/2.0 200")
    caller.send(caller.ack(answer))
    return answer


async def invite_of(line: Received) -> str:
    """All headers of the INVITE that reached that phone."""
    where = f"{path('channels', line.channel_id)}/variable"

    async def value(variable: str) -> str:
        answer = await line._client.request("GET", where, {"variable": variable})
        return str(answer["value"])

    names = dict.fromkeys((await value("PJSIP_HEADERS()")).split(","))
    return "\n".join([f"{name}: {await value(f'PJSIP_HEADER(read,{name})')}" for name in names])


async def assert_nobody_knows(site: Site) -> None:
    """The number is in no table and not in the switch's own notes."""
    tables = await site.company.sql(
        "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name"
        " from information_schema.tables"
        " where table_schema = 'public' and table_type = 'BASE TABLE'"
    )
    assert len(tables) > 50
    for table in tables:
        query = f"select * from {table['name']} as kept where cast(kept as text) like :number"
        assert await site.company.sql(query, number=f"%{CALLER}%") == [], table
    assert not any(CALLER in text for text in notes(site.pair.journal))


def notes(journal: Path) -> list[str]:
    return [file.read_text() for file in journal.glob("*.journal")]


def who(record: dict[str, object]) -> dict[str, object]:
    """What a record says of the caller."""
    names = ("caller", "caller_raw", "province", "city", "caller_carrier")
    return {name: record[name] for name in names}


NOBODY = {"caller": "", "caller_raw": "", "province": "", "city": "", "caller_carrier": ""}


@pytest.mark.parametrize(
    "headers",
    [
        PRIVATE,
        (f"P-Asserted-Identity: <tel:+86{CALLER}>", "Privacy: user;id"),
        (f"Remote-Party-ID: <sip:{CALLER}@carrier.invalid>;party=calling;privacy=full;screen=yes",),
    ],
    ids=["sip", "tel", "remote party"],
)
async def test_a_forward_shows_the_hotline(
    site: Site, world: World, pair: RealPair, headers: tuple[str, ...]
) -> None:
    await site.company.destination(FIRST)
    await site.company.set(caller_id_mode="caller")
    phone = world.phone(FIRST).answers()
    async with site.serving():
        with caller_of(pair, *headers) as caller:
            await answered(caller)
            reached = await phone.rings()
            invite = await invite_of(reached)
            await reached.hangup()
            record = await site.record()
    assert reached.caller == NUMBER
    assert f"From: <sip:{NUMBER}@" in invite
    assert CALLER not in invite
    assert NAME not in invite
    assert record["outcome"] == "answered"
    assert who(record) == NOBODY
    assert any(f"|{NUMBER}||" in text for text in notes(pair.journal))
    await assert_nobody_knows(site)


@pytest.mark.parametrize("mode", ["caller", "hotline"])
async def test_an_agents_own_phone_shows_the_hotline(
    site: Site, world: World, pair: RealPair, mode: str
) -> None:
    company = site.company
    await company.set(caller_id_mode=mode)
    agent = await agent_with_phone(company, "1001", FIRST, confirm=False)
    queue_id = await queue_of(company, agent)
    await give_flow(company, [{"id": "q", "kind": "queue", "queue": str(queue_id), "exits": {}}])
    phone = world.phone(FIRST).answers(after=0.5)
    async with site.serving():
        with caller_of(pair, *PRIVATE) as caller:
            answer = await answered(caller)
            reached = await phone.rings()
            invite = await invite_of(reached)
            await becomes(company, agent, "talking")
            caller.send(caller.bye(answer))
            record = await site.record()
    assert reached.caller == NUMBER
    assert CALLER not in invite
    assert NAME not in invite
    assert who(record) == NOBODY
    await assert_nobody_knows(site)


async def test_a_caller_who_met_no_controller(site: Site, pair: RealPair) -> None:
    with caller_of(pair, *PRIVATE) as caller:
        caller.send(caller.invite(NUMBER))
        assert (await caller.final(20)).startswith("SIP/2.0 500")
    async with site.serving():
        record = await site.record()
    assert (record["outcome"], record["reason"]) == ("failed", "no_controller")
    assert who(record) == NOBODY
    await assert_nobody_knows(site)


@pytest.mark.parametrize("forwarded", [False, True], ids=["waiting", "talking"])
async def test_another_controller_does_not_learn_it(
    pair: RealPair, sounds: Sounds, tmp_path: Path, forwarded: bool
) -> None:
    async with real_stage(pair, sounds, tmp_path) as stage:
        stage.phone().answers()
        with caller_of(pair, *PRIVATE) as caller:
            async with stage.serving():
                caller.send(caller.invite(NUMBER))
                call = await stage.arrivals.get()
                await call.answer()
                if forwarded:
                    connected(await call.connect(stage.connect_plan()))
            async with stage.serving():
                async with asyncio.timeout(10):
                    while not stage.survivors:
                        await asyncio.sleep(0.01)
                (survivor,) = stage.survivors
                phase = SurvivorPhase.TALKING if forwarded else SurvivorPhase.WAITING
                assert survivor.phase is phase
                assert (survivor.call.id, survivor.call.caller) == (call.id, "")
                await survivor.call.hangup()


async def test_who_shows_the_number_and_who_has_none(
    site: Site, world: World, pair: RealPair
) -> None:
    await site.company.destination(FIRST)
    await site.company.set(caller_id_mode="caller")
    phone = world.phone(FIRST).answers(hangs_up_after=0.5)
    async with site.serving():
        for headers, shown, kept in (
            ((ASSERTED,), CALLER, CALLER),
            ((ASSERTED, "Privacy: none"), CALLER, CALLER),
            ((), NUMBER, "anonymous"),
        ):
            with caller_of(pair, *headers) as caller:
                await answered(caller)
                assert (await phone.rings()).caller == shown
                record = await site.record(len(phone.calls) - 1)
            assert record["caller_raw"] == kept
            assert record["caller"] == (kept if kept == CALLER else "")
