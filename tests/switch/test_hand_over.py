"""How calls get from our hands into the dialplan's, on a real switch."""

from __future__ import annotations

import asyncio

import pytest
from tests.contract.stage import Stage, connected, meanwhile, not_answered, until
from tests.switch.staged import pair, sounds, stage
from tests.switch.test_engine import engine_of, lose

from hotline.telephony.asterisk.dialplan import STOP_CONTEXT
from hotline.telephony.asterisk.packing import Packed
from hotline.telephony.asterisk.plans import Plans
from hotline.telephony.port import LegResult

__all__ = ["pair", "sounds", "stage"]


@pytest.fixture(params=["with a plan", "without"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_kept(_: Plans, __: Packed) -> None:
        return None

    if request.param == "without":
        monkeypatch.setattr(Plans, "extension", not_kept)


class Swallowed:
    """Of what is written to the switch until the connection is another, commands that say one of
    ``words`` are lost; as it comes those that hand a call over."""

    def __init__(
        self,
        stage: Stage,
        monkeypatch: pytest.MonkeyPatch,
        *words: bytes,
    ) -> None:
        words = words or (b"/continue", b"/variables")
        self.count = 0
        socket = engine_of(stage)._client._socket
        assert socket is not None
        send = type(socket).send

        def send_others(sending: object, data: bytes) -> None:
            if sending is socket and any(word in data for word in words):
                self.count += 1
            else:
                send(sending, data)  # type: ignore[arg-type]

        monkeypatch.setattr(type(socket), "send", send_others)


@pytest.mark.usefixtures("way")
async def test_a_hand_over_that_went_with_the_connection_is_done_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    lost = Swallowed(stage, monkeypatch)
    plan = stage.connect_plan(before=[stage.sounds.short])
    async with meanwhile(call.connect(plan)) as forward:
        await until(stage, lambda: lost.count > 0)
        await lose(engine_of(stage))
        await outside.hears(stage.sounds.short.path)
        talk = connected(await forward)
    await (await phone.rings()).hangup()
    await talk.ended()
    await call.hangup()


@pytest.mark.usefixtures("way")
async def test_a_lost_hand_over_that_was_cancelled_is_not_done_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_wanted, phone = stage.phone(1).answers(), stage.phone(2).answers()
    outside, call = await stage.incoming()
    lost = Swallowed(stage, monkeypatch)
    async with meanwhile(call.connect(stage.connect_plan(1))) as forward:
        await until(stage, lambda: lost.count > 0)
        forward.cancel()
        await lose(engine_of(stage))
        await asyncio.wait([forward])
    async with asyncio.timeout(5):
        talk = connected(await call.connect(stage.connect_plan(2)))
    await phone.rings()
    assert not not_wanted.calls
    await outside.hangup()
    await talk.ended()


async def test_a_lost_stop_is_done_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = stage.phone(1).never_answers()
    outside, call = await stage.incoming()
    plan = stage.connect_plan(1, ring_timeout=30)
    async with meanwhile(call.connect(plan)) as forward:
        ringing = await phone.rings()
        lost = Swallowed(stage, monkeypatch, STOP_CONTEXT.encode())
        forward.cancel()
        await until(stage, lambda: lost.count > 0)
        await lose(engine_of(stage))
        await asyncio.wait([forward])
    await until(stage, lambda: ringing.is_ended)
    await outside.hangup()


@pytest.mark.usefixtures("way")
async def test_a_second_hand_over_is_not_taken_for_the_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller is in our hands with what the first forward said when it ended."""
    stage.phone(1).busy()
    phone = stage.phone(2).answers()
    outside, call = await stage.incoming()
    (busy,) = not_answered(await call.connect(stage.connect_plan(1)))
    assert busy.result is LegResult.BUSY
    lost = Swallowed(stage, monkeypatch)
    async with meanwhile(call.connect(stage.connect_plan(2))) as forward:
        await until(stage, lambda: lost.count > 0)
        await lose(engine_of(stage))
        talk = connected(await forward)
    await phone.rings()
    await outside.hangup()
    await talk.ended()


@pytest.mark.usefixtures("way")
async def test_one_forward_after_the_other(stage: Stage) -> None:
    """Each with what is its own: nothing of the one before is told of it."""
    stage.phone(1).never_answers()
    stage.phone(2).busy()
    phone = stage.phone(3).answers()
    outside, call = await stage.incoming()
    plan = stage.connect_plan(1, ring_timeout=2, before=[stage.sounds.short])
    (unanswered,) = not_answered(await call.connect(plan))
    assert unanswered.result is LegResult.NO_ANSWER
    assert unanswered.ringing_at is not None
    (busy,) = not_answered(await call.connect(stage.connect_plan(2)))
    assert (busy.result, busy.sip_code, busy.ringing_at) == (LegResult.BUSY, 486, None)
    talk = connected(await call.connect(stage.connect_plan(3)))
    assert talk.answered.target == stage.target(3)
    await (await phone.rings()).hangup()
    async with asyncio.timeout(5):
        await talk.ended()
    await outside.hangup()
    entry = await stage.journal_of(call.id)
    assert entry.attempt is not None
    assert entry.attempt.target == stage.target(3)
    assert entry.answered_at is not None
