"""Boxes and messages over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters, page_of
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, WaitingScope, require, require_waiting
from hotline.calls.commands import CommandRefused
from hotline.handling.me import agent_of
from hotline.jobs.queue import JobQueue
from hotline.kit.ids import new_id
from hotline.recordings.listening import SOUND, sound_of, store_of
from hotline.recordings.service import Recordings
from hotline.staff.permissions import Permission, Role
from hotline.voicemail.boxes import Boxes
from hotline.voicemail.models import boxes
from hotline.voicemail.schemas import (
    Box,
    BoxChange,
    CalledBack,
    Message,
    MessageChange,
    MessageStatus,
    NewBox,
)
from hotline.voicemail.service import MessageFilters, Messages

router = APIRouter(prefix="/voicemail", tags=["voicemail"])

ReadingBoxes = Annotated[RequestScope, require(Permission.VOICEMAIL_BOXES_READ)]
WritingBoxes = Annotated[RequestScope, require(Permission.VOICEMAIL_BOXES_WRITE)]
Listening = Annotated[RequestScope, require(Permission.VOICEMAIL_LISTEN)]
CallingBack = Annotated[WaitingScope, require_waiting(Permission.VOICEMAIL_HANDLE)]
Handling = Annotated[RequestScope, require(Permission.VOICEMAIL_HANDLE)]


def _boxes(scope: RequestScope) -> Boxes:
    return Boxes(scope.session, scope.enterprise_id, scope.audit)


def _messages(scope: RequestScope) -> Messages:
    """Agents hear their own boxes, everybody else with the permission all of them."""
    principal = scope.principal
    own = principal.id if principal.role is Role.AGENT else None
    return Messages(scope.session, scope.enterprise_id, scope.audit, own_boxes_of=own)


def _filters(
    *,
    box_id: Annotated[UUID | None, Query()] = None,
    hotline_id: Annotated[UUID | None, Query()] = None,
    status: Annotated[MessageStatus | None, Query()] = None,
    caller: Annotated[
        str | None, Query(pattern=r"^\+?[0-9]{1,20}$", description="A number or its beginning.")
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="Left then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Left before then.")] = None,
) -> MessageFilters:
    return MessageFilters(
        box_id=box_id,
        hotline_id=hotline_id,
        status=status,
        caller=caller,
        since=since,
        until=until,
    )


# ---------------------------------------------------------------- boxes


@router.get("/boxes", summary="Boxes, newest first")
async def voicemail_boxes_list(scope: ReadingBoxes, paging: PagingParameters) -> Page[Box]:
    return await list_page(scope.session, _boxes(scope).all(), paging, boxes, Box.of)


@router.post("/boxes", status_code=201, summary="Set up a box")
async def voicemail_boxes_create(body: NewBox, scope: WritingBoxes, response: Response) -> Box:
    row = await _boxes(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return Box.of(row)


@router.get("/boxes/{box_id}", summary="One box")
async def voicemail_boxes_read(box_id: UUID, scope: ReadingBoxes, response: Response) -> Box:
    row = await _boxes(scope).get(box_id)
    set_etag(response, row["updated_at"])
    return Box.of(row)


@router.patch("/boxes/{box_id}", summary="Change a box; the next call obeys")
async def voicemail_boxes_update(
    box_id: UUID, body: BoxChange, scope: WritingBoxes, seen: SeenVersion, response: Response
) -> Box:
    row = await _boxes(scope).change(box_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return Box.of(row)


@router.delete("/boxes/{box_id}", status_code=204, summary="Remove an empty box")
async def voicemail_boxes_delete(box_id: UUID, scope: WritingBoxes) -> None:
    await _boxes(scope).remove(box_id)


# ---------------------------------------------------------------- messages


@router.get("/messages", summary="Messages one may hear, newest first")
async def voicemail_messages_list(
    scope: Listening,
    paging: PagingParameters,
    filters: Annotated[MessageFilters, Depends(_filters)],
) -> Page[Message]:
    rows = await _messages(scope).page(filters, paging)
    return page_of(rows, paging, key=lambda row: (row["left_at"], row["id"]), show=Message.of)


@router.get("/messages/{message_id}", summary="One message")
async def voicemail_messages_read(message_id: UUID, scope: Listening) -> Message:
    return Message.of(await _messages(scope).get(message_id))


@router.get(
    "/messages/{message_id}/audio",
    summary="Listen; the message is then heard, and who listened is noted",
    response_class=StreamingResponse,
    responses=SOUND,
)
async def voicemail_messages_listen(
    message_id: UUID,
    scope: Listening,
    request: Request,
    range_: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> StreamingResponse:
    service = _messages(scope)
    await service.get(message_id)
    sounds = Recordings(scope.session, scope.enterprise_id, scope.audit, "message")
    row = await sounds.get_stored(message_id)
    answer = await sound_of(store_of(request), row, range_)
    await service.heard(message_id, scope.principal.id, parts_of(request).clock.now())
    return answer


@router.patch("/messages/{message_id}", summary="Mark a message, write a note on it")
async def voicemail_messages_update(
    message_id: UUID, body: MessageChange, scope: Handling, request: Request
) -> Message:
    now = parts_of(request).clock.now()
    values = body.model_dump(exclude_unset=True)
    return Message.of(await _messages(scope).change(message_id, values, scope.principal.id, now))


@router.post(
    "/messages/{message_id}/call-back",
    status_code=202,
    summary="Call back who left it, on my own device",
)
async def voicemail_messages_call_back(
    message_id: UUID, scope: CallingBack, request: Request
) -> CalledBack:
    """My device rings first, then the caller's phone, who sees my approved number. The message
    keeps who called back, when, and by which call."""
    call_id = new_id()
    async with scope.open() as opened:
        me = await agent_of(opened)
        number = await _messages(opened).begin_callback(message_id, me, call_id)
    try:
        await parts_of(request).commands.place(
            scope.enterprise_id, me, number, user_id=scope.principal.id, call_id=call_id
        )
    except CommandRefused:
        async with scope.open() as opened:
            await _messages(opened).no_callback(call_id)
        raise
    return CalledBack(call_id=call_id)


@router.delete("/messages/{message_id}", status_code=204, summary="Delete a message for good")
async def voicemail_messages_delete(message_id: UUID, scope: Handling) -> None:
    await _messages(scope).remove(message_id, JobQueue())
