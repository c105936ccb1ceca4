"""Screened numbers and blocked areas of one enterprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows, refusing
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, InvalidError, Words
from hotline.kit.ids import new_id
from hotline.kit.versions import check_version
from hotline.screening.models import blocked_areas, screening_entries
from hotline.screening.rules import BadLine, Line

_BATCH = 1000
_NO_HOTLINE = Words("there is no such hotline", "没有这个400号码")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: every line of it is in one of the three."""

    added: int
    known: int
    """There already, or twice in the list."""
    bad: Sequence[BadLine]


class ScreeningRows:
    """What both kinds of screening have in common, within one transaction."""

    def __init__(
        self, session: AsyncSession, table: Table, enterprise_id: UUID, audit: Audit, kind: str
    ) -> None:
        self._rows = TenantRows(session, table, enterprise_id)
        self._audit = audit
        self._kind = kind

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, entry_id: UUID) -> RowMapping:
        return await self._rows.get(entry_id)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises AlreadyThereError, InvalidError for a hotline that is not theirs."""
        with refusing(self._meanings()):
            row = await self._rows.insert(values)
        await self._audit(f"{self._kind}.create", self._kind, row["id"], created(values))
        return row

    async def change(self, entry_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, AlreadyThereError, InvalidError."""
        before = await self._rows.lock(entry_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        with refusing(self._meanings()):
            row = await self._rows.update(entry_id, values)
        await self._audit(f"{self._kind}.update", self._kind, entry_id, changes)
        return row

    async def remove(self, entry_id: UUID) -> None:
        """Raises NotFoundError."""
        row = await self._rows.lock(entry_id)
        await self._rows.delete(entry_id)
        kept = {str(key): row[key] for key in row if key not in {"created_at", "updated_at"}}
        await self._audit(f"{self._kind}.delete", self._kind, entry_id, removed(kept))

    def _meanings(self) -> dict[str, HotlineError]:
        table = self._rows.table.name
        return {
            f"{table}_once": AlreadyThereError(),
            f"{table}_hotline_id": InvalidError(fields={"hotline_id": _NO_HOTLINE}),
        }


class ScreeningEntries(ScreeningRows):
    """Numbers and prefixes that are not put through."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        super().__init__(session, screening_entries, enterprise_id, audit, "screening_entry")

    async def import_lines(
        self, lines: Sequence[Line | BadLine], common: Mapping[str, Any], *, all_or_nothing: bool
    ) -> Imported:
        """Add every good line, with the fields that are ``common`` to all.

        With ``all_or_nothing`` one bad line leaves the whole list out. Raises InvalidError for a
        hotline that is not theirs.
        """
        bad = [line for line in lines if isinstance(line, BadLine)]
        good = [line for line in lines if isinstance(line, Line)]
        if bad and all_or_nothing:
            return Imported(0, 0, bad)
        added = 0
        with refusing(self._meanings()):
            for start in range(0, len(good), _BATCH):
                added += await self._insert(good[start : start + _BATCH], common)
        if added:
            noted = created({**common, "entries": added})
            await self._audit("screening_entry.import", "screening_entry", "many", noted)
        return Imported(added, len(good) - added, bad)

    async def _insert(self, lines: Sequence[Line], common: Mapping[str, Any]) -> int:
        rows = [
            {
                **common,
                "id": new_id(),
                "enterprise_id": self._rows.enterprise_id,
                "pattern": line.pattern,
                "until": line.until,
                "note": line.note,
            }
            for line in lines
        ]
        statement = (
            insert(screening_entries).on_conflict_do_nothing().returning(screening_entries.c.id)
        )
        return len((await self._rows.session.execute(statement, rows)).all())


class BlockedAreas(ScreeningRows):
    """Areas whose callers are not put through."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        super().__init__(session, blocked_areas, enterprise_id, audit, "blocked_area")
