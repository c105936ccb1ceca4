"""A call's record as the demo reads it, and how it is told to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from hotline.db.database import Database
from hotline.kit.clock import Clock
from hotline.kit.errors import UnavailableError
from hotline.recordings.models import recordings
from hotline.records.models import call_events, call_legs, calls

_POLL: Final = 0.1


class RecordMissingError(UnavailableError):
    error_id = "record-missing"
    title = "The call's record did not appear in time"
    title_zh = "通话记录未能及时生成"


@dataclass(frozen=True, slots=True)
class LegLine:
    """One attempt to reach a destination."""

    target: str
    result: str | None
    sip_code: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the database keeps of one call. Times in seconds."""

    call_id: UUID
    caller: str
    dialled: str
    region: str
    outcome: str
    """With its reason where it has one: ``refused: closed``."""
    legs: tuple[LegLine, ...]
    talk_seconds: float
    recording_id: UUID | None
    recording_seconds: float | None
    started_at: datetime
    events: tuple[tuple[datetime, str, Mapping[str, Any]], ...]


async def finished_record(
    database: Database,
    clock: Clock,
    *,
    dialled: str,
    caller: str,
    since: datetime,
    within: float = 15.0,
) -> Record:
    """Wait until the call's record, and its recording if there is one, are complete.

    Raises RecordMissingError after ``within`` seconds.
    """
    deadline = clock.monotonic() + within
    while clock.monotonic() < deadline:
        record = await _read(database, dialled, caller, since)
        if record is not None:
            return record
        await clock.sleep(_POLL)
    raise RecordMissingError(f"{caller} to {dialled}, after {within:.0f} s; see the log")


async def _read(database: Database, dialled: str, caller: str, since: datetime) -> Record | None:
    found = select(calls).where(
        calls.c.dialled == dialled,
        calls.c.caller == caller,
        calls.c.started_at >= since,
        calls.c.ended_at.is_not(None),
    )
    async with database.platform() as session:
        call = (await session.execute(found)).mappings().first()
        if call is None:
            return None
        mine = call["id"]
        legs = await session.execute(
            select(call_legs).where(call_legs.c.call_id == mine).order_by(call_legs.c.position)
        )
        events = await session.execute(
            select(call_events).where(call_events.c.call_id == mine).order_by(call_events.c.at)
        )
        recorded = await session.execute(select(recordings).where(recordings.c.call_id == mine))
        recording = recorded.mappings().first()
        if recording is not None and recording["status"] == "pending":
            return None
        seconds = (
            recording["duration_ms"] / 1000 if recording and recording["duration_ms"] else None
        )
        reason = f": {call['reason']}" if call["reason"] and call["outcome"] != "answered" else ""
        return Record(
            call_id=mine,
            caller=call["caller"],
            dialled=call["dialled"],
            region=_region(call["province"], call["city"]),
            outcome=f"{call['outcome']}{reason}",
            legs=tuple(
                LegLine(leg["target"], leg["result"], leg["sip_code"]) for leg in legs.mappings()
            ),
            talk_seconds=call["talk_ms"] / 1000,
            recording_id=recording["id"] if recording else None,
            recording_seconds=seconds,
            started_at=call["started_at"],
            events=tuple(
                (event["at"], event["type"], event["data"]) for event in events.mappings()
            ),
        )


def _region(province: str, city: str) -> str:
    return province if city in ("", province) else f"{province} {city}"


def timeline(record: Record) -> Sequence[tuple[float, str]]:
    """The call told to people: seconds from its beginning, and what happened."""
    targets = {
        str(data["leg"]): str(data["target"])
        for _, kind, data in record.events
        if kind == "dialling"
    }
    lines = []
    for at, kind, data in record.events:
        words = _words(record, kind, data, targets.get(str(data.get("leg")), ""))
        if words:
            lines.append(((at - record.started_at).total_seconds(), words))
    return lines


def _words(  # noqa: PLR0911, PLR0912 - a table of what may happen
    record: Record, kind: str, data: Mapping[str, Any], target: str
) -> str:
    match kind:
        case "arrived":
            known = ", ".join(filter(None, (record.region, data.get("caller_carrier"))))
            where = f" ({known})" if known else ""
            return f"{record.caller or 'somebody anonymous'}{where} calls {record.dialled}"
        case "greeting_started":
            return "hears the greeting"
        case "refused":
            return f"is refused by the rule {data['rule']} and hears why"
        case "dialling":
            return f"{target} is called"
        case "ringing":
            return f"{target} rings"
        case "connected":
            return f"{target} answers and is put through"
        case "leg_ended" if data["result"] == "answered":
            return f"{target} has hung up or was let go"
        case "leg_ended":
            code = f" (SIP {data['sip_code']})" if data.get("sip_code") else ""
            return f"{target}: {str(data['result']).replace('_', ' ')}{code}"
        case "node_entered":
            return f"comes to {data.get('title') or data['node']} ({data['kind']})"
        case "queue_entered":
            return "waits for an agent"
        case "agent_offered":
            return "is offered to an agent"
        case "queue_left":
            return f"leaves the queue: {str(data['reason']).replace('_', ' ')}"
        case "message_left":
            return f"has left a message of {data.get('seconds') or 0:.0f} s"
        case "survey_answered":
            return f"answers the survey by {data['key']}"
        case "exhausted":
            return "nobody is left to try; hears the closing announcement"
        case "prompt_skipped":
            return f"the prompt {data['prompt']} was not ready and is left out"
        case "failed":
            return f"something failed: {data['cause']}"
        case "ended":
            return "we hang up" if data["by"] == "system" else f"the {data['by']} hangs up"
        case _:
            return ""
