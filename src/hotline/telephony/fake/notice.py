"""What callers of the fake switch hear when no controller is there."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line, LineOver
from hotline.telephony.fake.media import play_through, playable
from hotline.telephony.port import Cause, Prompt


class Notice:
    """``sound``: None plays nothing; the call ends all the same."""

    def __init__(self, clock: Clock, sound: Path | None) -> None:
        self._clock = clock
        self._sound = sound
        self._playing: set[asyncio.Task[None]] = set()

    def play_to(self, line: Line) -> None:
        """Begin to play it; the line ends with it."""
        task = asyncio.create_task(self._play(line))
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)
        line.on_over.append(partial(self._stop, task))

    @staticmethod
    def _stop(task: asyncio.Task[None], _: LineOver) -> None:
        if task is not asyncio.current_task():
            task.cancel()

    async def _play(self, line: Line) -> None:
        if self._sound is not None:
            line.open_early()
            await play_through(self._clock, line, playable([Prompt(self._sound)]))
        line.end(int(Cause.TEMPORARY_FAILURE), by_outside=False, sip_code=503)
