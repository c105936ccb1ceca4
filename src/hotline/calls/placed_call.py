"""A leg that we dialled, in the place of a caller: for calls that Hotline makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime

from hotline.telephony.port import (
    Attempt,
    CallerGone,
    Cause,
    Collected,
    CollectPlan,
    Connected,
    ConnectPlan,
    Dialled,
    DialPlan,
    IncomingCall,
    Leg,
    LegGone,
    Line,
    Media,
    NotAnswered,
    Played,
    RecordedMessage,
    Recorder,
    RecordPlan,
    RecordSpec,
    Switch,
    TelephonyError,
)


class NotOfPlacedCalls(TelephonyError):
    """A verb that needs a channel which came in from a carrier."""


class PlacedCall:
    """Implements ``port.IncomingCall`` on an answered leg: whoever we called is the caller now."""

    def __init__(
        self,
        switch: Switch,
        leg: Leg,
        *,
        dialled: str,
        caller: str,
        carrier: str,
        arrived_at: datetime,
        answered_at: datetime,
    ) -> None:
        """``caller`` is the customer's number, ``dialled`` the one of ours that they see."""
        self.leg = leg
        self.dialled = dialled
        self.caller = caller
        self.carrier = carrier
        self.arrived_at = arrived_at
        self.answered_at: datetime | None = answered_at
        self._switch = switch
        self._attempts: list[Attempt] = []

    @property
    def id(self) -> str:
        return self.leg.id

    @property
    def node(self) -> str:
        return self._switch.node

    async def ring(self) -> None:
        """It was answered long ago."""

    async def early_media(self) -> None:
        """Its audio is open."""

    async def answer(self) -> None:
        """It was answered long ago."""

    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(self._attempts)

    async def play(self, media: Sequence[Media], *, interrupt: str = "", repeat: int = 1) -> Played:
        with _as_caller():
            return await self.leg.play(media, interrupt=interrupt, repeat=repeat)

    def music(self, name: str = "default") -> AbstractAsyncContextManager[None]:
        @asynccontextmanager
        async def playing() -> AsyncIterator[None]:
            with _as_caller():
                async with self.leg.music(name):
                    yield

        return playing()

    async def collect(self, plan: CollectPlan) -> Collected:
        with _as_caller():
            return await self.leg.collect(plan)

    async def send_digits(self, digits: str) -> None:
        with _as_caller():
            await self.leg.send_digits(digits)

    async def record(self, spec: RecordSpec) -> Recorder:
        with _as_caller():
            return await self.leg.record(spec)

    async def record_message(self, plan: RecordPlan) -> RecordedMessage:
        with _as_caller():
            return await self.leg.record_message(plan)

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        await self.leg.hangup(cause)

    async def gone(self) -> int:
        return await self.leg.gone()

    async def dial(
        self, plan: DialPlan, *, on_ringing: Callable[[], Awaitable[None]] | None = None
    ) -> Dialled | NotAnswered:
        dialled = await while_up(self.leg, self._switch.originate(plan, on_ringing=on_ringing))
        self._attempts += dialled.attempts
        return dialled

    async def connect(
        self,
        plan: ConnectPlan,
        *,
        on_dialling: Callable[[], Awaitable[None]] | None = None,  # noqa: ARG002 - the port's
        on_ringing: Callable[[], Awaitable[None]] | None = None,  # noqa: ARG002 - the port's
    ) -> Connected | NotAnswered:
        raise NotOfPlacedCalls(f"connect to {plan.target}")

    async def transfer(self, number: str) -> None:
        raise NotOfPlacedCalls(f"transfer to {number}")


def line_of(call: IncomingCall) -> Line:
    """The channel itself, as rooms know it."""
    return call.leg if isinstance(call, PlacedCall) else call


async def while_up(leg: Leg, work: Awaitable[Dialled | NotAnswered]) -> Dialled | NotAnswered:
    """Do ``work`` as long as ``leg`` is up. Raises CallerGone; what it began is cancelled."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(leg.gone())
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise CallerGone(gone.result())
    finally:
        for each in (task, gone):
            each.cancel()
        await asyncio.wait({task, gone})


@contextmanager
def _as_caller() -> Iterator[None]:
    try:
        yield
    except LegGone as gone:
        raise CallerGone(gone.cause) from gone


def _conforms(call: PlacedCall) -> IncomingCall:
    """Read by the type checker alone."""
    return call
