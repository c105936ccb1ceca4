"""Rings the agents whom a queue has chosen; see ``waiting.Ringer``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from hotline.calls.context import CallContext
from hotline.calls.goals import AgentMissed, TalkOver, ToQueue
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import noted, reach_agents
from hotline.calls.talk import talk_with
from hotline.db.direct import DatabaseAway
from hotline.queues.settings import QueueSettings
from hotline.telephony.port import Cause, LegResult, Media, Party, Prompt


@dataclass(frozen=True, slots=True)
class TakenByAgent:
    """Implements ``waiting.Taken``."""

    ctx: CallContext
    reached: Reached

    @property
    def agent_id(self) -> UUID:
        assert self.reached.agent is not None  # noqa: S101 - only agents were rung
        return self.reached.agent.id

    async def talk(self) -> TalkOver:
        result = await talk_with(self.ctx, self.reached)
        if isinstance(result, TalkOver):
            return result
        # The agent hung up in the same breath: the caller has a claim to the next one.
        queue_id = self.reached.offer.queue_id
        return TalkOver(
            by=Party.CALLEE,
            cause=int(Cause.NORMAL),
            at=self.ctx.parts.clock.now(),
            agent_id=self.agent_id,
            queue_id=queue_id,
            onward=ToQueue(queue_id) if queue_id is not None else None,
        )


async def ring_for_queue(
    ctx: CallContext, agents: Sequence[UUID], queue: QueueSettings, since: datetime
) -> TakenByAgent | AgentMissed:
    """Implements ``waiting.Ringer``. Raises CallerGone, SwitchDown."""
    reached = await reach_for_queue(ctx, agents, queue, since)
    return reached if isinstance(reached, AgentMissed) else TakenByAgent(ctx, reached)


async def reach_for_queue(
    ctx: CallContext,
    agents: Sequence[UUID],
    queue: QueueSettings,
    since: datetime,
    *,
    callback: bool = False,
) -> Reached | AgentMissed:
    """Ring agents who are claimed for a caller of ``queue`` who has waited since ``since``.

    ``callback``: the caller waits at home. Raises CallerGone, SwitchDown.
    """
    presence = ctx.parts.talks.presence
    try:
        known = await ctx.parts.talks.directory.by_ids(agents)
    except DatabaseAway:
        known = {}
    for agent_id in agents:
        if agent_id not in known:
            await noted(presence.released(agent_id, ctx.log.call_id))
    missed = {agent_id: LegResult.UNREACHABLE for agent_id in agents if agent_id not in known}
    if not known:
        return AgentMissed(missed)
    offer = Offer(
        queue_id=queue.id,
        queue_name=queue.name,
        since=since,
        recording=queue.recording,
        whisper=_whisper(ctx, queue, callback=callback),
        claimed=True,
        callback=callback,
    )
    reached = await reach_agents(
        ctx,
        [known[agent_id] for agent_id in agents if agent_id in known],
        ring_timeout=queue.ring_timeout,
        offer=offer,
    )
    if isinstance(reached, AgentMissed):
        return replace(reached, results={**reached.results, **missed})
    return reached


def _whisper(ctx: CallContext, queue: QueueSettings, *, callback: bool) -> list[Media]:
    """The queue's name, where agents are told it; nothing while the sound is not made."""
    if not queue.whisper:
        return []
    path = ctx.parts.system_sounds.phrase(whisper_words(queue, callback=callback))
    return [Prompt(path)] if path is not None else []


def whisper_words(queue: QueueSettings, *, callback: bool) -> str:
    """What agents are told first; ``callback``: the caller waits at home."""
    return f"{queue.name}，回电" if callback else queue.name
