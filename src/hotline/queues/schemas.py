"""Queues on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from sqlalchemy import RowMapping

from hotline.kit.errors import Words
from hotline.kit.validation import no_emergency_number, refusal
from hotline.kit.versions import version_of
from hotline.queues.problems import Problem
from hotline.queues.rules import Strategy

MAX_MEMBERS: Final = 2000
MAX_STEPS: Final = 10

Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Extension: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{2,8}$"), AfterValidator(no_emergency_number)
]
Key: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Number: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")]
Skill: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=40)]


def _checked_interval(seconds: int) -> int:
    if 0 < seconds < 10:
        raise refusal(Words("0, or 10 and more", "0 或不小于 10"))
    return seconds


class OverflowTarget(BaseModel):
    """Where callers go whom the queue does not serve."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["queue", "group", "number", "voicemail", "hangup"]
    id: UUID | None = Field(None, description="Of the queue, forwarding group or voicemail box.")
    number: Number | None = Field(None, description="An approved destination's number.")

    @model_validator(mode="after")
    def _has_its_target(self) -> Self:
        if self.kind in ("queue", "group") and self.id is None:
            raise refusal(Words("say which one by id", "请填写 id"))
        if self.kind == "number" and self.number is None:
            raise refusal(Words("say which number", "请填写号码"))
        return self


class SkillStepBody(BaseModel):
    """From ``after`` seconds of waiting on, agents need these levels instead of the earlier."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=7200)]
    skills: Annotated[dict[Skill, Annotated[int, Field(ge=1, le=10)]], Field(max_length=20)]


Overflows: TypeAlias = dict[Literal["timeout", "full", "nobody", "leave"], OverflowTarget]
Steps: TypeAlias = Annotated[list[SkillStepBody], Field(max_length=MAX_STEPS)]
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "售后",
    "extension": "801",
    "strategy": "longest_idle",
    "max_wait": 300,
    "key_voicemail": "1",
    "overflow": {"timeout": {"kind": "voicemail"}},
    "skills": [{"after": 0, "skills": {"英语": 5}}, {"after": 30, "skills": {}}],
}


class QueueSettingsBody(BaseModel):
    """What a queue can be told. Times are seconds."""

    extension: Extension | None = None
    strategy: Strategy = Strategy.LONGEST_IDLE
    weight: Annotated[int, Field(ge=1, le=100)] = Field(
        1, description="Each point above 1 counts as 30 seconds waited, against other queues."
    )
    ring_timeout: Annotated[int, Field(ge=5, le=120)] = 20
    max_wait: Annotated[int, Field(ge=5, le=7200)] | None = None
    max_length: Annotated[int, Field(ge=1, le=10_000)] | None = None
    leave_when_empty: bool = Field(True, description="Nobody waits while no agent is signed in.")
    music_prompt_id: UUID | None = Field(None, description="Played over and over; null: music.")
    busy_prompt_id: UUID | None = None
    announce_every: Annotated[int, Field(ge=0, le=600), AfterValidator(_checked_interval)] = 30
    announce_position: bool = True
    announce_wait: bool = False
    key_voicemail: Key | None = None
    key_callback: Key | None = None
    key_leave: Key | None = None
    overflow: Overflows = Field(default_factory=dict)
    skills: Steps = Field(default_factory=list)
    sticky_minutes: Annotated[int, Field(ge=0, le=43_200)] = Field(
        0, description="For so long callers come back to the agent who served them last."
    )
    sticky_wait: Annotated[int, Field(ge=0, le=600)] = 20
    wrap_up_seconds: Annotated[int, Field(ge=0, le=1800)] | None = None
    recording: bool = True
    whisper: bool = False
    answer_within: Annotated[int, Field(ge=1, le=600)] = Field(
        20, description="The service level counts calls answered within it."
    )
    callback_tries: Annotated[int, Field(ge=1, le=10)] = 3
    callback_pause: Annotated[int, Field(ge=10, le=86_400)] = 300
    survey_id: UUID | None = Field(
        None, description="Asked after an agent of the queue has hung up; null: none."
    )
    vip_list_id: UUID | None = Field(
        None, description="A caller list; those on it come first and are shown as VIPs."
    )
    vip_priority: Annotated[int, Field(ge=1, le=10)] = Field(
        5, description="Of those on vip_list_id; where the flow gives them more, that."
    )


class NewQueue(QueueSettingsBody):
    """A queue to be set up."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    name: Name


