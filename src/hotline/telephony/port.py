"""The verbs a call script says to the switch, as typed protocols.

A script is one coroutine over an :class:`IncomingCall`. It never sees the switch's own interface.
Every verb returns a typed result or raises one of four errors:

* :class:`CallerGone` — the caller hung up; the script's own clean-up runs and it ends,
* :class:`LegGone` — the called party of a :class:`Leg` hung up,
* :class:`MediaMissing` — a prompt's file is not there (the call goes on),
* :class:`SwitchDown` — the connection to the switch is lost and did not come back in time.

Cancelling the task that awaits a verb stops what the verb started (playing stops, ringing legs
are hung up). Two implementations exist, ``telephony.asterisk`` and ``telephony.fake``; one
contract suite runs on both. Times are seconds; instants are aware UTC datetimes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

# ---------------------------------------------------------------- errors


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


class MediaMissing(TelephonyError):
    """A prompt could not be played because its file is not there or not readable."""


class SwitchDown(TelephonyError):
    """The switch does not answer."""


# ---------------------------------------------------------------- values


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


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """Record into ``path`` (``.wav``, 8 kHz, 16 bit, mono). The folder must exist."""

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


# ---------------------------------------------------------------- verbs' inputs and results


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
class DialPlan:
    """Ring ``targets`` in parallel; the first to answer wins, the others are cancelled."""

    targets: Sequence[Target]
    ring_timeout: float
    caller_id: CallerId
    early_media: bool = False
    """Let the caller hear what the ringing target sends (only for a single target)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectPlan:
    """Greet, ring and put through in one go: the whole of a plain forward in one command.

    The implementation may hand all of it to the switch, which makes it much cheaper than the
    same made of :meth:`IncomingCall.play`, :meth:`~IncomingCall.dial` and
    :meth:`~IncomingCall.bridge`, and lets it go on while no controller is there.
    """

    targets: Sequence[Target]
    """Rung in parallel; the first to answer wins. To ring in turn, connect again."""
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
    """Nobody was reached; ``attempts`` has one entry per target."""

    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a conversation ended."""

    by: Party
    cause: int
    at: datetime
    attempt: Attempt
    """The answered attempt, now with ``ended_at``."""


class Connected(Protocol):
    """The two parties talk. ``attempts`` includes the answered one and the cancelled ones."""

    @property
    def attempts(self) -> tuple[Attempt, ...]: ...

    @property
    def answered(self) -> Attempt: ...

    async def ended(self) -> Ended:
        """Wait until one of them hangs up; the caller's hang-up is a result here, not an error.

        After an end by the callee the caller's channel is still there: the script may go on
        (a survey) or hang up. Raises SwitchDown.
        """

    async def hangup(self) -> None:
        """End the callee's side; the caller stays."""


class Recorder(Protocol):
    async def stop(self) -> None:
        """Close the file; calling it twice is harmless."""


@dataclass(frozen=True, slots=True)
class DigitPressed:
    by: Party
    digit: str


@dataclass(frozen=True, slots=True)
class HoldChanged:
    by: Party
    held: bool


@dataclass(frozen=True, slots=True)
class PartyLeft:
    by: Party
    cause: int


ConversationEvent: TypeAlias = DigitPressed | HoldChanged | PartyLeft


class Conversation(Protocol):
    """A bridge between the caller and a leg, with the controller in command."""

    def events(self) -> AsyncIterator[ConversationEvent]:
        """What happens in it; ends after the first PartyLeft."""

    async def hold(self, party: Party) -> None:
        """``party`` hears music and is heard by nobody."""

    async def resume(self, party: Party) -> None: ...

    async def record(self, spec: RecordSpec) -> Recorder: ...

    async def separate(self) -> None:
        """Take both out of the bridge; both stay up."""


