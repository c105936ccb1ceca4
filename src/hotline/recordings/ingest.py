"""Take finished recordings from this node's spool into the storage.

The path of a call only writes a row; everything slow happens here, in batches. Each step can be
done twice: the key is kept in the row before the file is put under it, and the spool's file goes
last. A notification from the database says that there is something to do; one that is lost costs
some seconds, because every now and then it looks by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

import orjson
import psycopg
import structlog

from hotline.db.direct import DatabaseAway, DirectPool
from hotline.db.listen import notifications
from hotline.kit.clock import Clock
from hotline.kit.ids import unguessable_names
from hotline.recordings.encoder import Encoder
from hotline.recordings.encoding import AudioFormat, Encoded, join_halves
from hotline.recordings.sealing import SEALED
from hotline.recordings.storage import RecordingStore, StorageAway
from hotline.recordings.wav import SpoolState, repair, state_of
from hotline.telephony.recorded import RAW

log = structlog.get_logger(__name__)

_BATCH: Final = 50
_AT_ONCE: Final = 4
"""Threads that keep recordings."""
_BATCH_SECONDS: Final = 0.25
"""What a batch should take; beyond it another thread helps. One that need not costs: threads of
Python take turns, and calls wait for theirs."""
CHANNEL: Final = "hotline_recordings"
"""write_ledger() notifies the node's name on it when that node has recorded something."""
_UNFINISHED_SECONDS: Final = 2.0
"""Between two looks at what the switch has not finished writing."""
_LOOK_AROUND_SECONDS: Final = 600.0
_GRACE: Final = timedelta(seconds=60)
"""How long the switch may take to finish a file after the call."""
_STRAY_AFTER: Final = timedelta(hours=1)


_TAKE: Final[LiteralString] = """
with waiting as materialized (
  select id, row_number() over (order by created_at, id) as place from recordings
  where node = %(node)s and status = 'pending' order by created_at, id limit %(most)s),
named as (
  update recordings r set storage_key = concat(r.enterprise_id, to_char(r.created_at, '/YYYY/MM/'),
    (cast(%(names)s as text[]))[w.place], cast(%(suffix)s as text))
  from waiting w where r.id = w.id and r.storage_key is null returning r.id, r.storage_key)
select r.id, r.spool_name, r.created_at, coalesce(r.storage_key, n.storage_key)
from waiting w join recordings r on r.id = w.id left join named n on n.id = w.id order by w.place
"""
"""A batch. Keys are by enterprise and month, for whoever looks after the storage, and a name that
cannot be guessed."""
_SETTLE: Final[LiteralString] = """
update recordings r set status = s.status, storage_key = s.key, bytes = s.bytes,
  duration_ms = s.duration_ms, sha256 = decode(s.sha256, 'hex'), stored_at = s.stored_at,
  format = s.format, channels = s.channels
from json_to_recordset(cast(%s as json)) as s(id uuid, status text, key text, bytes bigint,
  duration_ms int, sha256 text, stored_at timestamptz, format text, channels int)
where r.id = s.id and r.status = 'pending' returning r.id
"""
"""As JSON, which is read and written in a part of the time that lists of values take."""
_STATUS: Final[LiteralString] = """
select spool_name, status from recordings where node = %s and spool_name = any(%s)
"""


class _Pending(NamedTuple):
    """One that waits, with the key it will be kept under."""

    id: UUID
    spool_name: str
    created_at: datetime
    storage_key: str


@dataclass(frozen=True, slots=True)
class _Settled:
    """What became of one recording; without ``encoded`` there is nothing to keep."""

    recording_id: UUID
    path: Path
    status: str
    storage_key: str | None
    encoded: Encoded | None
    stored_at: datetime | None

    def row(self) -> dict[str, object]:
        """As ``_SETTLE`` reads it."""
        encoded = self.encoded
        measured = encoded.measured if encoded else None
        return {
            "id": self.recording_id,
            "status": self.status,
            "key": self.storage_key,
            "bytes": measured.size if measured else None,
            "duration_ms": measured.duration_ms if measured else None,
            "sha256": measured.sha256.hex() if measured else None,
            "stored_at": self.stored_at,
            "format": encoded.format if encoded else "wav",
            "channels": encoded.channels if encoded else 1,
        }


@dataclass(slots=True)
class _Lot:
    """What one thread did."""

    settled: list[_Settled] = field(default_factory=list)
    trouble: StorageAway | OSError | None = None
    """Why some could not be kept."""


