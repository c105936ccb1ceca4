"""Screened numbers and blocked areas over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.problem import prefers_chinese
from hotline.api.scope import RequestScope, SignedIn, require
from hotline.kit.errors import InvalidError, TooLargeError, Words
from hotline.screening.models import blocked_areas, screening_entries
from hotline.screening.rules import (
    MAX_LINES,
    BadLine,
    Line,
    Match,
    PatternError,
    decode_list,
    read_list,
)
from hotline.screening.schemas import (
    Action,
    BlockedArea,
    BlockedAreaChange,
    ImportResult,
    NewBlockedArea,
    NewScreeningEntry,
    RefusedLine,
    ScreeningEntry,
    ScreeningEntryChange,
)
from hotline.screening.service import BlockedAreas, ScreeningEntries
from hotline.staff.permissions import Permission

router = APIRouter(tags=["screening"])

Reading = Annotated[RequestScope, require(Permission.SCREENING_READ)]
Writing = Annotated[RequestScope, require(Permission.SCREENING_WRITE)]


def _entries(scope: RequestScope) -> ScreeningEntries:
    return ScreeningEntries(scope.session, scope.enterprise_id, scope.audit)


def _areas(scope: RequestScope) -> BlockedAreas:
    return BlockedAreas(scope.session, scope.enterprise_id, scope.audit)


@router.get("/screening-entries", summary="Screened numbers, newest first")
async def screening_entries_list(
    scope: Reading,
    paging: PagingParameters,
    hotline_id: UUID | None = None,
    number: Annotated[
        str | None, Query(pattern=r"^\+?[0-9]{1,20}$", description="Contained in the number.")
    ] = None,
) -> Page[ScreeningEntry]:
    statement = _entries(scope).all()
    if hotline_id is not None:
        statement = statement.where(screening_entries.c.hotline_id == hotline_id)
    if number is not None:
        statement = statement.where(screening_entries.c.pattern.contains(number, autoescape=True))
    return await list_page(scope.session, statement, paging, screening_entries, ScreeningEntry.of)


@router.post("/screening-entries", status_code=201, summary="Screen a number or prefix")
async def screening_entries_create(
    body: NewScreeningEntry, scope: Writing, response: Response
) -> ScreeningEntry:
    row = await _entries(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return ScreeningEntry.of(row)


async def _read_lines(
    principal: SignedIn, request: Request, match: Annotated[Match, Query()] = Match.NUMBER
) -> list[Line | BadLine]:
    """The body's lines; its size is bounded for every request alike.

    Read before the transaction begins, so that none waits for a slow upload, but for nobody who is
    not logged in.
    """
    del principal
    try:
        text = decode_list(await request.body())
    except PatternError as error:
        raise InvalidError(fields={"body": error.words}) from error
    if text.count("\n") >= MAX_LINES:
        raise TooLargeError(
            Words(f"at most {MAX_LINES} lines at a time", f"一次最多导入 {MAX_LINES} 行")
        )
    return list(read_list(text, match))


@router.post(
    "/screening-entries/import",
    summary="Screen a whole list",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "号码,截止日期,备注\n13812345678,2026-12-31,骚扰电话\n",
                }
            },
        }
    },
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
    result = await _entries(scope).import_lines(lines, common, all_or_nothing=all_or_nothing)
    chinese = prefers_chinese(request.headers.get("accept-language", ""))
    return ImportResult(
        added=result.added,
        known=result.known,
        errors=[
            RefusedLine(
                line=bad.number, text=bad.text, message=bad.words.zh if chinese else bad.words.en
            )
            for bad in result.bad
        ],
    )


@router.get("/screening-entries/{entry_id}", summary="One screened number")
async def screening_entries_read(
    entry_id: UUID, scope: Reading, response: Response
) -> ScreeningEntry:
    row = await _entries(scope).get(entry_id)
    set_etag(response, row["updated_at"])
    return ScreeningEntry.of(row)


@router.patch("/screening-entries/{entry_id}", summary="Change how a number is screened")
async def screening_entries_update(
    entry_id: UUID,
    body: ScreeningEntryChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> ScreeningEntry:
    row = await _entries(scope).change(entry_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return ScreeningEntry.of(row)


@router.delete("/screening-entries/{entry_id}", status_code=204, summary="Screen it no longer")
async def screening_entries_delete(entry_id: UUID, scope: Writing) -> None:
    await _entries(scope).remove(entry_id)


@router.get("/blocked-areas", summary="Blocked areas, newest first")
async def blocked_areas_list(
    scope: Reading, paging: PagingParameters, hotline_id: UUID | None = None
) -> Page[BlockedArea]:
    statement = _areas(scope).all()
    if hotline_id is not None:
        statement = statement.where(blocked_areas.c.hotline_id == hotline_id)
    return await list_page(scope.session, statement, paging, blocked_areas, BlockedArea.of)


@router.post("/blocked-areas", status_code=201, summary="Block an area")
async def blocked_areas_create(
    body: NewBlockedArea, scope: Writing, response: Response
) -> BlockedArea:
    row = await _areas(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return BlockedArea.of(row)


@router.get("/blocked-areas/{area_id}", summary="One blocked area")
async def blocked_areas_read(area_id: UUID, scope: Reading, response: Response) -> BlockedArea:
    row = await _areas(scope).get(area_id)
    set_etag(response, row["updated_at"])
    return BlockedArea.of(row)


@router.patch("/blocked-areas/{area_id}", summary="Change a blocked area")
async def blocked_areas_update(
    area_id: UUID, body: BlockedAreaChange, scope: Writing, seen: SeenVersion, response: Response
) -> BlockedArea:
    row = await _areas(scope).change(area_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return BlockedArea.of(row)


@router.delete("/blocked-areas/{area_id}", status_code=204, summary="Block it no longer")
async def blocked_areas_delete(area_id: UUID, scope: Writing) -> None:
    await _areas(scope).remove(area_id)
