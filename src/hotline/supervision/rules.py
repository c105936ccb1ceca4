"""Where a running call is: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline.records.lines import OpenLine


class Place(StrEnum):
    """Where a caller is."""

    ARRIVING = "arriving"
    GREETING = "greeting"
    FLOW = "flow"
    QUEUE = "queue"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    MESSAGE = "message"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    place: Place
    since: datetime
    detail: str = ""
    """The name of the node or the queue."""
    parties: Sequence[OpenLine] = ()
    """Who rings or talks there."""


_OF_EVENT = {
    "message_started": Place.MESSAGE,
    "survey_asked": Place.SURVEY,
    "greeting_started": Place.GREETING,
}


def whereabouts(
    started_at: datetime,
    lines: Sequence[OpenLine],
    entry: Mapping[str, Any] | None,
    event: Mapping[str, Any] | None,
) -> Whereabouts:
    """``entry`` is the call's wait in a queue, ``event`` the last one that says where the caller
    was led."""
    talking = [line.connected_at for line in lines if line.connected_at is not None]
    held = [line.held_since for line in lines if line.held_since is not None]
    if held:
        return Whereabouts(Place.ON_HOLD, max(held), parties=lines)
    if talking:
        return Whereabouts(Place.TALKING, min(talking), parties=lines)
    if entry is not None:
        name = entry["queue_name"] or ""
        return Whereabouts(Place.QUEUE, entry["entered_at"], name, parties=lines)
    if lines:
        return Whereabouts(Place.RINGING, min(line.dialled_at for line in lines), parties=lines)
    return _led_to(started_at, event)


def _led_to(started_at: datetime, event: Mapping[str, Any] | None) -> Whereabouts:
    if event is None:
        return Whereabouts(Place.ARRIVING, started_at)
    if event["type"] in _OF_EVENT:
        return Whereabouts(_OF_EVENT[event["type"]], event["at"])
    data = event["data"]
    return Whereabouts(Place.FLOW, event["at"], data.get("title") or data.get("kind") or "")
