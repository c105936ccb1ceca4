"""Fixtures for tests of the API: the application in process, on the real database.

``api`` makes enterprises and logs people in::

    async def test_something(api: ApiWorld) -> None:
        ours = await api.enterprise()
        admin = await api.log_in(Role.ADMINISTRATOR, ours)
        answer = await admin.get("/api/v1/hotlines")
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import insert

from hotline.api.app import create_app
from hotline.api.parts import ApiParts
from hotline.db.database import Database
from hotline.enterprises.models import enterprises
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.staff.models import users
from hotline.staff.passwords import Passwords
from hotline.staff.permissions import Role

PASSWORD = "correct horse battery"
QUICK_PASSWORDS = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))


class ApiWorld:
    """Enterprises, people and their browsers."""

    def __init__(self, app: FastAPI, parts: ApiParts) -> None:
        self.app = app
        self.parts = parts
        self.database = parts.database
        self._clients = AsyncExitStack()

    async def client(self, **headers: str) -> httpx.AsyncClient:
        """A browser or program that is not logged in."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://hotline.test", headers=headers
        )
        return await self._clients.enter_async_context(client)

    async def enterprise(self, name: str = "测试企业", *, status: str = "active") -> UUID:
        enterprise_id = new_id()
        async with self.database.platform() as session:
            await session.execute(
                insert(enterprises).values(id=enterprise_id, name=name, status=status)
            )
        return enterprise_id

    async def user(
        self, role: Role, enterprise_id: UUID | None = None, *, login: str | None = None
    ) -> tuple[UUID, str]:
        """(id, login) of a new person whose password is PASSWORD."""
        user_id = new_id()
        login = login or f"{role}-{user_id}"
        async with self.database.platform() as session:
            await session.execute(
                insert(users).values(
                    id=user_id,
                    enterprise_id=enterprise_id,
                    login=login,
                    name=f"某{role}",
                    password_hash=await self.parts.passwords.hash(PASSWORD),
                    role=role,
                    status="active",
                )
            )
        return user_id, login

    async def log_in(self, role: Role, enterprise_id: UUID | None = None) -> httpx.AsyncClient:
        """A new person of that role, logged in, with the CSRF token in place."""
        _, login = await self.user(role, enterprise_id)
        return await self.log_in_as(login)

    async def log_in_as(self, login: str, password: str = PASSWORD) -> httpx.AsyncClient:
        client = await self.client()
        answer = await client.post("/api/v1/session", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client

    async def operator(self) -> httpx.AsyncClient:
        return await self.log_in(Role.OPERATOR)

    async def close(self) -> None:
        await self._clients.aclose()


@pytest.fixture
def api_parts(database: Database) -> ApiParts:
    """Override it where a slice needs other services."""
    return ApiParts(database=database, clock=SystemClock(), passwords=QUICK_PASSWORDS)


@pytest.fixture
async def api(api_parts: ApiParts) -> AsyncIterator[ApiWorld]:
    world = ApiWorld(create_app(api_parts), api_parts)
    yield world
    await world.close()


@pytest.fixture
async def client(api: ApiWorld) -> httpx.AsyncClient:
    """Nobody in particular."""
    return await api.client()
