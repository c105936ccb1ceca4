"""What the database knows at this moment about calls and recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.database import Database
from hotline.recordings.models import recordings
from hotline.records.models import calls


@dataclass(frozen=True, slots=True)
class Numbers:
    calls_in_progress: Mapping[str, int]
    """By switch node."""
    calls_ended: Mapping[str, int]
    """By outcome, of the calls that began since the instant asked for."""
    recordings_pending: Mapping[str, int]
    """By the switch node in whose spool they lie."""


async def numbers_since(database: Database, since: datetime) -> Numbers:
    """All of it, counted through partial or time indexes: cheap enough to ask for often."""
    ended = (calls.c.ended_at.is_not(None), calls.c.started_at >= since)
    async with database.platform() as session:
        return Numbers(
            await _count(session, calls, "node", calls.c.ended_at.is_(None)),
            await _count(session, calls, "outcome", *ended),
            await _count(session, recordings, "node", recordings.c.status == "pending"),
        )


async def _count(
    session: AsyncSession, table: FromClause, by: str, *conditions: ColumnElement[bool]
) -> Mapping[str, int]:
    column = table.c[by]
    found = await session.execute(
        select(column, func.count()).where(*conditions).group_by(column).order_by(column)
    )
    return {row[0]: row[1] for row in found}
