"""Destinations and their approval over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.enterprises.models import enterprises
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


def _service(scope: RequestScope) -> Destinations:
    return Destinations(scope.session, scope.enterprise_id, scope.audit)


@router.get("/destinations", summary="Destinations, newest first")
async def destinations_list(
    scope: Reading,
    paging: PagingParameters,
    status: Annotated[DestinationStatus | None, Query()] = None,
) -> Page[Destination]:
    statement = _service(scope).all(status)
    return await list_page(scope.session, statement, paging, destinations, Destination.of)


@router.post("/destinations", status_code=201, summary="Register a destination for approval")
async def destinations_create(
    body: NewDestination, scope: Writing, response: Response
) -> Destination:
    row = await _service(scope).register(body.model_dump())
    set_etag(response, row["updated_at"])
    return Destination.of(row)


@router.get("/destinations/{destination_id}", summary="One destination")
async def destinations_read(
    destination_id: UUID, scope: Reading, response: Response
) -> Destination:
    row = await _service(scope).get(destination_id)
    set_etag(response, row["updated_at"])
    return Destination.of(row)


@router.patch("/destinations/{destination_id}", summary="Change a destination")
async def destinations_update(
    destination_id: UUID,
    body: DestinationChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> Destination:
    """A changed number is not called until the operator has approved it."""
    row = await _service(scope).change(destination_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return Destination.of(row)


@router.delete(
    "/destinations/{destination_id}", status_code=204, summary="Remove a destination no group has"
)
async def destinations_delete(destination_id: UUID, scope: Writing) -> None:
    await _service(scope).remove(destination_id)


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
    row = await _service(scope).review(
        destination_id,
        seen,
        decision=DestinationStatus(body.decision),
        note=body.note,
        by=scope.principal.id if scope.principal.kind == "user" else None,
        at=parts_of(request).clock.now(),
    )
    set_etag(response, row["updated_at"])
    return Destination.of(row)


@router.get("/platform/destinations", summary="Destinations of every enterprise, newest first")
async def platform_destinations_list(
    scope: ApprovingAnywhere,
    paging: PagingParameters,
    status: Annotated[DestinationStatus, Query()] = DestinationStatus.PENDING,
) -> Page[PendingDestination]:
    """By default those that wait for a decision."""
    statement = (
        select(destinations, enterprises.c.name.label("enterprise_name"))
        .join(enterprises, enterprises.c.id == destinations.c.enterprise_id)
        .where(destinations.c.status == status)
    )
    return await list_page(scope.session, statement, paging, destinations, PendingDestination.of)
