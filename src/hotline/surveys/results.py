"""What was answered, read for those who look at results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.kit.errors import NotFoundError
from hotline.surveys.models import agents, answers, runs
from hotline.surveys.rules import Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Which answers; what is None does not matter."""

    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""
    agent_id: UUID | None = None
    own_of: UUID | None = None
    """Only of the agent that this user is."""


class Results:
    """One survey's answers, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, survey_id: UUID) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._survey_id = survey_id

    async def asked(self, period: Period) -> dict[UUID | None, int]:
        """How many callers of each agent were asked."""
        where = _within(runs, runs.c.asked_at, period)
        statement = (
            select(runs.c.agent_id, func.count())
            .where(
                runs.c.enterprise_id == self._enterprise_id,
                runs.c.survey_id == self._survey_id,
                *where,
            )
            .group_by(runs.c.agent_id)
        )
        found = await self._session.execute(statement)
        return {row[0]: row[1] for row in found}

    async def counted(self, period: Period) -> list[Counted]:
        """By agent, question and key; the oldest words first."""
        columns = (
            answers.c.agent_id,
            answers.c.question_id,
            answers.c.question,
            answers.c.key,
            answers.c.label,
            answers.c.score,
        )
        statement = (
            select(*columns, func.count())
            .where(*self._own(), *_within(answers, answers.c.at, period))
            .group_by(*columns)
            .order_by(func.min(answers.c.at))
        )
        found = await self._session.execute(statement)
        return [Counted(*row) for row in found]

    def answers(self, period: Period) -> Select[Any]:
        """Each single answer, in no order yet."""
        return select(answers).where(*self._own(), *_within(answers, answers.c.at, period))

    async def names(self, agent_ids: list[UUID]) -> dict[UUID, RowMapping]:
        """Those agents that are still there."""
        found = await self._session.execute(select(agents).where(agents.c.id.in_(agent_ids)))
        return {row["id"]: row for row in found.mappings()}

    def _own(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return (
            answers.c.enterprise_id == self._enterprise_id,
            answers.c.survey_id == self._survey_id,
        )


async def answer_of(session: AsyncSession, enterprise_id: UUID, answer_id: UUID) -> RowMapping:
    """Raises NotFoundError."""
    statement = select(answers).where(
        answers.c.id == answer_id, answers.c.enterprise_id == enterprise_id
    )
    row: RowMapping | None = (await session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return row


def _within(of: Any, at: Column[Any], period: Period) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if period.since is not None:
        wanted.append(at >= period.since)
    if period.until is not None:
        wanted.append(at < period.until)
    if period.agent_id is not None:
        wanted.append(of.c.agent_id == period.agent_id)
    if period.own_of is not None:
        mine = select(agents.c.id).where(agents.c.user_id == period.own_of)
        wanted.append(of.c.agent_id.in_(mine))
    return wanted
