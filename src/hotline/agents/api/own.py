"""What an agent does for oneself: sign in, take a break, choose a device, look at one's day."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import RowMapping

from hotline.agents.api import phone_socket
from hotline.agents.breaks import BreakReasons
from hotline.agents.facts import Device
from hotline.agents.rules import AgentState, day_of
from hotline.agents.schemas import (
    Agent,
    AgentPresence,
    AgentTimes,
    Colleague,
    DeviceChoice,
    MoreWrapUp,
    OwnAgent,
    PhoneLogin,
    StateAnswer,
    StateRequest,
    TimeInState,
)
from hotline.agents.service import Agents, NoAgentError
from hotline.agents.states import AgentStates
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, require
from hotline.kit.versions import ANY
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/agent", tags=["own_agent"])

Own = Annotated[RequestScope, require(Permission.AGENTS_WORK)]


async def _me(scope: RequestScope) -> RowMapping:
    if scope.principal.kind != "user":
        raise NoAgentError
    return await _agents(scope).of_user(scope.principal.id)


def _agents(scope: RequestScope) -> Agents:
    return Agents(scope.session, scope.enterprise_id, scope.audit)


def _states(scope: RequestScope) -> AgentStates:
    return AgentStates(scope.session, scope.enterprise_id)


async def _presence(scope: RequestScope, request: Request, agent_id: UUID) -> AgentPresence:
    row = await _states(scope).of(agent_id)
    return AgentPresence.of(row, parts_of(request).clock.now())


@router.get("", summary="My settings, state and times of today")
async def own_agent_read(scope: Own, request: Request) -> OwnAgent:
    me = await _me(scope)
    now = parts_of(request).clock.now()
    today = await _states(scope).times(me["id"], day_of(now), day_of(now), now)
    reasons = await BreakReasons(scope.session, scope.enterprise_id, scope.audit).names()
    phone = [Device.PHONE] if me["destination_id"] is not None else []
    return OwnAgent(
        agent=Agent.of(me),
        presence=await _presence(scope, request, me["id"]),
        today=[TimeInState(**row) for row in today],
        devices=[Device.BROWSER, Device.SIP, *phone],
        break_reasons=list(reasons),
    )


@router.post("/state", summary="Ready, on a break, or offline")
async def own_agent_state(body: StateRequest, scope: Own, request: Request) -> StateAnswer:
    """During a call it comes after it; from wrap-up it ends the wrap-up."""
    me = await _me(scope)
    states, state = _states(scope), AgentState(body.state)
    await states.check_reason(state, body.reason)
    now = parts_of(request).clock.now()
    when = await states.ask(me["id"], state, body.reason, now)
    return StateAnswer(effective=when, presence=await _presence(scope, request, me["id"]))


@router.post("/wrap-up", summary="More time for wrapping up")
async def own_agent_wrap_up(body: MoreWrapUp, scope: Own, request: Request) -> AgentPresence:
    """As far as the agent's settings allow."""
    me = await _me(scope)
    await _states(scope).extend_wrap_up(me["id"], body.seconds)
    return await _presence(scope, request, me["id"])


@router.post("/device", summary="What my next call rings on")
async def own_agent_device(body: DeviceChoice, scope: Own) -> Agent:
    me = await _me(scope)
    return Agent.of(await _agents(scope).change(me["id"], ANY, {"device": body.device}))


@router.post("/phone", summary="What my phone in the browser registers with")
async def own_agent_phone(scope: Own, request: Request) -> PhoneLogin:
    """A secret of its own each time: one page at a time is this agent's phone."""
    me = await _me(scope)
    account, secret = await _agents(scope).reset_secret(me["id"], webrtc=True)
    request.state.response_is_secret = True
    return PhoneLogin(account=account, secret=secret, socket=f"/api/v1{phone_socket.PATH}")


@router.get("/colleagues", summary="What the others are doing")
async def own_agent_colleagues(scope: Own) -> list[Colleague]:
    await _me(scope)
    return [Colleague.of(row) for row in await _states(scope).everybody()]


@router.get("/times", summary="How long I was in each state")
async def own_agent_times(
    scope: Own,
    request: Request,
    first: Annotated[
        date | None, Query(alias="from", description="A day in China; today, when absent.")
    ] = None,
    last: Annotated[
        date | None, Query(alias="to", description="The last day, included; today, when absent.")
    ] = None,
) -> AgentTimes:
    me = await _me(scope)
    now = parts_of(request).clock.now()
    rows = await _states(scope).times(me["id"], first, last, now)
    return AgentTimes(items=[TimeInState(**row) for row in rows])
