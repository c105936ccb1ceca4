"""Hotlines over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.hotlines.api.approval import of_every_enterprise
from hotline.hotlines.models import hotlines
from hotline.hotlines.schemas import (
    AssignedHotline,
    Assignment,
    Hotline,
    HotlineChange,
    HotlineStatus,
    NewHotline,
)
from hotline.hotlines.service import Hotlines
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/hotlines", tags=["hotlines"])
platform = APIRouter(prefix="/platform", tags=["hotlines"])

Reading = Annotated[RequestScope, require(Permission.HOTLINES_READ)]
Writing = Annotated[RequestScope, require(Permission.HOTLINES_WRITE)]
Assigning = Annotated[RequestScope, require(Permission.HOTLINES_ASSIGN)]
AssigningAnywhere = Annotated[PlatformScope, require_platform(Permission.HOTLINES_ASSIGN)]


def _service(scope: RequestScope) -> Hotlines:
    return Hotlines(scope.session, scope.enterprise_id, scope.audit)


@router.get("", summary="Hotlines, newest first")
async def hotlines_list(scope: Reading, paging: PagingParameters) -> Page[Hotline]:
    return await list_page(scope.session, _service(scope).all(), paging, hotlines, Hotline.of)


@router.post("", status_code=201, summary="Give an enterprise a number")
async def hotlines_assign(body: NewHotline, scope: Assigning, response: Response) -> Hotline:
    row = await _service(scope).assign(body.model_dump())
    set_etag(response, row["updated_at"])
    return Hotline.of(row)


@router.get("/{hotline_id}", summary="One hotline")
async def hotlines_read(hotline_id: UUID, scope: Reading, response: Response) -> Hotline:
    row = await _service(scope).get(hotline_id)
    set_etag(response, row["updated_at"])
    return Hotline.of(row)


@router.patch("/{hotline_id}", summary="Change a hotline's settings; the next call obeys")
async def hotlines_update(
    hotline_id: UUID, body: HotlineChange, scope: Writing, seen: SeenVersion, response: Response
) -> Hotline:
    values = body.model_dump(exclude_unset=True)
    if body.regions and "regions" in values:  # kept as JSON
        values["regions"] = [region.model_dump(mode="json") for region in body.regions]
    if body.menu is not None:
        values["menu"] = body.menu.model_dump(mode="json")
    row = await _service(scope).change(hotline_id, seen, values, action="hotline.update")
    set_etag(response, row["updated_at"])
    return Hotline.of(row)


@router.patch("/{hotline_id}/assignment", summary="Change number, status or lines of a hotline")
async def hotlines_reassign(
    hotline_id: UUID, body: Assignment, scope: Assigning, seen: SeenVersion, response: Response
) -> Hotline:
    values = body.model_dump(exclude_unset=True)
    row = await _service(scope).change(hotline_id, seen, values, action="hotline.reassign")
    set_etag(response, row["updated_at"])
    return Hotline.of(row)


@router.delete("/{hotline_id}", status_code=204, summary="Take a number away")
async def hotlines_withdraw(hotline_id: UUID, scope: Assigning) -> None:
    """Its settings and screening go with it; its call records stay."""
    await _service(scope).withdraw(hotline_id)


@platform.get("/hotlines", summary="Numbers of every enterprise, newest first")
async def platform_hotlines_list(
    *,
    scope: AssigningAnywhere,
    paging: PagingParameters,
    status: Annotated[HotlineStatus | None, Query()] = None,
    number: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,20}$", description="Digits in the number.")
    ] = None,
    enterprise: Annotated[UUID | None, Query(description="Only that one's numbers.")] = None,
) -> Page[AssignedHotline]:
    statement = of_every_enterprise(hotlines, status)
    if number is not None:
        statement = statement.where(hotlines.c.number.contains(number, autoescape=True))
    if enterprise is not None:
        statement = statement.where(hotlines.c.enterprise_id == enterprise)
    return await list_page(scope.session, statement, paging, hotlines, AssignedHotline.of)
