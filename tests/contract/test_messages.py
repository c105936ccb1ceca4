"""Messages: beep, recording, and the four ways in which one ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.telephony.port import (
    CallerGone,
    IncomingCall,
    MessageEnd,
    Played,
    RecordPlan,
    SwitchDown,
)
from hotline.telephony.world_port import PlacedCall
from tests.contract.stage import Stage, meanwhile, until


def seconds_in(file: Path) -> float:
    return (file.stat().st_size - 44) / 16000


async def caller(stage: Stage) -> tuple[PlacedCall, IncomingCall]:
    outside, call = await stage.incoming()
    await call.answer()
    await outside.answered()
    return outside, call


async def test_beep_and_a_key_at_the_end(stage: Stage) -> None:
    outside, call = await caller(stage)
    file = stage.recordings / "key.wav"
    plan = RecordPlan(path=file, max_seconds=30, beep=stage.sounds.short, terminators="#*")
    async with meanwhile(call.record_message(plan)) as recording:
        await outside.hears(stage.sounds.short.path)
        await stage.clock.sleep(1.2)
        await outside.say(stage.sounds.voice.path)
        await stage.clock.sleep(1)
        await outside.press("5*")
        message = await recording
    assert message.ended_by is MessageEnd.KEY
    assert message.key == "*"
    assert message.duration == pytest.approx(seconds_in(file), abs=0.1)
    assert message.duration >= 0.8
    assert await call.play([stage.sounds.short]) == Played(None)
    await call.hangup()


async def test_the_longest_message(stage: Stage) -> None:
    outside, call = await caller(stage)
    file = stage.recordings / "limit.wav"
    async with meanwhile(call.record_message(RecordPlan(path=file, max_seconds=1))) as recording:
        await outside.say(stage.sounds.voice.path)
        message = await recording
    assert message.ended_by is MessageEnd.LIMIT
    assert 0.7 <= seconds_in(file) <= 2.1  # the switch counts whole seconds
    await call.hangup()


async def test_silence_ends_it(stage: Stage) -> None:
    outside, call = await caller(stage)
    file = stage.recordings / "silence.wav"
    plan = RecordPlan(path=file, max_seconds=20, silence_seconds=1)
    async with meanwhile(call.record_message(plan)) as recording:
        await stage.clock.sleep(0.3)
        await outside.say(stage.sounds.voice.path)
        message = await recording
    assert message.ended_by is MessageEnd.SILENCE
    assert 1.5 <= seconds_in(file) <= 4.5
    await call.hangup()


async def test_a_hang_up_in_the_middle_keeps_it(stage: Stage) -> None:
    outside, call = await caller(stage)
    file = stage.recordings / "hangup.wav"
    async with meanwhile(call.record_message(RecordPlan(path=file, max_seconds=20))) as recording:
        await outside.say(stage.sounds.voice.path)
        await stage.clock.sleep(1)
        await outside.hangup()
        message = await recording
    assert message.ended_by is MessageEnd.HANGUP
    assert message.key is None
    assert seconds_in(file) == pytest.approx(message.duration, abs=0.1)
    assert seconds_in(file) >= 0.6
    with pytest.raises(CallerGone):
        await call.record_message(RecordPlan(path=file, max_seconds=20))


async def test_a_message_whose_controller_dies_is_kept(unserved_stage: Stage) -> None:
    stage = unserved_stage
    file = stage.recordings / "orphan.wav"
    async with stage.serving():
        outside, call = await caller(stage)
        plan = RecordPlan(path=file, max_seconds=20)
        async with meanwhile(call.record_message(plan)) as recording:
            await stage.clock.sleep(0.5)
            await outside.say(stage.sounds.voice.path)
    with pytest.raises(SwitchDown):
        await recording
    await stage.clock.sleep(0.5)
    await outside.hangup()
    async with stage.serving():
        await until(stage, file.exists)
    assert seconds_in(file) >= 0.8
