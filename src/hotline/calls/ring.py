"""Ringing agents and numbers outside for a caller, until somebody takes the call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

import structlog

from hotline.agents.facts import AgentFacts, Device
from hotline.calls.context import CallContext
from hotline.calls.dialling import unless_lost
from hotline.calls.events import (
    Arrived,
    Dialling,
    Direction,
    LegEnded,
    NodeEntered,
    Ringing,
)
from hotline.calls.facts import CallerIdMode
from hotline.calls.forwarding import trunk_failed
from hotline.calls.goals import AgentMissed
from hotline.calls.reached import Offer, Reached
from hotline.calls.sounds import SystemSound
from hotline.calls.vips import is_vip
from hotline.db.direct import DatabaseAway
from hotline.telephony.port import (
    AccountTarget,
    Attempt,
    CallerGone,
    CallerId,
    CollectPlan,
    Dialled,
    DialPlan,
    Leg,
    LegGone,
    LegResult,
    MediaMissing,
    NotAnswered,
    PhoneTarget,
    Target,
    TelephonyError,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

CALL_HEADER: Final = "X-Hotline-Call"
"""In the INVITE to an agent's device: the call's id."""
_CONFIRM_TRIES: Final = 2
_CONFIRM_SECONDS: Final = 5.0


def taking_over(ctx: CallContext, leg: Leg, attempt: Attempt, agent: AgentFacts) -> Reached:
    """A supervisor on the line already, as somebody whom the call has reached."""
    number = ctx.next_leg()
    ctx.log.append(
        Dialling(
            at=attempt.dialled_at,
            leg=number,
            target=agent.extension,
            trunk=getattr(attempt.target, "trunk", ""),
            kind=Offer().kind,
            agent_id=agent.id,
        )
    )
    return Reached(leg, number, attempt, agent, Offer(claimed=True))


class AgentRing:
    """One agent's device, or one number outside, rung for one call."""

    def __init__(
        self, ctx: CallContext, who: AgentFacts | str, ring_timeout: float, offer: Offer
    ) -> None:
        """``who`` is an agent or the number of a phone outside."""
        self._ctx = ctx
        self._agent = who if isinstance(who, AgentFacts) else None
        self._name = who.extension if isinstance(who, AgentFacts) else who
        self._timeout = ring_timeout
        self._offer = offer
        self._open: int | None = None
        """The leg that was dialled and has no end yet."""

    async def run(self) -> Reached | LegResult:
        """Ring until taken, or what came of it. Raises CallerGone, SwitchDown.

        However it ends, the leg has its end and the agent's presence goes on.
        """
        try:
            reached = await self._ring()
        except BaseException:
            # The caller left, another was quicker, or the controller stops: not a miss.
            self._leg_ended(LegResult.CANCELLED)
            await self._let_go(missed=False)
            raise
        if isinstance(reached, LegResult):
            missed = reached is not LegResult.CANCELLED
            await self._let_go(missed=missed, unreached=reached is LegResult.UNREACHABLE)
        return reached

    @property
    def agent_id(self) -> UUID:
        assert self._agent is not None  # noqa: S101 - asked of agents only
        return self._agent.id

    async def give_back(self, reached: Reached) -> None:
        """Another was quicker, or the caller has left."""
        self._open = reached.number
        self._leg_ended(LegResult.CANCELLED, reached.attempt)
        with suppress(TelephonyError):
            await reached.leg.hangup()
        await self._let_go(missed=False)

    async def _ring(self) -> Reached | LegResult:
        result = LegResult.UNREACHABLE
        for target in self._targets():
            leg = self._dialling(target)
            dialled = await self._dial(target, leg)
            if dialled is None:
                self._leg_ended(LegResult.UNREACHABLE)
                return LegResult.UNREACHABLE
            attempt = dialled.attempts[-1]
            if isinstance(target, PhoneTarget):
                self._ctx.parts.note_attempt(target.trunk, attempt)
            if isinstance(dialled, Dialled):
                if await self._taken(dialled.leg):
                    self._open = None
                    return Reached(dialled.leg, leg, attempt, self._agent, self._offer)
                self._leg_ended(LegResult.NO_ANSWER, attempt)
                return LegResult.NO_ANSWER
            result = attempt.result
            self._leg_ended(result, attempt)
            if not trunk_failed(attempt):
                break
        return result

    async def _dial(self, target: Target, leg: int) -> Dialled | NotAnswered | None:
        """None: the device has vanished."""
        plan, ringing = self._plan(target), partial(self._ringing, leg)
        dialling = self._ctx.call.dial(plan, on_ringing=ringing)
        if isinstance(target, PhoneTarget):
            return await dialling
        return await unless_lost(dialling, self._ctx.parts.talks.losses.wait(target.account))

    def _targets(self) -> list[Target]:
        agent = self._agent
        if agent is not None and agent.device is not Device.PHONE:
            return [AccountTarget(agent.account)] if agent.account else []
        number = agent.phone_number if agent is not None else self._name
        if not number:
            return []
        trunks = self._ctx.parts.trunks(self._ctx.facts.trunks)
        return [PhoneTarget(number, trunk) for trunk in trunks]

    def _plan(self, target: Target) -> DialPlan:
        headers = {}
        if isinstance(target, AccountTarget):
            headers[CALL_HEADER] = str(self._ctx.log.call_id)
        return DialPlan(
            targets=(target,),
            ring_timeout=self._timeout,
            caller_id=CallerId(shown_number(self._ctx, target)),
            headers=headers,
        )

    def _dialling(self, target: Target) -> int:
        leg = self._open = self._ctx.next_leg()
        self._ctx.log.append(
            Dialling(
                at=self._ctx.parts.clock.now(),
                leg=leg,
                target=self._name,
                trunk=target.trunk if isinstance(target, PhoneTarget) else "",
                kind=self._offer.kind,
                agent_id=self._agent.id if self._agent is not None else None,
                queue_id=self._offer.queue_id,
            )
        )
        return leg

    async def _ringing(self, leg: int) -> None:
        self._ctx.log.append(Ringing(at=self._ctx.parts.clock.now(), leg=leg))

    async def _taken(self, leg: Leg) -> bool:
        """Whether whoever answered wants the call: on an own phone it may be a mailbox."""
        agent = self._agent
        if agent is None or agent.device is not Device.PHONE or not agent.confirm_by_key:
            return True
        try:
            pressed = await unless_caller_leaves(self._ctx, self._pressed_one(leg))
            if not pressed:
                await leg.hangup()
        except LegGone:
            return False
        except BaseException:
            with suppress(TelephonyError):
                await leg.hangup()
            raise
        return pressed

    async def _pressed_one(self, leg: Leg) -> bool:
        for _ in range(_CONFIRM_TRIES):
            plan = CollectPlan(
                prompts=self._ctx.announcer.system(SystemSound.PRESS_ONE),
                max_digits=1,
                terminator="",
                first_digit_timeout=_CONFIRM_SECONDS,
            )
            try:
                collected = await leg.collect(plan)
            except MediaMissing:
                collected = await leg.collect(replace(plan, prompts=()))
            if collected.digits == "1":
                return True
        return False

    def _leg_ended(self, result: LegResult, attempt: Attempt | None = None) -> None:
        if self._open is None:
            return
        now = self._ctx.parts.clock.now()
        self._ctx.log.append(
            LegEnded(
                at=(attempt.ended_at if attempt is not None else None) or now,
                leg=self._open,
                result=result,
                sip_code=attempt.sip_code if attempt is not None else None,
                cause=attempt.cause if attempt is not None else None,
                ringing_at=attempt.ringing_at if attempt is not None else None,
            )
        )
        self._open = None

    async def _let_go(self, *, missed: bool, unreached: bool = False) -> None:
        if self._agent is None:
            return
        presence = self._ctx.parts.talks.presence
        step = presence.missed if missed else presence.released
        if unreached and self._agent.device is not Device.PHONE:
            # It would be offered the next call, and the next; a network's failure is not its own.
            step = presence.unreached
        await noted(step(self._agent.id, self._ctx.log.call_id))


