"""The outside world as a test or the demo scripts it: callers, phones, and what each of them heard.

Two implementations exist: ``telephony.world`` is a real carrier on a real wire, and
``telephony.fake`` one in memory on a virtual clock. Scripts written against these protocols run
on both. A script reads like what people do::

    phone = world.phone("13900000001").answers(after=1.0, hangs_up_after=3.0)
    call = await world.call("4006001234", caller="13812345678")
    await call.answered()
    await call.hears(greeting)
    await call.press("1")
    end = await call.ended()
    assert phone.calls[0].caller == "13812345678"

Times are seconds. Every wait has a limit, ``within``, after which it raises :class:`Waited`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self


class Waited(AssertionError):
    """What a script waited for did not happen in time, or cannot happen any more."""


@dataclass(frozen=True, slots=True)
class LineEnd:
    """How an outside party's line ended."""

    cause: int | None
    """The Q.850 cause, as far as the outside saw one."""
    sip_code: int | None
    """The final status of an INVITE that failed, e.g. 486; None where it was answered."""
    by_us: bool
    """True when the outside party itself hung up, false when the switch ended it."""


class OutsideLine(Protocol):
    """One party's line in one call, whichever side began it."""

    @property
    def number(self) -> str:
        """The outside party's own number."""

    @property
    def pressed(self) -> str:
        """The keys that the other side pressed, as this party heard them."""

    @property
    def is_answered(self) -> bool: ...

    @property
    def is_ended(self) -> bool: ...

    async def answered(self, within: float = 10.0) -> None:
        """Wait until this line is answered. Raises Waited, also when it ends before."""

    async def hears(self, media: Path, within: float = 10.0) -> None:
        """Wait until the party has begun to hear that sound file.

        Each hearing counts once: waiting twice for the same file waits for two hearings.
        Raises Waited.
        """

    async def press(self, digits: str, *, info: bool = False) -> None:
        """Press keys: RFC 4733 in the audio, or SIP INFO with ``info``."""

    async def say(self, media: Path) -> None:
        """Begin to speak a sound file into the line; returns when it has begun."""

    async def hangup(self) -> None:
        """Hang up, or give up while it rings; harmless when it is over."""

    async def ended(self, within: float = 60.0) -> LineEnd:
        """Wait until the line is over. Raises Waited."""

    def recording(self) -> Path | None:
        """What the party heard, where the world records it (``.wav``; complete when ended)."""


class PlacedCall(OutsideLine, Protocol):
    """A call that somebody outside has placed to one of our numbers."""

    async def ringing(self, within: float = 10.0) -> None:
        """Wait until it rings (180) or opens early audio (183). Raises Waited."""

    @property
    def transferred_to(self) -> str | None:
        """The number that a REFER sent this caller to; None without one."""


class ReceivedCall(OutsideLine, Protocol):
    """A call that reached an outside phone."""

    @property
    def caller(self) -> str:
        """The number that the phone's display shows."""

    async def answer(self) -> None:
        """Take the call by hand, for a phone that ``never_answers`` by itself."""


class OutsidePhone(Protocol):
    """A phone with a number in the outside world. A new phone answers at once and says nothing.

    The behaviour methods replace one another and return the phone; they hold for the next calls.
    """

    @property
    def number(self) -> str: ...

    @property
    def calls(self) -> Sequence[ReceivedCall]:
        """Every call that reached it, oldest first."""

    async def rings(self, within: float = 10.0) -> ReceivedCall:
        """Wait for the next call to reach it (each is given out once). Raises Waited."""

    def answers(
        self,
        after: float = 0.0,
        *,
        says: Path | None = None,
        hangs_up_after: float | None = None,
        presses: str = "",
    ) -> Self:
        """Ring ``after`` seconds, answer, speak ``says`` once, press keys.

        ``hangs_up_after`` counts from the answer; None stays until the other side ends it.
        """

    def busy(self, after: float = 0.0) -> Self:
        """486 Busy Here."""

    def never_answers(self) -> Self:
        """Rings (180) until somebody gives up."""

    def rejects(self, code: int = 603, after: float = 0.0) -> Self:
        """Refuses with that SIP status (400 to 699)."""

    def unreachable(self) -> Self:
        """The network does not find it (404), without ringing."""

    def drops_at_once(self) -> Self:
        """Answers and hangs up in the same breath."""

    def early_media(self, media: Path) -> Self:
        """Opens the audio with 183 and plays ``media`` (a ring-back tone) without answering."""

    def redirects(self, to: str = "13900009999") -> Self:
        """302 Moved Temporarily to another number."""


class OutsideWorld(Protocol):
    """Everybody outside our switch, behind one carrier."""

    @property
    def trunk(self) -> str:
        """The SIP endpoint name under which our switch knows this carrier."""

    def phone(self, number: str) -> OutsidePhone:
        """The phone of that number, the same object each time."""

    async def call(self, dialled: str, caller: str = "") -> PlacedCall:
        """Somebody calls one of our numbers; returns when the call is on its way.

        ``caller`` is empty for an anonymous one.
        """
