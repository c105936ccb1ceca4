"""A whole Hotline, its outside world, and a company whose agents work in a browser."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.world.carrier import World, world_process
from hotline.telephony.world.listen import tone
from tests.faults.site import Site
from tests.switch.conftest import free_loopback_pair, installation, running
from tests.webrtc.desk import Desks, open_desks
from tests.webrtc.office import Office

__all__ = ["installation"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.switch)


@pytest.fixture(scope="session")
def site(installation: Installation) -> Iterator[Site]:
    """`hotline serve` with all its parts, and the outside world around it."""
    with tempfile.TemporaryDirectory(prefix="hl-w-", ignore_cleanup_errors=True) as folder:
        site = Site(Path(folder), free_loopback_pair())
        try:
            with running(world_process(site.outside, installation)):
                site.start()
                yield site
                site.clear()
        finally:
            site.clear()


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a caller says, for long enough to be measured."""
    return tone(tmp_path_factory.mktemp("speech") / "speech.alaw", [480, 1250], 20.0)


@pytest.fixture
async def world(site: Site) -> AsyncIterator[World]:
    async with World(site.outside) as world:
        yield world


@pytest.fixture
async def desks(site: Site) -> AsyncIterator[Desks]:
    async with open_desks(site.origin) as desks:
        yield desks


@pytest.fixture
async def office(site: Site) -> AsyncIterator[Office]:
    """A company of its own."""
    async with httpx.AsyncClient(base_url=f"{site.origin}/api/v1", timeout=10) as api:
        yield await Office.found(site, api)
