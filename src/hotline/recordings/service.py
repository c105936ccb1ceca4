"""Recordings for those who may hear them: found, opened, checked, deleted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.database import Database
from hotline.db.tenant_rows import TenantRows
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Attempt, JobKind
from hotline.kit.audit import Audit
from hotline.kit.errors import NotFoundError, Words
from hotline.recordings.models import recordings
from hotline.recordings.sealing import DamagedSoundError
from hotline.recordings.storage import RecordingStore
from hotline.records.models import call_legs, calls

ERASE_TASK: Final = "recordings.erase"
Kind: TypeAlias = Literal["call", "message"]
_OF_CALL: Final = (
    calls.c.caller,
    calls.c.dialled,
    calls.c.hotline_id,
    calls.c.started_at,
    call_legs.c.queue_id,
    call_legs.c.target,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilters:
    """Which recordings; what is None does not matter."""

    call_id: UUID | None = None
    hotline_id: UUID | None = None
    agent_id: UUID | None = None
    queue_id: UUID | None = None
    number: str | None = None
    """The caller's or one that was called; whole, or its beginning."""
    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""


class Recordings:
    """One enterprise's stored sounds of one kind, within one transaction."""

    def __init__(
        self, session: AsyncSession, enterprise_id: UUID, audit: Audit, kind: Kind = "call"
    ) -> None:
        self._rows = TenantRows(session, recordings, enterprise_id)
        self._audit = audit
        self._kind = kind

    def all(self, filters: RecordingFilters) -> Select[Any]:
        """Each with what is known of its call, in no order yet."""
        return self._with_call().where(*_conditions(filters))

    async def get(self, recording_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        statement = self._with_call().where(recordings.c.id == recording_id)
        found = await self._rows.session.execute(statement)
        row: RowMapping | None = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def get_stored(self, recording_id: UUID) -> RowMapping:
        """One whose sound is there. Raises NotFoundError."""
        return _stored(await self.get(recording_id))

    async def note_listening(self, recording_id: UUID, *, saved: bool = False) -> None:
        action = "recording.download" if saved else "recording.listen"
        await self._audit(action, "recording", recording_id)

    async def remove(self, recording_id: UUID, queue: JobQueue) -> None:
        """Forget the sound; the row stays and says so. Raises NotFoundError."""
        _stored(await self.get(recording_id))
        await self.forget(recording_id, queue)
        await self._audit(
            "recording.delete", "recording", recording_id, {"status": ("stored", "deleted")}
        )

    async def forget(self, recording_id: UUID, queue: JobQueue) -> None:
        """Let a job erase the sound, as soon as this transaction is committed."""
        row = await self._rows.lock(recording_id)
        await self._rows.update(recording_id, {"status": "deleted"})
        if row["storage_key"] is not None:
            await enqueue_erasure(self._rows.session, queue, row["storage_key"])

    def _with_call(self) -> Select[Any]:
        of_leg = and_(
            call_legs.c.call_id == recordings.c.call_id,
            call_legs.c.position == recordings.c.position,
        )
        return (
            select(recordings, *_OF_CALL)
            .join_from(recordings, calls, calls.c.id == recordings.c.call_id, isouter=True)
            .join(call_legs, of_leg, isouter=True)
            .where(
                recordings.c.enterprise_id == self._rows.enterprise_id,
                recordings.c.kind == self._kind,
            )
        )


def _conditions(filters: RecordingFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    for column, value in (
        (recordings.c.call_id, filters.call_id),
        (recordings.c.agent_id, filters.agent_id),
        (calls.c.hotline_id, filters.hotline_id),
        (call_legs.c.queue_id, filters.queue_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if filters.number is not None:
        any_leg = call_legs.alias()
        called = exists().where(
            any_leg.c.call_id == recordings.c.call_id,
            any_leg.c.target.startswith(filters.number, autoescape=True),
        )
        wanted.append(or_(calls.c.caller.startswith(filters.number, autoescape=True), called))
    if filters.since is not None:
        wanted.append(recordings.c.created_at >= filters.since)
    if filters.until is not None:
        wanted.append(recordings.c.created_at < filters.until)
    return wanted


def _stored(row: RowMapping) -> RowMapping:
    if row["status"] != "stored":
        raise NotFoundError(
            Words(f"this recording is {row['status']}", "该录音尚未就绪、已丢失或已删除")
        )
    return row


async def is_intact(store: RecordingStore, row: RowMapping) -> bool:
    """Does the storage still have what was put there? Reads all of it. Raises StorageAway."""
    size = await store.size(row["storage_key"])
    if size is None or size != row["bytes"]:
        return False
    digest = hashlib.sha256()
    try:
        async for piece in store.read(row["storage_key"], 0, size):
            digest.update(piece)
    except DamagedSoundError:
        return False
    return digest.digest() == bytes(row["sha256"])


async def enqueue_erasure(session: AsyncSession, queue: JobQueue, key: str) -> None:
    """Have what is kept under ``key`` erased; one job for it at a time."""
    await queue.enqueue(session, ERASE_TASK, {"key": key}, once=f"erase:{key}")


def erase_job(store: RecordingStore, database: Database) -> JobKind:
    """The worker's part of a deletion.

    The row forgets the key last: a storage that is away for longer than the attempts last is tried
    again by whoever finds the key there (see ``KeepingJobs``).
    """

    async def erase(attempt: Attempt) -> None:
        key = attempt.args["key"]
        await store.delete(key)
        async with database.platform() as session:
            await session.execute(
                update(recordings)
                .where(recordings.c.storage_key == key, recordings.c.status == "deleted")
                .values(storage_key=None)
            )

    return JobKind(task=ERASE_TASK, run=erase, attempts=12)
