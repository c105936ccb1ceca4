"""Boxes and messages over HTTP."""

from __future__ import annotations

import asyncio
import io
import wave
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from sqlalchemy import text

from hotline.api.parts import ApiParts
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.jobs.worker import Worker
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.recordings.ingest import RecordingIngest
from hotline.recordings.service import erase_job
from hotline.recordings.storage import open_storage
from hotline.staff.permissions import Role
from hotline.webhooks.subjects import describe
from tests.api_world import QUICK_PASSWORDS, ApiWorld
from tests.slices.helpers import API, assign_hotline, audited, body_of, error_of, seen

BOXES, MESSAGES = f"{API}/voicemail/boxes", f"{API}/voicemail/messages"


@pytest.fixture
def api_parts(database: Database, tmp_path: Path) -> ApiParts:
    return ApiParts(
        database=database,
        clock=SystemClock(),
        passwords=QUICK_PASSWORDS,
        recordings=open_storage(f"file://{tmp_path}/kept"),
    )


class Callers:
    """What callers leave, as the calls write it."""

    def __init__(self, api: ApiWorld, enterprise: UUID, spool: Path) -> None:
        self.api = api
        self.enterprise = enterprise
        self.spool = spool

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        async with self.api.database.platform() as session:
            found = await session.execute(text(statement), values)
            return list(found.mappings()) if found.returns_rows else []

    async def agent(self, user: UUID, extension: str = "1001") -> UUID:
        agent = new_id()
        await self.sql(
            "insert into agents (id, enterprise_id, user_id, extension, name)"
            " values (:i, :e, :u, :x, '张三')",
            i=agent,
            e=self.enterprise,
            u=user,
            x=extension,
        )
        return agent

    async def leaves(self, box: str, caller: str = "13812345678") -> str:
        """A call in which a message of three seconds is left; the message's id."""
        call, message, now = new_id(), new_id(), SystemClock().now()
        await self.sql(
            "insert into calls (id, enterprise_id, dialled, caller, caller_raw, province, trunk,"
            " node, channel_id, started_at, ended_at, outcome, reason) values (:c, :e,"
            " '4006001234', :n, '', '江苏', 't', 'main', 'c', :at, :at, 'unanswered',"
            " 'message_left')",
            c=call,
            e=self.enterprise,
            n=caller,
            at=now,
        )
        data = {
            "number": 1,
            "box_id": box,
            "message_id": message,
            "node": "main",
            "file": f"{message}.wav",
            "seconds": 3.0,
            "ended_by": "hangup",
        }
        event = {
            "id": new_id(),
            "call_id": call,
            "enterprise_id": self.enterprise,
            "at": now,
            "type": "message_left",
            "data": data,
        }
        batch = {"events": [event], "calls": [], "legs": [], "recordings": [], "notices": []}
        for _ in range(2):  # written twice, it is one message
            await self.sql("select write_ledger(cast(:b as json))", b=orjson.dumps(batch).decode())
        (self.spool / f"{message}.wav").write_bytes(sound(3))
        store = self.api.parts.recordings
        assert store is not None
        async with DirectPool(self.api.database.platform_url) as pool:
            ingest = RecordingIngest(pool, store, self.spool, "main", SystemClock())
            assert await ingest.batch() == 1
        return str(message)


def sound(seconds: int) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000 * seconds))
    return stream.getvalue()


@pytest.fixture
async def callers(api: ApiWorld, tmp_path: Path) -> Callers:
    spool = tmp_path / "spool"
    spool.mkdir()
    return Callers(api, await api.enterprise(), spool)


async def box(client: httpx.AsyncClient, **values: Any) -> str:
    made = body_of(await client.post(BOXES, json={"name": "留言", **values}), 201)
    return str(made["id"])


