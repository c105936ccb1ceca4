"""Asking a colleague, or somebody outside, while the caller waits on hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.context import CallContext
from hotline.calls.events import Consulting, LegKind, Transferred
from hotline.calls.goals import Goal, ToExtension, ToFlowNode, ToNumber, ToQueue, ToSurvey
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import AgentRing, show_offer
from hotline.calls.talk_member import Member
from hotline.telephony.port import (
    CallerGone,
    Cause,
    LegGone,
    LegResult,
    Room,
    SwitchDown,
    TelephonyError,
)

NUMBER_RING_TIMEOUT: Final = 45.0
"""Seconds that a number outside is rung."""
BLIND: Final = "blind"
"""How a caller was sent on to whom nobody had spoken before."""
TAKEN_OVER: Final = "taken_over"
"""How a caller came to a supervisor."""


@dataclass(frozen=True, slots=True)
class ConsultOver:
    """The ringing has come out."""

    consultation: Consultation
    outcome: Reached | LegResult


class Consultation:
    """One colleague: rung, talked to, then put through, added or let go."""

    def __init__(
        self, ctx: CallContext, goal: ToExtension | ToNumber, who: AgentFacts | str
    ) -> None:
        """``who`` is an agent claimed for this call already, or a number."""
        self.goal: Goal = goal
        self.colleague: Member | None = None
        """There once they have answered."""
        self._ctx = ctx
        self._who = who
        self._task: asyncio.Task[None] | None = None

    @staticmethod
    def under_way(
        ctx: CallContext, goal: ToExtension | ToNumber, colleague: Member
    ) -> Consultation:
        """One that another controller began, and whose colleague has answered."""
        consultation = Consultation(ctx, goal, goal.number if isinstance(goal, ToNumber) else "")
        consultation.colleague = colleague
        return consultation

    def start(self, tell: Callable[[ConsultOver | TelephonyError], None]) -> None:
        """Begin to ring; ``tell`` hears how it came out, or that the caller or switch is gone."""
        self._task = asyncio.create_task(self._ring(tell))

    async def _ring(self, tell: Callable[[ConsultOver | TelephonyError], None]) -> None:
        who = self._who
        offer = Offer(claimed=True, kind=LegKind.CONSULT)
        timeout = float(who.ring_timeout) if isinstance(who, AgentFacts) else NUMBER_RING_TIMEOUT
        ring = AgentRing(self._ctx, who, timeout, offer)
        try:
            if isinstance(who, AgentFacts):
                await show_offer(self._ctx, [who], offer)
            tell(ConsultOver(self, await ring.run()))
        except (CallerGone, SwitchDown) as gone:
            tell(gone)

    @property
    def answered(self) -> bool:
        return self.colleague is not None

    def is_line(self, line_id: str) -> bool:
        return self.colleague is not None and self.colleague.leg.id == line_id

    async def put_through(self, reached: Reached, room: Room) -> bool:
        """Let agent and colleague talk; False: the colleague hung up. Raises SwitchDown."""
        colleague = Member(self._ctx, reached)
        try:
            await room.add(reached.leg)
        except LegGone as gone:
            await colleague.gone(LegResult.REJECTED, gone.cause, missed=True)
            return False
        self.colleague = colleague
        now = self._ctx.parts.clock.now()
        self._ctx.log.append(Consulting(at=now, leg=reached.number, line=reached.leg.id))
        await colleague.presence_answered()
        return True

    async def colleague_left(self, cause: int) -> None:
        if self.colleague is not None:
            await self.colleague.hang_up(cause)

    def note_transfer(self, leg: int) -> None:
        """The agent of ``leg`` hands the caller over."""
        to, target = named(self.goal)
        now = self._ctx.parts.clock.now()
        self._ctx.log.append(Transferred(at=now, leg=leg, how="consulted", to=to, target=target))

    async def stop_ringing(self) -> None:
        """Ring no more; a colleague who talks talks on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def abandon(self) -> None:
        """The colleague is let go, whether they ring or talk."""
        await self.stop_ringing()
        if self.colleague is not None:
            await self.colleague.hang_up(int(Cause.NORMAL))


def named(goal: Goal) -> tuple[str, str]:
    """A goal as events have it: what it is, and its name."""
    match goal:
        case ToExtension(extension=extension):
            return "agent", extension
        case ToNumber(number=number):
            return "number", number
        case ToQueue(queue_id=queue_id):
            return "queue", str(queue_id)
        case ToFlowNode(flow_id=flow_id):
            return "flow", str(flow_id)
        case ToSurvey():
            return "survey", ""


def goal_of(to: str, target: str) -> Goal | None:
    """The reverse of :func:`named`; None where the name alone does not tell it."""
    match to:
        case "agent":
            return ToExtension(target)
        case "number":
            return ToNumber(target)
        case "queue":
            return ToQueue(UUID(target))
        case _:
            return None
