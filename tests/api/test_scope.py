"""What routes are handed: one transaction, in the right scope, and sockets that are ours."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import pytest
from fastapi import WebSocket
from sqlalchemy import text

from hotline.api.app import create_app
from hotline.api.parts import ApiParts, ApiSettings
from hotline.api.scope import RequestScope, authenticate_socket, require, socket_enterprise
from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.kit.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from hotline.staff.permissions import Permission, Role
from tests.api_world import PASSWORD, QUICK_PASSWORDS, ApiWorld

Writing = Annotated[RequestScope, require(Permission.GROUPS_WRITE)]
INSERT = text(
    "insert into forwarding_groups (id, enterprise_id, name, strategy) "
    "values (gen_random_uuid(), :enterprise_id, :name, 'random')"
)


async def names_of(database: Database, enterprise_id: UUID) -> list[str]:
    async with database.tenant(enterprise_id) as session:
        found = await session.execute(text("select name from forwarding_groups"))
        return list(found.scalars())


async def test_a_request_commits_before_its_answer_or_not_at_all(api: ApiWorld) -> None:
    ours = await api.enterprise()

    @api.app.post("/api/v1/test-writes")
    async def test_write(scope: Writing, fail: bool = False) -> list[str]:
        await scope.session.execute(
            INSERT, {"enterprise_id": scope.enterprise_id, "name": f"{fail}"}
        )
        await scope.audit("group.create", "group", "x", {"name": (None, "x")})
        if fail:
            raise ConflictError
        return await names_of(scope.database, ours)

    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    failed = await admin.post("/api/v1/test-writes", params={"fail": True})
    assert failed.status_code == 409
    assert await names_of(api.database, ours) == []
    done = await admin.post("/api/v1/test-writes")
    assert done.json() == []  # nobody else sees it before the end
    assert await names_of(api.database, ours) == ["False"]
    trail = (await admin.get("/api/v1/audit", params={"object_type": "group"})).json()
    assert len(trail["items"]) == 1


async def test_what_breaks_at_the_commit_is_a_problem_not_a_success(api: ApiWorld) -> None:
    ours = await api.enterprise()

    @api.app.post("/api/v1/test-deferred")
    async def test_deferred(scope: Writing) -> str:
        await scope.session.execute(text("set transaction read only"))
        await scope.session.execute(INSERT, {"enterprise_id": scope.enterprise_id, "name": "x"})
        return "done"

    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    answer = await admin.post("/api/v1/test-deferred")
    assert answer.status_code == 500
    assert "transaction" not in answer.text  # nothing of the inside


def socket(api: ApiWorld, **headers: str) -> WebSocket:
    async def silent() -> dict[str, object]:
        raise AssertionError("nothing is read")

    async def deaf(message: object) -> None:
        raise AssertionError("nothing is sent")

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "headers": raw, "app": api.app, "path": "/"}
    return WebSocket(scope, silent, deaf)  # type: ignore[arg-type]


async def test_a_socket_opens_for_our_pages_only(api: ApiWorld) -> None:
    ours = await api.enterprise()
    browser = await api.log_in(Role.SUPERVISOR, ours)
    cookie = f"hotline_session={browser.cookies['hotline_session']}"
    here = {"host": "hotline.test", "cookie": cookie}

    principal = await authenticate_socket(
        socket(api, **here, origin="http://hotline.test"), Permission.CALLS_READ
    )
    assert socket_enterprise(principal, None) == ours
    with pytest.raises(NotFoundError):
        socket_enterprise(principal, UUID(int=1))
    with pytest.raises(ForbiddenError):
        await authenticate_socket(
            socket(api, **here, origin="http://evil.test"), Permission.CALLS_READ
        )
    with pytest.raises(ForbiddenError):
        await authenticate_socket(socket(api, **here), Permission.USERS_MANAGE)
    with pytest.raises(UnauthenticatedError):
        await authenticate_socket(socket(api, host="hotline.test"), Permission.CALLS_READ)


async def test_an_operators_socket_names_its_enterprise(api: ApiWorld) -> None:
    browser = await api.operator()
    cookie = f"hotline_session={browser.cookies['hotline_session']}"
    principal = await authenticate_socket(socket(api, cookie=cookie), Permission.CALLS_READ)
    with pytest.raises(InvalidError):
        socket_enterprise(principal, None)
    assert socket_enterprise(principal, UUID(int=1)) == UUID(int=1)


async def test_behind_https_the_cookie_is_bound_to_the_host(database: Database) -> None:
    parts = ApiParts(
        database=database,
        clock=SystemClock(),
        settings=ApiSettings(secure_cookies=True),
        passwords=QUICK_PASSWORDS,
    )
    world = ApiWorld(create_app(parts), parts)
    _, login = await world.user(Role.OPERATOR)
    client = await world.client()
    answer = await client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
    assert answer.headers["set-cookie"].startswith("__Host-hotline_session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]
    await world.close()