async def test_a_box_is_set_up_and_changed(api: ApiWorld, callers: Callers) -> None:
    operator = await api.operator()
    admin = await api.log_in(Role.ADMINISTRATOR, callers.enterprise)
    hotline = await assign_hotline(operator, callers.enterprise)
    made = body_of(
        await admin.post(
            BOXES,
            json={"name": "投诉", "hotline_id": hotline["id"], "takes_blacklisted": True},
        ),
        201,
    )
    assert (made["max_seconds"], made["finish_key"], made["rerecord_key"]) == (120, "#", "*")
    address = f"{BOXES}/{made['id']}"
    changed = body_of(await admin.patch(address, json={"silence_seconds": 0}, headers=seen(made)))
    assert (changed["silence_seconds"], changed["takes_blacklisted"]) == (0, True)
    second = {"name": "二", "hotline_id": hotline["id"], "takes_blacklisted": True}
    assert list(body_of(await admin.post(BOXES, json=second), 422)["fields"]) == [
        "takes_blacklisted"
    ]
    assert (await admin.delete(address)).status_code == 204
    assert await audited(admin) == [
        "voicemail_box.delete",
        "voicemail_box.update",
        "voicemail_box.create",
        "hotline.assign",
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"finish_key": "*"}, "rerecord_key"),
        ({"finish_key": "##"}, "finish_key"),
        ({"max_seconds": 3}, "max_seconds"),
        ({"takes_blacklisted": True}, "takes_blacklisted"),
        ({"for_members": True}, "for_members"),
        ({"agent_id": str(UUID(int=1))}, "agent_id"),
        ({"greeting_prompt_id": str(UUID(int=1))}, "greeting_prompt_id"),
        ({"agent_id": str(UUID(int=1)), "queue_id": str(UUID(int=1))}, "agent_id"),
    ],
)
async def test_odd_boxes(api: ApiWorld, wrong: dict[str, Any], field: str) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    answer = body_of(await admin.post(BOXES, json={"name": "x", **wrong}), 422)
    assert field in answer["fields"]


async def test_found_heard_noted_and_deleted(api: ApiWorld, callers: Callers) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, callers.enterprise)
    mine, other = await box(supervisor), await box(supervisor)
    message = await callers.leaves(mine)
    await callers.leaves(other, "01062345678")
    listed = body_of(await supervisor.get(MESSAGES, params={"caller": "138"}))["items"]
    [shown] = listed
    assert (shown["id"], shown["status"], shown["seconds"], shown["audio"]) == (
        message,
        "new",
        3.0,
        "stored",
    )
    assert (shown["caller"], shown["province"], shown["ended_by"]) == (
        "13812345678",
        "江苏",
        "hangup",
    )
    by_box = body_of(await supervisor.get(MESSAGES, params={"box_id": other, "limit": 1}))
    assert [item["caller"] for item in by_box["items"]] == ["01062345678"]
    pages = body_of(await supervisor.get(MESSAGES, params={"limit": 1}))
    rest = {"limit": 1, "cursor": pages["next_cursor"]}
    assert body_of(await supervisor.get(MESSAGES, params=rest))["items"] == listed

    address = f"{MESSAGES}/{message}"
    heard = await supervisor.get(f"{address}/audio", headers={"Range": "bytes=0-99"})
    assert (heard.status_code, len(heard.content)) == (206, 100)
    assert heard.headers["content-type"] == "audio/mpeg"
    after = body_of(await supervisor.get(address))
    assert after["status"] == "heard"
    assert after["heard_by"] is not None
    noted = {"status": "closed", "note": "已回电"}
    assert body_of(await supervisor.patch(address, json=noted))["note"] == "已回电"
    again = body_of(await supervisor.patch(address, json={"status": "new"}))
    assert (again["status"], again["heard_at"]) == ("new", None)

    assert error_of(await supervisor.delete(f"{BOXES}/{mine}"), 409) == "box-not-empty"
    [row] = await callers.sql("select storage_key from recordings where id = :i", i=message)
    assert (await supervisor.delete(address)).status_code == 204
    assert (await supervisor.get(address)).status_code == 404
    store = api.parts.recordings
    assert store is not None
    worker = Worker(
        api.database.platform_url, [erase_job(store, api.database)], clock=SystemClock()
    )
    await worker.run_waiting()
    assert await store.size(row["storage_key"]) is None
    admin = await api.log_in(Role.ADMINISTRATOR, callers.enterprise)
    assert (await audited(admin))[:4] == [
        "voicemail.delete",
        "voicemail.update",
        "voicemail.update",
        "voicemail.listen",
    ]


async def test_a_message_is_no_recording(api: ApiWorld, callers: Callers) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, callers.enterprise)
    message = await callers.leaves(await box(supervisor))
    assert body_of(await supervisor.get(f"{API}/recordings"))["items"] == []
    assert (await supervisor.get(f"{API}/recordings/{message}/audio")).status_code == 404


