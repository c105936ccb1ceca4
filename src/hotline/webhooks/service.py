"""Webhooks of one enterprise: kept, changed, tried, and what came of each telling."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.kept_rows import KeptRows
from hotline.db.tenant_rows import TenantRows
from hotline.jobs.queue import JobQueue
from hotline.kit.audit import Audit
from hotline.kit.errors import ConflictError, TooManyError, Words
from hotline.kit.ids import new_id
from hotline.webhooks.models import deliveries, webhook_secrets, webhooks
from hotline.webhooks.rules import PING

DELIVER_TASK: Final = "webhooks.deliver"
QUEUE: Final = "webhooks"
MOST_OF_ONE_ENTERPRISE: Final = 20


class Webhooks(KeptRows):
    """Within one transaction."""

    table = webhooks
    kind = "webhook"
    remembered = ("url", "description", "events", "enabled")

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        super().__init__(session, enterprise_id, audit)
        self._deliveries = TenantRows(session, deliveries, enterprise_id)

    async def add(self, values: Mapping[str, Any]) -> tuple[RowMapping, str]:
        """(the webhook, its secret to be shown once). Raises TooManyError."""
        count = select(func.count()).select_from(self.rows.select().subquery())
        found = await self.session.execute(count)
        if found.scalar_one() >= MOST_OF_ONE_ENTERPRISE:
            most = MOST_OF_ONE_ENTERPRISE
            raise TooManyError(Words(f"at most {most} webhooks", f"最多 {most} 个推送地址"))
        row = await self.insert(values)
        return row, await self._new_secret(row["id"])

    async def change(self, webhook_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError."""
        before = await self.as_seen(webhook_id, seen)
        # Switched on again it gets the full time to show that it works.
        fresh = {"failing_since": None} if values.get("enabled") else {}
        return await self.save(before, values, besides=fresh)

    async def renew_secret(self, webhook_id: UUID) -> str:
        """The new secret, to be shown once; the old one is over. Raises NotFoundError."""
        await self.rows.lock(webhook_id)
        mine = webhook_secrets.c.webhook_id == webhook_id
        await self.session.execute(
            delete(webhook_secrets).where(
                mine, webhook_secrets.c.enterprise_id == self.enterprise_id
            )
        )
        secret = await self._new_secret(webhook_id)
        await self.note("renew_secret", webhook_id)
        return secret

    # ------------------------------------------------------------ deliveries

    async def told(self, webhook_id: UUID, state: str | None) -> Select[Any]:
        """The deliveries of one webhook. Raises NotFoundError."""
        await self.rows.get(webhook_id)
        statement = self._deliveries.select().where(deliveries.c.webhook_id == webhook_id)
        return statement if state is None else statement.where(deliveries.c.state == state)

    async def try_out(self, webhook_id: UUID, now: datetime) -> RowMapping:
        """Have a ping sent. Raises NotFoundError, ConflictError."""
        self._check_enabled(await self.rows.get(webhook_id))
        return await self._deliveries.insert(
            {
                "webhook_id": webhook_id,
                "event_id": new_id(),
                "type": PING,
                "happened_at": now,
                "due_at": now,
            }
        )

    async def send_again(
        self, webhook_id: UUID, delivery_id: UUID, now: datetime, queue: JobQueue
    ) -> RowMapping:
        """Once more, with all attempts ahead. Raises NotFoundError, ConflictError."""
        self._check_enabled(await self.rows.get(webhook_id))
        row = await self._deliveries.get(delivery_id)
        session = self.session
        await session.execute(
            update(deliveries)
            .where(
                deliveries.c.id == delivery_id,
                deliveries.c.webhook_id == webhook_id,
                deliveries.c.enterprise_id == self.enterprise_id,
            )
            .values(state="pending", attempts=0, due_at=now)
        )
        await enqueue_delivery(session, queue, webhook_id)
        await self.audit("webhook.send_again", "webhook_delivery", delivery_id)
        return await self._deliveries.get(row["id"])

    @staticmethod
    def _check_enabled(webhook: RowMapping) -> None:
        if not webhook["enabled"]:
            raise ConflictError(Words("switch the webhook on first", "请先启用该推送地址"))

    async def _new_secret(self, webhook_id: UUID) -> str:
        secret = f"whsec_{secrets.token_urlsafe(32)}"
        await self.session.execute(
            insert(webhook_secrets).values(
                webhook_id=webhook_id, enterprise_id=self.enterprise_id, secret=secret
            )
        )
        return secret


async def enqueue_delivery(session: AsyncSession, queue: JobQueue, webhook_id: UUID) -> None:
    """Have what is due to this webhook sent; one job a webhook at a time."""
    name = f"webhook:{webhook_id}"
    await queue.enqueue(
        session, DELIVER_TASK, {"webhook_id": webhook_id}, queue=QUEUE, lock=name, once=name
    )
