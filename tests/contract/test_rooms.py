"""Rooms: several people hear each other, one is held, another muted; and a controller dies."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeSwitch
from hotline.telephony.port import (
    CallerGone,
    CallerId,
    Cause,
    Dialled,
    DialPlan,
    DigitPressed,
    IncomingCall,
    Leg,
    LegGone,
    Line,
    LineLeft,
    PhoneTarget,
    Played,
    RecordSpec,
    RecordWhat,
    Room,
    RoomClosed,
    RoomEvent,
    SurvivorPhase,
    Switch,
)
from hotline.telephony.world_port import OutsideLine, ReceivedCall
from tests.contract.stage import Stage, meanwhile, until


async def leg_to(stage: Stage, last: int) -> tuple[Leg, ReceivedCall]:
    """A phone that was called and has answered."""
    phone = stage.phone(last).answers()
    dialled = await stage.switch.originate(stage.dial_plan(last))
    assert isinstance(dialled, Dialled)
    return dialled.leg, await phone.rings()


async def talk(
    stage: Stage, name: str
) -> tuple[Room, tuple[OutsideLine, IncomingCall], tuple[ReceivedCall, Leg]]:
    """A caller and a phone in a room."""
    outside, call = await stage.incoming()
    await call.answer()
    await outside.answered()
    leg, reached = await leg_to(stage, 1)
    room = await stage.switch.room(name)
    await room.add(call)
    await room.add(leg)
    await stage.clock.sleep(0.1)
    return room, (outside, call), (reached, leg)


async def hears_nothing_of(line: OutsideLine, media: Path, within: float = 0.4) -> None:
    with pytest.raises(AssertionError):
        await line.hears(media, within=within)


async def all_events(room: Room) -> list[RoomEvent]:
    async with asyncio.timeout(5):
        return [event async for event in room.events()]


async def test_three_hear_each_other(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "three")
    third, third_reached = await leg_to(stage, 2)
    await room.add(third)
    assert [line.id for line in room.lines] == [call.id, leg.id, third.id]
    await stage.clock.sleep(0.2)
    everybody = {
        outside: stage.sounds.voice.path,
        reached: stage.sounds.other.path,
        third_reached: stage.sounds.third.path,
    }
    for speaker, media in everybody.items():
        await speaker.say(media)
        for other in everybody.keys() - {speaker}:
            await other.hears(media)
    await room.remove(third)
    await third.play([stage.sounds.short])
    await third_reached.hears(stage.sounds.short.path)
    await hears_nothing_of(outside, stage.sounds.short.path)
    await room.close()
    await room.close()
    assert await call.play([stage.sounds.short]) == Played(None)
    assert not room.lines
    with pytest.raises(RoomClosed):
        await room.add(third)
    for one in (leg, third, call):
        await one.hangup()


async def test_keys_and_ends_are_told(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "events")
    await reached.press("9")
    events = room.events()
    async with asyncio.timeout(5):
        assert await anext(events) == DigitPressed(leg.id, "9")
        await reached.hangup()
        assert await anext(events) == LineLeft(leg.id, Cause.NORMAL)
    assert [line.id for line in room.lines] == [call.id]
    assert not outside.is_ended
    await outside.hangup()
    async with asyncio.timeout(5):
        assert await anext(events) == LineLeft(call.id, Cause.NORMAL)
    await room.close()
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_held_hears_music_and_is_not_heard(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "held")
    third, third_reached = await leg_to(stage, 2)
    await room.add(third)
    await room.hold(call)
    await room.hold(call)
    assert room.is_held(call)
    await outside.hears(stage.music)
    await outside.say(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await third_reached.hears(stage.sounds.other.path)
    await hears_nothing_of(reached, stage.sounds.voice.path, 1.5)
    await hears_nothing_of(outside, stage.sounds.other.path)
    await room.resume(call)
    await stage.clock.sleep(0.2)
    await reached.say(stage.sounds.third.path)
    await outside.hears(stage.sounds.third.path)
    await hears_nothing_of(third_reached, stage.music)
    for one in (call, leg, third):
        await one.hangup()
    await room.close()


async def test_muted_hears_and_is_not_heard(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "muted")
    await room.mute(call)
    assert room.is_muted(call)
    await outside.say(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    await hears_nothing_of(reached, stage.sounds.voice.path, 1.5)
    await room.unmute(call)
    await outside.say(stage.sounds.third.path)
    await reached.hears(stage.sounds.third.path)
    await call.hangup()
    await leg.hangup()
    await room.close()


async def test_moving_to_another_room(stage: Stage) -> None:
    room, (outside, call), (_, leg) = await talk(stage, "from")
    await room.hold(call)
    third, third_reached = await leg_to(stage, 2)
    other = await stage.switch.room("to")
    await other.add(third)
    await other.add(call)
    assert [line.id for line in room.lines] == [leg.id]
    await stage.clock.sleep(0.2)
    await third_reached.say(stage.sounds.voice.path)
    await outside.hears(stage.sounds.voice.path)
    for one in (call, leg, third):
        await one.hangup()
    await room.close()
    await other.close()


async def test_said_to_all_and_to_one(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "said")
    await room.play([stage.sounds.short])
    await outside.hears(stage.sounds.short.path)
    await reached.hears(stage.sounds.short.path)
    await leg.play([stage.sounds.other])
    await reached.hears(stage.sounds.other.path)
    await hears_nothing_of(outside, stage.sounds.other.path)
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    await call.hangup()
    await leg.hangup()
    await room.close()


async def test_recorded_as_mixed_and_in_stereo(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "recorded")
    mixed, stereo = stage.recordings / "mixed.wav", stage.recordings / "stereo.raw"
    recorders = [
        await room.record(mixed),
        await call.record(RecordSpec(stereo, RecordWhat.STEREO)),
    ]
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await stage.clock.sleep(1.2)
    for recorder in recorders:
        await recorder.stop()
        await recorder.stop()
    assert mixed.stat().st_size > 44 + 2 * 8000
    assert stereo.stat().st_size > 4 * 8000
    await call.hangup()
    await leg.hangup()
    await room.close()


async def test_a_line_that_has_gone_cannot_be_added(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "gone")
    await room.remove(leg)
    await room.remove(leg)
    await reached.hangup()
    with pytest.raises(LegGone):
        await keep_adding(stage, room, leg)
    await outside.hangup()
    with pytest.raises(CallerGone):
        await keep_adding(stage, room, call)
    await room.close()


async def keep_adding(stage: Stage, room: Room, line: Line) -> None:
    """The switch may not have heard of the hang-up yet."""
    for _ in range(100):
        await room.remove(line)
        await room.add(line)
        await stage.clock.sleep(0.02)


async def test_closing_while_somebody_comes(stage: Stage) -> None:
    room, (_, call), (_, leg) = await talk(stage, "race")
    third, _ = await leg_to(stage, 2)
    async with meanwhile(room.add(third)) as adding:
        await asyncio.gather(room.close(), room.close())
        with suppress(RoomClosed):
            await adding
    assert await third.play([stage.sounds.short]) == Played(None)
    for one in (call, leg, third):
        await one.hangup()


async def test_a_room_outlives_its_controller(unserved_stage: Stage) -> None:
    stage = unserved_stage
    async with stage.serving():
        room, (outside, call), (reached, leg) = await talk(stage, "survivor")
        third, third_reached = await leg_to(stage, 2)
        await room.add(third)
        await room.hold(third)
        del room
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    assert not third_reached.is_ended
    async with stage.serving():
        (survivor,) = stage.survivors
        assert survivor.phase is SurvivorPhase.IN_ROOM
        assert survivor.room is not None
        assert survivor.room.name == "survivor"
        lines = {line.id: line for line in survivor.room.lines}
        assert lines.keys() == {call.id, leg.id, third.id}
        assert survivor.room.is_held(lines[third.id])
        assert lines[call.id] is survivor.call
        await survivor.room.resume(lines[third.id])
        await stage.clock.sleep(0.2)
        await outside.say(stage.sounds.other.path)
        await third_reached.hears(stage.sounds.other.path)
        await reached.hangup()
        async with asyncio.timeout(5):
            assert await anext(survivor.room.events()) == LineLeft(leg.id, Cause.NORMAL)
        await clear(stage.switch)
        await outside.ended(5)


async def test_a_caller_who_waits_with_music_is_found(unserved_stage: Stage) -> None:
    stage = unserved_stage
    async with stage.serving():
        outside, call = await stage.incoming()
        await call.answer()
        await outside.answered()
        music = call.music()
        await music.__aenter__()
        await outside.hears(stage.music)
    if not stage.exact:  # the fake tells only of a beginning
        await outside.hears(stage.music)
    async with stage.serving():
        (survivor,) = stage.survivors
        assert survivor.phase is SurvivorPhase.WAITING
        await survivor.call.play([stage.sounds.short])
        await outside.hears(stage.sounds.short.path)
        async with survivor.call.music():
            await outside.hears(stage.music)
        await survivor.call.hangup()


async def test_a_room_dies_with_its_switch() -> None:
    clock = VirtualClock()
    fake = FakeSwitch(clock)
    async with clock.flowing(), fake.serving(_hold_for_ever):
        fake.world.phone("1").answers()
        dialled = await fake.originate(
            DialPlan(targets=[PhoneTarget("1", "carrier")], ring_timeout=5, caller_id=CallerId("2"))
        )
        assert isinstance(dialled, Dialled)
        room = await fake.room("r")
        await room.add(dialled.leg)
        fake.crash()
        fake.come_back()
        events = [event async for event in room.events()]
        assert all(isinstance(event, LineLeft) for event in events)
        with pytest.raises(RoomClosed):
            await room.record(Path("/nowhere/x.wav"))
        assert not await fake.rooms()


async def _hold_for_ever(_: IncomingCall) -> None:
    await asyncio.get_running_loop().create_future()


async def test_a_room_without_a_caller_is_found(unserved_stage: Stage) -> None:
    stage = unserved_stage
    async with stage.serving():
        one, reached = await leg_to(stage, 1)
        room = await stage.switch.room("no-caller")
        await room.add(one)
    async with stage.serving():
        assert not stage.survivors
        (found,) = await stage.switch.rooms()
        (line,) = found.lines
        assert line.id == one.id
        assert await stage.switch.room("no-caller") is found
        await line.play([stage.sounds.short])
        await reached.hears(stage.sounds.short.path)
        await clear(stage.switch)
    await until(stage, lambda: reached.is_ended)


async def test_an_empty_room_is_not_found(unserved_stage: Stage) -> None:
    """Nobody would close it, once the controller has gone that opened it."""
    stage = unserved_stage
    async with stage.serving():
        one, reached = await leg_to(stage, 1)
        left = await stage.switch.room("left")
        await left.add(one)
        never_used = await stage.switch.room("never-used")
        del left, never_used
    await reached.hangup()
    async with stage.serving():
        assert not await stage.switch.rooms()
        again = await stage.switch.room("left")
        assert not again.lines
        await again.close()


async def clear(switch: Switch) -> None:
    for room in await switch.rooms():
        lines: tuple[Line, ...] = room.lines
        await room.close()
        for line in lines:
            await line.hangup()
