"""Queue a job as part of a transaction: it runs if, and only if, that is committed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

DEFAULT_QUEUE = "default"

_ENQUEUE = text(
    "select enqueue_job(:task, cast(:args as jsonb), :queue, :priority, :lock, :once, :at)"
)


class JobQueue:
    """Where slices put their work; :class:`hotline.jobs.worker.Worker` takes it out."""

    async def enqueue(
        self,
        session: AsyncSession,
        task: str,
        args: Mapping[str, object],
        *,
        queue: str = DEFAULT_QUEUE,
        priority: int = 0,
        lock: str | None = None,
        once: str | None = None,
        at: datetime | None = None,
    ) -> int | None:
        """Queue ``task`` in the session's transaction; its number.

        A tenant's session adds its own ``enterprise_id`` to ``args``. Jobs of one ``lock`` never
        run at the same time. While a job of that ``once`` waits, no other is queued (None).
        Higher ``priority`` comes first. Not before ``at``.
        """
        found = await session.execute(
            _ENQUEUE,
            {
                "task": task,
                "args": orjson.dumps(dict(args)).decode(),
                "queue": queue,
                "priority": priority,
                "lock": lock,
                "once": once,
                "at": at,
            },
        )
        number: int | None = found.scalar_one()
        return number
