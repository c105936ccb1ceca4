"""LISTEN on one connection, made anew when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.engine import URL

from hotline.db.wire import Wire
from hotline.kit.clock import Clock

_log = structlog.get_logger(__name__)
_RETRY_SECONDS: Final = 2.0
_CONNECT_SECONDS: Final = 5
_SIGN_OF_LIFE_SECONDS: Final = 20.0


class Listener:
    """A connection that listens; nothing runs until something is notified."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[str | psycopg.Error] = asyncio.Queue()
        self._wire: Wire | None = None

    def attach(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> Wire:
        """Hear what ``connection`` is told from now on."""
        put = self._heard.put_nowait
        self._wire = Wire(connection, on_notify=put, on_broken=put)
        return self._wire

    async def next(self, within: float) -> str | None:
        """The next payload; None after ``within`` seconds without one, the connection being alive.

        Raises psycopg.OperationalError, also TimeoutError for a server that gives no sign of life.
        """
        try:
            async with asyncio.timeout(within):
                heard = await self._heard.get()
        except TimeoutError:
            assert self._wire is not None  # noqa: S101  attached by listening
            async with asyncio.timeout(_SIGN_OF_LIFE_SECONDS):
                await self._wire.rows("select 1")
            return None
        if isinstance(heard, psycopg.Error):
            raise psycopg.OperationalError(str(heard)) from heard
        return heard


@asynccontextmanager
async def listening(url: URL, *channels: str) -> AsyncIterator[Listener]:
    """Listen on ``channels`` inside the block. Raises psycopg.OperationalError."""
    connection = await psycopg.AsyncConnection.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
    )
    listener = Listener()
    wire = listener.attach(connection)
    try:
        for channel in channels:
            await wire.rows(sql.SQL("listen {}").format(sql.Identifier(channel)).as_string(None))
        yield listener
    finally:
        wire.close()


async def notifications(
    url: URL, channel: str, clock: Clock, *, at_least_every: float
) -> AsyncIterator[str | None]:
    """Yield each payload; None first, after every new connection and every ``at_least_every``
    seconds without one: something may have been missed, look for yourself.
    """
    while True:
        try:
            async with listening(url, channel) as listener:
                yield None
                while True:
                    yield await listener.next(at_least_every)
        except (psycopg.OperationalError, TimeoutError) as error:
            _log.warning("listen.lost", channel=channel, error=str(error).strip())
            await clock.sleep(_RETRY_SECONDS)
