"""Enterprises: the operator's view of all, and an enterprise's view of itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select

from hotline.api.paging import Page, PagingParameters, page_of
from hotline.api.parts import parts_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.enterprises.models import enterprises
from hotline.enterprises.schemas import (
    BalanceAdjustment,
    Enterprise,
    EnterpriseCreate,
    EnterpriseUpdate,
)
from hotline.enterprises.service import EnterpriseService, Status
from hotline.staff.permissions import Permission, Role
from hotline.staff.users import NewUser

router = APIRouter(tags=["enterprises"])

Managing = Annotated[PlatformScope, require_platform(Permission.ENTERPRISES_MANAGE)]


@router.get("/enterprise", summary="The enterprise itself")
async def enterprise_read(
    scope: Annotated[RequestScope, require(Permission.ENTERPRISE_READ)],
) -> Enterprise:
    statement = select(enterprises).where(enterprises.c.id == scope.enterprise_id)
    return Enterprise.of((await scope.session.execute(statement)).one())


@router.get("/enterprises", summary="Enterprises, newest first")
async def enterprises_list(
    scope: Managing,
    request: Request,
    paging: PagingParameters,
    status: Status | None = None,
    text: Annotated[str | None, Query(max_length=100, description="In the name.")] = None,
) -> Page[Enterprise]:
    rows = await _service(scope, request).page(paging, status=status, text=text)
    return page_of(rows, paging, key=lambda row: (row.created_at, row.id), show=Enterprise.of)


@router.post("/enterprises", status_code=201, summary="A new enterprise and its administrator")
async def enterprises_create(
    scope: Managing, request: Request, body: EnterpriseCreate
) -> Enterprise:
    first = body.administrator
    administrator = NewUser(first.login, first.name, Role.ADMINISTRATOR, first.password)
    return Enterprise.of(await _service(scope, request).create(body.name, administrator))


@router.get("/enterprises/{enterprise_id}", summary="One enterprise")
async def enterprises_read(scope: Managing, request: Request, enterprise_id: UUID) -> Enterprise:
    return Enterprise.of(await _service(scope, request).get(enterprise_id))


@router.patch("/enterprises/{enterprise_id}", summary="Change name or credit limit")
async def enterprises_update(
    scope: Managing, request: Request, enterprise_id: UUID, body: EnterpriseUpdate
) -> Enterprise:
    values = {name: value for name, value in body if value is not None}
    return Enterprise.of(await _service(scope, request).change(enterprise_id, values))


@router.post("/enterprises/{enterprise_id}/suspend", summary="Refuse its calls and changes")
async def enterprises_suspend(scope: Managing, request: Request, enterprise_id: UUID) -> Enterprise:
    return Enterprise.of(
        await _service(scope, request).change(enterprise_id, {"status": "suspended"})
    )


@router.post("/enterprises/{enterprise_id}/resume", summary="End a suspension")
async def enterprises_resume(scope: Managing, request: Request, enterprise_id: UUID) -> Enterprise:
    return Enterprise.of(await _service(scope, request).change(enterprise_id, {"status": "active"}))


@router.post("/enterprises/{enterprise_id}/adjust-balance", summary="Put money in or take it out")
async def enterprises_adjust_balance(
    scope: Managing, request: Request, enterprise_id: UUID, body: BalanceAdjustment
) -> Enterprise:
    return Enterprise.of(
        await _service(scope, request).adjust_balance(enterprise_id, body.amount, body.note)
    )


def _service(scope: PlatformScope, request: Request) -> EnterpriseService:
    return EnterpriseService(scope, parts_of(request).passwords)
