"""Placed calls that talk on in the switch after their controller has died."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import cast
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.events import Answered, Arrived, Dialling, Direction, Ended, LegKind
from hotline.calls.goals import TalkOver
from hotline.calls.onward import go_onward
from hotline.calls.outbound_call import finish_outbound, placed_context, placed_facts
from hotline.calls.oversight import overseen
from hotline.calls.parts import Parts
from hotline.calls.repository import StoredCall
from hotline.calls.ring import noted
from hotline.calls.talk import ROOM_PREFIX
from hotline.calls.talk_recovery import close_lost_legs, resume_talk
from hotline.kit.numbers import parse_number
from hotline.telephony.port import (
    AccountTarget,
    Attempt,
    CallerGone,
    Cause,
    Leg,
    LegResult,
    Party,
    PhoneTarget,
    Room,
    TelephonyError,
)


def call_of(room: Room) -> UUID | None:
    """The call whose talk is in ``room``."""
    if not room.name.startswith(ROOM_PREFIX):
        return None
    try:
        return UUID(room.name.removeprefix(ROOM_PREFIX))
    except ValueError:
        return None


async def resume_placed(parts: Parts, call_id: UUID, room: Room) -> bool:
    """Go on with a placed call, or clear the room of a call that is over; which of the two.

    Raises DatabaseAway before anything is done, SwitchDown.
    """
    stored = await parts.repository.stored(call_id)
    arrived = next((event for event in stored.events if isinstance(event, Arrived)), None)
    if stored.ended or arrived is None or arrived.direction is Direction.INBOUND:
        await _clear(room)
        return False
    caller = _caller_leg(stored, arrived)
    lines = {line.id: line for line in room.lines}
    agent_id = arrived.agent_id or _agent_in(stored, lines.keys())
    agent = await parts.talks.directory.by_id(agent_id) if agent_id is not None else None
    if caller is None or caller[1].line not in lines or agent is None:
        await _clear(room)
        return False
    await _go_on(parts, stored, room, caller, agent)
    return True


def _agent_in(stored: StoredCall, lines: Collection[str]) -> UUID | None:
    """Who took the call where several agents were rung for it at once."""
    answered = {
        event.leg for event in stored.events if isinstance(event, Answered) and event.line in lines
    }
    taken = (e for e in stored.events if isinstance(e, Dialling) and e.leg in answered)
    return next((one.agent_id for one in taken if one.agent_id is not None), None)


def _caller_leg(stored: StoredCall, arrived: Arrived) -> tuple[Dialling, Answered] | None:
    """Who is the caller to the talk: the customer, or the agent who calls a colleague."""
    internal = arrived.direction is Direction.INTERNAL
    wanted = LegKind.AGENT if internal else LegKind.CUSTOMER
    answered = {event.leg: event for event in stored.events if isinstance(event, Answered)}
    for event in stored.events:
        if isinstance(event, Dialling) and event.kind is wanted and event.leg in answered:
            return event, answered[event.leg]
    return None


async def _go_on(
    parts: Parts,
    stored: StoredCall,
    room: Room,
    caller: tuple[Dialling, Answered],
    agent: AgentFacts,
) -> None:
    dialling, answered = caller
    arrived = next(event for event in stored.events if isinstance(event, Arrived))
    internal = arrived.direction is Direction.INTERNAL
    shown = arrived.caller
    facts = await placed_facts(parts, agent.enterprise_id, shown, internal=internal)
    leg = cast(Leg, next(line for line in room.lines if line.id == answered.line))
    trunk, target = dialling.trunk, dialling.target
    attempt = Attempt(
        leg_id=leg.id,
        target=PhoneTarget(target, trunk) if trunk else AccountTarget(target),
        result=LegResult.ANSWERED,
        sip_code=200,
        cause=None,
        dialled_at=dialling.at,
        ringing_at=None,
        answered_at=answered.at,
        ended_at=None,
    )
    log = parts.ledger.open(stored.call_id, stored.events)
    number = parse_number(agent.extension if internal else arrived.dialled)
    ctx = placed_context(parts, log, facts, leg, number=number, attempt=attempt)
    await close_lost_legs(ctx, room)
    async with overseen(ctx):
        result = await resume_talk(ctx, room)
        if internal:
            over: TalkOver | None = result
            with suppress(CallerGone):
                over = await go_onward(ctx, result)
            await leg.hangup()
            by = over.by if over is not None else Party.SYSTEM
            log.append(Ended(at=parts.clock.now(), by=by, cause=int(Cause.NORMAL)))
        else:
            await finish_outbound(ctx, result, dialling.leg, attempt)
    await noted(parts.talks.presence.ended(agent.id, stored.call_id))


async def _clear(room: Room) -> None:
    for line in room.lines:
        with suppress(TelephonyError):
            await line.hangup()
    with suppress(TelephonyError):
        await room.close()
