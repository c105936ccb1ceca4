"""Bulletins over HTTP: for those who post them, and for the agents who read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import RowMapping

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, require
from hotline.bulletins.models import bulletins
from hotline.bulletins.rules import Stage
from hotline.bulletins.schemas import (
    Bulletin,
    BulletinChange,
    BulletinReader,
    NewBulletin,
    OwnBulletin,
)
from hotline.bulletins.service import Bulletins, in_stage
from hotline.handling.me import agent_of
from hotline.staff.permissions import Permission

router = APIRouter(tags=["bulletins"])

Reading = Annotated[RequestScope, require(Permission.BULLETINS_READ)]
Writing = Annotated[RequestScope, require(Permission.BULLETINS_WRITE)]
Own = Annotated[RequestScope, require(Permission.AGENTS_WORK)]


def _of(scope: RequestScope) -> Bulletins:
    return Bulletins(scope.session, scope.enterprise_id, scope.audit)


def _now(request: Request) -> datetime:
    return parts_of(request).clock.now()


def _answer(row: RowMapping, request: Request, response: Response) -> Bulletin:
    set_etag(response, row["updated_at"])
    return Bulletin.of(row, _now(request))


@router.get("/bulletins", summary="Bulletins, newest first")
async def bulletins_list(
    scope: Reading,
    request: Request,
    paging: PagingParameters,
    stage: Annotated[Stage | None, Query()] = None,
) -> Page[Bulletin]:
    now, wanted = _now(request), _of(scope).all()
    if stage is not None:
        wanted = wanted.where(in_stage(stage, now))
    return await list_page(
        scope.session, wanted, paging, bulletins, lambda row: Bulletin.of(row, now)
    )


@router.post("/bulletins", status_code=201, summary="Post something for agents to read")
async def bulletins_create(
    body: NewBulletin, scope: Writing, request: Request, response: Response
) -> Bulletin:
    values = body.model_dump()
    values["shows_from"] = values["shows_from"] or _now(request)
    row = await _of(scope).post(values, scope.principal.name)
    return _answer(row, request, response)


@router.get("/bulletins/{bulletin_id}", summary="One bulletin")
async def bulletins_read(
    bulletin_id: UUID, scope: Reading, request: Request, response: Response
) -> Bulletin:
    return _answer(await _of(scope).get(bulletin_id), request, response)


@router.patch("/bulletins/{bulletin_id}", summary="Change a bulletin")
async def bulletins_update(
    bulletin_id: UUID,
    body: BulletinChange,
    scope: Writing,
    seen: SeenVersion,
    *,
    request: Request,
    response: Response,
) -> Bulletin:
    values = body.model_dump(exclude_unset=True)
    return _answer(await _of(scope).change(bulletin_id, seen, values), request, response)


@router.delete("/bulletins/{bulletin_id}", status_code=204, summary="Remove a bulletin")
async def bulletins_delete(bulletin_id: UUID, scope: Writing) -> None:
    await _of(scope).remove(bulletin_id)


@router.get("/bulletins/{bulletin_id}/readers", summary="Whom it is for, and who has read it")
async def bulletin_readers_list(bulletin_id: UUID, scope: Reading) -> list[BulletinReader]:
    return [BulletinReader(**row) for row in await _of(scope).readers(bulletin_id)]


@router.get("/agent/bulletins", summary="What I am to read now")
async def own_bulletins_list(scope: Own, request: Request) -> list[OwnBulletin]:
    """What is important and unread first, then the newest; at most a hundred."""
    me = await agent_of(scope)
    return [OwnBulletin.of(row) for row in await _of(scope).shown_to(me, _now(request))]


@router.put(
    "/agent/bulletins/{bulletin_id}/reading", status_code=204, summary="Say that I have read it"
)
async def own_bulletins_mark_read(bulletin_id: UUID, scope: Own, request: Request) -> None:
    me = await agent_of(scope)
    await _of(scope).mark_read(bulletin_id, me, _now(request))
