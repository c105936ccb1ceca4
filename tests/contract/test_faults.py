"""Controllers that die and connections that are cut: calls go on and are found again."""

from __future__ import annotations

import asyncio

import pytest

from hotline.telephony.port import LegResult, Party, Played, SurvivorPhase
from tests.contract.stage import Stage, connected, meanwhile


async def survivor_phases(stage: Stage) -> list[SurvivorPhase]:
    async with asyncio.timeout(10):
        while not stage.survivors:
            await asyncio.sleep(0.01)
    return [survivor.phase for survivor in stage.survivors]


async def test_a_talk_goes_on_without_a_controller(unserved_stage: Stage) -> None:
    stage = unserved_stage
    phone = stage.phone().answers()
    async with stage.serving():
        outside, call = await stage.incoming()
        connected(await call.connect(stage.connect_plan()))
    reached = await phone.rings()
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    async with stage.serving():
        assert await survivor_phases(stage) == [SurvivorPhase.TALKING]
        (survivor,) = stage.survivors
        assert survivor.call.id == call.id
        apart = survivor.call.arrived_at - call.arrived_at
        assert abs(apart.total_seconds()) < (0.001 if stage.exact else 0.1)
        assert survivor.connecting is not None
        talk = connected(await survivor.connecting())
        assert talk.answered.target == stage.target()
        async with meanwhile(talk.ended()) as ending:
            await reached.hangup()
            async with asyncio.timeout(5):
                ended = await ending
        assert ended.by is Party.CALLEE
        assert not outside.is_ended
        assert await survivor.call.play([stage.sounds.short]) == Played(None)
        await survivor.call.hangup()
        await outside.ended(5)


async def test_a_call_that_rings_goes_on(unserved_stage: Stage) -> None:
    stage = unserved_stage
    phone = stage.phone().never_answers()
    async with stage.serving():
        outside, call = await stage.incoming()
        async with meanwhile(call.connect(stage.connect_plan(ring_timeout=20))) as connecting:
            reached = await phone.rings()
    connecting.cancel()
    assert not reached.is_ended
    async with stage.serving():
        assert await survivor_phases(stage) == [SurvivorPhase.CONNECTING]
        (survivor,) = stage.survivors
        assert survivor.connecting is not None
        async with meanwhile(survivor.connecting()) as coming_out:
            await reached.answer()
            async with asyncio.timeout(5):
                talk = connected(await coming_out)
        assert talk.answered.result is LegResult.ANSWERED
        await outside.hangup()
        assert (await talk.ended()).by is Party.CALLER


async def test_a_call_in_our_hands_waits(unserved_stage: Stage) -> None:
    stage = unserved_stage
    async with stage.serving():
        outside, call = await stage.incoming()
        await call.answer()
    async with stage.serving():
        assert await survivor_phases(stage) == [SurvivorPhase.WAITING]
        (survivor,) = stage.survivors
        assert survivor.call.id == call.id
        assert survivor.call.answered_at is not None
        assert call.answered_at is not None
        apart = survivor.call.answered_at - call.answered_at
        assert abs(apart.total_seconds()) < (0.001 if stage.exact else 0.1)
        assert survivor.connecting is None
        assert await survivor.call.play([stage.sounds.short]) == Played(None)
        await survivor.call.hangup()
        await outside.ended(5)


async def test_a_talk_that_ends_alone_is_in_the_journal(unserved_stage: Stage) -> None:
    stage = unserved_stage
    phone = stage.phone().answers()
    async with stage.serving():
        outside, call = await stage.incoming()
        connected(await call.connect(stage.connect_plan()))
    await (await phone.rings()).hangup()
    await outside.hangup()
    entry = await stage.journal_of(call.id)
    assert entry.served
    assert entry.attempt is not None
    assert entry.attempt.result is LegResult.ANSWERED


@pytest.mark.parametrize("hidden", [False, True])
async def test_without_a_controller_a_caller_gets_a_notice_and_a_record(
    unserved_stage: Stage, hidden: bool
) -> None:
    stage = unserved_stage
    async for _ in stage.switch.journal():
        pass
    outside = await stage.world.call("4006001234", caller="" if hidden else "13812345678")
    await outside.ended(20)
    await stage.clock.sleep(0.5)
    async for batch in stage.switch.journal():
        (entry,) = batch
        assert not entry.served
        assert entry.caller in ({"", "anonymous"} if hidden else {"13812345678"})
        assert entry.ended_by is Party.SYSTEM
