"""The customer of a callback while the agent is rung first: nobody is on that line yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from uuid import UUID

from hotline.calls.placed_call import NotOfPlacedCalls
from hotline.telephony.port import (
    Attempt,
    Cause,
    Collected,
    CollectPlan,
    Connected,
    ConnectPlan,
    Dialled,
    DialPlan,
    IncomingCall,
    Media,
    NotAnswered,
    Played,
    RecordedMessage,
    Recorder,
    RecordPlan,
    RecordSpec,
    Switch,
)


class AbsentCustomer:
    """Implements ``port.IncomingCall`` as far as ringing agents asks of it: it never hangs up."""

    carrier = ""
    answered_at: datetime | None = None

    def __init__(
        self, switch: Switch, call_id: UUID, *, dialled: str, caller: str, since: datetime
    ) -> None:
        """``caller`` is the customer's number, ``dialled`` the one of ours that they will see."""
        self.id = str(call_id)
        self.dialled = dialled
        self.caller = caller
        self.arrived_at = since
        self._switch = switch
        self._attempts: list[Attempt] = []

    @property
    def node(self) -> str:
        return self._switch.node

    async def ring(self) -> None:
        """There is nobody to hear it."""

    async def early_media(self) -> None:
        """There is nobody to hear it."""

    async def answer(self) -> None:
        """Nobody has called."""

    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(self._attempts)

    async def gone(self) -> int:
        """Nobody is there to leave."""
        await asyncio.Event().wait()
        return int(Cause.NORMAL)

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        """Nobody is on the line."""

    async def dial(
        self, plan: DialPlan, *, on_ringing: Callable[[], Awaitable[None]] | None = None
    ) -> Dialled | NotAnswered:
        dialled = await self._switch.originate(plan, on_ringing=on_ringing)
        self._attempts += dialled.attempts
        return dialled

    def music(self, name: str = "default") -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - the port's
        @asynccontextmanager
        async def silence() -> AsyncIterator[None]:
            yield

        return silence()

    async def play(self, media: Sequence[Media], *, interrupt: str = "", repeat: int = 1) -> Played:
        raise NotOfPlacedCalls(f"play {media} to nobody, {repeat} times until {interrupt}")

    async def collect(self, plan: CollectPlan) -> Collected:
        raise NotOfPlacedCalls(f"collect {plan} from nobody")

    async def send_digits(self, digits: str) -> None:
        raise NotOfPlacedCalls(f"send {digits} to nobody")

    async def record(self, spec: RecordSpec) -> Recorder:
        raise NotOfPlacedCalls(f"record {spec} of nobody")

    async def record_message(self, plan: RecordPlan) -> RecordedMessage:
        raise NotOfPlacedCalls(f"record {plan} of nobody")

    async def connect(
        self,
        plan: ConnectPlan,
        *,
        on_dialling: Callable[[], Awaitable[None]] | None = None,  # noqa: ARG002 - the port's
        on_ringing: Callable[[], Awaitable[None]] | None = None,  # noqa: ARG002 - the port's
    ) -> Connected | NotAnswered:
        raise NotOfPlacedCalls(f"connect nobody to {plan.target}")

    async def transfer(self, number: str) -> None:
        raise NotOfPlacedCalls(f"transfer nobody to {number}")


def _conforms(call: AbsentCustomer) -> IncomingCall:
    """Read by the type checker alone."""
    return call
