"""One stage for both switches: a caller, phones, and the call in the hands of the test itself."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from hotline.kit.clock import Clock
from hotline.recordings.wav import SpoolState, state_of
from hotline.telephony.port import (
    Attempt,
    CallerId,
    Connected,
    ConnectPlan,
    DialPlan,
    IncomingCall,
    JournalEntry,
    NotAnswered,
    PhoneTarget,
    Prompt,
    Survivor,
    Switch,
)
from hotline.telephony.world_port import OutsidePhone, OutsideWorld, PlacedCall

T = TypeVar("T")
CALLER = "13812345678"
HOTLINE = "4006001234"
REAL_SLACK = 0.9
"""Seconds that a step may take longer on a real switch, on a busy machine."""


async def written(path: Path) -> Path:
    """The recording's file, once whoever writes it has closed it: that is after the call's end."""
    async with asyncio.timeout(10):
        while state_of(path, now=time.time()) is not SpoolState.COMPLETE:
            await asyncio.sleep(0.05)
    return path


@dataclass(frozen=True, slots=True)
class Sounds:
    """Prompts that are told apart when heard."""

    folder: Path
    short: Prompt
    """1.0 s."""
    other: Prompt
    """1.0 s."""
    long: Prompt
    """4.0 s."""
    voice: Prompt
    """2.0 s; what people say."""
    third: Prompt
    """1.5 s."""
    music: Prompt
    """3.0 s; what the switch plays to those on hold."""

    @property
    def missing(self) -> Prompt:
        return Prompt(self.folder / "missing.alaw")


@dataclass(slots=True)
class Stage:
    """What every contract test gets."""

    engine: Callable[[], Switch]
    """A new controller's switch; the fake is one for all."""
    world: OutsideWorld
    clock: Clock
    sounds: Sounds
    recordings: Path
    exact: bool
    """The fake: times are to the millisecond."""
    arrivals: asyncio.Queue[IncomingCall] = field(default_factory=asyncio.Queue)
    survivors: list[Survivor] = field(default_factory=list)
    _placed: list[PlacedCall] = field(default_factory=list)
    _switch: Switch | None = None
    _is_connected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def switch(self) -> Switch:
        """The last controller's."""
        if self._switch is None:
            self._switch = self.engine()
        return self._switch

    # ------------------------------------------------------------ running a controller

    async def on_call(self, call: IncomingCall) -> None:
        """Give the call to the test."""
        self.arrivals.put_nowait(call)
        await asyncio.get_running_loop().create_future()

    async def on_connected(self, survivors: Sequence[Survivor]) -> None:
        self.survivors += survivors
        self._is_connected.set()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        """A controller while the block runs."""
        self._is_connected.clear()
        self._switch = self.engine()
        running = asyncio.create_task(self.switch.run(self.on_call, self.on_connected))
        try:
            async with asyncio.timeout(10):
                await self._is_connected.wait()
            yield running
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    # ------------------------------------------------------------ actors

    async def incoming(self, caller: str = CALLER) -> tuple[PlacedCall, IncomingCall]:
        """Somebody calls; both ends of the call."""
        outside = await self.world.call(HOTLINE, caller=caller)
        self._placed.append(outside)
        async with asyncio.timeout(10):
            return outside, await self.arrivals.get()

    @property
    def music(self) -> Path:
        """How music on hold shows in what somebody heard."""
        return Path("music:default") if self.exact else self.sounds.music.path

    def phone(self, last: int = 1) -> OutsidePhone:
        return self.world.phone(f"1390000000{last}")

    def target(self, last: int = 1) -> PhoneTarget:
        return PhoneTarget(f"1390000000{last}", self.world.trunk)

    def connect_plan(self, last: int = 1, ring_timeout: float = 5.0, **more: object) -> ConnectPlan:
        return ConnectPlan(
            target=self.target(last),
            ring_timeout=ring_timeout,
            caller_id=CallerId(CALLER),
            **more,  # type: ignore[arg-type]
        )

    def dial_plan(self, *lasts: int, ring_timeout: float = 5.0, **more: object) -> DialPlan:
        return DialPlan(
            targets=[self.target(last) for last in lasts or (1,)],
            ring_timeout=ring_timeout,
            caller_id=CallerId(CALLER),
            **more,  # type: ignore[arg-type]
        )

    async def clear(self) -> None:
        for outside in self._placed:
            await outside.hangup()

    async def journal_of(self, call_id: str) -> JournalEntry:
        """The journal's entry of one call, waited for."""
        deadline = self.clock.monotonic() + 5
        while self.clock.monotonic() < deadline:
            async for batch in self.switch.journal():
                for entry in batch:
                    if entry.channel_id == call_id:
                        return entry
            await self.clock.sleep(0.1)
        raise AssertionError(f"no journal entry of {call_id}")

    # ------------------------------------------------------------ time

    @contextmanager
    def takes(self, seconds: float, slack: float = REAL_SLACK) -> Iterator[None]:
        """The block lasts that long: exactly on the fake, nearly on the real switch."""
        began = self.clock.monotonic()
        yield
        passed = self.clock.monotonic() - began
        if self.exact:
            assert passed == pytest.approx(seconds, abs=0.001)
        else:
            assert seconds - 0.3 <= passed <= seconds + slack


def connected(result: Connected | NotAnswered) -> Connected:
    assert not isinstance(result, NotAnswered), result
    return result


def not_answered(result: object) -> tuple[Attempt, ...]:
    assert isinstance(result, NotAnswered), result
    return result.attempts


@contextlib.asynccontextmanager
async def meanwhile(work: Awaitable[T]) -> AsyncIterator[asyncio.Task[T]]:
    """A verb runs while the block does; cancelled if it still runs when the block fails."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    except BaseException:
        task.cancel()
        await asyncio.wait({task})
        raise


async def until(stage: Stage, holds: Callable[[], bool], within: float = 5.0) -> None:
    """Until ``holds`` does. Raises AssertionError after ``within`` seconds."""
    deadline = stage.clock.monotonic() + within
    while not holds():
        assert stage.clock.monotonic() < deadline, "did not come about in time"
        await stage.clock.sleep(0.05)
