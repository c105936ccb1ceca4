"""One wire between an outside party and the switch: its signalling, its audio, its keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hotline.kit.clock import Clock
from hotline.telephony.port import Target

BYTES_A_SECOND = 8000
"""Of A-law."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound file that a party began to hear at that instant."""

    at: datetime
    media: Path


def music_path(name: str) -> Path:
    """How music of a class shows in what a party heard."""
    return Path(f"music:{name}")


@dataclass(frozen=True, slots=True)
class LineOver:
    """How the line ended."""

    cause: int
    sip_code: int | None
    by_outside: bool
    at: datetime


class Mixing(Protocol):
    """Where a line's voice goes while it is put through."""

    def voice(self, speaker: Line, media: Path) -> None: ...

    def part(self, line: Line) -> None: ...


class Spy(Protocol):
    """Somebody who listens in on a line."""

    def overhear(self, media: Path) -> None: ...


class Line:
    """Both ends see the same object: the outside presses and speaks, the switch plays and listens.

    ``over`` is the end; whoever waits for something else waits for it as well.
    """

    def __init__(self, clock: Clock, line_id: str) -> None:
        self.id = line_id
        self.target: Target | None = None
        """What was dialled to reach the party; None for one who called."""
        self.ringing_at: datetime | None = None
        self.early_at: datetime | None = None
        self.answered_at: datetime | None = None
        self.over: LineOver | None = None
        self.heard: list[Heard] = []
        self.mixing: Mixing | None = None
        """With whom this one is put through."""
        self.early_to: Line | None = None
        """Who hears what comes before the answer."""
        self.spies: list[Spy] = []
        self.whisper: Callable[[Path], None] | None = None
        """Where its voice goes while it listens in on another line."""
        self.pressed = ""
        """The keys that the switch pressed towards the party."""
        self.spoken_until = 0.0
        """When what the party says last is over, by the monotonic clock."""
        self.transferred_to: str | None = None
        self.on_digit: list[Callable[[str], None]] = []
        self.on_hold: list[Callable[[bool], None]] = []
        self.on_over: list[Callable[[LineOver], None]] = []
        self._clock = clock
        self._changed: asyncio.Event = asyncio.Event()

    # ------------------------------------------------------------ signalling

    @property
    def is_up(self) -> bool:
        return self.answered_at is not None and self.over is None

    @property
    def has_audio(self) -> bool:
        return self.over is None and (self.answered_at is not None or self.early_at is not None)

    @property
    def is_listened_to(self) -> bool:
        """Somebody at the other end takes in what the party says or presses."""
        return self.mixing is not None or self.whisper is not None or bool(self.on_digit)

    def ring(self) -> None:
        if self.over is None and self.ringing_at is None and self.answered_at is None:
            self.ringing_at = self._clock.now()
            self.changed()

    def open_early(self) -> None:
        if self.over is None and self.early_at is None and self.answered_at is None:
            self.early_at = self._clock.now()
            if self.early_to is not None:
                self.early_to.open_early()
            self.changed()

    def answer(self) -> None:
        if self.over is None and self.answered_at is None:
            self.answered_at = self._clock.now()
            self.changed()

    def end(self, cause: int, *, by_outside: bool, sip_code: int | None = None) -> None:
        """End it; harmless when it has ended."""
        if self.over is not None:
            return
        if self.answered_at is not None:
            sip_code = None
        self.over = LineOver(cause, sip_code, by_outside, self._clock.now())
        self.part()
        for listener in tuple(self.on_over):
            listener(self.over)
        self.changed()

    def changed(self) -> None:
        """Let everybody look again who waits by :meth:`until`."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._changed.wait()

    async def until_over(self) -> LineOver:
        await self.until(lambda: self.over is not None)
        assert self.over is not None  # noqa: S101 - the line above waited for it
        return self.over

    # ------------------------------------------------------------ audio and keys

    def join(self, mixing: Mixing) -> None:
        """Be put through there, and nowhere else."""
        if self.mixing is not None and self.mixing is not mixing:
            self.mixing.part(self)
        self.mixing = mixing
        self.changed()

    def part(self) -> None:
        """Be put through no more."""
        if self.mixing is not None:
            mixing, self.mixing = self.mixing, None
            mixing.part(self)

    def hear(self, media: Path, *, secretly: bool = False) -> None:
        """The switch's audio reaches the party; nothing is heard before the audio is open.

        ``secretly`` is for what those who listen in do not hear: themselves.
        """
        if self.has_audio:
            self.heard.append(Heard(self._clock.now(), media))
            self.changed()
            for spy in () if secretly else tuple(self.spies):
                spy.overhear(media)

    def speak(self, media: Path) -> None:
        """The party's voice reaches whoever it is put through to."""
        seconds = media.stat().st_size / BYTES_A_SECOND if media.is_file() else 0.0
        self.spoken_until = self._clock.monotonic() + seconds
        if self.is_up:
            for spy in tuple(self.spies):
                spy.overhear(media)
            if self.mixing is not None:
                self.mixing.voice(self, media)
            if self.whisper is not None:
                self.whisper(media)
        elif self.early_to is not None and self.has_audio:
            self.early_to.hear(media)
        self.changed()

    def press(self, digit: str) -> None:
        if self.over is None:
            for listener in tuple(self.on_digit):
                listener(digit)

    def press_hold(self, held: bool) -> None:
        """The party's own hold button (a re-INVITE), which the switch learns of."""
        if self.is_up:
            for listener in tuple(self.on_hold):
                listener(held)
