"""A company in the real database, a fake switch on a virtual clock, and the real call path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import URL

from hotline.calls.commands import CommandDesk
from hotline.calls.ledger import Ledger, LedgerLimits
from hotline.calls.parts import Parts
from hotline.calls.repository import CallRepository
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeSwitch
from hotline.wiring import talk_parts
from tests.calls.company import Company, Node, SoundFolder
from tests.calls.staff import Agent, Staff


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def company(database: Database) -> Company:
    return await Company.found(database)


class QuietDesk(CommandDesk):
    """Obeys those who ask it in person. A connection that listens would hold up virtual time."""

    async def run(self) -> None:
        await asyncio.get_running_loop().create_future()


class Nodes:
    """Builds switch nodes that share the database."""

    def __init__(self, url: URL, clock: VirtualClock, folder: Path) -> None:
        self._url = url
        self._clock = clock
        self._folder = folder
        self._pools: list[DirectPool] = []

    def pool(self, url: URL, **options: object) -> DirectPool:
        pool = DirectPool(url, **options)  # type: ignore[arg-type]
        self._pools.append(pool)
        return pool

    def parts(self, url: URL | None = None, node: str = "node1") -> Parts:
        """For a switch of its own; a ``Node`` puts its switch there."""
        quick = self.pool(url or self._url, durable=False)
        repository = CallRepository(quick, self.pool(url or self._url))
        spool = self._folder / node
        spool.mkdir(exist_ok=True)
        ledger = Ledger(
            repository,
            self._clock,
            rejected=spool / "rejected.jsonl",
            limits=LedgerLimits(linger=0.05),
        )
        sounds = SoundFolder(self._folder)
        switch = FakeSwitch(self._clock, node=node)
        talks = talk_parts(switch, quick, url or self._url, self._clock)
        talks.desk = QuietDesk(quick, url or self._url, self._clock, node)
        return Parts(
            repository=repository,
            ledger=ledger,
            sounds=sounds,
            system_sounds=sounds,
            clock=self._clock,
            spool=spool,
            random=Random(4),
            talks=talks,
        )

    def node(self, name: str = "node1", url: URL | None = None) -> Node:
        return Node(FakeSwitch(self._clock, node=name), self.parts(url, name))

    async def close(self) -> None:
        for pool in self._pools:
            await pool.close()


@pytest.fixture
async def nodes(database: Database, clock: VirtualClock, tmp_path: Path) -> AsyncIterator[Nodes]:
    nodes = Nodes(database.platform_url, clock, tmp_path)
    yield nodes
    await nodes.close()


@pytest.fixture
async def node(nodes: Nodes, clock: VirtualClock) -> AsyncIterator[Node]:
    """One node that serves, while time flows."""
    node = nodes.node()
    async with clock.flowing(), node.serving():
        yield node


@pytest.fixture
def staff(nodes: Nodes, company: Company) -> Staff:
    """Agents of a node of their own, whose time flows while a test serves calls on it."""
    node = nodes.node()
    node.company = company
    return Staff(company, node)


@pytest.fixture
async def agent(staff: Staff) -> Agent:
    return await staff.agent("1001")
