"""Where callers go whom an agent has sent on, until nobody sends them any further."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import structlog

from hotline.calls.consult import NUMBER_RING_TIMEOUT
from hotline.calls.context import CallContext
from hotline.calls.events import Connected, Dialling, LegKind, QueueEntered
from hotline.calls.extensions import QueueExtension, who_has
from hotline.calls.facts import ForwardingGroup
from hotline.calls.forward import Forward
from hotline.calls.goals import (
    AgentMissed,
    Goal,
    TalkOver,
    ToExtension,
    ToNumber,
    ToQueue,
    ToSurvey,
)
from hotline.calls.message_settings import VoicemailPlan
from hotline.calls.queue_ring import ring_for_queue
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import AgentRing
from hotline.calls.survey import ask_survey
from hotline.calls.talk import ring_agent, talk_with, waiting_sound
from hotline.calls.voicemail import take_message
from hotline.calls.waiting import WaitOver, Wish, wait_in_queue
from hotline.db.direct import DatabaseAway
from hotline.queues.settings import Exit, Overflow, OverflowKind
from hotline.telephony.port import Cause, Party

log = structlog.get_logger(__name__)

_MOST_GOALS: Final = 50
"""Times that one caller may be sent on; more is a circle."""


async def go_onward(ctx: CallContext, over: TalkOver) -> TalkOver | None:
    """Take the caller where the talk's end sends them, and on; None: nobody was there.

    A caller whose next agent does not answer goes back to the queue they came from, if any.
    Raises CallerGone, SwitchDown.
    """
    settings = ctx.facts.settings
    for _ in range(_MOST_GOALS):
        goal = over.onward
        if goal is None:
            if over.by is not Party.CALLER and over.queue_id is not None:
                await _survey(ctx, await _survey_of(ctx, over.queue_id))
            return over
        if isinstance(goal, ToSurvey):
            await _survey(ctx, await _survey_of(ctx, over.queue_id) or settings.survey_id)
            return over
        following = await _take_to(ctx, goal)
        if following is None:
            if over.queue_id is None or isinstance(goal, ToQueue):
                return None
            following = await to_queue(ctx, over.queue_id)
            if following is None:
                return None
        over = following
    return None


async def _take_to(ctx: CallContext, goal: Goal) -> TalkOver | None:
    match goal:
        case ToExtension(extension=extension):
            return await _extension(ctx, extension)
        case ToNumber(number=number):
            return await call_number(ctx, number)
        case ToQueue(queue_id=queue_id):
            return await to_queue(ctx, queue_id)
        case _:
            return None


async def _survey_of(ctx: CallContext, queue_id: UUID | None) -> UUID | None:
    """What the queue wants its callers to be asked, if anything."""
    floor = ctx.parts.floor
    if floor is None or queue_id is None:
        return None
    try:
        queue = await floor.settings(queue_id)
    except DatabaseAway:
        return None
    return queue.survey_id if queue is not None else None


async def _survey(ctx: CallContext, survey_id: UUID | None) -> None:
    """Ask it, where there is one. Raises CallerGone, SwitchDown."""
    if survey_id is None:
        return
    enterprise_id = ctx.facts.settings.enterprise_id
    plan = await ctx.parts.repository.messages.survey(enterprise_id, survey_id)
    if plan is not None:
        await ask_survey(ctx, plan)


async def _extension(ctx: CallContext, extension: str) -> TalkOver | None:
    enterprise_id = ctx.facts.settings.enterprise_id
    try:
        found = await who_has(ctx.parts.talks, enterprise_id, extension)
    except DatabaseAway:
        return None
    if found is None:
        return None
    if isinstance(found, QueueExtension):
        return await to_queue(ctx, found.queue_id)
    result = await ring_agent(ctx, found)
    return None if isinstance(result, AgentMissed) else result


async def call_number(ctx: CallContext, number: str) -> TalkOver | None:
    """Let the caller talk to a phone outside. Raises CallerGone, SwitchDown."""
    offer = Offer(kind=LegKind.OUTSIDE)
    async with waiting_sound(ctx):
        reached = await AgentRing(ctx, number, NUMBER_RING_TIMEOUT, offer).run()
    if not isinstance(reached, Reached):
        return None
    result = await talk_with(ctx, reached)
    return None if isinstance(result, AgentMissed) else result


async def to_queue(ctx: CallContext, queue_id: UUID) -> TalkOver | None:
    """Let the caller wait there; None: nobody has talked. Raises CallerGone, SwitchDown.

    Who comes back to a queue has the priority of before.
    """
    before = [
        event.priority
        for event in ctx.log.events
        if isinstance(event, QueueEntered) and event.queue_id == queue_id
    ]
    wish = Wish(priority=max(before, default=0), after_others=frozenset(_talked_with(ctx)))
    over = await wait_in_queue(ctx, queue_id, ring_for_queue, wish)
    return over.talk or await not_served(ctx, over)


def _talked_with(ctx: CallContext) -> Iterator[UUID]:
    """The agents whom the caller has talked to."""
    connected = {event.leg for event in ctx.log.events if isinstance(event, Connected)}
    for event in ctx.log.events:
        if isinstance(event, Dialling) and event.leg in connected and event.agent_id is not None:
            yield event.agent_id


async def not_served(ctx: CallContext, over: WaitOver) -> TalkOver | None:
    """Take a caller who was not served where the queue's settings say; None: nowhere.

    A message for which no box is named is one for the queue's own, or else the hotline's. Raises
    CallerGone, SwitchDown.
    """
    if wants_a_message(over):
        settings, messages = ctx.facts.settings, ctx.parts.repository.messages
        box = await messages.box_of(settings.enterprise_id, over.queue_id)
        return await _message(
            ctx, box or await messages.box_of(settings.enterprise_id, settings.hotline_id)
        )
    return await overflow_to(ctx, over.overflow) if over.overflow is not None else None


def wants_a_message(over: WaitOver) -> bool:
    """Whether the caller is to leave a message, and the queue's settings name no box for it."""
    to = over.overflow
    if to is None:
        return over.exit is Exit.VOICEMAIL
    return to.kind is OverflowKind.VOICEMAIL and to.id is None


