"""Flows over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.problem import prefers_chinese
from hotline.api.scope import RequestScope, require
from hotline.calls.steps.table import WALKED
from hotline.flows.checks import Problem as FoundProblem
from hotline.flows.compiler import flow_of
from hotline.flows.dry_run import Imagined, Walked
from hotline.flows.graph import NODE_TYPES
from hotline.flows.imagining import Imagination
from hotline.flows.models import flows
from hotline.flows.schemas import (
    DraftToCheck,
    DryRun,
    DryRunResult,
    Flow,
    FlowChange,
    FlowProblem,
    FlowProblems,
    FlowVersion,
    NewFlow,
    NodeExits,
    NodeType,
    PathStep,
    Publication,
    RollBack,
)
from hotline.flows.service import Flows
from hotline.staff.permissions import Permission

router = APIRouter(tags=["flows"])

Reading = Annotated[RequestScope, require(Permission.FLOWS_READ)]
Writing = Annotated[RequestScope, require(Permission.FLOWS_WRITE)]


def _service(scope: RequestScope, request: Request) -> Flows:
    hosts = parts_of(request).settings.flow_hosts
    return Flows(scope.session, scope.enterprise_id, scope.audit, hosts)


def _chinese(request: Request) -> bool:
    return prefers_chinese(request.headers.get("accept-language", ""))


@router.get("/flow-node-types", summary="The kinds of nodes, with the schema of their settings")
async def flow_node_types_list(_: Reading) -> list[NodeType]:
    return [
        NodeType(
            kind=kind,
            description=inspect.cleandoc(node.__doc__ or ""),
            available=kind in WALKED,
            settings=node.model_json_schema(),
            exits=NodeExits.of(node.always_left_by),
        )
        for kind, node in NODE_TYPES.items()
    ]


@router.get("/flows", summary="Flows, newest first")
async def flows_list(scope: Reading, request: Request, paging: PagingParameters) -> Page[Flow]:
    statement = _service(scope, request).all()
    return await list_page(scope.session, statement, paging, flows, Flow.of)


@router.post("/flows", status_code=201, summary="Draft a flow")
async def flows_create(body: NewFlow, scope: Writing, request: Request, response: Response) -> Flow:
    row = await _service(scope, request).add(body.model_dump())
    set_etag(response, row["updated_at"])
    return Flow.of(row)


@router.get("/flows/{flow_id}", summary="One flow with its draft")
async def flows_read(flow_id: UUID, scope: Reading, request: Request, response: Response) -> Flow:
    row = await _service(scope, request).get(flow_id)
    set_etag(response, row["updated_at"])
    return Flow.of(row)


@router.patch("/flows/{flow_id}", summary="Change a flow's draft or name")
async def flows_update(
    *,
    flow_id: UUID,
    body: FlowChange,
    scope: Writing,
    request: Request,
    seen: SeenVersion,
    response: Response,
) -> Flow:
    values = body.model_dump(exclude_unset=True)
    row = await _service(scope, request).change(flow_id, seen, values)
    set_etag(response, row["updated_at"])
    return Flow.of(row)


@router.delete("/flows/{flow_id}", status_code=204, summary="Remove a flow nobody uses")
async def flows_delete(flow_id: UUID, scope: Writing, request: Request) -> None:
    await _service(scope, request).remove(flow_id)


@router.get("/flows/{flow_id}/problems", summary="What keeps the draft from being published")
async def flows_check(flow_id: UUID, scope: Reading, request: Request) -> FlowProblems:
    return _problems(await _service(scope, request).check(flow_id), request)


@router.post("/flows/{flow_id}/problems", summary="What would keep an unsaved draft from it")
async def flows_check_draft(
    flow_id: UUID, body: DraftToCheck, scope: Reading, request: Request
) -> FlowProblems:
    """For editors: problems are seen while one draws, before anything is kept."""
    return _problems(await _service(scope, request).check(flow_id, body.draft), request)


@router.post("/flows/{flow_id}/publish", summary="Let calls walk the draft, from the next on")
async def flows_publish(
    *,
    flow_id: UUID,
    body: Publication,
    scope: Writing,
    request: Request,
    seen: SeenVersion,
    response: Response,
) -> Flow:
    service = _service(scope, request)
    row = await service.publish(flow_id, seen, body.note, scope.principal.name)
    set_etag(response, row["updated_at"])
    return Flow.of(row)


@router.post("/flows/{flow_id}/roll-back", summary="Let calls walk an earlier version again")
async def flows_roll_back(
    *,
    flow_id: UUID,
    body: RollBack,
    scope: Writing,
    request: Request,
    seen: SeenVersion,
    response: Response,
) -> Flow:
    row = await _service(scope, request).roll_back(flow_id, seen, body.version)
    set_etag(response, row["updated_at"])
    return Flow.of(row)


@router.get("/flows/{flow_id}/versions", summary="A flow's versions, newest first, twenty at once")
async def flow_versions_list(
    flow_id: UUID,
    scope: Reading,
    request: Request,
    before: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="Those older than this version.")
    ] = None,
) -> list[FlowVersion]:
    service = _service(scope, request)
    await service.get(flow_id)
    rows = await scope.session.execute(service.versions(flow_id, before).limit(20))
    return [FlowVersion.of(row) for row in rows.mappings()]


@router.post("/flows/{flow_id}/dry-run", summary="The path of an imagined call through the draft")
async def flows_dry_run(
    flow_id: UUID, body: DryRun, scope: Reading, request: Request
) -> DryRunResult:
    row = await _service(scope, request).get(flow_id)
    imagination = Imagination(scope.session, scope.enterprise_id)
    draft = row["draft"] if body.draft is None else body.draft
    walked = await imagination.through_draft(flow_id, draft, _imagined(body))
    return _result("", walked, _chinese(request))


@router.post("/hotlines/{hotline_id}/dry-run", summary="The path of an imagined call to a hotline")
async def hotlines_dry_run(
    hotline_id: UUID, body: DryRun, scope: Reading, request: Request
) -> DryRunResult:
    imagination = Imagination(scope.session, scope.enterprise_id)
    refused, walked = await imagination.through_hotline(hotline_id, _imagined(body))
    return _result(refused, walked, _chinese(request))


@router.get(
    "/hotlines/{hotline_id}/flow",
    summary="What callers of a hotline walk now, as a draft to begin with",
)
async def hotlines_flow(hotline_id: UUID, scope: Reading) -> NewFlow:
    settings = await Imagination(scope.session, scope.enterprise_id).settings(hotline_id)
    draft = flow_of(settings).model_dump(mode="json", by_alias=True)
    return NewFlow(name=settings.number, draft=draft)


def _problems(found: Sequence[FoundProblem], request: Request) -> FlowProblems:
    return FlowProblems(problems=[FlowProblem.of(one, _chinese(request)) for one in found])


def _imagined(body: DryRun) -> Imagined:
    at = body.at or datetime.now(UTC)
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Imagined(body.caller, at, tuple(body.keys), body.answers)


def _result(refused: str, walked: Walked, chinese: bool) -> DryRunResult:
    path = [
        PathStep(
            node=one.node,
            kind=one.kind,
            title=one.title,
            exit=one.exit,
            reason=one.reason.zh if chinese else one.reason.en,
        )
        for one in walked.path
    ]
    ended_by = "" if refused else walked.ended_by.value
    return DryRunResult(refused=refused, path=path, ended_by=ended_by, variables=walked.variables)
