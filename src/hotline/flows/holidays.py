"""Chinese public holidays and the weekend days that are worked instead of them.

The days are those that the State Council announces each autumn for the next year, as the package
chinesecalendar keeps them. Beyond its years every day is what its weekday is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import chinese_calendar

from hotline.kit.errors import Words

FIRST_YEAR: Final = min(chinese_calendar.constants.holidays).year
LAST_YEAR: Final = max(chinese_calendar.constants.holidays).year


class DayKind(StrEnum):
    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    MAKE_UP_WORKDAY = "make_up_workday"
    """A Saturday or Sunday that is worked."""


def day_kind(day: date) -> DayKind:
    """What the calendar says of ``day``; a weekend by itself is no holiday."""
    if day in chinese_calendar.constants.holidays:
        return DayKind.HOLIDAY
    if day in chinese_calendar.constants.workdays and day.isoweekday() > 5:
        return DayKind.MAKE_UP_WORKDAY
    return DayKind.ORDINARY


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says, and because of which holiday."""

    day: date
    kind: DayKind
    name: Words


def special_days_of(year: int) -> list[SpecialDay]:
    """Public holidays and make-up workdays in their order; none for a year that is not known."""
    because = chinese_calendar.constants.holidays | chinese_calendar.constants.workdays
    chinese = {each.value: each.chinese for each in chinese_calendar.constants.Holiday}
    return [
        SpecialDay(day, kind, Words(because[day], chinese[because[day]]))
        for day in sorted(because)
        if day.year == year and (kind := day_kind(day)) is not DayKind.ORDINARY
    ]