async def _group(ctx: CallContext, group_id: UUID) -> ForwardingGroup | None:
    settings = ctx.facts.settings
    known = settings.material.groups.get(group_id)
    if known is not None:
        return known
    try:
        return await ctx.parts.repository.group(settings.enterprise_id, group_id)
    except DatabaseAway:
        return None


async def overflow_to(ctx: CallContext, overflow: Overflow) -> TalkOver | None:
    """Take a caller to whom a queue passes those it does not serve; None: nobody was there.

    A message ends the call, as a plain hang-up does. Raises CallerGone, SwitchDown.
    """
    match overflow.kind:
        case OverflowKind.NUMBER if await _is_approved(ctx, overflow.number):
            return await call_number(ctx, overflow.number)
        case OverflowKind.GROUP if overflow.id is not None:
            return await _forward(ctx, overflow.id)
        case OverflowKind.VOICEMAIL if overflow.id is not None:
            messages = ctx.parts.repository.messages
            enterprise_id = ctx.facts.settings.enterprise_id
            return await _message(ctx, await messages.box(enterprise_id, overflow.id))
        case OverflowKind.HANGUP:
            return _over_by_us(ctx)
        case _:
            return None


async def _forward(ctx: CallContext, group_id: UUID) -> TalkOver | None:
    forward = Forward(ctx, await _group(ctx, group_id))
    await forward.claim_next()
    ended = await forward.run()
    if forward.taker is not None:
        result = await talk_with(ctx, forward.taker, whispers=False)
        return None if isinstance(result, AgentMissed) else result
    return TalkOver(by=ended.by, cause=ended.cause, at=ended.at) if ended is not None else None


async def _is_approved(ctx: CallContext, number: str) -> bool:
    """Whether it may (still) be dialled: approvals are taken back, also of what settings name."""
    enterprise_id = ctx.facts.settings.enterprise_id
    try:
        approved = await ctx.parts.talks.reader.number_is_approved(enterprise_id, number)
    except DatabaseAway:
        return False
    if not approved:
        log.warning("overflow_not_approved", number=number)
    return approved


async def _message(ctx: CallContext, box: VoicemailPlan | None) -> TalkOver | None:
    if box is None:
        return None
    await take_message(ctx, box)
    return _over_by_us(ctx)


def _over_by_us(ctx: CallContext) -> TalkOver:
    return TalkOver(by=Party.SYSTEM, cause=int(Cause.NORMAL), at=ctx.parts.clock.now())
