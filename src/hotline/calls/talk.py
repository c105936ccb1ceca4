"""Talks between a caller and agents: rung, put through, commanded, noted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.context import CallContext
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import reach_agents, unless_caller_leaves
from hotline.calls.talk_commands import VERBS
from hotline.calls.talk_member import Member
from hotline.calls.talking import Talk
from hotline.telephony.port import (
    CallerGone,
    LegGone,
    LegResult,
    MediaMissing,
    Room,
    TelephonyError,
)

ROOM_PREFIX: Final = "talk-"


async def ring_agent(
    ctx: CallContext,
    agent: AgentFacts,
    *,
    ring_timeout: float | None = None,
    offer: Offer | None = None,
) -> TalkOver | AgentMissed:
    """Ring one agent and let the caller talk to them; ``ring_timeout`` None is the agent's own.

    As :func:`ring_agents`.
    """
    timeout = agent.ring_timeout if ring_timeout is None else ring_timeout
    return await ring_agents(ctx, [agent], ring_timeout=timeout, offer=offer)


async def ring_agents(
    ctx: CallContext,
    agents: Sequence[AgentFacts],
    *,
    ring_timeout: float,
    offer: Offer | None = None,
) -> TalkOver | AgentMissed:
    """Ring agents at once, put through to the first who takes the call, until the talk is over.

    The caller hears music meanwhile, or ringing where they were not answered yet. With
    ``offer.claimed`` the agents' presence is on ringing for this call already; otherwise those who
    are ready are claimed here. However it comes out, their presence goes on by itself.
    Raises CallerGone while it rings, SwitchDown.
    """
    async with waiting_sound(ctx):
        reached = await reach_agents(ctx, agents, ring_timeout=ring_timeout, offer=offer or Offer())
    if isinstance(reached, AgentMissed):
        return reached
    return await talk_with(ctx, reached)


async def talk_with(
    ctx: CallContext, reached: Reached, *, whispers: bool = True
) -> TalkOver | AgentMissed:
    """Put the caller through to whom ``reach_agents`` reached, until the talk is over.

    ``whispers``: they are told first what the hotline's callers are about.

    AgentMissed: they hung up in the same breath. Raises CallerGone, SwitchDown.
    """
    member = Member(ctx, reached)
    room: Room | None = None
    try:
        if whispers:
            await _whisper(ctx, reached)
        room = await ctx.parts.talks.switch.room(room_name(ctx.log.call_id))
        talk = Talk(ctx, room, VERBS)
        with talk.attended():
            await talk.begin(member)
            return await talk.run()
    except LegGone as gone:
        await member.gone(LegResult.REJECTED, gone.cause, missed=True)
        await _close(room)
        return AgentMissed({member.agent.id: LegResult.REJECTED} if member.agent else {})
    except CallerGone:
        await member.hang_up()
        await _close(room)
        raise


async def _close(room: Room | None) -> None:
    if room is not None:
        with suppress(TelephonyError):
            await room.close()


@asynccontextmanager
async def waiting_sound(ctx: CallContext, music: str = "default") -> AsyncIterator[None]:
    """What a caller hears while somebody is rung for them."""
    if ctx.call.answered_at is None:
        await ctx.call.ring()
        yield
        return
    async with ctx.call.music(music):
        yield


async def _whisper(ctx: CallContext, reached: Reached) -> None:
    """What the agent hears first; the caller still hears that it rings."""
    media = list(reached.offer.whisper)
    if ctx.facts.settings.whisper and not media:
        media = ctx.announcer.whisper(ctx.caller.province or "", ctx.caller.city or "")
    if not media:
        return
    with suppress(MediaMissing):
        await unless_caller_leaves(ctx, reached.leg.play(media))


def room_name(call_id: UUID) -> str:
    """How the room of a call's talks is found again."""
    return f"{ROOM_PREFIX}{call_id}"
