"""Break reasons over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hotline.agents.breaks import BreakReasons
from hotline.agents.models import break_reasons
from hotline.agents.schemas import BreakReason, BreakReasonChange, NewBreakReason
from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import RequestScope, require
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/break-reasons", tags=["agents"])

Reading = Annotated[RequestScope, require(Permission.AGENTS_READ)]
Writing = Annotated[RequestScope, require(Permission.AGENTS_WRITE)]


def _service(scope: RequestScope) -> BreakReasons:
    return BreakReasons(scope.session, scope.enterprise_id, scope.audit)


@router.get("", summary="Break reasons, newest first")
async def break_reasons_list(scope: Reading, paging: PagingParameters) -> Page[BreakReason]:
    statement = _service(scope).all()
    return await list_page(scope.session, statement, paging, break_reasons, BreakReason.of)


@router.post("", status_code=201, summary="Add a break reason")
async def break_reasons_create(
    body: NewBreakReason, scope: Writing, response: Response
) -> BreakReason:
    row = await _service(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return BreakReason.of(row)


@router.get("/{reason_id}", summary="One break reason")
async def break_reasons_read(reason_id: UUID, scope: Reading, response: Response) -> BreakReason:
    row = await _service(scope).get(reason_id)
    set_etag(response, row["updated_at"])
    return BreakReason.of(row)


@router.patch("/{reason_id}", summary="Change a break reason")
async def break_reasons_update(
    reason_id: UUID,
    body: BreakReasonChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> BreakReason:
    row = await _service(scope).change(reason_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return BreakReason.of(row)


@router.delete("/{reason_id}", status_code=204, summary="Remove a break reason")
async def break_reasons_delete(reason_id: UUID, scope: Writing) -> None:
    await _service(scope).remove(reason_id)
