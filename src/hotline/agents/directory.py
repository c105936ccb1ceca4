"""Agents by id and by extension, for the path of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, LiteralString
from uuid import UUID

from hotline.agents.facts import AgentFacts, Device
from hotline.agents.names import Named
from hotline.db.direct import DirectPool, Row

_AGENTS: Final[LiteralString] = """
select a.id, a.enterprise_id, a.extension, a.name, a.device,
  (select s.account from sip_accounts s where s.agent_id = a.id and s.enabled
    and s.webrtc = (a.device = 'browser') and a.device <> 'phone' limit 1),
  (select d.number from destinations d where d.id = a.destination_id and d.status = 'approved'),
  a.confirm_by_key, a.ring_timeout, a.wrap_up_seconds, a.misses_allowed,
  (select json_object_agg(k.skill, k.level) from agent_skills k where k.agent_id = a.id),
  (select a.outbound_number where agent_number_approved(a.enterprise_id, a.outbound_number)),
  a.user_id
from agents a where a.enabled and
"""
_OF_ACCOUNT: Final[LiteralString] = (
    " a.id = (select x.agent_id from sip_accounts x where x.account = %s)"
)


class AgentDirectory:
    """Reads at every question, one statement each: a change holds for the very next call.

    Each method raises DatabaseAway. Agents that are switched off are not there.
    """

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool

    async def by_id(self, agent_id: UUID) -> AgentFacts | None:
        return _one(await self._pool.row(_AGENTS + " a.id = %s", (agent_id,)))

    async def by_ids(self, agent_ids: Sequence[UUID]) -> Mapping[UUID, AgentFacts]:
        rows = await self._pool.rows(_AGENTS + " a.id = any(%s::uuid[])", (list(agent_ids),))
        return {agent.id: agent for agent in map(_agent, rows)}

    async def by_extension(self, enterprise_id: UUID, extension: str) -> AgentFacts | None:
        return _one(
            await self._pool.row(
                _AGENTS + " a.enterprise_id = %s and a.extension = %s", (enterprise_id, extension)
            )
        )

    async def names(self, enterprise_id: UUID) -> list[Named]:
        """All of them, as callers may ask for them."""
        rows = await self._pool.rows(
            "select name, extension from agents where enabled and enterprise_id = %s",
            (enterprise_id,),
        )
        return [Named(*row) for row in rows]

    async def by_account(self, account: str) -> AgentFacts | None:
        """Whose SIP account it is, in use or not."""
        return _one(
            await self._pool.row(
                _AGENTS + _OF_ACCOUNT,
                (account,),
            )
        )

    async def by_user(self, enterprise_id: UUID, user_id: UUID) -> AgentFacts | None:
        return _one(
            await self._pool.row(
                _AGENTS + " a.enterprise_id = %s and a.user_id = %s", (enterprise_id, user_id)
            )
        )


def _one(row: Row | None) -> AgentFacts | None:
    return None if row is None else _agent(row)


def _agent(row: Row) -> AgentFacts:
    return AgentFacts(
        id=row[0],
        enterprise_id=row[1],
        extension=row[2],
        name=row[3],
        device=Device(row[4]),
        account=row[5],
        phone_number=row[6],
        confirm_by_key=row[7],
        ring_timeout=row[8],
        wrap_up_seconds=row[9],
        misses_allowed=row[10],
        skills=row[11] or {},
        outbound_number=row[12],
        user_id=row[13],
    )
