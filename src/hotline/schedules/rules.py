"""Whether a time is within opening hours.

Hours are wall-clock times of the schedule's own time zone, so they follow daylight saving: an
interval is open exactly while the clock on the wall there shows a time in it. An hour that the
clocks skip is never open, an hour that they repeat counts both times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from hotline.kit.errors import Words

Intervals: TypeAlias = Sequence[Sequence[str]]
"""``[["09:00", "12:00"], ["22:00", "02:00"]]``: from (included) to (excluded); an end that is not
after its start lies on the following day; ``24:00`` is the end of the day."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
DAY = 24 * 60
MAX_INTERVALS = 12
_LOOKED_AHEAD = 366


class HoursError(ValueError):
    """Hours that make no sense; ``words`` say why to their author."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def is_open(
    weekly: Mapping[str, Intervals],
    special_days: Mapping[str, Intervals],
    time_zone: str,
    at: datetime,
) -> bool:
    """Whether ``at`` (aware) is within the hours.

    ``weekly`` has intervals by ISO weekday ("1" is Monday … "7"), ``special_days`` by date
    ("2026-10-01"; an empty list is closed all day). On a special day only its own hours count: an
    interval of the evening before ends at its midnight.

    Raises HoursError for hours that :func:`check_intervals` refuses.
    """
    local = at.astimezone(ZoneInfo(time_zone))
    today = local.date()
    minute = local.hour * 60 + local.minute
    if any(begin <= minute < end for begin, end in _hours(weekly, special_days, today)):
        return True
    if today.isoformat() in special_days:
        return False
    yesterday = _hours(weekly, special_days, today - timedelta(days=1))
    return any(minute + DAY < end for _, end in yesterday)


def next_opening(
    weekly: Mapping[str, Intervals],
    special_days: Mapping[str, Intervals],
    time_zone: str,
    after: datetime,
) -> datetime | None:
    """The next instant after ``after`` (aware) at which an interval begins; None: within a year
    none does. As :func:`is_open`."""
    zone = ZoneInfo(time_zone)
    today = after.astimezone(zone).date()
    for days in range(_LOOKED_AHEAD):
        day = today + timedelta(days=days)
        for begin, _ in sorted(_hours(weekly, special_days, day)):
            wall = datetime.combine(day, time(begin // 60, begin % 60), zone)
            instant = wall.astimezone(UTC)
            if instant > after and is_open(weekly, special_days, time_zone, instant):
                return instant
    return None


def check_intervals(intervals: Intervals) -> None:
    """Raises HoursError when one day's intervals are malformed, too many or overlap."""
    if len(intervals) > MAX_INTERVALS:
        raise HoursError(
            Words(f"at most {MAX_INTERVALS} intervals a day", f"一天最多 {MAX_INTERVALS} 个时段")
        )
    parsed = sorted(_minutes(interval) for interval in intervals)
    if any(begin < end for (_, end), (begin, _) in pairwise(parsed)):
        raise HoursError(Words("intervals of a day must not overlap", "同一天的时段不能重叠"))


def _hours(
    weekly: Mapping[str, Intervals], special_days: Mapping[str, Intervals], day: date
) -> list[tuple[int, int]]:
    special = special_days.get(day.isoformat())
    intervals = weekly.get(str(day.isoweekday()), ()) if special is None else special
    return [_minutes(interval) for interval in intervals]


def _minutes(interval: Sequence[str]) -> tuple[int, int]:
    """Begin and end in minutes from the day's midnight; the end may be beyond 1440."""
    if len(interval) != 2:
        raise HoursError(Words("an interval has a begin and an end", "每个时段须有开始和结束时间"))
    begin, end = _minute_of_day(interval[0]), _minute_of_day(interval[1], last=True)
    if begin == end:
        raise HoursError(
            Words(
                "begin and end are the same; the whole day is 00:00 to 24:00",
                "时段的开始与结束相同；全天请写 00:00 至 24:00",
            )
        )
    return begin, end if end > begin else end + DAY


def _minute_of_day(value: str, *, last: bool = False) -> int:
    if last and value == "24:00":
        return DAY
    match = _TIME.fullmatch(value)
    if match is None:
        raise HoursError(
            Words(f"write {value[:10]!r} like 09:00", f"时间“{value[:10]}”应写作 09:00 的形式")
        )
    return int(match[1]) * 60 + int(match[2])
