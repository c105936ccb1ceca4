"""One running call, as the steps of its flow are handed it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hotline.calls.announcements import Announcer
from hotline.calls.call_log import CallLog
from hotline.calls.events import Dialling
from hotline.calls.facts import Facts
from hotline.calls.parts import Parts
from hotline.kit.numbers import PhoneNumber
from hotline.telephony.port import IncomingCall, Media


@dataclass(slots=True)
class CallContext:
    """What every step of a call works with; one a call."""

    parts: Parts
    call: IncomingCall
    log: CallLog
    facts: Facts
    caller: PhoneNumber
    announcer: Announcer
    variables: dict[str, str] = field(default_factory=dict)
    """What the flow has collected and set."""
    pending: list[Media] = field(default_factory=list)
    """Prompts that no key interrupts, left for the next step to say first: a forward hands them
    to the switch together with its dialling."""

    def next_leg(self) -> int:
        """The number of the leg to be dialled next; legs count from 1 over the whole call."""
        dialled = (event.leg for event in self.log.events if isinstance(event, Dialling))
        return max(dialled, default=0) + 1

    def take_pending(self) -> list[Media]:
        media, self.pending = self.pending, []
        return media
