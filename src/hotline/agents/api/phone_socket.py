"""The way of a browser's phone to the switch: SIP over WebSocket (RFC 7118), passed on.

The switch's own HTTP server also takes its control commands and is not for the public; here only
people who are logged in get through, and only to SIP.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from fastapi import APIRouter, Response, WebSocket
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from hotline.api.parts import parts_of
from hotline.api.scope import authenticate_socket
from hotline.kit.errors import HotlineError, UnavailableError, Words
from hotline.staff.permissions import Permission

router = APIRouter(tags=["own_agent"])

PATH: Final = "/agent/phone/socket"
SESSION_OVER: Final = 4401
SWITCH_GONE: Final = 1013
QUIET: Final = 4410
TOO_LARGE: Final = 1009
_SIP: Final = Subprotocol("sip")
_LARGEST: Final = 65_536
"""Bytes of one SIP message."""
_OPEN_WITHIN: Final = 5.0
_CLOSE_WITHIN: Final = 1.0


@router.websocket(PATH)
async def own_agent_phone_socket(websocket: WebSocket) -> None:
    """Closed with 4401 when the session is over, 1013 when the switch is away, 4410 after minutes
    without a message (a registered phone is asked for a sign of life every minute), and 1009 for a
    message of more than 64 KiB.
    """
    try:
        await authenticate_socket(websocket, Permission.AGENTS_WORK)
        switch = await _open(parts_of(websocket).settings.phone_socket)
    except HotlineError as error:
        await websocket.send_denial_response(Response(status_code=error.status))
        return
    async with switch:
        await websocket.accept(subprotocol=_SIP)
        code = await _Relay(websocket, switch).run()
        # The browser first: the switch may take its time to say goodbye.
        if code is not None:
            with suppress(RuntimeError, WebSocketDisconnect):  # it has left meanwhile
                await websocket.close(code)


async def _open(address: str | None) -> ClientConnection:
    """Raises UnavailableError."""
    words = Words("the switch", "话务交换机")
    if address is None:
        raise UnavailableError(words)
    try:
        return await connect(
            address,
            subprotocols=[_SIP],
            open_timeout=_OPEN_WITHIN,
            close_timeout=_CLOSE_WITHIN,
            max_size=_LARGEST,
            compression=None,
            proxy=None,
        )
    except (OSError, TimeoutError, WebSocketException) as error:
        raise UnavailableError(words) from error


class _Relay:
    """Passes messages on, both ways."""

    def __init__(self, websocket: WebSocket, switch: ClientConnection) -> None:
        self._websocket = websocket
        self._switch = switch
        self._parts = parts_of(websocket)
        self._last = self._parts.clock.monotonic()
        """When the latest message passed."""

    async def run(self) -> int | None:
        """Until one side leaves; the code to close with, None where the browser has gone."""
        tasks = [asyncio.create_task(work) for work in (self._up(), self._down(), self._check())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _up(self) -> int | None:
        try:
            while True:
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return None
                text = message.get("text")
                sent = message["bytes"] if text is None else text.encode()
                if len(sent) > _LARGEST:
                    return TOO_LARGE
                self._last = self._parts.clock.monotonic()
                await self._switch.send(sent, text=text is not None)
        except ConnectionClosed:
            return SWITCH_GONE

    async def _down(self) -> int | None:
        try:
            async for message in self._switch:
                self._last = self._parts.clock.monotonic()
                if isinstance(message, str):
                    await self._websocket.send_text(message)
                else:
                    await self._websocket.send_bytes(message)
        except ConnectionClosed:
            return SWITCH_GONE
        except (WebSocketDisconnect, RuntimeError):
            return None
        return SWITCH_GONE

    async def _check(self) -> int | None:
        """Look from time to time whether it is still in use, and by whom it may be."""
        while True:
            await self._parts.clock.sleep(self._parts.live.times.check)
            if self._parts.clock.monotonic() - self._last > self._parts.settings.phone_quiet:
                return QUIET
            try:
                await authenticate_socket(self._websocket, Permission.AGENTS_WORK)
            except HotlineError:
                return SESSION_OVER
