"""The day's figures: few statements, each over an index that begins with the day or what waits.

Days are those of Asia/Shanghai; ``midnight`` is when the present one began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

_COUNTED: Final = """
count(*) as calls,
count(connected_at) as answered,
count(*) filter (where connected_at is null and outcome = 'abandoned') as abandoned,
count(*) filter (where connected_at is null and outcome in ('unanswered', 'failed')) as unanswered,
count(*) filter (where ended_at is null) as in_progress,
coalesce(avg(waiting_ms) filter (where connected_at is not null), 0)::float / 1000
  as average_wait_seconds,
coalesce(avg(talk_ms) filter (where connected_at is not null and ended_at is not null), 0)::float
  / 1000 as average_talk_seconds
"""


def _counting(statement: str) -> TextClause:
    """``{counted}`` stands for the figures of a set of calls."""
    return text(statement.format(counted=_COUNTED))


HOURS: Final = _counting("""
select extract(hour from started_at at time zone 'Asia/Shanghai')::int as hour, {counted}
from calls
where enterprise_id = :enterprise and started_at >= :midnight and direction = 'inbound'
group by hour
order by hour
""")
"""Calls of customers by the hour in which they began; an hour without any is left out."""
TOTAL: Final = _counting("""
select {counted} from calls
where enterprise_id = :enterprise and started_at >= :midnight and direction = 'inbound'
""")
MISSED: Final = text("""
select * from (
  select distinct on (c.caller) c.id as call_id, c.caller, c.province, c.city, c.hotline_id,
    c.started_at, count(*) over (partition by c.caller) as times
  from calls c
  where c.enterprise_id = :enterprise and c.started_at >= :midnight and c.direction = 'inbound'
    and c.connected_at is null and c.outcome in ('unanswered', 'abandoned', 'failed')
    and c.caller <> ''
    and not exists (
      select from calls later
      where later.enterprise_id = :enterprise and later.started_at >= c.started_at
        and later.connected_at is not null
        and (later.caller = c.caller or (later.direction = 'outbound' and later.dialled = c.caller))
    )
  order by c.caller, c.started_at desc
) missed
order by started_at desc
""")
"""Callers of today who reached nobody and have not talked to us since, each with the last call."""
WAITING: Final = text("""
select
  (select count(*) from voicemail_messages
    where enterprise_id = :enterprise and status = 'new') as unheard_messages,
  (select count(*) from queue_entries
    where enterprise_id = :enterprise and kind = 'callback'
      and state in ('waiting', 'offered')) as waiting_callbacks,
  (select count(*) from prompts
    where enterprise_id = :enterprise and status = 'failed') as failed_prompts,
  (select count(*) from flows f
    left join flow_versions v on v.flow_id = f.id and v.version = f.published_version
    where f.enterprise_id = :enterprise
      and (v.flow_id is null or f.updated_at > v.published_at)) as unpublished_flows,
  (select count(*) from destinations
    where enterprise_id = :enterprise and status = 'pending') as pending_destinations,
  (select count(*) from destinations
    where enterprise_id = :enterprise and status = 'rejected'
      and reviewed_at >= :midnight - interval '7 days') as rejected_destinations,
  (select count(*) from caller_numbers
    where enterprise_id = :enterprise and status = 'pending') as pending_caller_numbers,
  (select count(*) from webhooks
    where enterprise_id = :enterprise and enabled and failing_since is not null)
    as failing_webhooks
""")
"""How much of each waits in one enterprise."""
PLATFORM_HOURS: Final = _counting("""
select extract(hour from started_at at time zone 'Asia/Shanghai')::int as hour, {counted}
from calls
where started_at >= :midnight and direction = 'inbound'
group by hour
order by hour
""")
PLATFORM_TOTAL: Final = _counting("""
select {counted} from calls where started_at >= :midnight and direction = 'inbound'
""")
BUSIEST: Final = _counting("""
select e.id as enterprise_id, e.name, today.*
from (
  select enterprise_id, {counted} from calls
  where started_at >= :midnight and direction = 'inbound' and enterprise_id is not null
  group by enterprise_id
  order by calls desc
  limit 10
) today (owner, calls, answered, abandoned, unanswered, in_progress, wait, talk)
join enterprises e on e.id = today.owner
order by today.calls desc, e.name
""")
PLATFORM_WAITING: Final = text("""
select
  (select count(*) from destinations where status = 'pending') as pending_destinations,
  (select count(*) from caller_numbers where status = 'pending') as pending_caller_numbers,
  (select count(*) from carriers c
    where c.enabled
      and (select not bool_or(h.reachable) from carrier_health h where h.carrier_id = c.id))
    as unreachable_carriers,
  (select count(*) from enterprises
    where status = 'active' and balance + credit_limit <= 0) as enterprises_without_funds,
  (select count(*) from calls
    where started_at >= :midnight and enterprise_id is null) as calls_to_no_hotline
""")
ENTERPRISES: Final = text("""
select count(*) filter (where status = 'active') as active,
  count(*) filter (where status = 'suspended') as suspended
from enterprises
""")


async def rows_of(
    session: AsyncSession,
    statement: TextClause,
    midnight: datetime,
    enterprise_id: UUID | None = None,
) -> Sequence[RowMapping]:
    """What one of the statements above finds."""
    wanted: dict[str, Any] = {"midnight": midnight, "enterprise": enterprise_id}
    named = {name: value for name, value in wanted.items() if f":{name}" in statement.text}
    return (await session.execute(statement, named)).mappings().all()
