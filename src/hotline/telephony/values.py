"""What the verbs of the port take and give: errors, causes, targets, plans and results.

Times are seconds; instants are aware UTC datetimes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TypeAlias


class TelephonyError(Exception):
    """The base of the few errors that verbs raise."""


class CallerGone(TelephonyError):
    """The caller has hung up. ``cause`` is the Q.850 cause that came with it."""

    def __init__(self, cause: int = 16) -> None:
        super().__init__(f"the caller hung up (Q.850 cause {cause})")
        self.cause = cause


class LegGone(TelephonyError):
    """The party of an outgoing leg has hung up."""

    def __init__(self, leg_id: str, cause: int = 16) -> None:
        super().__init__(f"leg {leg_id} hung up (Q.850 cause {cause})")
        self.leg_id = leg_id
        self.cause = cause


class RoomClosed(TelephonyError):
    """The room has been closed, or the switch that had it has died."""


class MediaMissing(TelephonyError):
    """A prompt could not be played because its file is not there or not readable."""


class SwitchDown(TelephonyError):
    """The switch does not answer."""


class Cause(IntEnum):
    """The ITU-T Q.850 causes that we send or tell apart."""

    UNALLOCATED = 1
    NORMAL = 16
    BUSY = 17
    NO_USER_RESPONSE = 18
    NO_ANSWER = 19
    REJECTED = 21
    OUT_OF_ORDER = 27
    INVALID_NUMBER = 28
    NORMAL_UNSPECIFIED = 31
    CONGESTION = 34
    NETWORK_FAILURE = 38
    TEMPORARY_FAILURE = 41
    INTERWORKING = 127


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sound file in the switch's own format (8 kHz A-law, ``.alaw``); the path has its suffix."""

    path: Path


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, for ``seconds``."""

    seconds: float


Media: TypeAlias = Prompt | Silence


@dataclass(frozen=True, slots=True)
class SwitchAbout:
    """Which program the switch is, and since when it runs."""

    version: str
    """Such as ``22.10.1``."""
    started_at: datetime


@dataclass(frozen=True, slots=True)
class PhoneTarget:
    """A number in the telephone network, reached through one carrier's trunk."""

    number: str
    """As the carrier wants it dialled: national digits, e.g. ``13812345678``."""
    trunk: str
    """The SIP endpoint name of the carrier."""


@dataclass(frozen=True, slots=True)
class AccountTarget:
    """A SIP account registered at our switch (softphone, desk phone)."""

    account: str


Target: TypeAlias = PhoneTarget | AccountTarget


@dataclass(frozen=True, slots=True)
class CallerId:
    """What the called party's display shows."""

    number: str
    name: str = ""


class RecordWhat(StrEnum):
    MIXED = "mixed"
    """Both directions in one file."""
    FROM_PARTY = "from_party"
    """Only what the party says."""
    TO_PARTY = "to_party"
    """Only what the party hears."""
    STEREO = "stereo"
    """What the party says on the left, what it hears on the right."""


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """Record into ``path``, whose folder must exist: ``.wav``, 8 kHz, 16 bit, mono.

    A STEREO recording is ``.raw``: without any header, samples of left and right in turn, each
    16 bit little-endian, 8 kHz.
    """

    path: Path
    what: RecordWhat = RecordWhat.MIXED


class LegResult(StrEnum):
    """What became of one attempt to reach a target."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    """No route, no registration, the network's own failure."""
    CANCELLED = "cancelled"
    """We stopped ringing it: another answered, or the caller hung up."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One target dialled once, with what came of it."""

    leg_id: str
    target: Target
    result: LegResult
    sip_code: int | None
    """The final SIP status, e.g. 486; None where there was none (time-out, cancel)."""
    cause: int | None
    """The Q.850 cause."""
    dialled_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    """None while it talks."""


class Party(StrEnum):
    CALLER = "caller"
    CALLEE = "callee"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Played:
    """``digit`` is the key that stopped the prompts, or None when they ran to their end."""

    digit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectPlan:
    """How to read keys. Digits count from RFC 4733 and from SIP INFO alike."""

    prompts: Sequence[Media] = ()
    """Played first; the first key stops them."""
    max_digits: int
    terminator: str = "#"
    """Ends the input and is not part of it; empty for none."""
    first_digit_timeout: float = 5.0
    """From the end of the prompts."""
    inter_digit_timeout: float = 3.0