class RecordingIngest:
    """One node's spool."""

    def __init__(
        self,
        pool: DirectPool,
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
        """``pool``: of connections that are durable, since a file goes when its row is settled.

        ``audio_format``: what is kept from now on; with ``seal`` encrypted, which needs a store
        that can.

        ``at_least_every``: seconds after which it looks without having been told to.

        ``gather``: seconds to wait once told, so that the recordings of many calls share a batch.
        """
        self._gather = gather
        self._suffix = f".{audio_format}{SEALED if seal else ''}"
        self._format = audio_format
        self._threads = ThreadPoolExecutor(_AT_ONCE, "recordings")
        self._encoder = Encoder()
        self._pool = pool
        self._store = store
        self._spool = spool
        self._node = node
        self._clock = clock
        self._at_least_every = at_least_every
        self._told = asyncio.Event()
        self._unfinished = False
        self._each = _BATCH_SECONDS / _BATCH
        """Seconds that a thread took for one recording, lately."""

    async def run(self) -> None:
        """Work until cancelled; a database or storage that is away is waited for."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen())
                await self._work()
        finally:
            self._encoder.close()
            self._encoder = Encoder()

    async def _listen(self) -> None:
        url, every = self._pool.url, self._at_least_every
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
            except (DatabaseAway, psycopg.Error, StorageAway, OSError) as error:
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
        if not rows:
            self._unfinished = False
            return 0
        threads = min(_AT_ONCE, len(rows), 1 + int(len(rows) * self._each / _BATCH_SECONDS))
        loop, now = asyncio.get_running_loop(), self._clock.now()
        began = loop.time()
        lots = await asyncio.gather(
            *(
                loop.run_in_executor(self._threads, self._keep_all, rows[first::threads], now)
                for first in range(threads)
            )
        )
        self._each = (loop.time() - began) * threads / len(rows)
        settled = [one for lot in lots for one in lot.settled]
        await self._write(settled)
        await loop.run_in_executor(self._threads, _remove, [one.path for one in settled])
        for lot in lots:
            if lot.trouble is not None:
                raise lot.trouble
        self._unfinished = len(settled) < len(rows)
        return len(settled)

    async def look_around(self) -> Sequence[str]:
        """Spool files that no row asks for: their names, which are also logged.

        None is deleted, except those that are safely stored already, those that somebody has
        deleted, and what was in the making when a process was killed.
        """
        old = (self._clock.now() - _STRAY_AFTER).timestamp()
        await asyncio.to_thread(_remove_leavings, self._spool, old)
        names = await asyncio.to_thread(_old_files, self._spool, old)
        strays = []
        for start in range(0, len(names), 500):
            some = names[start : start + 500]
            status = await self._status_of(some)
            for name in some:
                if status.get(name) in ("stored", "deleted"):
                    (self._spool / name).unlink(missing_ok=True)
                elif name not in status:
                    strays.append(name)
        if strays:
            log.warning("recordings of no known call", count=len(strays), first=strays[0])
        return strays

    async def _pending(self) -> Sequence[_Pending]:
        """The batch, each with the key it will be kept under, chosen once and for all."""
        given = {
            "node": self._node,
            "most": _BATCH,
            "names": unguessable_names(_BATCH),
            "suffix": self._suffix,
        }
        return [_Pending(*row) for row in await self._pool.rows(_TAKE, given)]

    def _keep_all(self, rows: Sequence[_Pending], now: datetime) -> _Lot:
        """In a thread of ours: files and storage may be slow. What one meets spares the others."""
        lot = _Lot()
        for row in rows:
            try:
                settled = self._keep(row, now)
            except (StorageAway, OSError) as error:
                lot.trouble = error
            else:
                if settled is not None:
                    lot.settled.append(settled)
        return lot

    def _keep(self, row: _Pending, now: datetime) -> _Settled | None:
        """Put the file under its key; None while the switch may still write it."""
        path = self._spool / Path(row.spool_name).name
        late = now - row.created_at > _GRACE
        state = _examine(path, now.timestamp(), late=late)
        if state is SpoolState.COMPLETE:
            encoded = self._put(path, row.storage_key)
            return _Settled(row.id, path, "stored", row.storage_key, encoded, self._clock.now())
        if late:
            log.warning("recording missing", recording=str(row.id), state=state.value)
            return _Settled(row.id, path, "missing", None, None, None)
        return None

    def _put(self, path: Path, key: str) -> Encoded:
        """Keep the small form of the file under ``key``."""
        draft = path.with_name(f".{path.name}.draft")
        try:
            encoded = self._encoder.encode(path, self._format, draft)
            self._store.put(key, encoded.path)
        finally:
            draft.unlink(missing_ok=True)
        return encoded

    async def _write(self, settled: Sequence[_Settled]) -> None:
        """All in one round trip. What somebody has deleted meanwhile is not kept after all."""
        if not settled:
            return
        given = orjson.dumps([one.row() for one in settled]).decode()
        wanted = {row[0] for row in await self._pool.rows(_SETTLE, (given,))}
        for one in settled:
            if one.recording_id not in wanted and one.storage_key is not None:
                await self._store.delete(one.storage_key)

    async def _status_of(self, names: Sequence[str]) -> dict[str, str]:
        return dict(await self._pool.rows(_STATUS, (self._node, names)))


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
    return sorted(path.name for path in _older(folder, ("*.wav", f"*{RAW}"), before))


def _remove_leavings(folder: Path, before: float) -> None:
    """Drafts of what is kept, and copies of messages that their callers were listening to."""
    _remove(_older(folder, (".*.draft", f".*{SEALED}", "*-message-*.alaw"), before))


def _older(folder: Path, patterns: Iterable[str], before: float) -> list[Path]:
    found = []
    for path in chain.from_iterable(map(folder.glob, patterns)):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                found.append(path)
    return found
