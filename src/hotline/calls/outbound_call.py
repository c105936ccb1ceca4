"""One call from an agent's device to a customer, a colleague or a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import structlog

from hotline.agents.facts import AgentFacts, Device
from hotline.calls.absent_colleague import leave_word
from hotline.calls.announcements import Announcer
from hotline.calls.call_log import CallLog
from hotline.calls.consult import NUMBER_RING_TIMEOUT
from hotline.calls.context import CallContext
from hotline.calls.events import (
    Answered,
    Arrived,
    Dialling,
    Direction,
    Ended,
    Exhausted,
    Failed,
    LegEnded,
    LegKind,
    Ringing,
)
from hotline.calls.extensions import QueueExtension
from hotline.calls.facts import Account, CallerIdMode, Facts, HotlineSettings
from hotline.calls.forwarding import trunk_failed
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.onward import go_onward, to_queue
from hotline.calls.oversight import overseen
from hotline.calls.parts import Parts
from hotline.calls.placed_call import PlacedCall
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import CALL_HEADER, AgentRing, noted, reach_agents
from hotline.calls.sounds import SystemSound
from hotline.calls.talk import talk_with, waiting_sound
from hotline.db.direct import DatabaseAway
from hotline.kit.numbers import PhoneNumber, parse_number
from hotline.telephony.port import (
    AccountTarget,
    Attempt,
    CallerGone,
    CallerId,
    Cause,
    Dialled,
    DialPlan,
    Leg,
    LegGone,
    LegResult,
    MediaMissing,
    Party,
    PhoneTarget,
    SwitchDown,
    Target,
)

log = structlog.get_logger(__name__)

_OUTSIDE: Final = 5
"""Digits of the shortest number outside that is dialled on a device; extensions may have fewer."""
_ZERO: Final = Decimal(0)
NO_HOTLINE: Final = UUID(int=0)
"""In place of a hotline: a placed call belongs to none."""
_WHY: Final = {
    LegResult.BUSY: SystemSound.CALLEE_BUSY,
    LegResult.REJECTED: SystemSound.CALLEE_BUSY,
    LegResult.NO_ANSWER: SystemSound.CALLEE_NO_ANSWER,
}


async def placed_facts(parts: Parts, enterprise_id: UUID, shown: str, *, internal: bool) -> Facts:
    """What the steps of a placed call ask of a hotline, whose number is ``shown``.

    Raises DatabaseAway.
    """
    trunks, recording = await parts.talks.reader.for_placing(enterprise_id)
    settings = HotlineSettings(
        hotline_id=NO_HOTLINE,
        enterprise_id=enterprise_id,
        number=shown,
        version=0,
        recording=recording and not internal,
        caller_id_mode=CallerIdMode.HOTLINE,
    )
    account = Account(active=True, balance=_ZERO, credit_limit=_ZERO)
    return Facts(settings, account, 0, trunks)


class OutboundCall:
    """One call from an agent to a customer, a colleague or a queue."""

    def __init__(
        self,
        parts: Parts,
        call_id: UUID,
        agent: AgentFacts,
        facts: Facts,
        *,
        inside: AgentFacts | QueueExtension | None,
        dialled: str,
    ) -> None:
        """``inside`` is who has the extension ``dialled``; None: that is a number outside."""
        self._parts = parts
        self._agent = agent
        self._facts = facts
        self._inside = inside
        self._number = parse_number(dialled)
        self._shown_dialled = dialled
        self._log = parts.ledger.open(call_id)
        self._own_leg = 0
        """By which the agent's device was called last."""

    async def run(self, own: tuple[Leg, Attempt] | None = None) -> None:
        """From the agent's ringing to the record. Whatever goes wrong stays in this call.

        ``own`` is the agent's device where it has called in by itself.
        """
        try:
            await self._begin()
            await self._agent_first(own)
        except (SwitchDown, asyncio.CancelledError):
            log.warning("placed_call_left_to_switch", call=str(self._log.call_id))
            raise
        except Exception:
            log.exception("placed_call_failed", call=str(self._log.call_id))
            self._log.append(Failed(at=self._now(), cause="internal_error"))
            await self._over(Party.SYSTEM)

    async def _begin(self) -> None:
        settings, called = self._facts.settings, self._number
        switch = self._parts.talks.switch
        arrived = Arrived(
            at=self._now(),
            channel_id=str(self._log.call_id),
            node=switch.node,
            trunk="",
            dialled=self._shown_dialled,
            caller=settings.number,
            caller_raw=settings.number,
            province=called.province or "",
            city=called.city or "",
            caller_carrier=called.carrier or "",
            enterprise_id=settings.enterprise_id,
            direction=Direction.INTERNAL if self._inside is not None else Direction.OUTBOUND,
            agent_id=self._agent.id,
        )
        self._log.append(arrived)
        with suppress(DatabaseAway):
            await self._parts.talks.reader.open_placed(self._log.call_id, arrived)

    # ------------------------------------------------------------ the agent's own device

    async def _agent_first(self, own: tuple[Leg, Attempt] | None) -> None:
        if own is not None:
            self._dialling(own[1].target)
            self._log.append(Answered(at=self._now(), leg=self._own_leg, line=own[0].id))
        dialled = own or await self._ring_own_device()
        if dialled is None:
            self._log.append(Exhausted(at=self._now(), reason="agent_no_answer"))
            await self._over(Party.SYSTEM)
            return
        leg, attempt = dialled
        try:
            await self._to_the_other(leg, attempt)
        except CallerGone as gone:
            self._own_leg_ended(attempt, gone.cause)
            await self._over(Party.CALLER, gone.cause)

    async def _ring_own_device(self) -> tuple[Leg, Attempt] | None:
        """Raises SwitchDown."""
        for target in self._own_targets():
            self._dialling(target)
            plan = DialPlan(
                targets=(target,),
                ring_timeout=self._agent.ring_timeout,
                caller_id=CallerId(self._shown_to_agent(target)),
                auto_answer=isinstance(target, AccountTarget),
                headers={CALL_HEADER: str(self._log.call_id)},
            )
            result = await self._parts.talks.switch.originate(plan, on_ringing=self._rings)
            attempt = result.attempts[-1]
            if isinstance(target, PhoneTarget):
                self._parts.note_attempt(target.trunk, attempt)
            if isinstance(result, Dialled):
                self._log.append(Answered(at=self._now(), leg=self._own_leg, line=result.leg.id))
                return result.leg, attempt
            self._own_leg_ended(attempt, attempt.cause or int(Cause.NORMAL), attempt.result)
            if not trunk_failed(attempt):
                break
        return None

    def _dialling(self, target: Target) -> None:
        self._own_leg += 1
        self._log.append(
            Dialling(
                at=self._now(),
                leg=self._own_leg,
                target=self._agent.extension,
                trunk=target.trunk if isinstance(target, PhoneTarget) else "",
                kind=LegKind.AGENT,
                agent_id=self._agent.id,
            )
        )

    def _own_targets(self) -> list[Target]:
        agent = self._agent
        if agent.device is not Device.PHONE:
            return [AccountTarget(agent.account)] if agent.account else []
        if not agent.phone_number:
            return []
        trunks = self._parts.trunks(self._facts.trunks)
        return [PhoneTarget(agent.phone_number, trunk) for trunk in trunks]

    def _shown_to_agent(self, target: Target) -> str:
        """Devices show who will be called, own phones the number that is approved."""
        if isinstance(target, PhoneTarget) and self._agent.outbound_number:
            return self._agent.outbound_number
        return self._shown_dialled

    async def _rings(self) -> None:
        self._log.append(Ringing(at=self._now(), leg=self._own_leg))

    # ------------------------------------------------------------ the other side

    async def _to_the_other(self, leg: Leg, attempt: Attempt) -> None:
        """Raises CallerGone when the agent hangs up before anybody talks; SwitchDown."""
        ctx = self._context(leg, attempt)
        if isinstance(self._inside, QueueExtension):
            async with overseen(ctx):
                await self._internal(ctx, attempt, to_queue(ctx, self._inside.queue_id))
            return
        async with waiting_sound(ctx):
            reached = await self._ring_other(ctx)
        if isinstance(reached, LegResult):
            await self._nobody(ctx, leg, attempt, reached)
        elif self._inside is not None:
            async with overseen(ctx):
                await self._internal(ctx, attempt, talk_with(ctx, reached))
        else:
            await self._with_customer(leg, attempt, reached)

    async def _nobody(self, ctx: CallContext, leg: Leg, attempt: Attempt, why: LegResult) -> None:
        if not await leave_word(ctx, self._inside):
            await say_why(self._parts, self._log, leg, why)
        self._log.append(Exhausted(at=self._now(), reason=why.value))
        await leg.hangup()
        self._own_leg_ended(attempt, int(Cause.NORMAL))
        await self._over(Party.SYSTEM)

    async def _ring_other(self, ctx: CallContext) -> Reached | LegResult:
        inside = self._inside
        if isinstance(inside, AgentFacts):
            timeout = inside.ring_timeout
            result = await reach_agents(ctx, [inside], ring_timeout=timeout, offer=Offer())
            return result.result if isinstance(result, AgentMissed) else result
        offer = Offer(kind=LegKind.CUSTOMER)
        return await AgentRing(ctx, self._number.digits, NUMBER_RING_TIMEOUT, offer).run()

    async def _internal(
        self,
        ctx: CallContext,
        attempt: Attempt,
        talk: Coroutine[Any, Any, TalkOver | AgentMissed | None],
    ) -> None:
        """The agent who called is the caller of this talk, or waits for it in a queue."""
        presence, call_id = self._parts.talks.presence, self._log.call_id
        await noted(presence.answered(self._agent.id, call_id))
        result = await talk
        if result is None and isinstance(ctx.call, PlacedCall):
            await self._nobody(ctx, ctx.call.leg, attempt, LegResult.NO_ANSWER)
            return
        over = await go_onward(ctx, result) if isinstance(result, TalkOver) else None
        await ctx.call.hangup()
        cause = over.cause if over is not None else int(Cause.NORMAL)
        self._own_leg_ended(attempt, cause)
        await self._over(over.by if over is not None else Party.SYSTEM, cause)

    async def _with_customer(self, leg: Leg, attempt: Attempt, reached: Reached) -> None:
        """The customer is the caller of this talk, so that the agent can hold and transfer."""
        self._log.append(Answered(at=self._now(), leg=reached.number, line=reached.leg.id))
        ctx = self._context(reached.leg, reached.attempt)
        offer = Offer(kind=LegKind.AGENT, claimed=True)
        own = Reached(leg, self._own_leg, attempt, self._agent, offer)
        async with overseen(ctx):
            await finish_outbound(
                ctx, await talk_with_customer(ctx, own), reached.number, reached.attempt
            )
        await self._released()

    def _context(self, leg: Leg, attempt: Attempt) -> CallContext:
        internal = self._inside is not None
        number = parse_number(self._agent.extension) if internal else self._number
        return placed_context(
            self._parts, self._log, self._facts, leg, number=number, attempt=attempt
        )

    # ------------------------------------------------------------ the end

    def _own_leg_ended(
        self, attempt: Attempt, cause: int, result: LegResult = LegResult.ANSWERED
    ) -> None:
        self._log.append(
            LegEnded(
                at=self._now(),
                leg=self._own_leg,
                result=result,
                sip_code=attempt.sip_code,
                cause=cause,
                ringing_at=attempt.ringing_at,
                answered_at=attempt.answered_at,
            )
        )

    async def _over(self, by: Party, cause: int = int(Cause.NORMAL)) -> None:
        self._log.append(Ended(at=self._now(), by=by, cause=cause))
        await self._released()

    async def _released(self) -> None:
        """Harmless when the agent was let go of already."""
        await noted(self._parts.talks.presence.ended(self._agent.id, self._log.call_id))

    def _now(self) -> datetime:
        return self._parts.clock.now()


