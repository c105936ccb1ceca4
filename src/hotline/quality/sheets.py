"""Score sheets: kept, changed, taken out of use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.errors import ConflictError
from hotline.kit.versions import check_version
from hotline.quality.models import reviews, sheets


class SheetUsedError(ConflictError):
    error_id = "sheet-used"
    title = "Talks were judged by this sheet; take it out of use instead"
    title_zh = "已有通话使用该评分表，请改为停用"


class Sheets:
    """One enterprise's score sheets, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, sheets, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, sheet_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self._rows.get(sheet_id)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        row = await self._rows.insert(values)
        await self._audit("score_sheet.create", "score_sheet", row["id"], created(values))
        return row

    async def change(self, sheet_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Reviews that were made keep what they judged. Raises NotFoundError, StaleError."""
        before = await self._rows.lock(sheet_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        row = await self._rows.update(sheet_id, values)
        await self._audit("score_sheet.update", "score_sheet", sheet_id, changes)
        return row

    async def remove(self, sheet_id: UUID) -> None:
        """Raises NotFoundError, SheetUsedError."""
        row = await self._rows.lock(sheet_id)
        used = select(exists().where(reviews.c.sheet_id == sheet_id))
        if (await self._rows.session.execute(used)).scalar_one():
            raise SheetUsedError
        await self._rows.delete(sheet_id)
        await self._audit(
            "score_sheet.delete", "score_sheet", sheet_id, removed({"name": row["name"]})
        )
