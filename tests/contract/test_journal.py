"""What the switch writes down by itself."""

from __future__ import annotations

from hotline.telephony.port import Cause, LegResult, Party
from tests.contract.stage import CALLER, HOTLINE, Stage, connected, not_answered


async def test_every_call_has_its_entry(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.answer()
    await stage.clock.sleep(0.3)
    await outside.hangup()
    entry = await stage.journal_of(call.id)
    assert (entry.dialled, entry.caller, entry.carrier) == (HOTLINE, CALLER, stage.world.trunk)
    assert entry.node == stage.switch.node
    assert entry.served
    assert entry.answered_at is not None
    assert entry.arrived_at <= entry.answered_at < entry.ended_at
    assert (entry.ended_by, entry.cause) == (Party.CALLER, Cause.NORMAL)
    assert entry.attempt is None


async def test_a_call_that_we_refuse(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await call.hangup(Cause.BUSY)
    await outside.ended(5)
    entry = await stage.journal_of(call.id)
    assert entry.answered_at is None
    assert entry.ended_by is Party.SYSTEM


async def test_the_last_attempt_is_in_it(stage: Stage) -> None:
    stage.phone(1).busy()
    stage.phone(2).answers()
    outside, call = await stage.incoming()
    not_answered(await call.connect(stage.connect_plan(1)))
    connected(await call.connect(stage.connect_plan(2)))
    await stage.clock.sleep(0.3)
    await outside.hangup()
    entry = await stage.journal_of(call.id)
    assert entry.attempt is not None
    assert entry.attempt.target == stage.target(2)
    assert entry.attempt.result is LegResult.ANSWERED
    assert entry.attempt.answered_at is not None
    assert entry.ended_by is Party.CALLER


async def test_entries_come_until_they_are_acknowledged(stage: Stage) -> None:
    outside, call = await stage.incoming()
    await outside.hangup()
    first = await stage.journal_of(call.id)
    again = await stage.journal_of(call.id)
    assert first == again
    async for _ in stage.switch.journal():
        pass
    assert [batch async for batch in stage.switch.journal()] == []
