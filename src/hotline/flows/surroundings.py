"""What a flow is checked against, from the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import column, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.calls.steps.table import WALKED
from hotline.flows.base import Reference, Refers
from hotline.flows.checks import Surroundings, results_of
from hotline.flows.circles import depth_of, results_at_once
from hotline.flows.graph import DEEPEST, Flow
from hotline.flows.models import flow_versions, flows

_TABLES: Final[Mapping[Refers, str]] = MappingProxyType(
    {
        Refers.PROMPT: "prompts",
        Refers.SCHEDULE: "schedules",
        Refers.GROUP: "forwarding_groups",
        Refers.DESTINATION: "destinations",
        Refers.CALLER_LIST: "caller_lists",
        Refers.CODE_LIST: "code_lists",
        Refers.QUEUE: "queues",
        Refers.VOICEMAIL_BOX: "voicemail_boxes",
        Refers.SURVEY: "surveys",
    }
)
_DIALLED: Final = ("agents", "queues")
"""The tables of those who have extensions."""


async def surroundings_of(
    session: AsyncSession, enterprise_id: UUID, flow: Flow, flow_id: UUID, hosts: Collection[str]
) -> Surroundings:
    """For checking ``flow``, which is (a draft of) the flow ``flow_id``."""
    references = set(flow.references())
    published = await _published(session, enterprise_id, references)
    known = {Reference(Refers.FLOW, key) for key in published}
    for kind, name in _TABLES.items():
        ids = [reference.id for reference in references if reference.kind is kind]
        if ids:
            found = await _known(session, enterprise_id, name, ids, kind is Refers.DESTINATION)
            known |= {Reference(kind, key) for key in found}
    entered = {reference.id for reference in references if reference.kind is Refers.FLOW}
    return Surroundings(
        known=known,
        walked=WALKED,
        results={key: results_of(inner) for key, inner in published.items() if key in entered},
        at_once={key: results_at_once(key, published) for key in entered},
        too_deep={key for key in entered if depth_of(key, published) > DEEPEST},
        circles={key for key in entered if _leads_to(key, flow_id, published)},
        hosts=hosts,
        extensions=await _extensions(session, enterprise_id),
    )


async def _known(
    session: AsyncSession, enterprise_id: UUID, name: str, ids: list[UUID], approved: bool
) -> Iterable[UUID]:
    there = table(name, column("id"), column("enterprise_id"), column("status"))
    wanted = select(there.c.id).where(there.c.enterprise_id == enterprise_id, there.c.id.in_(ids))
    if approved:
        wanted = wanted.where(there.c.status == "approved")
    return (await session.execute(wanted)).scalars().all()


async def _extensions(session: AsyncSession, enterprise_id: UUID) -> set[str]:
    having = [table(name, column("extension"), column("enterprise_id")) for name in _DIALLED]
    wanted = union_all(
        *(select(one.c.extension).where(one.c.enterprise_id == enterprise_id) for one in having)
    )
    return set((await session.execute(wanted)).scalars()) - {None}


async def _published(
    session: AsyncSession, enterprise_id: UUID, references: Iterable[Reference]
) -> dict[UUID, Flow]:
    """The published flows that can be entered from here, directly or by another."""
    found: dict[UUID, Flow] = {}
    ahead = {reference.id for reference in references if reference.kind is Refers.FLOW}
    while ahead:
        wanted = (
            select(flow_versions.c.flow_id, flow_versions.c.graph)
            .join(
                flows,
                (flows.c.id == flow_versions.c.flow_id)
                & (flows.c.published_version == flow_versions.c.version),
            )
            .where(flows.c.enterprise_id == enterprise_id, flows.c.id.in_(ahead))
        )
        rows = (await session.execute(wanted)).all()
        ahead = set()
        for row in rows:
            inner = _readable(row.graph)
            if inner is not None:
                found[row.flow_id] = inner
                ahead |= {one.id for one in inner.references() if one.kind is Refers.FLOW}
        ahead -= found.keys()
    return found


def _readable(graph: Any) -> Flow | None:
    try:
        return Flow.model_validate(graph)
    except ValidationError:
        return None


def _leads_to(start: UUID, goal: UUID, published: Mapping[UUID, Flow]) -> bool:
    seen: set[UUID] = set()
    ahead = [start]
    while ahead:
        key = ahead.pop()
        if key == goal:
            return True
        if key in published and key not in seen:
            seen.add(key)
            inner = published[key].references()
            ahead += [one.id for one in inner if one.kind is Refers.FLOW]
    return False
