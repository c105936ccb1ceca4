"""Agents for those who set them up and watch them, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from hotline.agents.importing import AgentImporter
from hotline.agents.lists import AgentLine, BadAgentLine, ListError, read_agents
from hotline.agents.models import agents
from hotline.agents.rules import AgentState
from hotline.agents.schemas import (
    Agent,
    AgentChange,
    AgentImport,
    AgentPresence,
    AgentTimes,
    NewAgent,
    RefusedAgent,
    SipLogin,
    StateAnswer,
    StateRequest,
    TimeInState,
)
from hotline.agents.service import Agents
from hotline.agents.states import AgentStates
from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.problem import prefers_chinese
from hotline.api.scope import RequestScope, SignedIn, require
from hotline.kit.errors import InvalidError
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/agents", tags=["agents"])

Reading = Annotated[RequestScope, require(Permission.AGENTS_READ)]
Writing = Annotated[RequestScope, require(Permission.AGENTS_WRITE)]
Commanding = Annotated[RequestScope, require(Permission.AGENTS_COMMAND)]
First = Annotated[
    date | None, Query(alias="from", description="A day in China; today, when absent.")
]
Last = Annotated[
    date | None, Query(alias="to", description="The last day, included; today, when absent.")
]


def _service(scope: RequestScope) -> Agents:
    return Agents(scope.session, scope.enterprise_id, scope.audit)


def _states(scope: RequestScope) -> AgentStates:
    return AgentStates(scope.session, scope.enterprise_id)


@router.get("", summary="Agents, newest first")
async def agents_list(
    scope: Reading,
    paging: PagingParameters,
    text: Annotated[
        str | None, Query(max_length=64, description="Contained in the name or extension.")
    ] = None,
    enabled: bool | None = None,
) -> Page[Agent]:
    statement = _service(scope).all()
    if text:
        statement = statement.where(
            agents.c.name.contains(text, autoescape=True)
            | agents.c.extension.contains(text, autoescape=True)
        )
    if enabled is not None:
        statement = statement.where(agents.c.enabled == enabled)
    return await list_page(scope.session, statement, paging, agents, Agent.of)


@router.post("", status_code=201, summary="Set up an agent")
async def agents_create(body: NewAgent, scope: Writing, response: Response) -> Agent:
    """The SIP accounts can register at once; a SIP phone's secret is had by resetting it."""
    row = await _service(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return Agent.of(row)


@router.get("/states", summary="What every agent is doing, by extension")
async def agents_states(
    scope: Reading, request: Request, state: Annotated[AgentState | None, Query()] = None
) -> list[AgentPresence]:
    now = parts_of(request).clock.now()
    return [AgentPresence.of(row, now) for row in await _states(scope).everybody(state)]


@router.get("/times", summary="How long agents were in each state")
async def agents_times(
    scope: Reading, request: Request, first: First = None, last: Last = None
) -> AgentTimes:
    """By agent, day in China, state and reason; 92 days at most."""
    now = parts_of(request).clock.now()
    rows = await _states(scope).times(None, first, last, now)
    return AgentTimes(items=[TimeInState(**row) for row in rows])


async def _read_lines(principal: SignedIn, request: Request) -> list[AgentLine | BadAgentLine]:
    """Read before the transaction begins, so that none waits for a slow upload."""
    del principal
    try:
        return list(read_agents(await request.body()))
    except ListError as error:
        raise InvalidError(fields={"body": error.words}) from error


@router.post(
    "/import",
    summary="Set up many agents",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "分机,姓名,登录名,接听号码,技能\n"
                    "1001,王芳,chenxing.wang,13900000002,英语:8;退款:5\n",
                }
            },
        }
    },
)
async def agents_import(
    *,
    lines: Annotated[list[AgentLine | BadAgentLine], Depends(_read_lines)],
    scope: Writing,
    request: Request,
    all_or_nothing: Annotated[
        bool, Query(description="One bad line leaves the whole list out.")
    ] = False,
) -> AgentImport:
    """CSV, one agent a line: extension, name, login, own phone, skills; from login on optional.

    Every line is accounted for: added, or refused with its reason.
    """
    importer = AgentImporter(scope.session, scope.enterprise_id, scope.audit)
    added, bad = await importer.add(lines, all_or_nothing=all_or_nothing)
    chinese = prefers_chinese(request.headers.get("accept-language", ""))
    return AgentImport(
        added=added,
        errors=[
            RefusedAgent(
                line=one.number, text=one.text, message=one.words.zh if chinese else one.words.en
            )
            for one in bad
        ],
    )


@router.get("/{agent_id}", summary="One agent")
async def agents_read(agent_id: UUID, scope: Reading, response: Response) -> Agent:
    row = await _service(scope).get(agent_id)
    set_etag(response, row["updated_at"])
    return Agent.of(row)


@router.patch("/{agent_id}", summary="Change an agent; the next call obeys")
async def agents_update(
    agent_id: UUID, body: AgentChange, scope: Writing, seen: SeenVersion, response: Response
) -> Agent:
    values = body.model_dump(exclude_unset=True)
    row = await _service(scope).change(agent_id, seen, values)
    set_etag(response, row["updated_at"])
    return Agent.of(row)


@router.delete("/{agent_id}", status_code=204, summary="Remove an agent who is in no call")
async def agents_delete(agent_id: UUID, scope: Writing) -> None:
    """The agent's phones are registered no longer; past calls and times stay."""
    await _service(scope).remove(agent_id)


@router.post("/{agent_id}/sip-secret", summary="A new secret for the SIP phone, shown this once")
async def agents_sip_secret(agent_id: UUID, scope: Writing, request: Request) -> SipLogin:
    """The phone that is registered with the old one is dropped."""
    account, secret = await _service(scope).reset_secret(agent_id)
    request.state.response_is_secret = True
    return SipLogin(account=account, secret=secret)


@router.get("/{agent_id}/state", summary="What an agent is doing")
async def agents_state(agent_id: UUID, scope: Reading, request: Request) -> AgentPresence:
    row = await _states(scope).of(agent_id)
    return AgentPresence.of(row, parts_of(request).clock.now())


@router.post("/{agent_id}/state", summary="Change what an agent is doing")
async def agents_force(
    agent_id: UUID, body: StateRequest, scope: Commanding, request: Request
) -> StateAnswer:
    """During a call it comes after it. Noted in the audit trail."""
    states, now = _states(scope), parts_of(request).clock.now()
    before = await states.of(agent_id)
    state = AgentState(body.state)
    await states.check_reason(state, body.reason)
    when = await states.ask(agent_id, state, body.reason, now)
    changes = {"state": (before["state"], body.state), "reason": (before["reason"], body.reason)}
    await scope.audit("agent.state", "agent", agent_id, changes)
    after = await states.of(agent_id)
    return StateAnswer(effective=when, presence=AgentPresence.of(after, now))


@router.get("/{agent_id}/times", summary="How long an agent was in each state")
async def agents_own_times(
    agent_id: UUID, scope: Reading, request: Request, first: First = None, last: Last = None
) -> AgentTimes:
    states = _states(scope)
    await states.of(agent_id)
    rows = await states.times(agent_id, first, last, parts_of(request).clock.now())
    return AgentTimes(items=[TimeInState(**row) for row in rows])
