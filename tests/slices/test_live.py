"""Call events over a real WebSocket, from a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
import uvicorn
from sqlalchemy import text
from sqlalchemy.engine import URL
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from hotline.api.parts import ApiParts, ApiSettings
from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.live.hub import LiveTimes
from hotline.staff.permissions import Role
from tests.api_world import QUICK_PASSWORDS, ApiWorld
from tests.conftest import run_as_owner

TIMES = LiveTimes(check=0.3, reconnect=0.05, silence=0.5)


@pytest.fixture
def api_parts(database: Database) -> ApiParts:
    return ApiParts(
        database=database,
        clock=SystemClock(),
        passwords=QUICK_PASSWORDS,
        settings=ApiSettings(live_times=TIMES),
    )


@pytest.fixture
async def address(api: ApiWorld) -> AsyncIterator[str]:
    """Host and port of a server that serves the application."""
    config = uvicorn.Config(
        api.app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"{host}:{port}"
    server.should_exit = True
    await serving


def watch(address: str, client: httpx.AsyncClient | None, query: str = "", **more: Any) -> Any:
    """A WebSocket with that client's cookies, as a browser on our own page opens it."""
    headers = dict(more.pop("headers", {}))
    if client is not None:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    origin = more.pop("origin", f"http://{address}")
    return connect(
        f"ws://{address}/api/v1/live{query}", origin=origin, additional_headers=headers, **more
    )


async def notify(api: ApiWorld, enterprise: UUID, kind: str = "ringing") -> str:
    call_id = str(new_id())
    notice = {"enterprise_id": str(enterprise), "call_id": call_id, "type": kind}
    async with api.database.platform() as session:
        await session.execute(
            text("select pg_notify('hotline_live', :notice)"),
            {"notice": orjson.dumps(notice).decode()},
        )
    return call_id


async def next_of(socket: ClientConnection, *, skip: str = "keepalive") -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            message: dict[str, Any] = orjson.loads(await socket.recv())
            if message["type"] != skip:
                return message


async def closed_with(socket: ClientConnection) -> int | None:
    """The code with which the server ends it."""
    async with asyncio.timeout(10):
        await socket.wait_closed()
    return socket.close_code


async def test_events_reach_those_of_the_enterprise_alone(api: ApiWorld, address: str) -> None:
    ours, theirs = await api.enterprise("甲"), await api.enterprise("乙")
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    operator = await api.operator()
    async with (
        watch(address, admin) as mine,
        watch(address, operator) as everything,
        watch(address, operator, f"?enterprise_id={theirs}") as chosen,
    ):
        for socket in (mine, everything, chosen):
            assert await next_of(socket) == {"type": "resync"}
        first, second = await notify(api, theirs), await notify(api, ours)
        assert (await next_of(mine))["call_id"] == second
        assert (await next_of(everything))["call_id"] == first
        assert (await next_of(everything))["call_id"] == second
        assert (await next_of(chosen))["call_id"] == first
        third = await notify(api, theirs)
        assert (await next_of(chosen))["call_id"] == third


async def test_who_may_not(api: ApiWorld, address: str) -> None:
    ours, theirs = await api.enterprise("甲"), await api.enterprise("乙")
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    agent = await api.log_in(Role.AGENT, ours)
    refusals: list[tuple[Any, int]] = [
        (watch(address, None), 401),
        (watch(address, None, headers={"Authorization": "Bearer hl_x_y"}), 401),
        (watch(address, agent), 403),
        (watch(address, admin, origin="https://evil.example"), 403),
        (watch(address, admin, f"?enterprise_id={theirs}"), 404),
    ]
    for opening, status in refusals:
        with pytest.raises(InvalidStatus) as refused:
            async with opening:
                pass
        assert refused.value.response.status_code == status


async def test_logging_out_ends_it(api: ApiWorld, address: str) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    async with watch(address, admin) as socket:
        assert await next_of(socket, skip="") == {"type": "resync"}
        assert await next_of(socket, skip="") == {"type": "keepalive"}
        assert (await admin.delete("/api/v1/session")).status_code == 204
        assert await closed_with(socket) == 4401


