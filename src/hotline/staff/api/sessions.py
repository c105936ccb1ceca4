"""Logging in and out, who I am, my password."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import column, select, table

from hotline.api.credentials import (
    check_same_site,
    clear_session_cookie,
    client_address,
    session_token,
    set_session_cookie,
)
from hotline.api.parts import parts_of
from hotline.api.scope import SignedIn
from hotline.db.database import Database
from hotline.kit.errors import ForbiddenError
from hotline.staff.login import LoginAttempt, LoginService
from hotline.staff.own_account import OwnAccount, PasswordChange
from hotline.staff.permissions import Permission, Role
from hotline.staff.principal import Principal

router = APIRouter(prefix="/session", tags=["session"])

_AGENTS: Final = table("agents", column("id"), column("user_id"), column("enabled"))
"""Of the slice that is built on this one."""

Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class Login(BaseModel):
    """Who wants in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"login": "wang@example", "password": "correct horse"}},
    )

    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Password


class Me(BaseModel):
    """Who is asking and what they may."""

    kind: str = Field(description="`user` or `api_key`")
    id: UUID
    name: str
    role: Role | None = Field(description="null for API keys")
    enterprise_id: UUID | None = Field(description="null for the operator's people")
    enterprise_suspended: bool
    permissions: list[Permission]
    agent_id: UUID | None = Field(description="Which agent one is; null: none.")
    csrf_token: str | None = Field(
        description="Send it as `X-CSRF-Token` with every change; null for API keys."
    )


class LoggedInMe(Me):
    """The same, and how long the session can last."""

    expires_at: datetime


class ChangePassword(BaseModel):
    """Proof of the old password and the new one."""

    model_config = ConfigDict(extra="forbid")

    current_password: Password
    new_password: Password


@router.post("", summary="Log in")
async def session_create(body: Login, request: Request, response: Response) -> LoggedInMe:
    """Sets an HttpOnly cookie and returns the CSRF token. A session held before ends."""
    check_same_site(request)
    parts = parts_of(request)
    service = LoginService(parts.database, parts.clock, parts.passwords, parts.authentication())
    logged_in = await service.login(
        LoginAttempt(
            login=body.login,
            password=body.password,
            address=client_address(request),
            user_agent=request.headers.get("user-agent", ""),
            replaces=session_token(request),
        )
    )
    set_session_cookie(response, parts.settings, logged_in.session)
    me = await _me(logged_in.principal, parts.database)
    return LoggedInMe(**me.model_dump(), expires_at=logged_in.session.expires_at)


@router.get("", summary="Who am I")
async def session_read(principal: SignedIn, request: Request) -> Me:
    return await _me(principal, parts_of(request).database)


@router.delete("", status_code=204, summary="Log out")
async def session_delete(principal: SignedIn, request: Request, response: Response) -> None:
    parts = parts_of(request)
    if principal.session_hash is not None:
        async with parts.database.platform() as session:
            await parts.authentication().end(session, principal.session_hash)
    clear_session_cookie(response, parts.settings)


@router.put("/password", status_code=204, summary="Change my password")
async def session_change_password(
    body: ChangePassword, principal: SignedIn, request: Request
) -> None:
    """The other sessions of the person end."""
    if principal.kind != "user":
        raise ForbiddenError
    parts = parts_of(request)
    await OwnAccount(parts.database, parts.clock, parts.passwords).change_password(
        principal,
        PasswordChange(body.current_password, body.new_password, client_address(request)),
    )


async def _me(principal: Principal, database: Database) -> Me:
    return Me(
        kind=principal.kind,
        id=principal.id,
        name=principal.name,
        role=principal.role,
        enterprise_id=principal.enterprise_id,
        enterprise_suspended=principal.enterprise_suspended,
        permissions=sorted(principal.permissions),
        agent_id=await _agent_of(principal, database),
        csrf_token=principal.csrf_token,
    )


async def _agent_of(principal: Principal, database: Database) -> UUID | None:
    enterprise_id = principal.enterprise_id
    if enterprise_id is None or not principal.may(Permission.AGENTS_WORK):
        return None
    async with database.tenant(enterprise_id) as session:
        mine = select(_AGENTS.c.id).where(_AGENTS.c.user_id == principal.id, _AGENTS.c.enabled)
        found: UUID | None = (await session.execute(mine)).scalar_one_or_none()
        return found
