"""Opening hours: by table, and against a plain minute-by-minute reading."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.schedules.rules import HoursError, check_intervals, is_open, next_opening

OFFICE = [["09:00", "12:00"], ["13:30", "18:00"]]
WEEKDAYS = {str(day): OFFICE for day in range(1, 6)}
NIGHT = {"5": [["22:00", "02:00"]]}


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-07 08:59:59", False),
        ("2026-09-07 09:00:00", True),
        ("2026-09-07 11:59:59", True),
        ("2026-09-07 12:00:00", False),
        ("2026-09-07 13:30:00", True),
        ("2026-09-07 18:00:00", False),
        ("2026-09-12 10:00:00", False),  # a Saturday
        ("2026-10-01 10:00:00", False),  # a holiday
        ("2026-10-10 10:00:00", True),  # a Saturday worked instead
        ("2026-10-10 16:00:00", False),
    ],
)
def test_office_hours(at: str, expected: bool) -> None:
    special = {"2026-10-01": [], "2026-10-10": [["10:00", "16:00"]]}
    assert is_open(WEEKDAYS, special, "Asia/Shanghai", shanghai(at)) is expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-09-07 08:00", "2026-09-07 09:00"),
        ("2026-09-07 12:00", "2026-09-07 13:30"),
        ("2026-09-07 18:00", "2026-09-08 09:00"),
        ("2026-09-11 18:00", "2026-09-14 09:00"),  # over a weekend
        ("2026-09-30 18:00", "2026-10-02 09:00"),  # over a holiday
        ("2026-10-09 18:00", "2026-10-10 10:00"),  # a Saturday worked instead
    ],
)
def test_the_next_opening(after: str, expected: str) -> None:
    special = {"2026-10-01": [], "2026-10-10": [["10:00", "16:00"]]}
    found = next_opening(WEEKDAYS, special, "Asia/Shanghai", shanghai(after))
    assert found == shanghai(expected)


def test_never_open_again() -> None:
    at = shanghai("2026-09-07 08:00")
    assert next_opening({}, {}, "Asia/Shanghai", at) is None
    assert next_opening(NIGHT, {}, "Asia/Shanghai", at) == shanghai("2026-09-11 22:00")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-11 21:59", False),  # Friday
        ("2026-09-11 22:00", True),
        ("2026-09-12 00:00", True),
        ("2026-09-12 01:59", True),
        ("2026-09-12 02:00", False),
        ("2026-09-11 01:00", False),  # the night before is a Thursday's
    ],
)
def test_past_midnight(at: str, expected: bool) -> None:
    assert is_open(NIGHT, {}, "Asia/Shanghai", shanghai(at)) is expected


def test_a_special_day_ends_the_night_before_it() -> None:
    special: dict[str, list[list[str]]] = {"2026-09-12": []}
    assert is_open(NIGHT, special, "Asia/Shanghai", shanghai("2026-09-11 23:59"))
    assert not is_open(NIGHT, special, "Asia/Shanghai", shanghai("2026-09-12 00:00"))


def test_a_special_night_runs_into_an_ordinary_day() -> None:
    special = {"2026-10-01": [["20:00", "01:00"]]}
    assert is_open({}, special, "Asia/Shanghai", shanghai("2026-10-02 00:59"))
    assert not is_open({}, special, "Asia/Shanghai", shanghai("2026-10-02 01:00"))


def test_the_whole_day() -> None:
    always = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
    moment = shanghai("2026-09-07 00:00")
    assert all(
        is_open(always, {}, "Asia/Shanghai", moment + timedelta(minutes=7 * step))
        for step in range(1440)
    )


def test_the_instant_counts_not_its_zone() -> None:
    assert is_open(WEEKDAYS, {}, "Asia/Shanghai", datetime(2026, 9, 7, 1, 0, tzinfo=UTC))
    assert not is_open(WEEKDAYS, {}, "Asia/Shanghai", datetime(2026, 9, 7, 10, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("at_utc", "expected"),
    [
        # Berlin's clocks jump from 02:00 to 03:00 at 01:00 UTC on 29 March 2026.
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), False),  # 01:59
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), True),  # 03:00
        (datetime(2026, 3, 29, 2, 0, tzinfo=UTC), False),  # 04:00
        # They fall back from 03:00 to 02:00 at 01:00 UTC on 25 October 2026.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),  # 02:30, the first
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),  # 02:30, the second
        (datetime(2026, 10, 25, 3, 0, tzinfo=UTC), False),  # 04:00
    ],
)
def test_daylight_saving_follows_the_wall(at_utc: datetime, expected: bool) -> None:
    assert is_open({"7": [["02:30", "04:00"]]}, {}, "Europe/Berlin", at_utc) is expected


@pytest.mark.parametrize(
    ("intervals", "wrong"),
    [
        ([["9:00", "18:00"]], "9:00"),
        ([["24:00", "25:00"]], "24:00"),
        ([["09:00", "09:00"]], "相同"),
        ([["09:00"]], "开始和结束"),
        ([["09:00", "12:00"], ["11:00", "13:00"]], "重叠"),
        ([["09:00", "02:00"], ["22:00", "23:00"]], "重叠"),
        ([["00:00", "00:01"]] * 13, "最多"),
        ([["09:00\n", "10:00"]], "09:00"),
        ([["０９:00", "10:00"]], "09:00"),
    ],
)
def test_what_is_wrong_is_said(intervals: list[list[str]], wrong: str) -> None:
    with pytest.raises(HoursError) as caught:
        check_intervals(intervals)
    assert wrong in caught.value.words.zh


def test_nothing_wrong() -> None:
    check_intervals([])
    check_intervals(OFFICE)
    check_intervals([["18:00", "24:00"], ["00:00", "08:00"]])


times = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
days = st.lists(
    st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(list), max_size=3
)


@given(
    weekly=st.dictionaries(st.sampled_from("1234567"), days),
    at=st.datetimes(min_value=datetime(2026, 1, 2), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_equals_a_plain_reading(weekly: dict[str, list[list[str]]], at: datetime) -> None:
    def covers(day: date, begin: str, end: str) -> bool:
        start = datetime.fromisoformat(f"{day} {begin}")
        stop = datetime.fromisoformat(f"{day} {end}")
        return start <= at < (stop if stop > start else stop + timedelta(days=1))

    expected = any(
        covers(day, begin, end)
        for day in (at.date(), at.date() - timedelta(days=1))
        for begin, end in weekly.get(str(day.isoweekday()), [])
    )
    moment = at.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert is_open(weekly, {}, "Asia/Shanghai", moment) is expected
