"""Recordings for those who may hear them: found, opened, checked, deleted."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Attempt, JobKind
from hotline.kit.audit import Audit
from hotline.kit.errors import NotFoundError, Words
from hotline.recordings.models import recordings
from hotline.recordings.storage import RecordingStore

ERASE_TASK: Final = "recordings.erase"


class Recordings:
    """One enterprise's recordings, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, recordings, enterprise_id)
        self._audit = audit

    def all(self, call_id: UUID | None) -> Select[Any]:
        statement = self._rows.select()
        return statement if call_id is None else statement.where(recordings.c.call_id == call_id)

    async def get(self, recording_id: UUID) -> RowMapping:
        return await self._rows.get(recording_id)

    async def get_stored(self, recording_id: UUID) -> RowMapping:
        """One whose sound is there. Raises NotFoundError."""
        return self._stored(await self._rows.get(recording_id))

    async def note_listening(self, recording_id: UUID) -> None:
        await self._audit("recording.listen", "recording", recording_id)

    async def remove(self, recording_id: UUID, queue: JobQueue) -> None:
        """Forget the sound; the row stays and says so. Raises NotFoundError."""
        row = self._stored(await self._rows.lock(recording_id))
        await self._rows.update(recording_id, {"status": "deleted", "storage_key": None})
        await queue.enqueue(self._rows.session, ERASE_TASK, {"key": row["storage_key"]})
        await self._audit(
            "recording.delete", "recording", recording_id, {"status": ("stored", "deleted")}
        )

    def _stored(self, row: RowMapping) -> RowMapping:
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
    async for piece in store.read(row["storage_key"], 0, size):
        digest.update(piece)
    return digest.digest() == bytes(row["sha256"])


def erase_job(store: RecordingStore) -> JobKind:
    """The worker's part of a deletion."""

    async def erase(attempt: Attempt) -> None:
        await store.delete(attempt.args["key"])

    return JobKind(task=ERASE_TASK, run=erase, attempts=12)
