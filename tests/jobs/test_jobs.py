"""Jobs: part of a transaction, retried, apart for each enterprise."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Attempt, JobKind, Worker
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id

queue = JobQueue()


class Notes:
    """A kind of job that writes down what it was given, after failing a few times."""

    def __init__(self, *, failures: int = 0) -> None:
        self.attempts: list[Attempt] = []
        self._failures = failures

    def kind(self, attempts: int = 5) -> JobKind:
        return JobKind(task="note", run=self.run, attempts=attempts, first_wait=0)

    async def run(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        if len(self.attempts) <= self._failures:
            raise ConnectionError("not yet")


def worker_of(database: Database, kinds: list[JobKind]) -> Worker:
    return Worker(database.platform_url, kinds, clock=SystemClock(), concurrency=1)


async def enterprise(database: Database) -> UUID:
    enterprise_id = new_id()
    async with database.platform() as session:
        await session.execute(
            text("insert into enterprises (id, name) values (:id, 'x')"), {"id": enterprise_id}
        )
    return enterprise_id


async def test_runs_what_was_committed_and_only_that(database: Database) -> None:
    notes = Notes()
    async with database.platform() as session:
        await queue.enqueue(session, "note", {"n": 1})
    with suppress(ZeroDivisionError):
        async with database.platform() as session:
            await queue.enqueue(session, "note", {"n": 2})
            raise ZeroDivisionError
    await worker_of(database, [notes.kind()]).run_waiting()
    assert [attempt.args for attempt in notes.attempts] == [{"n": 1}]


async def test_tries_again_up_to_the_last_attempt(database: Database) -> None:
    notes = Notes(failures=9)
    async with database.platform() as session:
        await queue.enqueue(session, "note", {})
    worker = worker_of(database, [notes.kind(attempts=3)])
    for _ in range(4):
        await worker.run_waiting()
    seen = [(attempt.number, attempt.last) for attempt in notes.attempts]
    assert seen == [(1, False), (2, False), (3, True)]


async def test_queues_once_while_one_waits(database: Database) -> None:
    notes = Notes()
    async with database.platform() as session:
        assert await queue.enqueue(session, "note", {"n": 1}, once="all") is not None
        assert await queue.enqueue(session, "note", {"n": 2}, once="all") is None
        assert await queue.enqueue(session, "note", {"n": 3}) is not None
    await worker_of(database, [notes.kind()]).run_waiting()
    assert [attempt.args["n"] for attempt in notes.attempts] == [1, 3]


async def test_a_tenants_job_names_that_tenant(database: Database) -> None:
    own = await enterprise(database)
    notes = Notes()
    async with database.tenant(own) as session:
        await queue.enqueue(session, "note", {"enterprise_id": str(new_id())})
    await worker_of(database, [notes.kind()]).run_waiting()
    assert notes.attempts[0].args == {"enterprise_id": str(own)}


@pytest.mark.parametrize(
    "statement",
    [
        "select * from jobs.procrastinate_jobs",
        "delete from jobs.procrastinate_jobs",
        "select jobs.procrastinate_cancel_job_v1(1, true, true)",
    ],
)
async def test_tenants_cannot_reach_the_queues_tables(database: Database, statement: str) -> None:
    own = await enterprise(database)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.tenant(own) as session:
            await session.execute(text(statement))


async def test_takes_new_jobs_as_they_come_until_cancelled(database: Database) -> None:
    notes = Notes()
    task = asyncio.create_task(worker_of(database, [notes.kind()]).run())
    async with database.platform() as session:
        await queue.enqueue(session, "note", {"n": 1})
    async with asyncio.timeout(20):
        while not notes.attempts:
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_cleans_up_and_rescues(database: Database) -> None:
    notes = Notes()
    async with database.platform() as session:
        for _ in range(2):
            await queue.enqueue(session, "note", {})
        await session.execute(text("set local search_path to jobs"))
        await session.execute(
            text("update jobs.procrastinate_jobs set status = 'doing' where id = 1")
        )
        await session.execute(
            text("update jobs.procrastinate_jobs set status = 'succeeded' where id = 2")
        )
        await session.execute(
            text("update jobs.procrastinate_events set at = now() - interval '3 days'")
        )
    worker = worker_of(database, [notes.kind()])
    async with worker._app.open_async():
        await worker.rescue()
        await worker.clean_up()
    await worker.run_waiting()
    assert len(notes.attempts) == 1
    async with database.platform() as session:
        left = await session.execute(
            text("select count(*) from jobs.procrastinate_jobs where task_name = 'note'")
        )
        assert left.scalar_one() == 1