async def test_losing_the_role_ends_it(api: ApiWorld, address: str) -> None:
    ours = await api.enterprise()
    user_id, login = await api.user(Role.SUPERVISOR, ours)
    async with watch(address, await api.log_in_as(login)) as socket:
        assert await next_of(socket) == {"type": "resync"}
        async with api.database.platform() as session:
            await session.execute(
                text("update users set role = 'agent' where id = :id"), {"id": user_id}
            )
        assert await closed_with(socket) == 4401


async def test_after_a_lost_connection_clients_are_told_to_fetch_again(
    api: ApiWorld, address: str, database_url: URL
) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    async with watch(address, admin) as socket:
        assert await next_of(socket) == {"type": "resync"}
        run_as_owner(
            database_url,
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database()"
            " and (starts_with(query, 'listen') or query = 'select 1')",
        )
        assert await next_of(socket) == {"type": "resync"}
        call_id = await notify(api, ours)
        assert (await next_of(socket))["call_id"] == call_id


async def test_a_slow_client_is_dropped_and_the_others_go_on(api: ApiWorld, address: str) -> None:
    """Nothing is kept for it beyond a bounded queue."""
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    hub = api.parts.live
    async with (
        watch(address, admin, max_queue=None) as socket,
        hub.subscription(ours) as slow,
    ):
        assert await next_of(socket) == {"type": "resync"}
        async with api.database.platform() as session:
            await session.execute(
                text(
                    "select pg_notify('hotline_live', json_build_object('type', 'ringing',"
                    " 'enterprise_id', cast(:ours as text), 'call_id', n)::text)"
                    " from generate_series(1, 600) n"
                ),
                {"ours": str(ours)},
            )
        async with asyncio.timeout(10):
            await slow.lagging.wait()
        assert slow.messages.qsize() == 500
        seen = [(await next_of(socket))["call_id"] for _ in range(600)]
        assert seen == list(range(1, 601))


async def test_nobody_listens_when_nobody_watches(
    api: ApiWorld, address: str, database_url: URL
) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    async with watch(address, admin) as socket:
        assert await next_of(socket) == {"type": "resync"}
        await socket.send("hello?")
    async with asyncio.timeout(10):
        while [task for task in asyncio.all_tasks() if task.get_name() == "live"]:
            await asyncio.sleep(0.01)


async def served_by(api: ApiWorld, enterprise: UUID, agent: UUID) -> UUID:
    """A new queue with that agent in it."""
    queue = new_id()
    async with api.database.platform() as session:
        for statement in (
            "insert into queues (id, enterprise_id, name) values (:q, :e, cast(:q as text))",
            "insert into queue_members (queue_id, agent_id, enterprise_id) values (:q, :a, :e)",
        ):
            named = {"q": queue, "e": enterprise, "a": agent}
            await session.execute(text(statement), named)
    return queue


