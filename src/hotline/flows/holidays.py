"""Chinese public holidays and the weekend days that are worked instead of them.

The days are those that the State Council announces each autumn for the next year, as the package
chinesecalendar keeps them. Beyond its years every day is what its weekday is.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import chinese_calendar

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
