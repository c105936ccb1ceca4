"""What goes on in queues at this moment and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.queues.rules import service_level

_WAITING: Final = text("""
select e.id as entry_id, e.call_id, e.kind,
  coalesce(nullif(e.callback_number, ''), e.caller) as caller,
  row_number() over (order by e.priority desc, e.entered_at, e.id) as position, e.priority,
  e.entered_at,
  greatest(0, floor(extract(epoch from (:now - e.entered_at))))::int as waited_seconds,
  e.state, e.offered_to
from queue_entries e
where e.enterprise_id = :enterprise and e.queue_id = :queue and e.kind = 'caller'
  and e.state in ('waiting', 'offered')
order by position limit 500
""")
_AGENTS: Final = text("""
select a.id as agent_id, a.extension, a.name, p.state, p.reason, p.since, p.call_id
from queue_members m
join agents a on a.id = m.agent_id
join agent_presence p on p.agent_id = m.agent_id
where m.enterprise_id = :enterprise and m.queue_id = :queue
order by m.position, a.extension
""")
_TODAY: Final = text("""
select q.id as queue_id, q.name,
  count(*) filter (where e.kind = 'caller' and e.state in ('waiting', 'offered')) as waiting,
  coalesce(floor(extract(epoch from (:now - min(e.entered_at)
    filter (where e.kind = 'caller' and e.state in ('waiting', 'offered'))))), 0)::int
    as longest_wait_seconds,
  count(e.id) as entered,
  count(*) filter (where e.kind = 'caller' and e.state = 'answered') as answered,
  count(*) filter (where e.kind = 'caller' and e.state = 'answered'
    and e.left_at - e.entered_at <= make_interval(secs => q.answer_within)) as answered_within,
  count(*) filter (where e.kind = 'callback' and e.state = 'answered') as called_back,
  count(*) filter (where e.state = 'left' and e.reason in ('abandoned', 'lost')) as abandoned,
  count(*) filter (where e.state = 'left' and e.reason not in ('abandoned', 'lost'))
    as left_otherwise,
  coalesce(avg(extract(epoch from e.left_at - e.entered_at))
    filter (where e.kind = 'caller' and e.state = 'answered'), 0)::float as average_wait_seconds
from queues q
left join queue_entries e on e.queue_id = q.id
  and (e.entered_at >= :midnight or e.state in ('waiting', 'offered'))
where q.enterprise_id = :enterprise and (cast(:queues as uuid[]) is null or q.id = any(:queues))
group by q.id order by q.name, q.id
""")


async def waiting_in(
    session: AsyncSession, enterprise_id: UUID, queue_id: UUID, now: datetime
) -> Sequence[RowMapping]:
    """Who waits, next first; the first 500."""
    values = {"enterprise": enterprise_id, "queue": queue_id, "now": now}
    return (await session.execute(_WAITING, values)).mappings().all()


async def agents_of(
    session: AsyncSession, enterprise_id: UUID, queue_id: UUID
) -> Sequence[RowMapping]:
    values = {"enterprise": enterprise_id, "queue": queue_id}
    return (await session.execute(_AGENTS, values)).mappings().all()


async def queue_stats_today(
    session: AsyncSession,
    enterprise_id: UUID,
    now: datetime,
    midnight: datetime,
    queue_ids: Sequence[UUID] | None = None,
) -> list[dict[str, Any]]:
    """A row a queue, with what ``schemas.Figures`` has. ``midnight`` begins the day."""
    values = {
        "enterprise": enterprise_id,
        "now": now,
        "midnight": midnight,
        "queues": list(queue_ids) if queue_ids is not None else None,
    }
    rows = (await session.execute(_TODAY, values)).mappings()
    return [{**row, "service_level": _level_of(row)} for row in rows]


def _level_of(figures: RowMapping) -> float | None:
    counted = (figures["answered_within"], figures["answered"], figures["abandoned"])
    return service_level(*counted)
