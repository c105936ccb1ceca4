"""What the API shows of the running business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from hotline.calls.supervision import Mode
from hotline.queues.rules import service_level
from hotline.records.lines import OpenLine
from hotline.supervision.repository import instant
from hotline.supervision.rules import Place, Whereabouts, whereabouts


class SupervisionRequest(BaseModel):
    """How to be present at a call."""

    mode: Mode = Field(
        description="listen: nobody hears me; whisper: the agent does; barge: both do;"
        " take_over: I get the caller, the agent leaves."
    )


class SupervisionStarted(BaseModel):
    """My device rings, or I am there already and the mode has changed."""

    supervision_id: UUID
    mode: Mode
    state: Literal["ringing", "active", "ended"]


class Supervision(BaseModel):
    """Who was present at a call, how and when."""

    id: UUID
    call_id: UUID
    agent_id: UUID
    user_id: UUID | None
    extension: str | None = Field(description="null: the agent was removed.")
    name: str | None
    mode: Mode = Field(description="The last one.")
    state: Literal["ringing", "active", "ended"]
    asked_at: datetime
    began_at: datetime | None = Field(description="Heard the call from then.")
    ended_at: datetime | None
    reason: str = Field(description="Why it ended.")

    @classmethod
    def of(cls, row: RowMapping) -> Supervision:
        return cls(**row)


class QueueFigures(BaseModel):
    """One queue now and today."""

    queue_id: UUID
    name: str
    waiting: int = Field(description="Callers on the line, those whose agent rings included.")
    callbacks: int = Field(description="Callers who wait to be called back.")
    longest_wait_seconds: int
    agents: dict[str, int] = Field(description="Members by state.")
    offered: int = Field(description="Callers who came today.")
    answered: int = Field(description="On the line; not those who were called back.")
    answered_within: int = Field(description="Within the queue's target.")
    called_back: int = Field(description="Asked for a callback and were reached by it.")
    abandoned: int
    target_seconds: int
    service_level: float | None = Field(
        description="Per cent answered within the target, of those answered or abandoned."
    )
    average_wait_seconds: float = Field(description="Of those answered.")
    average_talk_seconds: float

    @classmethod
    def of(cls, row: RowMapping, agents: Mapping[str, int]) -> QueueFigures:
        level = service_level(row["answered_within"], row["answered"], row["abandoned"])
        return cls(**row, agents=dict(agents), service_level=level)


class CallSummary(BaseModel):
    """The call that an agent is in."""

    call_id: UUID
    hotline_id: UUID | None
    queue_id: UUID | None
    direction: str
    caller: str
    province: str
    city: str
    started_at: datetime


class AgentFigures(BaseModel):
    """One agent now and today."""

    agent_id: UUID
    extension: str
    name: str
    state: str
    reason: str
    since: datetime
    calls_today: int
    talk_seconds_today: int
    offered: int = Field(description="Times the agent's device was rung today.")
    missed: int = Field(description="Of these, not answered or rejected.")
    abandoned: int = Field(description="Of these, callers who gave up while it rang.")
    service_level: float | None = Field(
        description="Per cent of the queues' callers answered by the agent within the queue's"
        " target, of those answered and those who gave up while it rang."
    )
    call: CallSummary | None

    @classmethod
    def of(cls, row: RowMapping) -> AgentFigures:
        known = row["started_at"] is not None
        call = CallSummary(**{n: row[n] for n in CallSummary.model_fields}) if known else None
        own = {name: row[name] for name in cls.model_fields.keys() - {"call", "service_level"}}
        level = service_level(row["answered_within"], row["answered"], row["abandoned"])
        return cls(**own, service_level=level, call=call)


class HotlineFigures(BaseModel):
    """One hotline today."""

    hotline_id: UUID
    number: str
    name: str
    calls: int
    answered: int
    abandoned: int
    in_progress: int = Field(description="Now, whenever they began.")


class TotalFigures(BaseModel):
    """All queues and agents together; a caller who came to two queues counts in both."""

    waiting: int
    callbacks: int
    longest_wait_seconds: int
    offered: int
    answered: int
    called_back: int
    abandoned: int
    service_level: float | None = Field(description="Each queue's by its own target.")
    agents: dict[str, int] = Field(description="By state.")
    calls_in_progress: int = Field(description="Of customers, whichever way they were led.")

    @classmethod
    def of(
        cls,
        queues: Sequence[QueueFigures],
        agents: Sequence[AgentFigures],
        hotlines: Sequence[HotlineFigures],
    ) -> TotalFigures:
        answered = sum(one.answered for one in queues)
        abandoned = sum(one.abandoned for one in queues)
        within = sum(one.answered_within for one in queues)
        return cls(
            waiting=sum(one.waiting for one in queues),
            callbacks=sum(one.callbacks for one in queues),
            longest_wait_seconds=max((one.longest_wait_seconds for one in queues), default=0),
            offered=sum(one.offered for one in queues),
            answered=answered,
            called_back=sum(one.called_back for one in queues),
            abandoned=abandoned,
            service_level=service_level(within, answered, abandoned),
            agents=dict(Counter(agent.state for agent in agents)),
            calls_in_progress=sum(one.in_progress for one in hotlines),
        )


class Wallboard(BaseModel):
    """An enterprise at one moment; a day begins at midnight in China."""

    at: datetime
    total: TotalFigures
    queues: list[QueueFigures]
    agents: list[AgentFigures]
    hotlines: list[HotlineFigures]


class PartyShown(BaseModel):
    """Somebody who rings for a caller or talks to them."""

    kind: str
    target: str = Field(description="The extension or number.")
    agent_id: UUID | None
    name: str | None
    since: datetime
    rings: bool = Field(description="Has not answered yet.")

    @classmethod
    def of(cls, line: OpenLine, names: Mapping[UUID, str]) -> PartyShown:
        return cls(
            kind=line.kind,
            target=line.target,
            agent_id=line.agent_id,
            name=names.get(line.agent_id) if line.agent_id is not None else None,
            since=line.connected_at or line.answered_at or line.dialled_at,
            rings=line.answered_at is None,
        )


class OpenCall(BaseModel):
    """A call in progress and where the caller is."""

    call_id: UUID
    hotline_id: UUID | None
    direction: str
    dialled: str
    caller: str
    province: str
    city: str
    started_at: datetime
    answered_at: datetime | None
    place: Place
    since: datetime = Field(description="At that place.")
    seconds: int = Field(description="As long; of a queue, how long the caller has waited.")
    detail: str = Field(description="The name of the flow's node or of the queue.")
    queue_id: UUID | None
    parties: list[PartyShown] = Field(description="Who rings or talks.")

    @classmethod
    def of(
        cls, row: RowMapping, lines: Sequence[OpenLine], names: Mapping[UUID, str], now: datetime
    ) -> OpenCall:
        entry = _with_instants(row["entry"]) if row["entry"] else None
        event = _with_instants(row["event"]) if row["event"] else None
        at: Whereabouts = whereabouts(row["started_at"], lines, entry, event)
        own = ("call_id", "hotline_id", "direction", "dialled", "caller", "province", "city")
        return cls(
            **{name: row[name] for name in (*own, "started_at", "answered_at")},
            place=at.place,
            since=at.since,
            seconds=max(0, int((now - at.since).total_seconds())),
            detail=at.detail,
            queue_id=entry["queue_id"] if entry is not None and at.place is Place.QUEUE else None,
            parties=[PartyShown.of(line, names) for line in at.parties],
        )


class OpenCalls(BaseModel):
    """The calls in progress, longest first; the first 500."""

    at: datetime
    items: list[OpenCall]


def _with_instants(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: instant(value) if name == "at" or name.endswith("_at") else value
        for name, value in values.items()
    }
