"""Events and the records they make, as one JSON document for the database's write_ledger()."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from hotline.calls.call_log import CallLog, Entry
from hotline.calls.events import Arrived, Connected, Ended, Refused
from hotline.calls.record import CallRecord, LegRecord, TalkRecording
from hotline.calls.stored_events import data_of
from hotline.kit.ids import derived_id

_MAKES_A_RECORD = (Refused, Connected, Ended)
"""Events after which the call's row is written again; its first one is begin_call()'s."""


def batch_of(entries: Sequence[Entry]) -> bytes:
    """The document that writes ``entries``."""
    stories: dict[UUID, _Story] = {}
    events, notices = [], []
    for entry in entries:
        log, event = entry.log, entry.event
        story = stories.get(log.call_id)
        if story is None:
            story = stories[log.call_id] = _Story(log, _arrival(log), str(log.call_id))
        elif story.log is not log:  # somebody took the call over: the later log knows more
            story.log, story.arrived = log, _arrival(log)
        arrived = story.arrived
        story.is_changed |= isinstance(event, _MAKES_A_RECORD)
        story.is_over |= isinstance(event, Ended)
        events.append(_event(entry, story))
        if arrived is not None and arrived.enterprise_id is not None:
            notices.append(_notice(entry, arrived))
    records = [
        (story, record)
        for story in stories.values()
        if story.is_changed and (record := story.log.record())
    ]
    return orjson.dumps(
        {
            "events": events,
            "calls": [_call(story.log.call_id, record) for story, record in records],
            "legs": [
                _leg(story.log.call_id, record, leg)
                for story, record in records
                for leg in record.legs
            ],
            "recordings": [
                _recording(story.log.call_id, record, talk)
                for story, record in records
                if story.is_over
                for talk in record.recordings
            ],
            "notices": notices,
        }
    )


@dataclass(slots=True)
class _Story:
    """What a batch has of one call."""

    log: CallLog
    arrived: Arrived | None
    call: str
    """Its id as text."""
    is_changed: bool = False
    """Its row is to be written again."""
    is_over: bool = False


def _arrival(log: CallLog) -> Arrived | None:
    return next((event for event in log.events if isinstance(event, Arrived)), None)


def _event(entry: Entry, story: _Story) -> dict[str, object]:
    return {
        "id": derived_id("event", story.call, entry.key),
        "call_id": story.call,
        "enterprise_id": story.arrived.enterprise_id if story.arrived else None,
        "at": entry.event.at,
        "type": entry.event.type,
        "data": data_of(entry.event),
    }


def _notice(entry: Entry, arrived: Arrived) -> dict[str, object]:
    return {
        "enterprise_id": arrived.enterprise_id,
        "call_id": entry.log.call_id,
        "hotline_id": arrived.hotline_id,
        "type": entry.event.type,
        "at": entry.event.at,
    }


def _call(call_id: UUID, record: CallRecord) -> dict[str, object]:
    return {
        **call_header(call_id, record.arrived),
        "admitted": record.admitted,
        "answered_at": record.answered_at,
        "connected_at": record.connected_at,
        "ended_at": record.ended_at,
        "outcome": record.outcome,
        "reason": record.reason,
        "ended_by": record.ended_by,
        "waiting_ms": record.waiting_ms,
        "ringing_ms": record.ringing_ms,
        "talk_ms": record.talk_ms,
        "hold_ms": record.hold_ms,
        "billable_seconds": record.billable_seconds,
    }


def call_header(call_id: UUID, arrived: Arrived) -> dict[str, object]:
    """The columns of a call's row that its arrival decides."""
    return {
        "id": call_id,
        "enterprise_id": arrived.enterprise_id,
        "hotline_id": arrived.hotline_id,
        "dialled": arrived.dialled,
        "caller": arrived.caller,
        "caller_raw": arrived.caller_raw,
        "province": arrived.province,
        "city": arrived.city,
        "caller_carrier": arrived.caller_carrier,
        "trunk": arrived.trunk,
        "node": arrived.node,
        "channel_id": arrived.channel_id,
        "started_at": arrived.at,
        "direction": arrived.direction,
        "agent_id": arrived.agent_id,
        "callback_of": arrived.callback_of,
    }


def _leg(call_id: UUID, record: CallRecord, leg: LegRecord) -> dict[str, object]:
    return {
        "id": derived_id("leg", str(call_id), str(leg.position)),
        "call_id": call_id,
        "enterprise_id": record.arrived.enterprise_id,
        "position": leg.position,
        "destination_id": leg.destination_id,
        "target": leg.target,
        "trunk": leg.trunk,
        "result": leg.result,
        "sip_code": leg.sip_code,
        "cause": leg.cause,
        "dialled_at": leg.dialled_at,
        "ringing_at": leg.ringing_at,
        "answered_at": leg.answered_at,
        "ended_at": leg.ended_at,
        "kind": leg.kind,
        "agent_id": leg.agent_id,
        "queue_id": leg.queue_id,
        "connected_at": leg.connected_at,
        "talk_ms": leg.talk_ms,
        "hold_ms": leg.hold_ms,
    }


def _recording(call_id: UUID, record: CallRecord, talk: TalkRecording) -> dict[str, object]:
    return {
        "id": derived_id("recording", str(call_id), str(talk.position)),
        "enterprise_id": record.arrived.enterprise_id,
        "call_id": call_id,
        "node": record.arrived.node,
        "spool_name": talk.spool_name,
        "position": talk.position,
        "agent_id": talk.agent_id,
    }
