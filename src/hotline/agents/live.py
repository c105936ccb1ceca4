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
_OF_MY_QUEUES: Final = {
    "queue_entry": ("enterprise_id", "type", "entry_id", "queue_id", "kind", "state", "at"),
    "voicemail_left": ("enterprise_id", "type", "box_id", "queue_id", "at"),
}
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
    """What one agent may see; follows the call that the agent is in.

    ``queues`` are those of the moment when the agent began to watch.
    """

    def __init__(self, agent_id: UUID, call_id: UUID | None, queues: Collection[UUID] = ()) -> None:
        self._agent_id = str(agent_id)
        self._queues = frozenset(map(str, queues))
        self._call_id = None if call_id is None else str(call_id)

    def __call__(self, notice: dict[str, Any]) -> dict[str, Any] | None:
        kind, mine = notice.get("type"), notice.get("agent_id") == self._agent_id
        if kind == "supervision" and not mine:
            return None  # nobody is told who listens
        if kind == "agent_state" and mine:
            # The last events of a call come after it has left the agent.
            self._call_id = notice.get("call_id") or self._call_id
        in_my_call = self._call_id is not None and notice.get("call_id") == self._call_id
        # That there is something to read says nothing of what stands there.
        if mine or (in_my_call and kind != "agent_state") or kind == "bulletin":
            return notice
        shown: tuple[str, ...] = ()
        if kind == "agent_state":
            shown = _OF_COLLEAGUES
        elif notice.get("queue_id") in self._queues:
            shown = _OF_MY_QUEUES.get(str(kind), ())
        return {key: notice.get(key) for key in shown} or None
