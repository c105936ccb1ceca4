"""Dialling: the controller in command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from functools import partial

import pytest

from hotline.telephony.port import (
    CallerGone,
    CallerId,
    Cause,
    Collected,
    CollectEnd,
    CollectPlan,
    Dialled,
    IncomingCall,
    Leg,
    LegGone,
    LegResult,
    MediaMissing,
    Played,
)
from hotline.telephony.world_port import PlacedCall, ReceivedCall
from tests.contract.stage import CALLER, HOTLINE, Stage, meanwhile, not_answered, until


async def put_through(stage: Stage) -> tuple[PlacedCall, IncomingCall, Leg, ReceivedCall]:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    await call.answer()
    dialled = await call.dial(stage.dial_plan())
    assert isinstance(dialled, Dialled)
    return outside, call, dialled.leg, await phone.rings()


async def test_dialling_and_talking_to_the_leg_alone(stage: Stage) -> None:
    outside, call, leg, reached = await put_through(stage)
    assert leg.target == stage.target()
    assert reached.caller == CALLER
    assert await leg.play([stage.sounds.short]) == Played(None)
    await reached.hears(stage.sounds.short.path)
    async with meanwhile(leg.collect(CollectPlan(max_digits=1))) as collecting:
        await stage.clock.sleep(0.2)
        await reached.press("1")
        assert await collecting == Collected("1", CollectEnd.FULL)
    with pytest.raises(MediaMissing):
        await leg.play([stage.sounds.missing])
    (attempt,) = call.attempts()
    assert attempt.result is LegResult.ANSWERED
    await leg.hangup()
    assert not (await reached.ended(5)).by_us
    assert not outside.is_ended


async def test_a_leg_is_shown_what_the_plan_says(stage: Stage) -> None:
    """Not the number of the caller for whom it is dialled."""
    phone = stage.phone().answers()
    _, call = await stage.incoming()
    plan = replace(stage.dial_plan(), caller_id=CallerId(HOTLINE))
    assert isinstance(await call.dial(plan), Dialled)
    assert (await phone.rings()).caller == HOTLINE


async def test_nobody_to_dial(stage: Stage) -> None:
    stage.phone(1).never_answers()
    stage.phone(2).busy()
    _, call = await stage.incoming()
    with stage.takes(1.0):
        attempts = not_answered(await call.dial(stage.dial_plan(1, 2, ring_timeout=1)))
    assert {one.target: one.result for one in attempts} == {
        stage.target(1): LegResult.NO_ANSWER,
        stage.target(2): LegResult.BUSY,
    }


async def test_the_first_leg_wins(stage: Stage) -> None:
    stage.phone(1).never_answers()
    stage.phone(2).answers(after=0.3)
    _, call = await stage.incoming()
    dialled = await call.dial(stage.dial_plan(1, 2))
    assert isinstance(dialled, Dialled)
    assert dialled.leg.target == stage.target(2)
    assert {one.result for one in dialled.attempts} == {LegResult.ANSWERED, LegResult.CANCELLED}
    assert not (await (await stage.phone(1).rings()).ended(5)).by_us
    await dialled.leg.hangup()


async def test_the_caller_leaves_while_dialling(stage: Stage) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    async with meanwhile(call.dial(stage.dial_plan())) as dialling:
        ringing = await phone.rings()
        await outside.hangup()
        with pytest.raises(CallerGone):
            await dialling
    await ringing.ended(5)
    (attempt,) = call.attempts()
    assert attempt.result is LegResult.CANCELLED


async def test_cancelling_a_dial_stops_the_ringing(stage: Stage) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    dialling = asyncio.ensure_future(call.dial(stage.dial_plan()))
    ringing = await phone.rings()
    dialling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialling
    await ringing.ended(5)
    assert not outside.is_ended


async def test_who_answers_a_dial_that_is_cancelled_is_let_go(stage: Stage) -> None:
    """In the moment of the answer: nobody is there to talk to them."""
    outside, call = await stage.incoming()
    await call.answer()

    async def dawdle() -> None:
        await asyncio.Event().wait()

    dials: list[Awaitable[object]] = [
        call.dial(stage.dial_plan(1), on_ringing=dawdle),
        stage.switch.originate(stage.dial_plan(2), on_ringing=dawdle),
    ]
    for last, dial in enumerate(dials, start=1):
        phone = stage.phone(last).answers(after=0.2)
        task = asyncio.ensure_future(dial)
        reached = await phone.rings()
        await reached.answered()
        await stage.clock.sleep(0.3)
        task.cancel()
        assert not (await reached.ended(5)).by_us
    assert not outside.is_ended


async def test_a_leg_that_has_gone(stage: Stage) -> None:
    _, _, leg, reached = await put_through(stage)
    await reached.hangup()
    async with asyncio.timeout(5):
        assert await leg.gone() == Cause.NORMAL
    with pytest.raises(LegGone) as gone:
        await leg.play([stage.sounds.short])
    assert gone.value.leg_id == leg.id


async def test_keys_pressed_towards_a_leg(stage: Stage) -> None:
    _, _, leg, reached = await put_through(stage)
    await leg.send_digits("42#")
    await until(stage, lambda: reached.pressed == "42#")
    await leg.hangup()


async def test_told_of_the_ringing(stage: Stage) -> None:
    rang: list[str] = []

    async def note(text: str) -> None:
        rang.append(text)

    stage.phone(1).answers(after=0.3)
    _, call = await stage.incoming()
    assert isinstance(
        await call.dial(stage.dial_plan(1), on_ringing=partial(note, "dial")), Dialled
    )
    assert isinstance(
        await stage.switch.originate(stage.dial_plan(1), on_ringing=partial(note, "originate")),
        Dialled,
    )
    stage.phone(2).busy()
    not_answered(await call.dial(stage.dial_plan(2), on_ringing=partial(note, "busy")))
    assert rang == ["dial", "originate"]
    await call.hangup()


async def test_calling_out_without_a_caller(stage: Stage) -> None:
    phone = stage.phone().answers(after=0.2)
    dialled = await stage.switch.originate(stage.dial_plan())
    assert isinstance(dialled, Dialled)
    reached = await phone.rings()
    await dialled.leg.play([stage.sounds.short])
    await reached.hears(stage.sounds.short.path)
    await dialled.leg.hangup()
    await reached.ended(5)
    stage.phone().busy()
    (attempt,) = not_answered(await stage.switch.originate(stage.dial_plan()))
    assert attempt.result is LegResult.BUSY


async def test_trunks_are_reported(stage: Stage) -> None:
    assert (await stage.switch.trunks())[stage.world.trunk] is True
