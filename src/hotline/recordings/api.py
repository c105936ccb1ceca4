"""Recordings over HTTP, for those who may listen."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.ranges import part_headers, read_range
from hotline.api.scope import RequestScope, require
from hotline.jobs.queue import JobQueue
from hotline.kit.errors import UnavailableError, Words
from hotline.recordings.models import recordings
from hotline.recordings.schemas import Intactness, Recording
from hotline.recordings.service import Recordings, is_intact
from hotline.recordings.storage import RecordingStore
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/recordings", tags=["recordings"])

Listening = Annotated[RequestScope, require(Permission.RECORDINGS_LISTEN)]
Deleting = Annotated[RequestScope, require(Permission.RECORDINGS_DELETE)]
_WAV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The sound, 8 kHz, 16 bit, mono."},
    206: {"content": {"audio/wav": {}}, "description": "The part asked for."},
}


def _store(request: Request) -> RecordingStore:
    store = parts_of(request).recordings
    if store is None:
        raise UnavailableError(Words("no storage is set up here", "本节点未配置录音存储"))
    return store


def _service(scope: RequestScope) -> Recordings:
    return Recordings(scope.session, scope.enterprise_id, scope.audit)


@router.get("", summary="Recordings, newest first")
async def recordings_list(
    scope: Listening,
    paging: PagingParameters,
    call_id: Annotated[UUID | None, Query(description="Of this call only.")] = None,
) -> Page[Recording]:
    statement = _service(scope).all(call_id)
    return await list_page(scope.session, statement, paging, recordings, Recording.of)


@router.get("/{recording_id}", summary="One recording")
async def recordings_read(recording_id: UUID, scope: Listening) -> Recording:
    return Recording.of(await _service(scope).get(recording_id))


@router.get(
    "/{recording_id}/audio",
    summary="Listen; each time is noted in the audit trail",
    response_class=StreamingResponse,
    responses=_WAV,
)
async def recordings_listen(
    recording_id: UUID,
    scope: Listening,
    request: Request,
    range_: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> StreamingResponse:
    service = _service(scope)
    row = await service.get_stored(recording_id)
    size: int = row["bytes"]
    part = read_range(range_, size)
    start, end = part or (0, size)
    await service.note_listening(recording_id)
    return StreamingResponse(
        _store(request).read(row["storage_key"], start, end),
        status_code=206 if part else 200,
        media_type="audio/wav",
        headers={**part_headers(part, size), "Cache-Control": "private, no-store"},
    )


@router.post("/{recording_id}/verification", summary="Compare the stored file with its checksum")
async def recordings_verify(recording_id: UUID, scope: Listening, request: Request) -> Intactness:
    row = await _service(scope).get_stored(recording_id)
    return Intactness(intact=await is_intact(_store(request), row))


@router.delete("/{recording_id}", status_code=204, summary="Delete a recording's sound")
async def recordings_delete(recording_id: UUID, scope: Deleting) -> None:
    await _service(scope).remove(recording_id, JobQueue())
