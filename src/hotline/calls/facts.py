"""What admission and forwarding need to know, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from hotline.flows.graph import Flow
from hotline.kit.numbers import PhoneNumber
from hotline.schedules.rules import Intervals


class ScreeningAction(StrEnum):
    REJECT = "reject"
    VOICEMAIL_NOTICE = "voicemail_notice"


@dataclass(frozen=True, slots=True)
class ScreeningEntry:
    pattern: str
    is_prefix: bool
    action: ScreeningAction
    until: datetime | None
    """None: for ever."""
    own: bool = False
    """For this hotline only, not for all of the enterprise."""

    def holds_at(self, now: datetime) -> bool:
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Screening:
    """A blacklist, ready to be asked: its size does not matter."""

    numbers: Mapping[str, tuple[ScreeningEntry, ...]] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[ScreeningEntry, ...]] = field(default_factory=dict)

    @staticmethod
    def of(entries: list[ScreeningEntry]) -> Screening:
        numbers: dict[str, tuple[ScreeningEntry, ...]] = {}
        prefixes: dict[str, tuple[ScreeningEntry, ...]] = {}
        # The hotline's own entry speaks before the enterprise's.
        for entry in sorted(entries, key=lambda entry: not entry.own):
            table = prefixes if entry.is_prefix else numbers
            table[entry.pattern] = (*table.get(entry.pattern, ()), entry)
        return Screening(numbers, prefixes)

    def entry_for(self, number: str, now: datetime) -> ScreeningEntry | None:
        """The entry that decides: a whole number before a prefix, a longer one before a shorter."""
        for entry in self.numbers.get(number, ()):
            if entry.holds_at(now):
                return entry
        for length in range(len(number), 0, -1):
            for entry in self.prefixes.get(number[:length], ()):
                if entry.holds_at(now):
                    return entry
        return None


@dataclass(frozen=True, slots=True)
class BlockedArea:
    area_code: str
    office_code: str | None
    """None: the whole area; else those whose number there begins with it."""

    def covers(self, caller: PhoneNumber) -> bool:
        if self.area_code != caller.area_code:
            return False
        if self.office_code is None:
            return True
        return caller.local.startswith(self.office_code)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    weekly: Mapping[str, Intervals]
    special_days: Mapping[str, Intervals]
    time_zone: str


@dataclass(frozen=True, slots=True)
class Destination:
    id: UUID
    number: str
    approved: bool
    ring_timeout: int
    """Seconds."""
    concurrent_cap: int | None = None
    monthly_cap_minutes: int | None = None


class Strategy(StrEnum):
    RANDOM = "random"
    SEQUENTIAL = "sequential"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class ForwardingGroup:
    id: UUID
    strategy: Strategy
    members: tuple[Destination, ...]
    """In the order of their positions."""


@dataclass(frozen=True, slots=True)
class PromptRef:
    """A prompt that the settings name; ``content_hash`` is None until its sound is ready."""

    id: UUID
    content_hash: str | None


@dataclass(frozen=True, slots=True)
class Material:
    """What the nodes of a hotline's flows name, by its id; what is gone meanwhile is absent."""

    prompts: Mapping[UUID, PromptRef] = field(default_factory=dict)
    schedules: Mapping[UUID, OpeningHours] = field(default_factory=dict)
    groups: Mapping[UUID, ForwardingGroup] = field(default_factory=dict)
    destinations: Mapping[UUID, Destination] = field(default_factory=dict)
    flows: Mapping[UUID | None, Flow] = field(default_factory=dict)
    """Those that are entered from others, as they are published now."""


@dataclass(frozen=True, slots=True)
class RegionRoute:
    """Callers from there are forwarded to that group."""

    province: str
    city: str | None
    """None: the whole province."""
    group_id: UUID


class MenuTarget(StrEnum):
    """What a key of a plain menu may lead to."""

    GROUP = "group"
    QUEUE = "queue"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True)
class MenuKey:
    key: str
    to: MenuTarget
    id: UUID
    label: str = ""


@dataclass(frozen=True, slots=True)
class PlainMenu:
    """Keys that callers may press before they are forwarded."""

    keys: tuple[MenuKey, ...]
    prompt: PromptRef | None = None
    """None: the greeting says what they do."""
    tries: int = 2
    timeout: float = 5.0
    """Seconds."""


class CallerIdMode(StrEnum):
    CALLER = "caller"
    HOTLINE = "hotline"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineSettings:
    """All of a hotline's settings at one version; kept in memory between calls."""

    hotline_id: UUID
    enterprise_id: UUID
    number: str
    version: int
    active: bool = True
    concurrent_limit: int | None = None
    hours: OpeningHours | None = None
    """None: always open."""
    group: ForwardingGroup | None = None
    greeting: PromptRef | None = None
    closed_prompt: PromptRef | None = None
    failed_prompt: PromptRef | None = None
    recording: bool = False
    recording_notice: PromptRef | None = None
    caller_id_mode: CallerIdMode = CallerIdMode.CALLER
    whisper: bool = False
    survey_id: UUID | None = None
    """Asked of callers who are still there after the talk, where no flow says otherwise."""
    blacklist_box: UUID | None = None
    """Where screened callers with the action VOICEMAIL_NOTICE leave a message."""
    screening: Screening = field(default_factory=Screening)
    blocked_areas: tuple[BlockedArea, ...] = ()
    regions: tuple[RegionRoute, ...] = ()
    """The first that holds decides; the others go to ``group``."""
    menu: PlainMenu | None = None
    schedule_id: UUID | None = None
    """Of ``hours``."""
    flow_id: UUID | None = None
    """The published flow that callers are led through; None: the plain settings."""
    flow: Flow | None = None
    """That flow, or the one that the plain settings were compiled to."""
    material: Material = field(default_factory=Material)


@dataclass(frozen=True, slots=True)
class Account:
    """An enterprise's standing. Amounts in yuan."""

    active: bool
    balance: Decimal
    credit_limit: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a call's hotline at this moment."""

    settings: HotlineSettings
    account: Account
    lines_taken: int
    """Admitted calls of the hotline that have not ended; 0 where it has no limit."""
    trunks: tuple[str, ...]
    """Carriers' endpoint names in the order in which to try them."""
