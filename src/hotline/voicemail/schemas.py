"""Boxes and messages on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.versions import version_of

Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Key: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9*#]?$", description="One key; empty for none.")
]
MaxSeconds: TypeAlias = Annotated[int, Field(ge=5, le=600)]
SilenceSeconds: TypeAlias = Annotated[
    int, Field(ge=0, le=60, description="Ends the message; 0: silence ends nothing.")
]
Note: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
MessageStatus: TypeAlias = Literal["new", "heard", "closed"]


class NewBox(BaseModel):
    """A box of a hotline, a queue, an agent, or (without any of them) of the enterprise."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "客服留言", "max_seconds": 120}}
    )

    name: Name
    hotline_id: UUID | None = None
    queue_id: UUID | None = None
    agent_id: UUID | None = None
    greeting_prompt_id: UUID | None = Field(
        None, description="Heard before the tone; null: the platform's words."
    )
    review_prompt_id: UUID | None = Field(
        None,
        description="Says the keys after a message (1 listens); null: the platform's words, "
        "which name * and #.",
    )
    max_seconds: MaxSeconds = 120
    silence_seconds: SilenceSeconds = 5
    finish_key: Key = "#"
    rerecord_key: Key = "*"
    review: bool = Field(True, description="Offer to listen, to record again or to keep it.")
    takes_blacklisted: bool = Field(
        False,
        description="Of a hotline: callers on the blacklist with the action voicemail_notice "
        "leave their message here.",
    )
    for_members: bool = Field(
        False, description="Of a queue: the agents in it hear its messages too."
    )
    notify: bool = Field(True, description="Push `voicemail_left` when a message was left.")


class BoxChange(NewBox):
    """What is absent stays; null empties."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"silence_seconds": 8}})

    name: Name = ""


class Box(NewBox):
    """A box."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={})

    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> Box:
        return cls(**row, version=version_of(row["updated_at"]))


class MessageChange(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"status": "closed", "note": "已回电，约周五上门"}},
    )

    status: MessageStatus = Field("heard", description="`closed`: dealt with, called back.")
    note: Note = ""


class MessageCallback(BaseModel):
    """Somebody has called back who had left the message."""

    call_id: UUID
    agent_id: UUID
    agent_name: str = Field(description="Empty once the agent is removed.")
    extension: str
    at: datetime
    outcome: str | None = Field(description="Of that call; null while it goes on.")
    talk_ms: int | None


class CalledBack(BaseModel):
    """The call that begins: the agent's own device rings first."""

    call_id: UUID


class Message(BaseModel):
    """What a caller has left, and who has called back."""

    id: UUID
    box_id: UUID
    call_id: UUID
    hotline_id: UUID | None
    caller: str | None
    province: str | None
    city: str | None
    left_at: datetime
    seconds: float | None = Field(description="Of sound; null until it is known.")
    ended_by: str = Field(description="key, silence, limit, hangup, or empty if not known.")
    status: MessageStatus
    note: str
    heard_at: datetime | None
    heard_by: UUID | None
    audio: str | None = Field(description="pending, stored, missing or deleted.")
    callbacks: list[MessageCallback] = Field(description="Calls back from it, newest first.")

    @classmethod
    def of(cls, row: RowMapping) -> Message:
        values = {name: row[name] for name in cls.model_fields}
        if row["duration_ms"] is not None:
            values["seconds"] = row["duration_ms"] / 1000
        return cls(**values)
