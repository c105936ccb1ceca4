"""Keys for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.kit.clock import SystemClock
from hotline.staff.models import api_keys
from hotline.staff.permissions import Role
from hotline.staff.tokens import new_api_key, split_api_key
from tests.api_world import ApiWorld


async def test_a_key_works_until_it_is_revoked(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = (
        await admin.post("/api/v1/api-keys", json={"name": "CRM", "scopes": ["users.read"]})
    ).json()
    program = await api.client(Authorization=f"Bearer {made['key']}")

    assert (await program.get("/api/v1/session")).json()["permissions"] == ["users.read"]
    assert (await program.get("/api/v1/users")).status_code == 200
    assert (await program.get("/api/v1/audit")).status_code == 403
    listed = (await admin.get("/api/v1/api-keys")).json()["items"]
    assert listed[0]["last_used_at"] is not None
    assert made["key"] not in str(listed)

    for _ in range(2):  # twice is harmless
        assert (await admin.delete(f"/api/v1/api-keys/{made['id']}")).status_code == 204
    assert (await program.get("/api/v1/users")).status_code == 401


async def test_use_is_noted_once_a_minute(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = (
        await admin.post("/api/v1/api-keys", json={"name": "CRM", "scopes": ["users.read"]})
    ).json()
    program = await api.client(Authorization=f"Bearer {made['key']}")
    noted = set()
    for _ in range(3):
        await program.get("/api/v1/session")
        async with api.database.platform() as session:
            noted.add((await session.execute(select(api_keys.c.last_used_at))).scalar_one())
    assert len(noted) == 1


async def test_a_key_ends_with_its_time(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    soon = SystemClock().now() + timedelta(hours=1)
    body = {"name": "CRM", "scopes": ["users.read"], "expires_at": soon.isoformat()}
    made = (await admin.post("/api/v1/api-keys", json=body)).json()
    program = await api.client(Authorization=f"Bearer {made['key']}")
    assert (await program.get("/api/v1/users")).status_code == 200
    async with api.database.platform() as session:
        await session.execute(update(api_keys).values(expires_at=soon - timedelta(hours=2)))
    assert (await program.get("/api/v1/users")).status_code == 401
    past = {**body, "expires_at": (soon - timedelta(hours=2)).isoformat()}
    assert (await admin.post("/api/v1/api-keys", json=past)).status_code == 422


async def test_a_key_holds_no_more_than_its_maker(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    refused = await admin.post(
        "/api/v1/api-keys", json={"name": "x", "scopes": ["enterprises.manage"]}
    )
    assert refused.json()["type"] == "urn:hotline:error:too-powerful"
    made = (
        await admin.post("/api/v1/api-keys", json={"name": "x", "scopes": ["api_keys.manage"]})
    ).json()
    program = await api.client(Authorization=f"Bearer {made['key']}")
    refused = await program.post("/api/v1/api-keys", json={"name": "y", "scopes": ["calls.read"]})
    assert refused.json()["type"] == "urn:hotline:error:too-powerful"


async def test_an_operators_key_reaches_the_platform(api: ApiWorld) -> None:
    operator = await api.operator()
    made = (
        await operator.post(
            "/api/v1/operator-api-keys", json={"name": "ERP", "scopes": ["enterprises.manage"]}
        )
    ).json()
    program = await api.client(Authorization=f"Bearer {made['key']}")
    assert (await program.get("/api/v1/enterprises")).status_code == 200
    assert (await program.get("/api/v1/operators")).status_code == 403


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", "Bearer hl_a_b", "Basic eDp5", "Bearer hl__", "hl_a_b", "Bearer é"],
)
async def test_nonsense_is_no_key(api: ApiWorld, header: str) -> None:
    operator = await api.operator()  # a good cookie does not make up for a bad key
    answer = await operator.get(
        "/api/v1/session", headers={"Authorization": header.encode("latin-1")}
    )
    assert answer.status_code == 401


def test_secrets_may_contain_underscores() -> None:
    for _ in range(50):
        key = new_api_key()
        assert split_api_key(key.shown) is not None
        assert split_api_key(key.shown)[0] == key.prefix  # type: ignore[index]
