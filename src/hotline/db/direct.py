"""A few connections for the path of a call, where each statement is a transaction of its own.

One round trip a statement, prepared once a connection: a session with begin and commit around it
costs three, and several times the time in Python. The role is the platform's.
"""

from __future__ import annotations

import asyncio
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection
from sqlalchemy.engine import URL

from hotline.db.wire import Parameters, Row, Wire
from hotline.kit.errors import UnavailableError

__all__ = ["DatabaseAway", "DirectPool", "Parameters", "Row"]


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
        self._idle: list[Wire] = []

    async def rows(self, statement: LiteralString, parameters: Parameters = ()) -> list[Row]:
        """Run ``statement`` in a transaction of its own. Raises DatabaseAway."""
        wire: Wire | None = None
        healthy = False
        try:
            async with asyncio.timeout(self._timeout), self._slots:
                wire = self._pop() or await self._open()
                rows = await wire.rows(statement, parameters)
                healthy = True
                return rows
        except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
            # Whatever broke one has most likely broken those lying idle.
            await self.close()
            raise DatabaseAway(str(error)) from error
        except psycopg.Error:
            healthy = wire is not None and not wire.broken
            raise
        finally:
            if wire is not None:
                if healthy:
                    self._idle.append(wire)
                else:
                    wire.close()

    async def row(self, statement: LiteralString, parameters: Parameters = ()) -> Row | None:
        """The first row, or None. Raises DatabaseAway."""
        rows = await self.rows(statement, parameters)
        return rows[0] if rows else None

    async def close(self) -> None:
        """Close what lies idle; harmless at any time."""
        while self._idle:
            self._idle.pop().close()

    def _pop(self) -> Wire | None:
        while self._idle:
            wire = self._idle.pop()
            if not wire.broken:
                return wire
            wire.close()
        return None

    async def _open(self) -> Wire:
        connection = await AsyncConnection.connect(
            **self._connect,
            autocommit=True,
            # Few statements, all by key: planning each anew would cost more than running it.
            options=f"-c synchronous_commit={self._commit} -c plan_cache_mode=force_generic_plan"
            " -c jit=off",
        )
        return Wire(connection)
