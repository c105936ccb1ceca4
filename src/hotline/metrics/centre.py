"""What the database knows now about queues, agents and messages of all enterprises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from hotline.db.database import Database

_COUNTS: Final = text("""
select 'waiting' as what, kind as label, count(*) as number from queue_entries
  where state in ('waiting', 'offered') group by kind
union all
select 'agents', state, count(*) from agent_presence group by state
union all
select 'offers', l.result, count(*) from calls c join call_legs l on l.call_id = c.id
  where c.started_at >= :since and l.kind = 'agent' and l.result is not null group by l.result
union all
select 'supervisions', state, count(*) from call_supervisions where state <> 'ended' group by state
union all
select 'webhooks', '', count(*) from webhook_deliveries where state = 'pending'
union all
select 'messages', '', count(*) from voicemail_messages where status = 'new'
union all
select 'longest_wait', '', coalesce(ceil(extract(epoch from :now - min(entered_at))), 0)::bigint
  from queue_entries where state in ('waiting', 'offered') and kind = 'caller'
""")


@dataclass(frozen=True, slots=True)
class CentreNumbers:
    waiting: Mapping[str, int]
    """By kind: caller or callback."""
    longest_wait: int
    """Seconds, of callers on the line."""
    agents: Mapping[str, int]
    """By state."""
    offers: Mapping[str, int]
    """By result, of calls that began since the instant asked for."""
    supervisions: Mapping[str, int]
    """By state, of those that go on."""
    webhooks_pending: int
    messages_unheard: int


async def centre_numbers(database: Database, now: datetime, since: datetime) -> CentreNumbers:
    """All of it in one statement, through partial indexes or over small tables."""
    found: dict[str, dict[str, int]] = {}
    async with database.platform() as session:
        for row in await session.execute(_COUNTS, {"now": now, "since": since}):
            found.setdefault(row.what, {})[row.label] = row.number
    return CentreNumbers(
        waiting=found.get("waiting", {}),
        longest_wait=max(0, found["longest_wait"][""]),
        agents=found.get("agents", {}),
        offers=found.get("offers", {}),
        supervisions=found.get("supervisions", {}),
        webhooks_pending=found["webhooks"][""],
        messages_unheard=found["messages"][""],
    )
