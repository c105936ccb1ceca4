"""Call events as they happen, over a WebSocket."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response, WebSocket
from starlette.websockets import WebSocketDisconnect

from hotline.agents.live import AgentView, own_presence, own_queues
from hotline.api.parts import parts_of
from hotline.api.scope import authenticate_socket, socket_enterprise, socket_scope
from hotline.kit.errors import ForbiddenError, HotlineError
from hotline.live.hub import LiveHub, Subscription, View
from hotline.staff.permissions import Permission
from hotline.staff.principal import Principal

router = APIRouter(tags=["live"])

KEEPALIVE: Final = orjson.dumps({"type": "keepalive"}).decode()
SESSION_OVER: Final = 4401
TOO_SLOW: Final = 4408


@router.websocket("/live")
async def live(websocket: WebSocket, enterprise_id: Annotated[UUID | None, Query()] = None) -> None:
    """Messages ``{"type", "enterprise_id", "call_id", "hotline_id", "at"}`` of one's enterprise.

    The operator sees all enterprises, or the one asked for; an agent what concerns the own call
    and, without their calls, what colleagues are doing and who waits in the own queues. ``resync``
    says to fetch again what is shown; ``keepalive`` comes regularly. Closed with 4401 when the
    session is over and with 4408 when the client is too slow.
    """
    try:
        principal, permission = await _watcher(websocket)
        watches_all = principal.is_operator and enterprise_id is None
        chosen = None if watches_all else socket_enterprise(principal, enterprise_id)
        view = None
        if permission is Permission.AGENTS_WORK and chosen is not None:
            view = await _own_view(websocket, chosen, principal)
    except HotlineError as error:
        await websocket.send_denial_response(Response(status_code=error.status))
        return
    await websocket.accept()
    hub = parts_of(websocket).live
    async with hub.subscription(chosen, view) as subscription:
        code = await _serve(websocket, hub, subscription, permission)
    if code is not None:
        await _close(websocket, code, hub.times.send)


async def _watcher(websocket: WebSocket) -> tuple[Principal, Permission]:
    """Who watches, and by which right: all calls, or an agent's own."""
    try:
        return await authenticate_socket(websocket, Permission.CALLS_READ), Permission.CALLS_READ
    except ForbiddenError:
        own = Permission.AGENTS_WORK
        return await authenticate_socket(websocket, own), own


async def _own_view(websocket: WebSocket, enterprise_id: UUID, principal: Principal) -> View:
    async with socket_scope(websocket, enterprise_id) as session:
        found = await own_presence(session, principal.id)
        if found is None:
            raise ForbiddenError
        agent_id, call_id = found
        return AgentView(agent_id, call_id, await own_queues(session, agent_id))


async def _serve(
    websocket: WebSocket, hub: LiveHub, subscription: Subscription, permission: Permission
) -> int | None:
    """Until one of these ends; the code to close with, None where the client has gone."""
    tasks = [
        asyncio.create_task(work)
        for work in (
            _send(websocket, hub, subscription),
            _receive(websocket),
            _check(websocket, hub, subscription, permission),
            _watch_lag(subscription),
        )
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _send(websocket: WebSocket, hub: LiveHub, subscription: Subscription) -> int | None:
    while True:
        message = await subscription.messages.get()
        try:
            async with asyncio.timeout(hub.times.send):
                await websocket.send_text(message)
        except TimeoutError:
            return TOO_SLOW
        except (WebSocketDisconnect, RuntimeError):
            return None


async def _receive(websocket: WebSocket) -> int | None:
    """Clients have nothing to say; this notices when they leave."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
    return None


async def _check(
    websocket: WebSocket, hub: LiveHub, subscription: Subscription, permission: Permission
) -> int | None:
    """Look from time to time whether the session, the person and the role are still there, and
    which queues an agent is in."""
    clock = parts_of(websocket).clock
    while True:
        await clock.sleep(hub.times.check)
        try:
            await authenticate_socket(websocket, permission)
        except HotlineError:
            return SESSION_OVER
        await _follow_queues(websocket, subscription)
        subscription.offer(KEEPALIVE)


async def _follow_queues(websocket: WebSocket, subscription: Subscription) -> None:
    """An agent may have been put into queues, or taken out, since they began to watch."""
    view, enterprise_id = subscription.view, subscription.enterprise_id
    if isinstance(view, AgentView) and enterprise_id is not None:
        async with socket_scope(websocket, enterprise_id) as session:
            view.serves(await own_queues(session, view.agent_id))


async def _watch_lag(subscription: Subscription) -> int | None:
    await subscription.lagging.wait()
    return TOO_SLOW


async def _close(websocket: WebSocket, code: int, patience: float) -> None:
    """Say why and leave; a client that does not even take that is left to the server."""
    try:
        async with asyncio.timeout(patience):
            await websocket.close(code)
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        return
