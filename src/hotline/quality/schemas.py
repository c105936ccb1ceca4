"""Score sheets and reviews on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of

MAX_CRITERIA: Final = 50
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
CriterionKey: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Points: TypeAlias = Annotated[int, Field(ge=0, le=100)]
Comment: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
_CRITERIA: Final[Any] = [
    {"key": "greeting", "name": "开头语规范", "weight": 1, "points": 5},
    {"key": "solution", "name": "问题解决", "weight": 3, "points": 10},
]


class Criterion(BaseModel):
    """One thing that is judged."""

    model_config = ConfigDict(extra="forbid")

    key: CriterionKey
    name: Name
    weight: int = Field(1, ge=1, le=100, description="How much it counts against the others.")
    points: int = Field(5, ge=1, le=100, description="The most that can be reached.")
    description: Annotated[str, StringConstraints(max_length=500)] = ""


def _keys_differ(criteria: list[Criterion]) -> list[Criterion]:
    if len({criterion.key for criterion in criteria}) < len(criteria):
        raise refusal(Words("two criteria have the same key", "有两个评分项的标识相同"))
    return criteria


Criteria: TypeAlias = Annotated[
    list[Criterion], Field(min_length=1, max_length=MAX_CRITERIA), AfterValidator(_keys_differ)
]


class NewSheet(BaseModel):
    """A sheet by which talks are judged."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "服务质检", "criteria": _CRITERIA}}
    )

    name: Name
    criteria: Criteria
    in_use: bool = True


class SheetChange(BaseModel):
    """What is absent stays. Reviews that were made keep the criteria they had."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"in_use": False}})

    name: Name = ""
    criteria: Criteria = Field(default_factory=list)
    in_use: bool = True


class Sheet(BaseModel):
    """A score sheet."""

    id: UUID
    name: str
    criteria: list[Criterion]
    in_use: bool
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> Sheet:
        return cls(**row, version=version_of(row["updated_at"]))


class NewReview(BaseModel):
    """What a supervisor finds of a talk."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "sheet_id": _ID,
                "call_id": _ID,
                "points": {"greeting": 5, "solution": 8},
                "comment": "语气亲切，可更快核实订单",
            }
        },
    )

    sheet_id: UUID
    call_id: UUID
    recording_id: UUID | None = Field(None, description="Null: the call as a whole.")
    agent_id: UUID | None = Field(
        None, description="Null: who talks in the recording, or took the call last."
    )
    points: Annotated[dict[CriterionKey, Points], Field(max_length=MAX_CRITERIA)]
    comment: Comment = ""


class ReviewChange(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "已与座席沟通"}}
    )

    points: Annotated[dict[CriterionKey, Points], Field(max_length=MAX_CRITERIA)] = Field(
        default_factory=dict
    )
    comment: Comment = ""


class Review(BaseModel):
    """What was found of a talk."""

    id: UUID
    call_id: UUID
    recording_id: UUID | None
    agent_id: UUID | None
    agent_name: str | None
    sheet_id: UUID
    sheet_name: str
    criteria: list[Criterion] = Field(description="As they were when it was judged.")
    points: dict[str, int]
    total: float = Field(description="Weighted, 0 to 100.")
    comment: str
    reviewer_id: UUID | None
    reviewer_name: str
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> Review:
        return cls(**row, version=version_of(row["updated_at"]))
