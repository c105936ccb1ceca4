"""Lines that a controller commands, and the rooms in which they hear each other.

Import these from ``telephony.port``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from hotline.telephony.values import (
    Cause,
    Collected,
    CollectPlan,
    ListenMode,
    Media,
    Played,
    RecordedMessage,
    RecordPlan,
    RecordSpec,
    RoomEvent,
    Target,
)


class Recorder(Protocol):
    async def stop(self) -> None:
        """Close the file; calling it twice is harmless."""


class Line(Protocol):
    """A channel under our command, the caller's or one that we dialled.

    Its verbs raise its own error when its party hangs up: CallerGone for an
    :class:`~hotline.telephony.port.IncomingCall`, LegGone for a :class:`Leg`; and SwitchDown.
    """

    @property
    def id(self) -> str:
        """The switch's channel id; stable across a controller's restart."""

    async def play(self, media: Sequence[Media], *, interrupt: str = "", repeat: int = 1) -> Played:
        """Play in order, ``repeat`` times; a key in ``interrupt`` stops it. In a room this line
        alone hears it. Raises MediaMissing.
        """

    def music(self, name: str = "default") -> AbstractAsyncContextManager[None]:
        """Music of that class while the block runs."""

    async def collect(self, plan: CollectPlan) -> Collected:
        """Read keys. Raises MediaMissing."""

    async def send_digits(self, digits: str) -> None:
        """Press keys (``0-9*#ABCD``) towards the party; returns when they are on their way."""

    async def record(self, spec: RecordSpec) -> Recorder:
        """Record this line until the recorder is stopped or the line ends.

        A caller's costs little, and least when it is begun before the caller is in a room: to
        begin and to stop, the caller leaves the room for some hundredths of a second.
        """

    async def record_message(self, plan: RecordPlan) -> RecordedMessage:
        """Take a message. A hang-up once recording has begun is a result, not an error."""

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        """End it; harmless when it is over already."""

    async def gone(self) -> int:
        """Wait until it hangs up; its Q.850 cause. Raises only SwitchDown."""


class Leg(Line, Protocol):
    """An answered outgoing channel."""

    @property
    def target(self) -> Target: ...


class Room(Protocol):
    """Lines that hear each other, for as long as the controller wants.

    The switch goes on with a room when the controller dies; the next one finds it in
    ``Survivor.room`` or by ``Switch.rooms``. A room is never closed by itself, not even when
    nobody is left in it. A line is in one room at most: added to a second it leaves the first.
    """

    @property
    def name(self) -> str: ...

    @property
    def lines(self) -> tuple[Line, ...]:
        """Who is in it, the held and muted ones included, in the order in which they came."""

    def is_held(self, line: Line) -> bool: ...

    def is_muted(self, line: Line) -> bool: ...

    async def add(self, line: Line, *, muted: bool = False) -> None:
        """Let ``line`` hear the others and be heard; harmless when it is there already.

        Raises the line's own error when it hangs up meanwhile, RoomClosed, SwitchDown.
        """

    async def remove(self, line: Line) -> None:
        """Take it out; it stays up and is the script's alone again. Harmless when it is not in."""

    async def hold(self, line: Line, *, music: str = "default") -> None:
        """``line`` hears music and nobody hears it; the others talk on. Harmless when held."""

    async def resume(self, line: Line) -> None:
        """Back among the others; harmless when it is not held."""

    async def mute(self, line: Line) -> None:
        """``line`` hears the others and is not heard."""

    async def unmute(self, line: Line) -> None: ...

    async def play(self, media: Sequence[Media]) -> None:
        """Everybody in it, the held ones apart, hears ``media``; returns when it is over.

        Raises MediaMissing, RoomClosed, SwitchDown.
        """

    async def record(self, target: Path) -> Recorder:
        """Record the room as mixed (``.wav``, 8 kHz, 16 bit, mono) until stopped or closed.

        To tell two people's voices apart, record one's line in STEREO instead.
        """

    def events(self) -> AsyncIterator[RoomEvent]:
        """What happens in it from its opening on; ends when it is closed. For one reader.

        Raises SwitchDown.
        """

    async def close(self) -> None:
        """Everybody leaves it and stays up; harmless when it is closed."""


class Listening(Protocol):
    """Somebody listens to a talk; see ``Switch.listen``."""

    @property
    def mode(self) -> ListenMode: ...

    async def change(self, mode: ListenMode) -> None:
        """Go on in another mode; harmless when it has ended. Raises SwitchDown."""

    async def stop(self) -> None:
        """Listen no more; the listener's leg stays up. Harmless when it has ended."""

    async def ended(self) -> None:
        """Wait until it is stopped, the watched party is gone or the listener hangs up."""
