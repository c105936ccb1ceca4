"""What calls and queues need to know of an agent, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Device(StrEnum):
    """What an agent takes calls on."""

    BROWSER = "browser"
    SIP = "sip"
    PHONE = "phone"
    """An own landline or mobile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFacts:
    """One enabled agent as it is set up now. Times are seconds."""

    id: UUID
    enterprise_id: UUID
    extension: str
    name: str
    device: Device
    account: str | None
    """The SIP account of the device in use; None for an own phone."""
    phone_number: str | None
    """The own phone's number while it is approved, whatever the device in use."""
    confirm_by_key: bool
    """Own phone: the call is taken by pressing 1."""
    ring_timeout: int
    wrap_up_seconds: int
    misses_allowed: int
    """In a row, before the agent is set aside; 0: never."""
    skills: Mapping[str, int] = field(default_factory=dict)
    """Name → level, 10 is best."""
    outbound_number: str | None = None
    """Shown to those the agent calls; None where none is approved."""
    user_id: UUID | None = None
    """Who signs in."""

    @property
    def reachable(self) -> bool:
        """Whether there is anything to ring."""
        return (self.phone_number if self.device is Device.PHONE else self.account) is not None