async def test_agents_hear_their_own_and_their_queues(api: ApiWorld, callers: Callers) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, callers.enterprise)
    user, login = await api.user(Role.AGENT, callers.enterprise)
    me = await callers.agent(user)
    someone = await callers.agent((await api.user(Role.AGENT, callers.enterprise))[0], "1002")
    queue = new_id()
    await callers.sql(
        "insert into queues (id, enterprise_id, name) values (:q, :e, '售后')",
        q=queue,
        e=callers.enterprise,
    )
    await callers.sql(
        "insert into queue_members (queue_id, agent_id, enterprise_id) values (:q, :a, :e)",
        q=queue,
        a=me,
        e=callers.enterprise,
    )
    own = await callers.leaves(await box(supervisor, agent_id=str(me)))
    foreign = await callers.leaves(await box(supervisor, agent_id=str(someone)))
    shared_box = await box(supervisor, queue_id=str(queue), for_members=True)
    shared = await callers.leaves(shared_box)
    closed = await callers.leaves(await box(supervisor, queue_id=str(queue)))
    agent = await api.log_in_as(login)
    items = body_of(await agent.get(MESSAGES))["items"]
    assert {item["id"] for item in items} == {own, shared}
    for hidden in (foreign, closed):
        assert (await agent.get(f"{MESSAGES}/{hidden}")).status_code == 404
        assert (await agent.get(f"{MESSAGES}/{hidden}/audio")).status_code == 404
        assert (await agent.patch(f"{MESSAGES}/{hidden}", json={"note": "x"})).status_code == 404
        assert (await agent.delete(f"{MESSAGES}/{hidden}")).status_code == 404
    assert (await agent.get(f"{MESSAGES}/{own}/audio")).status_code == 200
    assert (await agent.delete(f"{MESSAGES}/{shared}")).status_code == 204
    assert (await agent.get(BOXES)).status_code == 403


async def test_other_systems_are_told(api: ApiWorld, callers: Callers) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, callers.enterprise)
    await callers.sql(
        "insert into webhooks (id, enterprise_id, url, events)"
        " values (:i, :e, 'https://a.test/x', '{message.left}')",
        i=new_id(),
        e=callers.enterprise,
    )
    message = await callers.leaves(await box(supervisor))
    await callers.leaves(await box(supervisor, notify=False))
    [told] = await callers.sql("select type, subject from webhook_deliveries")
    assert (told["type"], str(told["subject"])) == ("message.left", message)
    async with api.database.platform() as session:
        data = await describe(session, callers.enterprise, told["type"], told["subject"])
    assert data["message"]["caller"] == "13812345678"


async def controller(callers: Callers, state: str, error: str | None = None) -> dict[str, Any]:
    """A controller that answers the next command like that, and the command."""
    async with asyncio.timeout(20):
        while True:
            rows = await callers.sql(
                "update call_commands set state = :s, error = :e, result = '{}'"
                " where state = 'sent' returning call_id, verb, arguments, agent_id",
                s=state,
                e=error,
            )
            if rows:
                return dict(rows[0])
            await asyncio.sleep(0.01)


async def test_calling_back_is_kept_with_the_message(api: ApiWorld, callers: Callers) -> None:
    supervisor = await api.log_in(Role.SUPERVISOR, callers.enterprise)
    kept = await box(supervisor)
    message, hidden = await callers.leaves(kept), await callers.leaves(kept, "")
    user, _ = await api.user(Role.SUPERVISOR, callers.enterprise, login="zhang")
    address = f"{MESSAGES}/{message}/call-back"
    zhang = await api.log_in_as("zhang")
    assert error_of(await zhang.post(address), 404) == "no-agent"
    agent = await callers.agent(user)
    assert error_of(await zhang.post(f"{MESSAGES}/{hidden}/call-back"), 409) == "no-number-to-call"
    refusing = asyncio.create_task(controller(callers, "refused", "colleague-not-free"))
    assert error_of(await zhang.post(address), 409) == "colleague-not-free"
    await refusing
    assert body_of(await zhang.get(f"{MESSAGES}/{message}"))["callbacks"] == []

    obeying = asyncio.create_task(controller(callers, "done"))
    begun = body_of(await zhang.post(address), 202)
    command = await obeying
    assert (command["verb"], command["agent_id"]) == ("place", agent)
    assert command["arguments"]["number"] == "13812345678"
    [shown] = body_of(await zhang.get(f"{MESSAGES}/{message}"))["callbacks"]
    assert shown["call_id"] == begun["call_id"] == str(command["call_id"])
    assert (shown["agent_id"], shown["agent_name"], shown["extension"]) == (
        str(agent),
        "张三",
        "1001",
    )
    assert (shown["outcome"], shown["talk_ms"]) == (None, None)
    await callers.sql(
        "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
        " channel_id, started_at, ended_at, outcome, reason, talk_ms, direction) values (:c, :e,"
        " '13812345678', '', '', '', 'main', 'c', now(), now(), 'answered', '', 9000, 'outbound')",
        c=command["call_id"],
        e=callers.enterprise,
    )
    [listed] = body_of(await zhang.get(MESSAGES, params={"caller": "138"}))["items"]
    assert [(one["outcome"], one["talk_ms"]) for one in listed["callbacks"]] == [("answered", 9000)]
    admin = await api.log_in(Role.ADMINISTRATOR, callers.enterprise)
    assert (await audited(admin))[0] == "voicemail.call_back"
