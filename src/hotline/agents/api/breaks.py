"""Break reasons over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hotline.agents.breaks import BreakReasons
from hotline.agents.schemas import BreakReason, BreakReasonChange, NewBreakReason
from hotline.api.etag import SeenVersion
from hotline.api.kept import PlainApi
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import RequestScope, require
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/break-reasons", tags=["agents"])

Reading = Annotated[RequestScope, require(Permission.AGENTS_READ)]
Writing = Annotated[RequestScope, require(Permission.AGENTS_WRITE)]
_REASONS = PlainApi(BreakReasons, BreakReason.of)


@router.get("", summary="Break reasons, newest first")
async def break_reasons_list(scope: Reading, paging: PagingParameters) -> Page[BreakReason]:
    return await _REASONS.page(scope, paging)


@router.post("", status_code=201, summary="Add a break reason")
async def break_reasons_create(
    body: NewBreakReason, scope: Writing, response: Response
) -> BreakReason:
    return await _REASONS.add(scope, body, response)


@router.get("/{reason_id}", summary="One break reason")
async def break_reasons_read(reason_id: UUID, scope: Reading, response: Response) -> BreakReason:
    return await _REASONS.read(scope, reason_id, response)


@router.patch("/{reason_id}", summary="Change a break reason")
async def break_reasons_update(
    reason_id: UUID,
    body: BreakReasonChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> BreakReason:
    return await _REASONS.change(scope, reason_id, seen, body, response)


@router.delete("/{reason_id}", status_code=204, summary="Remove a break reason")
async def break_reasons_delete(reason_id: UUID, scope: Writing) -> None:
    await _REASONS.remove(scope, reason_id)
