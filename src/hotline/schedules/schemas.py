"""Opening hours on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.versions import version_of
from hotline.schedules.hours import SpecialDays, TimeZone, Weekly

Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "工作时间",
    "time_zone": "Asia/Shanghai",
    "weekly": {str(day): [["09:00", "12:00"], ["13:30", "18:00"]] for day in range(1, 6)},
    "special_days": {"2026-10-01": [], "2026-10-10": [["10:00", "16:00"]]},
}


class NewSchedule(BaseModel):
    """Opening hours to be kept under a name."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    name: Name
    time_zone: TimeZone = "Asia/Shanghai"
    weekly: Weekly
    special_days: SpecialDays = Field(default_factory=dict)


class ScheduleChange(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"special_days": {"2027-01-01": []}}}
    )

    name: Name = ""
    time_zone: TimeZone = ""
    weekly: Weekly = Field(default_factory=dict)
    special_days: SpecialDays = Field(default_factory=dict)


class Schedule(BaseModel):
    """Opening hours."""

    id: UUID
    name: str
    time_zone: str
    weekly: dict[str, list[list[str]]]
    special_days: dict[str, list[list[str]]]
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping) -> Schedule:
        return cls(**row, version=version_of(row["updated_at"]))


class ScheduleState(BaseModel):
    """Whether it is open at an instant."""

    at: datetime
    open: bool