_Ringing: TypeAlias = "asyncio.Future[Reached | LegResult]"


async def reach_agents(
    ctx: CallContext, agents: Sequence[AgentFacts], *, ring_timeout: float, offer: Offer
) -> Reached | AgentMissed:
    """Ring agents at once; the first who takes the call has it, the others are let go.

    The caller hears what the script lets them hear meanwhile. Cancelling it lets all of them go.
    Raises CallerGone, SwitchDown.
    """
    free = list(agents)
    results: dict[UUID, LegResult] = {}
    if not offer.claimed:
        free = [agent for agent in agents if await _claim(ctx, agent, offer)]
        results = {agent.id: LegResult.BUSY for agent in agents if agent not in free}
    if not free:
        return AgentMissed(results)
    try:
        await show_offer(ctx, free, offer)
    except BaseException:
        for agent in free:
            await noted(ctx.parts.talks.presence.released(agent.id, ctx.log.call_id))
        raise
    rings: dict[_Ringing, AgentRing] = {}
    for agent in free:
        ring = AgentRing(ctx, agent, ring_timeout, offer)
        rings[asyncio.ensure_future(ring.run())] = ring
    winner: Reached | None = None
    try:
        waiting = set(rings)
        while waiting and winner is None:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                outcome = task.result()
                if isinstance(outcome, Reached):
                    winner = winner or outcome
                else:
                    results[rings[task].agent_id] = outcome
        return winner or AgentMissed(results)
    finally:
        await _give_up(rings, winner)


