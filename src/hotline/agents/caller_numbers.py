"""Numbers that an enterprise may show to those whom its agents call, once the operator agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents, caller_numbers
from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.rules import DestinationStatus, status_after_change
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError, InUseError, Use
from hotline.kit.errors import HotlineError, Words
from hotline.kit.versions import check_version


def _meanings() -> dict[str, HotlineError]:
    words = Words("is registered already", "该号码已登记")
    return {"caller_numbers_enterprise_id_number_key": AlreadyThereError(fields={"number": words})}


class CallerNumbers:
    """One enterprise's caller numbers, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._rows = TenantRows(session, caller_numbers, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, number_id: UUID) -> RowMapping:
        return await self._rows.get(number_id)

    async def register(self, values: Mapping[str, Any]) -> RowMapping:
        """A new one waits for approval. Raises AlreadyThereError."""
        with refusing(_meanings()):
            row = await self._rows.insert({**values, "status": DestinationStatus.PENDING})
        await self._audit("caller_number.create", "caller_number", row["id"], created(values))
        return row

    async def change(self, number_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Its label, and whether it is used. Raises NotFoundError, StaleError."""
        before = await self._rows.lock(number_id)
        check_version(before["updated_at"], seen)
        wanted = dict(values)
        enabled = wanted.pop("enabled", None)
        old = DestinationStatus(before["status"])
        wanted["status"] = status_after_change(old, number_changed=False, enabled=enabled)
        return await self._save(before, wanted, "caller_number.update")

    async def review(
        self,
        number_id: UUID,
        seen: str,
        *,
        decision: DestinationStatus,
        note: str,
        by: UUID | None,
        at: datetime,
    ) -> RowMapping:
        """The operator's decision; ``by`` is a user, None for a program.

        Raises NotFoundError, StaleError.
        """
        before = await self._rows.lock(number_id)
        check_version(before["updated_at"], seen)
        wanted = {"status": decision, "review_note": note, "reviewed_by": by, "reviewed_at": at}
        return await self._save(before, wanted, f"caller_number.{decision}")

    async def remove(self, number_id: UUID) -> None:
        """Raises NotFoundError, InUseError."""
        row = await self._rows.lock(number_id)
        showing = select(agents.c.id, agents.c.name).where(
            agents.c.enterprise_id == self._rows.enterprise_id,
            agents.c.outbound_number == row["number"],
        )
        uses = (await self._session.execute(showing.limit(20))).all()
        if uses:
            raise InUseError([Use("agent", agent.id, agent.name) for agent in uses])
        await self._rows.delete(number_id)
        kept = {field: row[field] for field in ("number", "label", "status")}
        await self._audit("caller_number.delete", "caller_number", number_id, removed(kept))

    async def _save(self, before: RowMapping, wanted: Mapping[str, Any], action: str) -> RowMapping:
        changes = changed(before, wanted)
        if not changes:
            return before
        row = await self._rows.update(before["id"], wanted)
        await self._audit(action, "caller_number", before["id"], changes)
        return row
