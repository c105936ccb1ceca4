"""Call handling over HTTP: for agents in their calls and after them, and for supervisors."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hotline.agents.rules import day_of
from hotline.agents.service import NoAgentError
from hotline.api.etag import SeenVersion
from hotline.api.kept import PlainApi
from hotline.api.paging import Page, PagingParameters, page_of
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, WaitingScope, require, require_waiting
from hotline.handling.me import agent_of
from hotline.handling.own import lines_of, own_calls, queue_loads
from hotline.handling.schemas import (
    CallCommand,
    CallNote,
    CommandAnswer,
    Disposition,
    DispositionChange,
    ForbiddenNumber,
    Line,
    NewDisposition,
    NewForbiddenNumber,
    NewNote,
    OwnCall,
    OwnCallRecord,
    PlaceCall,
    PlacedCall,
    QueueLoad,
)
from hotline.handling.service import (
    CallsOfAgents,
    Dispositions,
    ForbiddenNumbers,
    NotYourCallError,
)
from hotline.records.repository import page
from hotline.staff.permissions import Permission

router = APIRouter(tags=["call handling"])

Own = Annotated[RequestScope, require(Permission.AGENTS_WORK)]
Reading = Annotated[RequestScope, require(Permission.CALLS_READ)]
Writing = Annotated[RequestScope, require(Permission.AGENTS_WRITE)]
Working = Annotated[WaitingScope, require_waiting(Permission.AGENTS_WORK)]
_DISPOSITIONS = PlainApi(Dispositions, Disposition.of)
_FORBIDDEN = PlainApi(ForbiddenNumbers, ForbiddenNumber.of)


# ---------------------------------------------------------------- running calls


@router.get("/agent/call", summary="The call that I am offered or have")
async def own_call_read(scope: Own) -> OwnCall | None:
    """null: there is none."""
    me = await agent_of(scope)
    call = await CallsOfAgents(scope.session, scope.enterprise_id).current(me)
    if call is None:
        return None
    others = await lines_of(scope.session, call["call_id"], me)
    return OwnCall(**call, lines=[Line(**each) for each in others])


@router.get("/agent/calls", summary="My calls of a day, newest first")
async def own_calls_list(
    scope: Own,
    request: Request,
    paging: PagingParameters,
    day: Annotated[date | None, Query(description="In China; today, when absent.")] = None,
) -> Page[OwnCallRecord]:
    """Those that rang at me and those that I placed."""
    me = await agent_of(scope)
    chosen = day or day_of(parts_of(request).clock.now())
    rows = await page(scope.session, own_calls(scope.enterprise_id, me, chosen), paging)
    return page_of(
        rows, paging, key=lambda row: (row["started_at"], row["id"]), show=OwnCallRecord.of
    )


@router.get("/agent/queues", summary="The queues and how busy they are, my own first")
async def own_queues_list(scope: Own) -> list[QueueLoad]:
    me = await agent_of(scope)
    rows = await queue_loads(scope.session, scope.enterprise_id, me)
    return [QueueLoad(**row) for row in rows]


@router.post("/calls/{call_id}/commands", summary="Hold, transfer, hang up, …")
async def calls_command(
    call_id: UUID, body: CallCommand, scope: Working, request: Request
) -> CommandAnswer:
    """For agents in that call, and for supervisors. Refused with a reason where it cannot be."""
    async with scope.open() as opened:
        agent_id = await _commander(opened, call_id)
        if agent_id is None:
            await opened.audit(f"call.{body.verb}", "call", call_id)
    arguments = body.model_dump(mode="json", exclude={"verb"}, exclude_none=True)
    result = await parts_of(request).commands.send(
        scope.enterprise_id,
        call_id,
        body.verb,
        arguments,
        agent_id=agent_id,
        user_id=scope.principal.id if scope.principal.kind == "user" else None,
    )
    return CommandAnswer(result=result)


async def _commander(scope: RequestScope, call_id: UUID) -> UUID | None:
    """As whom the call is commanded: an agent in it, or None for a supervisor.

    Raises NotFoundError, NotYourCallError.
    """
    whose = CallsOfAgents(scope.session, scope.enterprise_id)
    await whose.check_exists(call_id)
    try:
        me = await agent_of(scope)
    except NoAgentError:
        me = None
    if me is not None and await whose.is_in(me, call_id):
        return me
    if scope.principal.may(Permission.CALLS_SUPERVISE):
        return None
    raise NotYourCallError


@router.post("/agent/calls", status_code=202, summary="Call a number on my own device")
async def own_calls_place(body: PlaceCall, scope: Working, request: Request) -> PlacedCall:
    """My device rings first, then the customer's phone, who sees my approved number."""
    async with scope.open() as opened:
        me = await agent_of(opened)
    call_id = await parts_of(request).commands.place(
        scope.enterprise_id, me, body.number, user_id=scope.principal.id
    )
    return PlacedCall(call_id=call_id)