class QueueChange(QueueSettingsBody):
    """What is absent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"max_wait": 120}})

    name: Name = ""


class Member(BaseModel):
    """An agent in a queue; their order is the order of priority."""

    model_config = ConfigDict(extra="forbid")

    agent_id: UUID
    penalty: Annotated[int, Field(ge=0, le=100)] = Field(
        0, description="Those with a lower one come first."
    )


class Members(BaseModel):
    """All agents of a queue."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "members": [{"agent_id": "0192f0c4-5a10-7c3e-9d00-000000000001", "penalty": 0}]
            }
        },
    )

    members: Annotated[list[Member], Field(max_length=MAX_MEMBERS)]


class MemberShown(Member):
    extension: str
    name: str


class MembersShown(BaseModel):
    members: list[MemberShown]

    @classmethod
    def of(cls, rows: Sequence[RowMapping]) -> Self:
        return cls(members=[MemberShown(**row) for row in rows])


class Queue(QueueSettingsBody):
    """A queue."""

    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> Queue:
        return cls(**row, version=version_of(row["updated_at"]))


class QueueProblem(BaseModel):
    """Something that was set and will not work until somebody sees to it."""

    code: Literal["no_number_to_show", "no_box", "number_not_approved"]
    field: str = Field(description="The setting that asks for it.")
    message: str


class CheckedQueue(Queue):
    """A queue, and what will not work as it is set."""

    problems: list[QueueProblem]

    @classmethod
    def checked(
        cls, row: RowMapping, problems: Sequence[Problem], *, chinese: bool
    ) -> CheckedQueue:
        shown = [
            {
                "code": one.code,
                "field": one.field,
                "message": one.words.zh if chinese else one.words.en,
            }
            for one in problems
        ]
        return cls(**row, version=version_of(row["updated_at"]), problems=shown)


class WaitingCaller(BaseModel):
    """Somebody in line."""

    entry_id: UUID
    call_id: UUID
    kind: Literal["caller", "callback"]
    caller: str
    position: int = Field(description="1 is next.")
    priority: int
    entered_at: datetime
    waited_seconds: int
    state: Literal["waiting", "offered"]
    offered_to: list[UUID]


class AgentShown(BaseModel):
    """What an agent of the queue is doing."""

    agent_id: UUID
    extension: str
    name: str
    state: str
    reason: str
    since: datetime
    call_id: UUID | None


class Figures(BaseModel):
    """Of today, in Asia/Shanghai."""

    waiting: int
    longest_wait_seconds: int = Field(description="Of those who wait now.")
    entered: int
    answered: int = Field(description="On the line; not those who were called back.")
    answered_within: int = Field(description="Within the queue's answer_within.")
    called_back: int = Field(description="Asked for a callback and were reached by it.")
    abandoned: int
    left_otherwise: int
    average_wait_seconds: float = Field(description="Of those who were answered.")
    service_level: float | None = Field(
        description="answered_within of all answered and abandoned, in per cent; null without any."
    )


class LiveQueue(BaseModel):
    """A queue at this moment."""

    at: datetime
    waiting: list[WaitingCaller]
    agents: list[AgentShown]
    today: Figures


class Callback(BaseModel):
    """A caller who waits at home."""

    id: UUID
    queue_id: UUID
    call_id: UUID = Field(description="In which it was asked for.")
    number: str
    state: Literal["waiting", "offered", "answered", "left"]
    reason: str
    entered_at: datetime
    placed_call_id: UUID | None = Field(description="The call to the customer, once it is made.")
    tries: int = Field(
        description="How often the number was called, or could not be for want of one to show."
    )
    not_before: datetime | None = Field(description="When it is called next, at the earliest.")
    agent_id: UUID | None
    left_at: datetime | None

    @classmethod
    def of(cls, row: RowMapping) -> Callback:
        own = (
            "id",
            "queue_id",
            "state",
            "reason",
            "entered_at",
            "not_before",
            "agent_id",
            "left_at",
        )
        placed = row["asked_in"] is not None and row["state"] in ("offered", "answered")
        return cls(
            call_id=row["asked_in"] or row["call_id"],
            placed_call_id=row["call_id"] if placed else None,
            number=row["callback_number"] or "",
            tries=row["callback_tries"],
            **{name: row[name] for name in own},
        )


class CandidateShown(BaseModel):
    """An agent who could have taken the call, with what the choice went by."""

    agent_id: UUID
    extension: str
    name: str
    idle_seconds: float
    calls_today: int
    talk_seconds_today: float
    penalty: int
    position: int


class DecisionShown(BaseModel):
    """Why a call went to whom it went."""

    at: datetime
    queue_id: UUID
    queue_name: str
    agents: list[UUID]
    explanation: str
    explanation_zh: str
    candidates: list[CandidateShown] = Field(description="The best of them, best first.")
    replayed: bool = Field(description="Whether deciding again on what was known gives the same.")


class Decisions(BaseModel):
    decisions: list[DecisionShown]
