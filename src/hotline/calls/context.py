"""One running call, as the steps of its flow are handed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.calls.announcements import Announcer
from hotline.calls.call_log import CallLog
from hotline.calls.events import Dialling, GreetingStarted, VariableSet
from hotline.calls.facts import Destination, Facts
from hotline.calls.parts import Parts
from hotline.flows.graph import Node
from hotline.kit.numbers import PhoneNumber
from hotline.telephony.port import IncomingCall, Media, MediaMissing, Party

CHINA_TIME: Final = ZoneInfo("Asia/Shanghai")
SHOWN_OF_A_VALUE = 200
"""Characters of a variable that are kept; longer ones are cut."""


@dataclass(frozen=True, slots=True)
class Over:
    """The caller's connection is over, or shall be: who ended it."""

    by: Party
    cause: int
    """Q.850."""
    at: datetime | None = None
    """None: now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed for the call when it began, so that it need not be asked for again."""

    group_id: UUID
    destination: Destination | None
    """None: nobody was free."""


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
    claim: Claim | None = None
    """For the first step that forwards to that group."""
    by_memory: bool = False
    """The call began without the database."""
    notice_given: bool = False
    """The caller has been told that the call is recorded."""
    detour: Node | None = None
    """Where the caller goes next, whatever exit the step takes; its exits are of the same flow."""
    over: Over | None = None
    """How the last conversation ended: a flow that leads no further ends the call like that."""

    def next_leg(self) -> int:
        """The number of the leg to be dialled next; legs count from 1 over the whole call."""
        dialled = (event.leg for event in self.log.events if isinstance(event, Dialling))
        return max(dialled, default=0) + 1

    def take_pending(self) -> list[Media]:
        """What is to be said first, and no more after that."""
        media, self.pending = self.pending, []
        if media:
            self.log.append(GreetingStarted(at=self.parts.clock.now()))
        return media

    async def say_pending(self) -> None:
        """Say what earlier steps left to be said. Raises CallerGone, SwitchDown."""
        media = self.take_pending()
        if media:
            await self.say(media)

    async def say(self, media: list[Media], *, keys: str = "") -> str | None:
        """Take the call and say it; the key of ``keys`` that cut it short.

        Raises CallerGone, SwitchDown.
        """
        if not media:
            return None
        await self.call.answer()
        try:
            return (await self.call.play(media, interrupt=keys)).digit
        except MediaMissing:
            self.announcer.skipped("media")
            return None

    def notice_recording(self, *, also: bool = False) -> None:
        """Where the hotline records, or ``also`` whom the caller comes to, callers are told so
        before they are put through; once."""
        settings = self.facts.settings
        if (settings.recording or also) and not self.notice_given:
            self.notice_given = True
            self.pending += self.announcer.recording_notice(settings)

    def take_claim(self, group_id: UUID) -> Claim | None:
        """What was claimed of that group beforehand; once."""
        if self.claim is None or self.claim.group_id != group_id:
            return None
        claim, self.claim = self.claim, None
        return claim

    def set(self, name: str, value: str, *, secret: bool = False) -> None:
        """Keep a variable. What is not secret is written down, also for another controller."""
        kept = value[:SHOWN_OF_A_VALUE]
        if self.variables.get(name) == kept:
            return
        self.variables[name] = kept
        if secret:
            return
        place = sum(isinstance(event, VariableSet) for event in self.log.events) + 1
        now = self.parts.clock.now()
        self.log.append(VariableSet(at=now, place=place, name=name, value=kept))

    def remember(self) -> None:
        """Know what another controller's events say of the call so far."""
        self.notice_given = self.log.has(GreetingStarted.type)
        for event in self.log.events:
            if isinstance(event, VariableSet):
                self.variables[event.name] = event.value

    def values(self) -> dict[str, str]:
        """The variables, those besides that every call has: they cannot be overwritten."""
        settings, now = self.facts.settings, self.parts.clock.now().astimezone(CHINA_TIME)
        return self.variables | {
            "caller": self.caller.digits,
            "province": self.caller.province or "",
            "city": self.caller.city or "",
            "area_code": self.caller.area_code or "",
            "hotline": settings.number,
            "date": now.date().isoformat(),
            "time": now.strftime("%H:%M"),
            "weekday": str(now.isoweekday()),
        }
