"""A few connections for the path of a call, where each statement is a transaction of its own.

One round trip a statement, prepared once a connection: a session with begin and commit around it
costs three, and several times the time in Python. The role is the platform's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
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


_LOOK_AGAIN = 0.5
"""Seconds between two looks whether a database that hung answers again."""


class DirectPool:
    """Up to ``size`` connections, opened when needed and kept.

    A database that hangs costs the time-out once: until it answers again every statement is
    refused at once, so that no call waits for it a second time.
    """

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
        self.url = url
        self._connect = connect
        self._commit = "on" if durable else "off"
        self._timeout = timeout
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Wire] = []
        self._hangs: asyncio.Task[None] | None = None
        """Looks whether it answers again, while it does not."""

    async def rows(self, statement: LiteralString, parameters: Parameters = ()) -> list[Row]:
        """Run ``statement`` in a transaction of its own. Raises DatabaseAway."""
        if self._hangs is not None:
            raise DatabaseAway("it hangs")
        wire: Wire | None = None
        healthy = False
        try:
            async with asyncio.timeout(self._timeout), self._slots:
                wire = self._pop() or await self._open()
                rows = await wire.rows(statement, parameters)
                healthy = True
                return rows
        except TimeoutError as error:
            self._watch()
            raise DatabaseAway("it hangs") from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            # Whatever broke one has most likely broken those lying idle.
            self._close_idle()
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

    async def __aenter__(self) -> DirectPool:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close what lies idle; harmless at any time."""
        if self._hangs is not None:
            self._hangs.cancel()
        self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _watch(self) -> None:
        if self._hangs is None:
            self._close_idle()
            self._hangs = asyncio.get_running_loop().create_task(self._until_it_answers())

    async def _until_it_answers(self) -> None:
        try:
            while True:
                with suppress(psycopg.OperationalError, TimeoutError):
                    async with asyncio.timeout(self._timeout):
                        (await self._open()).close()
                    return
                await asyncio.sleep(_LOOK_AGAIN)
        finally:
            self._hangs = None

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
