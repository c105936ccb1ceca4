"""The plain forward: greet, ring, put through; every way it can come out."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable

import pytest

from hotline.telephony.port import (
    CallerGone,
    CallerId,
    Cause,
    ConnectPlan,
    LegResult,
    Party,
    PhoneTarget,
    Played,
    RecordSpec,
)
from hotline.telephony.world_port import OutsidePhone
from tests.contract.stage import CALLER, Stage, connected, meanwhile, not_answered, written


async def test_answered_and_the_callee_hangs_up(stage: Stage) -> None:
    phone = stage.phone().answers(after=0.5, says=stage.sounds.voice.path)
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan()))
    assert call.answered_at is not None
    reached = await phone.rings()
    assert reached.caller == CALLER
    await outside.hears(stage.sounds.voice.path)
    await outside.say(stage.sounds.other.path)
    await reached.hears(stage.sounds.other.path)
    assert talk.answered.ended_at is None
    await reached.hangup()
    ended = await talk.ended()
    assert (ended.by, ended.cause) == (Party.CALLEE, Cause.NORMAL)
    assert ended.attempt.result is LegResult.ANSWERED
    assert ended.attempt.target == stage.target()
    assert ended.attempt.ended_at is not None
    assert ended.at >= ended.attempt.answered_at  # type: ignore[operator]
    assert await talk.ended() == ended
    assert not outside.is_ended
    assert await call.play([stage.sounds.short]) == Played(None)
    await call.hangup()
    await outside.ended(5)


async def test_times_of_an_attempt(stage: Stage) -> None:
    stage.phone().answers(after=0.6, hangs_up_after=0.8)
    _, call = await stage.incoming()
    with stage.takes(1.4, slack=1.5):
        talk = connected(await call.connect(stage.connect_plan()))
        attempt = (await talk.ended()).attempt
    assert attempt.ringing_at is not None
    assert attempt.answered_at is not None
    assert attempt.ended_at is not None
    tolerance = 0.001 if stage.exact else 0.4
    ringing = (attempt.answered_at - attempt.dialled_at).total_seconds()
    talking = (attempt.ended_at - attempt.answered_at).total_seconds()
    assert ringing == pytest.approx(0.6, abs=tolerance)
    assert talking == pytest.approx(0.8, abs=tolerance)
    assert attempt.dialled_at <= attempt.ringing_at <= attempt.answered_at
    assert [one.leg_id for one in call.attempts()] == [attempt.leg_id]


async def test_greeting_whisper_record(stage: Stage) -> None:
    phone = stage.phone().answers(after=0.2)
    outside, call = await stage.incoming()
    path = stage.recordings / "talk.wav"
    plan = stage.connect_plan(
        before=[stage.sounds.short], whisper=[stage.sounds.other], record=RecordSpec(path)
    )
    told: list[str] = []

    async def on_dialling() -> None:
        told.append("dialling")

    async def on_ringing() -> None:
        told.append("ringing")

    with stage.takes(2.2, slack=1.5):
        talk = connected(await call.connect(plan, on_dialling=on_dialling, on_ringing=on_ringing))
    assert told == ["dialling", "ringing"]
    await outside.hears(stage.sounds.short.path)
    reached = await phone.rings()
    await reached.hears(stage.sounds.other.path)
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    await stage.clock.sleep(1.0)
    await outside.hangup()
    assert (await talk.ended()).by is Party.CALLER
    assert (await reached.ended(5)).by_us is False
    with wave.open(str(await written(path))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        assert file.getnframes() >= 8000 * 0.7


REFUSALS: list[tuple[Callable[[OutsidePhone], OutsidePhone], LegResult, int | None]] = [
    (lambda phone: phone.busy(0.2), LegResult.BUSY, 486),
    (lambda phone: phone.rejects(603), LegResult.REJECTED, 603),
    (lambda phone: phone.rejects(403), LegResult.REJECTED, 403),
    (lambda phone: phone.rejects(480), LegResult.UNREACHABLE, 480),
    (lambda phone: phone.rejects(503), LegResult.UNREACHABLE, 503),
    (lambda phone: phone.unreachable(), LegResult.UNREACHABLE, 404),
]


@pytest.mark.parametrize(("behave", "result", "sip_code"), REFUSALS)
async def test_refused(
    stage: Stage,
    behave: Callable[[OutsidePhone], OutsidePhone],
    result: LegResult,
    sip_code: int,
) -> None:
    behave(stage.phone())
    outside, call = await stage.incoming()
    async with asyncio.timeout(5):
        (attempt,) = not_answered(await call.connect(stage.connect_plan()))
    assert (attempt.result, attempt.sip_code) == (result, sip_code)
    assert attempt.cause
    assert attempt.answered_at is None
    assert attempt.ended_at is not None
    assert call.attempts() == (attempt,)
    assert not outside.is_ended


async def test_a_redirect_is_not_followed(stage: Stage) -> None:
    stage.phone(1).redirects("13900000002")
    _, call = await stage.incoming()
    (attempt,) = not_answered(await call.connect(stage.connect_plan(1)))
    assert attempt.result in {LegResult.UNREACHABLE, LegResult.REJECTED, LegResult.BUSY}
    assert not stage.phone(2).calls


async def test_an_unknown_trunk_is_unreachable(stage: Stage) -> None:
    _, call = await stage.incoming()
    plan = ConnectPlan(
        target=PhoneTarget("13900000001", "nowhere"), ring_timeout=3, caller_id=CallerId(CALLER)
    )
    (attempt,) = not_answered(await call.connect(plan))
    assert attempt.result is LegResult.UNREACHABLE


async def test_nobody_answers_in_time(stage: Stage) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    with stage.takes(1.0, slack=1.5):
        (attempt,) = not_answered(await call.connect(stage.connect_plan(ring_timeout=1)))
    assert attempt.result is LegResult.NO_ANSWER
    assert attempt.sip_code is None
    assert attempt.ringing_at is not None
    assert not (await (await phone.rings()).ended(5)).by_us
    assert not outside.is_ended


@pytest.mark.parametrize("says", [False, True])
async def test_ringing_is_told_while_it_rings(stage: Stage, *, says: bool) -> None:
    phone = stage.phone()
    phone.early_media(stage.sounds.long.path) if says else phone.never_answers()
    outside, call = await stage.incoming()
    told = asyncio.Event()

    async def on_ringing() -> None:
        told.set()

    forward = call.connect(stage.connect_plan(ring_timeout=20), on_ringing=on_ringing)
    async with meanwhile(forward) as connecting:
        await phone.rings()
        async with asyncio.timeout(5):
            await told.wait()
        (attempt,) = call.attempts()
        assert attempt.ringing_at is not None
        assert attempt.ringing_at >= attempt.dialled_at
        await outside.hangup()
        with pytest.raises(CallerGone):
            await connecting


async def test_the_next_one_after_a_failure(stage: Stage) -> None:
    stage.phone(1).busy()
    stage.phone(2).answers()
    outside, call = await stage.incoming()
    not_answered(await call.connect(stage.connect_plan(1, before=[stage.sounds.short])))
    talk = connected(await call.connect(stage.connect_plan(2)))
    assert [one.result for one in call.attempts()] == [LegResult.BUSY, LegResult.ANSWERED]
    await talk.hangup()
    ended = await talk.ended()
    assert ended.by is Party.SYSTEM
    assert not outside.is_ended


async def test_answering_and_dropping_at_once(stage: Stage) -> None:
    stage.phone().drops_at_once()
    outside, call = await stage.incoming()
    async with asyncio.timeout(5):
        ended = await connected(await call.connect(stage.connect_plan())).ended()
    assert ended.by is Party.CALLEE
    assert ended.attempt.result is LegResult.ANSWERED
    assert not outside.is_ended


async def test_early_audio_reaches_the_caller(stage: Stage) -> None:
    stage.phone().early_media(stage.sounds.long.path)
    outside, call = await stage.incoming()
    async with meanwhile(call.connect(stage.connect_plan(ring_timeout=3))) as connecting:
        await outside.hears(stage.sounds.long.path)
        assert not outside.is_answered
        (attempt,) = not_answered(await connecting)
    assert attempt.result is LegResult.NO_ANSWER


async def test_music_instead_of_the_ringing_tone(stage: Stage) -> None:
    stage.phone().answers(after=0.5)
    outside, call = await stage.incoming()
    async with meanwhile(call.connect(stage.connect_plan(music="default"))) as connecting:
        await outside.answered()
        await connected(await connecting).hangup()


async def test_the_caller_leaves_in_the_greeting(stage: Stage) -> None:
    outside, call = await stage.incoming()
    plan = stage.connect_plan(before=[stage.sounds.long])
    async with meanwhile(call.connect(plan)) as connecting:
        await outside.answered()
        await stage.clock.sleep(0.3)
        await outside.hangup()
        with pytest.raises(CallerGone):
            await connecting
    assert call.attempts() == ()
    assert not stage.phone().calls


async def test_the_caller_leaves_while_it_rings(stage: Stage) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    async with meanwhile(call.connect(stage.connect_plan())) as connecting:
        ringing = await phone.rings()
        await stage.clock.sleep(0.4)
        await outside.hangup()
        with pytest.raises(CallerGone):
            await connecting
    assert not (await ringing.ended(5)).by_us
    (attempt,) = call.attempts()
    assert attempt.result is LegResult.CANCELLED
    assert attempt.ended_at is not None


async def test_the_caller_leaves_while_they_talk(stage: Stage) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan()))
    await stage.clock.sleep(0.3)
    await outside.hangup()
    ended = await talk.ended()
    assert ended.by is Party.CALLER
    assert not (await (await phone.rings()).ended(5)).by_us
    with pytest.raises(CallerGone):
        await call.connect(stage.connect_plan(2))
    assert not stage.phone(2).calls


async def test_the_longest_talk(stage: Stage) -> None:
    stage.phone().answers()
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan(max_talk=1.0)))
    with stage.takes(1.0):
        ended = await talk.ended()
    assert ended.by is Party.SYSTEM
    assert not outside.is_ended


async def test_missing_sounds_do_not_stop_a_forward(stage: Stage) -> None:
    stage.phone().answers()
    _, call = await stage.incoming()
    plan = stage.connect_plan(before=[stage.sounds.missing], whisper=[stage.sounds.missing])
    await connected(await call.connect(plan)).hangup()


async def test_cancelled_in_the_greeting_and_while_ringing(stage: Stage) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    greeting = asyncio.ensure_future(call.connect(stage.connect_plan(before=[stage.sounds.long])))
    await stage.clock.sleep(0.5)
    greeting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await greeting
    with stage.takes(1.0):  # at once: the greeting has ended
        assert await call.play([stage.sounds.short]) == Played(None)
    assert not phone.calls
    assert not call.attempts()
    ringing = asyncio.ensure_future(call.connect(stage.connect_plan()))
    reached = await phone.rings()
    await stage.clock.sleep(0.3)
    ringing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ringing
    assert not (await reached.ended(5)).by_us
    assert not outside.is_ended
    assert await call.play([stage.sounds.short]) == Played(None)
