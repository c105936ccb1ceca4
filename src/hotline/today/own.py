"""An agent's own day: the calls that rang at them, and what waits for them.

Days are those of Asia/Shanghai; ``midnight`` is when the present one began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.voicemail.models import messages
from hotline.voicemail.service import own_boxes

_COUNTED: Final = """
count(*) as calls,
count(*) filter (where l.result = 'answered') as answered,
count(*) filter (where l.result in ('no_answer', 'rejected', 'busy', 'unreachable')) as missed,
coalesce(avg(l.talk_ms) filter (where l.result = 'answered' and l.ended_at is not null), 0)::float
  / 1000 as average_talk_seconds
"""
_RANG: Final = """
from call_legs l join calls c on c.id = l.call_id
where l.enterprise_id = :enterprise and l.agent_id = :agent and l.dialled_at >= :midnight
  and l.kind = 'agent' and c.direction = 'inbound'
"""


def _rang(statement: str) -> TextClause:
    return text(statement.format(counted=_COUNTED, rang=_RANG))


_TOTAL: Final = _rang("""
select {counted},
  (select count(*) from calls p where p.enterprise_id = :enterprise and p.agent_id = :agent
    and p.started_at >= :midnight and p.direction = 'outbound') as placed
{rang}
""")
_HOURS: Final = _rang("""
select extract(hour from l.dialled_at at time zone 'Asia/Shanghai')::int as hour, {counted}
{rang}
group by hour
order by hour
""")
_UNJUDGED: Final = _rang("""
select count(distinct c.id)
{rang}
  and l.result = 'answered' and l.ended_at is not null
  and exists (select from dispositions d where d.enterprise_id = :enterprise and d.enabled)
  and not exists (select from call_notes n
    where n.call_id = c.id and n.agent_id = :agent and n.disposition_id is not null)
""")


class OwnDay:
    """The day since ``midnight`` of one agent, within one transaction."""

    def __init__(
        self, session: AsyncSession, enterprise_id: UUID, agent_id: UUID, midnight: datetime
    ) -> None:
        self._session = session
        self._facts = {"enterprise": enterprise_id, "agent": agent_id, "midnight": midnight}

    async def total(self) -> RowMapping:
        return (await self._session.execute(_TOTAL, self._facts)).mappings().one()

    async def hours(self) -> Sequence[RowMapping]:
        """An hour in which nothing rang is left out."""
        return (await self._session.execute(_HOURS, self._facts)).mappings().all()

    async def without_disposition(self) -> int:
        """Calls taken today of which the agent has not said how they came out.

        None where the enterprise does not want to know.
        """
        return int((await self._session.execute(_UNJUDGED, self._facts)).scalar_one())

    async def unheard(self, user_id: UUID) -> int:
        """Messages in the agent's boxes that nobody has heard."""
        statement = select(func.count()).where(
            messages.c.enterprise_id == self._facts["enterprise"],
            messages.c.box_id.in_(own_boxes(user_id)),
            messages.c.status == "new",
        )
        return int((await self._session.execute(statement)).scalar_one())
