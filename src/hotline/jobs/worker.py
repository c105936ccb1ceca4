"""Run queued jobs, again after a failure, and keep the queue's tables small."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import procrastinate
import structlog
from procrastinate import connector
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy.engine import URL

from hotline.db.listen import notifications
from hotline.jobs.queue import DEFAULT_QUEUE
from hotline.kit.clock import Clock

log = structlog.get_logger(__name__)

_KEEP_SUCCEEDED_HOURS = 24
_KEEP_FAILED_HOURS = 24 * 14
_STALLED_AFTER = 60.0
_LOOK_FOR_ABORTS_SECONDS = 60.0
"""Nobody aborts jobs here."""
_LISTEN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a job."""

    args: Mapping[str, Any]
    number: int
    """From 1."""
    last: bool
    """No other follows if this one fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """What the worker does for jobs of one name. ``run`` must bear being run twice."""

    task: str
    run: Callable[[Attempt], Awaitable[None]]
    attempts: int = 5
    first_wait: float = 2.0
    """Seconds before the second attempt; doubles with each one, up to an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """A job that queues itself by the clock, once over all workers."""

    task: str
    cron: str
    """Five fields, or six with seconds last."""
    run: Callable[[], Awaitable[None]]


class Worker:
    """Takes jobs until cancelled; what it was at is then finished or taken up by another."""

    def __init__(
        self,
        platform_url: URL,
        kinds: Sequence[JobKind],
        periodic: Sequence[Periodic] = (),
        *,
        clock: Clock,
        queue: str = DEFAULT_QUEUE,
        concurrency: int = 2,
        grace: float = 10.0,
    ) -> None:
        """Works on ``queue`` alone. ``grace``: seconds that running jobs get to end after a cancel.

        Of a site's workers those of the default queue keep the tables of all queues small.
        """
        connection = platform_url.translate_connect_args(username="user", database="dbname")
        self._app = procrastinate.App(
            connector=_Connector(
                platform_url,
                clock,
                kwargs={
                    **connection,
                    **platform_url.query,
                    "options": "-c search_path=jobs",
                    "application_name": "hotline worker",
                    # The queue's every question is one statement.
                    "autocommit": True,
                },
                min_size=1,
                max_size=concurrency + 2,
            )
        )
        self._clock = clock
        self._queue = queue
        self._concurrency = concurrency
        self._grace = grace
        for kind in kinds:
            self._add(kind)
        for job in periodic:
            self._add_periodic(job)
        if queue == DEFAULT_QUEUE:
            self._add_periodic(_every("jobs.clean_up", "17 * * * *", self.clean_up))
            self._add_periodic(_every("jobs.rescue", "* * * * *", self.rescue))

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._app.open_async():
            await self._app.run_worker_async(
                queues=[self._queue],
                concurrency=self._concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=self._grace,
                abort_job_polling_interval=_LOOK_FOR_ABORTS_SECONDS,
            )

    async def run_waiting(self) -> None:
        """Do what is due now and return."""
        async with self._app.open_async():
            await self._app.run_worker_async(
                queues=[self._queue],
                concurrency=self._concurrency,
                install_signal_handlers=False,
                wait=False,
            )

    async def clean_up(self) -> None:
        """Forget jobs that ended long ago."""
        manager = self._app.job_manager
        await manager.delete_old_jobs(nb_hours=_KEEP_SUCCEEDED_HOURS)
        await manager.delete_old_jobs(
            nb_hours=_KEEP_FAILED_HOURS,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )

    async def rescue(self) -> None:
        """Queue again what workers that died were at."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER):
            log.warning("job of a lost worker queued again", task=job.task_name, job=job.id)
            await manager.retry_job(job)

    def _add(self, kind: JobKind) -> None:
        async def run(context: procrastinate.JobContext, /, **args: Any) -> None:
            number = context.job.attempts + 1
            await kind.run(Attempt(args, number, last=number >= kind.attempts))

        declare = self._app.task(
            name=kind.task,
            queue=self._queue,
            retry=_BackOff(kind, self._clock),
            pass_context=True,
        )
        declare(run)

    def _add_periodic(self, job: Periodic) -> None:
        async def run(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
            await job.run()

        declare = self._app.task(name=job.task, queue=self._queue, queueing_lock=job.task)
        self._app.periodic(cron=job.cron)(declare(run))


class _Connector(procrastinate.PsycopgConnector):
    """Listens without waking up ten times a second, as the driver does."""

    def __init__(self, url: URL, clock: Clock, **options: Any) -> None:
        super().__init__(**options)
        self._url, self._clock = url, clock

    async def listen_notify(
        self, on_notification: connector.Notify, channels: Iterable[str]
    ) -> None:
        channel, *others = channels
        assert not others  # noqa: S101  the worker takes jobs of every queue: one channel
        heard = notifications(self._url, channel, self._clock, at_least_every=_LISTEN_SECONDS)
        async for payload in heard:
            if payload is not None:
                await on_notification(channel=channel, payload=payload)


@dataclass(frozen=True)
class _BackOff(BaseRetryStrategy):
    kind: JobKind
    clock: Clock

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts + 1 >= self.kind.attempts:
            log.error("job failed for good", task=job.task_name, job=job.id, error=repr(exception))
            return None
        wait = min(self.kind.first_wait * 2**job.attempts, 3600.0)
        log.warning("job failed, tried again", task=job.task_name, wait=wait, error=repr(exception))
        return RetryDecision(retry_at=self.clock.now() + timedelta(seconds=wait))


def _every(task: str, cron: str, run: Callable[[], Awaitable[None]]) -> Periodic:
    return Periodic(task=task, cron=cron, run=run)
