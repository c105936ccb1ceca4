"""The only place where database sessions begin, each in a declared scope.

* ``tenant(enterprise_id)``: what one enterprise may see; row-level security holds it to that.
* ``platform()``: across enterprises, for the operator's pages, the call engine and the worker.

Each ``async with`` is one transaction: committed at its end, rolled back on an exception. Never
wait for a person or for the switch inside one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from hotline.db.migrate import APP_ROLE, PLATFORM_ROLE

_SET_TENANT = text("select set_config('hotline.enterprise', :scope, true)")
_SEAL = text("select tenant_seal(:enterprise_id)")
_SEALS_KEPT = 10_000


class Database:
    """Two pools, one per role. Build it in the composition root, close it at the end."""

    def __init__(
        self, url: URL, passwords: dict[str, str], *, app_pool: int = 5, platform_pool: int = 10
    ) -> None:
        """``url`` names host and database (driver psycopg); its user is replaced by the role."""
        self._app = _engine(url, APP_ROLE, passwords, app_pool)
        self._platform = _engine(url, PLATFORM_ROLE, passwords, platform_pool)
        self._app_sessions = async_sessionmaker(self._app, expire_on_commit=False)
        self._platform_sessions = async_sessionmaker(self._platform, expire_on_commit=False)
        self._seals: dict[UUID, str] = {}
        self.platform_url = url.set(username=PLATFORM_ROLE, password=passwords[PLATFORM_ROLE])
        """For parts that keep their own connection (job queue, LISTEN)."""

    @asynccontextmanager
    async def tenant(self, enterprise_id: UUID) -> AsyncIterator[AsyncSession]:
        """A transaction that sees only ``enterprise_id``'s rows."""
        scope = f"{enterprise_id}:{await self._seal(enterprise_id)}"
        async with self._app_sessions.begin() as session:
            await session.execute(_SET_TENANT, {"scope": scope})
            yield session

    @asynccontextmanager
    async def platform(self) -> AsyncIterator[AsyncSession]:
        """A transaction across enterprises. Never hand its session to a tenant's request."""
        async with self._platform_sessions.begin() as session:
            yield session

    async def _seal(self, enterprise_id: UUID) -> str:
        """What proves to the database that this scope was opened here, not by smuggled SQL."""
        seal = self._seals.get(enterprise_id)
        if seal is None:
            async with self.platform() as session:
                found = await session.execute(_SEAL, {"enterprise_id": enterprise_id})
                seal = found.scalar_one()
            if len(self._seals) >= _SEALS_KEPT:
                self._seals.clear()
            self._seals[enterprise_id] = seal
        return seal

    async def ping(self) -> None:
        """Return if both roles can reach the database. Raises SQLAlchemy's DBAPIError."""
        for engine in (self._app, self._platform):
            async with engine.connect() as connection:
                await connection.execute(text("select 1"))

    async def close(self) -> None:
        await self._app.dispose()
        await self._platform.dispose()


def _engine(url: URL, role: str, passwords: dict[str, str], size: int) -> AsyncEngine:
    return create_async_engine(
        url.set(username=role, password=passwords[role]),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=False,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
