"""The presence of agents, changed by one short statement a step; see ``rules`` for the meaning.

Every method raises DatabaseAway. Those that return a bool or None tell whether the step applied:
of two that want the same agent, the second is told False, whichever nodes they are on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString
from uuid import UUID

from hotline.agents.rules import DEVICE_GONE, AgentState, Presence, When
from hotline.db.direct import DirectPool, Row
from hotline.kit.clock import Clock

RESTORED_WITHIN: Final = timedelta(minutes=15)
"""A device that comes back later leaves its agent offline."""
STALE_RINGING: Final = timedelta(minutes=3)
"""No agent rings for so long; the call that rings there was lost."""

_READ: Final[LiteralString] = """
select state, reason, since, next_state, next_reason, call_id, queue_id, node, wrap_up_until,
  idle_since, misses, day, calls_today, talk_ms_today
from agent_presence where agent_id = %s
"""
_END_WRAP_UPS: Final[LiteralString] = """
select end_wrap_ups(%(at)s), (select min(wrap_up_until) from agent_presence
  where state = 'wrap_up' and wrap_up_until > %(at)s)
"""
_RELEASE_STRAYS: Final[LiteralString] = """
select release_agents(array(select p.call_id from agent_presence p
  where p.node = %(node)s and p.call_id is not null and p.since < %(before)s
    and not exists (select from calls c where c.id = p.call_id and c.ended_at is null)), %(at)s)
"""
_RELEASE_ENDED: Final[LiteralString] = """
select release_agents(array(select p.call_id from agent_presence p
  where p.call_id is not null and (
    (p.state = 'ringing' and p.since < %(stale)s)
    or exists (select from calls c where c.id = p.call_id and c.ended_at < %(ended)s))), %(at)s)
"""
_REACHABLE: Final[LiteralString] = """
case when a.device = 'phone' then exists (select from destinations d
    where d.id = a.destination_id and d.status = 'approved')
  else exists (select from sip_accounts s join ps_contacts c on c.endpoint = s.account
    where s.agent_id = a.id and s.webrtc = (a.device = 'browser') and s.enabled
      and s.account <> all(%(unreachable)s::text[])
      and c.expiration_time > extract(epoch from %(at)s::timestamptz)) end
"""
_DEVICES_GONE: Final[LiteralString] = (
    """
select p.agent_id from agent_presence p join agents a on a.id = p.agent_id
where p.state = 'ready' and p.call_id is null and p.since <= %(ready_before)s and not """
    + _REACHABLE
)
_DEVICES_BACK: Final[LiteralString] = (
    """
