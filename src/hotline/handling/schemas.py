"""Call handling on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.versions import version_of

VERSION = Field(description="In quotes, the ETag that a change names in If-Match.")
Verb: TypeAlias = Literal[
    "hold",
    "resume",
    "mute",
    "unmute",
    "digits",
    "transfer",
    "consult",
    "complete",
    "three_way",
    "back",
    "transfer_to_survey",
    "return_to_queue",
    "hangup",
]
Direction: TypeAlias = Literal["inbound", "outbound", "internal"]
Extension: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,8}$")]
Number: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,20}$")]
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class CallCommand(BaseModel):
    """What a running call shall do. Repeating one whose effect is there already is harmless."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"verb": "hold"}})

    verb: Verb = Field(
        description="`transfer` sends the caller on blindly, `consult` rings somebody while the"
        " caller hears music; then `complete`, `three_way` or `back`. Both want one of"
        " `extension` (of an agent or a queue), `queue_id` and `number`, an approved number"
        " outside. Consulting a queue rings its longest idle agent who is free."
    )
    digits: Annotated[str | None, Field(pattern=r"^[0-9*#A-D]{1,32}$")] = None
    extension: Extension | None = None
    queue_id: UUID | None = None
    number: Number | None = None


class CommandAnswer(BaseModel):
    """The call obeyed."""

    result: dict[str, Any] = {}


class PlaceCall(BaseModel):
    """A number outside or a colleague's extension."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"number": "13812345678"}}
    )

    number: Number


class PlacedCall(BaseModel):
    """The call that begins: the agent's own device rings first."""

    call_id: UUID


class Line(BaseModel):
    """Somebody who rings or talks in my call, besides the caller and me."""

    kind: str = Field(description="agent, consult, outside, customer or destination")
    target: str = Field(description="The number or account that was dialled.")
    agent_id: UUID | None
    extension: str | None
    name: str | None
    answered_at: datetime | None = Field(description="null: it still rings.")


class EarlierCall(BaseModel):
    """A call of the same caller before this one."""

    call_id: UUID
    at: datetime
    direction: Direction
    outcome: str = Field(description="As in call records; `in_progress`: it still goes on.")
    talk_ms: int
    agent: str | None = Field(description="Who talked in it last.")


class OfferedCall(BaseModel):
    """Who calls and why; the live event `call_offered` has the same fields. Where they come to more
    than 7800 bytes its lists are empty there."""

    at: datetime
    caller: str
    province: str
    city: str
    vip: bool
    dialled: str
    hotline_id: UUID | None
    menu_path: list[str] = Field(description="The steps of the flow that led here.")
    waited_seconds: int
    queue_id: UUID | None
    queue_name: str | None
    kind: str = Field(description="agent, consult or callback")
    earlier_calls: list[EarlierCall] = Field(description="At most five, newest first.")


class OwnCall(BaseModel):
    """The call that I am offered or have."""

    call_id: UUID
    state: str = Field(description="ringing, talking or on_hold")
    since: datetime
    queue_id: UUID | None
    direction: Direction | None = Field(description="null: its record is about to be written.")
    number: str | None = Field(description="Of the other side; null as above.")
    details: OfferedCall | None = Field(description="As it was offered; null: it was placed.")
    lines: list[Line]


class OwnCallRecord(BaseModel):
    """A call that rang at me, or that I placed."""

    id: UUID
    direction: Direction
    number: str = Field(description="Of the other side.")
    province: str
    city: str
    dialled: str
    started_at: datetime
    ended_at: datetime | None
    result: str | None = Field(description="Of my own leg; null while it rings or talks.")
    talk_ms: int = Field(description="My own talk.")
    disposition_id: UUID | None
    disposition: str = Field(description="Its code; empty: none yet.")
    note: str

    @classmethod
    def of(cls, row: RowMapping) -> OwnCallRecord:
        return cls(
            number=row["other_side"],
            disposition=row["disposition"] or "",
            note=row["note"] or "",
            **{
                name: row[name]
                for name in cls.model_fields.keys() - {"number", "disposition", "note"}
            },
        )


class QueueLoad(BaseModel):
    """A queue as agents see it: who waits, and who is there for them."""

    queue_id: UUID
    name: str
    mine: bool = Field(description="Whether I serve it.")
    waiting: int
    waiting_since: datetime | None = Field(description="Since when the first of them waits.")
    ready: int
    signed_on: int


class NewDisposition(BaseModel):
    """How a call came out, for agents to choose from."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"code": "sold", "name": "成交"}}
    )

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name: Name
    position: Annotated[int, Field(ge=0, le=10000)] = 0
    enabled: bool = True


class DispositionChange(BaseModel):
    """What is absent stays; the code never changes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "已成交"}})

    name: Name = ""
    position: Annotated[int, Field(ge=0, le=10000)] = 0
    enabled: bool = True


class Disposition(BaseModel):
    """How a call came out, for agents to choose from."""

    id: UUID
    code: str
    name: str
    position: int
    enabled: bool
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> Disposition:
        names = cls.model_fields.keys() - {"version"}
        return cls(**{name: row[name] for name in names}, version=version_of(row["updated_at"]))


class NewNote(BaseModel):
    """What I have to say about a call of mine; it replaces what I said before."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"note": "要求回电"}})

    disposition_id: UUID | None = None
    note: Annotated[str, StringConstraints(max_length=4000)] = ""


class CallNote(BaseModel):
    """What an agent says about a call."""

    call_id: UUID
    agent_id: UUID
    disposition_id: UUID | None
    disposition: str = Field(description="Its code when it was chosen; empty: none.")
    note: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: RowMapping) -> CallNote:
        return cls(**{name: row[name] for name in cls.model_fields})


class NewForbiddenNumber(BaseModel):
    """A number that agents may not call; emergency numbers never can be."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"number": "13800000000"}}
    )

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")]
    note: Annotated[str, StringConstraints(max_length=200)] = ""


class ForbiddenNumber(BaseModel):
    """A number that agents may not call."""

    id: UUID
    number: str
    note: str
    created_at: datetime

    @classmethod
    def of(cls, row: RowMapping) -> ForbiddenNumber:
        return cls(**{name: row[name] for name in cls.model_fields})
