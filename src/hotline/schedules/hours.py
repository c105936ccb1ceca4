"""Opening hours as people write them down: checked types for schemas and flows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from hotline.kit.errors import Words
from hotline.kit.validation import refusal
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
