"""The one table of what each kind of node does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hotline.calls.flow import Stage
from hotline.calls.steps.deciding import region, schedule
from hotline.calls.steps.reaching import group
from hotline.calls.steps.saying import hangup, play

STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        "play": Stage(play, says_pending=False),
        "hangup": Stage(hangup),
        "schedule": Stage(schedule, says_pending=False),
        "region": Stage(region, says_pending=False),
        "group": Stage(group, says_pending=False),
    }
)
