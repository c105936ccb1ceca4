"""Quality review over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy import RowMapping

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.kept import PlainApi
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import RequestScope, require
from hotline.kit.errors import TooLargeError, Words
from hotline.quality.models import reviews
from hotline.quality.rules import HEADINGS
from hotline.quality.schemas import (
    NewReview,
    NewSheet,
    Review,
    ReviewChange,
    Sheet,
    SheetChange,
)
from hotline.quality.service import Reviewer, ReviewFilters, Reviews
from hotline.quality.sheets import Sheets
from hotline.records.rules import BOM, csv_lines, local_time
from hotline.staff.permissions import Permission, Role

router = APIRouter(prefix="/quality", tags=["quality"])

Reading = Annotated[RequestScope, require(Permission.QUALITY_READ)]
Judging = Annotated[RequestScope, require(Permission.QUALITY_WRITE)]
Exporting = Annotated[RequestScope, require(Permission.QUALITY_EXPORT)]
_SHEETS = PlainApi(Sheets, Sheet.of)
_MOST_EXPORTED: Final = 10_000


class ReviewsTooManyError(TooLargeError):
    status = 422
    error_id = "reviews-too-many"
    title = "This is more than one export holds; choose a shorter time"
    title_zh = "记录过多，请缩短时间范围后分次导出"


def _reviews(scope: RequestScope) -> Reviews:
    return Reviews(scope.session, scope.enterprise_id, scope.audit)


# ---------------------------------------------------------------- sheets


@router.get("/sheets", summary="Score sheets, newest first")
async def quality_sheets_list(scope: Reading, paging: PagingParameters) -> Page[Sheet]:
    return await _SHEETS.page(scope, paging)


@router.post("/sheets", status_code=201, summary="Set up a score sheet")
async def quality_sheets_create(body: NewSheet, scope: Judging, response: Response) -> Sheet:
    return await _SHEETS.add(scope, body, response)


@router.get("/sheets/{sheet_id}", summary="One score sheet")
async def quality_sheets_read(sheet_id: UUID, scope: Reading, response: Response) -> Sheet:
    return await _SHEETS.read(scope, sheet_id, response)


@router.patch("/sheets/{sheet_id}", summary="Change a score sheet, or take it out of use")
async def quality_sheets_update(
    sheet_id: UUID, body: SheetChange, scope: Judging, seen: SeenVersion, response: Response
) -> Sheet:
    return await _SHEETS.change(scope, sheet_id, seen, body, response)


@router.delete("/sheets/{sheet_id}", status_code=204, summary="Remove a sheet nobody judged by")
async def quality_sheets_delete(sheet_id: UUID, scope: Judging) -> None:
    await _SHEETS.remove(scope, sheet_id)


# ---------------------------------------------------------------- reviews


def _filters(
    scope: Reading,
    *,
    agent_id: Annotated[UUID | None, Query(description="Whose talk it was.")] = None,
    sheet_id: Annotated[UUID | None, Query()] = None,
    reviewer_id: Annotated[UUID | None, Query()] = None,
    call_id: Annotated[UUID | None, Query()] = None,
    since: Annotated[AwareDatetime | None, Query(description="Judged then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Judged before then.")] = None,
) -> ReviewFilters:
    return ReviewFilters(
        agent_id=agent_id,
        sheet_id=sheet_id,
        reviewer_id=reviewer_id,
        call_id=call_id,
        since=since,
        until=until,
        own_of=_own_of(scope),
    )


def _own_of(scope: RequestScope) -> UUID | None:
    """Agents see what was found of their own talks."""
    return scope.principal.id if scope.principal.role is Role.AGENT else None


Filtered = Annotated[ReviewFilters, Depends(_filters)]


@router.get("/reviews", summary="Reviews, newest first; agents see their own")
async def quality_reviews_list(
    scope: Reading, paging: PagingParameters, filters: Filtered
) -> Page[Review]:
    statement = _reviews(scope).all(filters)
    return await list_page(scope.session, statement, paging, reviews, Review.of)


@router.get(
    "/reviews/export",
    summary="Reviews as a spreadsheet",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def quality_reviews_export(scope: Exporting, filters: Filtered) -> Response:
    """CSV in UTF-8 with Chinese headings, newest first; the points follow, criterion by
    criterion."""
    statement = _reviews(scope).all(filters).order_by(reviews.c.created_at.desc())
    found = (await scope.session.execute(statement.limit(_MOST_EXPORTED + 1))).mappings().all()
    if len(found) > _MOST_EXPORTED:
        words = Words(f"at most {_MOST_EXPORTED}", f"一次最多导出 {_MOST_EXPORTED} 条")
        raise ReviewsTooManyError(words)
    await scope.audit("quality_review.export", "quality_review", "many")
    return Response(
        BOM + csv_lines([HEADINGS, *(_cells(row) for row in found)]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="reviews.csv"'},
    )


def _cells(row: RowMapping) -> list[str]:
    judged: list[dict[str, Any]] = row["criteria"]
    return [
        local_time(row["created_at"]),
        row["agent_name"] or "",
        row["extension"] or "",
        row["sheet_name"],
        str(row["total"]),
        row["reviewer_name"],
        row["comment"],
        str(row["call_id"]),
        *(f"{one['name']}：{row['points'][one['key']]}/{one['points']}" for one in judged),
    ]


@router.post("/reviews", status_code=201, summary="Judge a talk")
async def quality_reviews_create(body: NewReview, scope: Judging, response: Response) -> Review:
    service = _reviews(scope)
    principal = scope.principal
    review_id = await service.add(body.model_dump(), Reviewer(principal.id, principal.name))
    return await _shown(service, review_id, scope, response)


@router.get("/reviews/{review_id}", summary="One review; agents see their own")
async def quality_reviews_read(review_id: UUID, scope: Reading, response: Response) -> Review:
    return await _shown(_reviews(scope), review_id, scope, response)


@router.patch("/reviews/{review_id}", summary="Judge again, by the same criteria")
async def quality_reviews_update(
    review_id: UUID, body: ReviewChange, scope: Judging, seen: SeenVersion, response: Response
) -> Review:
    service = _reviews(scope)
    await service.change(review_id, seen, body.model_dump(exclude_unset=True))
    return await _shown(service, review_id, scope, response)


@router.delete("/reviews/{review_id}", status_code=204, summary="Delete a review")
async def quality_reviews_delete(review_id: UUID, scope: Judging) -> None:
    await _reviews(scope).remove(review_id)


async def _shown(
    service: Reviews, review_id: UUID, scope: RequestScope, response: Response
) -> Review:
    row = await service.get(review_id, ReviewFilters(own_of=_own_of(scope)))
    set_etag(response, row["updated_at"])
    return Review.of(row)
