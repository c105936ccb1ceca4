"""How long an enterprise keeps its sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.auditing import system_audit
from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Periodic
from hotline.kit.audit import Audit, changed
from hotline.kit.clock import Clock
from hotline.recordings.models import recordings, rules
from hotline.recordings.service import Kind, enqueue_erasure

log = structlog.get_logger(__name__)

_BATCH: Final = 500
_MOST_ERASED: Final = 5000
_EMPTY: Final[Mapping[str, Any]] = {"recording_days": None, "message_days": None}
_ACTIONS: Final[Mapping[Kind, str]] = {"call": "recording.expire", "message": "voicemail.expire"}
_EXPIRING: Final[Mapping[Kind, Sequence[str]]] = {
    "call": ("stored",),
    # One whose sound was lost is forgotten with the others.
    "message": ("stored", "missing"),
}


class AudioRules:
    """One enterprise's rules, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._audit = audit

    async def get(self) -> Mapping[str, Any]:
        statement = select(rules).where(rules.c.enterprise_id == self._enterprise_id)
        row: RowMapping | None = (await self._session.execute(statement)).mappings().one_or_none()
        return dict(row) if row is not None else _EMPTY

    async def set(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        before = await self.get()
        changes = changed(before, values)
        if changes:
            statement = insert(rules).values(enterprise_id=self._enterprise_id, **values)
            await self._session.execute(
                statement.on_conflict_do_update(index_elements=["enterprise_id"], set_=values)
            )
            await self._audit("audio_rules.update", "audio_rules", self._enterprise_id, changes)
        return {**before, **values}


class KeepingJobs:
    """The worker's part: delete what was kept long enough."""

    def __init__(self, database: Database, queue: JobQueue, clock: Clock) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock

    def periodic(self) -> Sequence[Periodic]:
        return (
            Periodic(task="recordings.expire", cron="41 * * * *", run=self.expire),
            Periodic(task="recordings.erase_again", cron="51 * * * *", run=self.erase_again),
        )

    async def erase_again(self) -> None:
        """Queue what was deleted while the storage could not be reached: its key is still known."""
        async with self._database.platform() as session:
            left = select(recordings.c.storage_key).where(
                recordings.c.status == "deleted", recordings.c.storage_key.is_not(None)
            )
            for key in (await session.execute(left.limit(_MOST_ERASED))).scalars():
                await enqueue_erasure(session, self._queue, key)

    async def expire(self) -> None:
        """Of every enterprise with a rule; each batch is a transaction of its own."""
        async with self._database.platform() as session:
            found = (await session.execute(select(rules))).mappings().all()
        now = self._clock.now()
        for rule in found:
            kinds: tuple[tuple[Kind, int | None], ...] = (
                ("call", rule["recording_days"]),
                ("message", rule["message_days"]),
            )
            for kind, days in kinds:
                if days is not None:
                    before = now - timedelta(days=days)
                    while await self._expire(rule["enterprise_id"], kind, before) == _BATCH:
                        pass

    async def _expire(self, enterprise_id: UUID, kind: Kind, before: datetime) -> int:
        async with self._database.platform() as session:
            old = (
                select(recordings.c.id, recordings.c.storage_key, recordings.c.status)
                .where(
                    recordings.c.enterprise_id == enterprise_id,
                    recordings.c.kind == kind,
                    recordings.c.status.in_(_EXPIRING[kind]),
                    recordings.c.created_at < before,
                )
                .order_by(recordings.c.created_at)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = (await session.execute(old)).all()
            if not rows:
                return 0
            ids = [row.id for row in rows]
            await session.execute(
                update(recordings).where(recordings.c.id.in_(ids)).values(status="deleted")
            )
            if kind == "message":
                await session.execute(
                    text("delete from voicemail_messages where id = any(:ids)"), {"ids": ids}
                )
            audit = system_audit(session, enterprise_id)
            for row in rows:
                if row.storage_key is not None:
                    await enqueue_erasure(session, self._queue, row.storage_key)
                changes = {"status": (row.status, "deleted")}
                await audit(_ACTIONS[kind], "recording", row.id, changes)
        log.info("recordings expired", enterprise=str(enterprise_id), kind=kind, count=len(ids))
        return len(ids)
