"""An enterprise with queues."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hotline.db.database import Database
from tests.agents.people import People
from tests.queues.floors import Site


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    site = Site(database, await People.found(database))
    yield site
    await site.close()
