"""Destinations: registered by the enterprise, approved by the operator, then called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.models import destinations
from hotline.hotlines.rules import DestinationStatus, status_after_change
from hotline.hotlines.uses import agents_with, flows_with, groups_with
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError, InUseError
from hotline.kit.errors import HotlineError, Words
from hotline.kit.versions import check_version

_NO_REVIEW: Mapping[str, Any] = {"reviewed_by": None, "reviewed_at": None, "review_note": ""}


def _meanings() -> dict[str, HotlineError]:
    words = Words("is registered already", "该号码已登记")
    return {"destinations_enterprise_id_number_key": AlreadyThereError(fields={"number": words})}


class Destinations:
    """One enterprise's destinations, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, destinations, enterprise_id)
        self._audit = audit

    def all(self, status: DestinationStatus | None = None) -> Select[Any]:
        statement = self._rows.select()
        return statement if status is None else statement.where(destinations.c.status == status)

    async def get(self, destination_id: UUID) -> RowMapping:
        return await self._rows.get(destination_id)

    async def register(self, values: Mapping[str, Any]) -> RowMapping:
        """A new one waits for approval. Raises AlreadyThereError."""
        with refusing(_meanings()):
            row = await self._rows.insert({**values, "status": DestinationStatus.PENDING})
        await self._audit("destination.create", "destination", row["id"], created(values))
        return row

    async def change(
        self, destination_id: UUID, seen: str, values: Mapping[str, Any]
    ) -> RowMapping:
        """The enterprise's own change; ``enabled`` among ``values`` switches it off and on.

        Raises NotFoundError, StaleError, AlreadyThereError.
        """
        before = await self._rows.lock(destination_id)
        check_version(before["updated_at"], seen)
        wanted = dict(values)
        enabled = wanted.pop("enabled", None)
        renumbered = wanted.get("number", before["number"]) != before["number"]
        old = DestinationStatus(before["status"])
        wanted["status"] = status_after_change(old, number_changed=renumbered, enabled=enabled)
        if renumbered:
            wanted.update(_NO_REVIEW)
        return await self._save(before, wanted, "destination.update")

    async def review(
        self,
        destination_id: UUID,
        seen: str,
        *,
        decision: DestinationStatus,
        note: str,
        by: UUID | None,
        at: datetime,
    ) -> RowMapping:
        """The operator's decision; ``by`` is a user, None for a program.

        Raises NotFoundError, StaleError: the number may have been changed since it was looked at.
        """
        before = await self._rows.lock(destination_id)
        check_version(before["updated_at"], seen)
        wanted = {"status": decision, "review_note": note, "reviewed_by": by, "reviewed_at": at}
        return await self._save(before, wanted, f"destination.{decision}")

    async def remove(self, destination_id: UUID) -> None:
        """Raises NotFoundError, InUseError."""
        row = await self._rows.lock(destination_id)
        uses = await groups_with(self._rows.session, destination_id)
        uses += await flows_with(self._rows.session, destination_id)
        uses += await agents_with(self._rows.session, destination_id)
        if uses:
            raise InUseError(uses)
        await self._rows.delete(destination_id)
        kept = {field: row[field] for field in ("number", "label", "status")}
        await self._audit("destination.delete", "destination", destination_id, removed(kept))

    async def _save(self, before: RowMapping, wanted: Mapping[str, Any], action: str) -> RowMapping:
        changes = changed(before, wanted)
        if not changes:
            return before
        with refusing(_meanings()):
            row = await self._rows.update(before["id"], wanted)
        await self._audit(action, "destination", before["id"], changes)
        return row
