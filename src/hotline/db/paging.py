"""Keyset paging of a statement: where a page begins and how much of it to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_

from hotline.db.rows import AnySelect

Key: TypeAlias = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page was asked for: ``limit`` rows that come after the key ``after``."""

    limit: int
    after: Key | None = None


def newest_first(
    statement: AnySelect,
    paging: Paging,
    at: ColumnElement[datetime],
    row_id: ColumnElement[UUID],
) -> AnySelect:
    """``statement`` cut to one page, plus one row that tells whether there is more."""
    if paging.after is not None:
        statement = statement.where(tuple_(at, row_id) < tuple_(*paging.after))
    return statement.order_by(at.desc(), row_id.desc()).limit(paging.limit + 1)
