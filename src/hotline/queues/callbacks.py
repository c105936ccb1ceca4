"""The SQL of calling back those who wait at home: each method one statement, a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import orjson

from hotline.db.direct import DirectPool

_WAITING: Final[LiteralString] = """
select distinct enterprise_id from queue_entries
where kind = 'callback' and state = 'waiting' and asked_in is not null
  and (not_before is null or not_before <= %s)
"""
_OFFERED: Final[LiteralString] = """
select id from queue_entries where kind = 'callback' and state = 'offered' and node = %s
"""
_ONE: Final[LiteralString] = """
select id, enterprise_id, queue_id, call_id, asked_in, hotline_id, callback_number, entered_at,
  offered_to, callback_tries
from queue_entries
where id = %s and kind = 'callback' and state = 'offered' and node = %s
"""
_GIVE_UP: Final[LiteralString] = """
select wait_on(id, '{}', %(at)s) from queue_entries
where kind = 'callback' and state = 'offered' and node = %(node)s and offered_at < %(at)s
"""
_CIRCUMSTANCES: Final[LiteralString] = """
select e.status = 'active', e.balance, e.credit_limit, h.number,
  agent_number_approved(e.id, h.number),
  (select json_build_object('weekly', s.weekly, 'special_days', s.special_days,
    'time_zone', s.time_zone) from schedules s where s.id = h.schedule_id),
  exists (select from forbidden_numbers f
    where f.enterprise_id = e.id and f.number = %(number)s),
  (select array_agg(t.name order by t.position, t.name) from carriers t where t.enabled)
from enterprises e
left join hotlines h on h.enterprise_id = e.id and h.id = %(hotline)s
where e.id = %(enterprise)s
"""


@dataclass(frozen=True, slots=True)
class Callback:
    """Somebody whose turn has come, offered to agents who are claimed for them."""

    id: UUID
    enterprise_id: UUID
    queue_id: UUID
    call_id: UUID
    """Of the call to be placed; every try has one of its own."""
    asked_in: UUID
    hotline_id: UUID | None
    number: str
    since: datetime
    agents: tuple[UUID, ...]
    tries: int
    """How often the number has been called."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides whether and how a number is called. Amounts in yuan."""

    active: bool
    balance: Any
    credit_limit: Any
    hotline: str | None
    """The hotline's number where it may be shown."""
    hours: Mapping[str, Any] | None
    """Of the hotline: weekly, special_days, time_zone."""
    forbidden: bool
    trunks: tuple[str, ...]


class CallbackStore:
    """Each method raises DatabaseAway. Those that return a bool tell whether it (still) was so."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool

    async def enterprises(self, now: datetime) -> set[UUID]:
        """Where somebody waits who may be called now."""
        return {row[0] for row in await self._pool.rows(_WAITING, (now,))}

    async def offered_at(self, node: str) -> Sequence[UUID]:
        """Those that this node has to call."""
        return [row[0] for row in await self._pool.rows(_OFFERED, (node,))]

    async def give_up(self, node: str, at: datetime) -> None:
        """Give back what an earlier life of this node's controller had begun."""
        await self._pool.rows(_GIVE_UP, {"node": node, "at": at})

    async def offered(self, entry_id: UUID, node: str) -> Callback | None:
        """None: it is no callback, or not this node's to call."""
        row = await self._pool.row(_ONE, (entry_id, node))
        if row is None:
            return None
        key, enterprise, queue, call, asked_in, hotline, number, since, agents, tries = row
        return Callback(
            key, enterprise, queue, call, asked_in, hotline, number, since, tuple(agents), tries
        )

    async def circumstances(self, callback: Callback) -> Circumstances | None:
        """None: there is no such enterprise any more."""
        asked = {
            "enterprise": callback.enterprise_id,
            "hotline": callback.hotline_id,
            "number": callback.number,
        }
        row = await self._pool.row(_CIRCUMSTANCES, asked)
        if row is None:
            return None
        active, balance, credit, number, approved, hours, forbidden, trunks = row
        shown = number if approved else None
        return Circumstances(active, balance, credit, shown, hours, forbidden, tuple(trunks or ()))

    async def begin(self, callback: Callback, node: str, header: Mapping[str, object]) -> bool:
        """Open the record of the call, if it is still this node's to make."""
        return await self._did(
            "select begin_callback(%s, %s, %s, %s::json)",
            (callback.id, callback.call_id, node, orjson.dumps(header).decode()),
        )

    async def count_try(self, callback: Callback) -> bool:
        """The number is about to be called."""
        return await self._did("select count_callback_try(%s, %s)", (callback.id, callback.call_id))

    async def put_back(
        self,
        callback: Callback,
        reason: str,
        at: datetime,
        *,
        not_before: datetime | None = None,
        tried: Sequence[UUID] = (),
        most: int | None = None,
    ) -> bool:
        """Back to the old place until ``not_before``; failed after ``most`` tries.

        ``tried`` are agents who did not answer.
        """
        return await self._did(
            "select put_back_callback(%s, %s, %s::uuid[], %s, %s, %s, %s)",
            (callback.id, callback.call_id, list(tried), reason, not_before, most, at),
        )

    async def end(
        self, callback: Callback, reason: str, at: datetime, *, agent_id: UUID | None = None
    ) -> bool:
        """The customer talks to the agent or, without one, will not be called any more."""
        return await self._did(
            "select end_callback(%s, %s, %s, %s, %s)",
            (callback.id, callback.call_id, agent_id, reason, at),
        )

    async def _did(self, statement: LiteralString, values: Sequence[object]) -> bool:
        row = await self._pool.row(statement, values)
        return row is not None and bool(row[0])
