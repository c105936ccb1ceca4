"""Caller numbers on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.hotlines.rules import (
    DestinationStatus,
    NumberRefusedError,
    destination_number,
    hotline_number,
)
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of


def _shown_number(entered: str) -> str:
    for rule in (hotline_number, destination_number):
        try:
            return rule(entered)
        except NumberRefusedError as error:
            refused = error
    raise refusal(refused.words) from refused


Number: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=40), AfterValidator(_shown_number)
]
Label: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class NewCallerNumber(BaseModel):
    """A number to be shown, once the operator has approved it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"number": "021-50000000", "label": "总机"}},
    )

    number: Number
    label: Label = ""


class CallerNumberChange(BaseModel):
    """What is absent stays. For another number, register it and remove this one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"enabled": False}})

    label: Label = ""
    enabled: bool = Field(True, description="False: approved, but not to be shown now.")


class CallerNumber(BaseModel):
    """A number that agents' calls may show."""

    id: UUID
    number: str
    label: str
    status: DestinationStatus
    reviewed_at: datetime | None
    review_note: str
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> CallerNumber:
        return cls(**row, version=version_of(row["updated_at"]))


class PendingCallerNumber(CallerNumber):
    """As the operator sees it."""

    enterprise_id: UUID
    enterprise_name: str

    @classmethod
    def of(cls, row: RowMapping) -> PendingCallerNumber:
        return cls(**row, version=version_of(row["updated_at"]))
