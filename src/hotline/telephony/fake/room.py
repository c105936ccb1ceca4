"""Rooms and those who listen in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path

from hotline.kit.clock import Clock
from hotline.telephony.fake import media as media_of
from hotline.telephony.fake.line import Line, LineOver, music_path
from hotline.telephony.fake.mixer import Mixer
from hotline.telephony.fake.party import FakeParty
from hotline.telephony.fake.session import Session
from hotline.telephony.port import (
    DigitPressed,
    HoldChanged,
    LineLeft,
    Listening,
    ListenMode,
    Media,
    Prompt,
    Recorder,
    RecordSpec,
    RoomClosed,
    RoomEvent,
)
from hotline.telephony.port import Line as PortLine


class MixedRoom:
    """A room as the switch holds it; it outlives any controller."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.mixer = Mixer()
        self.recorders: list[media_of.FakeRecorder] = []
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True
        self.mixer.dissolve()
        for recorder in self.recorders:
            recorder.close()


class FakeRoom:
    """Implements ``port.Room``: one controller's hand on a room."""

    def __init__(
        self,
        clock: Clock,
        session: Session,
        mixed: MixedRoom,
        parties: Sequence[FakeParty],
        forget: Callable[[FakeRoom], None],
    ) -> None:
        """``parties`` are those who are in it already."""
        self.mixed = mixed
        self._clock = clock
        self._session = session
        self._forget = forget
        self._parties: dict[Line, FakeParty] = {party.line: party for party in parties}
        self._stop: dict[Line, list[Callable[[], None]]] = {}
        self._events: asyncio.Queue[RoomEvent | None] = asyncio.Queue()
        for party in parties:
            self._watch(party.line)

    @property
    def name(self) -> str:
        return self.mixed.name

    @property
    def lines(self) -> tuple[FakeParty, ...]:
        return tuple(self._parties[line] for line in self.mixed.mixer.lines)

    def is_held(self, line: PortLine) -> bool:
        return _fake(line).line in self.mixed.mixer.held

    def is_muted(self, line: PortLine) -> bool:
        return _fake(line).line in self.mixed.mixer.muted

    # ------------------------------------------------------------ coming and going

    async def add(self, line: PortLine, *, muted: bool = False) -> None:
        party = await self._here(line)
        self._parties[party.line] = party
        self._watch(party.line)
        self.mixed.mixer.add(party.line)
        if muted:
            self.mixed.mixer.muted.add(party.line)

    async def remove(self, line: PortLine) -> None:
        await self._session.reachable()
        self.mixed.mixer.part(_fake(line).line)
        self._unwatch(_fake(line).line)

    async def close(self) -> None:
        if self.mixed.is_closed:
            return
        await self._session.reachable()
        self.mixed.close()
        self.closed()

    def closed(self) -> None:
        """It is not there any more."""
        for line in tuple(self._stop):
            self._unwatch(line)
        self._events.put_nowait(None)
        self._forget(self)

    # ------------------------------------------------------------ hearing

    async def hold(self, line: PortLine, *, music: str = "default") -> None:
        held = (await self._inside(line)).line
        if held not in self.mixed.mixer.held:
            self.mixed.mixer.held.add(held)
            held.hear(music_path(music))

    async def resume(self, line: PortLine) -> None:
        self.mixed.mixer.held.discard((await self._inside(line)).line)

    async def mute(self, line: PortLine) -> None:
        self.mixed.mixer.muted.add((await self._inside(line)).line)

    async def unmute(self, line: PortLine) -> None:
        self.mixed.mixer.muted.discard((await self._inside(line)).line)

    async def play(self, media: Sequence[Media]) -> None:
        async def play() -> None:
            for one in media:
                seconds = media_of.duration(one)
                if isinstance(one, Prompt):
                    self.mixed.mixer.play(one.path)
                await self._clock.sleep(seconds)

        await self._session.reachable()
        self._raise_if_closed()
        await self._session.run(play())

    async def record(self, target: Path) -> Recorder:
        await self._session.reachable()
        self._raise_if_closed()
        recorder = media_of.FakeRecorder(self._clock, None, RecordSpec(target))
        self.mixed.recorders.append(recorder)
        return recorder

    # ------------------------------------------------------------ what happens

    async def events(self) -> AsyncIterator[RoomEvent]:
        while (event := await self._session.run(self._events.get())) is not None:
            yield event

    def _watch(self, line: Line) -> None:
        if line in self._stop:
            return

        def digit(key: str) -> None:
            self._events.put_nowait(DigitPressed(line.id, key))

        def hold(held: bool) -> None:
            self._events.put_nowait(HoldChanged(line.id, held))

        def over(end: LineOver) -> None:
            self._unwatch(line)
            self._events.put_nowait(LineLeft(line.id, end.cause))

        line.on_digit.append(digit)
        line.on_hold.append(hold)
        line.on_over.append(over)
        self._stop[line] = [
            partial(line.on_digit.remove, digit),
            partial(line.on_hold.remove, hold),
            partial(line.on_over.remove, over),
        ]

    def _unwatch(self, line: Line) -> None:
        for stop in self._stop.pop(line, ()):
            stop()

    # ------------------------------------------------------------ inside

    async def _here(self, line: PortLine) -> FakeParty:
        """``line`` as one of ours that is up; and the room is open."""
        party = _fake(line)
        await self._session.reachable()
        self._raise_if_closed()
        if party.line.over is not None:
            raise party.gone_error()
        return party

    async def _inside(self, line: PortLine) -> FakeParty:
        party = await self._here(line)
        if party.line not in self.mixed.mixer.lines:
            raise ValueError(f"{party.id} is not in the room {self.name}")
        return party

    def _raise_if_closed(self) -> None:
        if self.mixed.is_closed:
            raise RoomClosed(self.name)


class FakeListening:
    """Implements ``port.Listening``."""

    def __init__(self, session: Session, watched: Line, listener: Line, mode: ListenMode) -> None:
        self._session = session
        self._watched = watched
        self._listener = listener
        self._mode = mode
        self._over = asyncio.Event()
        watched.spies.append(self)
        listener.part()
        listener.whisper = self._say
        listener.changed()
        for line in (watched, listener):
            line.on_over.append(self._end)

    @property
    def mode(self) -> ListenMode:
        return self._mode

    async def change(self, mode: ListenMode) -> None:
        await self._session.reachable()
        self._mode = mode

    async def stop(self) -> None:
        if not self._over.is_set():
            await self._session.reachable()
            self._end()

    async def ended(self) -> None:
        await self._session.run(_set(self._over))

    def overhear(self, media: Path) -> None:
        self._listener.hear(media)

    def _say(self, media: Path) -> None:
        if self._mode is not ListenMode.LISTEN:
            self._watched.hear(media, secretly=True)
        if self._mode is ListenMode.BARGE and self._watched.mixing is not None:
            self._watched.mixing.voice(self._watched, media)

    def _end(self, _: LineOver | None = None) -> None:
        if self._over.is_set():
            return
        self._over.set()
        self._watched.spies.remove(self)
        self._listener.whisper = None
        for line in (self._watched, self._listener):
            line.on_over.remove(self._end)


def _fake(line: PortLine) -> FakeParty:
    if not isinstance(line, FakeParty):
        raise TypeError("a line of another switch cannot be used here")
    return line


async def _set(event: asyncio.Event) -> None:
    await event.wait()


def _conforms(listening: FakeListening) -> Listening:
    """Read by the type checker alone."""
    return listening
