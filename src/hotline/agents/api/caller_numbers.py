"""Caller numbers and their approval over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hotline.agents.caller_numbers import CallerNumbers
from hotline.agents.models import caller_numbers
from hotline.agents.number_schemas import (
    CallerNumber,
    CallerNumberChange,
    NewCallerNumber,
    PendingCallerNumber,
)
from hotline.api.etag import SeenVersion
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.hotlines.api.approval import ApprovalApi, of_every_enterprise
from hotline.hotlines.rules import DestinationStatus
from hotline.hotlines.schemas import Review
from hotline.staff.permissions import Permission

router = APIRouter(tags=["caller_numbers"])

Reading = Annotated[RequestScope, require(Permission.DESTINATIONS_READ)]
Writing = Annotated[RequestScope, require(Permission.DESTINATIONS_WRITE)]
Approving = Annotated[RequestScope, require(Permission.DESTINATIONS_APPROVE)]
ApprovingAnywhere = Annotated[PlatformScope, require_platform(Permission.DESTINATIONS_APPROVE)]
_NUMBERS = ApprovalApi(CallerNumbers, CallerNumber.of)


@router.get("/caller-numbers", summary="Numbers to show, newest first")
async def caller_numbers_list(scope: Reading, paging: PagingParameters) -> Page[CallerNumber]:
    return await _NUMBERS.page(scope, paging)


@router.post("/caller-numbers", status_code=201, summary="Register a number for approval")
async def caller_numbers_create(
    body: NewCallerNumber, scope: Writing, response: Response
) -> CallerNumber:
    """A number to be shown to those whom agents call; a 400 number may be one."""
    return await _NUMBERS.add(scope, body, response)


@router.get("/caller-numbers/{number_id}", summary="One number to show")
async def caller_numbers_read(number_id: UUID, scope: Reading, response: Response) -> CallerNumber:
    return await _NUMBERS.read(scope, number_id, response)


@router.patch("/caller-numbers/{number_id}", summary="Change its label, switch it off or on")
async def caller_numbers_update(
    number_id: UUID,
    body: CallerNumberChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> CallerNumber:
    return await _NUMBERS.change(scope, number_id, seen, body, response)


@router.delete("/caller-numbers/{number_id}", status_code=204, summary="Remove a number to show")
async def caller_numbers_delete(number_id: UUID, scope: Writing) -> None:
    await _NUMBERS.remove(scope, number_id)


@router.post("/caller-numbers/{number_id}/review", summary="Approve or reject a number to show")
async def caller_numbers_review(
    *,
    number_id: UUID,
    body: Review,
    scope: Approving,
    seen: SeenVersion,
    request: Request,
    response: Response,
) -> CallerNumber:
    return await _NUMBERS.review(scope, number_id, seen, body, request=request, response=response)


@router.get("/platform/caller-numbers", summary="Numbers to show of every enterprise")
async def platform_caller_numbers_list(
    scope: ApprovingAnywhere,
    paging: PagingParameters,
    status: Annotated[DestinationStatus, Query()] = DestinationStatus.PENDING,
) -> Page[PendingCallerNumber]:
    """By default those that wait for a decision."""
    statement = of_every_enterprise(caller_numbers, status)
    show = PendingCallerNumber.of
    return await list_page(scope.session, statement, paging, caller_numbers, show)
