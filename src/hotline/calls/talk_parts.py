"""What talks of agents work with, and the few questions that they ask the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
import structlog

from hotline.agents.directory import AgentDirectory
from hotline.agents.facts import AgentFacts
from hotline.agents.losses import DeviceLosses
from hotline.agents.presence import AgentPresence
from hotline.calls.batch import call_header
from hotline.calls.commands import CommandDesk
from hotline.calls.events import Arrived
from hotline.calls.supervision_store import SupervisionStore
from hotline.db.direct import DatabaseAway, DirectPool
from hotline.telephony.port import Attempt, Leg, Switch

log = structlog.get_logger(__name__)


class Takeable(Protocol):
    """Somebody talks to a caller, whom a supervisor may take over."""

    async def take_over(self, leg: Leg, attempt: Attempt, agent: AgentFacts) -> None:
        """Let ``agent`` talk to the caller. Raises CommandRefused, LegGone, SwitchDown."""


@dataclass(slots=True)
class TalkParts:
    """The collaborators of talks on one switch node."""

    switch: Switch
    presence: AgentPresence
    directory: AgentDirectory
    desk: CommandDesk
    reader: TalkReader
    supervisions: SupervisionStore
    running: dict[UUID, Takeable] = field(default_factory=dict)
    """The talks that go on now, by call."""
    losses: DeviceLosses = field(default_factory=DeviceLosses)


class TalkReader:
    """Each method raises DatabaseAway, where it does not say otherwise."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool

    async def number_is_approved(self, enterprise_id: UUID, number: str) -> bool:
        """Whether agents may send callers to that number outside."""
        row = await self._pool.row(
            "select exists (select from destinations where enterprise_id = %s and number = %s"
            " and status = 'approved')",
            (enterprise_id, number),
        )
        return bool(row and row[0])

    async def number_to_show(self, enterprise_id: UUID) -> str | None:
        """The number that was approved first for the enterprise to show; None: there is none."""
        row = await self._pool.row(
            "select number from (select number, created_at from caller_numbers"
            " where enterprise_id = %s and status = 'approved'"
            " union all select number, created_at from destinations"
            " where enterprise_id = %s and status = 'approved') approved"
            " order by created_at, number limit 1",
            (enterprise_id, enterprise_id),
        )
        return str(row[0]) if row is not None else None

    async def number_is_forbidden(self, enterprise_id: UUID, number: str) -> bool:
        """Whether the enterprise lets nobody call it."""
        row = await self._pool.row(
            "select exists (select from forbidden_numbers"
            " where enterprise_id = %s and number = %s)",
            (enterprise_id, number),
        )
        return bool(row and row[0])

    async def for_placing(self, enterprise_id: UUID) -> tuple[tuple[str, ...], bool]:
        """The carriers in their order, and whether any hotline of the enterprise records."""
        row = await self._pool.row(
            "select (select array_agg(c.name order by c.position, c.name) from carriers c"
            " where c.enabled), exists (select from hotlines h where h.enterprise_id = %s"
            " and h.recording)",
            (enterprise_id,),
        )
        return (tuple(row[0] or ()), bool(row[1])) if row is not None else ((), False)

    async def open_placed(self, call_id: UUID, arrived: Arrived) -> None:
        """Write the row of a call that an agent places."""
        header = orjson.dumps(call_header(call_id, arrived)).decode()
        await self._pool.row("select open_placed_call(%s::json)", (header,))

    async def queue_exists(self, enterprise_id: UUID, queue_id: UUID) -> bool:
        row = await self._pool.row(
            "select exists (select from queues where enterprise_id = %s and id = %s)",
            (enterprise_id, queue_id),
        )
        return bool(row and row[0])

    async def queue_takes_callers(self, queue_id: UUID, at: datetime) -> bool:
        """Whether somebody is signed in, or callers may wait for that, or are sent on."""
        row = await self._pool.row(
            "select not leave_when_empty or jsonb_exists(overflow, 'nobody')"
            " or queue_is_staffed(id, %s) from queues where id = %s",
            (at, queue_id),
        )
        return bool(row and row[0])

    async def queue_by_extension(self, enterprise_id: UUID, extension: str) -> UUID | None:
        row = await self._pool.row(
            "select id from queues where enterprise_id = %s and extension = %s",
            (enterprise_id, extension),
        )
        return row[0] if row is not None else None

    async def free_members(self, queue_id: UUID) -> list[UUID]:
        """The queue's agents who could take a call now, longest idle first."""
        rows = await self._pool.rows(
            "select m.agent_id from queue_members m"
            " join agent_presence p on p.agent_id = m.agent_id"
            " where m.queue_id = %s and p.state = 'ready' and p.call_id is null"
            " order by m.penalty, p.idle_since, m.agent_id",
            (queue_id,),
        )
        return [row[0] for row in rows]

    async def offer(
        self,
        enterprise_id: UUID,
        call_id: UUID,
        agents: Sequence[UUID],
        *,
        caller: str,
        details: dict[str, Any],
        at: datetime,
    ) -> None:
        """Show agents what call is about to ring; one that cannot be shown rings all the same."""
        shown = orjson.dumps(details).decode()
        try:
            await self._pool.row(
                "select offer_call(%s, %s, %s::uuid[], %s, %s::jsonb, %s)",
                (enterprise_id, call_id, list(agents), caller, shown, at),
            )
        except DatabaseAway as away:
            log.warning("offer_not_shown", call=str(call_id), error=away.detail)
