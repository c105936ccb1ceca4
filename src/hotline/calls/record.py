"""The record of a call, computed from its events."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from hotline.calls.events import (
    Answered,
    Arrived,
    Connected,
    Consulting,
    Dialling,
    Ended,
    Event,
    Exhausted,
    Failed,
    FlowEnded,
    Held,
    LegEnded,
    LegKind,
    MessageLeft,
    NodeEntered,
    QueueLeft,
    Refused,
    Ringing,
    Unheld,
)
from hotline.telephony.port import LegResult, Party


class Outcome(StrEnum):
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    ABANDONED = "abandoned"
    REFUSED = "refused"
    FAILED = "failed"
    SERVED = "served"
    """By a flow alone, without anybody being called."""


MESSAGE_LEFT = "message_left"
"""The reason of a call that nobody took and that ended in a message."""
REACHED = frozenset({"no_answer", "busy", "rejected", "all_busy"})
"""Reasons for which nobody took the call although the destinations were there."""


Span: TypeAlias = tuple[datetime, datetime | None]
"""From when until when; None: it goes on."""


@dataclass(frozen=True, slots=True)
class TalkRecording:
    """A file in the node's spool that holds one talk."""

    position: int
    """Of the leg that talked."""
    spool_name: str
    agent_id: UUID | None


@dataclass(slots=True)
class LegRecord:
    position: int
    destination_id: UUID | None
    target: str
    trunk: str
    dialled_at: datetime
    kind: LegKind = LegKind.DESTINATION
    agent_id: UUID | None = None
    queue_id: UUID | None = None
    result: LegResult | None = None
    sip_code: int | None = None
    cause: int | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    connected_at: datetime | None = None
    """Since when the caller and it talked."""
    recording: str | None = None
    holds: list[Span] = field(default_factory=list)
    """When the caller was kept on hold by it."""
    talk_ms: int = 0
    hold_ms: int = 0


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
    """In which the caller talked to anybody, holds included."""
    hold_ms: int = 0
    billable_seconds: int = 0
    """Talking time, each started second."""
    recordings: list[TalkRecording] = field(default_factory=list)
    legs: list[LegRecord] = field(default_factory=list)


@dataclass(slots=True)
class _Story:
    """What the events said, before conclusions are drawn."""

    arrived: Arrived | None = None
    refused: Refused | None = None
    connected: Connected | None = None
    exhausted: Exhausted | None = None
    failed: Failed | None = None
    queue_left: QueueLeft | None = None
    """The last wait's end."""
    message: MessageLeft | None = None
    ended: Ended | None = None
    flow_ended: FlowEnded | None = None
    node: NodeEntered | None = None
    """Where the call was last."""
    legs: dict[int, LegRecord] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        match event:
            case Arrived():
                self.arrived = event
            case Refused():
                self.refused = event
            case Connected():
                self.connected = self.connected or event
            case Exhausted():
                self.exhausted = event
            case QueueLeft():
                self.queue_left = event
            case Failed():
                self.failed = event
            case FlowEnded():
                self.flow_ended = event
            case NodeEntered():
                if self.node is None or self.node.place < event.place:
                    self.node = event
            case MessageLeft():
                self.message = event
            case Ended():
                self.ended = event
            case _:
                pass
        self._take_leg(event)

    def _take_leg(self, event: Event) -> None:
        if isinstance(event, Dialling):
            self.legs[event.leg] = LegRecord(
                event.leg,
                event.destination_id,
                event.target,
                event.trunk,
                event.at,
                event.kind,
                event.agent_id,
                event.queue_id,
            )
        elif isinstance(
            event, Ringing | Connected | Answered | Consulting | LegEnded | Held | Unheld
        ):
            leg = self.legs.get(event.leg)
            if leg is None:
                return
            match event:
                case Ringing():
                    leg.ringing_at = event.at
                case Connected():
                    leg.result, leg.connected_at = LegResult.ANSWERED, event.at
                    leg.answered_at = leg.answered_at or event.at
                    leg.ringing_at = leg.ringing_at or event.ringing_at
                    leg.recording = event.recording
                case Answered() | Consulting():
                    leg.result = LegResult.ANSWERED
                    leg.answered_at = leg.answered_at or event.at
                case Held():
                    leg.holds.append((event.at, None))
                case Unheld() if leg.holds:
                    leg.holds[-1] = (leg.holds[-1][0], event.at)
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
        record.recordings = [
            TalkRecording(leg.position, leg.recording, leg.agent_id)
            for leg in record.legs
            if leg.recording is not None
        ]
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
    until = record.connected_at or record.ended_at
    record.waiting_ms = _ms(started, until)
    rings = [(leg.dialled_at, leg.answered_at or leg.ended_at) for leg in record.legs]
    # Two that rang at once made the caller wait once; whom an agent calls later, not at all.
    record.ringing_ms = _union_ms(rings, until)
    for leg in record.legs:
        if leg.connected_at is not None:
            leg.talk_ms = _ms(leg.connected_at, leg.ended_at)
        leg.hold_ms = _union_ms(leg.holds, leg.ended_at or record.ended_at)
    talks: list[Span] = [
        (leg.connected_at, leg.ended_at) for leg in record.legs if leg.connected_at is not None
    ]
    record.talk_ms = _union_ms(talks, record.ended_at)
    record.hold_ms = sum(leg.hold_ms for leg in record.legs)
    record.billable_seconds = math.ceil(record.talk_ms / 1000)


