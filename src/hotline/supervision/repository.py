"""The figures of wallboards and the calls that go on: few statements, each over a whole enterprise.

Days are those of Asia/Shanghai; ``midnight`` is when the present one began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.records.lines import StoredEvent

QUEUES: Final = text("""
select q.id as queue_id, q.name, q.answer_within as target_seconds,
  now.waiting, now.callbacks, now.longest_wait_seconds, today.*, talk.average_talk_seconds
from queues q
cross join lateral (
  select count(*) filter (where e.kind = 'caller') as waiting,
    count(*) filter (where e.kind = 'callback') as callbacks,
    coalesce(floor(extract(epoch from :now - min(e.entered_at)
      filter (where e.kind = 'caller'))), 0)::int as longest_wait_seconds
  from queue_entries e
  where e.enterprise_id = :enterprise and e.queue_id = q.id and e.state in ('waiting', 'offered')
) now
cross join lateral (
  select count(*) as offered,
    count(*) filter (where e.kind = 'caller' and e.state = 'answered') as answered,
    count(*) filter (where e.kind = 'caller' and e.state = 'answered'
      and e.left_at - e.entered_at <= make_interval(secs => q.answer_within)) as answered_within,
    count(*) filter (where e.kind = 'callback' and e.state = 'answered') as called_back,
    count(*) filter (where e.state = 'left' and e.reason in ('abandoned', 'lost')) as abandoned,
    coalesce(avg(extract(epoch from e.left_at - e.entered_at))
      filter (where e.kind = 'caller' and e.state = 'answered'), 0)::float as average_wait_seconds
  from queue_entries e
  where e.queue_id = q.id and e.entered_at >= :midnight
) today
cross join lateral (
  select coalesce(avg(l.talk_ms), 0)::float / 1000 as average_talk_seconds
  from call_legs l
  where l.queue_id = q.id and l.dialled_at >= :midnight and l.talk_ms > 0
) talk
where q.enterprise_id = :enterprise
order by q.name, q.id
""")
QUEUE_AGENTS: Final = text("""
select m.queue_id, p.state, count(*) as agents
from queue_members m join agent_presence p on p.agent_id = m.agent_id
where m.enterprise_id = :enterprise
group by m.queue_id, p.state
""")
AGENTS: Final = text("""
with rung as (
  select l.agent_id, count(*) as offered,
    count(*) filter (where l.result in ('no_answer', 'rejected')) as missed,
    count(*) filter (where l.result = 'cancelled' and c.outcome = 'abandoned') as abandoned
  from call_legs l join calls c on c.id = l.call_id
  where l.enterprise_id = :enterprise and l.agent_id is not null and l.dialled_at >= :midnight
    and l.agent_id is distinct from c.agent_id  -- whoever placed the call
  group by l.agent_id
), served as (
  select e.agent_id, count(*) as answered, count(*) filter (
    where e.left_at - e.entered_at <= make_interval(secs => q.answer_within)) as answered_within
  from queues q join queue_entries e on e.queue_id = q.id
  where q.enterprise_id = :enterprise and e.entered_at >= :midnight
    and e.kind = 'caller' and e.state = 'answered'
  group by e.agent_id
)
select a.id as agent_id, a.extension, a.name, p.state, p.reason, p.since,
  case when p.day = :day then p.calls_today else 0 end as calls_today,
  case when p.day = :day then p.talk_ms_today else 0 end / 1000 as talk_seconds_today,
  coalesce(r.offered, 0) as offered, coalesce(r.missed, 0) as missed,
  coalesce(r.abandoned, 0) as abandoned, coalesce(s.answered, 0) as answered,
  coalesce(s.answered_within, 0) as answered_within,
  p.call_id, p.queue_id, c.caller, c.province, c.city, c.hotline_id, c.direction, c.started_at
