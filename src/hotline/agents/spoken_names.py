"""The names of agents whom callers may ask for by name, spoken before anybody calls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, LiteralString, Protocol

import structlog

from hotline.db.direct import DatabaseAway, DirectPool
from hotline.kit.clock import Clock

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 60.0
"""Seconds after which a new agent's name is asked for."""
_AT_ONCE: Final = 50
_NAMES: Final[LiteralString] = """
select distinct a.name from agents a where a.enabled and exists (
  select from flows f join flow_versions v on v.flow_id = f.id and v.version = f.published_version
  where f.enterprise_id = a.enterprise_id and v.graph @> '{"nodes": [{"by": "name"}]}')
order by a.name
"""


class Phrases(Protocol):
    def phrase(self, text: str) -> Path | None:
        """The sound of a short text, or None while it is not made; asking makes it."""


class SpokenNames:
    """Asks for the sounds of names, so that no caller has to do without one for long."""

    def __init__(
        self, pool: DirectPool, phrases: Phrases, clock: Clock, besides: Sequence[str] = ()
    ) -> None:
        """``besides``: what else is said together with names."""
        self._pool = pool
        self._phrases = phrases
        self._clock = clock
        self._besides = besides

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.prepare()
            except DatabaseAway as away:
                log.warning("names_wait_for_database", error=away.detail)
            await self._clock.sleep(LOOK_EVERY)

    async def prepare(self) -> int:
        """Ask for all of them; how many names there are. Raises DatabaseAway."""
        names = [row[0] for row in await self._pool.rows(_NAMES)]
        for place, text in enumerate([*self._besides, *names] if names else ()):
            self._phrases.phrase(text)
            if place % _AT_ONCE == 0:  # each may look at the disk, and calls go on meanwhile
                await asyncio.sleep(0)
        return len(names)
