"""Small files, two voices apart, found by what one knows of a call, kept as long as is allowed."""

from __future__ import annotations

import hashlib
import io
import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import soundfile
from sqlalchemy import select, text

from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Worker
from hotline.kit.clock import SystemClock
from hotline.recordings.ingest import RecordingIngest
from hotline.recordings.keeping import KeepingJobs
from hotline.recordings.models import recordings
from hotline.recordings.sealing import SealedStorage
from hotline.recordings.service import erase_job
from hotline.recordings.storage import ObjectStorage
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.recordings.conftest import Node, conversation

RECORDINGS = "/api/v1/recordings"


def tone(seconds: float, hertz: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    times = np.arange(round(8000 * seconds)) / 8000
    return (12000 * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def loudest(samples: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """The frequency that most of the sound is at."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.fft.rfftfreq(len(samples), 1 / 8000)[int(spectrum.argmax())])


def small(node: Node, storage: ObjectStorage | SealedStorage, **more: bool) -> RecordingIngest:
    return RecordingIngest(node.pool, storage, node.spool, "main", SystemClock(), **more)


async def test_becomes_a_small_file_of_the_same_length(
    node: Node, api: ApiWorld, storage: ObjectStorage
) -> None:
    ours = await api.enterprise()
    recording_id = await node.row(ours)
    sound = io.BytesIO()
    soundfile.write(sound, tone(30, 440), 8000, format="WAV", subtype="PCM_16")
    path = node.write(recording_id, sound.getvalue())
    assert await small(node, storage).batch() == 1
    async with api.database.platform() as session:
        row = (await session.execute(select(recordings))).one()
    assert (row.format, row.channels, row.duration_ms) == ("mp3", 1, 30_000)
    assert row.bytes < len(sound.getvalue()) / 4
    assert row.storage_key.endswith(".mp3")
    assert not path.exists()
    assert list(node.spool.iterdir()) == []
    client = await api.log_in(Role.SUPERVISOR, ours)
    answer = await client.get(f"{RECORDINGS}/{recording_id}/audio")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert hashlib.sha256(answer.content).digest() == row.sha256
    heard, rate = soundfile.read(io.BytesIO(answer.content))
    assert rate == 8000
    assert abs(len(heard) / rate - 30) < 0.3
    assert abs(loudest(heard) - 440) < 5


async def test_two_voices_stay_apart(node: Node, api: ApiWorld, storage: ObjectStorage) -> None:
    recording_id = await node.row(await api.enterprise(), name="two.raw")
    raw = np.stack([tone(3, 300), tone(3, 1500)], axis=1).astype("<i2").tobytes()
    path = node.spool / "two.raw"
    path.write_bytes(raw)
    ingest = small(node, storage)
    assert await ingest.batch() == 0  # it was written to just now
    os.utime(path, (time.time() - 5,) * 2)
    assert await ingest.batch() == 1
    async with api.database.platform() as session:
        row = (await session.execute(select(recordings))).one()
    assert (row.id, row.channels, row.duration_ms) == (recording_id, 2, 3000)
    content = b"".join([piece async for piece in storage.read(row.storage_key, 0, row.bytes)])
    heard, _ = soundfile.read(io.BytesIO(content))
    # The agent's line was recorded, the agent's own voice on the left: the caller comes there.
    assert abs(loudest(heard[:, 0]) - 1500) < 5
    assert abs(loudest(heard[:, 1]) - 300) < 5


async def test_halves_that_nobody_joined(node: Node, api: ApiWorld, storage: ObjectStorage) -> None:
    await node.row(await api.enterprise(), name="two.raw", age=120)
    for side, seconds in (("left", 2), ("right", 3)):
        (node.spool / f"two.{side}.wav").write_bytes(conversation(seconds))
    assert await small(node, storage).batch() == 1
    async with api.database.platform() as session:
        row = (await session.execute(select(recordings))).one()
    assert (row.status, row.channels, row.duration_ms) == ("stored", 2, 3000)
    assert list(node.spool.iterdir()) == []


async def test_what_is_no_sound_is_kept_as_it_is(
    node: Node, api: ApiWorld, storage: ObjectStorage
) -> None:
    recording_id = await node.row(await api.enterprise())
    broken = bytearray(conversation(1))
    broken[20:22] = b"\xff\x7f"  # a coding that nobody knows
    node.write(recording_id, bytes(broken))
    assert await small(node, storage).batch() == 1
    async with api.database.platform() as session:
        row = (await session.execute(select(recordings))).one()
    assert (row.status, row.format, row.bytes) == ("stored", "wav", len(broken))


async def test_sealed_and_still_heard_in_parts(
    node: Node, api: ApiWorld, storage: ObjectStorage, tmp_path: Path
) -> None:
    ours = await api.enterprise()
    recording_id = await node.row(ours)
    node.write(recording_id, conversation(60))
    sealed = SealedStorage(storage, b"k" * 32)
    assert await small(node, sealed, seal=True).batch() == 1
    assert len(list((tmp_path / "kept").rglob("*.mp3.sealed"))) == 1
    api.parts.recordings = sealed
    client = await api.log_in(Role.SUPERVISOR, ours)
    address = f"{RECORDINGS}/{recording_id}"
    whole = (await client.get(f"{address}/audio")).content
    part = await client.get(f"{address}/audio", headers={"Range": "bytes=70000-70099"})
    assert (part.status_code, part.content) == (206, whole[70000:70100])
    assert (await client.post(f"{address}/verification")).json() == {"intact": True}
    [file] = (tmp_path / "kept").rglob("*.mp3.sealed")
    sealed_bytes = file.read_bytes()
    file.write_bytes(sealed_bytes[:-1] + bytes([sealed_bytes[-1] ^ 1]))
    assert (await client.post(f"{address}/verification")).json() == {"intact": False}


async def call_with_legs(api: ApiWorld, ours: UUID, recording_id: UUID, agent: UUID) -> UUID:
    """What the ledger writes of the recording's call; its queue."""
    queue = UUID(int=7)
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
                " channel_id, started_at, ended_at, outcome) select call_id, :e, '4006001234',"
                " '13812345678', '', 't', 'main', 'c', '2026-10-01T00:30:00Z',"
                " '2026-10-01T00:31:00Z', 'answered' from recordings where id = :r"
            ),
            {"e": ours, "r": recording_id},
        )
        await session.execute(
            text(
                "insert into call_legs (id, call_id, enterprise_id, position, target, dialled_at,"
                " queue_id, agent_id) select id, call_id, :e, 2, '1001', '2026-10-01T00:30:05Z',"
                " :q, :a from recordings where id = :r"
            ),
            {"e": ours, "r": recording_id, "q": queue, "a": agent},
        )
        await session.execute(
            text("update recordings set position = 2, agent_id = :a where id = :r"),
            {"a": agent, "r": recording_id},
        )
    return queue


async def test_found_by_agent_queue_number_and_time(node: Node, api: ApiWorld) -> None:
    ours = await api.enterprise()
    recording_id, agent = await node.row(ours), UUID(int=9)
    await node.row(ours)
    node.write(recording_id, conversation(1))
    await node.ingest.batch()
    queue = await call_with_legs(api, ours, recording_id, agent)
    client = await api.log_in(Role.ADMINISTRATOR, ours)

    async def found(**asked: str) -> list[str]:
        answer = await client.get(RECORDINGS, params=asked)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    one = [str(recording_id)]
    assert len(await found()) == 2
    assert await found(agent_id=str(agent)) == one
    assert await found(queue_id=str(queue)) == one
    assert await found(number="138") == one
    assert await found(number="1001") == one
    assert await found(number="139") == []
    tomorrow = (SystemClock().now() + timedelta(days=1)).isoformat()
    assert await found(since=tomorrow) == []
    assert len(await found(until=tomorrow)) == 2
    saved = await client.get(f"{RECORDINGS}/{recording_id}/audio", params={"download": "true"})
    name = 'attachment; filename="20261001-083000_13812345678_1001_2.wav"'
    assert saved.headers["content-disposition"] == name
    entries = (await client.get("/api/v1/audit")).json()["items"]
    assert entries[0]["action"] == "recording.download"


async def test_kept_as_long_as_the_rule_says(
    node: Node, api: ApiWorld, storage: ObjectStorage
) -> None:
    ours, others = await api.enterprise("甲"), await api.enterprise("乙")
    day = 86400
    old, fresh, foreign = (
        await node.row(ours, age=31 * day),
        await node.row(ours, age=29 * day),
        await node.row(others, age=31 * day),
    )
    for recording_id in (old, fresh, foreign):
        node.write(recording_id, conversation(1))
    await node.ingest.batch()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    rules = f"{RECORDINGS}/rules"
    assert (await admin.get(rules)).json() == {"recording_days": None, "message_days": None}
    jobs = KeepingJobs(api.database, JobQueue(), SystemClock())
    await jobs.expire()
    assert await node.status(old) == "stored"
    told = await admin.put(rules, json={"recording_days": 30})
    assert told.json() == {"recording_days": 30, "message_days": None}
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    assert (await supervisor.put(rules, json={"recording_days": 1})).status_code == 403
    await jobs.expire()
    assert [await node.status(each) for each in (old, fresh, foreign)] == [
        "deleted",
        "stored",
        "stored",
    ]
    worker = Worker(
        api.database.platform_url, [erase_job(storage, api.database)], clock=SystemClock()
    )
    await worker.run_waiting()
    async with api.database.platform() as session:
        keys = (await session.execute(select(recordings.c.storage_key))).scalars().all()
    assert [await storage.size(key) is not None for key in keys if key] == [True, True]
    entries = (await admin.get("/api/v1/audit")).json()["items"]
    actions = [(entry["action"], entry["actor_kind"]) for entry in entries]
    assert ("recording.expire", "system") in actions
    assert ("audio_rules.update", "user") in actions
