"""The engine on a real switch, beyond what the contract asks of both switches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from tests.contract.real import RealPair, real_stage
from tests.contract.stage import Sounds, Stage, connected, meanwhile, not_answered
from tests.contract.test_rooms import talk
from tests.switch.staged import pair, sounds, stage

from hotline.telephony.asterisk import connect as connect_module
from hotline.telephony.asterisk import engine as engine_module
from hotline.telephony.asterisk import survivors as survivors_module
from hotline.telephony.asterisk.call import AriCall
from hotline.telephony.asterisk.client import Event, Listener
from hotline.telephony.asterisk.dialplan import STOP_CONTEXT
from hotline.telephony.asterisk.engine import AriSwitch
from hotline.telephony.asterisk.notes import Notes
from hotline.telephony.asterisk.party import Session
from hotline.telephony.asterisk.survivors import Census
from hotline.telephony.port import (
    CallerGone,
    Dialled,
    LegResult,
    LineLeft,
    NotAnswered,
    Party,
    Played,
    Survivor,
    SwitchDown,
)

__all__ = ["pair", "sounds", "stage"]


def engine_of(stage: Stage) -> AriSwitch:
    assert isinstance(stage.switch, AriSwitch)
    return stage.switch


async def lose(engine: AriSwitch) -> None:
    engine.drop_connection()
    async with asyncio.timeout(5):
        while engine.connected:
            await asyncio.sleep(0.01)


async def test_a_lost_connection_does_not_lose_a_forward(stage: Stage) -> None:
    stage.phone().busy(after=1.0)
    _, call = await stage.incoming()
    forward = asyncio.create_task(call.connect(stage.connect_plan()))
    await asyncio.sleep(0.3)
    await lose(engine_of(stage))
    (attempt,) = not_answered(await forward)
    assert (attempt.result, attempt.sip_code) == (LegResult.BUSY, 486)


async def test_an_answer_and_an_end_while_away_are_found(stage: Stage) -> None:
    phone = stage.phone().answers(after=0.5)
    outside, call = await stage.incoming()
    forward = asyncio.create_task(call.connect(stage.connect_plan()))
    await phone.rings()
    await lose(engine_of(stage))
    talk = connected(await forward)
    await lose(engine_of(stage))
    await outside.hangup()
    async with asyncio.timeout(5):
        ended = await talk.ended()
    assert ended.by is Party.CALLER
    assert not stage.survivors


async def test_an_end_that_could_not_be_noted_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = stage.phone().never_answers()
    outside, call = await stage.incoming()
    async with meanwhile(call.connect(stage.connect_plan(ring_timeout=20))) as forward:
        await phone.rings()
        await asyncio.sleep(0.2)
        monkeypatch.setattr(Notes, "look", lambda notes: None)
        engine = engine_of(stage)
        await engine.look_after_away()
        assert not forward.done()
        await outside.hangup()
        async with asyncio.timeout(5):
            while not forward.done():
                await engine.look_after_away()
                await asyncio.sleep(0.1)
        with pytest.raises(CallerGone):
            await forward


async def test_a_switch_full_of_channels_is_looked_through(stage: Stage) -> None:
    """Half a megabyte told over the WebSocket would have ended its process with all calls."""
    outside, call = await stage.incoming()
    phone = stage.phone().answers()
    talk = connected(await call.connect(stage.connect_plan()))
    await phone.rings()
    engine = engine_of(stage)
    process = await engine.about()
    async with many_channels(engine):
        await engine.look_after_away()
        await lose(engine)
        async with asyncio.timeout(5):
            while not engine.connected:
                await asyncio.sleep(0.01)
        await engine.look_after_away()
        assert await engine.about() == process
        await outside.hangup()
        async with asyncio.timeout(5):
            assert (await talk.ended()).by is Party.CALLER


@asynccontextmanager
async def many_channels(engine: AriSwitch) -> AsyncIterator[None]:
    """As much to be told of them as of a thousand calls: more than a thread's stack takes."""
    client = engine._client
    names = [f"filler-{number}" for number in range(80)]
    for name in names:
        client.send(
            "POST",
            "channels/create",
            {"endpoint": f"Local/s@{STOP_CONTEXT}", "app": client.app, "channelId": name},
            {"variables": {"CALLERID(name)": "x" * 7_000}},
        )
    try:
        await client.request("GET", f"channels/{names[-1]}")  # commands are obeyed in order
        told = orjson.dumps(await client.list_all("channels"))
        assert len(told) > 500 * 1024
        yield
    finally:
        for name in names:
            client.send("DELETE", f"channels/{name}")


