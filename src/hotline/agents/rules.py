"""What an agent may be doing, and what leads from one state to the next: pure functions.

The functions of the database (0010_presence.sql) do the same to the rows; a test lets both follow
the same random steps. A function returns the presence after the step, or None where the step does
not apply: whoever comes second changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

COUNTED_IN: Final = ZoneInfo("Asia/Shanghai")
"""Where days begin and end."""


class AgentState(StrEnum):
    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    WRAP_UP = "wrap_up"
    BREAK = "break"


CHOOSABLE: Final = frozenset({AgentState.OFFLINE, AgentState.READY, AgentState.BREAK})
"""What an agent or a supervisor can ask for; the others come with calls."""
IN_TALK: Final = frozenset({AgentState.TALKING, AgentState.ON_HOLD})

MISSED: Final = "missed"
"""The reason of a break into which an agent who does not answer is put."""
SUPERVISING: Final = "supervising"
"""The reason of one who rings or talks as a supervisor, at a call of others."""
DEVICE_GONE: Final = "device_gone"
"""The reason why an agent without a reachable phone is offline."""


class When(StrEnum):
    """When a wish takes effect."""

    NOW = "now"
    AFTER_THE_CALL = "after_the_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What one agent is doing. Instants are aware; counts are of ``day`` in Asia/Shanghai."""

    state: AgentState
    reason: str = ""
    since: datetime
    next_state: AgentState | None = None
    """Comes after the call and its wrap-up; None: ready."""
    next_reason: str = ""
    call_id: UUID | None = None
    queue_id: UUID | None = None
    node: str | None = None
    wrap_up_until: datetime | None = None
    idle_since: datetime
    misses: int = 0
    """In a row."""
    day: date
    calls_today: int = 0
    talk_ms_today: int = 0

    @property
    def busy(self) -> bool:
        return self.call_id is not None


def day_of(at: datetime) -> date:
    """The day by which calls are counted."""
    return at.astimezone(COUNTED_IN).date()


def claimed(
    now: Presence, call_id: UUID, queue_id: UUID | None, node: str, at: datetime
) -> Presence | None:
    """A call is about to ring at an agent who is ready and free."""
    if now.state is not AgentState.READY or now.busy:
        return None
    return _entered(now, AgentState.RINGING, "", at, call_id=call_id, queue_id=queue_id, node=node)


def occupied(now: Presence, call_id: UUID, node: str, at: datetime) -> Presence | None:
    """The agent makes a call, from whatever state; a break goes on after it."""
    if now.busy:
        return None
    after, reason = now.next_state, now.next_reason
    if now.state in {AgentState.BREAK, AgentState.OFFLINE}:
        after, reason = now.state, now.reason
    return replace(
        _entered(now, AgentState.RINGING, "", at, call_id=call_id, node=node),
        next_state=after,
        next_reason=reason,
    )


def answered(now: Presence, call_id: UUID, at: datetime) -> Presence | None:
    if now.call_id != call_id or now.state is not AgentState.RINGING:
        return None
    counted = _on_day(now, at)
    return replace(
        _stepped(counted, AgentState.TALKING, at), misses=0, calls_today=counted.calls_today + 1
    )


def held(now: Presence, call_id: UUID, on: bool, at: datetime) -> Presence | None:
    """The caller is put on hold (``on``) or taken back."""
    before, after = AgentState.TALKING, AgentState.ON_HOLD
    if not on:
        before, after = after, before
    if now.call_id != call_id or now.state is not before:
        return None
    return _stepped(_with_talk(now, at), after, at)


def missed(
    now: Presence, call_id: UUID, misses_allowed: int, at: datetime, *, unreached: bool = False
) -> Presence | None:
    """It rang and nobody answered, or the device could not be reached at all (``unreached``).

    After ``misses_allowed`` in a row (0: never) a break begins. Without a device the agent is
    offline until it is back.
    """
    if now.call_id != call_id or now.state is not AgentState.RINGING:
        return None
    counted = replace(now, misses=now.misses + 1)
    if now.next_state is None and 0 < misses_allowed <= counted.misses:
        return _entered(counted, AgentState.BREAK, MISSED, at)
    if now.next_state is None and unreached:
        return _entered(counted, AgentState.OFFLINE, DEVICE_GONE, at)
    return _onwards(counted, at)


