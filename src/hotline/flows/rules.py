"""What nodes decide, from facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hotline.calls.facts import OpeningHours
from hotline.flows.nodes import RegionRule
from hotline.kit.numbers import PhoneNumber
from hotline.schedules.rules import is_open

OPEN, CLOSED, OTHERWISE = "open", "closed", "otherwise"


def schedule_exit(hours: OpeningHours | None, at: datetime) -> str:
    """Open where the hours are gone: better one call too many than none."""
    if hours is None or is_open(hours.weekly, hours.special_days, hours.time_zone, at):
        return OPEN
    return CLOSED


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
