"""Screened numbers and blocked areas on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from sqlalchemy import RowMapping

from hotline.kit.validation import refusal
from hotline.kit.versions import version_of
from hotline.screening.rules import MAX_NOTE, Match, PatternError, check_area_code, pattern_of

Action: TypeAlias = Literal["reject", "voicemail_notice"]
Note: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_NOTE)]
HotlineId: TypeAlias = Annotated[UUID | None, Field(description="null: every hotline.")]
Until: TypeAlias = Annotated[AwareDatetime | None, Field(description="null: for ever.")]
VERSION = Field(description="In quotes, the ETag that a change names in If-Match.")


def _area_code(entered: str) -> str:
    try:
        return check_area_code(entered)
    except PatternError as error:
        raise refusal(error.words) from error


AreaCode: TypeAlias = Annotated[str, StringConstraints(max_length=4), AfterValidator(_area_code)]
OfficeCode: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,5}$"), Field(description="局号 or its beginning.")
]


class NewScreeningEntry(BaseModel):
    """A number, or all that begin with a prefix, not to be put through."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"pattern": "13812345678", "note": "骚扰电话"}},
    )

    hotline_id: HotlineId = None
    match: Match = Match.NUMBER
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    action: Action = "reject"
    until: Until = None
    note: Note = ""

    @model_validator(mode="after")
    def in_one_form(self) -> NewScreeningEntry:
        try:
            self.pattern = pattern_of(self.pattern, self.match)
        except PatternError as error:
            raise refusal(error.words) from error
        return self


class ScreeningEntryChange(BaseModel):
    """What is absent stays. For another number, add an entry and remove this one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"until": None}})

    action: Action = "reject"
    until: Until = None
    note: Note = ""


class ScreeningEntry(BaseModel):
    """A screened number or prefix."""

    id: UUID
    hotline_id: HotlineId
    match: Match
    pattern: str
    action: Action
    until: datetime | None
    note: str
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> ScreeningEntry:
        return cls(**row, version=version_of(row["updated_at"]))


class RefusedLine(BaseModel):
    """A line that was not imported."""

    line: int = Field(description="From 1.")
    text: str = Field(description="Its first hundred characters.")
    message: str


class ImportResult(BaseModel):
    """What became of every line."""

    added: int
    known: int = Field(description="There already, or twice in the list.")
    errors: list[RefusedLine]


class NewBlockedArea(BaseModel):
    """An area, or a part of it by office code, whose callers are not put through."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"area_code": "0755", "office_code": "8266"}}
    )

    hotline_id: HotlineId = None
    area_code: AreaCode
    office_code: OfficeCode | None = Field(None, description="null: the whole area.")
    note: Note = ""


class BlockedAreaChange(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"note": "诈骗高发"}})

    area_code: AreaCode = ""
    office_code: OfficeCode | None = None
    note: Note = ""


class BlockedArea(BaseModel):
    """A blocked area."""

    id: UUID
    hotline_id: HotlineId
    area_code: str
    office_code: str | None
    note: str
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> BlockedArea:
        return cls(**row, version=version_of(row["updated_at"]))
