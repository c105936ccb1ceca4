"""When a talk began and ended that no controller followed, from what the dialplan left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hotline.telephony.asterisk.results import after, instant, whole
from hotline.telephony.recorded import duration_ms


@dataclass(frozen=True, slots=True)
class Noted:
    """The dialplan's words; empty where it has none."""

    arrived: str
    """Seconds since 1970, when the caller's channel began."""
    talking_since: str
    """Seconds since 1970; noted only where nothing else tells."""
    up_for: str
    """Milliseconds from the answer of the caller's channel to the end of the talk."""
    there_for: str
    """Milliseconds from ``arrived`` to the end of the talk."""


@dataclass(frozen=True, slots=True)
class TalkTimes:
    began: datetime
    ended: datetime


def talk_times(noted: Noted, *, over_at: datetime, recorded: Path | None) -> TalkTimes:
    """``over_at`` is when the talk was over at the latest.

    ``recorded`` is the talk's recording, given where the caller had been answered before: the
    switch writes it while the two are connected, so that it lasts as long as they talked. One that
    is missing counts as no talk: nobody pays for what nothing shows.
    """
    arrived_at = instant(noted.arrived)
    ended_at = after(arrived_at, noted.there_for) if arrived_at is not None else None
    ended = min(over_at, ended_at or over_at)
    began = instant(noted.talking_since)
    if began is None:
        lasted = (whole(noted.up_for) or 0) if recorded is None else _length(recorded)
        began = ended - timedelta(milliseconds=lasted)
    return TalkTimes(min(began, ended), ended)


def _length(recorded: Path) -> int:
    """In milliseconds."""
    try:
        return duration_ms(recorded, recorded.stat().st_size)
    except OSError:
        return 0
