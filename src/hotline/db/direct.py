"""A few connections for the path of a call, where each statement is a transaction of its own.

One round trip a statement, prepared once a connection: a session with begin and commit around it
costs three, and several times the time in Python. The role is the platform's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeAlias

import psycopg
from psycopg import AsyncConnection
from sqlalchemy.engine import URL

from hotline.kit.errors import UnavailableError

Row: TypeAlias = tuple[Any, ...]
Connection: TypeAlias = AsyncConnection[Row]
Parameters: TypeAlias = Sequence[object] | Mapping[str, object]


class DatabaseAway(UnavailableError):
    """The database does not answer; try again later."""

    error_id = "database-away"
    title = "The database is not reachable now"


class DirectPool:
    """Up to ``size`` connections, opened when needed and kept."""

    def __init__(
        self, url: URL, *, size: int = 4, timeout: float = 2.0, durable: bool = True
    ) -> None:
        """``url`` is :attr:`hotline.db.database.Database.platform_url`.

        A statement that takes longer than ``timeout`` seconds, waiting for a connection included,
        raises :class:`DatabaseAway`. Without ``durable`` a commit does not wait for the disk: a
        crash of the server may then lose the last fraction of a second.
        """
        connect: dict[str, Any] = {**url.translate_connect_args(username="user"), **url.query}
        connect["dbname"] = connect.pop("database")
        self._connect = connect
        self._commit = "on" if durable else "off"
        self._timeout = timeout
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

    async def rows(self, statement: LiteralString, parameters: Parameters = ()) -> list[Row]:
        """Run ``statement`` in a transaction of its own. Raises DatabaseAway."""
        async with self._connection() as connection:
            cursor = await connection.execute(statement, parameters, prepare=True)
            return await cursor.fetchall()

    async def row(self, statement: LiteralString, parameters: Parameters = ()) -> Row | None:
        """The first row, or None. Raises DatabaseAway."""
        rows = await self.rows(statement, parameters)
        return rows[0] if rows else None

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection: Connection | None = None
        healthy = False
        try:
            async with asyncio.timeout(self._timeout), self._slots:
                connection = self._idle.pop() if self._idle else await self._open()
                yield connection
                healthy = True
        except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
            # Whatever broke one has most likely broken those lying idle.
            await self.close()
            raise DatabaseAway(str(error)) from error
        except psycopg.Error:
            healthy = connection is not None and not connection.broken
            raise
        finally:
            if connection is not None:
                if healthy:
                    self._idle.append(connection)
                else:
                    await connection.close()

    async def _open(self) -> Connection:
        return await AsyncConnection.connect(
            **self._connect,
            autocommit=True,
            # Few statements, all by key: planning each anew would cost more than running it.
            options=f"-c synchronous_commit={self._commit} -c plan_cache_mode=force_generic_plan"
            " -c jit=off",
        )
