"""Opening hours on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of
from hotline.schedules.rules import HoursError, check_intervals

MAX_SPECIAL_DAYS: Final = 400
_ZONES: Final = frozenset(available_timezones())


def _checked_day(intervals: list[list[str]]) -> list[list[str]]:
    try:
        check_intervals(intervals)
    except HoursError as error:
        raise refusal(error.words) from error
    return intervals


def _checked_zone(name: str) -> str:
    if name not in _ZONES:
        raise refusal(
            Words("is not a time zone like Asia/Shanghai", "不是有效的时区，例如 Asia/Shanghai")
        )
    return name


Clock: TypeAlias = Annotated[str, StringConstraints(max_length=5)]
Day: TypeAlias = Annotated[
    list[Annotated[list[Clock], Field(max_length=2)]], AfterValidator(_checked_day)
]
Weekday: TypeAlias = Literal["1", "2", "3", "4", "5", "6", "7"]
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
TimeZone: TypeAlias = Annotated[
    str, StringConstraints(max_length=64), AfterValidator(_checked_zone)
]
Weekly: TypeAlias = Annotated[
    dict[Weekday, Day],
    Field(
        description="Intervals by ISO weekday (1 is Monday). An end that is not after its start "
        "lies on the next day; 24:00 is midnight. A day that is absent is closed."
    ),
]
SpecialDays: TypeAlias = Annotated[
    dict[date, Day],
    Field(
        max_length=MAX_SPECIAL_DAYS,
        description="Dates whose own hours replace the week's; an empty list is closed all day.",
    ),
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
