"""Controllers that die and connections that are cut: calls go on and are found again."""

from __future__ import annotations

import asyncio

import pytest

from hotline.telephony.port import (
    Attempt,
    Dialled,
    LegResult,
    Party,
    Played,
    RecordSpec,
    SurvivorPhase,
)
from hotline.telephony.world_port import PlacedCall
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


async def test_what_was_being_said_holds_nothing_up(unserved_stage: Stage) -> None:
    """Who is taken up in the midst of a long announcement is put through at once."""
    stage = unserved_stage
    phone = stage.phone().answers()
    long = [stage.sounds.voice] * 30
    async with stage.serving():
        outside, call = await stage.incoming()
        await call.answer()
        async with meanwhile(call.play(long)) as playing:
            await outside.hears(stage.sounds.voice.path)
    playing.cancel()
    async with stage.serving():
        assert await survivor_phases(stage) == [SurvivorPhase.WAITING]
        (survivor,) = stage.survivors
        dialled = await survivor.call.dial(stage.dial_plan(1))
        assert isinstance(dialled, Dialled)
        reached = await phone.rings()
        room = await stage.switch.room("hl-room-taken-up")
        async with asyncio.timeout(2):
            await room.add(survivor.call)
            await room.add(dialled.leg)
        await reached.say(stage.sounds.short.path)
        await outside.hears(stage.sounds.short.path)
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


def lasts(attempt: Attempt, seconds: float, exact: bool) -> bool:
    """Whether the talk of ``attempt`` was so long."""
    assert attempt.result is LegResult.ANSWERED
    assert attempt.answered_at is not None
    assert attempt.ended_at is not None
    talked = (attempt.ended_at - attempt.answered_at).total_seconds()
    return talked == pytest.approx(seconds, abs=0.001 if exact else 0.4)


async def talk_unseen(
    stage: Stage, *, greeted: bool, recorded: bool
) -> tuple[PlacedCall, str, float]:
    """A controller leaves while a phone rings; the called party answers, talks and hangs up.

    The caller's side of it, the call's id, and how many seconds they talked.
    """
    phone = stage.phone().never_answers()
    before = [stage.sounds.short] if greeted else []
    record = RecordSpec(stage.recordings / "unseen.wav") if recorded else None
    async with stage.serving():
        outside, call = await stage.incoming()
        plan = stage.connect_plan(before=before, record=record)
        async with meanwhile(call.connect(plan)) as connecting:
            reached = await phone.rings()
    connecting.cancel()
    await stage.clock.sleep(0.5)  # it rings, which is no part of the talk
    began = stage.clock.monotonic()
    await reached.answer()
    await outside.answered()
    await outside.say(stage.sounds.long.path)
    await stage.clock.sleep(1.0)
    await reached.hangup()
    return outside, call.id, stage.clock.monotonic() - began


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("greeted", [True, False])
async def test_how_long_a_talk_was_that_nobody_followed(
    unserved_stage: Stage, greeted: bool, recorded: bool
) -> None:
    """Neither greeting nor ringing nor the search for a controller is talk: it would be billed."""
    stage = unserved_stage
    outside, call_id, seconds = await talk_unseen(stage, greeted=greeted, recorded=recorded)
    await stage.clock.sleep(0.7)
    await outside.hangup()
    entry = await stage.journal_of(call_id)
    assert entry.attempt is not None
    assert lasts(entry.attempt, seconds, stage.exact)


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_new_controller_knows_how_long_a_talk_was(
    unserved_stage: Stage, recorded: bool
) -> None:
    stage = unserved_stage
    outside, _, seconds = await talk_unseen(stage, greeted=True, recorded=recorded)
    async with stage.serving():
        await survivor_phases(stage)
        (survivor,) = stage.survivors
        if survivor.connecting is not None:  # still on its way back to a controller
            await connected(await survivor.connecting()).ended()
        assert lasts(survivor.call.attempts()[-1], seconds, stage.exact)
        await survivor.call.hangup()
        await outside.ended(5)


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
