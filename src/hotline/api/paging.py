"""Keyset paging: each page says where the next one begins; no page is ever skipped or doubled.

Lists are ordered newest first by (instant, id)::

    statement = newest_first(select(...), paging, audit_entries.c.at, audit_entries.c.id)
    rows = (await session.execute(statement)).all()
    return page_of(rows, paging, key=lambda row: (row.at, row.id), show=Entry.of)
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from hotline.db.paging import Key, Paging, newest_first
from hotline.kit.errors import InvalidError, Words

__all__ = [
    "MAX_LIMIT",
    "Key",
    "Page",
    "Paging",
    "PagingParameters",
    "decode_cursor",
    "encode_cursor",
    "newest_first",
    "page_of",
    "read_paging",
]

MAX_LIMIT = 200
Row = TypeVar("Row")
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        None, description="Give it as `cursor` for the next page; null on the last one."
    )


def read_paging(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Items on a page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=200, description="`next_cursor` of the page before.")
    ] = None,
) -> Paging:
    """The paging parameters of a request. Raises InvalidError for a cursor we never gave."""
    return Paging(limit, decode_cursor(cursor) if cursor else None)


PagingParameters = Annotated[Paging, Depends(read_paging)]


def page_of(
    rows: Sequence[Row],
    paging: Paging,
    *,
    key: Callable[[Row], Key],
    show: Callable[[Row], Item],
) -> Page[Item]:
    """The page made of what ``newest_first`` found."""
    shown = rows[: paging.limit]
    more = len(rows) > paging.limit
    return Page[Item](
        items=[show(row) for row in shown],
        next_cursor=encode_cursor(key(shown[-1])) if more else None,
    )


def encode_cursor(key: Key) -> str:
    at, row_id = key
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> Key:
    """The key in a cursor. Raises InvalidError."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, _, row_id = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition("|")
        )
        key = datetime.fromisoformat(at), UUID(row_id)
    except (binascii.Error, UnicodeError, ValueError):
        key = None
    if key is None or key[0].tzinfo is None:
        raise InvalidError(
            fields={"cursor": Words("is not a cursor of this list", "不是有效的分页游标")}
        )
    return key
