"""From the spool to the storage, whatever happens on the way."""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from obstore.store import LocalStore
from sqlalchemy import TextClause, select, text
from sqlalchemy.engine import URL

from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.recordings.ingest import RecordingIngest
from hotline.recordings.models import recordings
from hotline.recordings.storage import ObjectStorage, StorageAway, open_storage
from tests.api_world import ApiWorld
from tests.conftest import run_as_owner
from tests.recordings.conftest import Node, conversation


async def kept(storage: ObjectStorage, key: str) -> bytes:
    size = await storage.size(key)
    assert size is not None
    return b"".join([piece async for piece in storage.read(key, 0, size)])


async def test_takes_finished_files_over(node: Node, api: ApiWorld, storage: ObjectStorage) -> None:
    recording_id = await node.row(await api.enterprise())
    path = node.write(recording_id, conversation(2.5))
    assert await node.ingest.batch() == 1
    async with api.database.platform() as session:
        row = (await session.execute(select(recordings))).one()
    assert (row.status, row.duration_ms, row.bytes) == ("stored", 2500, 40044)
    assert row.stored_at is not None
    content = await kept(storage, row.storage_key)
    assert content == conversation(2.5)
    assert hashlib.sha256(content).digest() == row.sha256
    assert len(Path(row.storage_key).stem) >= 32
    assert not path.exists()
    assert await node.ingest.batch() == 0


async def test_waits_for_files_that_are_still_written(node: Node, api: ApiWorld) -> None:
    recording_id = await node.row(await api.enterprise())
    whole = conversation(1)
    unfinished = whole[:40] + struct.pack("<I", 0) + whole[44:]
    for content in (None, whole[:20], unfinished):
        if content is not None:
            node.write(recording_id, content)
        assert await node.ingest.batch() == 0
        assert await node.status(recording_id) == "pending"
    node.write(recording_id, whole)
    assert await node.ingest.batch() == 1


async def test_mends_what_a_killed_switch_left(
    node: Node, api: ApiWorld, storage: ObjectStorage
) -> None:
    recording_id = await node.row(await api.enterprise(), age=120)
    whole = conversation(1)
    node.write(recording_id, whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:] + b"x")
    assert await node.ingest.batch() == 1
    async with api.database.platform() as session:
        row = (await session.execute(select(recordings))).one()
    assert (row.status, row.duration_ms) == ("stored", 1000)
    assert await kept(storage, row.storage_key) == whole


@pytest.mark.parametrize("content", [None, b"", conversation(0)])
async def test_says_so_when_there_is_nothing(
    node: Node, api: ApiWorld, content: bytes | None
) -> None:
    recording_id = await node.row(await api.enterprise(), age=120)
    if content is not None:
        node.write(recording_id, content)
    assert await node.ingest.batch() == 1
    assert await node.status(recording_id) == "missing"


async def test_leaves_other_nodes_and_folders_alone(node: Node, api: ApiWorld) -> None:
    ours = await api.enterprise()
    other = await node.row(ours, age=120, node="other")
    outside = node.spool.parent / "secret.wav"
    outside.write_bytes(conversation(1))
    sly = await node.row(ours, age=120, name="../secret.wav")
    assert await node.ingest.batch() == 1
    assert (await node.status(other), await node.status(sly)) == ("pending", "missing")
    assert outside.exists()


async def test_a_crash_at_any_step_is_made_good(
    node: Node, api: ApiWorld, storage: ObjectStorage, tmp_path: Path
) -> None:
    recording_id = await node.row(await api.enterprise())
    node.write(recording_id, conversation(1))

    class Breaking(ObjectStorage):
        def put(self, key: str, file: Path) -> None:
            super().put(key, file)
            raise StorageAway("the answer was lost")

    broken = RecordingIngest(
        node.pool,
        Breaking(storage._store),
        node.spool,
        "main",
        SystemClock(),
        audio_format="wav",
    )
    with pytest.raises(StorageAway):
        await broken.batch()
    assert await node.status(recording_id) == "pending"
    assert await node.ingest.batch() == 1
    assert len(list((tmp_path / "kept").rglob("*.wav"))) == 1
    # The row was told, the process died before the spool's file went.
    left = node.write(recording_id, conversation(1))
    os.utime(left, (1, 1))
    assert await node.ingest.look_around() == []
    assert not left.exists()


