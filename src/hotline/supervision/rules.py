"""Where a running call is, and what a service level is: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


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
    parties: Sequence[Mapping[str, Any]] = ()
    """The legs that ring or talk there."""


_OF_EVENT = {
    "message_started": Place.MESSAGE,
    "survey_asked": Place.SURVEY,
    "greeting_started": Place.GREETING,
}


def whereabouts(
    started_at: datetime,
    legs: Sequence[Mapping[str, Any]],
    entry: Mapping[str, Any] | None,
    event: Mapping[str, Any] | None,
    held_since: datetime | None,
) -> Whereabouts:
    """``legs`` have no end yet, ``entry`` is the call's wait in a queue, ``event`` the last one
    that says where the caller was led."""
    talking = [leg for leg in legs if leg["connected_at"] is not None]
    if talking and held_since is not None:
        return Whereabouts(Place.ON_HOLD, held_since, parties=talking)
    if talking:
        since = min(leg["connected_at"] for leg in talking)
        return Whereabouts(Place.TALKING, since, parties=talking)
    if entry is not None:
        name = entry["queue_name"] or ""
        return Whereabouts(Place.QUEUE, entry["entered_at"], name, parties=legs)
    if legs:
        return Whereabouts(Place.RINGING, min(leg["dialled_at"] for leg in legs), parties=legs)
    return _led_to(started_at, event)


def _led_to(started_at: datetime, event: Mapping[str, Any] | None) -> Whereabouts:
    if event is None:
        return Whereabouts(Place.ARRIVING, started_at)
    if event["type"] in _OF_EVENT:
        return Whereabouts(_OF_EVENT[event["type"]], event["at"])
    data = event["data"]
    return Whereabouts(Place.FLOW, event["at"], data.get("title") or data.get("kind") or "")


def service_level(answered_within: int, answered: int, abandoned: int) -> float | None:
    """Answered in time of all who were answered or gave up, in per cent; None without any."""
    counted = answered + abandoned
    return round(100 * answered_within / counted, 1) if counted else None
