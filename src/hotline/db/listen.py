"""LISTEN on one connection, made anew when it is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.engine import URL

from hotline.kit.clock import Clock

_log = structlog.get_logger(__name__)
_RETRY_SECONDS: Final = 2.0
_CONNECT_SECONDS: Final = 5


async def notifications(
    url: URL, channel: str, clock: Clock, *, at_least_every: float
) -> AsyncIterator[str | None]:
    """Yield each payload; None first, after every new connection and every ``at_least_every``
    seconds without one: something may have been missed, look for yourself.
    """
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                url.set(drivername="postgresql").render_as_string(hide_password=False),
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
            )
            async with connection:
                await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                yield None
                while True:
                    heard = False
                    notifies = connection.notifies(timeout=at_least_every, stop_after=1)
                    async for notify in notifies:
                        heard = True
                        yield notify.payload
                    if not heard:
                        await connection.execute("select 1")  # notices a dead connection
                        yield None
        except psycopg.OperationalError as error:
            _log.warning("listen.lost", channel=channel, error=str(error).strip())
            await clock.sleep(_RETRY_SECONDS)