async def test_reports_files_of_no_call_and_keeps_them(node: Node, api: ApiWorld) -> None:
    stray, fresh = node.write("stray", conversation(1)), node.write("fresh", conversation(1))
    os.utime(stray, (1, 1))
    assert await node.ingest.look_around() == ["stray.wav"]
    assert stray.exists()
    assert fresh.exists()


class Meddled(ObjectStorage):
    """A storage during whose work something happens."""

    meanwhile: Callable[[], None]

    def put(self, key: str, file: Path) -> None:
        super().put(key, file)
        self.meanwhile()


async def test_what_was_deleted_before_it_was_stored_is_not_kept(
    node: Node, api: ApiWorld, database_url: URL, tmp_path: Path
) -> None:
    """A message, say, that was thrown away unheard: before it is stored, or just then."""
    ours = await api.enterprise()
    early, late = [await node.row(ours) for _ in range(2)]
    for recording_id in (early, late):
        os.utime(node.write(recording_id, conversation(1)), (1, 1))
    copy = node.spool / "7-message-1.alaw"  # which its caller was listening to
    copy.write_bytes(b"x")
    os.utime(copy, (1, 1))
    deleted = f"update recordings set status = 'deleted' where id = '{early}'"
    run_as_owner(database_url, deleted)
    storage = Meddled(LocalStore(tmp_path / "kept"))
    storage.meanwhile = lambda: run_as_owner(database_url, deleted.replace(str(early), str(late)))
    ingest = RecordingIngest(node.pool, storage, node.spool, "main", SystemClock())
    assert await ingest.batch() == 1
    assert await ingest.look_around() == []
    assert list(node.spool.iterdir()) == []
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []


async def test_the_ledger_wakes_it_without_a_poll(
    node: Node, api: ApiWorld, storage: ObjectStorage
) -> None:
    ours = await api.enterprise()
    ingest = RecordingIngest(
        node.pool, storage, node.spool, "main", SystemClock(), at_least_every=3600
    )
    async with running(ingest), asyncio.timeout(20):
        listener = text("select count(*) from pg_stat_activity where query like 'listen%'")
        while not await first_value(api, listener):
            await asyncio.sleep(0.02)
        recording_id = new_id()
        node.write(recording_id, conversation(1))
        await first_value(
            api,
            text("select write_ledger(:batch)"),
            batch=batch_of_an_ended_call(ours, recording_id),
        )
        while await node.status(recording_id) != "stored":
            await asyncio.sleep(0.02)


async def test_looks_by_itself_when_nothing_is_told(
    node: Node, api: ApiWorld, storage: ObjectStorage
) -> None:
    ours = await api.enterprise()
    ingest = RecordingIngest(
        node.pool, storage, node.spool, "main", SystemClock(), at_least_every=0.2
    )
    async with running(ingest), asyncio.timeout(20):
        recording_id = await node.row(ours)
        node.write(recording_id, conversation(1))
        while await node.status(recording_id) != "stored":
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(ingest: RecordingIngest) -> AsyncIterator[None]:
    task = asyncio.create_task(ingest.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def first_value(api: ApiWorld, statement: TextClause, **values: object) -> object:
    async with api.database.platform() as session:
        return (await session.execute(statement, values)).scalar()


def batch_of_an_ended_call(enterprise_id: UUID, recording_id: UUID) -> str:
    now, call_id = SystemClock().now(), new_id()
    ours = {"enterprise_id": enterprise_id, "call_id": call_id}
    ended = {"id": new_id(), **ours, "at": now, "type": "ended", "data": {}}
    spooled = {"id": recording_id, **ours, "node": "main", "spool_name": f"{recording_id}.wav"}
    return orjson.dumps(
        {"events": [ended], "calls": [], "legs": [], "recordings": [spooled], "notices": []}
    ).decode()


async def test_storages_by_address(tmp_path: Path) -> None:
    memory = open_storage("memory://")
    source = tmp_path / "one.wav"
    source.write_bytes(bytes(range(256)) * 4000)
    memory.put("a/b.wav", source)
    assert await kept(memory, "a/b.wav") == source.read_bytes()
    assert b"".join([piece async for piece in memory.read("a/b.wav", 10, 20)]) == bytes(
        range(10, 20)
    )
    await memory.delete("a/b.wav")
    await memory.delete("a/b.wav")
    assert await memory.size("a/b.wav") is None
    with pytest.raises(StorageAway):
        _ = [piece async for piece in memory.read("a/b.wav", 0, 5)]
    with pytest.raises(ValueError, match="ftp"):
        open_storage("ftp://somewhere")
