from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from hotline.agents.presence import AgentPresence
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.virtual_clock import VirtualClock
from tests.agents.people import People


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def people(database: Database) -> People:
    return await People.found(database)


@pytest.fixture
async def node(
    database: Database, clock: VirtualClock
) -> AsyncIterator[Callable[[], AgentPresence]]:
    """Presence as one node sees it, on connections of its own."""
    pools: list[DirectPool] = []

    def make() -> AgentPresence:
        pools.append(DirectPool(database.platform_url, durable=False))
        return AgentPresence(pools[-1], clock)

    yield make
    for pool in pools:
        await pool.close()


@pytest.fixture
def presence(node: Callable[[], AgentPresence]) -> AgentPresence:
    return node()
