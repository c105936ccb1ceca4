"""Who rings or talks in a running call, as its events tell it.

The legs of a call are written when somebody is put through and when it ends; its events are
written at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

EVENTS: Final = (
    *("dialling", "answered", "consulting", "connected", "held", "unheld", "leg_ended"),
)
"""The types of events that tell it, those of one instant in this order."""

StoredEvent: TypeAlias = tuple[str, datetime, Mapping[str, Any]]
"""(type, at, data)."""


@dataclass(slots=True)
class OpenLine:
    """One leg that has no end yet."""

    leg: int
    kind: str
    target: str
    agent_id: UUID | None
    dialled_at: datetime
    answered_at: datetime | None = None
    """By whoever was rung; None: it still rings."""
    connected_at: datetime | None = None
    """Talks with the caller since then."""
    held_since: datetime | None = None
    """The caller hears music instead."""


def open_lines(events: Iterable[StoredEvent]) -> list[OpenLine]:
    """In the order in which they were dialled. ``events`` are one call's, in any order."""
    lines: dict[int, OpenLine] = {}
    for kind, at, data in sorted(events, key=lambda event: (event[1], EVENTS.index(event[0]))):
        leg = int(data["leg"])
        if kind == "dialling":
            agent = data.get("agent_id")
            of_agent = UUID(agent) if agent else None
            lines[leg] = OpenLine(leg, data["kind"], data["target"], of_agent, at)
        elif kind == "leg_ended":
            lines.pop(leg, None)
        elif leg in lines:
            _go_on(lines[leg], kind, at)
    return list(lines.values())


def _go_on(line: OpenLine, kind: str, at: datetime) -> None:
    match kind:
        case "held":
            line.held_since = at
        case "unheld":
            line.held_since = None
        case _:
            line.answered_at = line.answered_at or at
            if kind == "connected":
                line.connected_at = at
