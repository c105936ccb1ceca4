"""Answering, playing, music, reading keys, recording."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import pytest

from hotline.telephony.port import (
    CallerGone,
    Cause,
    Collected,
    CollectEnd,
    CollectPlan,
    MediaMissing,
    Played,
    RecordSpec,
    Silence,
)
from tests.contract.stage import CALLER, HOTLINE, Stage, meanwhile


def seconds_of(recording: Path) -> float:
    with wave.open(str(recording)) as file:
        return float(file.getnframes() / file.getframerate())


async def test_a_call_tells_who_calls_whom(stage: Stage) -> None:
    _, call = await stage.incoming()
    assert (call.dialled, call.caller, call.carrier) == (HOTLINE, CALLER, stage.world.trunk)
    assert call.node == stage.switch.node
    assert call.answered_at is None
    assert call.attempts() == ()
    _, hidden = await stage.incoming(caller="")
    assert hidden.caller in {"", "anonymous"}
    assert hidden.id != call.id


async def test_answering_twice_is_harmless(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.ring()
    await outside.ringing()
    assert not outside.is_answered
    await call.answer()
    await outside.answered()
    first = call.answered_at
    assert first is not None
    assert first >= call.arrived_at
    await call.answer()
    assert call.answered_at == first


async def test_early_audio_is_heard_without_an_answer(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.early_media()
    await call.play([stage.sounds.short])
    await outside.hears(stage.sounds.short.path)
    assert not outside.is_answered
    assert call.answered_at is None


async def test_prompts_play_in_order_and_last_as_long_as_they_are(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    with stage.takes(2.5):
        played = await call.play([stage.sounds.short, Silence(0.5), stage.sounds.other])
    assert played == Played(None)
    await outside.hears(stage.sounds.short.path)
    await outside.hears(stage.sounds.other.path)


async def test_repeating(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    with stage.takes(2.0):
        assert await call.play([stage.sounds.short], repeat=2) == Played(None)
    await outside.hears(stage.sounds.short.path)
    await outside.hears(stage.sounds.short.path)


async def test_nothing_to_play(stage: Stage) -> None:
    _, call = await stage.incoming()
    await call.answer()
    with stage.takes(0):
        assert await call.play([]) == Played(None)


@pytest.mark.parametrize("info", [False, True])
async def test_a_key_stops_a_prompt_when_it_may(stage: Stage, info: bool) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    async with meanwhile(call.play([stage.sounds.long], interrupt="2")) as playing:
        await stage.clock.sleep(0.5)
        await outside.press("1", info=info)
        await stage.clock.sleep(0.5)
        assert not playing.done()
        await outside.press("2", info=info)
        async with asyncio.timeout(2):
            assert await playing == Played("2")


async def test_a_missing_prompt_is_an_error_and_the_call_goes_on(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    with pytest.raises(MediaMissing):
        await call.play([stage.sounds.missing])
    with pytest.raises(MediaMissing):
        await call.collect(CollectPlan(prompts=[stage.sounds.missing], max_digits=1))
    assert await call.play([Silence(0.1)]) == Played(None)
    assert not outside.is_ended


async def test_the_caller_leaves_in_a_prompt(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    async with meanwhile(call.play([stage.sounds.long])) as playing:
        await stage.clock.sleep(0.5)
        await outside.hangup()
        with stage.takes(0), pytest.raises(CallerGone) as gone:
            await playing
    assert gone.value.cause == Cause.NORMAL
    with pytest.raises(CallerGone):
        await call.play([stage.sounds.short])
    with pytest.raises(CallerGone):
        await call.answer()
    await call.hangup()


async def test_cancelling_stops_the_prompt(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    playing = asyncio.ensure_future(call.play([stage.sounds.long]))
    await stage.clock.sleep(0.3)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    with stage.takes(1.0):
        await call.play([stage.sounds.other])
    await outside.hears(stage.sounds.other.path)


async def test_music_plays_while_the_block_runs(stage: Stage) -> None:
    _, call = await stage.incoming()
    await call.answer()
    async with call.music():
        await stage.clock.sleep(0.3)
    assert await call.play([Silence(0.1)]) == Played(None)


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize("info", [False, True])
async def test_collecting_to_the_last_digit(stage: Stage, info: bool) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    async with meanwhile(call.collect(CollectPlan(max_digits=3))) as collecting:
        await stage.clock.sleep(0.2)
        await outside.press("123", info=info)
        assert await collecting == Collected("123", CollectEnd.FULL)


async def test_the_terminator_ends_and_is_not_part(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    async with meanwhile(call.collect(CollectPlan(max_digits=8))) as collecting:
        await stage.clock.sleep(0.2)
        await outside.press("12#")
        assert await collecting == Collected("12", CollectEnd.TERMINATOR)


async def test_without_a_terminator_it_is_a_key_like_others(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    plan = CollectPlan(max_digits=2, terminator="")
    async with meanwhile(call.collect(plan)) as collecting:
        await stage.clock.sleep(0.2)
        await outside.press("#1")
        assert await collecting == Collected("#1", CollectEnd.FULL)


async def test_no_first_digit(stage: Stage) -> None:
    _, call = await stage.incoming()
    await call.answer()
    plan = CollectPlan(prompts=[stage.sounds.short], max_digits=1, first_digit_timeout=0.6)
    with stage.takes(1.6):
        assert await call.collect(plan) == Collected("", CollectEnd.TIMEOUT)


async def test_no_further_digit(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    plan = CollectPlan(max_digits=4, first_digit_timeout=5, inter_digit_timeout=0.6)
    async with meanwhile(call.collect(plan)) as collecting:
        await stage.clock.sleep(0.2)
        await outside.press("7")
        with stage.takes(0.6):
            assert await collecting == Collected("7", CollectEnd.TIMEOUT)


async def test_the_first_key_stops_the_prompts_and_counts(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    plan = CollectPlan(prompts=[stage.sounds.long], max_digits=2)
    async with meanwhile(call.collect(plan)) as collecting:
        await stage.clock.sleep(0.5)
        await outside.press("42")
        async with asyncio.timeout(2.5):
            assert await collecting == Collected("42", CollectEnd.FULL)


async def test_the_caller_leaves_while_keys_are_read(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    async with meanwhile(call.collect(CollectPlan(max_digits=4))) as collecting:
        await stage.clock.sleep(0.2)
        await outside.press("1")
        await outside.hangup()
        with pytest.raises(CallerGone):
            await collecting


async def test_cancelling_a_collection(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    collecting = asyncio.ensure_future(call.collect(CollectPlan(max_digits=4)))
    await stage.clock.sleep(0.2)
    collecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await collecting
    assert not outside.is_ended
    async with meanwhile(call.collect(CollectPlan(max_digits=1))) as again:
        await stage.clock.sleep(0.2)
        await outside.press("5")
        assert (await again).digits == "5"


# ---------------------------------------------------------------- recording, ending


async def test_recording_the_caller(stage: Stage) -> None:
    _, call = await stage.incoming()
    await call.answer()
    path = stage.recordings / "caller.wav"
    recorder = await call.record(RecordSpec(path))
    await call.play([stage.sounds.short])
    await recorder.stop()
    await recorder.stop()
    assert seconds_of(path) == pytest.approx(1.0, abs=0.001 if stage.exact else 0.6)


@pytest.mark.parametrize(
    ("cause", "sip_code"),
    [
        (Cause.BUSY, 486),
        (Cause.UNALLOCATED, 404),
        (Cause.CONGESTION, 503),
        (Cause.REJECTED, 403),
        (Cause.NORMAL, 603),
    ],
)
async def test_refusing_a_call(stage: Stage, cause: Cause, sip_code: int) -> None:
    outside, call = await stage.incoming()
    await call.hangup(cause)
    end = await outside.ended(5)
    assert end.sip_code == sip_code
    assert not end.by_us
    assert not outside.is_answered


async def test_hanging_up_an_answered_call(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    await outside.answered()
    await call.hangup()
    end = await outside.ended(5)
    assert (end.cause, end.by_us) == (Cause.NORMAL, False)
    await call.hangup()
    with pytest.raises(CallerGone):
        await call.play([stage.sounds.short])


async def test_transferring_by_refer(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    await outside.answered()
    await call.transfer("02166668888")
    deadline = stage.clock.monotonic() + 5
    while outside.transferred_to is None and stage.clock.monotonic() < deadline:
        await stage.clock.sleep(0.05)
    assert outside.transferred_to == "02166668888"
