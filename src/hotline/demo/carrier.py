"""The demo carrier beside a running Hotline: a second switch that plays everybody outside."""

from __future__ import annotations

import random
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from hotline.auditing import system_audit
from hotline.carriers.models import carrier_health, carriers
from hotline.carriers.service import Carriers
from hotline.db.database import Database
from hotline.kit.clock import Clock
from hotline.kit.errors import NotFoundError, UnavailableError
from hotline.settings import Settings
from hotline.telephony.asterisk.configuration import Address
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.world.carrier import World, world_configuration, world_process

_TITLE: Final = "演示线路"
_REACHABLE_WITHIN: Final = 30.0
_POLL: Final = 0.1
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what it is reached by


class DemoCarrierError(UnavailableError):
    error_id = "demo-carrier"
    title = "The demo carrier does not get through to the switch"
    title_zh = "演示线路无法连接交换机"


@asynccontextmanager
async def demo_carrier(
    settings: Settings,
    database: Database,
    installation: Installation,
    clock: Clock,
    *,
    name: str = "demo",
) -> AsyncIterator[World]:
    """A carrier known to the running Hotline as ``name``; gone again after the block.

    Raises DemoCarrierError when the switch does not find it within half a minute.
    """
    host = free_loopback_host((5060, 8088))
    folder = Path(tempfile.mkdtemp(prefix="hl-world-"))
    ours = Address(_ANY.get(settings.sip.host, settings.sip.host), settings.sip.port)
    configuration = world_configuration(
        folder, sip=Address(host, 5060), ari=Address(host, 8088), hotline=ours
    )
    configuration = replace(configuration, rtp=(30000, 30999))
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        process = world_process(configuration, installation, clock=clock)
        stack.push_async_callback(process.stop)
        await process.start()
        stack.push_async_callback(_forget, database, name)
        await _make_known(database, name, host)
        world = await stack.enter_async_context(World(configuration, trunk=name, clock=clock))
        await _until_reachable(database, settings.node, name, clock)
        yield world


async def only_demo_carriers(database: Database) -> bool:
    """Whether a call to a destination would stay on this machine."""
    async with database.platform() as session:
        rows = await Carriers(session, system_audit(session)).all()
    return all(row["title"] == _TITLE or not row["enabled"] for row in rows)


def free_loopback_host(ports: tuple[int, ...]) -> str:
    """A loopback address on which nobody uses these ports, UDP or TCP."""
    chooser = random.SystemRandom()
    while True:
        host = f"127.{chooser.randint(1, 254)}.{chooser.randint(1, 254)}.{chooser.randint(2, 254)}"
        if all(_is_free(host, port) for port in ports):
            return host


def _is_free(host: str, port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


async def _make_known(database: Database, name: str, host: str) -> None:
    await _forget(database, name)
    async with database.platform() as session:
        values: Mapping[str, Any] = {"name": name, "title": _TITLE, "host": host}
        await Carriers(session, system_audit(session)).add(values)


async def _forget(database: Database, name: str) -> None:
    async with database.platform() as session:
        service = Carriers(session, system_audit(session))
        with suppress(NotFoundError):
            await service.remove((await service.by_name(name))["id"])


async def _until_reachable(database: Database, node: str, name: str, clock: Clock) -> None:
    found = (
        select(carrier_health.c.reachable)
        .join(carriers, carriers.c.id == carrier_health.c.carrier_id)
        .where(carriers.c.name == name, carrier_health.c.node == node)
    )
    deadline = clock.monotonic() + _REACHABLE_WITHIN
    while clock.monotonic() < deadline:
        async with database.platform() as session:
            if (await session.execute(found)).scalar():
                return
        await clock.sleep(_POLL)
    raise DemoCarrierError("see the switch's log in the state folder, and `hotline doctor`")
