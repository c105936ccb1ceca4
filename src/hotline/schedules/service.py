"""Opening hours: kept, changed, removed when nobody uses them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows
from hotline.hotlines.uses import flows_with, hotlines_with
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import InUseError
from hotline.kit.versions import check_version
from hotline.schedules.models import schedules
from hotline.schedules.rules import is_open

_AUDITED = ("name", "time_zone", "weekly", "special_days")


class Schedules:
    """One enterprise's opening hours, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, schedules, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, schedule_id: UUID) -> RowMapping:
        return await self._rows.get(schedule_id)

    async def is_open(self, schedule_id: UUID, at: datetime) -> bool:
        row = await self._rows.get(schedule_id)
        return is_open(row["weekly"], row["special_days"], row["time_zone"], at)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        row = await self._rows.insert(values)
        await self._audit("schedule.create", "schedule", row["id"], created(values))
        return row

    async def change(self, schedule_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError."""
        before = await self._rows.lock(schedule_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        row = await self._rows.update(schedule_id, values)
        await self._audit("schedule.update", "schedule", schedule_id, changes)
        return row

    async def remove(self, schedule_id: UUID) -> None:
        """Raises NotFoundError, InUseError."""
        row = await self._rows.lock(schedule_id)
        uses = await hotlines_with(self._rows.session, schedule_id=schedule_id)
        uses += await flows_with(self._rows.session, schedule_id)
        if uses:
            raise InUseError(uses)
        await self._rows.delete(schedule_id)
        kept = {field: row[field] for field in _AUDITED}
        await self._audit("schedule.delete", "schedule", schedule_id, removed(kept))
