"""Who has an extension: an agent, or a queue that is reached by its own number."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.talk_parts import TalkParts


@dataclass(frozen=True, slots=True)
class QueueExtension:
    """A queue that is dialled like an agent."""

    queue_id: UUID


async def who_has(
    talks: TalkParts, enterprise_id: UUID, extension: str
) -> AgentFacts | QueueExtension | None:
    """An enterprise gives each extension once, so the order of the questions does not matter.

    Raises DatabaseAway.
    """
    agent = await talks.directory.by_extension(enterprise_id, extension)
    if agent is not None:
        return agent
    queue_id = await talks.reader.queue_by_extension(enterprise_id, extension)
    return QueueExtension(queue_id) if queue_id is not None else None


async def claim_member(
    talks: TalkParts, call_id: UUID, queue_id: UUID, node: str
) -> AgentFacts | None:
    """A free agent of the queue, claimed for the call; None: nobody is free.

    Raises DatabaseAway.
    """
    for agent_id in await talks.reader.free_members(queue_id):
        agent = await talks.directory.by_id(agent_id)
        if agent is None or not agent.reachable:
            continue
        if await talks.presence.claim(agent.id, call_id, None, node):
            return agent
    return None
