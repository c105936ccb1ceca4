"""What a queue's settings ask for that will not work as things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents
from hotline.hotlines.models import destinations, hotlines
from hotline.hotlines.uses import led_without_voicemail
from hotline.kit.errors import Words
from hotline.queues.models import queue_members
from hotline.voicemail.models import boxes

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
    """``queue`` is its row."""
    return [
        *await _callbacks(session, enterprise_id, queue),
        *await _messages(session, enterprise_id, queue),
        *await _numbers(session, enterprise_id, queue),
    ]


async def _messages(session: AsyncSession, enterprise_id: UUID, queue: RowMapping) -> list[Problem]:
    """Callers may leave a message, and where is up to the flow that led them here."""
    fields = ["key_voicemail"] if queue["key_voicemail"] is not None else []
    fields += [
        f"overflow.{cause}"
        for cause, target in queue["overflow"].items()
        if target["kind"] == "voicemail" and target.get("id") is None
    ]
    own = select(boxes.c.id).where(
        boxes.c.enterprise_id == enterprise_id, boxes.c.queue_id == queue["id"]
    )
    if not fields or (await session.execute(own)).first() is not None:
        return []
    if not await led_without_voicemail(session, queue):
        return []
    words = Words(
        "this queue has no voicemail box of its own: where the flow leads no further, messages are"
        " for the hotline's box, and without one the caller goes on as after too long a wait",
        "该座席组没有自己的语音信箱：流程没有连接“按键留言”出口时，留言存入热线的信箱，"
        "热线也没有信箱时按“等待超时”处理",
    )
    return [Problem("no_box", fields[0], words)]


async def _numbers(session: AsyncSession, enterprise_id: UUID, queue: RowMapping) -> list[Problem]:
    """Numbers whose approval was taken back since they were set."""
    wanted = {
        f"overflow.{cause}": target["number"]
        for cause, target in queue["overflow"].items()
        if target["kind"] == "number"
    }
    approved = select(destinations.c.number).where(
        destinations.c.enterprise_id == enterprise_id,
        destinations.c.number.in_(wanted.values()),
        destinations.c.status == "approved",
    )
    known = set((await session.execute(approved)).scalars()) if wanted else set()
    gone = {field: number for field, number in wanted.items() if number not in known}
    if not gone:
        return []
    words = Words(
        f"not approved (any more), so nobody is sent there: {_some([*gone.values()])}",
        f"号码未经审核或已停用，来电不会转到：{_some([*gone.values()])}",
    )
    return [Problem("number_not_approved", next(iter(gone)), words)]


async def _callbacks(
    session: AsyncSession, enterprise_id: UUID, queue: RowMapping
) -> list[Problem]:
    """Callbacks that no number may be shown for."""
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
