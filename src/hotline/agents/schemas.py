"""Agents on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.agents.facts import Device
from hotline.agents.rules import AgentState, When
from hotline.agents.states import counts_of
from hotline.kit.validation import no_emergency_number
from hotline.kit.versions import version_of

MAX_SKILLS = 50
VERSION = Field(description="In quotes, the ETag that a change names in If-Match.")

Extension: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{2,8}$"), AfterValidator(no_emergency_number)
]
AgentName: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)
]
Skill: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)
]
Skills: TypeAlias = Annotated[
    dict[Skill, Annotated[int, Field(ge=1, le=10)]],
    Field(max_length=MAX_SKILLS, description="Name → level, 10 is best."),
]
DeviceInUse: TypeAlias = Annotated[Device, Field(description="What the agent's calls ring on.")]
OwnPhone: TypeAlias = Annotated[
    UUID | None, Field(description="Own phone: an approved destination.")
]
ConfirmByKey: TypeAlias = Annotated[
    bool, Field(description="Own phone: the call is taken by pressing 1.")
]
ShownNumber: TypeAlias = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")] | None,
    Field(description="Shown to those the agent calls: an approved destination or caller number."),
]
RingTimeout: TypeAlias = Annotated[int, Field(ge=5, le=120, description="Seconds.")]
WrapUp: TypeAlias = Annotated[int, Field(ge=0, le=1800, description="Seconds after each call.")]
WrapUpExtension: TypeAlias = Annotated[
    int, Field(ge=0, le=3600, description="Seconds that the agent may add to a wrap-up.")
]
Misses: TypeAlias = Annotated[
    int,
    Field(ge=0, le=20, description="In a row, before the agent is set aside; 0: never set aside."),
]
UserId: TypeAlias = Annotated[UUID | None, Field(description="Who signs in as this agent.")]
Choosable: TypeAlias = Literal["offline", "ready", "break"]
Reason: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class NewAgent(BaseModel):
    """An agent; two SIP accounts are made with it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "extension": "1001",
                "name": "王芳",
                "device": "browser",
                "skills": {"英语": 8, "退款": 5},
            }
        },
    )

    extension: Extension
    name: AgentName
    user_id: UserId = None
    device: DeviceInUse = Device.BROWSER
    destination_id: OwnPhone = None
    confirm_by_key: ConfirmByKey = False
    outbound_number: ShownNumber = None
    ring_timeout: RingTimeout = 20
    wrap_up_seconds: WrapUp = 15
    wrap_up_extension: WrapUpExtension = 60
    misses_allowed: Misses = 3
    enabled: bool = True
    skills: Skills = Field(default_factory=dict)


class AgentChange(BaseModel):
    """What is absent stays; null empties."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "王芳芳", "wrap_up_seconds": 30}}
    )

    extension: Extension = ""
    name: AgentName = ""
    user_id: UserId = None
    device: DeviceInUse = Device.BROWSER
    destination_id: OwnPhone = None
    confirm_by_key: ConfirmByKey = False
    outbound_number: ShownNumber = None
    ring_timeout: RingTimeout = 20
    wrap_up_seconds: WrapUp = 15
    wrap_up_extension: WrapUpExtension = 60
    misses_allowed: Misses = 3
    enabled: bool = True
    skills: Skills = Field(default_factory=dict)


class Agent(BaseModel):
    """An agent as set up."""

    id: UUID
    extension: str
    name: str
    user_id: UUID | None
    device: Device
    destination_id: UUID | None
    phone_number: str | None = Field(description="The number of the own phone.")
    confirm_by_key: bool
    outbound_number: str | None
    ring_timeout: int
    wrap_up_seconds: int
    wrap_up_extension: int
    misses_allowed: int
    enabled: bool
    skills: dict[str, int]
    sip_account: str | None = Field(description="What a SIP phone registers as.")
    browser_account: str | None
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> Agent:
        return cls(**row, version=version_of(row["updated_at"]))


class SipLogin(BaseModel):
    """What a SIP phone is set up with, shown this once."""

    account: str
    secret: str


class PhoneLogin(BaseModel):
    """What the phone in the browser registers with; asking again makes the one before void."""

    account: str
    secret: str
    socket: str = Field(description="Path of the WebSocket for SIP (RFC 7118) on this host.")


# ---------------------------------------------------------------- presence


class AgentPresence(BaseModel):
    """What an agent is doing."""

    agent_id: UUID
    extension: str
    name: str
    device: Device
    state: AgentState
    reason: str = Field(description="Of a break; `missed`: set aside; `device_gone`: no phone.")
    since: datetime
    next_state: AgentState | None = Field(description="Asked for; comes after the call.")
    next_reason: str
    call_id: UUID | None
    queue_id: UUID | None
    wrap_up_until: datetime | None
    misses: int = Field(description="Calls not answered, in a row.")
    calls_today: int
    talk_seconds_today: int

    @classmethod
    def of(cls, row: RowMapping, now: datetime) -> AgentPresence:
        calls, talk_ms = counts_of(row, now)
        given = {field: row[field] for field in cls.model_fields if field in row}
        given.update(calls_today=calls, talk_seconds_today=talk_ms // 1000)
        return cls(**given)


class Colleague(BaseModel):
    """What a colleague is doing; with whom is not told."""

    agent_id: UUID
    extension: str
    name: str
    state: AgentState
    reason: str
    since: datetime

    @classmethod
    def of(cls, row: RowMapping) -> Colleague:
        return cls(**{field: row[field] for field in cls.model_fields})


class StateRequest(BaseModel):
    """What an agent is to do; during a call it comes after it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"state": "break", "reason": "用餐"}}
    )

    state: Choosable
    reason: Reason = Field("", description="Of a break: one of the enterprise's reasons.")


class StateAnswer(BaseModel):
    """When it takes effect, and what the agent is doing now."""

    effective: When
    presence: AgentPresence


class DeviceChoice(BaseModel):
    """What the next call rings on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"device": "sip"}})

    device: Device


class MoreWrapUp(BaseModel):
    """More time for wrapping up."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"seconds": 30}})

    seconds: Annotated[int, Field(ge=1, le=3600)]


class TimeInState(BaseModel):
    """How long an agent was something on one day in China."""

    agent_id: UUID
    day: date
    state: AgentState
    reason: str
    seconds: int
    times: int


class AgentTimes(BaseModel):
    """By agent, day and state; what is going on counts up to now."""

    items: list[TimeInState]


class OwnAgent(BaseModel):
    """The agent that one is."""

    agent: Agent
    presence: AgentPresence
    today: list[TimeInState]
    devices: list[Device] = Field(description="That can be chosen.")
    break_reasons: list[str]


# ---------------------------------------------------------------- break reasons


class NewBreakReason(BaseModel):
    """Why agents may take a break."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "外出"}})

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    position: Annotated[int, Field(ge=0, le=1000)] = 0


class BreakReasonChange(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"position": 3}})

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = ""
    position: Annotated[int, Field(ge=0, le=1000)] = 0


class BreakReason(BaseModel):
    """Why agents may take a break."""

    id: UUID
    name: str
    position: int
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> BreakReason:
        return cls(**row, version=version_of(row["updated_at"]))


# ---------------------------------------------------------------- import


class RefusedAgent(BaseModel):
    """A line that was not imported."""

    line: int = Field(description="From 1.")
    text: str = Field(description="Its first hundred characters.")
    message: str


class AgentImport(BaseModel):
    """What became of every line."""

    added: int
    errors: list[RefusedAgent]
