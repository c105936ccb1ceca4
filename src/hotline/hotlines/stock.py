"""The operator's numbers: which are free, which an enterprise has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.enterprises.models import enterprises
from hotline.hotlines.models import hotlines
from hotline.hotlines.models import number_stock as stock
from hotline.hotlines.rules import NumberRefusedError, hotline_number
from hotline.kit.audit import Audit
from hotline.kit.conflicts import InUseError, Use
from hotline.kit.errors import NotFoundError, Words
from hotline.kit.ids import new_id
from hotline.screening.rules import BadLine, PatternError, check_note, rows_of_list
from hotline.screening.service import insert_new

_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class StockLine:
    """A line of a list that could be read."""

    number: str
    note: str


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a list: every line of it is in one of the three."""

    added: int
    known: int
    bad: Sequence[BadLine]


def read_stock(text: str) -> Iterator[StockLine | BadLine]:
    """One number a line, and a note after a comma or tab."""
    for position, raw, fields in rows_of_list(text):
        try:
            yield _line(fields)
        except (PatternError, NumberRefusedError) as error:
            yield BadLine(position, raw[:100], error.words)


def _line(fields: Sequence[str]) -> StockLine:
    if len(fields) > 2:
        raise PatternError(Words("more than number and note", "多于号码、备注两列"))
    number, note = (*fields, "")[:2]
    return StockLine(hotline_number(number), check_note(note))


class NumberStock:
    """Within one platform transaction."""

    def __init__(self, session: AsyncSession, audit: Audit) -> None:
        self._session = session
        self._audit = audit

    @staticmethod
    def all(*, assigned: bool | None = None, containing: str | None = None) -> Select[Any]:
        """With whose each is; None is either."""
        statement = select(
            stock,
            hotlines.c.id.label("hotline_id"),
            hotlines.c.enterprise_id,
            enterprises.c.name.label("enterprise_name"),
        ).select_from(
            stock.outerjoin(hotlines, hotlines.c.number == stock.c.number).outerjoin(
                enterprises, enterprises.c.id == hotlines.c.enterprise_id
            )
        )
        if assigned is not None:
            statement = statement.where(hotlines.c.id.is_not(None) == assigned)
        if containing is not None:
            statement = statement.where(stock.c.number.contains(containing, autoescape=True))
        return statement

    async def register(self, lines: Sequence[StockLine | BadLine]) -> Registered:
        """Add every good line that is new."""
        bad = [line for line in lines if isinstance(line, BadLine)]
        good = [line for line in lines if isinstance(line, StockLine)]
        added = 0
        for start in range(0, len(good), _BATCH):
            rows = [
                {"id": new_id(), "number": line.number, "note": line.note}
                for line in good[start : start + _BATCH]
            ]
            added += await insert_new(self._session, stock, rows)
        if added:
            await self._audit("number.import", "number", "many", {"entries": (None, added)})
        return Registered(added, len(good) - added, bad)

    async def remove(self, stock_id: UUID) -> None:
        """Raises NotFoundError, and InUseError where an enterprise has it."""
        found = await self._session.execute(self.all().where(stock.c.id == stock_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError
        if row["hotline_id"] is not None:
            raise InUseError([Use("enterprise", row["enterprise_id"], row["enterprise_name"])])
        await self._session.execute(delete(stock).where(stock.c.id == stock_id))
        await self._audit("number.delete", "number", stock_id, {"number": (row["number"], None)})
