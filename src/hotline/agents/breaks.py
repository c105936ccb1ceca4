"""Why agents may take a break, as each enterprise likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import break_reasons
from hotline.db.tenant_rows import TenantRows, refusing
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, Words
from hotline.kit.versions import check_version


def _meanings() -> dict[str, HotlineError]:
    words = Words("there is this reason already", "该原因已存在")
    return {"break_reasons_once": AlreadyThereError(fields={"name": words})}


class BreakReasons:
    """One enterprise's reasons, within one transaction. Past breaks keep the name they had."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, break_reasons, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def names(self) -> Sequence[str]:
        """In their order."""
        statement = self.all().order_by(break_reasons.c.position, break_reasons.c.name)
        rows = (await self._rows.session.execute(statement)).mappings().all()
        return [row["name"] for row in rows]

    async def get(self, reason_id: UUID) -> RowMapping:
        return await self._rows.get(reason_id)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises AlreadyThereError."""
        with refusing(_meanings()):
            row = await self._rows.insert(values)
        await self._audit("break_reason.create", "break_reason", row["id"], created(values))
        return row

    async def change(self, reason_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, AlreadyThereError."""
        before = await self._rows.lock(reason_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        with refusing(_meanings()):
            row = await self._rows.update(reason_id, values)
        await self._audit("break_reason.update", "break_reason", reason_id, changes)
        return row

    async def remove(self, reason_id: UUID) -> None:
        """Raises NotFoundError."""
        row = await self._rows.lock(reason_id)
        await self._rows.delete(reason_id)
        kept = {"name": row["name"], "position": row["position"]}
        await self._audit("break_reason.delete", "break_reason", reason_id, removed(kept))
