"""Numbers that an enterprise registers and the operator approves before they are used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping

from hotline.db.kept_rows import PlainRows
from hotline.hotlines.rules import DestinationStatus, status_after_change
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, Words

_NO_REVIEW: Final[Mapping[str, Any]] = {
    "reviewed_by": None,
    "reviewed_at": None,
    "review_note": "",
}


class ApprovedNumbers(PlainRows):
    """One enterprise's numbers of one kind, within one transaction."""

    remembered = ("number", "label", "status")

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """A new one waits for approval. Raises AlreadyThereError."""
        return await self.insert(values, status=DestinationStatus.PENDING)

    async def change(self, number_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """The enterprise's own change; ``enabled`` among ``values`` switches it off and on.

        Raises NotFoundError, StaleError, AlreadyThereError.
        """
        before = await self.as_seen(number_id, seen)
        wanted = dict(values)
        enabled = wanted.pop("enabled", None)
        renumbered = wanted.get("number", before["number"]) != before["number"]
        old = DestinationStatus(before["status"])
        wanted["status"] = status_after_change(old, number_changed=renumbered, enabled=enabled)
        if renumbered:
            wanted.update(_NO_REVIEW)
        return await self.save(before, wanted)

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

        Raises NotFoundError, StaleError: the number may have been changed since it was looked at.
        """
        before = await self.as_seen(number_id, seen)
        wanted = {"status": decision, "review_note": note, "reviewed_by": by, "reviewed_at": at}
        return await self.save(before, wanted, action=decision)

    def meanings(self) -> Mapping[str, HotlineError]:
        words = Words("is registered already", "该号码已登记")
        taken = AlreadyThereError(fields={"number": words})
        return {f"{self.table.name}_enterprise_id_number_key": taken}
