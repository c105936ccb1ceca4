"""Hotlines, destinations and forwarding groups on the wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias
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

from hotline.calls.facts import MenuTarget
from hotline.hotlines.rules import (
    DestinationStatus,
    NumberRefusedError,
    destination_number,
    hotline_number,
)
from hotline.kit.errors import Words
from hotline.kit.regions import all_regions
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of

MAX_MEMBERS = 200
VERSION = Field(description="In quotes, the ETag that a change names in If-Match.")

Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


def _checked(rule: Callable[[str], str]) -> AfterValidator:
    def check(entered: str) -> str:
        try:
            return rule(entered)
        except NumberRefusedError as error:
            raise refusal(error.words) from error

    return AfterValidator(check)


Entered: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=40)]
DestinationNumber: TypeAlias = Annotated[Entered, _checked(destination_number)]
HotlineNumber: TypeAlias = Annotated[Entered, _checked(hotline_number)]
HotlineStatus: TypeAlias = Literal["pending", "active", "suspended", "closed"]
ConcurrentLimit: TypeAlias = Annotated[int, Field(ge=1, le=10_000)]

# ---------------------------------------------------------------- hotlines


class NewHotline(BaseModel):
    """A number that the operator gives to an enterprise."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"number": "400-600-1234", "name": "客服热线", "concurrent_limit": 10}
        },
    )

    number: HotlineNumber
    name: Name
    status: HotlineStatus = "active"
    concurrent_limit: ConcurrentLimit | None = Field(
        None, description="Calls at the same time; null for no limit."
    )


class Assignment(BaseModel):
    """What only the operator changes. What is absent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"status": "active"}})

    number: HotlineNumber = ""
    status: HotlineStatus = "active"
    concurrent_limit: ConcurrentLimit | None = None


Label: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class Region(BaseModel):
    """Callers from there are forwarded to that group."""

    model_config = ConfigDict(extra="forbid")

    province: Annotated[str, StringConstraints(max_length=20)] = Field(description="Bare, as 广东.")
    city: Annotated[str, StringConstraints(max_length=20)] | None = Field(
        None, description="null: the whole province."
    )
    group_id: UUID

    @model_validator(mode="after")
    def _there(self) -> Region:
        cities = all_regions().get(self.province)
        if cities is None or (self.city is not None and self.city not in cities):
            raise refusal(Words("is no place that we know", "不是已知的地区"))
        return self


class MenuKey(BaseModel):
    """Where a key leads."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
    to: MenuTarget
    id: UUID = Field(description="Of the forwarding group, queue or voicemail box.")
    label: Label = Field("", description="What agents are shown that the caller chose.")


class Menu(BaseModel):
    """Keys that callers may press after the greeting; who presses none goes on as without it."""

    model_config = ConfigDict(extra="forbid")

    prompt_id: UUID | None = Field(
        None, description="Says what the keys do; null: the greeting says it."
    )
    keys: Annotated[list[MenuKey], Field(min_length=1, max_length=12)]
    tries: Annotated[int, Field(ge=1, le=10)] = 2
    timeout: Annotated[float, Field(ge=1, le=60, description="Seconds after the last word.")] = 5

    @model_validator(mode="after")
    def _keys_differ(self) -> Menu:
        if len({one.key for one in self.keys}) < len(self.keys):
            raise refusal(Words("names a key twice", "同一个按键出现了两次"))
        return self


