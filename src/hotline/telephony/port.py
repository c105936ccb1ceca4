"""The verbs a call script says to the switch, as typed protocols.

A script is one coroutine over an :class:`IncomingCall`. It never sees the switch's own interface.
Every verb returns a typed result or raises one of five errors:

* :class:`CallerGone` — the caller hung up; the script's own clean-up runs and it ends,
* :class:`LegGone` — the called party of a :class:`Leg` hung up,
* :class:`RoomClosed` — the :class:`Room` is not there any more,
* :class:`MediaMissing` — a prompt's file is not there (the call goes on),
* :class:`SwitchDown` — the connection to the switch is lost and did not come back in time.

Cancelling the task that awaits a verb stops what the verb started (playing stops, ringing legs
are hung up). Two implementations exist, ``telephony.asterisk`` and ``telephony.fake``; one
contract suite runs on both. Lines and rooms are in ``telephony.line_port``, what the verbs take
and give in ``telephony.values``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

from hotline.telephony.line_port import Leg, Line, Listening, Recorder, Room
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
    DeviceChange,
    DialPlan,
    DigitPressed,
    Ended,
    HoldChanged,
    JournalEntry,
    LegGone,
    LegResult,
    LineLeft,
    ListenMode,
    Media,
    MediaMissing,
    MessageEnd,
    NotAnswered,
    Party,
    PhoneTarget,
    Played,
    Prompt,
    RecordedMessage,
    RecordPlan,
    RecordSpec,
    RecordWhat,
    RoomClosed,
    RoomEvent,
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
    "DeviceCall",
    "DeviceChange",
    "DeviceHandler",
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
    "Line",
    "LineLeft",
    "ListenMode",
    "Listening",
    "Media",
    "MediaMissing",
    "MessageEnd",
    "NotAnswered",
    "Party",
    "PhoneTarget",
    "Played",
    "Prompt",
    "RecordPlan",
    "RecordSpec",
    "RecordWhat",
    "RecordedMessage",
    "Recorder",
    "Room",
    "RoomClosed",
    "RoomEvent",
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


@dataclass(frozen=True, slots=True)
class Dialled:
    """``leg`` answered; ``attempts`` has one entry per target."""

    leg: Leg
    attempts: tuple[Attempt, ...]


class IncomingCall(Line, Protocol):
    """A caller on the line."""

    @property
    def node(self) -> str:
        """The switch node it came in on."""

    @property
    def dialled(self) -> str:
        """The number as the carrier sent it."""

    @property
    def caller(self) -> str:
        """The caller's number as the carrier sent it; empty when anonymous or withheld."""

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

    async def connect(
        self,
        plan: ConnectPlan,
        *,
        on_dialling: Callable[[], Awaitable[None]] | None = None,
        on_ringing: Callable[[], Awaitable[None]] | None = None,
    ) -> Connected | NotAnswered:
        """Greet, ring and put through. ``on_dialling`` is awaited when the prompts are over and
        the target is dialled, ``on_ringing`` when it rings; that may be told a second later.

        Raises CallerGone (from the prompts or the ringing; what was dialled is cancelled),
        SwitchDown.
        """

    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt made for this call so far, also the one under way and those that CallerGone
        cut short."""

    async def dial(
        self, plan: DialPlan, *, on_ringing: Callable[[], Awaitable[None]] | None = None
    ) -> Dialled | NotAnswered:
        """Ring targets; the caller does not hear the winner yet. ``on_ringing`` is awaited when
        the first target rings.

        Raises CallerGone, SwitchDown.
        """

    async def transfer(self, number: str) -> None:
        """Hand the caller to ``number`` by SIP REFER and leave (blind transfer)."""


# ---------------------------------------------------------------- the switch


@dataclass(frozen=True, slots=True)
class Survivor:
    """A call that the switch carried on with while no controller was there."""

    call: IncomingCall
    phase: SurvivorPhase
    connecting: Callable[[], Awaitable[Connected | NotAnswered]] | None
    """For TALKING and CONNECTING: wait for how ``connect`` comes out, as ``connect`` itself."""
    room: Room | None = None
    """For IN_ROOM."""


CallHandler: TypeAlias = Callable[[IncomingCall], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DeviceCall:
    """Somebody has dialled on a SIP device; it has been answered, nobody is rung yet."""

    leg: Leg
    account: str
    """Which the device has proved to be."""
    dialled: str
    attempt: Attempt
    """As if we had rung the device."""


DeviceHandler: TypeAlias = Callable[[DeviceCall], Awaitable[None]]


@runtime_checkable
class Switch(Protocol):
    """One switch node, as the supervisor of calls sees it."""

    @property
    def node(self) -> str: ...

    async def run(
        self,
        on_call: CallHandler,
        on_connected: Callable[[Sequence[Survivor]], Awaitable[None]],
        on_device: DeviceHandler | None = None,
    ) -> None:
        """Serve until cancelled: connect, reconnect with back-off, spawn ``on_call`` for each
        new call in a task of its own, and ``on_device`` for each that a SIP device dials;
        without it those are refused.

        ``on_connected`` is awaited after every (re)connection with the calls that the switch
        still has and that no coroutine of ours holds, before new calls are handed out.
        """

    async def originate(
        self, plan: DialPlan, *, on_ringing: Callable[[], Awaitable[None]] | None = None
    ) -> Dialled | NotAnswered:
        """Call out without a caller; as :meth:`IncomingCall.dial`. Raises SwitchDown."""

    async def room(self, name: str) -> Room:
        """Open a room. ``name`` (``A-Za-z0-9_.-``, at most 64) is how it is found again, so derive
        it from the call's id; a room of ours that has this name already is given back.
        """

    async def rooms(self) -> Sequence[Room]:
        """Every room that the switch has, also those that nobody here has taken up.

        Lines of theirs that this controller did not hold before are ours from now on. A room that
        an earlier controller left and nobody is in any more is not among them: it has ended.
        """

    async def listen(self, watched: str, listener: Leg, mode: ListenMode) -> Listening:
        """Let ``listener`` hear the talk of the channel ``watched``: a :attr:`Line.id`, or the
        :attr:`Attempt.leg_id` of somebody put through by ``connect``.

        Raises LegGone of either, SwitchDown.
        """

    async def accounts(self) -> dict[str, bool]:
        """SIP account → reachable now. One that is not there never was since the switch started."""

    def device_changes(self) -> AsyncIterator[DeviceChange]:
        """The reachable accounts first, then each change within a few seconds, for ever.

        While the switch is away nothing is said; then what has changed meanwhile.
        """

    def journal(self) -> AsyncIterator[Sequence[JournalEntry]]:
        """Batches of journal entries not yet acknowledged, oldest first; ends when there are none.

        A batch counts as acknowledged when the next one is asked for.
        """

    async def trunks(self) -> dict[str, bool]:
        """SIP endpoint name of each carrier → reachable by its last OPTIONS or registration."""
