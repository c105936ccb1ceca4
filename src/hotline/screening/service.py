"""Screened numbers and blocked areas of one enterprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.kept_rows import PlainRows
from hotline.db.tenant_rows import refusing
from hotline.kit.audit import created
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, InvalidError, Words
from hotline.kit.ids import new_id
from hotline.screening.models import blocked_areas, screening_entries
from hotline.screening.rules import AreaLine, BadLine, Line

_BATCH = 1000
_NO_HOTLINE = Words("there is no such hotline", "没有这个400号码")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: every line of it is in one of the three."""

    added: int
    known: int
    """There already, or twice in the list."""
    bad: Sequence[BadLine]


def _remembered(table: Table) -> tuple[str, ...]:
    return tuple(str(one.name) for one in table.c if one.name not in {"created_at", "updated_at"})


class ScreeningRows(PlainRows):
    """What both kinds of screening have in common, within one transaction."""

    def meanings(self) -> Mapping[str, HotlineError]:
        """A hotline may be one that is not theirs."""
        return {
            f"{self.table.name}_once": AlreadyThereError(),
            f"{self.table.name}_hotline_id": InvalidError(fields={"hotline_id": _NO_HOTLINE}),
        }


class ScreeningEntries(ScreeningRows):
    """Numbers and prefixes that are not put through."""

    table = screening_entries
    kind = "screening_entry"
    remembered = _remembered(screening_entries)

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
        with refusing(self.meanings()):
            for start in range(0, len(good), _BATCH):
                added += await self._insert(good[start : start + _BATCH], common)
        if added:
            noted = created({**common, "entries": added})
            await self.note("import", "many", noted)
        return Imported(added, len(good) - added, bad)

    async def _insert(self, lines: Sequence[Line], common: Mapping[str, Any]) -> int:
        rows = [
            {
                **common,
                "id": new_id(),
                "enterprise_id": self.enterprise_id,
                "pattern": line.pattern,
                "until": line.until,
                "note": line.note,
            }
            for line in lines
        ]
        return await insert_new(self.session, screening_entries, rows)


class BlockedAreas(ScreeningRows):
    """Areas whose callers are not put through."""

    table = blocked_areas
    kind = "blocked_area"
    remembered = _remembered(blocked_areas)

    async def import_lines(
        self, lines: Sequence[AreaLine | BadLine], hotline_id: UUID | None
    ) -> Imported:
        """Add every good line. Raises InvalidError for a hotline that is not theirs."""
        bad = [line for line in lines if isinstance(line, BadLine)]
        common = {"hotline_id": hotline_id, "enterprise_id": self.enterprise_id}
        rows = [
            {**common, "id": new_id(), **asdict(line)}
            for line in lines
            if isinstance(line, AreaLine)
        ]
        added = 0
        with refusing(self.meanings()):
            for start in range(0, len(rows), _BATCH):
                added += await insert_new(self.session, blocked_areas, rows[start : start + _BATCH])
        if added:
            await self.note("import", "many", created({"hotline_id": hotline_id, "entries": added}))
        return Imported(added, len(rows) - added, bad)


async def insert_new(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those rows that are not there yet; how many."""
    statement = insert(table).on_conflict_do_nothing().returning(table.c.id)
    return len((await session.execute(statement, rows)).all())
