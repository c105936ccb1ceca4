"""Screened numbers and blocked areas over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from hotline.api.etag import SeenVersion
from hotline.api.kept import PlainApi
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import RequestScope, SignedIn, require
from hotline.screening.importing import import_result, lines_read_by, list_body, text_in
from hotline.screening.models import blocked_areas, screening_entries
from hotline.screening.rules import (
    AreaLine,
    BadLine,
    Line,
    Match,
    read_areas,
    read_list,
)
from hotline.screening.schemas import (
    Action,
    BlockedArea,
    BlockedAreaChange,
    ImportResult,
    NewBlockedArea,
    NewScreeningEntry,
    ScreeningEntry,
    ScreeningEntryChange,
)
from hotline.screening.service import BlockedAreas, ScreeningEntries
from hotline.staff.permissions import Permission

router = APIRouter(tags=["screening"])

Reading = Annotated[RequestScope, require(Permission.SCREENING_READ)]
Writing = Annotated[RequestScope, require(Permission.SCREENING_WRITE)]
_ENTRIES = PlainApi(ScreeningEntries, ScreeningEntry.of)
_AREAS = PlainApi(BlockedAreas, BlockedArea.of)


@router.get("/screening-entries", summary="Screened numbers, newest first")
async def screening_entries_list(
    scope: Reading,
    paging: PagingParameters,
    hotline_id: UUID | None = None,
    number: Annotated[
        str | None, Query(pattern=r"^\+?[0-9]{1,20}$", description="Contained in the number.")
    ] = None,
) -> Page[ScreeningEntry]:
    return await _ENTRIES.page(
        scope,
        paging,
        screening_entries.c.hotline_id == hotline_id if hotline_id is not None else None,
        screening_entries.c.pattern.contains(number, autoescape=True)
        if number is not None
        else None,
    )


@router.post("/screening-entries", status_code=201, summary="Screen a number or prefix")
async def screening_entries_create(
    body: NewScreeningEntry, scope: Writing, response: Response
) -> ScreeningEntry:
    return await _ENTRIES.add(scope, body, response)


async def _read_lines(
    principal: SignedIn, request: Request, match: Annotated[Match, Query()] = Match.NUMBER
) -> list[Line | BadLine]:
    """Read before the transaction begins, but for nobody who is not logged in."""
    del principal
    return list(read_list(await text_in(request), match))


@router.post(
    "/screening-entries/import",
    summary="Screen a whole list",
    openapi_extra=list_body("号码,截止日期,备注\n13812345678,2026-12-31,骚扰电话\n"),
)
async def screening_entries_import(
    *,
    lines: Annotated[list[Line | BadLine], Depends(_read_lines)],
    scope: Writing,
    request: Request,
    match: Annotated[Match, Query(description="What the numbers in the list are.")] = Match.NUMBER,
    action: Annotated[Action, Query()] = "reject",
    hotline_id: Annotated[UUID | None, Query(description="Every hotline, when absent.")] = None,
    all_or_nothing: Annotated[
        bool, Query(description="One bad line leaves the whole list out.")
    ] = False,
) -> ImportResult:
    """Text or CSV, one entry a line: number, date until which it holds (optional), note (optional).

    Every line is accounted for: added, known already, or refused with its reason.
    """
    common = {"match": match, "action": action, "hotline_id": hotline_id}
    result = await _ENTRIES.of(scope).import_lines(lines, common, all_or_nothing=all_or_nothing)
    return import_result(result.added, result.known, result.bad, request)


@router.get("/screening-entries/{entry_id}", summary="One screened number")
async def screening_entries_read(
    entry_id: UUID, scope: Reading, response: Response
) -> ScreeningEntry:
    return await _ENTRIES.read(scope, entry_id, response)


@router.patch("/screening-entries/{entry_id}", summary="Change how a number is screened")
async def screening_entries_update(
    entry_id: UUID,
    body: ScreeningEntryChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> ScreeningEntry:
    return await _ENTRIES.change(scope, entry_id, seen, body, response)


@router.delete("/screening-entries/{entry_id}", status_code=204, summary="Screen it no longer")
async def screening_entries_delete(entry_id: UUID, scope: Writing) -> None:
    await _ENTRIES.remove(scope, entry_id)


@router.post(
    "/blocked-areas/import",
    summary="Block a whole list of areas",
    openapi_extra=list_body("区号,局号,备注\n0755,8266,诈骗高发\n0870\n"),
)
async def blocked_areas_import(
    lines: Annotated[list[AreaLine | BadLine], Depends(lines_read_by(read_areas))],
    scope: Writing,
    request: Request,
    hotline_id: Annotated[UUID | None, Query(description="Every hotline, when absent.")] = None,
) -> ImportResult:
    """Text or CSV, one area a line: area code, office code (optional), note (optional)."""
    result = await _AREAS.of(scope).import_lines(lines, hotline_id)
    return import_result(result.added, result.known, result.bad, request)


@router.get("/blocked-areas", summary="Blocked areas, newest first")
async def blocked_areas_list(
    scope: Reading, paging: PagingParameters, hotline_id: UUID | None = None
) -> Page[BlockedArea]:
    of_hotline = blocked_areas.c.hotline_id == hotline_id if hotline_id is not None else None
    return await _AREAS.page(scope, paging, of_hotline)


@router.post("/blocked-areas", status_code=201, summary="Block an area")
async def blocked_areas_create(
    body: NewBlockedArea, scope: Writing, response: Response
) -> BlockedArea:
    return await _AREAS.add(scope, body, response)


@router.get("/blocked-areas/{area_id}", summary="One blocked area")
async def blocked_areas_read(area_id: UUID, scope: Reading, response: Response) -> BlockedArea:
    return await _AREAS.read(scope, area_id, response)


@router.patch("/blocked-areas/{area_id}", summary="Change a blocked area")
async def blocked_areas_update(
    area_id: UUID, body: BlockedAreaChange, scope: Writing, seen: SeenVersion, response: Response
) -> BlockedArea:
    return await _AREAS.change(scope, area_id, seen, body, response)


@router.delete("/blocked-areas/{area_id}", status_code=204, summary="Block it no longer")
async def blocked_areas_delete(area_id: UUID, scope: Writing) -> None:
    await _AREAS.remove(scope, area_id)
