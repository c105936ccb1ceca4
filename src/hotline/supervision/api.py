"""Supervision over HTTP: who does what now, and being present at a call."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from hotline.agents.rules import day_of
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, require
from hotline.calls.commands import CommandBus, NoOwnDevice
from hotline.db.tenant_rows import TenantRows
from hotline.queues.api import midnight_before
from hotline.records.models import calls
from hotline.staff.permissions import Permission
from hotline.supervision.repository import (
    AGENTS,
    HOTLINES,
    OPEN_CALLS,
    QUEUE_AGENTS,
    QUEUES,
    SUPERVISIONS,
    agent_of_user,
    rows_of,
)
from hotline.supervision.schemas import (
    AgentFigures,
    HotlineFigures,
    OpenCall,
    OpenCalls,
    QueueFigures,
    Supervision,
    SupervisionRequest,
    SupervisionStarted,
    Wallboard,
)

router = APIRouter(tags=["supervision"])

Watching = Annotated[RequestScope, require(Permission.CALLS_READ)]
Supervising = Annotated[RequestScope, require(Permission.CALLS_SUPERVISE)]


@router.get("/wallboard", summary="Queues, agents and hotlines now and today")
async def wallboard_read(scope: Watching, request: Request) -> Wallboard:
    """Fetch it once, and again at what the live socket tells: `agent_state`, `queue_entry` and
    the events of calls come within a second."""
    now = parts_of(request).clock.now()
    values = {"now": now, "midnight": midnight_before(now), "day": day_of(now)}
    states: dict[UUID, dict[str, int]] = {}
    for row in await rows_of(scope.session, QUEUE_AGENTS, scope.enterprise_id):
        states.setdefault(row["queue_id"], {})[row["state"]] = row["agents"]
    queues = await rows_of(scope.session, QUEUES, scope.enterprise_id, **values)
    agents = await rows_of(scope.session, AGENTS, scope.enterprise_id, **values)
    hotlines = await rows_of(scope.session, HOTLINES, scope.enterprise_id, **values)
    return Wallboard(
        at=now,
        queues=[QueueFigures.of(row, states.get(row["queue_id"], {})) for row in queues],
        agents=[AgentFigures.of(row) for row in agents],
        hotlines=[HotlineFigures(**row) for row in hotlines],
    )


@router.get("/calls/live", summary="Calls in progress and where each caller is")
async def calls_live(scope: Watching, request: Request) -> OpenCalls:
    now = parts_of(request).clock.now()
    rows = await rows_of(scope.session, OPEN_CALLS, scope.enterprise_id)
    return OpenCalls(at=now, items=[OpenCall.of(row, now) for row in rows])


@router.get("/calls/{call_id}/supervision", summary="Who was present at a call, and when")
async def supervision_list(call_id: UUID, scope: Supervising) -> list[Supervision]:
    await _call(scope, call_id)
    rows = await rows_of(scope.session, SUPERVISIONS, scope.enterprise_id, call=call_id)
    return [Supervision.of(row) for row in rows]


@router.post("/calls/{call_id}/supervision", status_code=202, summary="Be present at a call")
async def supervision_begin(
    call_id: UUID, body: SupervisionRequest, scope: Supervising, request: Request
) -> SupervisionStarted:
    """My own device rings; once answered I hear the call. Nobody in it is told."""
    return await _be_present(scope, request, call_id, body)


@router.patch("/calls/{call_id}/supervision", summary="Go on in another mode")
async def supervision_change(
    call_id: UUID, body: SupervisionRequest, scope: Supervising, request: Request
) -> SupervisionStarted:
    return await _be_present(scope, request, call_id, body, change=True)


@router.delete("/calls/{call_id}/supervision", status_code=204, summary="Leave the call")
async def supervision_end(call_id: UUID, scope: Supervising, request: Request) -> None:
    """Harmless when I am not there."""
    await _call(scope, call_id)
    agent_id = await _own_agent(scope)
    await scope.audit("call.stop_listening", "call", call_id)
    await _send(scope, request, call_id, "stop_listening", {"agent_id": str(agent_id)})


@router.post("/calls/{call_id}/hangup", status_code=204, summary="End a call for everybody")
async def supervision_hangup(call_id: UUID, scope: Supervising, request: Request) -> None:
    await _call(scope, call_id)
    await scope.audit("call.hangup", "call", call_id)
    await _send(scope, request, call_id, "hangup", {})


async def _be_present(
    scope: RequestScope,
    request: Request,
    call_id: UUID,
    body: SupervisionRequest,
    *,
    change: bool = False,
) -> SupervisionStarted:
    await _call(scope, call_id)
    agent_id = await _own_agent(scope)
    await scope.audit(f"call.{body.mode.value}", "call", call_id, {"agent_id": (None, agent_id)})
    arguments = {
        "agent_id": str(agent_id),
        "user_id": str(scope.principal.id),
        "change": change,
    }
    answer = await _send(scope, request, call_id, body.mode.value, arguments)
    return SupervisionStarted(mode=body.mode, **answer)


async def _call(scope: RequestScope, call_id: UUID) -> None:
    """Raises NotFoundError."""
    await TenantRows(scope.session, calls, scope.enterprise_id).get(call_id)


async def _own_agent(scope: RequestScope) -> UUID:
    """Whose device is rung. Raises NoOwnDevice."""
    found = None
    if scope.principal.kind == "user":
        found = await agent_of_user(scope.session, scope.enterprise_id, scope.principal.id)
    if found is None:
        raise NoOwnDevice
    return found


async def _send(
    scope: RequestScope, request: Request, call_id: UUID, verb: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    """What was noted for the audit trail is not kept when the call refuses."""
    bus = CommandBus(scope.database, parts_of(request).clock)
    user = scope.principal.id if scope.principal.kind == "user" else None
    return await bus.send(scope.enterprise_id, call_id, verb, arguments, user_id=user)
