"""Events of all calls, written together: many calls share one statement and one commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

import orjson
import psycopg
import structlog

from hotline.calls.batch import Part, batch_of, by_call, document, parts_of
from hotline.calls.call_log import CallLog, Entry
from hotline.calls.events import Event
from hotline.db.direct import DatabaseAway
from hotline.kit.clock import Clock

log = structlog.get_logger(__name__)

_MOST_AT_ONCE = 500


class BatchWriter(Protocol):
    async def write_batch(self, batch: bytes) -> None:
        """Write one batch in one transaction. Raises DatabaseAway, psycopg.Error."""


@dataclass(frozen=True, slots=True)
class LedgerLimits:
    linger: float = 0.5
    """Seconds for which events gather before they are written together; ten calls' events written
    at once cost a fifth of what they cost one by one. Whoever watches sees them within a second."""
    most_pending: int = 200_000
    """Events kept in memory while the database is away; beyond it the ledger is full."""
    longest_pause: float = 2.0
    """Seconds between two tries while the database is away."""


class Ledger:
    """Takes events at once, writes them soon, keeps them and their order until written."""

    def __init__(
        self,
        writer: BatchWriter,
        clock: Clock,
        *,
        rejected: Path,
        limits: LedgerLimits | None = None,
    ) -> None:
        """``rejected`` is a file for what the database refuses to take, one batch a line."""
        self._writer = writer
        self._clock = clock
        self._rejected = rejected
        self._limits = limits or LedgerLimits()
        self._pending: deque[Entry] = deque()
        self._something = asyncio.Event()
        self._nothing = asyncio.Event()
        self._nothing.set()

    def open(self, call_id: UUID, known: Iterable[Event] = ()) -> CallLog:
        """A log for a call; ``known`` are its events that are stored already."""
        return CallLog(call_id, self.take, known)

    def take(self, entry: Entry) -> None:
        self._pending.append(entry)
        self._something.set()
        self._nothing.clear()

    @property
    def full(self) -> bool:
        """True when no more calls should be taken until the database is back."""
        return len(self._pending) >= self._limits.most_pending

    @property
    def pending(self) -> int:
        """Events not written yet."""
        return len(self._pending)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._something.wait()
            await self._clock.sleep(self._limits.linger)
            await self._write_all()

    async def written(self) -> None:
        """Wait until everything taken so far is in the database."""
        await self._nothing.wait()

    async def stop(self, grace: float) -> None:
        """After :meth:`run` was cancelled: write what is left, for at most ``grace`` real seconds.

        What could not be written goes to the file of rejected batches.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._write_all()
        if self._pending:
            left = list(self._pending)
            self._pending.clear()
            await asyncio.to_thread(self._set_aside, [batch_of(left)])

    async def _write_all(self) -> None:
        pause = 0.1
        while self._pending:
            entries = [
                self._pending[index] for index in range(min(len(self._pending), _MOST_AT_ONCE))
            ]
            try:
                await self._write(entries)
            except DatabaseAway as away:
                log.warning("ledger_waits", pending=len(self._pending), error=away.detail)
                await self._clock.sleep(pause)
                pause = min(pause * 2, self._limits.longest_pause)
                continue
            pause = 0.1
            for _ in entries:
                self._pending.popleft()
        self._something.clear()
        self._nothing.set()

    async def _write(self, entries: Sequence[Entry]) -> None:
        parts: list[Part] = []
        for part in parts_of(entries):
            parts.append(part)
            # On a busy machine the system lets us run in turn with all calls' sound, so that a
            # hundredth of a second of work takes a tenth. New calls do not wait for all of it.
            await asyncio.sleep(0)
        try:
            await self._writer.write_batch(document(parts))
        except psycopg.Error as error:
            # Something in it is refused: the other calls must not suffer for it.
            log.error("ledger_batch_refused", error=str(error))
            for lot in by_call(entries):
                await self._write_alone(lot)

    async def _write_alone(self, entries: Sequence[Entry]) -> None:
        batch = batch_of(entries)
        try:
            await self._writer.write_batch(batch)
        except psycopg.Error as error:
            log.error("ledger_call_refused", call=str(entries[0].log.call_id), error=str(error))
            await asyncio.to_thread(self._set_aside, [batch])

    def _set_aside(self, batches: Sequence[bytes]) -> None:
        with self._rejected.open("ab") as file:
            for batch in batches:
                file.write(batch + b"\n")

    async def read_back(self) -> None:
        """Write what an earlier run had to set aside; what is refused again stays aside."""
        if not self._rejected.exists():
            return
        lines = await asyncio.to_thread(self._take_aside)
        for line in lines:
            try:
                orjson.loads(line)
                await self._writer.write_batch(line)
            except (psycopg.Error, DatabaseAway, orjson.JSONDecodeError) as error:
                log.error("ledger_still_refused", error=str(error))
                await asyncio.to_thread(self._set_aside, [line])

    def _take_aside(self) -> list[bytes]:
        lines = [line for line in self._rejected.read_bytes().split(b"\n") if line]
        self._rejected.unlink()
        return lines
