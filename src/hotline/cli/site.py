"""Commands that work on the site's own database, beside whatever runs on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from hotline.cli.output import load_settings
from hotline.wiring import home_of, open_database, reachable_database_url


@asynccontextmanager
async def platform_session() -> AsyncIterator[AsyncSession]:
    """One transaction of the platform. Raises NotRunningError."""
    settings = load_settings()
    home = home_of(settings)
    database = open_database(reachable_database_url(settings, home), home)
    try:
        async with database.platform() as session:
            yield session
    finally:
        await database.close()