def placed_context(
    parts: Parts, log_: CallLog, facts: Facts, leg: Leg, *, number: PhoneNumber, attempt: Attempt
) -> CallContext:
    """A context in which ``leg`` is the caller."""
    call = PlacedCall(
        parts.talks.switch,
        leg,
        dialled=facts.settings.number,
        caller=number.digits,
        carrier=attempt.target.trunk if isinstance(attempt.target, PhoneTarget) else "",
        arrived_at=attempt.dialled_at,
        answered_at=attempt.answered_at or parts.clock.now(),
    )
    return CallContext(parts, call, log_, facts, number, Announcer(parts, log_))


async def say_why(parts: Parts, log_: CallLog, leg: Leg, result: LegResult) -> None:
    """Tell the agent on ``leg`` what came of the call to the customer. Raises SwitchDown."""
    media = Announcer(parts, log_).system(_WHY.get(result, SystemSound.CALLEE_UNREACHABLE))
    with suppress(LegGone, MediaMissing):
        await leg.play(media)


async def talk_with_customer(ctx: CallContext, own: Reached) -> TalkOver | None:
    """``own`` is the agent, who answered first. Raises SwitchDown."""
    try:
        result = await talk_with(ctx, own)
    except CallerGone as gone:
        now = ctx.parts.clock.now()
        return TalkOver(by=Party.CALLER, cause=gone.cause, at=now)
    return result if isinstance(result, TalkOver) else None


async def finish_outbound(
    ctx: CallContext, result: TalkOver | None, leg: int, attempt: Attempt
) -> None:
    """After the agent's talk: where the customer was sent, then the end. Raises SwitchDown.

    ``leg`` and ``attempt`` are the customer's.
    """
    over = result
    try:
        if result is not None:
            over = await go_onward(ctx, result)
        await ctx.call.hangup()
    except CallerGone as gone:
        over = TalkOver(by=Party.CALLER, cause=gone.cause, at=ctx.parts.clock.now())
    # Who called is the agent: what is the caller to the talk is the callee of the call.
    by = Party.CALLER
    if over is not None and over.by is not Party.CALLEE:
        by = Party.CALLEE if over.by is Party.CALLER else Party.SYSTEM
    cause = over.cause if over is not None else int(Cause.NORMAL)
    now = ctx.parts.clock.now()
    ctx.log.append(
        LegEnded(
            at=now,
            leg=leg,
            result=LegResult.ANSWERED,
            sip_code=attempt.sip_code,
            cause=cause,
            ringing_at=attempt.ringing_at,
            answered_at=attempt.answered_at,
        )
    )
    ctx.log.append(Ended(at=now, by=by, cause=cause))
