"""Each process of the site says every few seconds that it lives, and how it is."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from hotline import __version__
from hotline.db.database import Database
from hotline.kit.clock import Clock
from hotline.nodes.models import nodes
from hotline.nodes.rules import EVERY, SiteRole
from hotline.telephony.port import SwitchDown
from hotline.telephony.values import SwitchAbout

_log = structlog.get_logger(__name__)
_FORGOTTEN_AFTER: Final = timedelta(days=1)
_GOODBYE_SECONDS: Final = 2.0


class CommandedSwitch(Protocol):
    """The switch of this process, if it has one."""

    @property
    def connected(self) -> bool: ...

    async def about(self) -> SwitchAbout:
        """Raises SwitchDown."""


class NodeKeeper:
    """Keeps the row of one process; a stop in order removes it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        node: str,
        roles: Sequence[SiteRole],
        folder: Path,
        switch: CommandedSwitch | None = None,
    ) -> None:
        """``folder`` is on the disk whose space is told."""
        self._database = database
        self._clock = clock
        self._key = {"node": node, "host": socket.gethostname(), "roles": list(roles)}
        self._folder = folder
        self._started_at = clock.now()
        self._switch = switch
        self._about: SwitchAbout | None = None

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                try:
                    await self.say()
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("node.not_said", error=str(error))
                await self._clock.sleep(EVERY)
        finally:
            # The database may be on its way out as well.
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await self._leave()

    async def say(self) -> None:
        """Once. Raises SQLAlchemyError, OSError."""
        row = {**self._key, **self._state(), **await self._switch_state()}
        said = insert(nodes).values(**row, seen_at=func.now())
        changes = {name: said.excluded[name] for name in (*row, "seen_at")}
        forgotten = nodes.c.seen_at < func.now() - _FORGOTTEN_AFTER
        async with self._database.platform() as session:
            await session.execute(
                said.on_conflict_do_update(index_elements=list(self._key), set_=changes)
            )
            await session.execute(delete(nodes).where(forgotten))

    def _state(self) -> dict[str, Any]:
        disk = shutil.disk_usage(self._folder)
        return {
            "version": __version__,
            "started_at": self._started_at,
            "load_1m": os.getloadavg()[0],
            "processors": os.cpu_count() or 1,
            "disk_free": disk.free,
            "disk_total": disk.total,
        }

    async def _switch_state(self) -> dict[str, Any]:
        switch = self._switch
        if switch is None:
            return {}
        if not switch.connected:
            self._about = None  # it may come back as another
        elif self._about is None:
            with suppress(SwitchDown):
                self._about = await switch.about()
        return {
            "switch_connected": switch.connected,
            "switch_version": self._about and self._about.version,
            "switch_started_at": self._about and self._about.started_at,
        }

    async def _leave(self) -> None:
        async with self._database.platform() as session:
            mine = [nodes.c[name] == value for name, value in self._key.items()]
            await session.execute(delete(nodes).where(*mine))
