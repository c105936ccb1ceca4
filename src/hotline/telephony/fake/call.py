"""An incoming call under a controller's command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from hotline.kit.clock import Clock
from hotline.telephony.fake.channel import Channel
from hotline.telephony.fake.connecting import Connecting
from hotline.telephony.fake.line import Line
from hotline.telephony.fake.outgoing import ring_out
from hotline.telephony.fake.party import FakeParty
from hotline.telephony.fake.ringing import DialledLine
from hotline.telephony.fake.session import Session
from hotline.telephony.port import (
    Attempt,
    CallerGone,
    Cause,
    Connected,
    ConnectPlan,
    Dialled,
    DialPlan,
    Ended,
    LegResult,
    NotAnswered,
)

Told = Callable[[], Awaitable[None]]


class FakeConnected:
    """Implements ``port.Connected``."""

    def __init__(
        self, session: Session, caller: Line, connecting: Connecting, winner: DialledLine
    ) -> None:
        self._session = session
        self._caller = caller
        self._connecting = connecting
        self._winner = winner

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return self._connecting.ringing.attempts

    @property
    def answered(self) -> Attempt:
        return self._winner.attempt

    async def ended(self) -> Ended:
        await self._session.run(_reached(self._connecting.over))
        talk = self._connecting.talk
        assert talk is not None  # noqa: S101 - a conversation that is over has an end
        return talk

    async def hangup(self) -> None:
        await self._session.reachable()
        self._winner.line.end(int(Cause.NORMAL), by_outside=False)


class FakeIncomingCall(FakeParty):
    """Implements ``port.IncomingCall``."""

    def __init__(
        self,
        clock: Clock,
        session: Session,
        channel: Channel,
        node: str,
        left_alone: Callable[[Channel], None],
    ) -> None:
        super().__init__(clock, session, channel.line)
        self._channel = channel
        self._node = node
        self._left_alone = left_alone

    @property
    def node(self) -> str:
        return self._node

    @property
    def dialled(self) -> str:
        return self._channel.dialled

    @property
    def caller(self) -> str:
        return self._channel.caller

    @property
    def carrier(self) -> str:
        return self._channel.carrier

    @property
    def arrived_at(self) -> datetime:
        return self._channel.arrived_at

    @property
    def answered_at(self) -> datetime | None:
        return self.line.answered_at

    def attempts(self) -> tuple[Attempt, ...]:
        return self._channel.attempts

    # ------------------------------------------------------------ signalling

    async def ring(self) -> None:
        await self._tell(self.line.ring)

    async def early_media(self) -> None:
        await self._tell(self.line.open_early)

    async def answer(self) -> None:
        await self._tell(self.line.answer)

    async def transfer(self, number: str) -> None:
        def refer() -> None:
            self.line.transferred_to = number
            self.line.end(int(Cause.NORMAL), by_outside=False)

        await self._session.reachable()
        if self.line.over is not None:
            raise self._gone(self.line.over.cause)
        refer()

    async def _tell(self, what: Callable[[], None]) -> None:
        async def tell() -> None:
            what()

        await self._run(tell())

    # ------------------------------------------------------------ others

    async def connect(
        self,
        plan: ConnectPlan,
        *,
        on_dialling: Told | None = None,
        on_ringing: Told | None = None,
    ) -> Connected | NotAnswered:
        await self._session.reachable()
        if self.line.over is not None:
            raise self._gone(self.line.over.cause)
        connecting = self._channel.connect(plan, self._left_alone)
        try:
            for milestone, told in (
                (connecting.dialling, on_dialling),
                (connecting.rang, on_ringing),
            ):
                await self._session.run(_reached(milestone))
                if told is not None and not connecting_failed(connecting, milestone):
                    await told()
            return await self.outcome_of(connecting)
        except asyncio.CancelledError:
            if self._session.is_whole:
                connecting.cancel()
            raise

    async def outcome_of(self, connecting: Connecting) -> Connected | NotAnswered:
        """How a forward comes out; see ``connect``."""
        await self._session.run(_reached(connecting.decided))
        if connecting.winner is not None:
            return FakeConnected(self._session, self.line, connecting, connecting.winner)
        if self.line.over is not None:
            raise self._gone(self.line.over.cause)
        return NotAnswered(connecting.ringing.attempts)

    async def dial(
        self, plan: DialPlan, *, on_ringing: Told | None = None
    ) -> Dialled | NotAnswered:
        ringing = self._channel.ringing(plan)
        try:
            return await self._run(
                ring_out(self._clock, self._session, plan, ringing, on_ringing=on_ringing)
            )
        except (CallerGone, asyncio.CancelledError):  # in the moment of the answer, perhaps
            if not self._session.is_dropped:
                ringing.abandon()
            raise


def connecting_failed(connecting: Connecting, milestone: asyncio.Future[None]) -> bool:
    """True when the milestone was passed only because all is over."""
    rang = any(
        attempt.ringing_at is not None or attempt.result is LegResult.ANSWERED
        for attempt in connecting.ringing.attempts
    )
    if milestone is connecting.rang:
        return connecting.decided.done() and not rang
    return connecting.decided.done() and not connecting.ringing.dialled


async def _reached(milestone: asyncio.Future[None]) -> None:
    await asyncio.shield(milestone)
