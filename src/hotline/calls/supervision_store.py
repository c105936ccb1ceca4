"""Who supervises which call, written down as it happens; see 0012_running_calls.sql."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotline.db.direct import DirectPool
from hotline.kit.clock import Clock


class SupervisionStore:
    """Each method raises DatabaseAway."""

    def __init__(self, pool: DirectPool, clock: Clock, node: str) -> None:
        self._pool = pool
        self._clock = clock
        self._node = node
        self._under_way: set[UUID] = set()

    async def begin(
        self,
        supervision_id: UUID,
        *,
        enterprise_id: UUID,
        call_id: UUID,
        agent_id: UUID,
        user_id: UUID | None,
        mode: str,
    ) -> bool:
        """The agent's device is about to be rung; False: the agent is busy with a call."""
        row = await self._pool.row(
            "select begin_supervision(%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                supervision_id,
                enterprise_id,
                call_id,
                self._node,
                agent_id,
                user_id,
                mode,
                self._clock.now(),
            ),
        )
        begun = bool(row and row[0])
        if begun:
            self._under_way.add(supervision_id)
        return begun

    async def began(self, supervision_id: UUID) -> None:
        """The supervisor hears the call."""
        await self._pool.row(
            "select supervision_began(%s, %s)", (supervision_id, self._clock.now())
        )

    async def change(self, supervision_id: UUID, mode: str) -> None:
        await self._pool.row("select change_supervision(%s, %s)", (supervision_id, mode))

    async def end(self, supervision_id: UUID, reason: str) -> None:
        """Harmless when it has ended."""
        self._under_way.discard(supervision_id)
        await self._pool.row(
            "select end_supervision(%s, %s, %s)", (supervision_id, reason, self._clock.now())
        )

    async def end_lost(self, before: datetime) -> int:
        """End what began before ``before`` on this node and what nobody here knows of; how many."""
        row = await self._pool.row(
            "select end_lost_supervisions(%s, %s::uuid[], %s, %s)",
            (self._node, list(self._under_way), before, self._clock.now()),
        )
        return 0 if row is None else int(row[0])
