"""The audit trail, to read."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.api.paging import Page, Paging, PagingParameters, newest_first, page_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.db.rows import AnySelect
from hotline.staff.models import audit_entries
from hotline.staff.permissions import Permission
from hotline.staff.schemas import AuditEntry

router = APIRouter(tags=["audit"])


def _filtered(
    *,
    action: Annotated[
        str | None, Query(max_length=64, description="An action such as `user.update`.")
    ] = None,
    actor_id: UUID | None = None,
    object_type: Annotated[str | None, Query(max_length=64)] = None,
    object_id: Annotated[str | None, Query(max_length=64)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> AnySelect:
    statement = select(audit_entries)
    for column, value in (
        (audit_entries.c.action, action),
        (audit_entries.c.actor_id, actor_id),
        (audit_entries.c.object_type, object_type),
        (audit_entries.c.object_id, object_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if since is not None:
        statement = statement.where(audit_entries.c.at >= since)
    if until is not None:
        statement = statement.where(audit_entries.c.at < until)
    return statement


Filtered = Annotated[Any, Depends(_filtered)]


@router.get("/audit", summary="What was changed in the enterprise, newest first")
async def audit_list(
    scope: Annotated[RequestScope, require(Permission.AUDIT_READ)],
    paging: PagingParameters,
    filtered: Filtered,
) -> Page[AuditEntry]:
    mine = filtered.where(audit_entries.c.enterprise_id == scope.enterprise_id)
    return await _page(scope.session, mine, paging)


@router.get("/platform/audit", summary="What was changed anywhere, newest first")
async def platform_audit_list(
    scope: Annotated[PlatformScope, require_platform(Permission.AUDIT_READ)],
    paging: PagingParameters,
    filtered: Filtered,
) -> Page[AuditEntry]:
    return await _page(scope.session, filtered, paging)


async def _page(session: AsyncSession, statement: AnySelect, paging: Paging) -> Page[AuditEntry]:
    ordered = newest_first(statement, paging, audit_entries.c.at, audit_entries.c.id)
    rows = (await session.execute(ordered)).all()
    return page_of(rows, paging, key=lambda row: (row.at, row.id), show=AuditEntry.of)
