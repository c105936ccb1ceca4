"""Calls that are handed on beside one another, on a real switch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.contract.stage import Stage, connected, meanwhile, not_answered, until
from tests.switch.staged import pair, sounds, stage
from tests.switch.test_engine import engine_of, lose

from hotline.telephony.asterisk.call import AriCall
from hotline.telephony.asterisk.client import LATE, Lane
from hotline.telephony.port import IncomingCall, LegResult, Played

__all__ = ["pair", "sounds", "stage"]


@asynccontextmanager
async def busy_connection(stage: Stage) -> AsyncIterator[asyncio.Task[Played]]:
    """What comes over the engine's own connection waits for a play of four seconds to end: a
    variable is set when the channel's thread comes to it."""
    _, call = await stage.incoming("13900000001")
    await call.answer()
    playing = asyncio.create_task(call.play([stage.sounds.long]))
    await asyncio.sleep(0.3)
    assert isinstance(call, AriCall)
    call.note("HL_TEST", "1")
    await asyncio.sleep(LATE)
    yield playing
    await call.hangup()
    await asyncio.wait([playing])
    playing.exception()


async def test_a_call_is_handed_on_while_others_are_waited_for(stage: Stage) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    async with busy_connection(stage) as playing:
        async with asyncio.timeout(2):
            talk = connected(await call.connect(stage.connect_plan()))
        assert not playing.done()
    await phone.rings()
    await outside.hangup()
    await talk.ended()


async def test_a_hand_over_does_not_overtake_what_the_call_was_told(stage: Stage) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    async with busy_connection(stage):
        await call.ring()
        async with meanwhile(call.connect(stage.connect_plan())) as forward:
            await asyncio.sleep(1.0)
            assert told_in_lane(call) is None
            assert not forward.done()
            await after_the_play(stage)
            talk = connected(await forward)
    await phone.rings()
    await outside.hangup()
    await talk.ended()


async def after_the_play(stage: Stage) -> None:
    """A request over the same connection is answered after all that was sent before."""
    await engine_of(stage)._client.request("GET", "asterisk/ping", timeout=10)


def told_in_lane(call: IncomingCall) -> Lane | None:
    assert isinstance(call, AriCall)
    return call._connecting[-1].beside


async def test_who_stops_a_forward_at_once_comes_after_the_hand_over(stage: Stage) -> None:
    stage.phone().never_answers()
    outside, call = await stage.incoming()
    async with busy_connection(stage), asyncio.timeout(5):
        async with meanwhile(call.connect(stage.connect_plan(ring_timeout=20))) as forward:
            await asyncio.sleep(0)
            assert told_in_lane(call) is not None
            forward.cancel()
            await asyncio.wait([forward])
        stage.phone(2).busy()
        attempts = not_answered(await call.connect(stage.connect_plan(2)))
    assert attempts[-1].result is LegResult.BUSY
    await outside.hangup()


async def test_a_forward_can_be_stopped_after_its_lane_was_lost(stage: Stage) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    plan = stage.connect_plan(ring_timeout=20)
    async with busy_connection(stage), meanwhile(call.connect(plan)) as forward:
        await phone.rings()
        assert told_in_lane(call) is not None
        await lose(engine_of(stage))
        await until(stage, lambda: engine_of(stage).connected)
        forward.cancel()
        await asyncio.wait([forward])
    stage.phone(2).busy()
    async with asyncio.timeout(3):
        not_answered(await call.connect(stage.connect_plan(2)))
    await outside.hangup()


async def test_a_switch_that_keeps_up_has_one_connection_to_read(stage: Stage) -> None:
    stage.phone().busy()
    outside, call = await stage.incoming()
    not_answered(await call.connect(stage.connect_plan()))
    assert told_in_lane(call) is None
    await outside.hangup()


async def test_all_connections_come_and_go_together(stage: Stage) -> None:
    client = engine_of(stage)._client
    before = client._socket
    client._lanes[0].abort()
    await until(stage, lambda: client.connected and client._socket not in {None, before})
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan()))
    await phone.rings()
    await outside.hangup()
    await talk.ended()
    apps = await client.request("GET", "applications")
    names = [app["name"] for app in apps]
    assert len(names) == 1 + len(client._lanes), names
