"""A WebSocket client (RFC 6455) as an asyncio protocol: writes at once, calls back per message.

The ``websockets`` library makes the handshake. Its queue, the task switch and the generators it
parses each frame with cost more than all else that is done with an event, so frames are ours.
"""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import Callable
from typing import cast

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.http11 import Response
from websockets.uri import parse_uri

from hotline.telephony.asterisk.beat import Beat
from hotline.telephony.asterisk.frames import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    FrameReader,
    Frames,
    frame,
)

PING_INTERVAL = 5.0
MISSED_PINGS_ALLOWED = 3
COUNTING = 0.1
MUCH = 12
"""Messages in ``COUNTING`` seconds: some thirty forwarded calls a second."""
_GATHERED = 1 << 18
"""Bytes that do not wait for the beat."""
LETTING_GO = 0.05
"""Seconds that Asterisk takes after closing until the application's name is free again."""
NORMAL_CLOSURE = (1000).to_bytes(2)


class SocketRefused(Exception):
    """The peer did not accept the upgrade, or the connection could not be made."""


class Socket(asyncio.Protocol):
    """One connection. ``on_message`` gets each text message, ``on_lost`` is called once."""

    def __init__(
        self,
        url: str,
        on_message: Callable[[bytes], None],
        on_lost: Callable[[], None],
        beat: Beat,
    ) -> None:
        self._beat = beat
        self._protocol = ClientProtocol(parse_uri(url), max_size=None)
        self._on_message = on_message
        self._on_lost = on_lost
        self._head = b""
        self._reader = FrameReader()
        self._fragments: list[bytes] = []
        self._is_open = False
        self._transport: asyncio.Transport | None = None
        self._pinger: asyncio.TimerHandle | None = None
        self._unanswered_pings = 0
        self._counted_since = 0.0
        self._count = 0
        self._much_comes = False
        self._gathers = False
        self._outgoing: list[bytes] = []
        """Frames that leave together when the loop comes round."""
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
        beat: Beat,
    ) -> Socket:
        """Open a connection with HTTP Basic credentials. Raises SocketRefused.

        While much comes in, it is read at each ``beat``.
        """
        made = cls(url, on_message, on_lost, beat)
        uri = parse_uri(url)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(within):
                await loop.create_connection(
                    lambda: made, uri.host, uri.port, ssl=True if uri.secure else None
                )
                made._upgrade(username, password)
                await made._open
        except (OSError, TimeoutError, InvalidHandshake) as error:
            made.abort()
            raise SocketRefused(f"{uri.host}:{uri.port}: {error or 'no answer in time'}") from error
        return made

    @property
    def is_open(self) -> bool:
        return self._is_open and self._transport is not None

    def send(self, message: bytes) -> None:
        """Write a text message; it leaves in order and without waiting.

        Messages of one turn of the loop are one write: a call's commands come in threes, and each
        write wakes the peer.
        """
        if not self._outgoing:
            self._loop.call_soon(self._flush)
        self._outgoing.append(frame(TEXT, message))

    def close(self) -> None:
        """Say goodbye and close; ``on_lost`` follows."""
        self._flush()
        self._say_goodbye()
        if self._transport is not None:
            self._transport.close()

    async def close_and_wait(self, within: float) -> None:
        """Say goodbye and wait for the peer to close, so that it is done with us before others."""
        if self.is_open:
            self._say_goodbye()
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
        if not self._open.done():
            data = self._upgraded(data)
        try:
            frames = self._reader.feed(data) if data else ()
        except ValueError:
            self.abort()
            return
        self._take(frames)
        self._gather(len(frames))

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._is_open = False
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
        self._write(request.serialize())

    def _upgraded(self, data: bytes) -> bytes:
        """Take in the answer to the upgrade; what follows it."""
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return b""
        # A refusal may have a body, which ends where the connection ends.
        end = end + 4 if self._head.startswith(b"HTTP/1.1 101") else len(self._head)
        head, rest = self._head[:end], self._head[end:]
        self._protocol.receive_data(head)
        if not any(isinstance(event, Response) for event in self._protocol.events_received()):
            return b""
        refused = self._protocol.handshake_exc
        if refused is not None:
            self._open.set_exception(refused)
            return b""
        self._is_open = True
        self._open.set_result(None)
        self._pinger = self._loop.call_later(PING_INTERVAL, self._ping)
        return rest

    def _take(self, frames: Frames) -> None:
        for opcode, final, payload in frames:
            if opcode == TEXT and final:
                self._on_message(payload)
            elif opcode in {TEXT, CONTINUATION}:
                self._fragments.append(payload)
                if final:
                    message = b"".join(self._fragments)
                    self._fragments.clear()
                    self._on_message(message)
            elif opcode == PONG:
                self._unanswered_pings = 0
            elif opcode == PING:
                self._write(frame(PONG, payload))
            elif opcode == CLOSE:
                self.close()

    def _ping(self) -> None:
        """A peer that vanished without a word is found by its missing pongs."""
        if not self.is_open:
            return
        if self._unanswered_pings >= MISSED_PINGS_ALLOWED:
            self.abort()
            return
        self._unanswered_pings += 1
        self._write(frame(PING, b""))
        self._pinger = self._loop.call_later(PING_INTERVAL, self._ping)

    def _gather(self, count: int) -> None:
        """While much comes in, let what comes next gather until the next beat.

        With many calls, theirs are read and answered together; with few, none waits.
        """
        now = self._loop.time()
        self._count += count
        if (since := now - self._counted_since) > COUNTING:
            self._much_comes = self._count * COUNTING > MUCH * since
            self._counted_since, self._count = now, 0
        if self._much_comes and not self._gathers:
            self._gathers = True
            self._wake_for(_GATHERED)
            self._beat.at_next(self._go_on)

    def _go_on(self) -> None:
        self._gathers = False
        self._wake_for(1)

    def _wake_for(self, count: int) -> None:
        """Have the system wake us for that many bytes, or for the end of the connection.

        A transport that is told to pause is woken once more before it does.
        """
        if self._transport is None:
            return
        fd = self._transport.get_extra_info("socket").fileno()
        # The transport's own object does not let its options be set.
        borrowed = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0, fileno=fd)
        try:
            borrowed.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, count)
        finally:
            borrowed.detach()

    def _say_goodbye(self) -> None:
        if self.is_open:
            self._write(frame(CLOSE, NORMAL_CLOSURE))
            self._is_open = False

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        if outgoing and self._transport is not None:
            self._transport.write(b"".join(outgoing))

    def _write(self, data: bytes) -> None:
        self._flush()
        if self._transport is not None:
            self._transport.write(data)
