"""The verbs a call script says to the switch, as typed protocols.

A script is one coroutine over an :class:`IncomingCall`. It never sees the switch's own interface.
Every verb returns a typed result or raises one of four errors:

* :class:`CallerGone` — the caller hung up; the script's own clean-up runs and it ends,
* :class:`LegGone` — the called party of a :class:`Leg` hung up,
* :class:`MediaMissing` — a prompt's file is not there (the call goes on),
* :class:`SwitchDown` — the connection to the switch is lost and did not come back in time.

Cancelling the task that awaits a verb stops what the verb started (playing stops, ringing legs
are hung up). Two implementations exist, ``telephony.asterisk`` and ``telephony.fake``; one
contract suite runs on both. What the verbs take and give is in ``telephony.values``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

from hotline.telephony.values import (
    AccountTarget,
    Attempt,
    CallerGone,
    CallerId,
    Cause,
    Collected,
    CollectEnd,
    CollectPlan,
    ConnectPlan,
    ConversationEvent,
    DialPlan,
    DigitPressed,
    Ended,
    HoldChanged,
    JournalEntry,
    LegGone,
    LegResult,
    Media,
    MediaMissing,
    NotAnswered,
    Party,
    PartyLeft,
    PhoneTarget,
    Played,
    Prompt,
    RecordSpec,
    RecordWhat,
    Silence,
    SurvivorPhase,
    SwitchDown,
    Target,
    TelephonyError,
)

__all__ = [
    "AccountTarget",
    "Attempt",
    "CallHandler",
    "CallerGone",
    "CallerId",
    "Cause",
    "CollectEnd",
    "CollectPlan",
    "Collected",
    "ConnectPlan",
    "Connected",
    "Conversation",
    "ConversationEvent",
    "DialPlan",
    "Dialled",
    "DigitPressed",
    "Ended",
    "HoldChanged",
    "IncomingCall",
    "JournalEntry",
    "Leg",
    "LegGone",
    "LegResult",
    "Media",
    "MediaMissing",
    "NotAnswered",
    "Party",
    "PartyLeft",
    "PhoneTarget",
    "Played",
    "Prompt",
    "RecordSpec",
    "RecordWhat",
    "Recorder",
    "Silence",
    "Survivor",
    "SurvivorPhase",
    "Switch",
    "SwitchDown",
    "Target",
    "TelephonyError",
]


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


@dataclass(frozen=True, slots=True)
class Survivor:
    """A call that the switch carried on with while no controller was there."""

    call: IncomingCall
    phase: SurvivorPhase
    connecting: Callable[[], Awaitable[Connected | NotAnswered]] | None
    """For TALKING and CONNECTING: wait for how ``connect`` comes out, as ``connect`` itself."""


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
