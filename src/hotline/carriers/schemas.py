"""Carriers on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.carriers.service import Health
from hotline.kit.versions import version_of

Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=253)]
Title: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Kind: TypeAlias = Literal["address", "registration"]
Transport: TypeAlias = Literal["udp", "tcp"]
Port: TypeAlias = Annotated[int, Field(ge=1, le=65535)]
Matches: TypeAlias = Annotated[
    list[Text],
    Field(
        max_length=50,
        description="IP addresses and networks that may send us calls; empty: the host.",
    ),
]
FromUser: TypeAlias = Annotated[
    Text | None,
    Field(
        description="Named in the From of our calls, where the carrier wants its account there;"
        " null: the caller's number. P-Asserted-Identity has the caller's number always."
    ),
]
AreaCode: TypeAlias = Annotated[
    Annotated[str, StringConstraints(max_length=4)] | None,
    Field(
        description="长途区号 with its 0, where it sends callers of its own city by their local"
        " number alone; null: such callers are from nowhere known."
    ),
]
Position: TypeAlias = Annotated[int, Field(ge=0, le=10_000)]
Secret: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class NewCarrier(BaseModel):
    """A way into the telephone network."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"name": "unicom-bj", "title": "联通北京", "host": "203.0.113.10"}
        },
    )

    name: Text = Field(description="The SIP endpoint's name: a-z, 0-9 and hyphens.")
    title: Title = ""
    kind: Kind = Field("address", description="How it knows us: by our address or by registering.")
    host: Text
    port: Port = 5060
    transport: Transport = "udp"
    username: Text | None = None
    secret: Secret | None = Field(None, description="Never shown again.")
    match_addresses: Matches = Field(default_factory=list)
    from_user: FromUser = None
    area_code: AreaCode = None
    position: Position | None = Field(None, description="Lower ones are tried first; null: last.")
    enabled: bool = True


class CarrierChange(BaseModel):
    """What is absent stays. The name stays for ever: calls' records bear it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"enabled": False}})

    title: Title = ""
    kind: Kind = "address"
    host: Text = ""
    port: Port = 5060
    transport: Transport = "udp"
    username: Text | None = None
    secret: Secret | None = None
    match_addresses: Matches = Field(default_factory=list)
    from_user: FromUser = None
    area_code: AreaCode = None
    position: Position = 0
    enabled: bool = True


class CarrierHealth(BaseModel):
    """What one switch node found when it last looked."""

    node: str
    reachable: bool
    checked_at: datetime
    current: bool = Field(description="Within the last minute: it says something of now.")


class Carrier(BaseModel):
    """A way into the telephone network, and whether it answers."""

    id: UUID
    name: str
    title: str
    kind: Kind
    host: str
    port: int
    transport: Transport
    username: str | None
    has_secret: bool
    match_addresses: list[str]
    from_user: str | None
    area_code: str | None
    position: int
    enabled: bool
    health: list[CarrierHealth]
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping, health: Sequence[Health]) -> Carrier:
        made = {"has_secret", "health", "version"}
        return cls(
            **{name: row[name] for name in cls.model_fields if name not in made},
            has_secret=row["secret"] is not None,
            health=[
                CarrierHealth(**{name: getattr(one, name) for name in CarrierHealth.model_fields})
                for one in health
            ],
            version=version_of(row["updated_at"]),
        )


class CarrierList(BaseModel):
    """All of them, in the order in which they are tried."""

    items: list[Carrier]
