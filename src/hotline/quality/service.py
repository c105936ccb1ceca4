"""Reviews: made by supervisors, read by them and by the agents they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.errors import InvalidError, NotFoundError, Words
from hotline.kit.versions import check_version
from hotline.quality.models import agents, reviews, sheets
from hotline.quality.rules import PointsError, criteria_of, total_of
from hotline.recordings.models import recordings
from hotline.records.models import call_legs, calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilters:
    """Which reviews; what is None does not matter."""

    agent_id: UUID | None = None
    sheet_id: UUID | None = None
    reviewer_id: UUID | None = None
    call_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""
    own_of: UUID | None = None
    """Only of the agent that this user is."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    id: UUID
    name: str


class Reviews:
    """One enterprise's reviews, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._rows = TenantRows(session, reviews, enterprise_id)
        self._audit = audit

    def all(self, filters: ReviewFilters) -> Select[Any]:
        """With the agent's name, in no order yet."""
        return (
            select(reviews, agents.c.name.label("agent_name"), agents.c.extension)
            .join_from(reviews, agents, agents.c.id == reviews.c.agent_id, isouter=True)
            .where(reviews.c.enterprise_id == self._enterprise_id, *_conditions(filters))
        )

    async def get(self, review_id: UUID, filters: ReviewFilters) -> RowMapping:
        """Raises NotFoundError, also where ``filters`` hide it."""
        statement = self.all(filters).where(reviews.c.id == review_id)
        row: RowMapping | None = (await self._session.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def add(self, values: Mapping[str, Any], by: Reviewer) -> UUID:
        """Judge a talk. Raises InvalidError where the sheet, the call or points do not fit."""
        sheet = await self._sheet(values["sheet_id"])
        row = await self._rows.insert(
            {
                **values,
                "agent_id": await self._agent_of(values),
                "sheet_name": sheet["name"],
                "criteria": sheet["criteria"],
                "total": _total(sheet["criteria"], values["points"]),
                "reviewer_id": by.id,
                "reviewer_name": by.name,
            }
        )
        judged = {"call_id": values["call_id"], "total": row["total"]}
        await self._audit("quality_review.create", "quality_review", row["id"], created(judged))
        review_id: UUID = row["id"]
        return review_id

    async def change(self, review_id: UUID, seen: str, values: Mapping[str, Any]) -> None:
        """Judge again by the same criteria. Raises NotFoundError, StaleError, InvalidError."""
        before = await self._rows.lock(review_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return
        total = _total(before["criteria"], values.get("points", before["points"]))
        await self._rows.update(review_id, {**values, "total": total})
        await self._audit("quality_review.update", "quality_review", review_id, changes)

    async def remove(self, review_id: UUID) -> None:
        """Raises NotFoundError."""
        row = await self._rows.lock(review_id)
        await self._rows.delete(review_id)
        kept = {"call_id": row["call_id"], "total": row["total"]}
        await self._audit("quality_review.delete", "quality_review", review_id, removed(kept))

    async def _sheet(self, sheet_id: UUID) -> RowMapping:
        statement = select(sheets).where(
            sheets.c.id == sheet_id,
            sheets.c.enterprise_id == self._enterprise_id,
            sheets.c.in_use,
        )
        row: RowMapping | None = (await self._session.execute(statement)).mappings().one_or_none()
        if row is None:
            words = Words("there is no such sheet in use", "没有这个启用的评分表")
            raise InvalidError(fields={"sheet_id": words})
        return row

    async def _agent_of(self, values: Mapping[str, Any]) -> UUID | None:
        """Whose talk it is: as said, else the recording's, else the last who took the call."""
        call = select(calls.c.id).where(
            calls.c.id == values["call_id"], calls.c.enterprise_id == self._enterprise_id
        )
        if (await self._session.execute(call)).first() is None:
            raise InvalidError(fields={"call_id": Words("there is no such call", "没有这个通话")})
        recording_id = values.get("recording_id")
        recorded: UUID | None = None
        if recording_id is not None:
            of_call = select(recordings.c.agent_id).where(
                recordings.c.id == recording_id, recordings.c.call_id == values["call_id"]
            )
            found = (await self._session.execute(of_call)).first()
            if found is None:
                words = Words("it is not of this call", "录音不属于该通话")
                raise InvalidError(fields={"recording_id": words})
            recorded = found[0]
        if values.get("agent_id") is not None:
            return await self._known_agent(values["agent_id"])
        return recorded or await self._last_agent(values["call_id"])

    async def _known_agent(self, agent_id: UUID) -> UUID:
        known = select(agents.c.id).where(
            agents.c.id == agent_id, agents.c.enterprise_id == self._enterprise_id
        )
        if (await self._session.execute(known)).first() is None:
            raise InvalidError(fields={"agent_id": Words("there is no such agent", "没有这个座席")})
        return agent_id

    async def _last_agent(self, call_id: UUID) -> UUID | None:
        last = (
            select(call_legs.c.agent_id)
            .where(call_legs.c.call_id == call_id, call_legs.c.agent_id.is_not(None))
            .where(call_legs.c.result == "answered")
            .order_by(call_legs.c.position.desc())
            .limit(1)
        )
        found: UUID | None = (await self._session.execute(last)).scalar_one_or_none()
        return found


def _total(criteria: Any, points: Mapping[str, int]) -> Any:
    try:
        return total_of(criteria_of(criteria), points)
    except PointsError as error:
        raise InvalidError(fields={"points": error.words}) from error


def _conditions(filters: ReviewFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    for column, value in (
        (reviews.c.agent_id, filters.agent_id),
        (reviews.c.sheet_id, filters.sheet_id),
        (reviews.c.reviewer_id, filters.reviewer_id),
        (reviews.c.call_id, filters.call_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if filters.since is not None:
        wanted.append(reviews.c.created_at >= filters.since)
    if filters.until is not None:
        wanted.append(reviews.c.created_at < filters.until)
    if filters.own_of is not None:
        mine = select(agents.c.id).where(agents.c.user_id == filters.own_of)
        wanted.append(reviews.c.agent_id.in_(mine))
    return wanted
