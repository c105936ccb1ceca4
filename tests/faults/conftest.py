"""Two Hotlines: one that runs everything itself, one whose connections lead through a test."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.world.carrier import World, world_process
from hotline.telephony.world.listen import tone
from tests.faults.site import Site
from tests.switch.conftest import free_loopback_pair, installation, running

__all__ = ["installation"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.switch)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hl-f-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def voice(folder: Path) -> Path:
    """What a called phone says."""
    return tone(folder / "voice.alaw", [1000, 300], 1.0)


@pytest.fixture(scope="session")
def reply(folder: Path) -> Path:
    """What a caller says."""
    return tone(folder / "reply.alaw", [480, 1250], 1.0)


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Site]:
    """`hotline serve` with all its parts, and the outside world around it: for the faults of one
    kind, so that what one of them leaves behind is no part of another."""
    with tempfile.TemporaryDirectory(prefix="hl-f-", ignore_cleanup_errors=True) as name:
        site = Site(Path(name) / "one", free_loopback_pair())
        try:
            with running(world_process(site.outside, installation)):
                site.start()
                yield site
                site.clear()
        finally:
            site.clear()


@pytest.fixture
async def world(site: Site) -> AsyncIterator[World]:
    site.began = datetime.now(UTC)
    async with World(site.outside) as world:
        yield world
