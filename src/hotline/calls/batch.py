"""Events and the records they make, as one JSON document for the database's write_ledger()."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias
from uuid import UUID

import orjson

from hotline.calls.call_log import CallLog, Entry
from hotline.calls.events import Arrived, Connected, Ended, Refused
from hotline.calls.record import CallRecord, LegRecord, TalkRecording
from hotline.calls.stored_events import data_of
from hotline.kit.ids import derived_id

_MAKES_A_RECORD = (Refused, Connected, Ended)
"""Events after which the call's row is written again; its first one is begin_call()'s."""
_KINDS = ("events", "calls", "legs", "recordings", "notices")
_CALLS_IN_A_PART = 4

Part: TypeAlias = dict[str, list[dict[str, object]]]
"""Rows of a document, by what they are."""


def batch_of(entries: Sequence[Entry]) -> bytes:
    """The document that writes ``entries``."""
    return document(parts_of(entries))


def parts_of(entries: Sequence[Entry]) -> Iterator[Part]:
    """What the document is joined of, each of a few calls, which takes a millisecond or two."""
    calls = by_call(entries)
    for first in range(0, len(calls), _CALLS_IN_A_PART):
        yield _part_of(calls[first : first + _CALLS_IN_A_PART])


def by_call(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Those of each call together, in their order."""
    calls: dict[UUID, list[Entry]] = {}
    for entry in entries:
        calls.setdefault(entry.log.call_id, []).append(entry)
    return list(calls.values())


def document(parts: Iterable[Part]) -> bytes:
    """As write_ledger() reads it."""
    joined: Part = {name: [] for name in _KINDS}
    for part in parts:
        for name, rows in part.items():
            joined[name] += rows
    return orjson.dumps(joined)


def _part_of(calls: Sequence[Sequence[Entry]]) -> Part:
    part: Part = {name: [] for name in _KINDS}
    for entries in calls:
        _take(entries, part)
    return part


def _take(entries: Sequence[Entry], part: Part) -> None:
    """Add to ``part`` what is written of one call."""
    log = entries[-1].log  # if somebody took the call over: the later log knows more
    call, arrived = str(log.call_id), _arrival(log)
    for entry in entries:
        part["events"].append(_event(entry, call, arrived))
        if arrived is not None and arrived.enterprise_id is not None:
            part["notices"].append(_notice(entry, arrived))
    is_changed = any(isinstance(entry.event, _MAKES_A_RECORD) for entry in entries)
    record = log.record() if is_changed else None
    if record is None:
        return
    part["calls"].append(_call(log.call_id, record))
    part["legs"] += [_leg(log.call_id, record, leg) for leg in record.legs]
    if any(isinstance(entry.event, Ended) for entry in entries):
        part["recordings"] += [_recording(log.call_id, record, talk) for talk in record.recordings]


def _arrival(log: CallLog) -> Arrived | None:
    return next((event for event in log.events if isinstance(event, Arrived)), None)


def _event(entry: Entry, call: str, arrived: Arrived | None) -> dict[str, object]:
    return {
        "id": derived_id("event", call, entry.key),
        "call_id": call,
        "enterprise_id": arrived.enterprise_id if arrived else None,
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
