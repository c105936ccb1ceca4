"""What agents see of their own calls and of the queues they may send callers to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, select, text, union
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents
from hotline.agents.rules import COUNTED_IN
from hotline.handling.models import call_notes
from hotline.records.models import call_legs, calls

_LOADS: Final = text("""
select q.id as queue_id, q.name,
  (select count(*) from queue_entries e where e.queue_id = q.id and e.kind = 'caller'
    and e.state in ('waiting', 'offered')) as waiting,
  (select min(e.entered_at) from queue_entries e where e.queue_id = q.id and e.kind = 'caller'
    and e.state in ('waiting', 'offered')) as waiting_since,
  count(m.agent_id) filter (where p.state = 'ready') as ready,
  count(m.agent_id) filter (where p.state <> 'offline') as signed_on,
  coalesce(bool_or(m.agent_id = :agent), false) as mine
from queues q
left join queue_members m on m.queue_id = q.id
left join agent_presence p on p.agent_id = m.agent_id
where q.enterprise_id = :enterprise
group by q.id order by mine desc, q.name, q.id
limit 500
""")


def own_calls(enterprise_id: UUID, agent_id: UUID, day: date) -> Select[Any]:
    """Calls of that day (of China) that rang at the agent or were placed by them, in no order yet.

    ``talk_ms`` and ``result`` are the agent's own, as are ``note`` and disposition.
    """
    begins = datetime.combine(day, time(), COUNTED_IN)
    ends = begins + timedelta(days=1)
    mine = (call_legs.c.enterprise_id == enterprise_id) & (call_legs.c.agent_id == agent_id)
    rang = select(call_legs.c.call_id).where(
        mine, call_legs.c.dialled_at >= begins, call_legs.c.dialled_at < ends
    )
    placed = select(calls.c.id).where(
        calls.c.enterprise_id == enterprise_id,
        calls.c.agent_id == agent_id,
        calls.c.started_at >= begins,
        calls.c.started_at < ends,
    )
    own_leg = select(call_legs).where(mine, call_legs.c.call_id == calls.c.id).correlate(calls)
    latest = own_leg.order_by(call_legs.c.position.desc()).limit(1)
    talked = select(func.coalesce(func.sum(call_legs.c.talk_ms), 0)).where(
        mine, call_legs.c.call_id == calls.c.id
    )
    columns = [column for column in calls.c if column.name != "talk_ms"]
    return (
        select(
            *columns,
            talked.scalar_subquery().label("talk_ms"),
            latest.with_only_columns(call_legs.c.result).scalar_subquery().label("result"),
            call_notes.c.note,
            call_notes.c.disposition,
            call_notes.c.disposition_id,
        )
        .select_from(
            calls.outerjoin(
                call_notes,
                (call_notes.c.call_id == calls.c.id) & (call_notes.c.agent_id == agent_id),
            )
        )
        .where(calls.c.enterprise_id == enterprise_id, calls.c.id.in_(union(rang, placed)))
    )


async def lines_of(session: AsyncSession, call_id: UUID, but_agent: UUID) -> Sequence[RowMapping]:
    """Who else rings or talks in a call now, besides its caller and that agent."""
    statement = (
        select(
            call_legs.c.kind,
            call_legs.c.target,
            call_legs.c.agent_id,
            agents.c.extension,
            agents.c.name,
            call_legs.c.answered_at,
        )
        .select_from(call_legs.outerjoin(agents, agents.c.id == call_legs.c.agent_id))
        .where(
            call_legs.c.call_id == call_id,
            call_legs.c.ended_at.is_(None),
            call_legs.c.agent_id.is_distinct_from(but_agent),
        )
        .order_by(call_legs.c.position)
    )
    return (await session.execute(statement)).mappings().all()


async def queue_loads(
    session: AsyncSession, enterprise_id: UUID, agent_id: UUID
) -> Sequence[RowMapping]:
    """Every queue with who waits and who is there; those of the agent first."""
    values = {"enterprise": enterprise_id, "agent": agent_id}
    return (await session.execute(_LOADS, values)).mappings().all()
