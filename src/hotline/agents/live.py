"""What an agent is told of live events.

The own call in full; colleagues, and who waits in the own queues, without their calls; messages in
the own boxes; that there is something to read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agent_presence, agents

_OF_COLLEAGUES: Final = ("enterprise_id", "type", "agent_id", "state", "reason", "at")
_OF_QUEUES: Final = ("enterprise_id", "type", "entry_id", "queue_id", "kind", "state", "at")
_MEMBERS: Final = table("queue_members", column("agent_id"), column("queue_id"))
"""Of the slice that is built on this one."""


async def own_presence(session: AsyncSession, user_id: UUID) -> tuple[UUID, UUID | None] | None:
    """(agent, the call it is in) of a person; None: the person is no agent."""
    statement = (
        select(agents.c.id, agent_presence.c.call_id)
        .join(agent_presence, agent_presence.c.agent_id == agents.c.id)
        .where(agents.c.user_id == user_id, agents.c.enabled)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row.id, row.call_id)


async def own_queues(session: AsyncSession, agent_id: UUID) -> Collection[UUID]:
    """The queues that the agent serves."""
    statement = select(_MEMBERS.c.queue_id).where(_MEMBERS.c.agent_id == agent_id)
    return set((await session.execute(statement)).scalars())


class AgentView:
    """What one agent may see; follows the call that the agent is in."""

    def __init__(self, agent_id: UUID, call_id: UUID | None, queues: Collection[UUID] = ()) -> None:
        self.agent_id = agent_id
        self._agent_id = str(agent_id)
        self._call_id = None if call_id is None else str(call_id)
        self.serves(queues)

    def serves(self, queues: Collection[UUID]) -> None:
        """Which queues the agent is in, from now on."""
        self._queues = frozenset(map(str, queues))

    def __call__(self, notice: dict[str, Any]) -> dict[str, Any] | None:
        mine = notice.get("agent_id") == self._agent_id
        in_my_queue = notice.get("queue_id") in self._queues
        match notice.get("type"):
            case "supervision":  # nobody is told who listens
                return notice if mine else None
            case "agent_state":
                return self._of_state(notice, mine=mine)
            case "bulletin":  # that there is something to read says nothing of what stands there
                return notice
            case "voicemail_left":  # in the own box, or in a queue's where the box says so
                return notice if mine or (in_my_queue and notice.get("for_members")) else None
            case "queue_entry" if in_my_queue and not mine and not self._in_my_call(notice):
                return {key: notice.get(key) for key in _OF_QUEUES}
            case _:
                return notice if mine or self._in_my_call(notice) else None

    def _of_state(self, notice: dict[str, Any], *, mine: bool) -> dict[str, Any]:
        if not mine:
            return {key: notice.get(key) for key in _OF_COLLEAGUES}
        # The last events of a call come after it has left the agent.
        self._call_id = notice.get("call_id") or self._call_id
        return notice

    def _in_my_call(self, notice: dict[str, Any]) -> bool:
        return self._call_id is not None and notice.get("call_id") == self._call_id
