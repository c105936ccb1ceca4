"""The record of a call, computed from its events."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hotline.calls.events import (
    Arrived,
    Connected,
    Dialling,
    Ended,
    Event,
    Exhausted,
    Failed,
    LegEnded,
    Refused,
    Ringing,
)
from hotline.telephony.port import LegResult, Party


class Outcome(StrEnum):
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    ABANDONED = "abandoned"
    REFUSED = "refused"
    FAILED = "failed"


REACHED = frozenset({"no_answer", "busy", "rejected", "all_busy"})
"""Reasons for which nobody took the call although the destinations were there."""


@dataclass(slots=True)
class LegRecord:
    position: int
    destination_id: UUID | None
    target: str
    trunk: str
    dialled_at: datetime
    result: LegResult | None = None
    sip_code: int | None = None
    cause: int | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(slots=True)
class CallRecord:
    arrived: Arrived
    admitted: bool = True
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    ended_by: Party | None = None
    waiting_ms: int = 0
    """From the arrival until connected, or until the end."""
    ringing_ms: int = 0
    """The part of the waiting in which destinations were called."""
    talk_ms: int = 0
    billable_seconds: int = 0
    """Talking time, each started second."""
    recording: str | None = None
    legs: list[LegRecord] = field(default_factory=list)


@dataclass(slots=True)
class _Story:
    """What the events said, before conclusions are drawn."""

    arrived: Arrived | None = None
    refused: Refused | None = None
    connected: Connected | None = None
    exhausted: Exhausted | None = None
    failed: Failed | None = None
    ended: Ended | None = None
    legs: dict[int, LegRecord] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        match event:
            case Arrived():
                self.arrived = event
            case Refused():
                self.refused = event
            case Connected():
                self.connected = event
            case Exhausted():
                self.exhausted = event
            case Failed():
                self.failed = event
            case Ended():
                self.ended = event
            case _:
                pass
        self._take_leg(event)

    def _take_leg(self, event: Event) -> None:
        if isinstance(event, Dialling):
            self.legs[event.leg] = LegRecord(
                event.leg, event.destination_id, event.target, event.trunk, event.at
            )
        elif isinstance(event, Ringing | Connected | LegEnded) and event.leg in self.legs:
            leg = self.legs[event.leg]
            match event:
                case Ringing():
                    leg.ringing_at = event.at
                case Connected():
                    leg.result, leg.answered_at = LegResult.ANSWERED, event.at
                    leg.ringing_at = leg.ringing_at or event.ringing_at
                case LegEnded():
                    leg.result, leg.sip_code, leg.cause = event.result, event.sip_code, event.cause
                    leg.ringing_at = event.ringing_at or leg.ringing_at
                    leg.answered_at = event.answered_at or leg.answered_at
                    leg.ended_at = event.at


def record_of(events: Iterable[Event]) -> CallRecord | None:
    """The record as far as the events go; None while the arrival is not among them."""
    story = _Story()
    # What is learnt after a fault is appended late; a leg's dialling precedes its other facts.
    for event in sorted(events, key=lambda event: (not isinstance(event, Dialling), event.at)):
        story.take(event)
    if story.arrived is None:
        return None
    record = CallRecord(
        arrived=story.arrived,
        admitted=story.refused is None and story.arrived.hotline_id is not None,
        legs=[story.legs[position] for position in sorted(story.legs)],
    )
    if story.connected is not None:
        record.connected_at = story.connected.at
        record.answered_at = story.connected.answered_at
        record.recording = story.connected.recording
    if story.ended is not None:
        _conclude(record, story, story.ended)
    return record


def _conclude(record: CallRecord, story: _Story, ended: Ended) -> None:
    started = record.arrived.at
    record.ended_at = max(ended.at, started)
    record.ended_by = ended.by
    record.answered_at = ended.answered_at or record.answered_at
    record.outcome, record.reason = _outcome(story, ended)
    for leg in record.legs:
        if leg.ended_at is None:
            leg.ended_at = max(ended.at, leg.dialled_at)
            leg.result = leg.result or LegResult.CANCELLED
    record.waiting_ms = _ms(started, record.connected_at or record.ended_at)
    record.ringing_ms = sum(
        _ms(leg.dialled_at, leg.answered_at or leg.ended_at) for leg in record.legs
    )
    if record.connected_at is not None:
        record.talk_ms = _ms(record.connected_at, record.ended_at)
        talking = next((leg for leg in record.legs if leg.result is LegResult.ANSWERED), None)
        if talking is not None and talking.ended_at is not None:
            record.talk_ms = _ms(record.connected_at, talking.ended_at)
        record.billable_seconds = math.ceil(record.talk_ms / 1000)


def _outcome(story: _Story, ended: Ended) -> tuple[Outcome, str]:
    if story.connected is not None:
        return Outcome.ANSWERED, story.failed.cause if story.failed else ""
    if story.refused is not None:
        return Outcome.REFUSED, story.refused.rule
    if story.failed is not None:
        return Outcome.FAILED, story.failed.cause
    if story.exhausted is not None:
        reached = story.exhausted.reason in REACHED
        return (Outcome.UNANSWERED if reached else Outcome.FAILED), story.exhausted.reason
    if ended.by is Party.CALLER:
        return Outcome.ABANDONED, "ringing" if story.legs else "greeting"
    return Outcome.FAILED, "interrupted"


def _ms(begin: datetime, end: datetime | None) -> int:
    return max(0, round((end - begin).total_seconds() * 1000)) if end is not None else 0
