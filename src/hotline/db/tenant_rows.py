"""The few statements that every slice needs for rows of one enterprise.

Row-level security keeps enterprises apart by itself; these name the enterprise all the same, so
that a mistake has to be made twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import errors as postgres
from sqlalchemy import RowMapping, Select, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.kit.errors import HotlineError, NotFoundError
from hotline.kit.ids import new_id


class TenantRows:
    """The rows of ``table`` that belong to one enterprise, within one transaction."""

    def __init__(self, session: AsyncSession, table: Table, enterprise_id: UUID) -> None:
        self.session = session
        self.table = table
        self.enterprise_id = enterprise_id

    def select(self) -> Select[Any]:
        return select(self.table).where(self.table.c.enterprise_id == self.enterprise_id)

    async def get(self, row_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self._one(self.select().where(self.table.c.id == row_id))

    async def lock(self, row_id: UUID) -> RowMapping:
        """The row, held until the transaction ends. Raises NotFoundError."""
        return await self._one(self.select().where(self.table.c.id == row_id).with_for_update())

    async def insert(self, values: Mapping[str, Any]) -> RowMapping:
        row = {"id": new_id(), "enterprise_id": self.enterprise_id, **values}
        return await self._one(insert(self.table).values(row).returning(self.table))

    async def update(self, row_id: UUID, values: Mapping[str, Any]) -> RowMapping:
        """Change a row and its ``updated_at``; with no values only the latter."""
        statement = (
            update(self.table)
            .where(self.table.c.id == row_id, self.table.c.enterprise_id == self.enterprise_id)
            .values(values or {"id": row_id})
            .returning(self.table)
        )
        return await self._one(statement)

    async def delete(self, row_id: UUID) -> None:
        await self.session.execute(
            delete(self.table).where(
                self.table.c.id == row_id, self.table.c.enterprise_id == self.enterprise_id
            )
        )

    async def _one(self, statement: Any) -> RowMapping:
        found = await self.session.execute(statement)
        row: RowMapping | None = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row


@contextmanager
def refusing(meanings: Mapping[str, HotlineError]) -> Iterator[None]:
    """Raise what a violated constraint means to whoever asked; by the constraint's name.

    The transaction is lost by then: let the error end it.
    """
    try:
        yield
    except IntegrityError as error:
        cause = error.orig
        name = cause.diag.constraint_name if isinstance(cause, postgres.Error) else None
        if name is not None and name in meanings:
            raise meanings[name] from error
        raise
