"""Take finished recordings from this node's spool into the storage.

The path of a call only writes a row; everything slow happens here, in batches. Each step can be
done twice: the key is kept in the row before the file is put under it, and the spool's file goes
last. A notification from the database says that there is something to do; one that is lost costs
some seconds, because every now and then it looks by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import bindparam, case, select, update
from sqlalchemy.exc import DBAPIError

from hotline.db.database import Database
from hotline.db.listen import notifications
from hotline.kit.clock import Clock
from hotline.kit.ids import unguessable_name
from hotline.recordings.encoding import AudioFormat, Encoded, be_nice, encode, join_halves
from hotline.recordings.models import recordings
from hotline.recordings.sealing import SEALED
from hotline.recordings.storage import RecordingStore, StorageAway
from hotline.recordings.wav import RAW, SpoolState, repair, state_of

log = structlog.get_logger(__name__)

_BATCH: Final = 50
_AT_ONCE: Final = 4
_ENCODERS: Final = 2
CHANNEL: Final = "hotline_recordings"
"""write_ledger() notifies the node's name on it when that node has recorded something."""
_UNFINISHED_SECONDS: Final = 2.0
"""Between two looks at what the switch has not finished writing."""
_LOOK_AROUND_SECONDS: Final = 600.0
_GRACE: Final = timedelta(seconds=60)
"""How long the switch may take to finish a file after the call."""
_STRAY_AFTER: Final = timedelta(hours=1)


