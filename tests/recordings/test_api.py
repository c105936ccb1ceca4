"""Recordings over HTTP: heard in parts, only by those who may, each time noted."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Worker
from hotline.kit.clock import SystemClock
from hotline.recordings.keeping import KeepingJobs
from hotline.recordings.models import recordings
from hotline.recordings.service import erase_job
from hotline.recordings.storage import ObjectStorage
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.recordings.conftest import FailingStorage, Node, conversation
from tests.slices.helpers import error_of

RECORDINGS = "/api/v1/recordings"
SOUND = conversation(1)


@pytest.fixture
async def ours(api: ApiWorld) -> UUID:
    return await api.enterprise()


@pytest.fixture
async def where(node: Node, ours: UUID) -> str:
    """The address of a stored recording."""
    recording_id = await node.row(ours)
    node.write(recording_id, SOUND)
    await node.ingest.batch()
    return f"{RECORDINGS}/{recording_id}"


async def actions(client: httpx.AsyncClient) -> list[str]:
    entries = (await client.get("/api/v1/audit")).json()["items"]
    return [entry["action"] for entry in entries if entry["object_type"] == "recording"]


async def test_is_found_by_its_call_and_heard(api: ApiWorld, ours: UUID, where: str) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    recording = (await supervisor.get(where)).json()
    assert (recording["status"], recording["duration_ms"]) == ("stored", 1000)
    assert "storage_key" not in recording
    found = await supervisor.get(RECORDINGS, params={"call_id": recording["call_id"]})
    assert found.json()["items"] == [recording]
    other = await supervisor.get(RECORDINGS, params={"call_id": str(UUID(int=1))})
    assert other.json()["items"] == []
    heard = await supervisor.get(f"{where}/audio")
    assert heard.content == SOUND
    assert heard.headers["content-type"] == "audio/wav"
    assert heard.headers["cache-control"] == "private, no-store"
    assert heard.headers["accept-ranges"] == "bytes"
    administrator = await api.log_in(Role.ADMINISTRATOR, ours)
    assert await actions(administrator) == ["recording.listen"]


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-43", SOUND[:44]),
        ("bytes=8000-", SOUND[8000:]),
        ("bytes=-10", SOUND[-10:]),
        ("bytes=16000-99999", SOUND[16000:]),
    ],
)
async def test_gives_the_part_asked_for(
    api: ApiWorld, ours: UUID, where: str, asked: str, part: bytes
) -> None:
    client = await api.log_in(Role.SUPERVISOR, ours)
    answer = await client.get(f"{where}/audio", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, part)
    start = SOUND.index(part) if len(part) > 10 else len(SOUND) - 10
    expected = f"bytes {start}-{start + len(part) - 1}/{len(SOUND)}"
    assert answer.headers["content-range"] == expected


@pytest.mark.parametrize(
    ("asked", "status"),
    [("bytes=99999-", 416), ("bytes=-0", 416), ("bytes=5-2", 200), ("lines=1-2", 200)],
)
async def test_odd_ranges(api: ApiWorld, ours: UUID, where: str, asked: str, status: int) -> None:
    client = await api.log_in(Role.SUPERVISOR, ours)
    answer = await client.get(f"{where}/audio", headers={"Range": asked})
    assert answer.status_code == status


async def test_is_not_there_for_others(api: ApiWorld, ours: UUID, where: str) -> None:
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("别家"))
    agent = await api.log_in(Role.AGENT, ours)
    nobody = await api.client()
    for address in (where, f"{where}/audio"):
        assert (await stranger.get(address)).status_code == 404
        assert (await agent.get(address)).status_code == 403
        assert (await nobody.get(address)).status_code == 401
    assert (await stranger.delete(where)).status_code == 404
    assert (await stranger.get(RECORDINGS)).json()["items"] == []
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    assert (await supervisor.delete(where)).status_code == 403


async def test_is_deleted_for_good(
    api: ApiWorld, ours: UUID, where: str, storage: ObjectStorage
) -> None:
    async with api.database.platform() as session:
        key = (await session.execute(select(recordings.c.storage_key))).scalar_one()
    administrator = await api.log_in(Role.ADMINISTRATOR, ours)
    assert (await administrator.delete(where)).status_code == 204
    worker = Worker(
        api.database.platform_url, [erase_job(storage, api.database)], clock=SystemClock()
    )
    await worker.run_waiting()
    assert await storage.size(key) is None
    assert (await administrator.get(where)).json()["status"] == "deleted"
    assert (await administrator.get(f"{where}/audio")).status_code == 404
    assert (await administrator.delete(where)).status_code == 404
    assert await actions(administrator) == ["recording.delete"]


async def test_a_storage_that_is_away_is_said_and_nobody_has_listened(
    api: ApiWorld, ours: UUID, failing: FailingStorage, where: str
) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    failing.is_away = True
    assert error_of(await supervisor.get(f"{where}/audio"), 503) == "storage-away"
    assert await actions(await api.log_in(Role.ADMINISTRATOR, ours)) == []
    failing.is_away = False
    assert (await supervisor.get(f"{where}/audio")).status_code == 200


async def test_is_deleted_even_if_the_storage_is_away_for_long(
    api: ApiWorld, ours: UUID, failing: FailingStorage, where: str
) -> None:
    administrator = await api.log_in(Role.ADMINISTRATOR, ours)
    async with api.database.platform() as session:
        key = (await session.execute(select(recordings.c.storage_key))).scalar_one()
    assert (await administrator.delete(where)).status_code == 204
    once = replace(erase_job(failing, api.database), attempts=1)
    keeping = KeepingJobs(api.database, JobQueue(), SystemClock())
    worker = Worker(api.database.platform_url, [once], clock=SystemClock())
    failing.is_away = True
    await worker.run_waiting()  # it fails for good
    failing.is_away = False
    await worker.run_waiting()
    assert await failing.size(key) is not None
    await keeping.erase_again()
    await worker.run_waiting()
    assert await failing.size(key) is None
    async with api.database.platform() as session:
        assert (await session.execute(select(recordings.c.storage_key))).scalar_one() is None


async def test_tells_whether_it_is_intact(
    api: ApiWorld, ours: UUID, where: str, storage: ObjectStorage, node: Node
) -> None:
    client = await api.log_in(Role.SUPERVISOR, ours)
    assert (await client.post(f"{where}/verification")).json() == {"intact": True}
    async with api.database.platform() as session:
        key = (await session.execute(select(recordings.c.storage_key))).scalar_one()
    storage.put(key, node.write("other", SOUND[:-1] + b"x"))
    assert (await client.post(f"{where}/verification")).json() == {"intact": False}


async def test_waits_before_it_can_be_heard(api: ApiWorld, ours: UUID, node: Node) -> None:
    recording_id = await node.row(ours)
    client = await api.log_in(Role.SUPERVISOR, ours)
    assert (await client.get(f"{RECORDINGS}/{recording_id}")).json()["status"] == "pending"
    assert (await client.get(f"{RECORDINGS}/{recording_id}/audio")).status_code == 404
