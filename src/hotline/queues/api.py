"""Queues over HTTP."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import RowMapping, select

from hotline.agents.models import agents
from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters, newest_first, page_of
from hotline.api.parts import parts_of
from hotline.api.problem import prefers_chinese
from hotline.api.scope import RequestScope, require
from hotline.db.tenant_rows import TenantRows
from hotline.queues.explain import candidates_of, explained, same_again
from hotline.queues.live import agents_of, queue_stats_today, waiting_in
from hotline.queues.models import queue_decisions, queue_entries, queues
from hotline.queues.problems import problems_of
from hotline.queues.schemas import (
    AgentShown,
    Callback,
    CandidateShown,
    CheckedQueue,
    Decisions,
    DecisionShown,
    Figures,
    LiveQueue,
    Members,
    MembersShown,
    NewQueue,
    Queue,
    QueueChange,
    WaitingCaller,
)
from hotline.queues.service import Queues
from hotline.records.models import calls
from hotline.staff.permissions import Permission

router = APIRouter(tags=["queues"])

Reading = Annotated[RequestScope, require(Permission.QUEUES_READ)]
Writing = Annotated[RequestScope, require(Permission.QUEUES_WRITE)]
CHINA: Final = ZoneInfo("Asia/Shanghai")
_MOST_DECISIONS: Final = 100


def _service(scope: RequestScope) -> Queues:
    return Queues(scope.session, scope.enterprise_id, scope.audit)


@router.get("/queues", summary="Queues, newest first")
async def queues_list(scope: Reading, paging: PagingParameters) -> Page[Queue]:
    return await list_page(scope.session, _service(scope).all(), paging, queues, Queue.of)


class _Answer:
    """One queue to whoever asked, in their language."""

    def __init__(self, request: Request, response: Response) -> None:
        self._chinese = prefers_chinese(request.headers.get("accept-language", ""))
        self._response = response

    async def of(self, scope: RequestScope, row: RowMapping) -> CheckedQueue:
        set_etag(self._response, row["updated_at"])
        found = await problems_of(scope.session, scope.enterprise_id, row)
        return CheckedQueue.checked(row, found, chinese=self._chinese)


Answer = Annotated[_Answer, Depends()]


@router.post("/queues", status_code=201, summary="Set up a queue")
async def queues_create(body: NewQueue, scope: Writing, answer: Answer) -> CheckedQueue:
    row = await _service(scope).add(body.model_dump(mode="json"))
    return await answer.of(scope, row)


@router.get("/queues/{queue_id}", summary="One queue")
async def queues_read(queue_id: UUID, scope: Reading, answer: Answer) -> CheckedQueue:
    row = await _service(scope).get(queue_id)
    return await answer.of(scope, row)


@router.patch("/queues/{queue_id}", summary="Change a queue; the next caller finds it so")
async def queues_update(
    queue_id: UUID, body: QueueChange, scope: Writing, seen: SeenVersion, answer: Answer
) -> CheckedQueue:
    values = body.model_dump(mode="json", exclude_unset=True)
    row = await _service(scope).change(queue_id, seen, values)
    return await answer.of(scope, row)


@router.delete("/queues/{queue_id}", status_code=204, summary="Remove a queue nobody uses")
async def queues_delete(queue_id: UUID, scope: Writing) -> None:
    await _service(scope).remove(queue_id)


@router.get("/queues/{queue_id}/members", summary="Its agents in their order")
async def queue_members_read(queue_id: UUID, scope: Reading) -> MembersShown:
    return MembersShown.of(await _service(scope).members(queue_id))


@router.put("/queues/{queue_id}/members", summary="Replace its agents")
async def queue_members_replace(queue_id: UUID, body: Members, scope: Writing) -> MembersShown:
    wanted = [(member.agent_id, member.penalty) for member in body.members]
    return MembersShown.of(await _service(scope).set_members(queue_id, wanted))


@router.get("/queues/{queue_id}/live", summary="Who waits, what its agents do, today's figures")
async def queues_live(queue_id: UUID, scope: Reading, request: Request) -> LiveQueue:
    await _service(scope).get(queue_id)
    now = parts_of(request).clock.now()
    [figures] = await queue_stats_today(
        scope.session, scope.enterprise_id, now, midnight_before(now), [queue_id]
    )
    callers = await waiting_in(scope.session, scope.enterprise_id, queue_id, now)
    people = await agents_of(scope.session, scope.enterprise_id, queue_id)
    return LiveQueue(
        at=now,
        waiting=[WaitingCaller(**row) for row in callers],
        agents=[AgentShown(**row) for row in people],
        today=Figures(**figures),
    )


@router.get("/calls/{call_id}/queue-decisions", summary="Why the call went to whom it went")
async def queue_decisions_of_call(call_id: UUID, scope: Reading) -> Decisions:
    statement = (
        select(queue_decisions, queues.c.name.label("queue_name"))
        .outerjoin(queues, queues.c.id == queue_decisions.c.queue_id)
        .where(
            queue_decisions.c.enterprise_id == scope.enterprise_id,
            queue_decisions.c.call_id == call_id,
        )
        .order_by(queue_decisions.c.turn, queue_decisions.c.step)
        .limit(_MOST_DECISIONS)
    )
    rows = (await scope.session.execute(statement)).mappings().all()
    if not rows:
        await TenantRows(scope.session, calls, scope.enterprise_id).get(call_id)
    known = {agent.id for row in rows for agent in candidates_of(row)}
    named = select(agents.c.id, agents.c.extension, agents.c.name).where(
        agents.c.enterprise_id == scope.enterprise_id, agents.c.id.in_(known)
    )
    people = {row.id: row for row in (await scope.session.execute(named)).all()}
    names = {key: f"{row.name}({row.extension})" for key, row in people.items()}
    shown = []
    for row in rows:
        words = explained(row, names)
        weighed = []
        for agent in candidates_of(row):
            person, member = people.get(agent.id), agent.memberships[row["queue_id"]]
            weighed.append(
                CandidateShown(
                    agent_id=agent.id,
                    extension=person.extension if person else "",
                    name=person.name if person else "",
                    idle_seconds=max(0.0, row["inputs"]["now"] - agent.idle_since),
                    calls_today=agent.calls,
                    talk_seconds_today=agent.talk_ms / 1000,
                    penalty=member.penalty,
                    position=member.position,
                )
            )
        shown.append(
            DecisionShown(
                at=row["at"],
                queue_id=row["queue_id"],
                queue_name=row["queue_name"] or "",
                agents=row["agents"],
                explanation=words.en,
                explanation_zh=words.zh,
                candidates=weighed,
                replayed=same_again(row),
            )
        )
    return Decisions(decisions=shown)


@router.get("/queue-callbacks", summary="Callers who are called back, newest first")
async def queue_callbacks_list(
    scope: Reading,
    paging: PagingParameters,
    queue_id: UUID | None = None,
    waiting: Annotated[bool, Query(description="Only those still to be called.")] = False,
) -> Page[Callback]:
    statement = _service(scope).callbacks()
    if queue_id is not None:
        statement = statement.where(queue_entries.c.queue_id == queue_id)
    if waiting:
        statement = statement.where(queue_entries.c.state.in_(["waiting", "offered"]))
    ordered = newest_first(statement, paging, queue_entries.c.entered_at, queue_entries.c.id)
    rows = (await scope.session.execute(ordered)).mappings().all()
    return page_of(rows, paging, key=lambda row: (row["entered_at"], row["id"]), show=Callback.of)


@router.delete("/queue-callbacks/{callback_id}", status_code=204, summary="Call nobody back")
async def queue_callbacks_cancel(callback_id: UUID, scope: Writing) -> None:
    await _service(scope).cancel_callback(callback_id)


def midnight_before(now: datetime) -> datetime:
    """The beginning of the day in China."""
    return datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
