"""What a queue's settings ask for that will not work as things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents
from hotline.hotlines.models import hotlines
from hotline.kit.errors import Words
from hotline.queues.models import queue_members

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that was taken, and that somebody has to see to."""

    code: str
    field: str
    words: Words


async def problems_of(
    session: AsyncSession, enterprise_id: UUID, queue: RowMapping
) -> list[Problem]:
    """``queue`` is its row. So far: callbacks that no number may be shown for."""
    if queue["key_callback"] is None:
        return []
    numbers = await _hotlines_not_shown(session, enterprise_id)
    names = await _agents_without_number(session, queue["id"]) if numbers else []
    if not names:
        return []
    words = Words(
        f"callers of {_some(numbers)} cannot be called back by {_some(names)}: neither the"
        " hotline's number nor the agent's may be shown. Register the hotline's number under"
        " caller numbers and have it approved, or give the agents an approved number to show",
        f"{_some(numbers)} 的来电无法由 {_some(names)} 回电：热线号码和座席的外显号码都未经审核。"
        "请将热线号码登记为主叫号码并提交审核，或为座席设置已审核的外显号码",
    )
    return [Problem("no_number_to_show", "key_callback", words)]


async def _hotlines_not_shown(session: AsyncSession, enterprise_id: UUID) -> Sequence[str]:
    statement = (
        select(hotlines.c.number)
        .where(
            hotlines.c.enterprise_id == enterprise_id,
            hotlines.c.status == "active",
            func.agent_number_approved(enterprise_id, hotlines.c.number).is_(False),
        )
        .order_by(hotlines.c.number)
    )
    return (await session.execute(statement)).scalars().all()


async def _agents_without_number(session: AsyncSession, queue_id: UUID) -> Sequence[str]:
    approved = func.agent_number_approved(agents.c.enterprise_id, agents.c.outbound_number)
    statement = (
        select(agents.c.name)
        .join(queue_members, queue_members.c.agent_id == agents.c.id)
        .where(queue_members.c.queue_id == queue_id, agents.c.enabled, approved.is_not(True))
        .order_by(agents.c.extension)
    )
    return (await session.execute(statement)).scalars().all()


def _some(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}…({len(names)})"
