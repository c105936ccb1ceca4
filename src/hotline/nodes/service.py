"""How the site is: what is known of it, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.carriers.reach import REACH
from hotline.db.migrate import newest_revision
from hotline.nodes.repository import DATABASE, JOBS, NODES, RECORDINGS, rows_of
from hotline.nodes.rules import CarrierFacts, JobFacts, NodeFacts, SiteFacts, Trouble, troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStatus:
    """What was found, as rows, and what was made of it."""

    nodes: Sequence[RowMapping]
    database: RowMapping
    jobs: Sequence[RowMapping]
    recordings: RowMapping
    carriers: Sequence[RowMapping]
    facts: SiteFacts
    troubles: Sequence[Trouble]


async def site_status(session: AsyncSession) -> SiteStatus:
    """In one platform transaction."""
    nodes = await rows_of(session, NODES)
    (database,) = await rows_of(session, DATABASE)
    jobs = await rows_of(session, JOBS)
    (recordings,) = await rows_of(session, RECORDINGS)
    carriers = [row for row in await rows_of(session, REACH) if row["enabled"]]
    facts = SiteFacts(
        nodes=[_node(row) for row in nodes],
        revision=database["revision"],
        wanted_revision=newest_revision(),
        connections=database["connections"],
        most_connections=database["most_connections"],
        jobs=[_job(row) for row in jobs],
        recordings_waiting=recordings["waiting"],
        recordings_oldest_seconds=recordings["oldest_seconds"],
        carriers=[CarrierFacts(name=_called(row), reached=row["reached"]) for row in carriers],
    )
    return SiteStatus(
        nodes=nodes,
        database=database,
        jobs=jobs,
        recordings=recordings,
        carriers=carriers,
        facts=facts,
        troubles=troubles(facts),
    )


def _node(row: RowMapping) -> NodeFacts:
    return NodeFacts(
        node=row["node"],
        roles=row["roles"],
        version=row["version"],
        silent_seconds=row["silent_seconds"],
        disk_free=row["disk_free"],
        switch_connected=row["switch_connected"],
    )


def _job(row: RowMapping) -> JobFacts:
    return JobFacts(
        task=row["task"],
        waiting=row["waiting"],
        oldest_seconds=row["oldest_seconds"],
        failed=row["failed"],
    )


def _called(carrier: RowMapping) -> str:
    return str(carrier["title"] or carrier["name"])
