"""What nodes decide, from facts alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from hotline.calls.facts import OpeningHours
from hotline.flows.deciding import (
    Comparison,
    ConditionNode,
    RegionRule,
    ScheduleNode,
    Share,
)
from hotline.flows.holidays import DayKind, day_kind
from hotline.kit.numbers import PhoneNumber
from hotline.schedules.rules import Intervals, is_open

OPEN, CLOSED, HOLIDAY, OTHERWISE = "open", "closed", "holiday", "otherwise"
_SLOT: Final = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")


def schedule_exit(node: ScheduleNode, kept: OpeningHours | None, at: datetime) -> str:
    """On a day that periods name for themselves only those periods count.

    Open where kept hours are gone: better one call too many than none.
    """
    today = day_at(node, kept, at)
    ways = list(_ways(node, kept))
    named = [(way, hours) for way, hours in ways if today.day.isoformat() in hours.special_days]
    if today.kind is DayKind.HOLIDAY and not today.own:
        return HOLIDAY
    for way, hours in named or ways:
        special = dict(hours.special_days)
        if today.kind is DayKind.MAKE_UP_WORKDAY and not today.own:
            special[today.day.isoformat()] = hours.weekly.get(node.workday_as, [])
        if is_open(hours.weekly, special, hours.time_zone, at):
            return way
    if node.schedule is None:
        return OTHERWISE
    return CLOSED if ways else OPEN


@dataclass(frozen=True, slots=True)
class DayThere:
    """The day that an instant is on, for a schedule."""

    day: date
    zone: ZoneInfo
    kind: DayKind
    own: bool
    """It has hours of its own, which go before everything else."""


def day_at(node: ScheduleNode, kept: OpeningHours | None, at: datetime) -> DayThere:
    """``kept`` is what ``node`` names, if anything, and that is still there."""
    zone = ZoneInfo(kept.time_zone if kept is not None else node.time_zone)
    day = at.astimezone(zone).date()
    own = any(day.isoformat() in hours.special_days for _, hours in _ways(node, kept))
    return DayThere(day, zone, _kind_of(node, day), own)


def _kind_of(node: ScheduleNode, day: date) -> DayKind:
    if node.calendar == "none":
        return DayKind.ORDINARY
    if day in node.holidays:
        return DayKind.HOLIDAY
    return DayKind.MAKE_UP_WORKDAY if day in node.workdays else day_kind(day)


def _ways(node: ScheduleNode, kept: OpeningHours | None) -> Iterator[tuple[str, OpeningHours]]:
    if node.schedule is not None:
        if kept is not None:
            yield OPEN, kept
        return
    for period in node.periods:
        days: dict[str, Intervals] = {
            day.isoformat() if isinstance(day, date) else str(day): hours
            for day, hours in period.special_days.items()
        }
        weekly: dict[str, Intervals] = {str(day): hours for day, hours in period.weekly.items()}
        yield period.exit, OpeningHours(weekly, days, node.time_zone)


def region_exit(rules: Sequence[RegionRule], caller: PhoneNumber) -> str:
    """The exit of the first rule that ``caller`` comes under."""
    for rule in rules:
        if (
            caller.province in rule.provinces
            or (caller.province, caller.city) in rule.cities
            or caller.area_code in rule.area_codes
        ):
            return rule.exit
    return OTHERWISE


def split_exit(shares: Sequence[Share], lot: float) -> str:
    """The exit for ``lot``, which is drawn from 0 (included) to 1 (excluded)."""
    reached = 0.0
    for share in shares:
        reached += share.percent
        if lot * 100 < reached:
            return share.exit
    return shares[-1].exit


def condition_exit(node: ConditionNode, values: Mapping[str, str]) -> str:
    results = (_holds(test, values) for test in node.tests)
    return "true" if (all(results) if node.of == "all" else any(results)) else "false"


def _holds(test: Comparison, values: Mapping[str, str]) -> bool:
    left, right = values.get(test.variable, ""), fill(test.value, values)
    match test.is_:
        case "empty":
            return not left
        case "filled":
            return bool(left)
        case "contains":
            return right in left
        case "starts_with":
            return left.startswith(right)
        case "equal" | "different":
            one, other = _comparable(left, right)
            return (test.is_ == "equal") is bool(one == other)
        case _:
            one, other = _comparable(left, right)
            return bool(one < other if test.is_ == "less" else one > other)


def _comparable(left: str, right: str) -> tuple[Any, Any]:
    """As numbers where both are; texts otherwise."""
    try:
        one, other = Decimal(left), Decimal(right)
    except InvalidOperation:
        return left, right
    return (one, other) if one.is_finite() and other.is_finite() else (left, right)


def fill(template: str, values: Mapping[str, str], *, for_address: bool = False) -> str:
    """``template`` with the variables' values; those that are not set are empty."""

    def value(found: re.Match[str]) -> str:
        text = values.get(found[1], "")
        return quote(text, safe="") if for_address else text

    return _SLOT.sub(value, template)


def fill_all(body: Any, values: Mapping[str, str]) -> Any:
    """A JSON value, every text in it filled."""
    match body:
        case str():
            return fill(body, values)
        case dict():
            return {key: fill_all(part, values) for key, part in body.items()}
        case list():
            return [fill_all(part, values) for part in body]
        case _:
            return body


def at_path(answer: Any, path: str) -> str | None:
    """The value at ``data.items.0.name`` as text; None where there is none, or no plain one."""
    for part in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list) and part.isascii() and part.isdigit():
            answer = answer[int(part)] if int(part) < len(answer) else None
        else:
            return None
    if isinstance(answer, bool):
        return "true" if answer else "false"
    return str(answer) if isinstance(answer, str | int | float) else None
