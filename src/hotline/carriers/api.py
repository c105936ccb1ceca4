"""Carriers over HTTP, for the operator."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import RowMapping

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.scope import PlatformScope, require_platform
from hotline.carriers.schemas import Carrier, CarrierChange, CarrierList, NewCarrier
from hotline.carriers.service import Carriers
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/carriers", tags=["carriers"])

Managing = Annotated[PlatformScope, require_platform(Permission.CARRIERS_MANAGE)]


def _service(scope: PlatformScope) -> Carriers:
    return Carriers(scope.session, scope.audit)


@router.get("", summary="Carriers in the order in which they are tried")
async def carriers_list(scope: Managing) -> CarrierList:
    service = _service(scope)
    health = await service.health()
    rows = await service.all()
    return CarrierList(items=[Carrier.of(row, health.get(row["id"], [])) for row in rows])


@router.post("", status_code=201, summary="Connect a carrier")
async def carriers_create(body: NewCarrier, scope: Managing, response: Response) -> Carrier:
    service = _service(scope)
    return await _shown(service, await service.add(body.model_dump()), response)


@router.get("/{carrier_id}", summary="One carrier")
async def carriers_read(carrier_id: UUID, scope: Managing, response: Response) -> Carrier:
    service = _service(scope)
    return await _shown(service, await service.get(carrier_id), response)


@router.patch("/{carrier_id}", summary="Change a carrier")
async def carriers_update(
    carrier_id: UUID, body: CarrierChange, scope: Managing, seen: SeenVersion, response: Response
) -> Carrier:
    service = _service(scope)
    values = body.model_dump(exclude_unset=True)
    return await _shown(service, await service.change(carrier_id, seen, values), response)


@router.delete("/{carrier_id}", status_code=204, summary="Disconnect a carrier")
async def carriers_delete(carrier_id: UUID, scope: Managing) -> None:
    await _service(scope).remove(carrier_id)


async def _shown(service: Carriers, row: RowMapping, response: Response) -> Carrier:
    set_etag(response, row["updated_at"])
    return Carrier.of(row, (await service.health()).get(row["id"], []))