class HotlineChange(BaseModel):
    """An enterprise's own settings. What is absent stays; null empties."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "售后热线", "recording": True}}
    )

    name: Name = ""
    schedule_id: UUID | None = Field(None, description="Opening hours; null: always open.")
    group_id: UUID | None = Field(None, description="Where calls are forwarded.")
    greeting_prompt_id: UUID | None = None
    closed_prompt_id: UUID | None = Field(None, description="Heard out of hours.")
    failed_prompt_id: UUID | None = Field(None, description="Heard when nobody was reached.")
    recording: bool = False
    recording_notice_prompt_id: UUID | None = None
    caller_id_mode: Literal["caller", "hotline"] = Field(
        "caller", description="Whose number the destination sees."
    )
    whisper: bool = Field(False, description="Tell the destination where the call comes from.")
    survey_id: UUID | None = Field(
        None, description="Asked of callers who are still there when the talk is over."
    )
    flow_id: UUID | None = Field(
        None,
        description="A published flow, walked instead of greeting, menu, hours, regions and group.",
    )
    menu: Menu | None = Field(None, description="Keys to press; null: nobody is asked for one.")
    regions: Annotated[list[Region], Field(max_length=500)] = Field(
        default_factory=list, description="Groups by region, the first that holds."
    )


class Hotline(BaseModel):
    """One number and its settings."""

    id: UUID
    enterprise_id: UUID
    number: str
    name: str
    status: HotlineStatus
    concurrent_limit: int | None
    schedule_id: UUID | None
    group_id: UUID | None
    greeting_prompt_id: UUID | None
    closed_prompt_id: UUID | None
    failed_prompt_id: UUID | None
    recording: bool
    recording_notice_prompt_id: UUID | None
    caller_id_mode: Literal["caller", "hotline"]
    whisper: bool
    survey_id: UUID | None
    flow_id: UUID | None
    regions: list[Region]
    menu: Menu | None
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> Hotline:
        return cls(**row, version=version_of(row["updated_at"]))


class AssignedHotline(Hotline):
    """A number as the operator sees it, with whose it is."""

    enterprise_name: str

    @classmethod
    def of(cls, row: RowMapping) -> AssignedHotline:
        return cls(**row, version=version_of(row["updated_at"]))


# ---------------------------------------------------------------- destinations

RingTimeout: TypeAlias = Annotated[int, Field(ge=5, le=120, description="Seconds.")]
ConcurrentCap: TypeAlias = Annotated[int, Field(ge=1, le=1000)]
MonthlyCap: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000, description="Minutes.")]


class NewDestination(BaseModel):
    """A number to forward to, once the operator has approved it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"number": "010-62345678", "label": "前台"}},
    )

    number: DestinationNumber
    label: Label = ""
    ring_timeout: RingTimeout = 25
    concurrent_cap: ConcurrentCap | None = Field(
        None, description="Calls at the same time; null for no limit."
    )
    monthly_cap_minutes: MonthlyCap | None = None


class DestinationChange(BaseModel):
    """What is absent stays. A new number has to be approved again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"ring_timeout": 30}})

    number: DestinationNumber = ""
    label: Label = ""
    ring_timeout: RingTimeout = 25
    concurrent_cap: ConcurrentCap | None = None
    monthly_cap_minutes: MonthlyCap | None = None
    enabled: bool = Field(True, description="Switches an approved one off and on again.")


class Review(BaseModel):
    """The operator's decision about a destination."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"decision": "rejected", "note": "缺少号码归属证明"}},
    )

    decision: Literal["approved", "rejected"]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class Destination(BaseModel):
    """A number that calls may be forwarded to."""

    id: UUID
    enterprise_id: UUID
    number: str
    label: str
    status: DestinationStatus
    reviewed_at: datetime | None
    review_note: str
    ring_timeout: int
    concurrent_cap: int | None
    monthly_cap_minutes: int | None
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> Destination:
        return cls(
            **{name: row[name] for name in cls.model_fields if name != "version"},
            version=version_of(row["updated_at"]),
        )


class PendingDestination(Destination):
    """A destination that waits for the operator, with whose it is."""

    enterprise_name: str

    @classmethod
    def of(cls, row: RowMapping) -> PendingDestination:
        shown = Destination.of(row)
        return cls(**shown.model_dump(), enterprise_name=row["enterprise_name"])


# ---------------------------------------------------------------- forwarding groups

Strategy: TypeAlias = Literal["random", "sequential", "priority"]


def _each_once(members: list[UUID]) -> list[UUID]:
    if len(set(members)) < len(members):
        raise refusal(Words("names a destination twice", "同一个接听号码出现了两次"))
    return members


Members: TypeAlias = Annotated[
    list[UUID],
    Field(max_length=MAX_MEMBERS, description="Destinations in their order."),
    AfterValidator(_each_once),
]


class NewGroup(BaseModel):
    """Destinations and how calls are shared among them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"name": "售前组", "strategy": "sequential", "members": []}},
    )

    name: Name
    strategy: Strategy
    members: Members = Field(default_factory=list)


class GroupChange(BaseModel):
    """What is absent stays; ``members`` replaces the whole list."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"strategy": "priority"}}
    )

    name: Name = ""
    strategy: Strategy = "priority"
    members: Members = Field(default_factory=list)


class Member(BaseModel):
    """A destination in a group; only approved ones are called."""

    destination_id: UUID
    number: str
    label: str
    status: DestinationStatus


class Group(BaseModel):
    """A forwarding group."""

    id: UUID
    name: str
    strategy: Strategy
    members: list[Member]
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping, members: Sequence[RowMapping]) -> Group:
        return cls(
            id=row["id"],
            name=row["name"],
            strategy=row["strategy"],
            members=[Member(**{key: m[key] for key in Member.model_fields}) for m in members],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            version=version_of(row["updated_at"]),
        )
