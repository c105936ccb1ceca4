"""Lists of callers and of codes over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.problem import prefers_chinese
from hotline.api.scope import RequestScope, SignedIn, require
from hotline.flows.list_schemas import (
    Caller,
    CallerList,
    CallerListChange,
    CodeList,
    CodeListChange,
    KeptCode,
    NewCaller,
    NewCallerList,
    NewCode,
    NewCodeList,
)
from hotline.flows.lists import CallerLists, CodeLists
from hotline.flows.models import caller_list_entries, caller_lists, code_lists, codes
from hotline.kit.errors import InvalidError, TooLargeError, Words
from hotline.screening.rules import (
    MAX_LINES,
    BadLine,
    Line,
    Match,
    PatternError,
    decode_list,
    read_list,
)
from hotline.screening.schemas import ImportResult, RefusedLine
from hotline.staff.permissions import Permission

router = APIRouter(tags=["flows"])

Reading = Annotated[RequestScope, require(Permission.FLOWS_READ)]
Writing = Annotated[RequestScope, require(Permission.FLOWS_WRITE)]


def _callers(scope: RequestScope) -> CallerLists:
    return CallerLists(scope.session, scope.enterprise_id, scope.audit)


def _codes(scope: RequestScope) -> CodeLists:
    return CodeLists(scope.session, scope.enterprise_id, scope.audit)


@router.get("/caller-lists", summary="Caller lists, newest first")
async def caller_lists_list(scope: Reading, paging: PagingParameters) -> Page[CallerList]:
    statement = _callers(scope).all()
    return await list_page(scope.session, statement, paging, caller_lists, CallerList.of)


@router.post("/caller-lists", status_code=201, summary="Begin a caller list")
async def caller_lists_create(
    body: NewCallerList, scope: Writing, response: Response
) -> CallerList:
    row = await _callers(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return CallerList.of(row)


@router.get("/caller-lists/{list_id}", summary="One caller list")
async def caller_lists_read(list_id: UUID, scope: Reading, response: Response) -> CallerList:
    row = await _callers(scope).get(list_id)
    set_etag(response, row["updated_at"])
    return CallerList.of(row)


@router.patch("/caller-lists/{list_id}", summary="Rename a caller list")
async def caller_lists_update(
    list_id: UUID, body: CallerListChange, scope: Writing, seen: SeenVersion, response: Response
) -> CallerList:
    row = await _callers(scope).change(list_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return CallerList.of(row)


@router.delete(
    "/caller-lists/{list_id}", status_code=204, summary="Remove a caller list nobody uses"
)
async def caller_lists_delete(list_id: UUID, scope: Writing) -> None:
    await _callers(scope).remove(list_id)


@router.get("/caller-lists/{list_id}/callers", summary="The numbers on a list, newest first")
async def callers_list(list_id: UUID, scope: Reading, paging: PagingParameters) -> Page[Caller]:
    service = _callers(scope)
    await service.get(list_id)
    statement = service.entries(list_id)
    return await list_page(scope.session, statement, paging, caller_list_entries, Caller.of)


@router.post(
    "/caller-lists/{list_id}/callers", summary="Put a number on a list, or change its entry"
)
async def callers_put(list_id: UUID, body: NewCaller, scope: Writing) -> Caller:
    return Caller.of(await _callers(scope).put(list_id, body.model_dump()))


@router.delete(
    "/caller-lists/{list_id}/callers/{caller_id}",
    status_code=204,
    summary="Take a number off a list",
)
async def callers_delete(list_id: UUID, caller_id: UUID, scope: Writing) -> None:
    await _callers(scope).take_off(list_id, caller_id)


async def _read_lines(principal: SignedIn, request: Request) -> list[Line | BadLine]:
    """Read before the transaction begins, but for nobody who is not logged in."""
    del principal
    try:
        text = decode_list(await request.body())
    except PatternError as error:
        raise InvalidError(fields={"body": error.words}) from error
    if text.count("\n") >= MAX_LINES:
        raise TooLargeError(
            Words(f"at most {MAX_LINES} lines at a time", f"一次最多导入 {MAX_LINES} 行")
        )
    return list(read_list(text, Match.NUMBER))


@router.post(
    "/caller-lists/{list_id}/import",
    summary="Put many numbers on a list",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "号码,截止日期,备注\n13812345678,2026-12-31,老客户\n",
                }
            },
        }
    },
)
async def callers_import(
    list_id: UUID,
    lines: Annotated[list[Line | BadLine], Depends(_read_lines)],
    scope: Writing,
    request: Request,
) -> ImportResult:
    """Text or CSV, one entry a line: number, date until which it holds (optional), note."""
    added = await _callers(scope).import_lines(list_id, lines)
    bad = [line for line in lines if isinstance(line, BadLine)]
    chinese = prefers_chinese(request.headers.get("accept-language", ""))
    return ImportResult(
        added=added,
        known=len(lines) - len(bad) - added,
        errors=[
            RefusedLine(
                line=one.number, text=one.text, message=one.words.zh if chinese else one.words.en
            )
            for one in bad
        ],
    )


@router.get("/code-lists", summary="Lists of codes, newest first")
async def code_lists_list(scope: Reading, paging: PagingParameters) -> Page[CodeList]:
    statement = _codes(scope).all()
    return await list_page(scope.session, statement, paging, code_lists, CodeList.of)


@router.post("/code-lists", status_code=201, summary="Begin a list of codes")
async def code_lists_create(body: NewCodeList, scope: Writing, response: Response) -> CodeList:
    row = await _codes(scope).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return CodeList.of(row)


@router.get("/code-lists/{code_list_id}", summary="One list of codes")
async def code_lists_read(code_list_id: UUID, scope: Reading, response: Response) -> CodeList:
    row = await _codes(scope).get(code_list_id)
    set_etag(response, row["updated_at"])
    return CodeList.of(row)


@router.patch("/code-lists/{code_list_id}", summary="Change a list of codes")
async def code_lists_update(
    code_list_id: UUID,
    body: CodeListChange,
    scope: Writing,
    seen: SeenVersion,
    response: Response,
) -> CodeList:
    row = await _codes(scope).change(code_list_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return CodeList.of(row)


@router.delete(
    "/code-lists/{code_list_id}", status_code=204, summary="Remove a list of codes nobody uses"
)
async def code_lists_delete(code_list_id: UUID, scope: Writing) -> None:
    await _codes(scope).remove(code_list_id)


@router.get("/code-lists/{code_list_id}/codes", summary="The codes of a list, by their labels")
async def codes_list(
    code_list_id: UUID, scope: Reading, paging: PagingParameters
) -> Page[KeptCode]:
    service = _codes(scope)
    await service.get(code_list_id)
    statement = service.codes(code_list_id)
    return await list_page(scope.session, statement, paging, codes, KeptCode.of)


@router.post("/code-lists/{code_list_id}/codes", status_code=201, summary="Add a code")
async def codes_create(code_list_id: UUID, body: NewCode, scope: Writing) -> KeptCode:
    row = await _codes(scope).put_code(code_list_id, body.code, body.label, body.until)
    return KeptCode.of(row)


@router.delete(
    "/code-lists/{code_list_id}/codes/{code_id}", status_code=204, summary="Remove a code"
)
async def codes_delete(code_list_id: UUID, code_id: UUID, scope: Writing) -> None:
    await _codes(scope).remove_code(code_list_id, code_id)
