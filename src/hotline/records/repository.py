"""Call records in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, RowMapping, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.paging import Paging, newest_first
from hotline.kit.errors import NotFoundError
from hotline.records.models import call_events, call_legs, calls, queue_entries, recordings

IN_PROGRESS: Final = "in_progress"
_BATCH: Final = 1000
_OF_CALL: Final = call_legs.c.call_id == calls.c.id
Reopen: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which calls; what is None does not matter."""

    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""
    caller: str | None = None
    """The whole number, or its beginning (``138*``) or end (``*5678``)."""
    destination: str | None = None
    """A number that was tried, answered or not; in the same forms."""
    province: str | None = None
    city: str | None = None
    outcome: str | None = None
    hotline_id: UUID | None = None
    direction: str | None = None
    agent_id: UUID | None = None
    """Who was called, or placed the call."""
    queue_id: UUID | None = None
    """In which the caller waited, or to which the call was given."""


def matching(enterprise_id: UUID, filters: Filters) -> Select[Any]:
    """The calls of one enterprise that pass ``filters``, in no order yet."""
    tried = call_legs.c.enterprise_id == enterprise_id
    return _filtered(filters, tried).where(calls.c.enterprise_id == enterprise_id)


def matching_anywhere(filters: Filters, *, of_no_enterprise: bool) -> Select[Any]:
    """Calls of every enterprise, or of none: those to numbers that no hotline has."""
    statement = _filtered(filters)
    return statement.where(calls.c.enterprise_id.is_(None)) if of_no_enterprise else statement


def _filtered(filters: Filters, *about_leg: ColumnElement[bool]) -> Select[Any]:
    statement = select(calls)
    if filters.since is not None:
        statement = statement.where(calls.c.started_at >= filters.since)
    if filters.until is not None:
        statement = statement.where(calls.c.started_at < filters.until)
    if filters.caller is not None:
        statement = statement.where(_like(calls.c.caller, filters.caller))
    for condition in _about_others(filters, exists().where(_OF_CALL, *about_leg)):
        statement = statement.where(condition)
    for column, value in (
        (calls.c.direction, filters.direction),
        (calls.c.province, filters.province),
        (calls.c.city, filters.city),
        (calls.c.hotline_id, filters.hotline_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.outcome == IN_PROGRESS:
        statement = statement.where(calls.c.ended_at.is_(None))
    elif filters.outcome is not None:
        statement = statement.where(calls.c.outcome == filters.outcome)
    return statement


def _about_others(filters: Filters, leg: Exists) -> Iterator[ColumnElement[bool]]:
    """What is asked of those whom a call reached; ``leg`` is any leg of it."""
    if filters.destination is not None:
        yield leg.where(_like(call_legs.c.target, filters.destination))
    if filters.agent_id is not None:
        yield or_(
            leg.where(call_legs.c.agent_id == filters.agent_id),
            calls.c.agent_id == filters.agent_id,
        )
    if filters.queue_id is not None:
        waited = (queue_entries.c.call_id == calls.c.id) & (
            queue_entries.c.queue_id == filters.queue_id
        )
        yield or_(exists().where(waited), leg.where(call_legs.c.queue_id == filters.queue_id))


async def page(session: AsyncSession, statement: Select[Any], paging: Paging) -> Sequence[Any]:
    """One page of ``statement``, newest first, and one row more where there is more."""
    ordered = newest_first(statement, paging, calls.c.started_at, calls.c.id)
    return (await session.execute(ordered)).mappings().all()


async def count_up_to(session: AsyncSession, statement: Select[Any], limit: int) -> int:
    """How many rows there are, counted no further than ``limit``."""
    some = statement.with_only_columns(calls.c.id).limit(limit).subquery()
    found: int = (await session.execute(select(func.count()).select_from(some))).scalar_one()
    return found


async def in_batches(
    reopen: Reopen, statement: Select[Any]
) -> AsyncIterator[tuple[Sequence[RowMapping], dict[UUID, list[RowMapping]]]]:
    """All rows, newest first, each batch with its legs and read in a short transaction of its own.

    Calls that come in meanwhile are newer than where it began and never seen twice.
    """
    paging = Paging(limit=_BATCH)
    while True:
        async with reopen() as session:
            rows = (await page(session, statement, paging))[:_BATCH]
            legs = await legs_of(session, [row["id"] for row in rows])
        if rows:
            yield rows, legs
        if len(rows) < _BATCH:
            return
        paging = Paging(limit=_BATCH, after=(rows[-1]["started_at"], rows[-1]["id"]))


async def call_of(session: AsyncSession, enterprise_id: UUID, call_id: UUID) -> RowMapping:
    """Raises NotFoundError."""
    statement = select(calls).where(calls.c.id == call_id, calls.c.enterprise_id == enterprise_id)
    row: RowMapping | None = (await session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return row


async def legs_of(session: AsyncSession, call_ids: Sequence[UUID]) -> dict[UUID, list[RowMapping]]:
    """The legs of each call in their order."""
    legs: dict[UUID, list[RowMapping]] = {call_id: [] for call_id in call_ids}
    statement = (
        select(call_legs)
        .where(call_legs.c.call_id.in_(call_ids))
        .order_by(call_legs.c.call_id, call_legs.c.position)
    )
    for row in (await session.execute(statement)).mappings():
        legs[row["call_id"]].append(row)
    return legs


async def events_of(session: AsyncSession, call_id: UUID) -> Sequence[RowMapping]:
    """Everything that happened in a call, in order."""
    statement = (
        select(call_events)
        .where(call_events.c.call_id == call_id)
        .order_by(call_events.c.at, call_events.c.id)
    )
    return (await session.execute(statement)).mappings().all()


async def recordings_of(session: AsyncSession, call_id: UUID) -> Sequence[RowMapping]:
    statement = (
        select(recordings)
        .where(recordings.c.call_id == call_id, recordings.c.kind == "call")
        .order_by(recordings.c.created_at, recordings.c.id)
    )
    return (await session.execute(statement)).mappings().all()


def _like(column: Any, pattern: str) -> Any:
    """Digits with at most one ``*``, at either end."""
    if pattern.endswith("*"):
        return column.startswith(pattern[:-1], autoescape=True)
    if pattern.startswith("*"):
        return column.endswith(pattern[1:], autoescape=True)
    return column == pattern
