"""Supervision over HTTP: who does what now, and being present at a call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.rules import day_of
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, WaitingScope, require, require_waiting
from hotline.calls.commands import NoOwnDevice
from hotline.db.tenant_rows import TenantRows
from hotline.queues.api import midnight_before
from hotline.records.lines import EVENTS, open_lines
from hotline.records.models import calls
from hotline.staff.permissions import Permission
from hotline.supervision.repository import (
    AGENT_NAMES,
    AGENTS,
    HOTLINES,
    OPEN_CALLS,
    QUEUE_AGENTS,
    QUEUES,
    SUPERVISIONS,
    agent_of_user,
    rows_of,
    stored_events,
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
    TotalFigures,
    Wallboard,
)

router = APIRouter(tags=["supervision"])

Watching = Annotated[RequestScope, require(Permission.CALLS_READ)]
Supervising = Annotated[RequestScope, require(Permission.CALLS_SUPERVISE)]
Commanding = Annotated[WaitingScope, require_waiting(Permission.CALLS_SUPERVISE)]


@router.get("/wallboard", summary="Queues, agents and hotlines now and today")
async def wallboard_read(scope: Watching, request: Request) -> Wallboard:
    """Fetch it once, and again at what the live socket tells: `agent_state`, `queue_entry` and
    the events of calls come within a second."""
    now = parts_of(request).clock.now()
    values = {"now": now, "midnight": midnight_before(now), "day": day_of(now)}
    states: dict[UUID, dict[str, int]] = {}
    for row in await rows_of(scope.session, QUEUE_AGENTS, scope.enterprise_id):
        states.setdefault(row["queue_id"], {})[row["state"]] = row["agents"]
    queue_rows = await rows_of(scope.session, QUEUES, scope.enterprise_id, **values)
    agent_rows = await rows_of(scope.session, AGENTS, scope.enterprise_id, **values)
    hotline_rows = await rows_of(scope.session, HOTLINES, scope.enterprise_id, **values)
    queues = [QueueFigures.of(row, states.get(row["queue_id"], {})) for row in queue_rows]
    agents = [AgentFigures.of(row) for row in agent_rows]
    hotlines = [HotlineFigures(**row) for row in hotline_rows]
    return Wallboard(
        at=now,
        total=TotalFigures.of(queues, agents, hotlines),
        queues=queues,
        agents=agents,
        hotlines=hotlines,
    )


async def open_calls(session: AsyncSession, enterprise_id: UUID, now: datetime) -> list[OpenCall]:
    """Longest first; the first 500."""
    rows = await rows_of(session, OPEN_CALLS, enterprise_id, of_lines=list(EVENTS))
    lines = [open_lines(stored_events(row["events"])) for row in rows]
    ids = [line.agent_id for call in lines for line in call if line.agent_id is not None]
    people = await rows_of(session, AGENT_NAMES, enterprise_id, ids=ids) if ids else []
    names = {person["id"]: person["name"] for person in people}
    return [OpenCall.of(row, call, names, now) for row, call in zip(rows, lines, strict=True)]


@router.get("/calls/live", summary="Calls in progress and where each caller is")
async def calls_live(scope: Watching, request: Request) -> OpenCalls:
    now = parts_of(request).clock.now()
    return OpenCalls(at=now, items=await open_calls(scope.session, scope.enterprise_id, now))


@router.get("/calls/{call_id}/supervision", summary="Who was present at a call, and when")
async def supervision_list(call_id: UUID, scope: Supervising) -> list[Supervision]:
    await _check_call(scope, call_id)
    rows = await rows_of(scope.session, SUPERVISIONS, scope.enterprise_id, call=call_id)
    return [Supervision.of(row) for row in rows]


@router.post("/calls/{call_id}/supervision", status_code=202, summary="Be present at a call")
async def supervision_begin(
    call_id: UUID, body: SupervisionRequest, scope: Commanding, request: Request
) -> SupervisionStarted:
    """My own device rings; once answered I hear the call. Nobody in it is told."""
    return await _be_present(scope, request, call_id, body)


@router.patch("/calls/{call_id}/supervision", summary="Go on in another mode")
async def supervision_change(
    call_id: UUID, body: SupervisionRequest, scope: Commanding, request: Request
) -> SupervisionStarted:
    return await _be_present(scope, request, call_id, body, change=True)


@router.delete("/calls/{call_id}/supervision", status_code=204, summary="Leave the call")
async def supervision_end(call_id: UUID, scope: Commanding, request: Request) -> None:
    """Harmless when I am not there."""
    agent_id = await _own_agent(scope, call_id)
    await _send(scope, request, call_id, "stop_listening", {"agent_id": str(agent_id)})
    await _audit(scope, "call.stop_listening", call_id, agent_id)


async def _be_present(
    scope: WaitingScope,
    request: Request,
    call_id: UUID,
    body: SupervisionRequest,
    *,
    change: bool = False,
) -> SupervisionStarted:
    agent_id = await _own_agent(scope, call_id)
    arguments = {
        "agent_id": str(agent_id),
        "user_id": str(scope.principal.id),
        "change": change,
    }
    answer = await _send(scope, request, call_id, body.mode.value, arguments)
    await _audit(scope, f"call.{body.mode.value}", call_id, agent_id)
    return SupervisionStarted(mode=body.mode, **answer)


async def _own_agent(scope: WaitingScope, call_id: UUID) -> UUID:
    """Whose device is rung for that call. Raises NotFoundError, NoOwnDevice."""
    async with scope.open() as opened:
        await _check_call(opened, call_id)
        found = None
        if scope.principal.kind == "user":
            found = await agent_of_user(opened.session, scope.enterprise_id, scope.principal.id)
    if found is None:
        raise NoOwnDevice
    return found


async def _check_call(scope: RequestScope, call_id: UUID) -> None:
    """Raises NotFoundError."""
    await TenantRows(scope.session, calls, scope.enterprise_id).get(call_id)


async def _send(
    scope: WaitingScope, request: Request, call_id: UUID, verb: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    user = scope.principal.id if scope.principal.kind == "user" else None
    bus = parts_of(request).commands
    return await bus.send(scope.enterprise_id, call_id, verb, arguments, user_id=user)


async def _audit(scope: WaitingScope, action: str, call_id: UUID, agent_id: UUID) -> None:
    """Only what the call did; from when until when is in its supervisions."""
    async with scope.open() as opened:
        await opened.audit(action, "call", call_id, {"agent_id": (None, agent_id)})