_SETTLE = (
    update(recordings)
    .where(recordings.c.id == bindparam("of"), recordings.c.status == "pending")
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                *("status", "storage_key", "bytes", "duration_ms", "sha256", "stored_at"),
                *("format", "channels"),
            )
        }
    )
)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What became of one recording; without ``encoded`` there is nothing to keep."""

    recording_id: UUID
    path: Path
    status: str
    storage_key: str | None
    encoded: Encoded | None
    stored_at: datetime | None

    def values(self) -> dict[str, object]:
        """As ``_SETTLE`` wants them."""
        measured = self.encoded.measured if self.encoded else None
        return {
            "of": self.recording_id,
            "new_status": self.status,
            "new_storage_key": self.storage_key,
            "new_bytes": measured.size if measured else None,
            "new_duration_ms": measured.duration_ms if measured else None,
            "new_sha256": measured.sha256 if measured else None,
            "new_stored_at": self.stored_at,
            "new_format": self.encoded.format if self.encoded else "wav",
            "new_channels": self.encoded.channels if self.encoded else 1,
        }


class RecordingIngest:
    """One node's spool."""

    def __init__(
        self,
        database: Database,
        store: RecordingStore,
        spool: Path,
        node: str,
        clock: Clock,
        *,
        audio_format: AudioFormat = "mp3",
        seal: bool = False,
        at_least_every: float = 15.0,
        gather: float = 1.0,
    ) -> None:
        """``audio_format``: what is kept from now on; with ``seal`` encrypted, which needs a store
        that can.

        ``at_least_every``: seconds after which it looks without having been told to.

        ``gather``: seconds to wait once told, so that the recordings of many calls share a batch.
        """
        self._gather = gather
        self._suffix = f".{audio_format}{SEALED if seal else ''}"
        self._format = audio_format
        self._encoders = ThreadPoolExecutor(_ENCODERS, "recordings", initializer=be_nice)
        self._database = database
        self._store = store
        self._spool = spool
        self._node = node
        self._clock = clock
        self._at_least_every = at_least_every
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._told = asyncio.Event()
        self._unfinished = False

    async def run(self) -> None:
        """Work until cancelled; a database or storage that is away is waited for."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            await self._work()

    async def _listen(self) -> None:
        url, every = self._database.platform_url, self._at_least_every
        async for node in notifications(url, CHANNEL, self._clock, at_least_every=every):
            if node in (None, self._node):
                self._told.set()

    async def _work(self) -> None:
        looked_around = float("-inf")
        while True:
            self._told.clear()
            try:
                while await self.batch() == _BATCH:
                    pass
                if self._clock.monotonic() - looked_around > _LOOK_AROUND_SECONDS:
                    looked_around = self._clock.monotonic()
                    await self.look_around()
            except (DBAPIError, StorageAway, OSError) as error:
                log.warning("recordings wait", error=str(error))
            await self._wait()

    async def _wait(self) -> None:
        """Until told that there is something to do, or long enough."""
        soon = min(_UNFINISHED_SECONDS, self._at_least_every)
        with suppress(TimeoutError):
            async with asyncio.timeout(soon if self._unfinished else self._at_least_every):
                await self._told.wait()
        if self._told.is_set():
            await self._clock.sleep(min(self._gather, self._at_least_every))

    async def batch(self) -> int:
        """Settle up to fifty pending recordings, oldest first; how many could be settled."""
        rows = await self._pending()
        turns = (self._keep_in_turn(row) for row in rows)
        outcomes = await asyncio.gather(*turns, return_exceptions=True)
        settled = [outcome for outcome in outcomes if isinstance(outcome, _Settled)]
        await self._write(settled)
        await asyncio.to_thread(_remove, [outcome.path for outcome in settled])
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        self._unfinished = len(settled) < len(rows)
        return len(settled)

    async def look_around(self) -> Sequence[str]:
        """Spool files that no row asks for: their names, which are also logged.

        None is deleted, except those that are safely stored already.
        """
        old = (self._clock.now() - _STRAY_AFTER).timestamp()
        names = await asyncio.to_thread(_old_files, self._spool, old)
        strays = []
        for start in range(0, len(names), 500):
            some = names[start : start + 500]
            status = await self._status_of(some)
            for name in some:
                if status.get(name) == "stored":
                    (self._spool / name).unlink(missing_ok=True)
                elif name not in status:
                    strays.append(name)
        if strays:
            log.warning("recordings of no known call", count=len(strays), first=strays[0])
        return strays

    async def _pending(self) -> Sequence[tuple[Any, str]]:
        """The batch, each with the key it will be kept under, chosen once and for all."""
        async with self._database.platform() as session:
            found = await session.execute(
                select(recordings)
                .where(recordings.c.node == self._node, recordings.c.status == "pending")
                .order_by(recordings.c.created_at, recordings.c.id)
                .limit(_BATCH)
            )
            rows = found.all()
            keys = {row.id: _new_key(row, self._suffix) for row in rows if row.storage_key is None}
            if keys:
                await session.execute(
                    update(recordings)
                    .where(recordings.c.id.in_(keys), recordings.c.storage_key.is_(None))
                    .values(storage_key=case(keys, value=recordings.c.id))
                )
        return [(row, row.storage_key or keys[row.id]) for row in rows]

    async def _keep_in_turn(self, keyed: tuple[Any, str]) -> _Settled | None:
        async with self._slots:
            return await self._keep(*keyed)

    async def _keep(self, row: Any, key: str) -> _Settled | None:
        """Put the file under its key; None while the switch may still write it."""
        path = self._spool / Path(row.spool_name).name
        now = self._clock.now()
        late = now - row.created_at > _GRACE
        state = await asyncio.to_thread(_examine, path, now.timestamp(), late=late)
        if state is SpoolState.COMPLETE:
            encoded = await self._put(path, key)
            return _Settled(row.id, path, "stored", key, encoded, self._clock.now())
        if late:
            log.warning("recording missing", recording=str(row.id), state=state.value)
            return _Settled(row.id, path, "missing", None, None, None)
        return None

    async def _put(self, path: Path, key: str) -> Encoded:
        """Keep the small form of the file under ``key``."""
        draft = path.with_name(f".{path.name}.draft")
        loop = asyncio.get_running_loop()
        try:
            encoded = await loop.run_in_executor(self._encoders, encode, path, self._format, draft)
            await self._store.put(key, encoded.path)
        finally:
            await asyncio.to_thread(draft.unlink, missing_ok=True)
        return encoded

    async def _write(self, settled: Sequence[_Settled]) -> None:
        """All in one round trip."""
        if not settled:
            return
        async with self._database.platform() as session:
            connection = await session.connection()
            await connection.execute(_SETTLE, [outcome.values() for outcome in settled])

    async def _status_of(self, names: Sequence[str]) -> dict[str, str]:
        async with self._database.platform() as session:
            found = await session.execute(
                select(recordings.c.spool_name, recordings.c.status).where(
                    recordings.c.node == self._node, recordings.c.spool_name.in_(names)
                )
            )
            return {row.spool_name: row.status for row in found}


def _new_key(row: Any, suffix: str) -> str:
    """By enterprise and month, for whoever looks after the storage; the name cannot be guessed."""
    return f"{row.enterprise_id}/{row.created_at:%Y/%m}/{unguessable_name()}{suffix}"


def _examine(path: Path, now: float, *, late: bool) -> SpoolState:
    """What is there; what the switch did not finish in time is mended first."""
    state = state_of(path, now=now)
    if state is SpoolState.ABSENT and late and path.suffix == RAW:
        return SpoolState.COMPLETE if join_halves(path) else state
    if state is SpoolState.UNFINISHED and late:
        repair(path)
        return SpoolState.COMPLETE
    return state


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _old_files(folder: Path, before: float) -> list[str]:
    names = []
    for path in (*folder.glob("*.wav"), *folder.glob(f"*{RAW}")):
        try:
            if path.stat().st_mtime < before:
                names.append(path.name)
        except FileNotFoundError:
            continue
    return sorted(names)