def _union_ms(spans: Iterable[Span], limit: datetime) -> int:
    """Milliseconds covered by ``spans`` before ``limit``, each counted once."""
    total, covered = 0, None
    for begin, end in sorted(spans, key=lambda span: span[0]):
        since = begin if covered is None else max(begin, covered)
        until = limit if end is None else min(end, limit)
        if until > since:
            total += _ms(since, until)
            covered = until
    return total


def _outcome(story: _Story, ended: Ended) -> tuple[Outcome, str]:
    if story.connected is not None:
        return Outcome.ANSWERED, story.failed.cause if story.failed else ""
    if story.refused is not None:
        return Outcome.REFUSED, story.refused.rule
    if story.failed is not None:
        return Outcome.FAILED, story.failed.cause
    if story.message is not None:
        return Outcome.UNANSWERED, MESSAGE_LEFT
    return _untaken(story, ended)


def _untaken(story: _Story, ended: Ended) -> tuple[Outcome, str]:
    """Nobody took it, and nothing was wrong with us."""
    if story.queue_left is not None:
        return _unserved(story.queue_left)
    if story.exhausted is not None:
        reached = story.exhausted.reason in REACHED
        return (Outcome.UNANSWERED if reached else Outcome.FAILED), story.exhausted.reason
    return _without_anybody(story, ended)


def _unserved(left: QueueLeft) -> tuple[Outcome, str]:
    """The caller waited for agents, and none talked to them."""
    if left.reason == "abandoned":
        return Outcome.ABANDONED, "queue"
    return Outcome.UNANSWERED, f"queue_{left.reason}"


def _without_anybody(story: _Story, ended: Ended) -> tuple[Outcome, str]:
    if story.flow_ended is not None:
        return Outcome.SERVED, ""
    if ended.by is Party.CALLER:
        return Outcome.ABANDONED, _left_at(story)
    return Outcome.FAILED, "interrupted"


def _left_at(story: _Story) -> str:
    """Where a caller lost patience."""
    if story.node is not None and story.node.kind not in ("play", "group", "transfer"):
        return story.node.kind
    return "ringing" if story.legs else "greeting"


def _ms(begin: datetime, end: datetime | None) -> int:
    return max(0, round((end - begin).total_seconds() * 1000)) if end is not None else 0