# ---------------------------------------------------------------- after the call


@router.put("/calls/{call_id}/note", summary="Say how a call of mine came out")
async def call_notes_keep(call_id: UUID, body: NewNote, scope: Own) -> CallNote:
    kept = CallsOfAgents(scope.session, scope.enterprise_id)
    await kept.check_exists(call_id)
    me = await agent_of(scope)
    return CallNote.of(await kept.note(call_id, me, body.disposition_id, body.note))


@router.get("/calls/{call_id}/notes", summary="What agents say about a call")
async def call_notes_list(call_id: UUID, scope: Reading) -> list[CallNote]:
    kept = CallsOfAgents(scope.session, scope.enterprise_id)
    await kept.check_exists(call_id)
    return [CallNote.of(row) for row in await kept.notes(call_id)]


@router.get("/dispositions", summary="How calls can come out, newest first")
async def dispositions_list(scope: Own, paging: PagingParameters) -> Page[Disposition]:
    return await _DISPOSITIONS.page(scope, paging)


@router.post("/dispositions", status_code=201, summary="Add a disposition")
async def dispositions_create(
    body: NewDisposition, scope: Writing, response: Response
) -> Disposition:
    return await _DISPOSITIONS.add(scope, body, response)


@router.get("/dispositions/{disposition_id}", summary="One disposition")
async def dispositions_read(disposition_id: UUID, scope: Own, response: Response) -> Disposition:
    return await _DISPOSITIONS.read(scope, disposition_id, response)


@router.patch("/dispositions/{disposition_id}", summary="Change a disposition")
async def dispositions_update(
    disposition_id: UUID,
    body: DispositionChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> Disposition:
    return await _DISPOSITIONS.change(scope, disposition_id, seen, body, response)


@router.delete("/dispositions/{disposition_id}", status_code=204, summary="Remove a disposition")
async def dispositions_delete(disposition_id: UUID, scope: Writing) -> None:
    """Notes keep its code."""
    await _DISPOSITIONS.remove(scope, disposition_id)


@router.get("/forbidden-numbers", summary="Numbers that agents may not call, newest first")
async def forbidden_numbers_list(scope: Writing, paging: PagingParameters) -> Page[ForbiddenNumber]:
    return await _FORBIDDEN.page(scope, paging)


@router.post("/forbidden-numbers", status_code=201, summary="Forbid agents to call a number")
async def forbidden_numbers_create(body: NewForbiddenNumber, scope: Writing) -> ForbiddenNumber:
    return ForbiddenNumber.of(await _FORBIDDEN.of(scope).add(body.model_dump()))


@router.delete("/forbidden-numbers/{forbidden_id}", status_code=204, summary="Allow a number again")
async def forbidden_numbers_delete(forbidden_id: UUID, scope: Writing) -> None:
    await _FORBIDDEN.remove(scope, forbidden_id)
