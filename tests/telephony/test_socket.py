"""The WebSocket to the switch, against a server of the library's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from hotline.telephony.asterisk.beat import Beat
from hotline.telephony.asterisk.socket import Socket

MESSAGES = [f"{number}".encode() for number in range(400)]


class Peer:
    """One connection, and what came over it."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.is_lost = asyncio.Event()

    async def got(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.received) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Peer, Socket, ServerConnection]]:
    peer, arrived = Peer(), asyncio.get_running_loop().create_future()

    async def handle(connection: ServerConnection) -> None:
        arrived.set_result(connection)
        await connection.wait_closed()

    async with serve(handle, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        socket = await Socket.connect(
            f"ws://127.0.0.1:{port}/",
            *("user", "password", peer.received.append, peer.is_lost.set),
            within=5,
            beat=Beat(),
        )
        try:
            yield peer, socket, await arrived
        finally:
            socket.abort()


async def test_many_messages_are_read_together_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads = 0
    take = Socket.data_received

    def counted(socket: Socket, data: bytes) -> None:
        nonlocal reads
        reads += 1
        take(socket, data)

    monkeypatch.setattr(Socket, "data_received", counted)
    async with connected() as (peer, _, server):
        reads = 0
        for message in MESSAGES:
            await server.send(message, text=True)
            await asyncio.sleep(0.001)
        await peer.got(len(MESSAGES))
    assert peer.received == MESSAGES
    assert reads < len(MESSAGES) / 2


async def test_of_few_messages_none_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a call or two make them: some at once, then nothing for a while."""
    waits = 0
    go_on = Socket._go_on

    def counted(socket: Socket) -> None:
        nonlocal waits
        waits += 1
        go_on(socket)

    monkeypatch.setattr(Socket, "_go_on", counted)
    async with connected() as (peer, _, server):
        for place in range(0, 80, 4):
            for message in MESSAGES[place : place + 4]:
                await server.send(message, text=True)
            await peer.got(place + 4)
            await asyncio.sleep(0.05)
    assert waits == 0


async def test_a_connection_lost_while_messages_gather_is_noticed() -> None:
    async with connected() as (peer, _, server):
        for message in MESSAGES:
            await server.send(message, text=True)
            await asyncio.sleep(0.001)
        server.transport.abort()
        async with asyncio.timeout(5):
            await peer.is_lost.wait()


async def test_what_is_sent_together_arrives_in_order() -> None:
    async with connected() as (_, socket, server):
        for message in MESSAGES:
            socket.send(message)
        got = [await server.recv(decode=False) for _ in MESSAGES]
    assert got == MESSAGES
