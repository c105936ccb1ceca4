"""The people of an enterprise, and the operator's own."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from hotline.api.paging import Page, PagingParameters, page_of
from hotline.api.parts import parts_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.staff.permissions import Permission, Role
from hotline.staff.schemas import OperatorCreate, User, UserCreate, UserUpdate
from hotline.staff.users import UserFilter, UserService

router = APIRouter(prefix="/users", tags=["users"])
operators = APIRouter(prefix="/operators", tags=["operators"])

Reading = Annotated[RequestScope, require(Permission.USERS_READ)]
Managing = Annotated[RequestScope, require(Permission.USERS_MANAGE)]
ManagingOperators = Annotated[PlatformScope, require_platform(Permission.OPERATORS_MANAGE)]


@router.get("", summary="People, newest first")
async def users_list(
    *,
    scope: Reading,
    request: Request,
    paging: PagingParameters,
    role: Role | None = None,
    status: Literal["active", "disabled"] | None = None,
    text: Annotated[str | None, Query(max_length=64, description="In login or name.")] = None,
) -> Page[User]:
    wanted = UserFilter(role, None if status is None else status == "active", text)
    rows = await _service(scope, request).page(wanted, paging)
    return page_of(rows, paging, key=lambda row: (row.created_at, row.id), show=User.of)


@router.post("", status_code=201, summary="A new person")
async def users_create(scope: Managing, request: Request, body: UserCreate) -> User:
    return User.of(await _service(scope, request).create(body.as_new()))


@router.get("/{user_id}", summary="One person")
async def users_read(scope: Reading, request: Request, user_id: UUID) -> User:
    return User.of(await _service(scope, request).get(user_id))


@router.patch("/{user_id}", summary="Change, disable or enable a person")
async def users_update(scope: Managing, request: Request, user_id: UUID, body: UserUpdate) -> User:
    return User.of(await _service(scope, request).change(user_id, body.as_change()))


@operators.get("", summary="The operator's people, newest first")
async def operators_list(
    scope: ManagingOperators, request: Request, paging: PagingParameters
) -> Page[User]:
    rows = await _operators(scope, request).page(UserFilter(), paging)
    return page_of(rows, paging, key=lambda row: (row.created_at, row.id), show=User.of)


@operators.post("", status_code=201, summary="A new operator")
async def operators_create(
    scope: ManagingOperators, request: Request, body: OperatorCreate
) -> User:
    return User.of(await _operators(scope, request).create(body.as_new()))


@operators.patch("/{user_id}", summary="Change, disable or enable an operator")
async def operators_update(
    scope: ManagingOperators, request: Request, user_id: UUID, body: UserUpdate
) -> User:
    return User.of(await _operators(scope, request).change(user_id, body.as_change()))


def _service(scope: RequestScope, request: Request) -> UserService:
    return UserService(scope, scope.enterprise_id, parts_of(request).passwords)


def _operators(scope: PlatformScope, request: Request) -> UserService:
    return UserService(scope, None, parts_of(request).passwords)
