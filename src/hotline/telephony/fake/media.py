"""Playing, reading keys and recording on one line."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line, LineOver
from hotline.telephony.port import (
    Collected,
    CollectEnd,
    CollectPlan,
    Media,
    MediaMissing,
    Played,
    Prompt,
    RecordSpec,
)

BYTES_A_SECOND = 8000
"""Of A-law."""
SAMPLES_A_SECOND = 8000


def duration(media: Media) -> float:
    """Seconds. Raises MediaMissing."""
    if not isinstance(media, Prompt):
        return media.seconds
    try:
        return media.path.stat().st_size / BYTES_A_SECOND
    except OSError as error:
        raise MediaMissing(str(media.path)) from error


def playable(media: Sequence[Media]) -> list[Media]:
    """Those whose files are there: the switch's own snippets pass over the others."""
    return [one for one in media if not isinstance(one, Prompt) or one.path.is_file()]


async def play_through(clock: Clock, line: Line, media: Sequence[Media]) -> None:
    """Raises MediaMissing, having played what came before."""
    for one in media:
        seconds = duration(one)
        if isinstance(one, Prompt):
            line.hear(one.path)
        await clock.sleep(seconds)


@contextmanager
def keys(line: Line) -> Iterator[asyncio.Queue[str]]:
    """The keys that the party presses while the block runs."""
    pressed: asyncio.Queue[str] = asyncio.Queue()
    line.on_digit.append(pressed.put_nowait)
    line.changed()
    try:
        yield pressed
    finally:
        line.on_digit.remove(pressed.put_nowait)


async def key_within(clock: Clock, pressed: asyncio.Queue[str], seconds: float) -> str | None:
    """The next key, or None after ``seconds``."""
    key = asyncio.ensure_future(pressed.get())
    limit = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({key, limit}, return_when=asyncio.FIRST_COMPLETED)
        return key.result() if key.done() else None
    finally:
        key.cancel()
        limit.cancel()


async def play_until_key(
    clock: Clock, line: Line, media: Sequence[Media], pressed: asyncio.Queue[str], interrupt: str
) -> str | None:
    """Play; the key among ``interrupt`` that stopped it, or None. Raises MediaMissing."""
    playing = asyncio.ensure_future(play_through(clock, line, media))
    try:
        while True:
            key = asyncio.ensure_future(pressed.get())
            await asyncio.wait({playing, key}, return_when=asyncio.FIRST_COMPLETED)
            if not key.done():
                key.cancel()
                playing.result()
                return None
            if key.result() in interrupt:
                return key.result()
    finally:
        playing.cancel()
        await asyncio.wait({playing})


async def play(clock: Clock, line: Line, media: Sequence[Media], interrupt: str) -> Played:
    with keys(line) as pressed:
        return Played(await play_until_key(clock, line, media, pressed, interrupt))


async def collect(clock: Clock, line: Line, plan: CollectPlan) -> Collected:
    with keys(line) as pressed:
        key = await play_until_key(clock, line, plan.prompts, pressed, "0123456789*#ABCD")
        if key is None:
            key = await key_within(clock, pressed, plan.first_digit_timeout)
        digits = ""
        while key is not None:
            if plan.terminator and key in plan.terminator:
                return Collected(digits, CollectEnd.TERMINATOR)
            digits += key
            if len(digits) >= plan.max_digits:
                return Collected(digits, CollectEnd.FULL)
            key = await key_within(clock, pressed, plan.inter_digit_timeout)
        return Collected(digits, CollectEnd.TIMEOUT)


class FakeRecorder:
    """Writes silence as long as what it would have recorded, when it stops or the line ends."""

    def __init__(self, clock: Clock, line: Line, spec: RecordSpec) -> None:
        if not spec.path.parent.is_dir():
            raise MediaMissing(str(spec.path.parent))
        self._clock = clock
        self._path = spec.path
        self._began = clock.monotonic()
        self._open = line.over is None
        line.on_over.append(self._line_over)

    async def stop(self) -> None:
        self.close()

    def _line_over(self, _: LineOver) -> None:
        self.close()

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        samples = round((self._clock.monotonic() - self._began) * SAMPLES_A_SECOND)
        with wave.open(str(self._path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLES_A_SECOND)
            file.writeframes(bytes(2 * samples))
