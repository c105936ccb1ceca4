"""Recordings on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

Days: TypeAlias = Annotated[
    int | None, Field(ge=1, le=36500, description="Then they are deleted; null: never.")
]


class Recording(BaseModel):
    """What was recorded of a call, or of one talk in it."""

    id: UUID
    call_id: UUID
    status: Literal["pending", "stored", "missing", "deleted"]
    position: int | None = Field(description="The leg of the call that talked.")
    agent_id: UUID | None
    queue_id: UUID | None = Field(description="By which the call came to the agent.")
    hotline_id: UUID | None
    caller: str | None
    target: str | None = Field(description="Who was reached.")
    started_at: datetime | None = Field(description="When the call began.")
    format: Literal["wav", "mp3"]
    channels: int = Field(description="2: the caller left, the other right.")
    duration_ms: int | None
    bytes: int | None
    sha256: str | None = Field(description="Of the whole file, in hexadecimal.")
    created_at: datetime
    stored_at: datetime | None

    @classmethod
    def of(cls, row: RowMapping) -> Recording:
        values = {name: row[name] for name in cls.model_fields}
        return cls(**{**values, "sha256": row["sha256"].hex() if row["sha256"] else None})


class Intactness(BaseModel):
    """Whether the stored file is still what was recorded."""

    model_config = ConfigDict(json_schema_extra={"example": {"intact": True}})

    intact: bool


class KeepingRules(BaseModel):
    """For how many days sounds are kept."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"recording_days": 180, "message_days": 90}},
    )

    recording_days: Days = None
    message_days: Days = None
