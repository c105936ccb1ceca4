"""What callers will be told in words that depend on settings, spoken before anybody calls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final, LiteralString, Protocol
from uuid import UUID

import structlog

from hotline.calls.comfort import key_words, progress_words
from hotline.calls.queue_ring import whisper_words
from hotline.calls.steps.by_name import CHOICES
from hotline.db.direct import DatabaseAway, DirectPool, Row
from hotline.flows.spoken import PIECES
from hotline.kit.clock import Clock
from hotline.queues.settings import QueueSettings
from hotline.queues.store import Place

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 60.0
"""Seconds after which what is new is asked for."""
FIRST: Final = 10
"""Places in line, and minutes, that are spoken ahead; greater ones when somebody needs them."""
_AT_ONCE: Final = 50
_NAMES: Final[LiteralString] = """
select distinct a.name from agents a where a.enabled and exists (
  select from flows f join flow_versions v on v.flow_id = f.id and v.version = f.published_version
  where f.enterprise_id = a.enterprise_id and v.graph @> '{"nodes": [{"by": "name"}]}')
order by a.name
"""
_SAYS_VALUES: Final[LiteralString] = """
select exists (
    select from flows f join flow_versions v on v.flow_id = f.id and v.version = f.published_version
    where v.graph @> '{"nodes": [{"kind": "announce"}]}'
      or v.graph @> '{"nodes": [{"by": "name"}]}')
  or exists (select from queues q where q.key_callback is not null)
"""
_QUEUES: Final[LiteralString] = """
select distinct q.name, q.whisper, q.announce_every > 0, q.announce_position, q.announce_wait,
  q.key_voicemail, q.key_callback, q.key_leave
from queues q order by q.name
"""
_NOBODY: Final = UUID(int=0)


class Phrases(Protocol):
    def phrase(self, text: str) -> Path | None:
        """The sound of a short text, or None while it is not made; asking makes it."""


class SpokenAhead:
    """Asks for the sounds of all enterprises, so that no caller has to do without one for long."""

    def __init__(self, pool: DirectPool, phrases: Phrases, clock: Clock) -> None:
        self._pool = pool
        self._phrases = phrases
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.prepare()
            except DatabaseAway as away:
                log.warning("words_wait_for_database", error=away.detail)
            await self._clock.sleep(LOOK_EVERY)

    async def prepare(self) -> None:
        """Ask for all of it. Raises DatabaseAway."""
        for place, text in enumerate(dict.fromkeys(await self._texts())):
            self._phrases.phrase(text)
            if place % _AT_ONCE == 0:  # each may look at the disk, and calls go on meanwhile
                await asyncio.sleep(0)

    async def _texts(self) -> list[str]:
        """The most needed first."""
        says_values = await self._pool.row(_SAYS_VALUES)
        queues = [_queue(row) for row in await self._pool.rows(_QUEUES)]
        names = [row[0] for row in await self._pool.rows(_NAMES)]
        return [
            *(text for queue, announces in queues if announces for text in key_words(queue)),
            *(PIECES if says_values is not None and says_values[0] else ()),
            *(text for queue, announces in queues if announces for text in _progress(queue)),
            *(text for queue, _ in queues if queue.whisper for text in _whispers(queue)),
            *(CHOICES if names else ()),
            *names,
        ]


def _queue(row: Row) -> tuple[QueueSettings, bool]:
    """What of a queue's settings is spoken, and whether its callers are told anything."""
    name, whisper, announces, position, wait, voicemail, callback, leave = row
    settings = QueueSettings(
        id=_NOBODY,
        enterprise_id=_NOBODY,
        name=name,
        whisper=whisper,
        announce_position=position,
        announce_wait=wait,
        key_voicemail=voicemail,
        key_callback=callback,
        key_leave=leave,
    )
    return settings, announces


def _progress(queue: QueueSettings) -> Iterator[str]:
    for number in range(1, FIRST + 1):
        yield from progress_words(queue, Place(number, number * 60.0))


def _whispers(queue: QueueSettings) -> Iterator[str]:
    yield whisper_words(queue, callback=False)
    if queue.key_callback is not None:
        yield whisper_words(queue, callback=True)
