"""Bulletins on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.bulletins.rules import Stage, stage_of
from hotline.kit.validation import SensibleInstant
from hotline.kit.versions import version_of

Title: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Body: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=4000),
    Field(description="Plain text; line breaks are kept."),
]
Important: TypeAlias = Annotated[
    bool, Field(description="Stands at the top of the desk until it is read.")
]
Audience: TypeAlias = Annotated[
    UUID | None, Field(description="Only for the agents of this queue; null: for every agent.")
]
From: TypeAlias = Annotated[SensibleInstant, Field(description="Shown from then on.")]
Until: TypeAlias = Annotated[
    SensibleInstant | None, Field(description="No longer shown then; null: until it is removed.")
]
_EXAMPLE: Final[dict[str, Any]] = {
    "title": "国庆期间发货安排",
    "body": "10 月 1 日至 3 日不发货，请向客户说明。",
    "important": True,
}


class NewBulletin(BaseModel):
    """Something for agents to read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    title: Title
    body: Body = ""
    important: Important = False
    queue_id: Audience = None
    shows_from: Annotated[
        SensibleInstant | None, Field(description="Shown from then on; null: at once.")
    ] = None
    shows_until: Until = None


class BulletinChange(BaseModel):
    """What is absent stays. With other words it has to be read again."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"shows_until": "2026-10-08T00:00:00+08:00"}}
    )

    title: Title = ""
    body: Body = ""
    important: Important = False
    queue_id: Audience = None
    shows_from: From = datetime(1970, 1, 1, tzinfo=UTC)
    shows_until: Until = None


class Bulletin(BaseModel):
    """Something for agents to read, and how many have."""

    id: UUID
    title: str
    body: str
    important: bool
    queue_id: UUID | None
    shows_from: datetime
    shows_until: datetime | None
    author: str
    stage: Stage
    readers: int = Field(description="Agents it is for now.")
    read: int = Field(description="Those of them who have read it.")
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping, now: datetime) -> Bulletin:
        stage = stage_of(row["shows_from"], row["shows_until"], now)
        given = {name: row[name] for name in cls.model_fields.keys() - {"stage", "version"}}
        return cls(**given, stage=stage, version=version_of(row["updated_at"]))


class BulletinReader(BaseModel):
    """An agent whom a bulletin is for."""

    agent_id: UUID
    name: str
    extension: str
    read_at: datetime | None = Field(description="null: not yet.")


class OwnBulletin(BaseModel):
    """Something that I am to read."""

    id: UUID
    title: str
    body: str
    important: bool
    author: str
    shows_from: datetime
    read_at: datetime | None = Field(description="When I read it; null: not yet.")

    @classmethod
    def of(cls, row: RowMapping) -> OwnBulletin:
        return cls(**{name: row[name] for name in cls.model_fields})
