"""What the database knows of the site at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

NODES: Final = text("""
select n.*, extract(epoch from now() - n.seen_at)::float as silent_seconds,
  case when 'switch' = any(n.roles)
    then (select count(*) from calls c where c.node = n.node and c.ended_at is null) end as calls
from nodes n
order by n.node, n.host, n.roles
""")
DATABASE: Final = text("""
select now() as at, current_setting('server_version') as version,
  current_setting('max_connections')::int as most_connections,
  (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
  pg_database_size(current_database()) as size,
  pg_postmaster_start_time() as started_at,
  (select version_num from alembic_version) as revision
""")
JOBS: Final = text("""
with open as (
  select j.task_name as task, j.status, j.attempts, coalesce(j.scheduled_at, (
    select min(e.at) from jobs.procrastinate_events e where e.job_id = j.id
  )) as due_at
  from jobs.procrastinate_jobs j where j.status in ('todo', 'doing')
), known as (
  select task,
    count(*) filter (where status = 'todo' and due_at <= now()) as waiting,
    extract(epoch from now() - min(due_at) filter (where status = 'todo' and due_at <= now()))
      as oldest_seconds,
    count(*) filter (where status = 'todo' and attempts > 0) as retrying,
    count(*) filter (where status = 'doing') as running,
    0 as failed
  from open group by task
  union all
  select j.task_name, 0, null, 0, 0, count(*)
  from jobs.procrastinate_jobs j
  where j.status = 'failed' and exists (
    select from jobs.procrastinate_events e
    where e.job_id = j.id and e.type = 'failed' and e.at > now() - interval '1 day'
  ) group by j.task_name
)
select task, sum(waiting)::int as waiting,
  coalesce(max(oldest_seconds), 0)::float as oldest_seconds, sum(retrying)::int as retrying,
  sum(running)::int as running, sum(failed)::int as failed
from known group by task order by task
""")
RECORDINGS: Final = text("""
select count(*) as waiting,
  coalesce(extract(epoch from now() - min(c.ended_at)), 0)::float as oldest_seconds
from recordings r join calls c on c.id = r.call_id
where r.status = 'pending' and c.ended_at is not null
""")


async def rows_of(session: AsyncSession, statement: TextClause) -> Sequence[RowMapping]:
    """What one of the statements above finds, in a platform transaction."""
    return (await session.execute(statement)).mappings().all()
