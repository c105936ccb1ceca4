"""The faults that only the fake can have at the push of a button."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeSwitch
from hotline.telephony.port import (
    CallerGone,
    IncomingCall,
    Played,
    Silence,
    Survivor,
    SurvivorPhase,
    SwitchDown,
)


class Controller:
    """Plays ten seconds to every caller and notes how that came out."""

    def __init__(self) -> None:
        self.results: list[Played | type[Exception]] = []
        self.survivors: list[SurvivorPhase] = []

    async def on_call(self, call: IncomingCall) -> None:
        try:
            await call.answer()
            self.results.append(await call.play([Silence(10)]))
            await call.hangup()
        except (SwitchDown, CallerGone) as error:
            self.results.append(type(error))

    async def on_connected(self, survivors: Sequence[Survivor]) -> None:
        self.survivors += [survivor.phase for survivor in survivors]


async def test_a_short_cut_is_not_noticed_by_a_script() -> None:
    clock, controller = VirtualClock(), Controller()
    fake = FakeSwitch(clock, patience=5)
    async with clock.flowing(), fake.serving(controller.on_call, controller.on_connected):
        call = await fake.world.call("4006001234", "13812345678")
        await call.answered()
        await clock.sleep(1)
        fake.go_down()
        await clock.sleep(4)
        fake.come_back()
        assert not (await call.ended()).by_us
        assert clock.monotonic() == 10
    assert controller.results == [Played(None)]
    assert controller.survivors == []


async def test_a_long_cut_is_switch_down_and_the_call_survives() -> None:
    clock, controller = VirtualClock(), Controller()
    fake = FakeSwitch(clock, patience=5)
    async with clock.flowing(), fake.serving(controller.on_call, controller.on_connected):
        call = await fake.world.call("4006001234", "13812345678")
        await call.answered()
        fake.go_down()
        await clock.sleep(6)
        assert controller.results == [SwitchDown]
        fake.come_back()
        await clock.sleep(1)
        assert controller.survivors == [SurvivorPhase.WAITING]
        assert not call.is_ended


async def test_a_killed_controller_says_nothing_more() -> None:
    clock, controller = VirtualClock(), Controller()
    fake = FakeSwitch(clock)
    async with clock.flowing():
        async with fake.serving(controller.on_call, controller.on_connected):
            call = await fake.world.call("4006001234", "13812345678")
            await call.answered()
            await fake.drop_controller()
            await clock.sleep(20)
            assert not call.is_ended
            assert controller.results == []
        async with fake.serving(controller.on_call, controller.on_connected):
            assert controller.survivors == [SurvivorPhase.WAITING]


async def test_a_crash_of_the_switch_ends_every_call_unwritten() -> None:
    clock, controller = VirtualClock(), Controller()
    fake = FakeSwitch(clock)
    async with clock.flowing(), fake.serving(controller.on_call, controller.on_connected):
        call = await fake.world.call("4006001234", "13812345678")
        await call.answered()
        fake.crash()
        await call.ended()
        fake.come_back()
        await clock.sleep(1)
        assert controller.results == [CallerGone]
        assert fake.calls_up == 0
        assert [batch async for batch in fake.journal()] == []
        assert not (await (await fake.world.call("4006001234")).ended()).by_us


async def test_without_a_controller_a_caller_hears_the_notice(tmp_path: Path) -> None:
    clock, notice = VirtualClock(), tmp_path / "notice.alaw"
    notice.write_bytes(bytes(16_000))
    fake = FakeSwitch(clock, notice=notice)
    async with clock.flowing():
        call = await fake.world.call("4006001234", "13812345678")
        await call.hears(notice)
        await call.ended()
        assert clock.monotonic() == 2
        assert [[entry.served for entry in batch] async for batch in fake.journal()] == [[False]]


async def test_a_failing_handler_is_told_at_the_end() -> None:
    clock, fake = VirtualClock(), FakeSwitch(VirtualClock())

    async def on_call(call: IncomingCall) -> None:
        raise ValueError(call.dialled)

    async def serve() -> None:
        async with clock.flowing(), fake.serving(on_call):
            await fake.world.call("4006001234")
            await asyncio.sleep(0)

    with pytest.raises(BaseExceptionGroup) as failed:
        await serve()
    assert failed.group_contains(ValueError)
