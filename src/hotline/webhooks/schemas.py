"""Webhooks on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of
from hotline.webhooks.rules import EVENTS

State: TypeAlias = Literal["pending", "delivered", "failed"]
_EXAMPLE: Final[dict[str, Any]] = {
    "url": "https://crm.example.com/hotline",
    "description": "CRM 来电记录",
    "events": ["call.ended"],
}


def _known(events: list[str]) -> list[str]:
    unknown = sorted(set(events) - set(EVENTS))
    if unknown:
        names = ", ".join(unknown)
        raise refusal(
            Words(
                f"there is no {names}; choose from {', '.join(EVENTS)}",
                f"没有事件 {names}，可选：{'、'.join(EVENTS)}",
            )
        )
    return sorted(set(events))


Url: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s]*$", max_length=500),
    Field(description="Must be reachable from the internet; https is strongly advised."),
]
Events: TypeAlias = Annotated[list[str], Field(min_length=1, max_length=50), AfterValidator(_known)]
Description: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class NewWebhook(BaseModel):
    """An address to be told of events."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    url: Url
    events: Events
    description: Description = ""


class WebhookChange(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"enabled": True}})

    url: Url = ""
    events: Events = Field(default_factory=list)
    description: Description = ""
    enabled: bool = True


class Webhook(BaseModel):
    """An address that is told of events."""

    id: UUID
    url: str
    description: str
    events: list[str]
    enabled: bool
    failing_since: datetime | None = Field(description="Every delivery since then has failed.")
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> Webhook:
        values = {name: row[name] for name in cls.model_fields if name != "version"}
        return cls(**values, version=version_of(row["updated_at"]))


class WebhookCreated(Webhook):
    """With the secret that signs its deliveries, shown this once."""

    secret: str


class WebhookSecret(BaseModel):
    """The secret that signs deliveries from now on, shown this once."""

    secret: str


class WebhookEvent(BaseModel):
    """A kind of event that can be told."""

    type: str
    meaning: str


class Delivery(BaseModel):
    """One event told to one webhook, with what came of the last attempt."""

    id: UUID
    event_id: UUID = Field(description="`id` in the body; the same in every attempt.")
    type: str
    happened_at: datetime
    state: State
    attempts: int
    status: int | None = Field(description="Of the last answer.")
    error: str
    answer: str = Field(description="The beginning of the last answer.")
    body: str | None = Field(description="As it was sent; null before the first attempt.")
    created_at: datetime
    attempted_at: datetime | None
    due_at: datetime | None = Field(description="Of the next attempt, while pending.")
    delivered_at: datetime | None

    @classmethod
    def of(cls, row: RowMapping) -> Delivery:
        values = {name: row[name] for name in cls.model_fields}
        return cls(**{**values, "due_at": row["due_at"] if row["state"] == "pending" else None})
