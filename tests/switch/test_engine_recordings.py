"""What the engine has the switch record: both sides, one, a forward, a leg alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
from tests.contract.stage import Stage, connected, written
from tests.contract.test_rooms import talk
from tests.switch.staged import pair, sounds, stage

from hotline.telephony.port import Dialled, Prompt, RecordSpec, RecordWhat
from hotline.telephony.world.listen import contains, key_of, read_sound

__all__ = ["pair", "sounds", "stage"]


async def test_both_sides_of_a_talk_apart_and_mixed(stage: Stage, tmp_path: Path) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "recorded")
    files = [tmp_path / "caller.raw", tmp_path / "mixed.wav"]
    recorders = [
        await call.record(RecordSpec(files[0], RecordWhat.STEREO)),
        await room.record(files[1]),
    ]
    await outside.say(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    await reached.hears(stage.sounds.voice.path)
    await asyncio.sleep(0.5)
    for recorder in recorders:
        await recorder.stop()
    in_stereo(files[0], left=stage.sounds.voice, right=stage.sounds.other)
    for part in (stage.sounds.voice, stage.sounds.other):
        key, _ = key_of(read_sound(part.path))
        assert contains(read_sound(files[1]), key, alike=0.4) is not None
    assert not list(tmp_path.glob("caller.*.wav"))
    await call.hangup()
    await leg.hangup()
    await room.close()


async def test_a_recording_goes_on_when_the_start_of_another_is_given_up(
    stage: Stage, tmp_path: Path
) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "stepping")
    first, second = tmp_path / "first.wav", tmp_path / "second.raw"
    recorder = await call.record(RecordSpec(first))
    starting = asyncio.ensure_future(call.record(RecordSpec(second, RecordWhat.STEREO)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    await asyncio.sleep(1.0)
    await recorder.stop()
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    said = read_sound(first)
    assert contains(said, key_of(read_sound(stage.sounds.other.path))[0]) is not None
    assert contains(said, key_of(read_sound(stage.sounds.voice.path))[0]) is None
    await call.hangup()
    await leg.hangup()
    await room.close()


async def test_a_forwards_recording_has_what_both_said(stage: Stage, tmp_path: Path) -> None:
    phone = stage.phone().answers(after=0.2)
    outside, call = await stage.incoming()
    plan = stage.connect_plan(record=RecordSpec(tmp_path / "talk.wav"))
    talking = connected(await call.connect(plan))
    reached = await phone.rings()
    for one, another, sound in (
        (reached, outside, stage.sounds.other),
        (outside, reached, stage.sounds.voice),
    ):
        await one.say(sound.path)
        await another.hears(sound.path)
    await asyncio.sleep(0.5)
    await outside.hangup()
    await talking.ended()
    said = await asyncio.to_thread(read_sound, await written(tmp_path / "talk.wav"))
    for sound in (stage.sounds.other, stage.sounds.voice):
        assert contains(said, key_of(read_sound(sound.path))[0]) is not None


async def test_a_forward_recorded_in_stereo(stage: Stage, tmp_path: Path) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    file = tmp_path / "forward.raw"
    plan = stage.connect_plan(record=RecordSpec(file, RecordWhat.STEREO))
    connected(await call.connect(plan))
    reached = await phone.rings()
    await outside.answered()
    await outside.say(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    await reached.hears(stage.sounds.voice.path)
    await outside.hangup()
    await reached.ended(5)
    in_stereo(await written(file), left=stage.sounds.voice, right=stage.sounds.other)


def in_stereo(file: Path, *, left: Prompt, right: Prompt) -> None:
    both = np.frombuffer(file.read_bytes(), dtype="<i2").reshape(-1, 2)
    for side, there, elsewhere in ((0, left, right), (1, right, left)):
        there_key, _ = key_of(read_sound(there.path))
        elsewhere_key, _ = key_of(read_sound(elsewhere.path))
        assert contains(both[:, side], there_key) is not None
        assert contains(both[:, side], elsewhere_key) is None


async def test_recording_one_leg_alone(stage: Stage, tmp_path: Path) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    await call.answer()
    dialled = await call.dial(stage.dial_plan())
    assert isinstance(dialled, Dialled)
    reached = await phone.rings()
    room = await stage.switch.room("talk")
    await room.add(call)
    await room.add(dialled.leg)
    said, heard = tmp_path / "said.wav", tmp_path / "heard.wav"
    recorders = [
        await dialled.leg.record(RecordSpec(said, RecordWhat.FROM_PARTY)),
        await dialled.leg.record(RecordSpec(heard, RecordWhat.TO_PARTY)),
    ]
    await outside.say(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    await reached.hears(stage.sounds.voice.path)
    for recorder in recorders:
        await recorder.stop()
        await recorder.stop()
    other, _ = key_of(read_sound(stage.sounds.other.path))
    voice, _ = key_of(read_sound(stage.sounds.voice.path))
    assert contains(read_sound(said), other) is not None
    assert contains(read_sound(said), voice) is None
    assert contains(read_sound(heard), voice) is not None
    assert contains(read_sound(heard), other) is None
