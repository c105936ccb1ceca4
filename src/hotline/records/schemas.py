"""Call records on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

Outcome: TypeAlias = Literal["answered", "unanswered", "abandoned", "refused", "failed", "served"]
OutcomeFilter: TypeAlias = Literal[
    "answered", "unanswered", "abandoned", "refused", "failed", "served", "in_progress"
]
LegKind: TypeAlias = Literal["destination", "agent", "consult", "outside", "customer"]
Direction: TypeAlias = Literal["inbound", "outbound", "internal"]
_OURS_ALONE: Final = frozenset(
    {"channel_id", "node", "trunk", "recording", "enterprise_id", "line"}
)
"""What events tell about the platform's inside."""


class CallLeg(BaseModel):
    """One attempt to reach somebody. Times in milliseconds."""

    id: UUID
    position: int
    destination_id: UUID | None
    target: str
    result: str | None = Field(description="null while it rings or talks")
    sip_code: int | None
    cause: int | None = Field(description="Q.850")
    dialled_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    kind: LegKind
    agent_id: UUID | None
    queue_id: UUID | None = Field(description="The queue that gave the agent the call.")
    connected_at: datetime | None = Field(description="When the caller and this party talked.")
    talk_ms: int
    hold_ms: int = Field(description="For how long this party kept the caller on hold.")

    @classmethod
    def of(cls, row: RowMapping) -> CallLeg:
        return cls(**{name: row[name] for name in cls.model_fields})


class Call(BaseModel):
    """One customer contact. Times in milliseconds, except where seconds are named."""

    id: UUID
    hotline_id: UUID | None
    dialled: str
    caller: str = Field(description="Empty: anonymous.")
    province: str
    city: str
    caller_carrier: str
    started_at: datetime
    answered_at: datetime | None = Field(description="When the caller was answered.")
    connected_at: datetime | None = Field(description="When a destination began to talk to them.")
    ended_at: datetime | None = Field(description="null while it is in progress")
    outcome: Outcome | None
    reason: str = Field(description="Which rule refused it, at which step it was left, …")
    ended_by: Literal["caller", "callee", "system"] | None
    waiting_ms: int
    ringing_ms: int
    talk_ms: int = Field(description="Holds included.")
    hold_ms: int
    billable_seconds: int
    direction: Direction
    agent_id: UUID | None = Field(description="The agent who placed it; null: a customer did.")
    callback_of: UUID | None = Field(description="The call in which the customer asked for it.")

    @classmethod
    def of(cls, row: RowMapping) -> Call:
        return cls(**{name: row[name] for name in cls.model_fields})


class CallWithTargets(Call):
    """A call in a list, with whom it was tried to reach."""

    legs: list[CallLeg]

    @classmethod
    def with_legs(cls, row: RowMapping, legs: Sequence[RowMapping]) -> CallWithTargets:
        return cls(**Call.of(row).model_dump(), legs=[CallLeg.of(leg) for leg in legs])


class PlatformCall(CallWithTargets):
    """A call as the operator sees it."""

    enterprise_id: UUID | None = Field(description="null: no hotline has the dialled number.")
    trunk: str = Field(description="The carrier it came in by.")
    node: str = Field(description="The switch that took it.")

    @classmethod
    def with_legs(cls, row: RowMapping, legs: Sequence[RowMapping]) -> PlatformCall:
        more = {name: row[name] for name in ("enterprise_id", "trunk", "node")}
        return cls(**CallWithTargets.with_legs(row, legs).model_dump(), **more)


class CallEvent(BaseModel):
    """Something that happened in a call."""

    id: UUID
    at: datetime
    type: str
    data: dict[str, Any]

    @classmethod
    def of(cls, row: RowMapping) -> CallEvent:
        return cls(id=row["id"], at=row["at"], type=row["type"], data=_told(row["data"]))


class CallRecording(BaseModel):
    """A recording of a call; its sound is under the recordings resource."""

    id: UUID
    status: str
    duration_ms: int | None
    position: int | None = Field(description="The leg whose talk it holds.")
    agent_id: UUID | None

    @classmethod
    def of(cls, row: RowMapping) -> CallRecording:
        return cls(**{name: row[name] for name in cls.model_fields})


class CallDetail(CallWithTargets):
    """A call with its legs, its recordings and everything that happened, in order."""

    events: list[CallEvent]
    recordings: list[CallRecording]


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in _OURS_ALONE}