from agents a
join agent_presence p on p.agent_id = a.id
left join rung r on r.agent_id = a.id
left join served s on s.agent_id = a.id
left join calls c on c.id = p.call_id
where a.enterprise_id = :enterprise and a.enabled
order by a.extension
""")
HOTLINES: Final = text("""
with today as (
  select hotline_id, count(*) as calls,
    count(*) filter (where connected_at is not null) as answered,
    count(*) filter (where outcome = 'abandoned') as abandoned
  from calls
  where enterprise_id = :enterprise and started_at >= :midnight and hotline_id is not null
    and direction = 'inbound'
  group by hotline_id
), open as (
  select hotline_id, count(*) as in_progress from calls
  where enterprise_id = :enterprise and ended_at is null and hotline_id is not null
    and direction = 'inbound'
  group by hotline_id
)
select h.id as hotline_id, h.number, h.name, coalesce(t.calls, 0) as calls,
  coalesce(t.answered, 0) as answered, coalesce(t.abandoned, 0) as abandoned,
  coalesce(o.in_progress, 0) as in_progress
from hotlines h
left join today t on t.hotline_id = h.id
left join open o on o.hotline_id = h.id
where h.enterprise_id = :enterprise
order by h.number
""")
OPEN_CALLS: Final = text("""
select c.id as call_id, c.hotline_id, c.direction, c.dialled, c.caller, c.province, c.city,
  c.started_at, c.answered_at, told.events, entry.entry, place.event
from (
  select * from calls where enterprise_id = :enterprise and ended_at is null
  order by started_at limit 500
) c
left join lateral (
  select json_agg(json_build_array(v.type, v.at, v.data)) as events
  from call_events v where v.call_id = c.id and v.type = any(:of_lines)
) told on true
left join lateral (
  select json_build_object('queue_id', e.queue_id, 'queue_name', q.name,
      'entered_at', e.entered_at) as entry
  from queue_entries e left join queues q on q.id = e.queue_id
  where e.call_id = c.id and e.kind = 'caller' and e.state in ('waiting', 'offered')
  order by e.entered_at desc limit 1
) entry on true
left join lateral (
  select json_build_object('type', v.type, 'at', v.at, 'data', v.data) as event
  from call_events v
  where v.call_id = c.id
    and v.type in ('node_entered', 'greeting_started', 'message_started', 'survey_asked')
  order by v.at desc, v.type desc limit 1
) place on true
order by c.started_at
""")
SUPERVISIONS: Final = text("""
select s.id, s.call_id, s.agent_id, s.user_id, a.extension, a.name, s.mode, s.state, s.asked_at,
  s.began_at, s.ended_at, s.reason
from call_supervisions s left join agents a on a.id = s.agent_id
where s.enterprise_id = :enterprise and s.call_id = :call
order by s.asked_at, s.id
""")
AGENT_NAMES: Final = text("""
select id, name from agents where enterprise_id = :enterprise and id = any(:ids)
""")
_AGENT_OF: Final = text("""
select id from agents where enterprise_id = :enterprise and user_id = :user and enabled
""")


async def rows_of(
    session: AsyncSession, statement: TextClause, enterprise_id: UUID, **values: Any
) -> Sequence[RowMapping]:
    """What one of the statements above finds; it is given the values that it names."""
    wanted = {name: values[name] for name in values if f":{name}" in statement.text}
    found = await session.execute(statement, {"enterprise": enterprise_id, **wanted})
    return found.mappings().all()


async def agent_of_user(session: AsyncSession, enterprise_id: UUID, user_id: UUID) -> UUID | None:
    """The agent that a person is; None: the person is none."""
    found: UUID | None = (
        await session.execute(_AGENT_OF, {"enterprise": enterprise_id, "user": user_id})
    ).scalar_one_or_none()
    return found


def instant(value: str | None) -> datetime | None:
    """An instant inside of a JSON value of the database."""
    return None if value is None else datetime.fromisoformat(value)


def stored_events(found: Sequence[Any] | None) -> list[StoredEvent]:
    """The events of one call in :data:`OPEN_CALLS`."""
    return [(kind, datetime.fromisoformat(at), data) for kind, at, data in found or ()]
