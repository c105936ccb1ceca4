"""Lists of what an enterprise keeps: newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Select, Table
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.api.paging import Page, Paging, newest_first, page_of

Item = TypeVar("Item")


async def list_page(
    session: AsyncSession,
    statement: Select[Any],
    paging: Paging,
    table: Table,
    show: Callable[[RowMapping], Item],
) -> Page[Item]:
    """The page of ``statement``, which selects from ``table`` and is ordered by its creation."""
    ordered = newest_first(statement, paging, table.c.created_at, table.c.id)
    rows = (await session.execute(ordered)).mappings().all()
    return page_of(rows, paging, key=lambda row: (row["created_at"], row["id"]), show=show)
