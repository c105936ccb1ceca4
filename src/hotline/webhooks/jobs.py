"""The worker's part: send what is due, again after a failure, and forget what is old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from sqlalchemy import delete, func, select, text, update

from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Attempt, JobKind, Periodic
from hotline.kit.clock import Clock
from hotline.kit.errors import NotFoundError
from hotline.outbound.client import Answer, OutboundClient, OutboundError
from hotline.webhooks.models import deliveries, webhook_secrets, webhooks
from hotline.webhooks.rules import is_given_up, next_attempt, signature
from hotline.webhooks.service import DELIVER_TASK, enqueue_delivery
from hotline.webhooks.subjects import describe

_log = structlog.get_logger(__name__)
_ANSWER_WITHIN: Final = 10.0
_ANSWER_KEPT: Final = 1000
_AT_ONCE: Final = 50
"""Deliveries of one job; then others have their turn."""
_KEPT_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class _Telling:
    """One attempt, ready to go."""

    delivery_id: UUID
    webhook_id: UUID
    url: str
    secret: str
    body: str
    type: str
    attempts: int
    """This one included."""


class WebhookJobs:
    """Deliveries in the order of their events, except those that have to be tried again."""

    def __init__(
        self, database: Database, queue: JobQueue, client: OutboundClient, clock: Clock
    ) -> None:
        self._database = database
        self._queue = queue
        self._client = client
        self._clock = clock

    def kinds(self) -> Sequence[JobKind]:
        return (JobKind(task=DELIVER_TASK, run=self.deliver),)

    def periodic(self) -> Sequence[Periodic]:
        return (
            Periodic(task="webhooks.retry", cron="* * * * * */30", run=self.queue_due),
            Periodic(task="webhooks.forget_old", cron="41 3 * * *", run=self.forget_old),
        )

    async def deliver(self, attempt: Attempt) -> None:
        """Send what is due to one webhook."""
        webhook_id = UUID(attempt.args["webhook_id"])
        for _ in range(_AT_ONCE):
            telling = await self._next(webhook_id)
            if telling is None:
                return
            await self._tell(telling)
        async with self._database.platform() as session:
            await enqueue_delivery(session, self._queue, webhook_id)

    async def queue_due(self) -> None:
        """Queue a job for each webhook to which something is due that no job is at."""
        async with self._database.platform() as session:
            found = await session.execute(
                select(deliveries.c.webhook_id)
                .where(deliveries.c.state == "pending", deliveries.c.due_at <= self._clock.now())
                .distinct()
            )
            for webhook_id in found.scalars():
                await enqueue_delivery(session, self._queue, webhook_id)

    async def forget_old(self) -> None:
        before = self._clock.now() - timedelta(days=_KEPT_DAYS)
        async with self._database.platform() as session:
            await session.execute(
                delete(deliveries).where(
                    deliveries.c.created_at < before, deliveries.c.state != "pending"
                )
            )

    # ------------------------------------------------------------ one delivery

    async def _next(self, webhook_id: UUID) -> _Telling | None:
        statement = (
            select(deliveries, webhooks.c.url, webhooks.c.enabled, webhook_secrets.c.secret)
            .join(webhooks, webhooks.c.id == deliveries.c.webhook_id)
            .join(webhook_secrets, webhook_secrets.c.webhook_id == webhooks.c.id)
            .where(
                deliveries.c.webhook_id == webhook_id,
                deliveries.c.state == "pending",
                deliveries.c.due_at <= self._clock.now(),
            )
            .order_by(deliveries.c.happened_at, deliveries.c.id)
            .limit(1)
        )
        async with self._database.platform() as session:
            row = (await session.execute(statement)).mappings().one_or_none()
            if row is None:
                return None
            if not row["enabled"]:
                await session.execute(
                    update(deliveries)
                    .where(deliveries.c.webhook_id == webhook_id, deliveries.c.state == "pending")
                    .values(state="failed", error="the webhook is switched off")
                )
                return None
            body = row["body"] or await self._body(session, row)
            await session.execute(
                update(deliveries)
                .where(deliveries.c.id == row["id"])
                .values(
                    body=body,
                    attempts=row["attempts"] + 1,
                    attempted_at=self._clock.now(),
                    # Should this worker die now, another tries it again.
                    due_at=self._clock.now() + timedelta(seconds=60),
                )
            )
        return _Telling(
            delivery_id=row["id"],
            webhook_id=webhook_id,
            url=row["url"],
            secret=row["secret"],
            body=body,
            type=row["type"],
            attempts=row["attempts"] + 1,
        )

    @staticmethod
    async def _body(session: Any, row: Any) -> str:
        try:
            data = await describe(session, row["enterprise_id"], row["type"], row["subject"])
        except NotFoundError:  # deleted since
            data = {}
        return orjson.dumps(
            {"id": row["event_id"], "type": row["type"], "at": row["happened_at"], "data": data}
        ).decode()

    async def _tell(self, telling: _Telling) -> None:
        body = telling.body.encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hotline-Event": telling.type,
            "X-Hotline-Delivery": str(telling.delivery_id),
            "X-Hotline-Signature": signature(telling.secret, self._clock.now(), body),
        }
        try:
            answer = await self._client.request(
                "POST",
                telling.url,
                body=body,
                headers=headers,
                within=_ANSWER_WITHIN,
                most=_ANSWER_KEPT,
            )
        except OutboundError as error:
            await self._note(telling, None, str(error))
        else:
            await self._note(telling, answer, "" if answer.good else f"answered {answer.status}")

    async def _note(self, telling: _Telling, answer: Answer | None, error: str) -> None:
        now = self._clock.now()
        due = next_attempt(telling.attempts, now) if error else None
        state = "delivered" if not error else "pending" if due else "failed"
        async with self._database.platform() as session:
            await session.execute(
                update(deliveries)
                .where(deliveries.c.id == telling.delivery_id)
                .values(
                    state=state,
                    status=answer.status if answer else None,
                    answer=answer.text.replace("\0", "") if answer else "",
                    error=error,
                    due_at=due or now,
                    delivered_at=None if error else now,
                )
            )
            found = await session.execute(
                update(webhooks)
                .where(webhooks.c.id == telling.webhook_id)
                .values(
                    failing_since=func.coalesce(webhooks.c.failing_since, now) if error else None
                )
                .returning(webhooks.c.failing_since, webhooks.c.enterprise_id)
            )
            row = found.one_or_none()
            if row is not None and is_given_up(row.failing_since, now):
                await self._give_up(session, telling.webhook_id, row.enterprise_id)

    @staticmethod
    async def _give_up(session: Any, webhook_id: UUID, enterprise_id: UUID) -> None:
        _log.warning("webhook switched off", webhook=str(webhook_id))
        await session.execute(
            update(webhooks).where(webhooks.c.id == webhook_id).values(enabled=False)
        )
        notice = {
            "type": "webhook_given_up",
            "enterprise_id": enterprise_id,
            "webhook_id": webhook_id,
        }
        await session.execute(
            text("select pg_notify('hotline_live', :notice)"),
            {"notice": orjson.dumps(notice).decode()},
        )