select p.agent_id from agent_presence p join agents a on a.id = p.agent_id
where p.state = 'offline' and p.reason = %(reason)s and p.since >= %(gone_after)s and """
    + _REACHABLE
)


@dataclass(frozen=True, slots=True)
class WrapUps:
    """Of all enterprises."""

    ended: int
    next_end: datetime | None
    """When the next of those that go on is over."""


class AgentPresence:
    """What every agent is doing, shared by all nodes."""

    def __init__(self, pool: DirectPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def get(self, agent_id: UUID) -> Presence | None:
        row = await self._pool.row(_READ, (agent_id,))
        return None if row is None else presence_of(row)

    # ------------------------------------------------------------ calls

    async def claim(self, agent_id: UUID, call_id: UUID, queue_id: UUID | None, node: str) -> bool:
        """From ready to ringing, if the agent is still ready and free."""
        return await self._did(
            "select claim_agent(%s, %s, %s, %s, %s)",
            (agent_id, call_id, queue_id, node, self._now()),
        )

    async def occupy(self, agent_id: UUID, call_id: UUID, node: str) -> bool:
        """To ringing for a call that the agent makes, from any state without a call.

        After it a break, or being offline, goes on.
        """
        return await self._did(
            "select occupy_agent(%s, %s, %s, %s)", (agent_id, call_id, node, self._now())
        )

    async def answered(self, agent_id: UUID, call_id: UUID) -> bool:
        """From ringing to talking; the call counts for today."""
        return await self._did(
            "select agent_answered(%s, %s, %s)", (agent_id, call_id, self._now())
        )

    async def held(self, agent_id: UUID, call_id: UUID, on: bool) -> bool:
        """From talking to on hold, or back."""
        return await self._did(
            "select agent_held(%s, %s, %s, %s)", (agent_id, call_id, on, self._now())
        )

    async def missed(self, agent_id: UUID, call_id: UUID) -> AgentState | None:
        """From ringing on, counted as a miss; a break begins after too many in a row.

        A caller of a queue who has no other agent ringing is back in line in the same moment.
        """
        return await self._became(
            "select agent_missed(%s, %s, false, %s)", (agent_id, call_id, self._now())
        )

    async def unreached(self, agent_id: UUID, call_id: UUID) -> AgentState | None:
        """As a miss, but it is the device that was not there: offline until it is back."""
        return await self._became(
            "select agent_missed(%s, %s, true, %s)", (agent_id, call_id, self._now())
        )

    async def released(self, agent_id: UUID, call_id: UUID) -> AgentState | None:
        """The call leaves the agent without wrap-up and without a miss: the caller hung up
        while it rang, another was quicker."""
        return await self._became(
            "select free_agent(%s, %s, false, %s)", (agent_id, call_id, self._now())
        )

    async def ended(self, agent_id: UUID, call_id: UUID) -> AgentState | None:
        """The agent's part in the call is over: wrap-up after a talk, else as ``released``.

        Harmless when repeated, so it belongs into the clean-up of whoever claimed.
        """
        return await self._became(
            "select free_agent(%s, %s, true, %s)", (agent_id, call_id, self._now())
        )

    # ------------------------------------------------------------ wishes

    async def sign_in(self, agent_id: UUID) -> When | None:
        return await self.set_state(agent_id, AgentState.READY)

    async def set_state(self, agent_id: UUID, state: AgentState, reason: str = "") -> When | None:
        """Ask for offline, ready or break: at once, or after the call that goes on.

        None: there is no such agent, or it is switched off.
        """
        row = await self._pool.row(
            "select agent_wished(%s, %s, %s, %s)", (agent_id, state, reason, self._now())
        )
        return When(row[0]) if row is not None and row[0] is not None else None

    # ------------------------------------------------------------ what comes by itself

    async def device_gone(self, agent_id: UUID) -> bool:
        """A ready agent whose device cannot be reached is offline until it is back."""
        return await self._did("select agent_device_gone(%s, %s)", (agent_id, self._now()))

    async def device_back(self, agent_id: UUID) -> bool:
        """Ready again, if it was the device that went, and not long ago."""
        return await self._did(
            "select agent_device_back(%s, %s, %s)", (agent_id, RESTORED_WITHIN, self._now())
        )

    async def end_wrap_ups(self) -> WrapUps:
        """End every wrap-up whose time is over, of all enterprises."""
        row = await self._pool.row(_END_WRAP_UPS, {"at": self._now()})
        return WrapUps(*row) if row is not None else WrapUps(0, None)

    async def devices_gone(
        self, settling: timedelta, unreachable: Sequence[str] = ()
    ) -> Sequence[UUID]:
        """Ready agents without a registered device or approved own phone.

        A device among the ``unreachable`` accounts is none either. Those ready for less than
        ``settling`` are left out: they may be about to register.
        """
        now = self._now()
        asked = {"at": now, "ready_before": now - settling, "unreachable": list(unreachable)}
        return [row[0] for row in await self._pool.rows(_DEVICES_GONE, asked)]

    async def devices_back(self, unreachable: Sequence[str] = ()) -> Sequence[UUID]:
        """Agents whose device was gone and is there again."""
        now = self._now()
        asked = {
            "at": now,
            "reason": DEVICE_GONE,
            "gone_after": now - RESTORED_WITHIN,
            "unreachable": list(unreachable),
        }
        return [row[0] for row in await self._pool.rows(_DEVICES_BACK, asked)]

    # ------------------------------------------------------------ after a fault

    async def node_recovered(self, node: str, before: datetime) -> int:
        """Let go of what calls of this node held since before ``before`` and that are no more."""
        return await self._count(
            _RELEASE_STRAYS, {"node": node, "before": before, "at": self._now()}
        )

    async def release_of_calls(self, call_ids: Sequence[UUID]) -> int:
        """Let go of the agents of calls that are over; how many."""
        return await self._count(
            "select release_agents(%s::uuid[], %s)", (list(call_ids), self._now())
        )

    async def release_lost(self, grace: timedelta) -> int:
        """Let go of agents whose call ended more than ``grace`` ago, or rang far too long, on
        whichever node: its controller did not do it."""
        now = self._now()
        asked = {"stale": now - STALE_RINGING, "ended": now - grace, "at": now}
        return await self._count(_RELEASE_ENDED, asked)

    # ------------------------------------------------------------ helpers

    def _now(self) -> datetime:
        return self._clock.now()

    async def _did(self, statement: LiteralString, values: Sequence[object]) -> bool:
        row = await self._pool.row(statement, values)
        return row is not None and bool(row[0])

    async def _became(
        self, statement: LiteralString, values: Sequence[object]
    ) -> AgentState | None:
        row = await self._pool.row(statement, values)
        return AgentState(row[0]) if row is not None and row[0] is not None else None

    async def _count(
        self, statement: LiteralString, values: Sequence[object] | Mapping[str, object]
    ) -> int:
        row = await self._pool.row(statement, values)
        return 0 if row is None else int(row[0])


def presence_of(row: Row) -> Presence:
    """From the columns of the table, without the two ids in front."""
    return Presence(
        state=AgentState(row[0]),
        reason=row[1],
        since=row[2],
        next_state=None if row[3] is None else AgentState(row[3]),
        next_reason=row[4],
        call_id=row[5],
        queue_id=row[6],
        node=row[7],
        wrap_up_until=row[8],
        idle_since=row[9],
        misses=row[10],
        day=row[11],
        calls_today=row[12],
        talk_ms_today=row[13],
    )
