"""Messages for those who may hear them: found, heard, noted, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.paging import Paging, newest_first
from hotline.jobs.queue import JobQueue
from hotline.kit.audit import Audit, changed
from hotline.kit.errors import ConflictError, NotFoundError
from hotline.recordings.models import recordings
from hotline.recordings.service import Recordings
from hotline.records.models import calls
from hotline.voicemail.models import agents, boxes, callbacks, messages, queue_members


def _callbacks_of_message() -> Any:
    """Who has called back from it, newest first, as one JSON list."""
    shown = func.json_build_object(
        *("call_id", callbacks.c.call_id, "agent_id", callbacks.c.agent_id, "at", callbacks.c.at),
        *("agent_name", func.coalesce(agents.c.name, "")),
        *("extension", func.coalesce(agents.c.extension, "")),
        *("outcome", _back.c.outcome, "talk_ms", _back.c.talk_ms),
    )
    newest = aggregate_order_by(shown, callbacks.c.at.desc(), callbacks.c.call_id)
    return (
        select(func.json_agg(newest))
        .select_from(callbacks)
        .join(agents, agents.c.id == callbacks.c.agent_id, isouter=True)
        .join(_back, _back.c.id == callbacks.c.call_id, isouter=True)
        .where(callbacks.c.message_id == messages.c.id)
        .scalar_subquery()
    )


_back: Final = calls.alias("back")
_SHOWN: Final = (
    *messages.c,
    calls.c.caller,
    calls.c.province,
    calls.c.city,
    calls.c.hotline_id,
    calls.c.dialled,
    recordings.c.status.label("audio"),
    recordings.c.duration_ms,
    recordings.c.bytes,
    func.coalesce(_callbacks_of_message(), func.json_build_array()).label("callbacks"),
)


class NoNumberError(ConflictError):
    error_id = "no-number-to-call"
    title = "The caller showed no number; nobody can be called back"
    title_zh = "来电没有显示号码，无法回电"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilters:
    """Which messages; what is None does not matter."""

    box_id: UUID | None = None
    hotline_id: UUID | None = None
    status: str | None = None
    caller: str | None = None
    """A whole number or its beginning."""
    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""


class Messages:
    """The messages of one enterprise that somebody may hear, within one transaction."""

    def __init__(
        self,
        session: AsyncSession,
        enterprise_id: UUID,
        audit: Audit,
        *,
        own_boxes_of: UUID | None,
    ) -> None:
        """``own_boxes_of``: the user who hears nothing but their own boxes; None: hears all."""
        self._session = session
        self._enterprise_id = enterprise_id
        self._audit = audit
        self._own_boxes_of = own_boxes_of

    async def page(self, filters: MessageFilters, paging: Paging) -> list[RowMapping]:
        """Newest first, and one more where there is more."""
        statement = self._visible().where(*_conditions(filters))
        ordered = newest_first(statement, paging, messages.c.left_at, messages.c.id)
        return list((await self._session.execute(ordered)).mappings())

    async def get(self, message_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await _one(self._session, self._visible().where(messages.c.id == message_id))

    async def heard(self, message_id: UUID, by: UUID, at: datetime) -> None:
        """Note who listened; a new message is then no longer new."""
        await self._audit("voicemail.listen", "voicemail_message", message_id)
        await self._session.execute(
            update(messages)
            .where(messages.c.id == message_id, messages.c.status == "new")
            .values(status="heard", heard_at=at, heard_by=by)
        )

    async def change(
        self, message_id: UUID, values: Mapping[str, Any], by: UUID, at: datetime
    ) -> RowMapping:
        """Raises NotFoundError."""
        before = await self.get(message_id)
        changes = changed(before, values)
        if not changes:
            return before
        extra: dict[str, Any] = {}
        if values.get("status") == "new":
            extra = {"heard_at": None, "heard_by": None}
        elif "status" in changes and before["heard_at"] is None:
            extra = {"heard_at": at, "heard_by": by}
        await self._session.execute(
            update(messages).where(messages.c.id == message_id).values({**values, **extra})
        )
        await self._audit("voicemail.update", "voicemail_message", message_id, changes)
        return await self.get(message_id)

    async def remove(self, message_id: UUID, queue: JobQueue) -> None:
        """The message and its sound. Raises NotFoundError."""
        row = await self.get(message_id)
        sounds = Recordings(self._session, self._enterprise_id, self._audit, "message")
        await sounds.forget(message_id, queue)
        await self._session.execute(delete(messages).where(messages.c.id == message_id))
        await self._audit(
            "voicemail.delete",
            "voicemail_message",
            message_id,
            {"left_at": (row["left_at"], None), "caller": (row["caller"], None)},
        )

    async def begin_callback(self, message_id: UUID, agent_id: UUID, call_id: UUID) -> str:
        """Note that the agent calls back by the call ``call_id``; the number to be called.

        Raises NotFoundError, NoNumberError.
        """
        row = await self.get(message_id)
        if not row["caller"]:
            raise NoNumberError
        values = {"call_id": call_id, "message_id": message_id, "agent_id": agent_id}
        await self._session.execute(
            insert(callbacks).values(enterprise_id=self._enterprise_id, **values)
        )
        noted = {"call_id": (None, str(call_id))}
        await self._audit("voicemail.call_back", "voicemail_message", message_id, noted)
        return str(row["caller"])

    async def no_callback(self, call_id: UUID) -> None:
        """That call did not begin."""
        await self._session.execute(delete(callbacks).where(callbacks.c.call_id == call_id))

    def _visible(self) -> Select[Any]:
        statement = _all_of(self._enterprise_id)
        if self._own_boxes_of is None:
            return statement
        return statement.where(messages.c.box_id.in_(own_boxes(self._own_boxes_of)))


def _all_of(enterprise_id: UUID) -> Select[Any]:
    """Each with its call and its sound."""
    return (
        select(*_SHOWN)
        .join_from(messages, recordings, recordings.c.id == messages.c.id, isouter=True)
        .join(calls, calls.c.id == messages.c.call_id, isouter=True)
        .where(messages.c.enterprise_id == enterprise_id)
    )


async def _one(session: AsyncSession, statement: Select[Any]) -> RowMapping:
    row: RowMapping | None = (await session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return row


async def message_of(session: AsyncSession, enterprise_id: UUID, message_id: UUID) -> RowMapping:
    """Any message of the enterprise. Raises NotFoundError."""
    return await _one(session, _all_of(enterprise_id).where(messages.c.id == message_id))


def own_boxes(user_id: UUID) -> Select[Any]:
    """The boxes of the agent that ``user_id`` is, and of that agent's queues where they may."""
    mine = select(agents.c.id).where(agents.c.user_id == user_id)
    my_queues = select(queue_members.c.queue_id).where(queue_members.c.agent_id.in_(mine))
    return select(boxes.c.id).where(
        or_(
            boxes.c.agent_id.in_(mine),
            and_(boxes.c.for_members, boxes.c.queue_id.in_(my_queues)),
        )
    )


def _conditions(filters: MessageFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    for column, value in (
        (messages.c.box_id, filters.box_id),
        (messages.c.status, filters.status),
        (calls.c.hotline_id, filters.hotline_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if filters.caller is not None:
        wanted.append(calls.c.caller.startswith(filters.caller, autoescape=True))
    if filters.since is not None:
        wanted.append(messages.c.left_at >= filters.since)
    if filters.until is not None:
        wanted.append(messages.c.left_at < filters.until)
    return wanted
