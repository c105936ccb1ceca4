"""A browser's phone registers through our WebSocket, with the secret that its agent fetched."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from sqlalchemy import text
from tests.api_world import QUICK_PASSWORDS, ApiWorld
from tests.switch.conftest import LoopbackPair
from tests.switch.test_accounts import digest_line, hosts, process
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol
from websockets.utils import accept_key

from hotline.api.parts import ApiParts, ApiSettings
from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.live.hub import LiveTimes
from hotline.staff.permissions import Role
from hotline.telephony.asterisk.process import SwitchProcess

__all__ = ["hosts", "process"]

pytestmark = pytest.mark.switch


@pytest.fixture
def api_parts(database: Database, hosts: LoopbackPair) -> ApiParts:
    settings = ApiSettings(
        phone_socket=f"ws://{hosts.switch}:8088/ws",
        live_times=LiveTimes(check=0.3),
        phone_quiet=1.5,
    )
    return ApiParts(
        database=database, clock=SystemClock(), passwords=QUICK_PASSWORDS, settings=settings
    )


@pytest.fixture
async def address(api: ApiWorld) -> AsyncIterator[str]:
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


def phone_of(address: str, path: str, client: httpx.AsyncClient | None) -> connect:
    cookies = client.cookies.items() if client else []
    return connect(
        f"ws://{address}{path}",
        origin=f"http://{address}",  # type: ignore[arg-type]
        subprotocols=[Subprotocol("sip")],
        additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies)},
        proxy=None,
    )


async def register(socket: ClientConnection, account: str, secret: str) -> int:
    """The final status of a REGISTER with the right answer to the challenge."""
    answer, line, status = "", "", 0
    for sequence in (1, 2):
        await socket.send(
            "REGISTER sip:hotline SIP/2.0\r\n"
            f"Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK{new_id().hex}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{account}@hotline>;tag=t\r\n"
            f"To: <sip:{account}@hotline>\r\nCall-ID: {id(socket)}\r\n"
            f"CSeq: {sequence} REGISTER\r\n"
            f"Contact: <sip:{account}@browser.invalid;transport=ws>\r\n"
            f"Expires: 120\r\n{line}Content-Length: 0\r\n\r\n"
        )
        async with asyncio.timeout(5):
            while True:
                received = await socket.recv()
                answer = received if isinstance(received, str) else received.decode()
                if re.search(rf"CSeq: {sequence} REGISTER", answer):
                    break
        status = int(answer[8:11])
        if status != 401:
            break
        line = digest_line(answer, "sip:hotline", account, secret)
    return status


async def test_a_browser_registers_through_us_alone(
    api: ApiWorld, address: str, process: SwitchProcess
) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    user_id, login = await api.user(Role.AGENT, ours)
    made = await admin.post(
        "/api/v1/agents", json={"extension": "1001", "name": "王芳", "user_id": str(user_id)}
    )
    assert made.status_code == 201, made.text
    me = await api.log_in_as(login)
    given = (await me.post("/api/v1/agent/phone")).json()
    with pytest.raises(InvalidStatus):
        async with phone_of(address, given["socket"], None):
            pass
    async with phone_of(address, given["socket"], me) as socket:
        assert socket.subprotocol == "sip"
        assert await register(socket, given["account"], "wrong") == 401
        assert await register(socket, given["account"], given["secret"]) == 200
        async with api.database.platform() as session:
            found = await session.execute(text("select endpoint from ps_contacts"))
            assert list(found.scalars()) == [given["account"]]
        assert (await me.delete("/api/v1/session")).status_code == 204
        async with asyncio.timeout(10):
            await socket.wait_closed()
        assert socket.close_code == 4401


async def test_what_is_too_large_or_does_nothing_is_not_kept(
    api: ApiWorld, address: str, process: SwitchProcess
) -> None:
    me = await api.log_in(Role.AGENT, await api.enterprise())
    path = "/api/v1/agent/phone/socket"
    async with phone_of(address, path, me) as socket:
        await socket.send("x" * 65_537)
        async with asyncio.timeout(5):
            await socket.wait_closed()
        assert socket.close_code == 1009
    async with phone_of(address, path, me) as socket:
        async with asyncio.timeout(10):
            await socket.wait_closed()
        assert socket.close_code == 4410


async def never_says_goodbye(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A switch that takes a WebSocket and is busy from then on."""
    request = (await reader.readuntil(b"\r\n\r\n")).decode()
    [key] = re.findall(r"Sec-WebSocket-Key: (\S+)", request)
    writer.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(key)}\r\nSec-WebSocket-Protocol: sip\r\n\r\n".encode()
    )
    await reader.read()  # until the other side has given up
    writer.close()


async def test_who_has_logged_out_is_let_go_whatever_the_switch_does(
    api: ApiWorld, address: str, hosts: LoopbackPair
) -> None:
    me = await api.log_in(Role.AGENT, await api.enterprise())
    switch = await asyncio.start_server(never_says_goodbye, hosts.switch, 8088)
    async with switch, phone_of(address, "/api/v1/agent/phone/socket", me) as socket:
        assert (await me.delete("/api/v1/session")).status_code == 204
        async with asyncio.timeout(5):
            await socket.wait_closed()
        assert socket.close_code == 4401
