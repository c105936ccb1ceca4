"""Who asks, what they may, and the one transaction in which the request is answered.

A route of a tenant's resource says::

    @router.get("/hotlines")
    async def hotlines_list(
        scope: Annotated[RequestScope, require(Permission.HOTLINES_READ)],
    ) -> ...:

and uses ``scope.session``, which sees only ``scope.enterprise_id``'s rows. A route of the operator
uses ``require_platform`` and ``PlatformScope`` instead. Both commit before the response is sent
and roll back on any error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, WebSocket
from fastapi.requests import Request
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.api.credentials import authenticate, check_not_forged, client_address, same_origin
from hotline.api.parts import parts_of
from hotline.db.database import Database
from hotline.enterprises.repository import enterprise_exists
from hotline.kit.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
    Words,
)
from hotline.staff.audit import Changes, append_audit
from hotline.staff.permissions import Permission, changes_something
from hotline.staff.principal import Principal


class EnterpriseSuspendedError(ForbiddenError):
    error_id = "enterprise-suspended"
    title = "This enterprise is suspended: it can look, but not change"
    title_zh = "企业已停用：可以查看，不能修改"


@dataclass(frozen=True, slots=True)
class RequestScope:
    """A request about one enterprise's things."""

    principal: Principal
    session: AsyncSession
    enterprise_id: UUID
    address: str
    database: Database

    async def audit(
        self,
        action: str,
        object_type: str,
        object_id: UUID | str,
        changes: Changes | None = None,
    ) -> None:
        """Note a change, in the same transaction: ``changes`` is field → (before, after)."""
        await append_audit(
            self.session,
            self.principal,
            enterprise_id=self.enterprise_id,
            address=self.address,
            action=action,
            object_type=object_type,
            object_id=object_id,
            changes=changes,
        )

    def reopen(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A new transaction in the same scope, for a response that streams after the first."""
        return self.database.tenant(self.enterprise_id)


@dataclass(frozen=True, slots=True)
class PlatformScope:
    """A request of the operator, across enterprises."""

    principal: Principal
    session: AsyncSession
    address: str

    async def audit(
        self,
        action: str,
        object_type: str,
        object_id: UUID | str,
        changes: Changes | None = None,
        *,
        enterprise_id: UUID | None = None,
    ) -> None:
        """Note a change; with ``enterprise_id`` that enterprise's administrators see it too."""
        await append_audit(
            self.session,
            self.principal,
            enterprise_id=enterprise_id,
            address=self.address,
            action=action,
            object_type=object_type,
            object_id=object_id,
            changes=changes,
        )


async def current_principal(
    request: Request, found: Annotated[Principal | None, Depends(authenticate)]
) -> Principal:
    """Whoever asks, proven; for routes that every person or program may use."""
    if found is None:
        raise UnauthenticatedError
    check_not_forged(request, found)
    return found


SignedIn = Annotated[Principal, Depends(current_principal)]


def require(permission: Permission) -> Any:
    """The dependency that gives a RequestScope to those with ``permission``."""

    async def open_scope(
        request: Request,
        principal: SignedIn,
        enterprise_id: Annotated[
            UUID | None,
            Query(description="Which enterprise; the operator must say, others need not."),
        ] = None,
    ) -> AsyncIterator[RequestScope]:
        _check_allowed(principal, permission)
        database = parts_of(request).database
        chosen = _chosen_enterprise(principal, enterprise_id)
        async with database.tenant(chosen) as session:
            if principal.is_operator and not await enterprise_exists(session, chosen):
                raise NotFoundError
            yield RequestScope(principal, session, chosen, client_address(request), database)

    return Depends(_marked(open_scope, permission, "tenant"), scope="function")


@dataclass(frozen=True, slots=True)
class WaitingScope:
    """A request about one enterprise's things that waits for something outside the database: it
    holds no transaction meanwhile and opens short ones of its own."""

    principal: Principal
    enterprise_id: UUID
    address: str
    database: Database

    @asynccontextmanager
    async def open(self) -> AsyncIterator[RequestScope]:
        """One transaction, committed at the block's end."""
        async with self.database.tenant(self.enterprise_id) as session:
            if self.principal.is_operator and not await enterprise_exists(
                session, self.enterprise_id
            ):
                raise NotFoundError
            yield RequestScope(
                self.principal, session, self.enterprise_id, self.address, self.database
            )


def require_waiting(permission: Permission) -> Any:
    """The dependency that gives a WaitingScope to those with ``permission``."""

    async def check(
        request: Request,
        principal: SignedIn,
        enterprise_id: Annotated[
            UUID | None,
            Query(description="Which enterprise; the operator must say, others need not."),
        ] = None,
    ) -> WaitingScope:
        _check_allowed(principal, permission)
        database = parts_of(request).database
        chosen = _chosen_enterprise(principal, enterprise_id)
        return WaitingScope(principal, chosen, client_address(request), database)

    return Depends(_marked(check, permission, "tenant"))


def require_platform(permission: Permission) -> Any:
    """The dependency that gives a PlatformScope to operators with ``permission``."""

    async def open_scope(request: Request, principal: SignedIn) -> AsyncIterator[PlatformScope]:
        if not principal.is_operator:
            raise ForbiddenError
        _check_allowed(principal, permission)
        async with parts_of(request).database.platform() as session:
            yield PlatformScope(principal, session, client_address(request))

    return Depends(_marked(open_scope, permission, "platform"), scope="function")


async def authenticate_socket(websocket: WebSocket, permission: Permission) -> Principal:
    """Who opens a WebSocket. Browsers send cookies along from any page: the origin must be ours.

    Raises UnauthenticatedError or ForbiddenError; the caller closes the socket. Ask
    ``Authentication.still_valid`` from time to time while it stays open.
    """
    principal = await authenticate(websocket)
    if principal is None:
        raise UnauthenticatedError
    if principal.session_hash is not None and not same_origin(websocket):
        raise ForbiddenError
    _check_allowed(principal, permission)
    return principal


def socket_enterprise(principal: Principal, asked: UUID | None) -> UUID:
    """The enterprise a WebSocket is about: one's own, or the one that the operator asks for."""
    return _chosen_enterprise(principal, asked)


def socket_scope(
    websocket: WebSocket, enterprise_id: UUID
) -> AbstractAsyncContextManager[AsyncSession]:
    """A short transaction about one enterprise, while a WebSocket is being opened."""
    return parts_of(websocket).database.tenant(enterprise_id)


def _chosen_enterprise(principal: Principal, asked: UUID | None) -> UUID:
    if principal.enterprise_id is None:
        if asked is None:
            raise InvalidError(
                fields={"enterprise_id": Words("say which enterprise", "请指明企业")}
            )
        return asked
    if asked not in (None, principal.enterprise_id):
        raise NotFoundError
    return principal.enterprise_id


def _check_allowed(principal: Principal, permission: Permission) -> None:
    if not principal.may(permission):
        raise ForbiddenError(permission=permission.value)
    if principal.enterprise_suspended and changes_something(permission):
        raise EnterpriseSuspendedError


def _marked(dependency: Callable[..., Any], permission: Permission, kind: str) -> Any:
    """Leave on the dependency what it demands: the OpenAPI document and the tests read it."""
    dependency.__dict__["hotline_permission"] = permission
    dependency.__dict__["hotline_scope"] = kind
    return dependency
