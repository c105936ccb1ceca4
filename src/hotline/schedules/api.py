"""Opening hours over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from hotline.api.etag import SeenVersion
from hotline.api.kept import PlainApi
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, require
from hotline.schedules.schemas import NewSchedule, Schedule, ScheduleChange, ScheduleState
from hotline.schedules.service import Schedules
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/schedules", tags=["schedules"])

Reading = Annotated[RequestScope, require(Permission.SCHEDULES_READ)]
Writing = Annotated[RequestScope, require(Permission.SCHEDULES_WRITE)]
_SCHEDULES = PlainApi(Schedules, Schedule.of, mode="json")


@router.get("", summary="Opening hours, newest first")
async def schedules_list(scope: Reading, paging: PagingParameters) -> Page[Schedule]:
    return await _SCHEDULES.page(scope, paging)


@router.post("", status_code=201, summary="Keep opening hours")
async def schedules_create(body: NewSchedule, scope: Writing, response: Response) -> Schedule:
    return await _SCHEDULES.add(scope, body, response)


@router.get("/{schedule_id}", summary="One set of opening hours")
async def schedules_read(schedule_id: UUID, scope: Reading, response: Response) -> Schedule:
    return await _SCHEDULES.read(scope, schedule_id, response)


@router.get("/{schedule_id}/state", summary="Whether it is open")
async def schedules_state(
    schedule_id: UUID,
    scope: Reading,
    request: Request,
    at: Annotated[AwareDatetime | None, Query(description="Now, when absent.")] = None,
) -> ScheduleState:
    instant = at or parts_of(request).clock.now()
    return ScheduleState(at=instant, open=await _SCHEDULES.of(scope).is_open(schedule_id, instant))


@router.patch("/{schedule_id}", summary="Change opening hours; the next call obeys")
async def schedules_update(
    schedule_id: UUID, body: ScheduleChange, scope: Writing, seen: SeenVersion, response: Response
) -> Schedule:
    return await _SCHEDULES.change(scope, schedule_id, seen, body, response)


@router.delete("/{schedule_id}", status_code=204, summary="Remove opening hours nobody uses")
async def schedules_delete(schedule_id: UUID, scope: Writing) -> None:
    await _SCHEDULES.remove(scope, schedule_id)
