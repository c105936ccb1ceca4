"""The way of a browser's phone to the switch: SIP over WebSocket (RFC 7118), passed on.

The switch's own HTTP server also takes its control commands and is not for the public; here only
people who are logged in get through, and only to SIP.
"""

from __future__ import annotations

import asyncio
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
_SIP: Final = Subprotocol("sip")
_LARGEST: Final = 65_536
"""Bytes of one SIP message."""
_OPEN_WITHIN: Final = 5.0


@router.websocket(PATH)
async def own_agent_phone_socket(websocket: WebSocket) -> None:
    """Closed with 4401 when the session is over and with 1013 when the switch is away."""
    try:
        await authenticate_socket(websocket, Permission.AGENTS_WORK)
        switch = await _open(parts_of(websocket).settings.phone_socket)
    except HotlineError as error:
        await websocket.send_denial_response(Response(status_code=error.status))
        return
    async with switch:
        await websocket.accept(subprotocol=_SIP)
        code = await _relay(websocket, switch)
    if code is not None:
        try:
            await websocket.close(code)
        except (RuntimeError, WebSocketDisconnect):  # it has left meanwhile
            return


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
            max_size=_LARGEST,
            compression=None,
            proxy=None,
        )
    except (OSError, TimeoutError, WebSocketException) as error:
        raise UnavailableError(words) from error


async def _relay(websocket: WebSocket, switch: ClientConnection) -> int | None:
    """Until one side leaves; the code to close with, None where the browser has gone."""
    tasks = [
        asyncio.create_task(work)
        for work in (_up(websocket, switch), _down(websocket, switch), _check(websocket))
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _up(websocket: WebSocket, switch: ClientConnection) -> int | None:
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            await switch.send(message["bytes"] if text is None else text)
    except ConnectionClosed:
        return SWITCH_GONE


async def _down(websocket: WebSocket, switch: ClientConnection) -> int | None:
    try:
        async for message in switch:
            if isinstance(message, str):
                await websocket.send_text(message)
            else:
                await websocket.send_bytes(message)
    except ConnectionClosed:
        return SWITCH_GONE
    except (WebSocketDisconnect, RuntimeError):
        return None
    return SWITCH_GONE


async def _check(websocket: WebSocket) -> int | None:
    """Look from time to time whether the session, the person and the role are still there."""
    parts = parts_of(websocket)
    while True:
        await parts.clock.sleep(parts.live.times.check)
        try:
            await authenticate_socket(websocket, Permission.AGENTS_WORK)
        except HotlineError:
            return SESSION_OVER