def freed(now: Presence, call_id: UUID, wrap_up_seconds: int, at: datetime) -> Presence | None:
    """The call is over for the agent: to wrap-up after a talk, on at once after mere ringing."""
    if now.call_id != call_id:
        return None
    if now.state not in IN_TALK:
        return _onwards(now, at)
    talked = replace(_with_talk(now, at), idle_since=max(at, now.since))
    if wrap_up_seconds <= 0:
        return _onwards(talked, at)
    until = max(at, now.since) + timedelta(seconds=wrap_up_seconds)
    return replace(
        _entered(talked, AgentState.WRAP_UP, "", at),
        wrap_up_until=until,
        next_state=now.next_state,
        next_reason=now.next_reason,
    )


def wrapped_up(now: Presence, at: datetime) -> Presence | None:
    """The time for wrapping up is over."""
    if now.state is not AgentState.WRAP_UP or now.wrap_up_until is None or at < now.wrap_up_until:
        return None
    return _onwards(now, at)


def extended(now: Presence, seconds: int, longest: int) -> Presence | None:
    """More time for wrapping up, ``longest`` seconds from its beginning at most."""
    if now.state is not AgentState.WRAP_UP or now.wrap_up_until is None:
        return None
    until = min(
        now.wrap_up_until + timedelta(seconds=seconds), now.since + timedelta(seconds=longest)
    )
    if until <= now.wrap_up_until:
        return None
    return replace(now, wrap_up_until=until)


def wished(now: Presence, state: AgentState, reason: str, at: datetime) -> tuple[Presence, When]:
    """The agent or a supervisor asks for ``state``; in a call it comes after it."""
    if state is AgentState.READY:
        reason = ""
    if now.busy:
        wanted = None if state is AgentState.READY else state
        return replace(now, next_state=wanted, next_reason=reason), When.AFTER_THE_CALL
    if (now.state, now.reason) == (state, reason):
        return now, When.NOW
    after = _entered(now, state, reason, at)
    if state is AgentState.READY:
        fresh = now.state is AgentState.OFFLINE
        after = replace(after, misses=0, idle_since=after.since if fresh else now.idle_since)
    return after, When.NOW


def device_gone(now: Presence, at: datetime) -> Presence | None:
    """The device can no longer be reached: of one who waits for a call this is the end of it."""
    if now.state is not AgentState.READY or now.busy:
        return None
    return _entered(now, AgentState.OFFLINE, DEVICE_GONE, at)


def device_back(now: Presence, patience: timedelta, at: datetime) -> Presence | None:
    """The device is there again within ``patience``: as before."""
    gone = now.state is AgentState.OFFLINE and now.reason == DEVICE_GONE
    if not gone or now.busy or at - now.since > patience:
        return None
    return _entered(now, AgentState.READY, "", at)


def _onwards(now: Presence, at: datetime) -> Presence:
    """To what was asked for meanwhile, else ready."""
    if now.next_state is None:
        return _entered(now, AgentState.READY, "", at)
    return _entered(now, now.next_state, now.next_reason, at)


def _entered(
    now: Presence,
    state: AgentState,
    reason: str,
    at: datetime,
    *,
    call_id: UUID | None = None,
    queue_id: UUID | None = None,
    node: str | None = None,
) -> Presence:
    return replace(
        now,
        state=state,
        reason=reason,
        since=max(at, now.since),
        next_state=None,
        next_reason="",
        call_id=call_id,
        queue_id=queue_id,
        node=node,
        wrap_up_until=None,
    )


def _stepped(now: Presence, state: AgentState, at: datetime) -> Presence:
    """Another state in the same call."""
    return replace(now, state=state, since=max(at, now.since))


def _with_talk(now: Presence, at: datetime) -> Presence:
    counted = _on_day(now, at)
    talked = max(at - now.since, timedelta()) // timedelta(milliseconds=1)
    return replace(counted, talk_ms_today=counted.talk_ms_today + talked)


def _on_day(now: Presence, at: datetime) -> Presence:
    """Counts begin anew every day."""
    today = day_of(at)
    return now if now.day == today else replace(now, day=today, calls_today=0, talk_ms_today=0)
