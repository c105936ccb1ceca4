"""Prompts over HTTP: spoken by a job, uploaded, listened to, kept apart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update

from hotline.db.database import Database
from hotline.jobs.worker import Attempt, Worker
from hotline.prompts.jobs import PromptJobs
from hotline.prompts.models import prompts
from hotline.speech.provider import SpeechError
from hotline.speech.service import Rendered, Speech
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.prompts.conftest import samples_of, tone

PROMPTS = "/api/v1/prompts"
GREETING = {"name": "欢迎语", "text": "您好，欢迎致电。"}


async def created(client: httpx.AsyncClient, **values: Any) -> dict[str, Any]:
    answer = await client.post(PROMPTS, json={**GREETING, **values})
    assert answer.status_code == 201, answer.text
    prompt: dict[str, Any] = answer.json()
    return prompt


async def read(client: httpx.AsyncClient, prompt: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"{PROMPTS}/{prompt['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seen(prompt: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{prompt["version"]}"'}


async def upload(
    client: httpx.AsyncClient, content: bytes, name: str = "音乐", filename: str = "x.exe"
) -> httpx.Response:
    return await client.post(
        f"{PROMPTS}/upload", data={"name": name}, files={"file": (filename, content)}
    )


@pytest.fixture
async def admin(api: ApiWorld) -> httpx.AsyncClient:
    return await api.log_in(Role.ADMINISTRATOR, await api.enterprise())


async def test_a_text_is_spoken_by_the_worker(admin: httpx.AsyncClient, worker: Worker) -> None:
    prompt = await created(admin)
    assert (prompt["status"], prompt["playable"]) == ("pending", False)
    assert (await admin.get(f"{PROMPTS}/{prompt['id']}/audio")).status_code == 404
    await worker.run_waiting()
    prompt = await read(admin, prompt)
    assert (prompt["status"], prompt["playable"], prompt["error"]) == ("ready", True, None)
    heard = await admin.get(f"{PROMPTS}/{prompt['id']}/audio")
    assert heard.headers["content-type"] == "audio/wav"
    assert len(await samples_of(heard.content)) == pytest.approx(prompt["duration_ms"] * 8, abs=8)
    again = await created(admin, name="再来一次")
    assert again["status"] == "ready"


async def test_the_sound_before_serves_until_the_new_one_is_ready(
    admin: httpx.AsyncClient, worker: Worker
) -> None:
    prompt = await created(admin)
    await worker.run_waiting()
    prompt = await read(admin, prompt)
    before = (await admin.get(f"{PROMPTS}/{prompt['id']}/audio")).content
    change = {"text": "您好，我们已经下班，请明天再来电话。"}
    answer = await admin.patch(f"{PROMPTS}/{prompt['id']}", json=change, headers=seen(prompt))
    assert (answer.json()["status"], answer.json()["playable"]) == ("pending", True)
    assert (await admin.get(f"{PROMPTS}/{prompt['id']}/audio")).content == before
    await worker.run_waiting()
    after = (await admin.get(f"{PROMPTS}/{prompt['id']}/audio")).content
    assert len(after) > len(before)
    stale = await admin.patch(f"{PROMPTS}/{prompt['id']}", json=change, headers=seen(prompt))
    assert stale.status_code == 412


async def test_renaming_speaks_nothing_anew(admin: httpx.AsyncClient, worker: Worker) -> None:
    prompt = await created(admin)
    await worker.run_waiting()
    prompt = await read(admin, prompt)
    answer = await admin.patch(
        f"{PROMPTS}/{prompt['id']}", json={"name": "新名"}, headers=seen(prompt)
    )
    assert (answer.json()["name"], answer.json()["status"]) == ("新名", "ready")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "！！！"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "您" * 2001}, "text"),
        ({"name": " "}, "name"),
        ({"voice": "nobody"}, "voice"),
        ({"speed": 5}, "speed"),
    ],
)
async def test_refuses_what_cannot_be_spoken(
    admin: httpx.AsyncClient, values: dict[str, Any], field: str
) -> None:
    answer = await admin.post(PROMPTS, json={**GREETING, **values})
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


@pytest.mark.parametrize("format", ["WAV", "MP3", "OGG", "FLAC"])
async def test_an_upload_is_known_by_its_content(admin: httpx.AsyncClient, format: str) -> None:
    answer = await upload(admin, tone(format, seconds=2))
    assert answer.status_code == 201, answer.text
    prompt = answer.json()
    assert (prompt["kind"], prompt["status"]) == ("upload", "ready")
    assert prompt["duration_ms"] == pytest.approx(2000, abs=150)
    heard = await admin.get(f"{PROMPTS}/{prompt['id']}/audio")
    assert abs(await samples_of(heard.content)).max() > 0.1


async def test_an_upload_can_be_replaced_but_not_spoken(admin: httpx.AsyncClient) -> None:
    prompt = (await upload(admin, tone())).json()
    where = f"{PROMPTS}/{prompt['id']}"
    files = {"file": ("new.wav", tone(seconds=3))}
    replaced = await admin.put(f"{where}/audio", files=files, headers=seen(prompt))
    assert replaced.json()["duration_ms"] == pytest.approx(3000, abs=10)
    answer = await admin.patch(where, json={"text": "您好"}, headers=seen(replaced.json()))
    assert answer.status_code == 422
    assert "text" in answer.json()["fields"]


@pytest.mark.parametrize("content", [b"", b"MZ\x90" * 1000, b"RIFF" + bytes(100)])
async def test_a_file_that_is_no_sound_is_refused(admin: httpx.AsyncClient, content: bytes) -> None:
    answer = await upload(admin, content, filename="song.mp3")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:hotline:error:malformed-audio"
    assert (await admin.get(PROMPTS)).json()["items"] == []


async def test_refuses_too_long_and_too_large(admin: httpx.AsyncClient) -> None:
    answer = await upload(admin, tone("FLAC", seconds=601))
    assert answer.json()["type"] == "urn:hotline:error:audio-too-long"
    assert (await upload(admin, bytes(21_000_000))).status_code == 413


async def test_parts_of_a_sound_can_be_asked_for(admin: httpx.AsyncClient) -> None:
    prompt = (await upload(admin, tone())).json()
    where = f"{PROMPTS}/{prompt['id']}/audio"
    whole = (await admin.get(where)).content
    for asked, expected in (
        ("bytes=0-99", whole[:100]),
        ("bytes=100-", whole[100:]),
        ("bytes=-50", whole[-50:]),
    ):
        answer = await admin.get(where, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, expected)
        assert answer.headers["content-range"].endswith(f"/{len(whole)}")
    beyond = await admin.get(where, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


async def test_what_a_hotline_or_queue_uses_stays(admin: httpx.AsyncClient, api: ApiWorld) -> None:
    prompt = await created(admin)
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into hotlines (id, enterprise_id, number, name, greeting_prompt_id)"
                " select gen_random_uuid(), enterprise_id, '4006001234', '客服', id from prompts"
            )
        )
    refused = await admin.delete(f"{PROMPTS}/{prompt['id']}")
    assert refused.status_code == 409
    assert refused.json()["used_by"][0]["name"] == "客服（4006001234）"
    async with api.database.platform() as session:
        await session.execute(text("update hotlines set greeting_prompt_id = null"))
        queue = "insert into queues (id, enterprise_id, name, music_prompt_id)"
        of_it = " select gen_random_uuid(), enterprise_id, '售后', id from prompts"
        await session.execute(text(queue + of_it))
    refused = await admin.delete(f"{PROMPTS}/{prompt['id']}")
    assert [one["name"] for one in refused.json()["used_by"]] == ["售后"]
    async with api.database.platform() as session:
        await session.execute(text("delete from queues"))
    assert (await admin.delete(f"{PROMPTS}/{prompt['id']}")).status_code == 204
    assert (await admin.get(f"{PROMPTS}/{prompt['id']}")).status_code == 404
    audit = (await admin.get("/api/v1/audit")).json()["items"]
    actions = [entry["action"] for entry in audit if entry["object_type"] == "prompt"]
    assert actions == ["prompt.delete", "prompt.create"]


async def test_others_prompts_are_not_there(admin: httpx.AsyncClient, api: ApiWorld) -> None:
    prompt = (await upload(admin, tone())).json()
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("别家"))
    where = f"{PROMPTS}/{prompt['id']}"
    assert (await stranger.get(PROMPTS)).json()["items"] == []
    assert (await stranger.get(where)).status_code == 404
    assert (await stranger.get(f"{where}/audio")).status_code == 404
    assert (await stranger.delete(where)).status_code == 404
    agent = await api.log_in(Role.AGENT, await api.enterprise("第三家"))
    assert (await agent.get(PROMPTS)).status_code == 403
    assert (await agent.post(PROMPTS, json=GREETING)).status_code == 403


async def test_previews_are_short_and_few(admin: httpx.AsyncClient) -> None:
    body = {"text": "您好，请按1。", "speed": 1.2}
    answer = await admin.post(f"{PROMPTS}/preview", json=body)
    assert answer.status_code == 200, answer.text
    assert len(await samples_of(answer.content)) > 4000
    assert (await admin.post(f"{PROMPTS}/preview", json={"text": "好" * 201})).status_code == 422
    answers = [await admin.post(f"{PROMPTS}/preview", json=body) for _ in range(20)]
    assert answers[-1].status_code == 429
    assert (await admin.get(f"{PROMPTS}/voices")).json() == [
        {"id": "espeak_cmn", "name": "机器音", "gender": "", "provider": "espeak"}
    ]


class Mute:
    """Speech that is out of order."""

    async def render(self, *_asked: object) -> Rendered:
        raise SpeechError("out of order")


async def test_the_last_failure_is_shown(
    admin: httpx.AsyncClient, api: ApiWorld, speech: Speech, database: Database
) -> None:
    prompt = await created(admin)
    me = (await admin.get("/api/v1/session")).json()
    enterprise_id = me.get("enterprise_id") or me["user"]["enterprise_id"]
    broken = PromptJobs(database, Mute(), None, None)  # type: ignore[arg-type]
    args = {"prompt_id": prompt["id"], "enterprise_id": enterprise_id}
    with pytest.raises(SpeechError):
        await broken.render(Attempt(args, 1, last=False))
    assert (await read(admin, prompt))["status"] == "pending"
    await broken.render(Attempt(args, 4, last=True))
    prompt = await read(admin, prompt)
    assert (prompt["status"], prompt["error"]) == ("failed", "out of order")
    admin.headers["Accept-Language"] = "zh-CN"
    assert (await read(admin, prompt))["error"] == SpeechError.title_zh


async def test_a_stand_in_is_replaced_and_a_lost_sound_comes_back(
    admin: httpx.AsyncClient, worker: Worker, jobs: PromptJobs, speech: Speech, database: Database
) -> None:
    prompt = await created(admin)
    await worker.run_waiting()
    async with database.platform() as session:
        await session.execute(update(prompts).values(stand_in=True))
    await jobs.improve()
    await worker.run_waiting()
    assert (await read(admin, prompt))["stand_in"] is False
    path = next(Path(speech.sounds.of("x")).parent.parent.glob("??/*.alaw"))
    path.unlink()
    await jobs.improve()
    await worker.run_waiting()
    assert path.is_file()


async def test_sounds_nobody_uses_are_forgotten(
    admin: httpx.AsyncClient, worker: Worker, jobs: PromptJobs, speech: Speech
) -> None:
    await created(admin)
    await worker.run_waiting()
    unused = await speech.render("没有人用")

    for path in Path(speech.sounds.of("x")).parent.parent.glob("??/*.alaw"):
        os.utime(path, (1, 1))
    await jobs.forget_unused()
    assert not speech.sounds.has(unused.content_hash)
    assert len(list(Path(speech.sounds.of("x")).parent.parent.glob("??/*.alaw"))) == 1
