"""What agents are doing, as people see and change it: within a request's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agent_presence, agents, break_reasons
from hotline.agents.rules import AgentState, When, day_of
from hotline.kit.errors import ConflictError, InvalidError, NotFoundError, Words

LONGEST_PERIOD: Final = timedelta(days=92)

_WISHED = text("select agent_wished(:agent, :state, :reason, :at)")
_EXTENDED = text("select extend_wrap_up(:agent, :seconds)")
_TIMES = text("""
with asked as (
  select :from_day ::timestamp at time zone 'Asia/Shanghai' as begins,
    (:to_day ::timestamp + interval '1 day') at time zone 'Asia/Shanghai' as ends),
spans as (
  select s.agent_id, s.state, s.reason, s.began_at, s.ended_at
    from agent_states s, asked
    where s.enterprise_id = :enterprise and s.ended_at > begins and s.began_at < ends
      and (cast(:agent as uuid) is null or s.agent_id = :agent)
  union all
  select p.agent_id, p.state, p.reason, p.since, greatest(cast(:now as timestamptz), p.since)
    from agent_presence p
    where p.enterprise_id = :enterprise and (cast(:agent as uuid) is null or p.agent_id = :agent)),
days as (
  select d::date as day, d at time zone 'Asia/Shanghai' as begins,
    (d + interval '1 day') at time zone 'Asia/Shanghai' as ends
  from generate_series(:from_day ::timestamp, :to_day ::timestamp, interval '1 day') d)
select s.agent_id, days.day, s.state, s.reason,
  round(sum(extract(epoch from least(s.ended_at, days.ends) - greatest(s.began_at, days.begins))))
    ::bigint as seconds,
  count(*) as times
from spans s join days on s.began_at < days.ends and s.ended_at > days.begins
group by 1, 2, 3, 4 order by 1, 2, 3, 4
""")


class NotWrappingUpError(ConflictError):
    error_id = "not-wrapping-up"
    title = "There is no wrap-up that could be longer"
    title_zh = "当前不在整理状态，或已达到最长整理时间"


class AgentStates:
    """One enterprise's presence, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID) -> None:
        self._session = session
        self._enterprise_id = enterprise_id

    def all(self) -> Select[Any]:
        """Everybody's presence with extension and name, by extension."""
        return (
            select(agent_presence, agents.c.extension, agents.c.name, agents.c.device)
            .join(agents, agents.c.id == agent_presence.c.agent_id)
            .where(agents.c.enterprise_id == self._enterprise_id, agents.c.enabled)
            .order_by(func.length(agents.c.extension), agents.c.extension)
        )

    async def everybody(self, state: AgentState | None = None) -> Sequence[RowMapping]:
        statement = self.all()
        if state is not None:
            statement = statement.where(agent_presence.c.state == state)
        rows: Sequence[RowMapping] = (await self._session.execute(statement)).mappings().all()
        return rows

    async def of(self, agent_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        statement = (
            select(agent_presence, agents.c.extension, agents.c.name, agents.c.device)
            .join(agents, agents.c.id == agent_presence.c.agent_id)
            .where(agents.c.enterprise_id == self._enterprise_id, agents.c.id == agent_id)
        )
        row = (await self._session.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def ask(self, agent_id: UUID, state: AgentState, reason: str, at: datetime) -> When:
        """Raises NotFoundError: no such agent, or switched off."""
        asked = {"agent": agent_id, "state": state.value, "reason": reason, "at": at}
        when = (await self._session.execute(_WISHED, asked)).scalar_one()
        if when is None:
            raise NotFoundError
        return When(when)

    async def switch_off(self, agent_id: UUID) -> None:
        """Offline, after the call where there is one."""
        await self._session.execute(
            text("select agent_wished(:agent, 'offline', '', now())"), {"agent": agent_id}
        )

    async def check_reason(self, state: AgentState, reason: str) -> None:
        """A break has one of the enterprise's reasons. Raises InvalidError."""
        if state is not AgentState.BREAK:
            return
        names = select(break_reasons.c.name).where(
            break_reasons.c.enterprise_id == self._enterprise_id
        )
        known = set((await self._session.execute(names)).scalars())
        if known and reason not in known:
            options = "、".join(sorted(known))
            raise InvalidError(
                fields={"reason": Words(f"one of: {options}", f"请选择小休原因：{options}")}
            )

    async def extend_wrap_up(self, agent_id: UUID, seconds: int) -> datetime:
        """Until when it lasts now. Raises NotWrappingUpError."""
        found = await self._session.execute(_EXTENDED, {"agent": agent_id, "seconds": seconds})
        until: datetime | None = found.scalar_one_or_none()
        if until is None:
            raise NotWrappingUpError
        return until

    async def times(
        self, agent_id: UUID | None, first: date | None, last: date | None, now: datetime
    ) -> Sequence[RowMapping]:
        """Seconds in each state by agent and day (Asia/Shanghai), what is going on included.

        From ``first`` to ``last``, both included; None is today. Raises InvalidError for a period
        that is longer than 92 days or ends before it begins.
        """
        first, last = first or day_of(now), last or day_of(now)
        if last < first:
            raise InvalidError(fields={"to": Words("is before `from`", "早于开始日期")})
        if last - first > LONGEST_PERIOD:
            days = LONGEST_PERIOD.days
            raise InvalidError(
                fields={"to": Words(f"at most {days} days", f"时间范围最多 {days} 天")}
            )
        asked: Mapping[str, object] = {
            "enterprise": self._enterprise_id,
            "agent": agent_id,
            "from_day": first,
            "to_day": last,
            "now": now,
        }
        return (await self._session.execute(_TIMES, asked)).mappings().all()


def counts_of(row: RowMapping, now: datetime) -> tuple[int, int]:
    """(calls, milliseconds of talk) of today: those of an earlier day count no more."""
    if row["day"] != day_of(now):
        return 0, 0
    return row["calls_today"], row["talk_ms_today"]