class Leg(Protocol):
    """An answered outgoing channel that the script commands."""

    @property
    def id(self) -> str: ...

    @property
    def target(self) -> Target: ...

    async def play(self, media: Sequence[Media], *, interrupt: str = "") -> Played: ...

    async def collect(self, plan: CollectPlan) -> Collected: ...

    async def record(self, spec: RecordSpec) -> Recorder: ...

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None: ...

    async def gone(self) -> int:
        """Wait until it hangs up; its Q.850 cause."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """``leg`` answered; ``attempts`` has one entry per target."""

    leg: Leg
    attempts: tuple[Attempt, ...]


class IncomingCall(Protocol):
    """A caller on the line."""

    @property
    def id(self) -> str:
        """The switch's channel id; stable across a controller's restart."""

    @property
    def node(self) -> str:
        """The switch node it came in on."""

    @property
    def dialled(self) -> str:
        """The number as the carrier sent it."""

    @property
    def caller(self) -> str:
        """The caller's number as the carrier sent it; empty when anonymous."""

    @property
    def carrier(self) -> str:
        """The SIP endpoint name of the trunk it came in by."""

    @property
    def arrived_at(self) -> datetime: ...

    @property
    def answered_at(self) -> datetime | None:
        """When we answered it (the caller is charged from here); None before."""

    async def ring(self) -> None:
        """Tell the caller's side that it rings (180)."""

    async def early_media(self) -> None:
        """Open the audio towards the caller without answering (183)."""

    async def answer(self) -> None:
        """Answer; harmless when answered already."""

    async def play(self, media: Sequence[Media], *, interrupt: str = "", repeat: int = 1) -> Played:
        """Play in order, ``repeat`` times; a key in ``interrupt`` stops it.

        Raises CallerGone, MediaMissing, SwitchDown.
        """

    def music(self, name: str = "default") -> AbstractAsyncContextManager[None]:
        """Music of that class while the block runs."""

    async def collect(self, plan: CollectPlan) -> Collected:
        """Read keys. Raises CallerGone, MediaMissing, SwitchDown."""

    async def connect(
        self,
        plan: ConnectPlan,
        *,
        on_dialling: Callable[[], Awaitable[None]] | None = None,
        on_ringing: Callable[[], Awaitable[None]] | None = None,
    ) -> Connected | NotAnswered:
        """Greet, ring and put through. ``on_dialling`` is awaited when the prompts are over and
        the first target is dialled, ``on_ringing`` when the first target rings.

        Raises CallerGone (from the prompts or the ringing; what was dialled is cancelled),
        SwitchDown.
        """

    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt made for this call so far, also those that CallerGone cut short."""

    async def dial(self, plan: DialPlan) -> Dialled | NotAnswered:
        """Ring targets; the caller does not hear the winner yet.

        Raises CallerGone, SwitchDown.
        """

    async def bridge(self, leg: Leg) -> Conversation:
        """Let caller and leg hear each other. Raises CallerGone, LegGone, SwitchDown."""

    async def record(self, spec: RecordSpec) -> Recorder:
        """Record the caller's channel."""

    async def transfer(self, number: str) -> None:
        """Hand the caller to ``number`` by SIP REFER and leave (blind transfer)."""

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        """End the call; harmless when it is over already."""


# ---------------------------------------------------------------- the switch


class SurvivorPhase(StrEnum):
    TALKING = "talking"
    """Put through by ``connect`` and talking."""
    CONNECTING = "connecting"
    """``connect`` is greeting or ringing."""
    WAITING = "waiting"
    """Held by the switch for the controller to say what is next."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A call that the switch carried on with while no controller was there."""

    call: IncomingCall
    phase: SurvivorPhase
    connecting: Callable[[], Awaitable[Connected | NotAnswered]] | None
    """For TALKING and CONNECTING: wait for how ``connect`` comes out, as ``connect`` itself."""


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


CallHandler: TypeAlias = Callable[[IncomingCall], Awaitable[None]]


@runtime_checkable
class Switch(Protocol):
    """One switch node, as the supervisor of calls sees it."""

    @property
    def node(self) -> str: ...

    async def run(
        self,
        on_call: CallHandler,
        on_connected: Callable[[Sequence[Survivor]], Awaitable[None]],
    ) -> None:
        """Serve until cancelled: connect, reconnect with back-off, spawn ``on_call`` for each
        new call in a task of its own.

        ``on_connected`` is awaited after every (re)connection with the calls that the switch
        still has and that no coroutine of ours holds, before new calls are handed out.
        """

    async def originate(self, plan: DialPlan) -> Dialled | NotAnswered:
        """Call out without a caller. Raises SwitchDown."""

    def journal(self) -> AsyncIterator[Sequence[JournalEntry]]:
        """Batches of journal entries not yet acknowledged, oldest first; ends when there are none.

        A batch counts as acknowledged when the next one is asked for.
        """

    async def trunks(self) -> dict[str, bool]:
        """SIP endpoint name of each carrier → reachable by its last OPTIONS or registration."""
