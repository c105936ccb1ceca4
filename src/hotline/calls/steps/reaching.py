"""Nodes that put the caller through to somebody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hotline.calls.context import CallContext, Over
from hotline.calls.events import Exhausted
from hotline.calls.facts import ForwardingGroup, Strategy
from hotline.calls.flow import END
from hotline.calls.forward import Forward
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.onward import go_onward
from hotline.calls.talk import talk_with
from hotline.flows.reaching import GroupNode, TransferNode
from hotline.telephony import port
from hotline.telephony.port import CallerGone, Party

ANSWERED, UNANSWERED = "answered", "unanswered"


async def group(ctx: CallContext, node: GroupNode) -> str:
    forward = Forward(ctx, ctx.facts.settings.material.groups.get(node.group))
    claim = ctx.take_claim(node.group)
    if claim is not None:
        forward.claimed = claim.destination
    elif ctx.by_memory:
        forward.claim_from_memory()
    else:
        await forward.claim_next()
    ctx.notice_recording()
    return await forwarded(ctx, forward, forward.run)


async def transfer(ctx: CallContext, node: TransferNode) -> str:
    destination = ctx.facts.settings.material.destinations.get(node.destination)
    members = (destination,) if destination is not None else ()
    forward = Forward(ctx, ForwardingGroup(node.destination, Strategy.PRIORITY, members))
    await forward.claim_next()
    ctx.notice_recording()
    return await forwarded(ctx, forward, forward.run)


async def forwarded(
    ctx: CallContext, forward: Forward, going_on: Callable[[], Awaitable[port.Ended | None]]
) -> str:
    """The exit after ``going_on``, which is ``forward.run`` or an adoption by it."""
    try:
        ended = await going_on()
    except CallerGone:
        forward.note_attempts()
        raise
    if forward.taker is not None:
        return await talked(ctx, await talk_with(ctx, forward.taker, whispers=False))
    if ended is None:
        return UNANSWERED
    ctx.over = Over(ended.by, ended.cause, ended.at)
    return ANSWERED


async def talked(ctx: CallContext, result: TalkOver | AgentMissed | None) -> str:
    """The exit after a talk and whatever followed from it. Raises CallerGone, SwitchDown."""
    over = await go_onward(ctx, result) if isinstance(result, TalkOver) else None
    if over is not None:
        ctx.over = Over(over.by, over.cause, over.at)
        return END if over.by is Party.SYSTEM else ANSWERED
    reason = result.result.value if isinstance(result, AgentMissed) else "no_answer"
    ctx.log.append(Exhausted(at=ctx.parts.clock.now(), reason=reason))
    return UNANSWERED
