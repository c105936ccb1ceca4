"""What became of a leg, read from the switch's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hotline.telephony.port import Cause, LegResult
from hotline.telephony.sip_codes import cause_of_sip, result_of_sip

_RESULT_OF_STATUS = {
    "ANSWER": LegResult.ANSWERED,
    "BUSY": LegResult.BUSY,
    "NOANSWER": LegResult.NO_ANSWER,
    "CANCEL": LegResult.CANCELLED,
    "CONGESTION": LegResult.UNREACHABLE,
    "CHANUNAVAIL": LegResult.UNREACHABLE,
}
_CAUSE_OF_RESULT = {
    LegResult.BUSY: int(Cause.BUSY),
    LegResult.CANCELLED: int(Cause.NORMAL),
    LegResult.NO_ANSWER: int(Cause.NO_ANSWER),
}
MOVED_TEMPORARILY = 302
_SIP = re.compile(r"SIP (\d{3})\b")


def result_of_status(status: str) -> LegResult:
    """What Dial's DIALSTATUS, or the ``dialstatus`` of a Dial event, means for a leg."""
    return _RESULT_OF_STATUS.get(status, LegResult.UNREACHABLE)


def sip_code_of(tech_cause: str) -> int | None:
    """``SIP 486 Busy Here`` → 486."""
    match = _SIP.match(tech_cause)
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a leg was not answered."""

    result: LegResult
    sip_code: int | None
    cause: int | None
    """As Q.850 has it."""


def failure_of(status: str, tech_cause: str) -> Failure:
    """From Dial's DIALSTATUS and, which says more, its leg's SIP status (``SIP 486 …``).

    The caller's hang-up leaves no DIALSTATUS, or CANCEL.
    """
    result = result_of_status(status) if status else LegResult.CANCELLED
    code = sip_code_of(tech_cause)
    if status == "BUSY" and (code is None or code < 300):
        # Dial's word for a redirect, which it may not follow; who is busy says so by a status.
        code = MOVED_TEMPORARILY
    # 487 only says that we gave it up.
    if code is None or not 300 <= code < 700 or code == 487 or result is LegResult.CANCELLED:
        return Failure(result, None, _CAUSE_OF_RESULT.get(result))
    return Failure(result_of_sip(code), code, cause_of_sip(code))


def instant(text: str) -> datetime | None:
    """Seconds since 1970 with a fraction; None when empty or not a number."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        return None


def after(start: datetime, milliseconds: str) -> datetime | None:
    """``start`` plus a count that the switch gave; None when it gave none."""
    return start + timedelta(milliseconds=int(milliseconds)) if milliseconds.isdigit() else None


def stamp(event_time: str) -> datetime:
    """An ARI timestamp, e.g. ``2026-01-31T08:00:25.581+0000``."""
    return datetime.fromisoformat(event_time).astimezone(UTC)


def whole(text: str) -> int | None:
    """A number the switch gave; None when empty or not one."""
    return int(text) if text.isdigit() else None


def talk_times(
    arrived: str, since: str, there_for: str, over_at: datetime
) -> tuple[datetime, datetime]:
    """When a talk that Dial has had began and ended: at ``over_at`` at the latest.

    ``arrived`` is when the caller's channel began, ``since`` when the two were put through (both in
    seconds since 1970), ``there_for`` how long the channel had been there when the talk ended
    (milliseconds); empty where the switch gave none. Without ``since`` they have not talked.
    """
    arrived_at = instant(arrived)
    ended_at = after(arrived_at, there_for) if arrived_at is not None else None
    ended = min(over_at, ended_at or over_at)
    return min(instant(since) or ended, ended), ended
