"""The SQL of waiting and deciding: each method one statement, a transaction of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

import orjson

from hotline.db.direct import DirectPool
from hotline.kit.ids import new_id
from hotline.queues.callbacks import CallbackStore
from hotline.queues.documents import inputs_of, reasons_of, snapshot_of
from hotline.queues.rules import Decision, SkillStep, Snapshot
from hotline.queues.settings import QUEUE, QueueSettings, read_queue

_PLACE: Final[LiteralString] = """
select count(*) filter (where o.id is not null),
  (select extract(epoch from (max(r.left_at) - min(r.left_at))) / nullif(count(*) - 1, 0)
    from (select left_at from queue_entries x where x.queue_id = e.queue_id
        and x.state = 'answered' and x.left_at > %(since)s
      order by x.left_at desc limit 10) r having count(*) >= 3)
from queue_entries e
left join queue_entries o on o.enterprise_id = e.enterprise_id and o.queue_id = e.queue_id
  and o.state in ('waiting', 'offered')
  and (o.kind = 'caller' or o.not_before is null or o.not_before <= %(now)s)
  and (-o.priority, o.entered_at, o.id) <= (-e.priority, e.entered_at, e.id)
where e.id = %(entry)s
group by e.queue_id
"""
_SWEEP: Final[LiteralString] = """
select leave_queue(e.id, null, 'lost', coalesce(c.ended_at, %(at)s))
from queue_entries e
left join calls c on c.id = e.call_id
left join controllers k on k.node = e.node
where e.state in ('waiting', 'offered') and e.kind = 'caller'
  and (c.ended_at < %(ended_before)s
    or (e.node is not null and (k.seen_at is null or k.seen_at < %(dead_before)s)))
"""
_ENDED: Final[LiteralString] = """
select leave_queue(e.id, null, 'lost', c.ended_at)
from queue_entries e
join calls c on c.id = e.call_id
where e.state in ('waiting', 'offered') and e.kind = 'caller' and e.node = %s and c.ended_at < %s
"""
_DESERTED: Final[LiteralString] = """
with here as (
  select e.id, e.queue_id from queue_entries e join queues q on q.id = e.queue_id
  where e.state = 'waiting' and e.kind = 'caller' and e.node = %(node)s and q.leave_when_empty),
deserted as (
  select queue_id from (select distinct queue_id from here) each
  where not queue_is_staffed(queue_id, %(at)s))
