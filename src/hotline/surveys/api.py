"""Surveys over HTTP, and what was answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.paging import Page, PagingParameters, newest_first, page_of
from hotline.api.scope import RequestScope, require
from hotline.records.rules import BOM, csv_lines
from hotline.staff.permissions import Permission, Role
from hotline.surveys.models import answers, surveys
from hotline.surveys.results import Period, Results
from hotline.surveys.rules import HEADINGS, result_rows, results_of
from hotline.surveys.schemas import (
    AgentResult,
    AnswerGiven,
    NewSurvey,
    QuestionCount,
    Survey,
    SurveyChange,
    SurveyResults,
)
from hotline.surveys.service import Surveys

router = APIRouter(prefix="/surveys", tags=["surveys"])

Reading = Annotated[RequestScope, require(Permission.SURVEYS_READ)]
Writing = Annotated[RequestScope, require(Permission.SURVEYS_WRITE)]
Looking = Annotated[RequestScope, require(Permission.SURVEY_RESULTS_READ)]
Exporting = Annotated[RequestScope, require(Permission.SURVEY_RESULTS_EXPORT)]


def _service(scope: RequestScope) -> Surveys:
    return Surveys(scope.session, scope.enterprise_id, scope.audit)


@router.get("", summary="Surveys, newest first")
async def surveys_list(scope: Reading, paging: PagingParameters) -> Page[Survey]:
    service = _service(scope)
    ordered = newest_first(service.all(), paging, surveys.c.created_at, surveys.c.id)
    rows = (await scope.session.execute(ordered)).mappings().all()
    asked = await service.questions_of([row["id"] for row in rows])
    return page_of(
        rows,
        paging,
        key=lambda row: (row["created_at"], row["id"]),
        show=lambda row: Survey.of(row, asked[row["id"]]),
    )


@router.post("", status_code=201, summary="Set up a survey")
async def surveys_create(body: NewSurvey, scope: Writing, response: Response) -> Survey:
    service = _service(scope)
    row = await service.add(body.model_dump())
    set_etag(response, row["updated_at"])
    return Survey.of(row, (await service.questions_of([row["id"]]))[row["id"]])


@router.get("/{survey_id}", summary="One survey with its questions")
async def surveys_read(survey_id: UUID, scope: Reading, response: Response) -> Survey:
    service = _service(scope)
    row = await service.get(survey_id)
    set_etag(response, row["updated_at"])
    return Survey.of(row, (await service.questions_of([survey_id]))[survey_id])


@router.patch("/{survey_id}", summary="Change a survey; the next call obeys")
async def surveys_update(
    survey_id: UUID, body: SurveyChange, scope: Writing, seen: SeenVersion, response: Response
) -> Survey:
    service = _service(scope)
    row = await service.change(survey_id, seen, body.model_dump(exclude_unset=True))
    set_etag(response, row["updated_at"])
    return Survey.of(row, (await service.questions_of([survey_id]))[survey_id])


@router.delete("/{survey_id}", status_code=204, summary="Remove a survey; its answers stay")
async def surveys_delete(survey_id: UUID, scope: Writing) -> None:
    await _service(scope).remove(survey_id)


# ---------------------------------------------------------------- results


def _period(
    *,
    since: Annotated[AwareDatetime | None, Query(description="Answered then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Answered before then.")] = None,
    agent_id: Annotated[UUID | None, Query()] = None,
) -> Period:
    return Period(since=since, until=until, agent_id=agent_id)


Asked = Annotated[Period, Depends(_period)]


async def _results(scope: RequestScope, survey_id: UUID) -> Results:
    await _service(scope).get(survey_id)
    return Results(scope.session, scope.enterprise_id, survey_id)


def _own(scope: RequestScope, period: Period) -> Period:
    """Agents see what their own callers said."""
    if scope.principal.role is not Role.AGENT:
        return period
    return Period(
        since=period.since,
        until=period.until,
        agent_id=period.agent_id,
        own_of=scope.principal.id,
    )


async def _summed(results: Results, period: Period) -> SurveyResults:
    counted = await results.counted(period)
    asked = await results.asked(period)
    everybody = {one.agent_id for one in counted} | set(asked)
    known = await results.names([agent for agent in everybody if agent is not None])
    agents = [
        AgentResult(
            agent_id=agent,
            name=known[agent]["name"] if agent in known else "",
            extension=known[agent]["extension"] if agent in known else "",
            asked=asked.get(agent, 0),
            questions=[
                QuestionCount.of(result)
                for result in results_of(one for one in counted if one.agent_id == agent)
            ],
        )
        for agent in everybody
    ]
    return SurveyResults(
        asked=sum(asked.values()),
        questions=[QuestionCount.of(result) for result in results_of(counted)],
        agents=sorted(agents, key=lambda one: (one.agent_id is None, one.extension, one.name)),
    )


@router.get("/{survey_id}/results", summary="Averages and distributions, of all and by agent")
async def surveys_results(survey_id: UUID, scope: Looking, period: Asked) -> SurveyResults:
    return await _summed(await _results(scope, survey_id), _own(scope, period))


@router.get("/{survey_id}/answers", summary="Each single answer, newest first")
async def surveys_answers(
    survey_id: UUID, scope: Looking, paging: PagingParameters, period: Asked
) -> Page[AnswerGiven]:
    statement = (await _results(scope, survey_id)).answers(_own(scope, period))
    ordered = newest_first(statement, paging, answers.c.at, answers.c.id)
    rows = (await scope.session.execute(ordered)).mappings().all()
    return page_of(rows, paging, key=lambda row: (row["at"], row["id"]), show=AnswerGiven.of)


@router.get(
    "/{survey_id}/export",
    summary="Results as a spreadsheet",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def surveys_export(survey_id: UUID, scope: Exporting, period: Asked) -> Response:
    """CSV in UTF-8 with Chinese headings: a line per agent, question and key."""
    results = await _results(scope, survey_id)
    counted = await results.counted(period)
    agents = dict.fromkeys(one.agent_id for one in counted)
    known = await results.names([agent for agent in agents if agent is not None])
    rows: list[list[str]] = []
    for agent in agents:
        person = known.get(agent) if agent is not None else None
        name, extension = (person["name"], person["extension"]) if person else ("", "")
        own = results_of(one for one in counted if one.agent_id == agent)
        rows += result_rows(name, extension, own)
    await scope.audit("survey.export", "survey", survey_id)
    return Response(
        BOM + csv_lines([HEADINGS, *rows]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="survey.csv"'},
    )