class CollectEnd(StrEnum):
    FULL = "full"
    TERMINATOR = "terminator"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Collected:
    digits: str
    ended_by: CollectEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """How to take a message. The folder of ``path`` must exist; ``.wav``, 8 kHz, 16 bit, mono."""

    path: Path
    max_seconds: float
    silence_seconds: float | None = None
    """Ends when nothing was said for so long; None never."""
    terminators: str = "#"
    """Keys that end it; empty for none."""
    beep: Prompt | None = None
    """Played first."""


class MessageEnd(StrEnum):
    KEY = "key"
    SILENCE = "silence"
    LIMIT = "limit"
    HANGUP = "hangup"


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """The file is at its place, also after HANGUP."""

    duration: float
    """Seconds of audio in the file."""
    ended_by: MessageEnd
    key: str | None = None
    """Which one, for KEY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialPlan:
    """Ring ``targets`` in parallel; the first to answer wins, the others are cancelled."""

    targets: Sequence[Target]
    ring_timeout: float
    caller_id: CallerId
    auto_answer: bool = False
    """Ask the devices of SIP accounts to answer by themselves, without ringing."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """SIP headers in the INVITE to SIP accounts; names begin with ``X-``. Carriers get none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectPlan:
    """Greet, ring and put through in one go: the whole of a plain forward in one command.

    The implementation may hand all of it to the switch, which makes it much cheaper than the
    same made of :meth:`IncomingCall.play`, :meth:`~IncomingCall.dial` and
    :meth:`~IncomingCall.bridge`, and lets it go on while no controller is there.
    """

    target: Target
    """To ring another one after it, connect again; to ring several at once, ``dial``."""
    ring_timeout: float
    caller_id: CallerId
    before: Sequence[Media] = ()
    """Played to the caller first; answers the call where that has not happened."""
    whisper: Sequence[Media] = ()
    """Played to the called party after its answer, before it hears the caller."""
    record: RecordSpec | None = None
    """Records from the moment the two are connected."""
    music: str | None = None
    """Music class for the caller while it rings; None lets the ringing tone or early media pass."""
    max_talk: float | None = None


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """Nobody was reached; ``attempts`` has one entry per target that was dialled."""

    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a conversation ended."""

    by: Party
    cause: int
    at: datetime
    attempt: Attempt
    """The answered attempt, now with ``ended_at``."""


@dataclass(frozen=True, slots=True)
class DigitPressed:
    line_id: str
    digit: str


@dataclass(frozen=True, slots=True)
class HoldChanged:
    """The party used its own phone's hold button."""

    line_id: str
    held: bool


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of the room has hung up; it is not in the room any more."""

    line_id: str
    cause: int


RoomEvent: TypeAlias = DigitPressed | HoldChanged | LineLeft


class ListenMode(StrEnum):
    LISTEN = "listen"
    """Hears what the watched party says and hears; nobody hears the listener."""
    WHISPER = "whisper"
    """The watched party hears the listener too, the others do not."""
    BARGE = "barge"
    """Everybody hears the listener."""


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A SIP account has become reachable, or is not any more."""

    account: str
    reachable: bool


class SurvivorPhase(StrEnum):
    TALKING = "talking"
    """Put through by ``connect`` and talking."""
    CONNECTING = "connecting"
    """``connect`` is greeting or ringing."""
    WAITING = "waiting"
    """Held by the switch for the controller to say what is next; music that played plays on."""
    IN_ROOM = "in_room"
    """In a room, or held out of one, with those who are still there."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What the switch wrote down by itself about a call's end, controller or not."""

    channel_id: str
    node: str
    dialled: str
    caller: str
    carrier: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    cause: int
    ended_by: Party
    attempt: Attempt | None
    """The last attempt of ``connect``, where there was one."""
    served: bool
    """False when no controller took the call and the switch played its own notice."""
