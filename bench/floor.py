"""Queues with agents for the bench, in Hotline's database."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bench.contender import agent_number
from hotline.auditing import system_audit
from hotline.db.database import Database
from hotline.flows.base import Sound
from hotline.flows.graph import Flow, Node
from hotline.flows.nodes import HangupNode, PlayNode
from hotline.flows.reaching import QueueNode
from hotline.flows.service import Flows
from hotline.hotlines.models import hotlines
from hotline.kit.versions import version_of
from hotline.queues.service import Queues

_NUMBERS = """
insert into destinations (id, enterprise_id, number, status)
select gen_random_uuid(), :enterprise, (:first + n)::text, 'approved'
from generate_series(0, :count - 1) n
on conflict (enterprise_id, number) do nothing
"""
_AGENTS = """
insert into agents (id, enterprise_id, extension, name, device, destination_id, wrap_up_seconds,
  confirm_by_key)
select gen_random_uuid(), d.enterprise_id, right(d.number, 5), d.number, 'phone', d.id, 0, false
from destinations d where d.enterprise_id = :enterprise
  and d.number::bigint between :first and :first + :count - 1
returning id
"""
_STATE = """
update agent_presence set state = :state, since = now(), idle_since = now()
where enterprise_id = :enterprise
"""


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """A hotline's flow, as it is to be, and the agents behind it."""

    number: str
    """Of the hotline."""
    agents: int
    """Each has a phone of its own and no wrap-up; who was idle longest is rung."""
    greeted: bool = False
    """Say the hotline's greeting first."""
    recording: bool = False
    state: str = "ready"
    """What the agents begin with."""


async def open_queue(database: Database, plan: QueuePlan) -> UUID:
    """Enter queue, agents and a published flow that leads there; the enterprise."""
    async with database.platform() as session:
        found = await session.execute(select(hotlines).where(hotlines.c.number == plan.number))
        hotline = found.mappings().one()
        enterprise: UUID = hotline["enterprise_id"]
        queue = await _queue(session, enterprise, plan)
        flow = await _published(session, enterprise, _flow(hotline, queue, plan))
        await session.execute(
            update(hotlines).where(hotlines.c.id == hotline["id"]).values(flow_id=flow)
        )
        return enterprise


async def all_agents(database: Database, enterprise: UUID, state: str) -> None:
    """Put every agent of the enterprise on ``state``. None of them may have a call."""
    async with database.platform() as session:
        await session.execute(text(_STATE), {"enterprise": enterprise, "state": state})


async def _queue(session: AsyncSession, enterprise: UUID, plan: QueuePlan) -> UUID:
    numbers = {
        "enterprise": enterprise,
        "first": int(agent_number(1)),
        "count": plan.agents,
    }
    await session.execute(text(_NUMBERS), numbers)
    agents = (await session.execute(text(_AGENTS), numbers)).scalars().all()
    await session.execute(text(_STATE), {"enterprise": enterprise, "state": plan.state})
    queues = Queues(session, enterprise, system_audit(session, enterprise))
    values = {"name": "压测", "strategy": "longest_idle", "recording": plan.recording}
    row = await queues.add(values)
    await queues.set_members(row["id"], [(agent, 0) for agent in agents])
    queue: UUID = row["id"]
    return queue


def _flow(hotline: RowMapping, queue: UUID, plan: QueuePlan) -> Flow:
    leave = {"timeout": "over", "unavailable": "over"}
    nodes: list[Node] = [QueueNode(id="queue", queue=queue, exits=leave), HangupNode(id="over")]
    if plan.greeted:
        sounds = (Sound(prompt=hotline["greeting_prompt_id"]),)
        nodes.insert(0, PlayNode(id="greeting", sounds=sounds, exits={"next": "queue"}))
    return Flow(start=nodes[0].id, nodes=tuple(nodes))


async def _published(session: AsyncSession, enterprise: UUID, flow: Flow) -> UUID:
    flows = Flows(session, enterprise, system_audit(session, enterprise), ())
    draft = flow.model_dump(mode="json", by_alias=True)
    row = await flows.add({"name": "压测", "draft": draft})
    await flows.publish(row["id"], version_of(row["updated_at"]), "", "bench")
    key: UUID = row["id"]
    return key