async def _give_up(rings: Mapping[_Ringing, AgentRing], winner: Reached | None) -> None:
    """Let go of all who ring and of who was slower by a hair."""
    for task in rings:
        task.cancel()
    await asyncio.wait(rings)
    for task, ring in rings.items():
        if task.cancelled() or task.exception() is not None:
            continue
        reached = task.result()
        if isinstance(reached, Reached) and reached is not winner:
            await ring.give_back(reached)


async def _claim(ctx: CallContext, agent: AgentFacts, offer: Offer) -> bool:
    try:
        return await ctx.parts.talks.presence.claim(
            agent.id, ctx.log.call_id, offer.queue_id, ctx.call.node
        )
    except DatabaseAway:
        return True  # the phone itself will say whether it is busy


async def show_offer(ctx: CallContext, agents: Sequence[AgentFacts], offer: Offer) -> None:
    """Tell the agents' clients what is about to ring."""
    settings, caller, now = ctx.facts.settings, ctx.caller, ctx.parts.clock.now()
    since = offer.since or ctx.call.arrived_at
    path = [
        event.title for event in ctx.log.events if isinstance(event, NodeEntered) and event.title
    ]
    details = {
        "caller": caller.digits,
        "province": caller.province or "",
        "city": caller.city or "",
        "vip": is_vip(ctx),
        "dialled": settings.number,
        "hotline_id": settings.hotline_id,
        "menu_path": path[-20:],
        "waited_seconds": max(0, round((now - since).total_seconds())),
        "queue_id": offer.queue_id,
        "queue_name": offer.queue_name,
        "kind": "callback" if offer.callback else offer.kind,
    }
    await ctx.parts.talks.reader.offer(
        settings.enterprise_id,
        ctx.log.call_id,
        [agent.id for agent in agents],
        caller=caller.digits,
        details=details,
        at=now,
    )


def shown_number(ctx: CallContext, target: Target) -> str:
    """The caller id for a target: SIP devices show the customer, phones what the hotline says."""
    arrived = next(event for event in ctx.log.events if isinstance(event, Arrived))
    settings = ctx.facts.settings
    if arrived.direction is Direction.OUTBOUND and isinstance(target, AccountTarget):
        return arrived.dialled
    shows = isinstance(target, AccountTarget) or settings.caller_id_mode is CallerIdMode.CALLER
    return arrived.caller if shows and arrived.caller else settings.number


async def unless_caller_leaves(ctx: CallContext, work: Awaitable[T]) -> T:
    """Do ``work``, which the caller's hang-up would not end by itself. Raises CallerGone too."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(ctx.call.gone())
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise CallerGone(gone.result())
    finally:
        for each in (task, gone):
            each.cancel()
        await asyncio.wait({task, gone})


async def noted(step: Awaitable[object]) -> None:
    """A step of an agent's presence, taken also when whoever takes it is cancelled meanwhile;
    without the database it is made up for later."""
    task = asyncio.ensure_future(_quietly(step))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def _quietly(step: Awaitable[object]) -> None:
    try:
        await step
    except DatabaseAway as away:
        log.warning("presence_not_noted", error=away.detail)
