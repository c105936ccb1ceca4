"""One who talks to the caller: an agent or a phone outside, from the answer to the hang-up."""

from __future__ import annotations

from contextlib import suppress

from hotline.agents.facts import AgentFacts
from hotline.calls.context import CallContext
from hotline.calls.events import Connected, LegEnded
from hotline.calls.reached import Reached
from hotline.calls.ring import noted
from hotline.telephony.port import (
    Cause,
    LegResult,
    RecordSpec,
    RecordWhat,
    TelephonyError,
)


class Member:
    """Keeps the leg's events and the agent's presence in step with what happens to the leg."""

    def __init__(self, ctx: CallContext, reached: Reached) -> None:
        self._ctx = ctx
        self._attempt = reached.attempt
        self._over = False
        self.leg = reached.leg
        self.number = reached.number
        self.agent: AgentFacts | None = reached.agent
        self.offer = reached.offer

    def is_agent(self, agent_id: object) -> bool:
        return self.agent is not None and self.agent.id == agent_id

    async def connected(self, *, record: bool) -> None:
        """The caller and this one talk now. Raises LegGone, SwitchDown."""
        name = f"{self._ctx.log.call_id}-{self.number}.raw" if record else None
        if name is not None:
            # It ends with the leg.
            both = RecordSpec(self._ctx.parts.spool / name, RecordWhat.STEREO)
            await self.leg.record(both)
        self._ctx.log.append(
            Connected(
                at=self._ctx.parts.clock.now(),
                leg=self.number,
                answered_at=self._ctx.call.answered_at,
                ringing_at=self._attempt.ringing_at,
                recording=name,
                line=self.leg.id,
            )
        )
        await self.presence_answered()

    async def presence_answered(self) -> None:
        """Harmless when it is known."""
        if self.agent is not None:
            presence = self._ctx.parts.talks.presence
            await noted(presence.answered(self.agent.id, self._ctx.log.call_id))

    async def presence_held(self, *, on: bool) -> None:
        if self.agent is not None:
            presence = self._ctx.parts.talks.presence
            await noted(presence.held(self.agent.id, self._ctx.log.call_id, on))

    async def hang_up(self, cause: int = int(Cause.NORMAL)) -> None:
        """It leaves, whoever hung up; harmless when it has left."""
        with suppress(TelephonyError):
            await self.leg.hangup()
        await self.gone(LegResult.ANSWERED, cause)

    async def gone(self, result: LegResult, cause: int, *, missed: bool = False) -> None:
        """Note that it has left; with ``missed`` before it talked."""
        if self._over:
            return
        self._over = True
        self._ctx.log.append(
            LegEnded(
                at=self._ctx.parts.clock.now(),
                leg=self.number,
                result=result,
                sip_code=self._attempt.sip_code,
                cause=cause,
                ringing_at=self._attempt.ringing_at,
                answered_at=self._attempt.answered_at,
            )
        )
        if self.agent is not None:
            presence, call_id = self._ctx.parts.talks.presence, self._ctx.log.call_id
            step = presence.missed if missed else presence.ended
            await noted(step(self.agent.id, call_id))
