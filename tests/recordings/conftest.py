"""A node's spool, a storage, and the API that opens it."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from obstore.store import LocalStore
from sqlalchemy import insert, select

from hotline.api.parts import ApiParts
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.recordings.ingest import RecordingIngest
from hotline.recordings.models import recordings
from hotline.recordings.storage import ObjectStorage, StorageAway, open_storage
from tests.api_world import QUICK_PASSWORDS, ApiWorld


class FailingStorage(ObjectStorage):
    """A storage that can be away."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        super().__init__(LocalStore(folder))
        self.is_away = False

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        self._check()
        async for piece in super().read(key, start, end):
            yield piece

    async def delete(self, key: str) -> None:
        self._check()
        await super().delete(key)

    def _check(self) -> None:
        if self.is_away:
            raise StorageAway


@pytest.fixture
def failing(api: ApiWorld, node: Node, tmp_path: Path) -> FailingStorage:
    """The storage of the API and of the node's recordings."""
    storage = api.parts.recordings = FailingStorage(tmp_path / "failing")
    node.ingest = RecordingIngest(node.pool, storage, node.spool, "main", SystemClock())
    return storage


@pytest.fixture
def storage(tmp_path: Path) -> ObjectStorage:
    return open_storage(f"file://{tmp_path}/kept")


@pytest.fixture
def api_parts(database: Database, storage: ObjectStorage) -> ApiParts:
    return ApiParts(
        database=database, clock=SystemClock(), passwords=QUICK_PASSWORDS, recordings=storage
    )


@dataclass
class Node:
    """What the switch and the calls leave behind, and what takes it up."""

    database: Database
    pool: DirectPool
    spool: Path
    ingest: RecordingIngest

    async def row(
        self, enterprise_id: UUID, *, age: float = 0, name: str | None = None, node: str = "main"
    ) -> UUID:
        recording_id = new_id()
        async with self.database.platform() as session:
            await session.execute(
                insert(recordings).values(
                    id=recording_id,
                    enterprise_id=enterprise_id,
                    call_id=new_id(),
                    node=node,
                    spool_name=name or f"{recording_id}.wav",
                    status="pending",
                    created_at=SystemClock().now() - timedelta(seconds=age),
                )
            )
        return recording_id

    def write(self, name: object, content: bytes) -> Path:
        path = self.spool / f"{name}.wav"
        path.write_bytes(content)
        return path

    async def status(self, recording_id: UUID) -> str:
        async with self.database.platform() as session:
            found = await session.execute(
                select(recordings.c.status).where(recordings.c.id == recording_id)
            )
            status: str = found.scalar_one()
            return status


@pytest.fixture
async def node(database: Database, storage: ObjectStorage, tmp_path: Path) -> AsyncIterator[Node]:
    spool = tmp_path / "spool"
    spool.mkdir()
    async with DirectPool(database.platform_url) as pool:
        ingest = RecordingIngest(pool, storage, spool, "main", SystemClock(), audio_format="wav")
        yield Node(database, pool, spool, ingest)


def conversation(seconds: float = 1.0) -> bytes:
    """A file as the switch writes it."""
    stream = io.BytesIO()
    noise = np.random.default_rng(1).integers(-3000, 3000, round(8000 * seconds)).astype("<i2")
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(noise.tobytes())
    return stream.getvalue()
