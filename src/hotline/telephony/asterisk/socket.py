"""A WebSocket client (RFC 6455) as an asyncio protocol: writes at once, calls back per message.

The sans-I/O half is the ``websockets`` library's. What we leave out is its queue and the task
switch per message, both of which cost more than the parsing.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import cast

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

PING_INTERVAL = 5.0
MISSED_PINGS_ALLOWED = 3
LETTING_GO = 0.05
"""Seconds that Asterisk takes after closing until the application's name is free again."""


class SocketRefused(Exception):
    """The peer did not accept the upgrade, or the connection could not be made."""


class Socket(asyncio.Protocol):
    """One connection. ``on_message`` gets each text message, ``on_lost`` is called once."""

    def __init__(
        self, url: str, on_message: Callable[[bytes], None], on_lost: Callable[[], None]
    ) -> None:
        self._url = url
        self._protocol = ClientProtocol(parse_uri(url), max_size=None)
        self._on_message = on_message
        self._on_lost = on_lost
        self._fragments: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._pinger: asyncio.TimerHandle | None = None
        self._unanswered_pings = 0
        self._loop = asyncio.get_running_loop()
        self._open: asyncio.Future[None] = self._loop.create_future()
        self._closed: asyncio.Future[None] = self._loop.create_future()

    @classmethod
    async def connect(
        cls,
        url: str,
        username: str,
        password: str,
        on_message: Callable[[bytes], None],
        on_lost: Callable[[], None],
        *,
        within: float,
    ) -> Socket:
        """Open a connection with HTTP Basic credentials. Raises SocketRefused."""
        socket = cls(url, on_message, on_lost)
        uri = parse_uri(url)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(within):
                await loop.create_connection(
                    lambda: socket, uri.host, uri.port, ssl=True if uri.secure else None
                )
                socket._upgrade(username, password)
                await socket._open
        except (OSError, TimeoutError, InvalidHandshake) as error:
            socket.abort()
            raise SocketRefused(f"{uri.host}:{uri.port}: {error or 'no answer in time'}") from error
        return socket

    @property
    def is_open(self) -> bool:
        return self._protocol.state is State.OPEN and self._transport is not None

    def send(self, message: bytes) -> None:
        """Write a text message; it leaves in order and without waiting."""
        self._protocol.send_text(message)
        self._flush()

    def close(self) -> None:
        """Say goodbye and close; ``on_lost`` follows."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(1000)
            self._flush()
        if self._transport is not None:
            self._transport.close()

    async def close_and_wait(self, within: float) -> None:
        """Say goodbye and wait for the peer to close, so that it is done with us before others."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(1000)
            self._flush()
            await asyncio.wait([self._closed], timeout=within)
            await asyncio.sleep(LETTING_GO)
        self.abort()

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    # ------------------------------------------------------------ asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every loop's transports are registered as asyncio.Transport (uvloop's are not).
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._frame(event)
            elif isinstance(event, Response):
                self._upgraded()
        if self._protocol.handshake_exc is not None and not self._open.done():
            self._open.set_exception(self._protocol.handshake_exc)
        self._flush()
        if self._protocol.close_expected() and self._transport is not None:
            self._transport.close()

    def eof_received(self) -> None:
        self._protocol.receive_eof()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if not self._closed.done():
            self._closed.set_result(None)
        if self._pinger is not None:
            self._pinger.cancel()
        if not self._open.done():
            self._open.set_exception(error or ConnectionError("closed during the upgrade"))
            self._open.exception()
            return
        self._on_lost()

    # ------------------------------------------------------------ inside

    def _upgrade(self, username: str, password: str) -> None:
        request = self._protocol.connect()
        credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
        request.headers["Authorization"] = f"Basic {credentials}"
        self._protocol.send_request(request)
        self._flush()

    def _upgraded(self) -> None:
        if self._protocol.handshake_exc is None and not self._open.done():
            self._open.set_result(None)
            self._pinger = self._loop.call_later(PING_INTERVAL, self._ping)

    def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.TEXT or frame.opcode is Opcode.CONT:
            if frame.fin and not self._fragments:
                self._on_message(bytes(frame.data))
                return
            self._fragments.append(bytes(frame.data))
            if frame.fin:
                message = b"".join(self._fragments)
                self._fragments.clear()
                self._on_message(message)
        elif frame.opcode is Opcode.PONG:
            self._unanswered_pings = 0

    def _ping(self) -> None:
        """A peer that vanished without a word is found by its missing pongs."""
        if not self.is_open:
            return
        if self._unanswered_pings >= MISSED_PINGS_ALLOWED:
            self.abort()
            return
        self._unanswered_pings += 1
        self._protocol.send_ping(b"")
        self._flush()
        self._pinger = self._loop.call_later(PING_INTERVAL, self._ping)

    def _flush(self) -> None:
        data = b"".join(self._protocol.data_to_send())
        if data and self._transport is not None:
            self._transport.write(data)
