"""Keys for programs: an enterprise's, and the operator's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from hotline.api.paging import Page, PagingParameters, page_of
from hotline.api.parts import parts_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.staff.keys import ApiKeyService
from hotline.staff.permissions import Permission
from hotline.staff.schemas import ApiKey, ApiKeyCreate, ApiKeyCreated

router = APIRouter(prefix="/api-keys", tags=["api_keys"])
operator_keys = APIRouter(prefix="/operator-api-keys", tags=["operator_api_keys"])

Managing = Annotated[RequestScope, require(Permission.API_KEYS_MANAGE)]
OfOperator = Annotated[PlatformScope, require_platform(Permission.OPERATORS_MANAGE)]


@router.get("", summary="Keys, newest first")
async def api_keys_list(
    scope: Managing, request: Request, paging: PagingParameters
) -> Page[ApiKey]:
    return await _page(_service(scope, request), paging)


@router.post("", status_code=201, summary="A new key, shown this once")
async def api_keys_create(scope: Managing, request: Request, body: ApiKeyCreate) -> ApiKeyCreated:
    return await _create(_service(scope, request), request, body)


@router.delete("/{key_id}", status_code=204, summary="Revoke a key")
async def api_keys_delete(scope: Managing, request: Request, key_id: UUID) -> None:
    await _service(scope, request).revoke(key_id)


@operator_keys.get("", summary="The operator's keys, newest first")
async def operator_api_keys_list(
    scope: OfOperator, request: Request, paging: PagingParameters
) -> Page[ApiKey]:
    return await _page(_operators(scope, request), paging)


@operator_keys.post("", status_code=201, summary="A new key of the operator, shown this once")
async def operator_api_keys_create(
    scope: OfOperator, request: Request, body: ApiKeyCreate
) -> ApiKeyCreated:
    return await _create(_operators(scope, request), request, body)


@operator_keys.delete("/{key_id}", status_code=204, summary="Revoke a key of the operator")
async def operator_api_keys_delete(scope: OfOperator, request: Request, key_id: UUID) -> None:
    await _operators(scope, request).revoke(key_id)


async def _page(service: ApiKeyService, paging: PagingParameters) -> Page[ApiKey]:
    rows = await service.page(paging)
    return page_of(rows, paging, key=lambda row: (row.created_at, row.id), show=ApiKey.of)


async def _create(service: ApiKeyService, request: Request, body: ApiKeyCreate) -> ApiKeyCreated:
    row, shown = await service.create(body.as_new())
    request.state.response_is_secret = True
    return ApiKeyCreated(**ApiKey.of(row).model_dump(), key=shown)


def _service(scope: RequestScope, request: Request) -> ApiKeyService:
    return ApiKeyService(scope, scope.enterprise_id, parts_of(request).clock)


def _operators(scope: PlatformScope, request: Request) -> ApiKeyService:
    return ApiKeyService(scope, None, parts_of(request).clock)
