"""The operator's numbers over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import PlatformScope, require_platform
from hotline.hotlines.models import number_stock
from hotline.hotlines.stock import NumberStock, StockLine, read_stock
from hotline.screening.importing import import_result, lines_read_by, list_body
from hotline.screening.rules import BadLine
from hotline.screening.schemas import ImportResult
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/platform/numbers", tags=["hotlines"])

Assigning = Annotated[PlatformScope, require_platform(Permission.HOTLINES_ASSIGN)]


class StockNumber(BaseModel):
    """A number of the operator's."""

    id: UUID
    number: str
    note: str
    created_at: datetime
    hotline_id: UUID | None = Field(description="null: no enterprise has it.")
    enterprise_id: UUID | None
    enterprise_name: str | None

    @classmethod
    def of(cls, row: RowMapping) -> StockNumber:
        return cls(**row)


@router.get("", summary="The operator's numbers, newest first")
async def platform_numbers_list(
    scope: Assigning,
    paging: PagingParameters,
    assigned: Annotated[
        bool | None, Query(description="Only those that an enterprise has, or that none has.")
    ] = None,
    number: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,20}$", description="Digits in the number.")
    ] = None,
) -> Page[StockNumber]:
    wanted = NumberStock.all(assigned=assigned, containing=number)
    return await list_page(scope.session, wanted, paging, number_stock, StockNumber.of)


@router.post(
    "/import",
    summary="Register numbers that wait for an enterprise",
    openapi_extra=list_body("号码,备注\n400-600-1234,联通\n"),
)
async def platform_numbers_import(
    lines: Annotated[list[StockLine | BadLine], Depends(lines_read_by(read_stock))],
    scope: Assigning,
    request: Request,
) -> ImportResult:
    """Text or CSV: a number a line, and a note (optional)."""
    result = await NumberStock(scope.session, scope.audit).register(lines)
    return import_result(result.added, result.known, result.bad, request)


@router.delete("/{stock_id}", status_code=204, summary="Give a number up that no enterprise has")
async def platform_numbers_delete(stock_id: UUID, scope: Assigning) -> None:
    await NumberStock(scope.session, scope.audit).remove(stock_id)
