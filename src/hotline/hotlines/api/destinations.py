"""Destinations and their approval over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hotline.api.etag import SeenVersion
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.hotlines.api.approval import ApprovalApi, of_every_enterprise
from hotline.hotlines.destinations import Destinations
from hotline.hotlines.models import destinations
from hotline.hotlines.rules import DestinationStatus
from hotline.hotlines.schemas import (
    Destination,
    DestinationChange,
    NewDestination,
    PendingDestination,
    Review,
)
from hotline.staff.permissions import Permission

router = APIRouter(tags=["destinations"])

Reading = Annotated[RequestScope, require(Permission.DESTINATIONS_READ)]
Writing = Annotated[RequestScope, require(Permission.DESTINATIONS_WRITE)]
Approving = Annotated[RequestScope, require(Permission.DESTINATIONS_APPROVE)]
ApprovingAnywhere = Annotated[PlatformScope, require_platform(Permission.DESTINATIONS_APPROVE)]
_DESTINATIONS = ApprovalApi(Destinations, Destination.of)


@router.get("/destinations", summary="Destinations, newest first")
async def destinations_list(
    scope: Reading,
    paging: PagingParameters,
    status: Annotated[DestinationStatus | None, Query()] = None,
) -> Page[Destination]:
    of_status = destinations.c.status == status if status is not None else None
    return await _DESTINATIONS.page(scope, paging, of_status)


@router.post("/destinations", status_code=201, summary="Register a destination for approval")
async def destinations_create(
    body: NewDestination, scope: Writing, response: Response
) -> Destination:
    return await _DESTINATIONS.add(scope, body, response)


@router.get("/destinations/{destination_id}", summary="One destination")
async def destinations_read(
    destination_id: UUID, scope: Reading, response: Response
) -> Destination:
    return await _DESTINATIONS.read(scope, destination_id, response)


@router.patch("/destinations/{destination_id}", summary="Change a destination")
async def destinations_update(
    destination_id: UUID,
    body: DestinationChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> Destination:
    """A changed number is not called until the operator has approved it."""
    return await _DESTINATIONS.change(scope, destination_id, seen, body, response)


@router.delete(
    "/destinations/{destination_id}", status_code=204, summary="Remove a destination no group has"
)
async def destinations_delete(destination_id: UUID, scope: Writing) -> None:
    await _DESTINATIONS.remove(scope, destination_id)


@router.post("/destinations/{destination_id}/review", summary="Approve or reject a destination")
async def destinations_review(
    *,
    destination_id: UUID,
    body: Review,
    scope: Approving,
    seen: SeenVersion,
    request: Request,
    response: Response,
) -> Destination:
    return await _DESTINATIONS.review(
        scope, destination_id, seen, body, request=request, response=response
    )


@router.get("/platform/destinations", summary="Destinations of every enterprise, newest first")
async def platform_destinations_list(
    scope: ApprovingAnywhere,
    paging: PagingParameters,
    status: Annotated[DestinationStatus, Query()] = DestinationStatus.PENDING,
) -> Page[PendingDestination]:
    """By default those that wait for a decision."""
    statement = of_every_enterprise(destinations, status)
    return await list_page(scope.session, statement, paging, destinations, PendingDestination.of)
