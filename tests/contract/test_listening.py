"""A supervisor listens to a talk, whispers to one side, speaks to both."""

from __future__ import annotations

import asyncio

import pytest

from hotline.telephony.port import LegGone, ListenMode
from tests.contract.stage import Stage, connected
from tests.contract.test_rooms import hears_nothing_of, leg_to, talk


async def test_listen_whisper_barge(stage: Stage) -> None:
    room, (outside, call), (agent, leg) = await talk(stage, "watched")
    ear, supervisor = await leg_to(stage, 2)
    listening = await stage.switch.listen(leg.id, ear, ListenMode.LISTEN)
    await outside.say(stage.sounds.voice.path)
    await supervisor.hears(stage.sounds.voice.path)
    await agent.say(stage.sounds.other.path)
    await supervisor.hears(stage.sounds.other.path)
    await supervisor.say(stage.sounds.third.path)
    await hears_nothing_of(agent, stage.sounds.third.path, 2)
    await hears_nothing_of(outside, stage.sounds.third.path)

    await listening.change(ListenMode.WHISPER)
    assert listening.mode is ListenMode.WHISPER
    await stage.clock.sleep(0.2)
    await supervisor.say(stage.sounds.third.path)
    await agent.hears(stage.sounds.third.path)
    await hears_nothing_of(outside, stage.sounds.third.path)
    await outside.say(stage.sounds.short.path)
    await supervisor.hears(stage.sounds.short.path)

    await listening.change(ListenMode.BARGE)
    await stage.clock.sleep(0.2)
    await supervisor.say(stage.sounds.third.path)
    await agent.hears(stage.sounds.third.path)
    await outside.hears(stage.sounds.third.path)
    await listening.stop()
    await listening.stop()
    async with asyncio.timeout(5):
        await listening.ended()
    assert not supervisor.is_ended
    await ear.play([stage.sounds.short])
    await supervisor.hears(stage.sounds.short.path)
    for line in (call, leg, ear):
        await line.hangup()
    await room.close()


async def test_listening_to_a_plain_forward(stage: Stage) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    talking = connected(await call.connect(stage.connect_plan()))
    reached = await phone.rings()
    ear, supervisor = await leg_to(stage, 2)
    listening = await stage.switch.listen(talking.answered.leg_id, ear, ListenMode.WHISPER)
    await outside.say(stage.sounds.voice.path)
    await supervisor.hears(stage.sounds.voice.path)
    await supervisor.say(stage.sounds.third.path)
    await reached.hears(stage.sounds.third.path)
    await hears_nothing_of(outside, stage.sounds.third.path)
    await reached.hangup()
    async with asyncio.timeout(5):
        await listening.ended()
    await listening.change(ListenMode.LISTEN)
    assert not supervisor.is_ended
    await ear.hangup()
    await call.hangup()


async def test_what_is_said_right_after_is_heard(stage: Stage) -> None:
    """The listener's line is its own again once ``stop`` has returned, a room's lines once
    ``close`` has."""
    room, (outside, call), (agent, leg) = await talk(stage, "overheard")

    async def listens_again_and_again(last: int) -> None:
        ear, supervisor = await leg_to(stage, last)
        for _ in range(5):
            listening = await stage.switch.listen(leg.id, ear, ListenMode.LISTEN)
            await listening.stop()
            await ear.play([stage.sounds.short])
            await supervisor.hears(stage.sounds.short.path)
        await ear.hangup()

    # Several, as the switch is late with one in ten at most.
    await asyncio.gather(*(listens_again_and_again(last) for last in range(2, 8)))
    await room.close()
    await asyncio.gather(*(line.play([stage.sounds.other]) for line in (call, leg)))
    for side in (outside, agent):
        await side.hears(stage.sounds.other.path)
    for line in (call, leg):
        await line.hangup()


async def test_it_ends_with_the_listener(stage: Stage) -> None:
    room, (outside, call), (_, leg) = await talk(stage, "left")
    ear, supervisor = await leg_to(stage, 2)
    listening = await stage.switch.listen(call.id, ear, ListenMode.LISTEN)
    await supervisor.hangup()
    async with asyncio.timeout(5):
        await listening.ended()
    with pytest.raises(LegGone):
        await stage.switch.listen(call.id, ear, ListenMode.LISTEN)
    assert not outside.is_ended
    await call.hangup()
    await leg.hangup()
    await room.close()


async def test_nobody_there_to_listen_to(stage: Stage) -> None:
    ear, _ = await leg_to(stage, 2)
    with pytest.raises(LegGone):
        await stage.switch.listen("nobody", ear, ListenMode.LISTEN)
    await ear.hangup()
