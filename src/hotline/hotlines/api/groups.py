"""Forwarding groups over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import RowMapping

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.scope import RequestScope, require
from hotline.hotlines.groups import Groups
from hotline.hotlines.models import forwarding_groups
from hotline.hotlines.schemas import Group, GroupChange, NewGroup
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/forwarding-groups", tags=["forwarding groups"])

Reading = Annotated[RequestScope, require(Permission.GROUPS_READ)]
Writing = Annotated[RequestScope, require(Permission.GROUPS_WRITE)]


def _service(scope: RequestScope) -> Groups:
    return Groups(scope.session, scope.enterprise_id, scope.audit)


@router.get("", summary="Forwarding groups, newest first")
async def forwarding_groups_list(scope: Reading, paging: PagingParameters) -> Page[Group]:
    service = _service(scope)
    table = forwarding_groups
    rows = await list_page(scope.session, service.all(), paging, table, lambda row: row)
    members = await service.members_of([row["id"] for row in rows.items])
    return Page[Group](
        items=[Group.of(row, members[row["id"]]) for row in rows.items],
        next_cursor=rows.next_cursor,
    )


@router.post("", status_code=201, summary="Form a forwarding group")
async def forwarding_groups_create(body: NewGroup, scope: Writing, response: Response) -> Group:
    service = _service(scope)
    row = await service.add(body.model_dump(exclude={"members"}), body.members)
    return await _shown(service, row, response)


@router.get("/{group_id}", summary="One forwarding group")
async def forwarding_groups_read(group_id: UUID, scope: Reading, response: Response) -> Group:
    service = _service(scope)
    return await _shown(service, await service.get(group_id), response)


@router.patch("/{group_id}", summary="Change a forwarding group; the next call obeys")
async def forwarding_groups_update(
    group_id: UUID, body: GroupChange, scope: Writing, seen: SeenVersion, response: Response
) -> Group:
    service = _service(scope)
    values = body.model_dump(exclude_unset=True, exclude={"members"})
    members = body.members if "members" in body.model_fields_set else None
    return await _shown(service, await service.change(group_id, seen, values, members), response)


@router.delete("/{group_id}", status_code=204, summary="Dissolve a group no hotline uses")
async def forwarding_groups_delete(group_id: UUID, scope: Writing) -> None:
    await _service(scope).remove(group_id)


async def _shown(service: Groups, row: RowMapping, response: Response) -> Group:
    set_etag(response, row["updated_at"])
    return Group.of(row, (await service.members_of([row["id"]]))[row["id"]])
