"""How long Hotline takes from caller waiting + agent ready to the INVITE on the agent's wire.

The real switch, controller and database; 1,000 agents in one queue. Callers come by SIPp over the
carrier's trunk; the agents' phones are answered in this process, which notes when each INVITE
arrives. Three cases:

- one caller waits, all agents are on a break; one agent after the other becomes ready. The time
  runs from before the statement that makes the agent ready is sent.
- the same with 50 callers waiting.
- all agents are ready and callers come. The time runs from when the caller stands in line.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench.contender import CALLERS, OFFERED, PHONES
from bench.floor import QueuePlan, all_agents, open_queue
from bench.ours import Hotline
from bench.phone import NotedPhones
from bench.sipp import StandingCallers, place_calls
from hotline.agents.presence import AgentPresence
from hotline.agents.rules import AgentState
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock

_AGENTS = 1000
_WAITING = 50
_TALK_SECONDS = 0.2
_CALLS_A_SECOND = 5
_PATIENCE = 15.0
_ARRIVALS = """
select e.entered_at, d.number from queue_entries e
join agents a on a.id = e.agent_id join destinations d on d.id = a.destination_id
where e.enterprise_id = :enterprise and e.state = 'answered'
"""
_NUMBERS = """
select a.id, d.number from agents a join destinations d on d.id = a.destination_id
where a.enterprise_id = :enterprise order by d.number
"""
_IN_LINE = """
select count(*) from queue_entries where enterprise_id = :enterprise and state = 'waiting'
"""
_BUSY = """
select count(*) from agent_presence where enterprise_id = :enterprise and call_id is not null
"""


@dataclass(frozen=True, slots=True)
class Delays:
    case: str
    milliseconds: Sequence[float]
    failed: int
    """Offers that did not come within 15 s."""

    @property
    def row(self) -> str:
        if len(self.milliseconds) < 2:
            return f"| {self.case} | {len(self.milliseconds)} | {self.failed} | - | - |"
        parts = quantiles(self.milliseconds, n=20, method="inclusive")
        return (
            f"| {self.case} | {len(self.milliseconds)} | {self.failed} | {parts[9]:.0f} | "
            f"{parts[18]:.0f} |"
        )


async def measure_offers(hotline: Hotline, folder: Path, offers: int) -> str:
    """``offers`` in each case; the phones' address must be free. A table in Markdown."""
    database = hotline.database()
    pool = DirectPool(database.platform_url)
    phones = NotedPhones(PHONES, _TALK_SECONDS)
    await phones.start()
    try:
        plan = QueuePlan(OFFERED, agents=_AGENTS)
        line = _Line(
            hotline.sip,
            folder,
            database,
            AgentPresence(pool, SystemClock()),
            phones,
            await open_queue(database, plan),
        )
        await hotline.announced(database)
        results = [
            await line.callers_come(offers),
            await line.agents_come(offers, waiting=1),
            await line.agents_come(offers, waiting=_WAITING),
        ]
    finally:
        phones.stop()
        await pool.close()
        await database.close()
    head = [
        f"| {_AGENTS:,} agents in the queue | offers | failed | p50 ms | p95 ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(delays.row for delays in results)])


@dataclass(frozen=True, slots=True)
class _Line:
    sip: tuple[str, int]
    folder: Path
    database: Database
    presence: AgentPresence
    phones: NotedPhones
    enterprise: UUID

    async def callers_come(self, offers: int) -> Delays:
        await all_agents(self.database, self.enterprise, "ready")
        load = await asyncio.to_thread(
            place_calls,
            self.folder,
            source=CALLERS,
            target=self.sip,
            number=OFFERED,
            rate=_CALLS_A_SECOND,
            calls=offers,
            talk_seconds=2.0,
        )
        await asyncio.sleep(1.0)
        # As many agents as there are: each was called once at most.
        delays = [
            1000 * (self.phones.invited[row["number"]][0] - row["entered_at"].timestamp())
            for row in await self._rows(_ARRIVALS)
        ]
        return self._said(Delays("all ready, callers come", delays, load.offered - len(delays)))

    async def agents_come(self, offers: int, *, waiting: int) -> Delays:
        await self._until(_BUSY, lambda busy: busy == 0)
        await all_agents(self.database, self.enterprise, "break")
        agents = [(row["id"], row["number"]) for row in await self._rows(_NUMBERS)]
        delays: list[float] = []
        failed = 0
        with ExitStack() as stack:
            callers = StandingCallers(self.folder, CALLERS, self.sip, OFFERED, waiting)
            stack.callback(callers.stop)
            for agent_id, number in agents[-offers:]:
                await self._until(_IN_LINE, lambda standing: standing >= waiting)
                delay = await self._offer(agent_id, number)
                if delay is None:
                    failed += 1
                else:
                    delays.append(delay)
        case = f"{waiting} waiting, an agent becomes ready"
        return self._said(Delays(case, delays, failed))

    async def _offer(self, agent_id: UUID, number: str) -> float | None:
        """Milliseconds."""
        self.phones.forget(number)
        began = time.time()
        await self.presence.sign_in(agent_id)
        try:
            rang = await self.phones.rings(number, _PATIENCE)
        except TimeoutError:
            return None
        finally:
            await self.presence.set_state(agent_id, AgentState.BREAK)
        return 1000 * (rang - began)

    async def _until(self, counted: str, enough: Callable[[int], bool]) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                if enough((await self._rows(counted))[0]["count"]):
                    return
                await asyncio.sleep(0.02)

    async def _rows(self, statement: str) -> list[dict[str, Any]]:
        async with self.database.platform() as session:
            found = await session.execute(text(statement), {"enterprise": self.enterprise})
            return [dict(row) for row in found.mappings()]

    def _said(self, delays: Delays) -> Delays:
        print(delays.row, file=sys.stderr, flush=True)
        return delays
