"""A caller and a leg put through to each other, with the controller in command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line, LineOver, music_path
from hotline.telephony.fake.media import FakeRecorder
from hotline.telephony.fake.session import Session
from hotline.telephony.port import (
    ConversationEvent,
    DigitPressed,
    HoldChanged,
    Party,
    PartyLeft,
    Recorder,
    RecordSpec,
)


class FakeConversation:
    """Implements ``port.Conversation``."""

    def __init__(self, clock: Clock, session: Session, caller: Line, callee: Line) -> None:
        self._clock = clock
        self._session = session
        self._lines = {Party.CALLER: caller, Party.CALLEE: callee}
        self._events: asyncio.Queue[ConversationEvent] = asyncio.Queue()
        self._listening: list[Callable[[], None]] = []
        caller.join(callee)
        for party, line in self._lines.items():
            self._listen(party, line)

    async def events(self) -> AsyncIterator[ConversationEvent]:
        while True:
            event = await self._session.run(self._events.get())
            yield event
            if isinstance(event, PartyLeft):
                return

    async def hold(self, party: Party) -> None:
        await self._session.reachable()
        line = self._lines[party]
        line.held = True
        line.hear(music_path("default"))

    async def resume(self, party: Party) -> None:
        await self._session.reachable()
        self._lines[party].held = False

    async def record(self, spec: RecordSpec) -> Recorder:
        await self._session.reachable()
        return FakeRecorder(self._clock, self._lines[Party.CALLER], spec)

    async def separate(self) -> None:
        await self._session.reachable()
        for line in self._lines.values():
            line.held = False
        self._lines[Party.CALLER].part()
        for stop in self._listening:
            stop()
        self._listening.clear()

    def _listen(self, party: Party, line: Line) -> None:
        def digit(key: str) -> None:
            self._events.put_nowait(DigitPressed(party, key))

        def hold(held: bool) -> None:
            self._events.put_nowait(HoldChanged(party, held))

        def over(end: LineOver) -> None:
            self._events.put_nowait(PartyLeft(party, end.cause))

        line.on_digit.append(digit)
        line.on_hold.append(hold)
        line.on_over.append(over)
        self._listening += [
            partial(line.on_digit.remove, digit),
            partial(line.on_hold.remove, hold),
            partial(line.on_over.remove, over),
        ]
