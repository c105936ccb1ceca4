"""Rows that the people of an enterprise keep: every change of them is noted in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows, refusing
from hotline.kit.audit import Audit, Changes, changed, created, removed
from hotline.kit.conflicts import InUseError, Use
from hotline.kit.errors import HotlineError
from hotline.kit.versions import check_version

_NOTHING: Mapping[str, Any] = {}


class KeptRows:
    """One enterprise's rows of one table, within one transaction."""

    table: ClassVar[Table]
    kind: ClassVar[str]
    """What one of them is called in the trail."""
    remembered: ClassVar[tuple[str, ...]]
    """The fields that the trail keeps of one that is removed."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self.session = session
        self.enterprise_id = enterprise_id
        self.rows = TenantRows(session, self.table, enterprise_id)
        self.audit = audit

    def all(self) -> Select[Any]:
        return self.rows.select()

    async def get(self, row_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self.rows.get(row_id)

    async def remove(self, row_id: UUID) -> None:
        """Raises NotFoundError, and what ``check_unused`` raises."""
        row = await self.rows.lock(row_id)
        await self.check_unused(row)
        await self.rows.delete(row_id)
        await self.note("delete", row_id, removed({name: row[name] for name in self.remembered}))

    # ------------------------------------------------------------ for those built on it

    def meanings(self) -> Mapping[str, HotlineError]:
        """What a violated constraint means to whoever asked, by the constraint's name."""
        return {}

    async def uses(self, row: RowMapping) -> list[Use]:
        """Where the row is used, and therefore must stay."""
        del row
        return []

    async def check_unused(self, row: RowMapping) -> None:
        """Raises InUseError, or why else the row must stay."""
        uses = await self.uses(row)
        if uses:
            raise InUseError(uses)

    async def insert(self, values: Mapping[str, Any], **besides: Any) -> RowMapping:
        """``besides`` is kept without a word in the trail. Raises what ``meanings`` says."""
        with refusing(self.meanings()):
            row = await self.rows.insert({**values, **besides})
        await self.note("create", row["id"], created(values))
        return row

    async def as_seen(self, row_id: UUID, seen: str) -> RowMapping:
        """The row, held until the transaction ends. Raises NotFoundError, StaleError."""
        row = await self.rows.lock(row_id)
        check_version(row["updated_at"], seen)
        return row

    async def save(
        self,
        before: RowMapping,
        values: Mapping[str, Any],
        *,
        action: str = "update",
        besides: Mapping[str, Any] = _NOTHING,
    ) -> RowMapping:
        """Change what differs; ``besides`` goes with it without a word in the trail.

        Raises what ``meanings`` says.
        """
        changes = changed(before, values)
        if not changes:
            return before
        with refusing(self.meanings()):
            row = await self.rows.update(before["id"], {**values, **besides})
        await self.note(action, before["id"], changes)
        return row

    async def note(self, action: str, row_id: UUID | str, changes: Changes | None = None) -> None:
        await self.audit(f"{self.kind}.{action}", self.kind, row_id, changes)


class PlainRows(KeptRows):
    """Rows that are added and changed just as somebody asks."""

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises what ``meanings`` says."""
        return await self.insert(values)

    async def change(self, row_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, and what ``meanings`` says."""
        return await self.save(await self.as_seen(row_id, seen), values)
