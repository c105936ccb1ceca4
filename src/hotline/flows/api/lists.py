"""Lists of callers and of codes over HTTP."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from hotline.api.etag import SeenVersion
from hotline.api.kept import PlainApi
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, require
from hotline.flows.list_schemas import (
    Caller,
    CallerList,
    CallerListChange,
    CodeList,
    CodeListChange,
    KeptCode,
    LockedOut,
    NewCaller,
    NewCallerList,
    NewCode,
    NewCodeList,
    Unlock,
)
from hotline.flows.lists import CallerLists, CodeLists
from hotline.flows.models import caller_list_entries, codes
from hotline.screening.importing import import_result, lines_read_by, list_body
from hotline.screening.rules import BadLine, Line, Match, read_list
from hotline.screening.schemas import ImportResult
from hotline.staff.permissions import Permission

router = APIRouter(tags=["flows"])

Reading = Annotated[RequestScope, require(Permission.FLOWS_READ)]
Writing = Annotated[RequestScope, require(Permission.FLOWS_WRITE)]
_CALLERS = PlainApi(CallerLists, CallerList.of)
_CODES = PlainApi(CodeLists, CodeList.of)
_LINES = lines_read_by(partial(read_list, match=Match.NUMBER))


@router.get("/caller-lists", summary="Caller lists, newest first")
async def caller_lists_list(scope: Reading, paging: PagingParameters) -> Page[CallerList]:
    return await _CALLERS.page(scope, paging)


@router.post("/caller-lists", status_code=201, summary="Begin a caller list")
async def caller_lists_create(
    body: NewCallerList, scope: Writing, response: Response
) -> CallerList:
    return await _CALLERS.add(scope, body, response)


@router.get("/caller-lists/{list_id}", summary="One caller list")
async def caller_lists_read(list_id: UUID, scope: Reading, response: Response) -> CallerList:
    return await _CALLERS.read(scope, list_id, response)


@router.patch("/caller-lists/{list_id}", summary="Rename a caller list")
async def caller_lists_update(
    list_id: UUID, body: CallerListChange, scope: Writing, seen: SeenVersion, response: Response
) -> CallerList:
    return await _CALLERS.change(scope, list_id, seen, body, response)


@router.delete(
    "/caller-lists/{list_id}", status_code=204, summary="Remove a caller list nobody uses"
)
async def caller_lists_delete(list_id: UUID, scope: Writing) -> None:
    await _CALLERS.remove(scope, list_id)


@router.get("/caller-lists/{list_id}/callers", summary="The numbers on a list, newest first")
async def callers_list(list_id: UUID, scope: Reading, paging: PagingParameters) -> Page[Caller]:
    service = _CALLERS.of(scope)
    await service.get(list_id)
    statement = service.entries(list_id)
    return await list_page(scope.session, statement, paging, caller_list_entries, Caller.of)


@router.post(
    "/caller-lists/{list_id}/callers", summary="Put a number on a list, or change its entry"
)
async def callers_put(list_id: UUID, body: NewCaller, scope: Writing) -> Caller:
    return Caller.of(await _CALLERS.of(scope).put(list_id, body.model_dump()))


@router.delete(
    "/caller-lists/{list_id}/callers/{caller_id}",
    status_code=204,
    summary="Take a number off a list",
)
async def callers_delete(list_id: UUID, caller_id: UUID, scope: Writing) -> None:
    await _CALLERS.of(scope).take_off(list_id, caller_id)


@router.post(
    "/caller-lists/{list_id}/import",
    summary="Put many numbers on a list",
    openapi_extra=list_body("号码,截止日期,备注\n13812345678,2026-12-31,老客户\n"),
)
async def callers_import(
    list_id: UUID,
    lines: Annotated[list[Line | BadLine], Depends(_LINES)],
    scope: Writing,
    request: Request,
) -> ImportResult:
    """Text or CSV, one entry a line: number, date until which it holds (optional), note."""
    added = await _CALLERS.of(scope).import_lines(list_id, lines)
    bad = [line for line in lines if isinstance(line, BadLine)]
    return import_result(added, len(lines) - len(bad) - added, bad, request)


@router.get("/code-lists", summary="Lists of codes, newest first")
async def code_lists_list(scope: Reading, paging: PagingParameters) -> Page[CodeList]:
    return await _CODES.page(scope, paging)


@router.post("/code-lists", status_code=201, summary="Begin a list of codes")
async def code_lists_create(body: NewCodeList, scope: Writing, response: Response) -> CodeList:
    return await _CODES.add(scope, body, response)


@router.get("/code-lists/{code_list_id}", summary="One list of codes")
async def code_lists_read(code_list_id: UUID, scope: Reading, response: Response) -> CodeList:
    return await _CODES.read(scope, code_list_id, response)


@router.patch("/code-lists/{code_list_id}", summary="Change a list of codes")
async def code_lists_update(
    code_list_id: UUID,
    body: CodeListChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> CodeList:
    return await _CODES.change(scope, code_list_id, seen, body, response)


@router.delete(
    "/code-lists/{code_list_id}", status_code=204, summary="Remove a list of codes nobody uses"
)
async def code_lists_delete(code_list_id: UUID, scope: Writing) -> None:
    await _CODES.remove(scope, code_list_id)


@router.get("/code-lists/{code_list_id}/codes", summary="The codes of a list, by their labels")
async def codes_list(
    code_list_id: UUID, scope: Reading, paging: PagingParameters
) -> Page[KeptCode]:
    service = _CODES.of(scope)
    await service.get(code_list_id)
    statement = service.codes(code_list_id)
    return await list_page(scope.session, statement, paging, codes, KeptCode.of)


@router.get("/code-lists/{code_list_id}/lockouts", summary="Callers who are locked out now")
async def code_lists_lockouts(
    code_list_id: UUID, scope: Reading, request: Request
) -> list[LockedOut]:
    """The latest hundred."""
    now = parts_of(request).clock.now()
    return [LockedOut(**row) for row in await _CODES.of(scope).lockouts(code_list_id, now)]


@router.post(
    "/code-lists/{code_list_id}/unlock", status_code=204, summary="Let a caller try codes again"
)
async def code_lists_unlock(code_list_id: UUID, body: Unlock, scope: Writing) -> None:
    await _CODES.of(scope).unlock(code_list_id, body.caller)


@router.post("/code-lists/{code_list_id}/codes", status_code=201, summary="Add a code")
async def codes_create(code_list_id: UUID, body: NewCode, scope: Writing) -> KeptCode:
    row = await _CODES.of(scope).put_code(code_list_id, body.code, body.label, body.until)
    return KeptCode.of(row)


@router.delete(
    "/code-lists/{code_list_id}/codes/{code_id}", status_code=204, summary="Remove a code"
)
async def codes_delete(code_list_id: UUID, code_id: UUID, scope: Writing) -> None:
    await _CODES.of(scope).remove_code(code_list_id, code_id)
