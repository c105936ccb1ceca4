"""Recordings on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping


class Recording(BaseModel):
    """What was recorded of a call."""

    id: UUID
    call_id: UUID
    status: Literal["pending", "stored", "missing", "deleted"]
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
