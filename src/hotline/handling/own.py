"""What agents see of their own calls and of the queues they may send callers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, case, func, select, text, union
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents
from hotline.agents.rules import COUNTED_IN
from hotline.handling.models import call_notes
from hotline.records.lines import EVENTS, open_lines
from hotline.records.models import call_events, call_legs, calls

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


def other_side_of(agent_id: UUID) -> ColumnElement[str]:
    """The number with which the agent talks: dialled by themselves, or the caller's."""
    return case((calls.c.agent_id == agent_id, calls.c.dialled), else_=calls.c.caller)


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
            other_side_of(agent_id).label("other_side"),
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


async def lines_of(
    session: AsyncSession, call_id: UUID, but_agent: UUID
) -> Sequence[Mapping[str, Any]]:
    """Who else rings or talks in a call now, besides its caller and that agent."""
    statement = select(call_events.c.type, call_events.c.at, call_events.c.data).where(
        call_events.c.call_id == call_id, call_events.c.type.in_(EVENTS)
    )
    events = [(kind, at, data) for kind, at, data in (await session.execute(statement)).all()]
    others = [line for line in open_lines(events) if line.agent_id != but_agent]
    known = select(agents.c.id, agents.c.extension, agents.c.name).where(
        agents.c.id.in_([line.agent_id for line in others])
    )
    people = {row.id: row for row in (await session.execute(known)).all()} if others else {}
    return [
        {
            "kind": line.kind,
            "target": line.target,
            "agent_id": line.agent_id,
            "answered_at": line.answered_at,
            "extension": person and person.extension,
            "name": person and person.name,
        }
        for line in others
        for person in (people.get(line.agent_id),)
    ]


async def queue_loads(
    session: AsyncSession, enterprise_id: UUID, agent_id: UUID
) -> Sequence[RowMapping]:
    """Every queue with who waits and who is there; those of the agent first."""
    values = {"enterprise": enterprise_id, "agent": agent_id}
    return (await session.execute(_LOADS, values)).mappings().all()
