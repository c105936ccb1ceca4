"""A real switch of this test run's own, on a loopback address of its own."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration
from hotline.telephony.asterisk.installation import Installation, find_installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier
from hotline.telephony.world.carrier import World, world_configuration, world_process

STAND_IN_DIALPLAN = """\
[from-carrier]
exten => _[+0-9A-Za-z].,1,Stasis(hotline)
 same => n,Hangup()
"""


@dataclass(frozen=True, slots=True)
class LoopbackPair:
    """Two loopback hosts that nobody else uses, so that usual ports are free on both."""

    switch: str
    carrier: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.switch)


def free_loopback_pair() -> LoopbackPair:
    chooser = random.SystemRandom()
    while True:
        net = f"127.{chooser.randint(1, 254)}.{chooser.randint(1, 254)}"
        if all(_is_free(f"{net}.{last}", port) for last in (1, 2) for port in (5060, 8088)):
            return LoopbackPair(f"{net}.1", f"{net}.2")


def _is_free(host: str, port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


@pytest.fixture(scope="session")
def installation() -> Installation:
    tools = Path(os.environ.get("HOTLINE_TOOLS", Path.home() / ".cache/hotline"))
    return find_installation(tools)


@pytest.fixture(scope="session")
def switch_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hl-sw-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def hosts() -> LoopbackPair:
    return free_loopback_pair()


@pytest.fixture(scope="session")
def switch_configuration(switch_folder: Path, hosts: LoopbackPair) -> SwitchConfiguration:
    return SwitchConfiguration(
        node="test",
        home=switch_folder / "switch",
        sip=Address(hosts.switch, 5060),
        ari=Address(hosts.switch, 8088),
        sounds=switch_folder / "sounds",
        spool=switch_folder / "spool",
        carriers=[Carrier(name="world", host=hosts.carrier)],
    )


@pytest.fixture(scope="session")
def carrier_configuration(switch_folder: Path, hosts: LoopbackPair) -> SwitchConfiguration:
    return world_configuration(
        switch_folder / "world",
        sip=Address(hosts.carrier, 5060),
        ari=Address(hosts.carrier, 8088),
        hotline=Address(hosts.switch, 5060),
    )


@pytest.fixture(scope="session")
def carrier_process(
    carrier_configuration: SwitchConfiguration, installation: Installation
) -> Iterator[SwitchProcess]:
    process = world_process(carrier_configuration, installation)
    with running(process):
        yield process


@pytest.fixture
async def world(
    carrier_process: SwitchProcess, switch_process: SwitchProcess
) -> AsyncIterator[World]:
    """The outside world of ``switch_process``, without a call or a phone in it."""
    async with World(carrier_process.configuration) as world:
        yield world


@pytest.fixture(scope="session")
def switch_process(
    switch_configuration: SwitchConfiguration, installation: Installation
) -> Iterator[SwitchProcess]:
    """Hotline's switch, shared by the tests of a run: leave nothing in it."""
    process = SwitchProcess(
        switch_configuration, installation, STAND_IN_DIALPLAN, dies_with_us=True
    )
    with running(process):
        yield process


@contextmanager
def running(process: SwitchProcess) -> Iterator[None]:
    """Run it apart from any test's event loop; nobody restarts it."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(process.start())
        loop.run_until_complete(process.release())
        yield
        loop.run_until_complete(process.stop())
    finally:
        loop.close()