async def test_an_agent_sees_the_own_call_and_colleagues_without_theirs(
    api: ApiWorld, address: str
) -> None:
    ours = await api.enterprise()
    user_id, login = await api.user(Role.AGENT, ours)
    me, colleague, my_call, their_call = (new_id() for _ in range(4))

    async def sql(statement: str, **values: object) -> None:
        async with api.database.platform() as session:
            await session.execute(text(statement), values)

    for agent, extension, user in ((me, "1001", user_id), (colleague, "1002", None)):
        await sql(
            "insert into agents (id, enterprise_id, extension, name, user_id)"
            " values (:id, :ours, :extension, '座席', :user)",
            id=agent,
            ours=ours,
            extension=extension,
            user=user,
        )
        await sql("select agent_wished(:id, 'ready', '', now())", id=agent)
    my_queue, their_queue = await served_by(api, ours, me), await served_by(api, ours, colleague)
    claim = "select claim_agent(:agent, :call, null, 'n', now())"
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    async with (
        watch(address, await api.log_in_as(login)) as mine,
        watch(address, supervisor) as watching,
    ):
        for socket in (mine, watching):
            assert await next_of(socket) == {"type": "resync"}
        await sql(claim, agent=colleague, call=their_call)
        notice = await next_of(watching)
        assert (notice["state"], notice["call_id"]) == ("ringing", str(their_call))
        told = await next_of(mine)
        assert (told["agent_id"], told["state"]) == (str(colleague), "ringing")
        assert "call_id" not in told
        assert "queue_id" not in told
        for call in (their_call, my_call):
            if call == my_call:
                await sql(claim, agent=me, call=my_call)
            event = {"enterprise_id": str(ours), "call_id": str(call), "type": "ringing"}
            await sql(
                "select pg_notify('hotline_live', :event)", event=orjson.dumps(event).decode()
            )
        own = await next_of(mine)
        assert (own["agent_id"], own["call_id"]) == (str(me), str(my_call))
        assert (await next_of(mine))["call_id"] == str(my_call)
        for queue in (their_queue, my_queue):
            await sql(
                "insert into queue_entries (id, enterprise_id, queue_id, call_id, caller,"
                " entered_at) values (:i, :ours, :q, :c, '13812345678', now())",
                i=new_id(),
                ours=ours,
                q=queue,
                c=their_call,
            )
        waiting = await next_of(mine)
        assert (waiting["type"], waiting["queue_id"]) == ("queue_entry", str(my_queue))
        assert "call_id" not in waiting
        await sql(
            "insert into bulletins (id, enterprise_id, title, author)"
            " values (:i, :ours, '停电通知', '主管')",
            i=my_call,
            ours=ours,
        )
        posted = await next_of(mine)
        assert (posted["type"], posted["bulletin_id"]) == ("bulletin", str(my_call))
        # Of messages they are told that they may hear; also of queues they join meanwhile.
        joined = await served_by(api, ours, me)
        for _ in range(2):  # the first may have been on its way already
            assert (await next_of(mine, skip=""))["type"] == "keepalive"
        boxes = (
            (new_id(), my_queue, None, True),
            (new_id(), their_queue, None, True),
            (new_id(), my_queue, None, False),
            (new_id(), joined, None, True),
            (new_id(), None, colleague, False),
            (new_id(), None, me, False),
        )
        for box, queue, agent, for_members in boxes:
            await sql(
                "insert into voicemail_boxes (id, enterprise_id, name, queue_id, agent_id,"
                " for_members) values (:b, :ours, '留言', :q, :a, :f)",
                b=box,
                ours=ours,
                q=queue,
                a=agent,
                f=for_members,
            )
            await sql(
                "insert into call_events (id, call_id, enterprise_id, at, type, data) values (:i,"
                " :i, :ours, now(), 'message_left', jsonb_build_object('message_id',"
                " cast(:i as text), 'box_id', cast(:b as text), 'node', 'n', 'file', 'f'))",
                i=new_id(),
                ours=ours,
                b=box,
            )
        told = [await next_of(mine) for _ in range(3)]
        assert [one["box_id"] for one in told] == [str(boxes[n][0]) for n in (0, 3, 5)]
        assert {one["type"] for one in told} == {"voicemail_left"}


async def test_what_agents_and_queues_do_is_told_within_a_second(
    address: str, api: ApiWorld
) -> None:
    enterprise = await api.enterprise()
    client = await api.log_in(Role.SUPERVISOR, enterprise)
    agent, queue, call = new_id(), new_id(), new_id()
    steps = {
        "agent_state": "update agent_presence set state = 'ready' where agent_id = :a",
        "queue_entry": "insert into queue_entries (id, enterprise_id, queue_id, call_id,"
        " entered_at) values (:c, :e, :q, :c, now())",
        "supervision": "select begin_supervision(:c, :e, :c, 'n', :a, null, 'listen', now())",
    }
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into agents (id, enterprise_id, extension, name)"
                " values (:a, :e, '1001', 'a')"
            ),
            {"a": agent, "e": enterprise},
        )
    async with watch(address, client) as socket:
        assert orjson.loads(await socket.recv())["type"] == "resync"
        for kind, statement in steps.items():
            values = {"a": agent, "e": enterprise, "q": queue, "c": call}
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            async with asyncio.timeout(5), api.database.platform() as session:
                await session.execute(text(statement), named)
                began = asyncio.get_running_loop().time()
            async with asyncio.timeout(5):
                while orjson.loads(await socket.recv())["type"] != kind:
                    pass
            assert asyncio.get_running_loop().time() - began < 1
