"""How a call comes to somebody, and who took it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.events import LegKind
from hotline.telephony.port import Attempt, Leg, Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """How a call comes to an agent."""

    queue_id: UUID | None = None
    queue_name: str = ""
    since: datetime | None = None
    """Since when the caller waits; None: since the call came in."""
    recording: bool = False
    """Record the talk, also where the hotline does not say so."""
    whisper: Sequence[Media] = ()
    """What the agent hears before the caller."""
    claimed: bool = False
    """The agents' presence is on ringing for this call already."""
    kind: LegKind = LegKind.AGENT
    callback: bool = False
    """The customer is not on the line yet and will be called once the agent has answered."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody took the call and waits to be put through."""

    leg: Leg
    number: int
    """Of the leg in the call."""
    attempt: Attempt
    agent: AgentFacts | None
    """None: a phone outside."""
    offer: Offer
