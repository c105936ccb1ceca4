"""Call records over HTTP. They are never changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime
from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.api.paging import Page, Paging, PagingParameters, page_of
from hotline.api.parts import parts_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.kit.errors import TooLargeError, Words
from hotline.records.repository import (
    Filters,
    Reopen,
    call_of,
    count_up_to,
    events_of,
    in_batches,
    legs_of,
    matching,
    matching_anywhere,
    page,
    recordings_of,
)
from hotline.records.rules import BOM, HEADINGS, csv_lines, record_row
from hotline.records.schemas import (
    CallDetail,
    CallEvent,
    CallRecording,
    CallWithTargets,
    Direction,
    OutcomeFilter,
    PlatformCall,
)
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/calls", tags=["calls"])
platform = APIRouter(prefix="/platform", tags=["calls"])
Shown = TypeVar("Shown", bound=CallWithTargets)

_NUMBER: Final = r"^(\*[0-9]{1,20}|\+?[0-9]{1,20}\*?)$"

Reading = Annotated[RequestScope, require(Permission.CALLS_READ)]
ReadingAll = Annotated[PlatformScope, require_platform(Permission.CALLS_READ)]
Exporting = Annotated[RequestScope, require(Permission.CALLS_EXPORT)]


class ExportTooLargeError(TooLargeError):
    status = 422
    error_id = "export-too-large"
    title = "This is more than one export holds; choose a shorter time"
    title_zh = "记录过多，请缩短时间范围后分次导出"


def _filters(
    *,
    since: Annotated[AwareDatetime | None, Query(description="Began then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Began before then.")] = None,
    caller: Annotated[
        str | None,
        Query(pattern=_NUMBER, description="A whole number, its beginning `138*` or end `*5678`."),
    ] = None,
    destination: Annotated[
        str | None, Query(pattern=_NUMBER, description="A number that was tried; the same forms.")
    ] = None,
    province: Annotated[str | None, Query(max_length=20)] = None,
    city: Annotated[str | None, Query(max_length=20)] = None,
    outcome: Annotated[OutcomeFilter | None, Query()] = None,
    hotline_id: Annotated[UUID | None, Query()] = None,
    direction: Annotated[Direction | None, Query()] = None,
    agent_id: Annotated[
        UUID | None, Query(description="Who was called, or placed the call.")
    ] = None,
    queue_id: Annotated[
        UUID | None, Query(description="In which the caller waited, or that was given the call.")
    ] = None,
) -> Filters:
    return Filters(
        since=since,
        until=until,
        caller=caller,
        destination=destination,
        province=province,
        city=city,
        outcome=outcome,
        hotline_id=hotline_id,
        direction=direction,
        agent_id=agent_id,
        queue_id=queue_id,
    )


Filtered = Annotated[Filters, Depends(_filters)]


@router.get("", summary="Calls, newest first")
async def calls_list(
    scope: Reading, paging: PagingParameters, filters: Filtered
) -> Page[CallWithTargets]:
    statement = matching(scope.enterprise_id, filters)
    return await _listed(scope.session, statement, paging, CallWithTargets.with_legs)


@platform.get("/calls", summary="Calls of all enterprises and of none, newest first")
async def platform_calls_list(
    scope: ReadingAll,
    paging: PagingParameters,
    filters: Filtered,
    *,
    of_no_enterprise: Annotated[
        bool, Query(description="Only calls to numbers that no hotline has.")
    ] = False,
) -> Page[PlatformCall]:
    statement = matching_anywhere(filters, of_no_enterprise=of_no_enterprise)
    return await _listed(scope.session, statement, paging, PlatformCall.with_legs)


async def _listed(
    session: AsyncSession,
    statement: Select[Any],
    paging: Paging,
    with_legs: Callable[[RowMapping, Sequence[RowMapping]], Shown],
) -> Page[Shown]:
    rows = await page(session, statement, paging)
    legs = await legs_of(session, [row["id"] for row in rows])
    return page_of(
        rows,
        paging,
        key=lambda row: (row["started_at"], row["id"]),
        show=lambda row: with_legs(row, legs[row["id"]]),
    )


@router.get(
    "/export",
    summary="Calls as a spreadsheet",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def calls_export(scope: Exporting, filters: Filtered, request: Request) -> StreamingResponse:
    """CSV in UTF-8 with Chinese headings, times of China, newest first; bounded in number."""
    limit = parts_of(request).settings.export_limit
    statement = matching(scope.enterprise_id, filters)
    found = await count_up_to(scope.session, statement, limit + 1)
    if found > limit:
        raise ExportTooLargeError(
            Words(f"at most {limit} calls", f"一次最多导出 {limit} 条"),
            limit=limit,
        )
    asked = {name: (None, value) for name, value in asdict(filters).items() if value is not None}
    await scope.audit("calls.export", "calls", "many", {**asked, "count": (None, found)})
    return StreamingResponse(
        _csv(scope.reopen, statement),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="calls.csv"'},
    )


async def _csv(reopen: Reopen, statement: Select[Any]) -> AsyncIterator[str]:
    yield BOM + csv_lines([HEADINGS])
    async for rows, legs in in_batches(reopen, statement):
        yield csv_lines(record_row(row, legs[row["id"]]) for row in rows)


@router.get("/{call_id}", summary="One call with every leg and event")
async def calls_read(call_id: UUID, scope: Reading) -> CallDetail:
    session = scope.session
    row = await call_of(session, scope.enterprise_id, call_id)
    legs = await legs_of(session, [call_id])
    return CallDetail(
        **CallWithTargets.with_legs(row, legs[call_id]).model_dump(),
        events=[CallEvent.of(event) for event in await events_of(session, call_id)],
        recordings=[CallRecording.of(item) for item in await recordings_of(session, call_id)],
    )
