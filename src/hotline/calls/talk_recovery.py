"""Talks that went on in the switch while no controller was there, and rings that were lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from hotline.calls.consult import BLIND, Consultation, goal_of
from hotline.calls.context import CallContext
from hotline.calls.events import (
    Answered,
    Connected,
    Consulting,
    Dialling,
    LegEnded,
    LegKind,
    Ringing,
    Transferred,
)
from hotline.calls.goals import Goal, TalkOver, ToExtension, ToNumber
from hotline.calls.placed_call import line_of
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import noted
from hotline.calls.talk_commands import VERBS
from hotline.calls.talk_member import Member
from hotline.calls.talking import Talk
from hotline.telephony.port import (
    AccountTarget,
    Attempt,
    Cause,
    Leg,
    LegResult,
    Party,
    PhoneTarget,
    Room,
)

OURS = frozenset({LegKind.AGENT, LegKind.CONSULT, LegKind.OUTSIDE, LegKind.CUSTOMER})
"""Legs that a controller commands; those of forwarding groups are the switch's own."""


@dataclass(slots=True)
class _OpenLeg:
    """What the events say of a leg that has no end yet."""

    dialling: Dialling
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    line: str = ""
    connected: bool = False


def open_legs(ctx: CallContext) -> list[_OpenLeg]:
    """The call's commanded legs that were dialled and have not ended, in order."""
    legs: dict[int, _OpenLeg] = {}
    for event in ctx.log.events:
        if isinstance(event, Dialling) and event.kind in OURS:
            legs[event.leg] = _OpenLeg(event)
    for event in ctx.log.events:
        if not isinstance(event, Ringing | Connected | Answered | Consulting | LegEnded):
            continue
        leg = legs.get(event.leg)
        if leg is None:
            continue
        match event:
            case Ringing():
                leg.ringing_at = event.at
            case Answered() | Consulting():
                leg.line, leg.answered_at = event.line, event.at
            case Connected():
                leg.line, leg.connected = event.line, True
                leg.answered_at = leg.answered_at or event.at
            case LegEnded():
                del legs[event.leg]
    return [legs[number] for number in sorted(legs)]


async def close_lost_legs(ctx: CallContext, room: Room | None) -> None:
    """End the legs that another controller dialled and that nobody has any more; their agents are
    let go, as those who only rang are already where there is no ``room``.

    Raises DatabaseAway, SwitchDown.
    """
    there = {line.id for line in room.lines} if room is not None else set()
    for leg in open_legs(ctx):
        if leg.line in there and leg.line:
            continue
        now = ctx.parts.clock.now()
        answered = leg.answered_at is not None
        ctx.log.append(
            LegEnded(
                at=now,
                leg=leg.dialling.leg,
                result=LegResult.ANSWERED if answered else LegResult.CANCELLED,
                ringing_at=leg.ringing_at,
                answered_at=leg.answered_at,
            )
        )
        agent_id, presence = leg.dialling.agent_id, ctx.parts.talks.presence
        if agent_id is not None and (answered or room is not None):
            step = presence.ended if answered else presence.released
            await noted(step(agent_id, ctx.log.call_id))


def sent_to(ctx: CallContext) -> Goal | None:
    """Where an agent sent the caller who has talked to nobody since; None: nowhere."""
    goal: Goal | None = None
    for event in sorted(ctx.log.events, key=lambda event: event.at):
        if isinstance(event, Connected):
            goal = None
        elif isinstance(event, Transferred) and event.how == BLIND:
            goal = goal_of(event.to, event.target)
    return goal


async def resume_talk(ctx: CallContext, room: Room) -> TalkOver:
    """Go on with the talk in ``room``, once :func:`close_lost_legs` has looked at it.

    Raises DatabaseAway before it begins, SwitchDown.
    """
    lines = {line.id: line for line in room.lines}
    talk = Talk(ctx, room, VERBS)
    caller = line_of(ctx.call)
    lines.pop(caller.id, None)
    for leg in open_legs(ctx):
        line = lines.pop(leg.line, None)
        if line is None:
            continue
        member = Member(ctx, await _reached(ctx, leg, cast(Leg, line)))
        if leg.connected:
            talk.members.append(member)
        else:
            dialling = leg.dialling
            goal = (
                ToExtension(dialling.target)
                if dialling.agent_id is not None
                else ToNumber(dialling.target)
            )
            talk.consultation = Consultation.under_way(ctx, goal, member)
    for stranger in lines.values():  # who rang when the controller died, and nobody knows
        await stranger.hangup()
    talk.held = room.is_held(caller)
    if not talk.members:
        if talk.consultation is not None:
            await talk.consultation.abandon()
        await room.close()
        now = ctx.parts.clock.now()
        return TalkOver(by=Party.CALLEE, cause=int(Cause.NORMAL), at=now)
    with talk.attended():
        return await talk.run()


async def _reached(ctx: CallContext, leg: _OpenLeg, line: Leg) -> Reached:
    dialling = leg.dialling
    agent = None
    if dialling.agent_id is not None:
        agent = await ctx.parts.talks.directory.by_id(dialling.agent_id)
    trunk = dialling.trunk
    attempt = Attempt(
        leg_id=line.id,
        target=PhoneTarget(dialling.target, trunk) if trunk else AccountTarget(dialling.target),
        result=LegResult.ANSWERED,
        sip_code=200,
        cause=None,
        dialled_at=dialling.at,
        ringing_at=leg.ringing_at,
        answered_at=leg.answered_at,
        ended_at=None,
    )
    offer = Offer(queue_id=dialling.queue_id, claimed=True, kind=dialling.kind)
    return Reached(line, dialling.leg, attempt, agent, offer)