select here.id from here join deserted using (queue_id)
"""
_FORGET: Final[LiteralString] = """
delete from queue_decisions where id in (select id from queue_decisions where at < %s limit 5000)
returning 1
"""
DECISIONS_KEPT: Final = timedelta(days=14)
_CALLS_LATE: Final = timedelta(seconds=30)
_DEAD_FOR_GOOD: Final = timedelta(minutes=30)
_RECENT: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """Somebody who wants to wait."""

    id: UUID
    enterprise_id: UUID
    queue_id: UUID
    call_id: UUID
    hotline_id: UUID | None
    caller: str
    node: str
    priority: int
    skills: Sequence[SkillStep] | None = None
    tried: Collection[UUID] = ()
    """Agents who come after the others for this caller."""


@dataclass(frozen=True, slots=True)
class Entered:
    outcome: str
    """entered, full or nobody."""
    since: datetime | None
    """From when the place counts."""


@dataclass(frozen=True, slots=True)
class Place:
    position: int
    """1 is next."""
    expected: float | None
    """Seconds until the turn comes, by the pace of the last half hour; None: unknown."""


@dataclass(frozen=True, slots=True)
class EntryState:
    state: str
    offered_to: tuple[UUID, ...]
    offered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Situation:
    """A snapshot and the turn on which decisions made from it count."""

    turn: int
    snapshot: Snapshot


class QueueStore:
    """Each method raises DatabaseAway."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool
        self.callbacks = CallbackStore(pool)

    async def settings(self, queue_id: UUID) -> QueueSettings | None:
        row = await self._pool.row(QUEUE, (queue_id,))
        return read_queue(row[0]) if row is not None else None

    # ------------------------------------------------------------ one who waits

    async def enter(self, entry: NewEntry, queue: QueueSettings, at: datetime) -> Entered:
        """Stand in line; the same id again, after a fault, finds the old place."""
        columns = {
            "id": entry.id,
            "enterprise_id": entry.enterprise_id,
            "queue_id": entry.queue_id,
            "call_id": entry.call_id,
            "hotline_id": entry.hotline_id,
            "caller": entry.caller,
            "node": entry.node,
            "priority": entry.priority,
            "entered_at": at,
            "tried": sorted(entry.tried),
            "skills": None
            if entry.skills is None
            else [{"after": one.after, "skills": dict(one.skills)} for one in entry.skills],
        }
        row = await self._pool.row(
            "select outcome, since from enter_queue("
            "json_populate_record(null::queue_entries, %s::json), %s, %s, %s, %s)",
            (
                orjson.dumps(columns).decode(),
                queue.max_length,
                queue.leave_when_empty,
                queue.sticky_minutes,
                queue.sticky_wait,
            ),
        )
        assert row is not None  # noqa: S101 - a function gives a row
        return Entered(*row)

    async def state(self, entry_id: UUID) -> EntryState | None:
        row = await self._pool.row(
            "select state, offered_to, offered_at from queue_entries where id = %s", (entry_id,)
        )
        return EntryState(row[0], tuple(row[1]), row[2]) if row is not None else None

    async def deserted(self, node: str, at: datetime) -> Sequence[UUID]:
        """Those who wait at this node for agents of whom none is signed in any more, where the
        queue does not let them."""
        return [row[0] for row in await self._pool.rows(_DESERTED, {"node": node, "at": at})]

    async def place(self, entry_id: UUID, now: datetime) -> Place | None:
        row = await self._pool.row(_PLACE, {"entry": entry_id, "since": now - _RECENT, "now": now})
        if row is None:
            return None
        position, pace = row
        return Place(position, None if pace is None else float(pace) * position)

    async def wait_on(
        self,
        entry_id: UUID,
        tried: Sequence[UUID],
        at: datetime,
        offered_at: datetime | None = None,
    ) -> bool:
        """Back to the old place; ``tried`` did not answer. False: it was not on offer any more.

        ``offered_at`` says which offer is meant, where there may be a newer one.
        """
        row = await self._pool.row(
            "select wait_on(%s, %s::uuid[], %s, %s)", (entry_id, list(tried), at, offered_at)
        )
        return row is not None and bool(row[0])

    async def leave(self, entry_id: UUID, agent_id: UUID | None, reason: str, at: datetime) -> bool:
        """The wait is over: answered by ``agent_id`` or, without, left. Repeating is harmless."""
        row = await self._pool.row(
            "select leave_queue(%s, %s, %s, %s)", (entry_id, agent_id, reason, at)
        )
        return row is not None and bool(row[0])

    async def call_back(
        self, entry_id: UUID, number: str, at: datetime, not_before: datetime | None = None
    ) -> bool:
        """The caller keeps the place, hangs up and is called at ``number``, not ``not_before``.

        Asking again corrects the number. False: the wait was over.
        """
        row = await self._pool.row(
            "select call_back(%s, %s, %s, %s)", (entry_id, number, not_before, at)
        )
        return row is not None and bool(row[0])

    async def set_aside(self, entry_id: UUID, at: datetime) -> None:
        """Nobody can serve it now: it keeps its place and is given no agents until it enters
        again."""
        await self._pool.row("select set_aside(%s, %s)", (entry_id, at))

    # ------------------------------------------------------------ decisions

    async def situation(
        self,
        enterprise_id: UUID,
        at: datetime,
        alive_since: datetime,
        seed: int,
        *,
        callbacks: bool = False,
    ) -> Situation | None:
        """None: nobody waits there who could be served; with ``callbacks`` those at home too."""
        row = await self._pool.row(
            "select queue_snapshot(%s, %s, %s, %s)::text",
            (enterprise_id, at, alive_since, callbacks),
        )
        if row is None or row[0] is None:
            return None
        document: dict[str, Any] = orjson.loads(row[0])
        return Situation(document["turn"], snapshot_of(document, now=at.timestamp(), seed=seed))

    async def offer(
        self,
        enterprise_id: UUID,
        turn: int,
        node: str,
        at: datetime,
        decisions: Sequence[Decision],
    ) -> int:
        """Carry out ``decisions`` in order; how many, -1 where they rest on what is past."""
        offers = [
            {
                "id": new_id(),
                "entry": decision.waiting.id,
                "queue": decision.queue_id,
                "call": decision.waiting.call_id,
                # As an array of SQL writes itself.
                "agents": "{" + ",".join(map(str, decision.agents)) + "}",
                "inputs": inputs_of(decision.grounds),
                "reasons": reasons_of(decision),
            }
            for decision in decisions
        ]
        row = await self._pool.row(
            "select offer_calls(%s, %s, %s, %s, %s::json)",
            (enterprise_id, turn, node, at, orjson.dumps(offers).decode()),
        )
        return int(row[0]) if row is not None else -1

    # ------------------------------------------------------------ controllers

    async def alive(self, node: str, at: datetime) -> None:
        """Tell the others that this controller is."""
        await self._pool.rows(
            "insert into controllers (node, seen_at) values (%s, %s)"
            " on conflict (node) do update set seen_at = excluded.seen_at returning 1",
            (node, at),
        )

    async def withdraw(self, alive_since: datetime, at: datetime) -> set[UUID]:
        """Free the agents who ring for callers of dead controllers; the enterprises concerned."""
        rows = await self._pool.rows("select withdraw_dead_offers(%s, %s)", (alive_since, at))
        return {row[0] for row in rows}

    async def end_lost(self, node: str, before: datetime) -> None:
        """End the waits of calls of ``node`` that were over before its controller came back."""
        await self._pool.rows(_ENDED, (node, before))

    async def sweep(self, at: datetime) -> None:
        """End the waits of calls that are over and forget old decisions."""
        await self._pool.rows(
            _SWEEP,
            {"at": at, "ended_before": at - _CALLS_LATE, "dead_before": at - _DEAD_FOR_GOOD},
        )
        await self._pool.rows(_FORGET, (at - DECISIONS_KEPT,))
