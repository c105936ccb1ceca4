"""The worker's part: forget what no longer matters."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from hotline.api.idempotency import IdempotencyKeys
from hotline.db.database import Database
from hotline.jobs.worker import Periodic
from hotline.kit.clock import Clock
from hotline.staff.authentication import SessionTimes
from hotline.staff.models import sessions
from hotline.staff.throttle import forget_old


class StaffJobs:
    """Sessions that ended by themselves, counts of old guesses, answers kept for repetitions."""

    def __init__(self, database: Database, clock: Clock, times: SessionTimes | None = None) -> None:
        self._database = database
        self._clock = clock
        self._times = times or SessionTimes()

    def periodic(self) -> Sequence[Periodic]:
        return (Periodic(task="staff.forget_old", cron="23 * * * *", run=self.forget_old),)

    async def forget_old(self) -> None:
        now = self._clock.now()
        async with self._database.platform() as session:
            await session.execute(
                delete(sessions).where(
                    (sessions.c.expires_at < now)
                    | (sessions.c.last_seen_at < now - self._times.idle)
                )
            )
            await forget_old(session, self._clock)
        await IdempotencyKeys(self._database).forget_old(now)
