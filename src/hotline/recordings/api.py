"""Recordings over HTTP, for those who may listen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import RequestScope, require
from hotline.jobs.queue import JobQueue
from hotline.recordings.keeping import AudioRules
from hotline.recordings.listening import SOUND, file_name, sound_of, store_of
from hotline.recordings.models import recordings
from hotline.recordings.schemas import Intactness, KeepingRules, Recording
from hotline.recordings.service import RecordingFilters, Recordings, is_intact
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/recordings", tags=["recordings"])

Listening = Annotated[RequestScope, require(Permission.RECORDINGS_LISTEN)]
Deleting = Annotated[RequestScope, require(Permission.RECORDINGS_DELETE)]


def _service(scope: RequestScope) -> Recordings:
    return Recordings(scope.session, scope.enterprise_id, scope.audit)


def _filters(
    *,
    call_id: Annotated[UUID | None, Query(description="Of this call only.")] = None,
    hotline_id: Annotated[UUID | None, Query()] = None,
    agent_id: Annotated[UUID | None, Query(description="Who talked.")] = None,
    queue_id: Annotated[UUID | None, Query(description="By which the call came.")] = None,
    number: Annotated[
        str | None,
        Query(
            pattern=r"^\+?[0-9]{1,20}$",
            description="The caller's or one that was called; whole, or its beginning.",
        ),
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="Recorded then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Recorded before then.")] = None,
) -> RecordingFilters:
    return RecordingFilters(
        call_id=call_id,
        hotline_id=hotline_id,
        agent_id=agent_id,
        queue_id=queue_id,
        number=number,
        since=since,
        until=until,
    )


@router.get("", summary="Recordings, newest first")
async def recordings_list(
    scope: Listening,
    paging: PagingParameters,
    filters: Annotated[RecordingFilters, Depends(_filters)],
) -> Page[Recording]:
    statement = _service(scope).all(filters)
    return await list_page(scope.session, statement, paging, recordings, Recording.of)


@router.get("/rules", summary="For how long sounds are kept")
async def recordings_rules_read(scope: Listening) -> KeepingRules:
    return _rules_shown(await _rules(scope).get())


@router.put("/rules", summary="Say for how long sounds are kept; older ones are deleted")
async def recordings_rules_update(body: KeepingRules, scope: Deleting) -> KeepingRules:
    return _rules_shown(await _rules(scope).set(body.model_dump()))


def _rules(scope: RequestScope) -> AudioRules:
    return AudioRules(scope.session, scope.enterprise_id, scope.audit)


def _rules_shown(values: Mapping[str, Any]) -> KeepingRules:
    return KeepingRules(
        recording_days=values["recording_days"], message_days=values["message_days"]
    )


@router.get("/{recording_id}", summary="One recording")
async def recordings_read(recording_id: UUID, scope: Listening) -> Recording:
    return Recording.of(await _service(scope).get(recording_id))


@router.get(
    "/{recording_id}/audio",
    summary="Listen, or save it; each time is noted in the audit trail",
    response_class=StreamingResponse,
    responses=SOUND,
)
async def recordings_listen(
    recording_id: UUID,
    scope: Listening,
    request: Request,
    range_: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
    *,
    download: Annotated[bool, Query(description="Give it a name to be saved under.")] = False,
) -> StreamingResponse:
    service = _service(scope)
    row = await service.get_stored(recording_id)
    name = file_name(row) if download else None
    answer = await sound_of(store_of(request), row, range_, save_as=name)
    await service.note_listening(recording_id, saved=download)
    return answer


@router.post("/{recording_id}/verification", summary="Compare the stored file with its checksum")
async def recordings_verify(recording_id: UUID, scope: Listening, request: Request) -> Intactness:
    row = await _service(scope).get_stored(recording_id)
    return Intactness(intact=await is_intact(store_of(request), row))


@router.delete("/{recording_id}", status_code=204, summary="Delete a recording's sound")
async def recordings_delete(recording_id: UUID, scope: Deleting) -> None:
    await _service(scope).remove(recording_id, JobQueue())