async def test_who_spoke_before_answering_has_rung(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told with its answer, also where nobody has looked before."""
    monkeypatch.setattr(connect_module, "LOOKS", 60.0)
    phone = stage.phone().early_media(stage.sounds.long.path)
    _, call = await stage.incoming()
    async with meanwhile(call.connect(stage.connect_plan())) as connecting:
        reached = await phone.rings()
        await stage.clock.sleep(0.4)
        await reached.answer()
        attempt = connected(await connecting).answered
    assert attempt.ringing_at is not None
    assert attempt.answered_at is not None
    assert attempt.ringing_at < attempt.answered_at


async def test_a_caller_who_left_while_away_is_gone(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    playing = asyncio.create_task(call.play([stage.sounds.long]))
    await asyncio.sleep(0.2)
    await lose(engine_of(stage))
    await outside.hangup()
    with pytest.raises(CallerGone):
        await playing


async def test_a_play_whose_end_is_not_told_is_over_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = engine_of(stage)._client
    tell = client._tell

    def but_for_ends(listeners: Iterable[Listener], event: Event) -> None:
        if event["type"] != "PlaybackFinished":
            tell(listeners, event)

    monkeypatch.setattr(client, "_tell", but_for_ends)
    _, call = await stage.incoming()
    await call.answer()
    async with asyncio.timeout(10):
        assert (await call.play([stage.sounds.short])).digit is None
    await call.hangup()


async def test_verbs_end_when_the_controller_leaves(
    pair: RealPair, sounds: Sounds, tmp_path: Path
) -> None:
    async with real_stage(pair, sounds, tmp_path) as stage:
        async with stage.serving():
            _, call = await stage.incoming()
            await call.answer()
            playing = asyncio.create_task(call.play([sounds.long]))
            await asyncio.sleep(0.2)
        with pytest.raises(SwitchDown):
            await playing
        await stage.clear()


@pytest.mark.parametrize("when", ["before it is held", "after it is held"])
async def test_a_forward_that_ends_while_stock_is_taken(
    pair: RealPair, sounds: Sounds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The caller comes back when the switch was asked already, and nobody follows the call yet."""
    async with real_stage(pair, sounds, tmp_path) as stage:
        phone = stage.phone().never_answers()
        async with stage.serving():
            outside, call = await stage.incoming()
            async with meanwhile(call.connect(stage.connect_plan(ring_timeout=20))) as connecting:
                refuse = (await phone.rings()).refuse
        connecting.cancel()

        async def let_it_end() -> None:
            await refuse(486)
            await asyncio.sleep(1.5)

        take, of = Census.take, engine_module.survivor_of

        async def take_and_end(session: Session) -> Census:
            monkeypatch.setattr(Census, "take", take)
            census = await take(session)
            await let_it_end()
            return census

        async def end_and_follow(held: AriCall, census: Census) -> Survivor | None:
            await let_it_end()
            return await of(held, census)

        if when == "before it is held":
            monkeypatch.setattr(Census, "take", take_and_end)
        else:
            monkeypatch.setattr(engine_module, "survivor_of", end_and_follow)
        async with stage.serving():
            (survivor,) = stage.survivors
            assert survivor.connecting is not None
            async with asyncio.timeout(5):
                assert isinstance(outcome := await survivor.connecting(), NotAnswered)
            assert [attempt.result for attempt in outcome.attempts] == [LegResult.BUSY]
            assert await survivor.call.play([sounds.short]) == Played(None)
            await survivor.call.hangup()
            await outside.ended(5)


async def test_a_talk_that_ends_while_stock_is_taken(
    pair: RealPair, sounds: Sounds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hangs up when the call is half taken over is not waited for for ever."""
    async with real_stage(pair, sounds, tmp_path) as stage:
        stage.phone().answers()
        async with stage.serving():
            outside, call = await stage.incoming()
            connected(await call.connect(stage.connect_plan()))
        read = survivors_module._variables

        async def read_and_end(held: AriCall) -> dict[str, str]:
            values = await read(held)
            await outside.hangup()
            await asyncio.sleep(0.3)
            return values

        monkeypatch.setattr(survivors_module, "_variables", read_and_end)
        async with stage.serving():
            assert not stage.survivors
            entries = [entry async for batch in stage.switch.journal() for entry in batch]
        (attempt,) = (entry.attempt for entry in entries if entry.channel_id == call.id)
        assert attempt is not None
        assert attempt.result is LegResult.ANSWERED


@pytest.mark.parametrize("where", ["in our hands", "in the greeting"])
async def test_who_hangs_up_before_anybody_is_rung_makes_the_switch_warn_of_nothing(
    pair: RealPair, stage: Stage, where: str
) -> None:
    seen = pair.switch.log.stat().st_size
    outside, call = await stage.incoming()
    if where == "in the greeting":
        async with meanwhile(call.connect(stage.connect_plan(before=[stage.sounds.long]))) as one:
            await outside.answered()
            await outside.hangup()
            with pytest.raises(CallerGone):
                await one
    else:
        await outside.hangup()
    assert (await stage.journal_of(call.id)).attempt is None
    await asyncio.sleep(0.2)  # the switch writes its log a moment later
    assert "WARNING" not in pair.switch.log.read_bytes()[seen:].decode()


async def test_a_leg_of_a_caller_that_left_while_away_is_gone(stage: Stage) -> None:
    phone = stage.phone().answers()
    _, call = await stage.incoming()
    dialled = await call.dial(stage.dial_plan())
    assert isinstance(dialled, Dialled)
    reached = await phone.rings()
    await lose(engine_of(stage))
    await reached.hangup()
    async with asyncio.timeout(5):
        await dialled.leg.gone()
    await call.hangup()


async def test_a_room_while_the_switch_is_away(stage: Stage) -> None:
    room, (outside, call), (reached, leg) = await talk(stage, "away")
    await lose(engine_of(stage))
    await room.hold(call)
    await outside.hears(stage.sounds.music.path)
    await lose(engine_of(stage))
    await reached.hangup()
    async with asyncio.timeout(5):
        events = room.events()
        while not isinstance(event := await anext(events), LineLeft):
            pass
    assert event.line_id == leg.id
    assert [line.id for line in room.lines] == [call.id]
    await room.close()
    await call.hangup()


async def test_trunks_are_known(stage: Stage) -> None:
    trunks = await stage.switch.trunks()
    assert stage.world.trunk in trunks
