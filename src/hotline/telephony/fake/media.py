"""Playing, reading keys and recording on one line."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import BYTES_A_SECOND, Line, LineOver
from hotline.telephony.port import (
    Collected,
    CollectEnd,
    CollectPlan,
    Media,
    MediaMissing,
    MessageEnd,
    Played,
    Prompt,
    RecordedMessage,
    RecordPlan,
    RecordSpec,
    RecordWhat,
)

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
    key: asyncio.Future[str] | None = None
    try:
        while True:
            key = asyncio.ensure_future(pressed.get())
            await asyncio.wait({playing, key}, return_when=asyncio.FIRST_COMPLETED)
            if not key.done():
                playing.result()
                return None
            if key.result() in interrupt:
                return key.result()
    finally:
        playing.cancel()
        if key is not None:
            key.cancel()
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


async def take_message(clock: Clock, line: Line, plan: RecordPlan) -> RecordedMessage:
    """Wait for its end; the end of the line is one."""
    began = clock.monotonic()
    with keys(line) as pressed:
        ended_by, key = await _message_end(clock, line, plan, pressed)
    return RecordedMessage(clock.monotonic() - began, ended_by, key)


async def _message_end(
    clock: Clock, line: Line, plan: RecordPlan, pressed: asyncio.Queue[str]
) -> tuple[MessageEnd, str | None]:
    began = clock.monotonic()
    over = asyncio.ensure_future(line.until_over())
    limit = asyncio.ensure_future(clock.sleep(plan.max_seconds))
    silence = asyncio.ensure_future(_silence(clock, line, plan.silence_seconds))
    key = asyncio.ensure_future(_key_among(pressed, plan.terminators))
    ends: dict[asyncio.Future[Any], MessageEnd] = {
        over: MessageEnd.HANGUP,
        key: MessageEnd.KEY,
        silence: MessageEnd.SILENCE,
        limit: MessageEnd.LIMIT,
    }
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        ended_by = next(why for end, why in ends.items() if end.done())
        if ended_by is MessageEnd.SILENCE and clock.monotonic() - began >= plan.max_seconds:
            ended_by = MessageEnd.LIMIT
        return ended_by, key.result() if ended_by is MessageEnd.KEY else None
    finally:
        for end in ends:
            end.cancel()


async def _silence(clock: Clock, line: Line, seconds: float | None) -> None:
    """Return when the party has said nothing for so long."""
    if seconds is None:
        await asyncio.get_running_loop().create_future()
        return
    quiet_since = clock.monotonic()
    while True:
        quiet_since = max(quiet_since, line.spoken_until)
        left = quiet_since + seconds - clock.monotonic()
        if left <= 0:
            return
        await clock.sleep(left)


async def _key_among(pressed: asyncio.Queue[str], wanted: str) -> str:
    while (key := await pressed.get()) not in wanted:
        pass
    return key


class FakeRecorder:
    """Writes silence as long as what it would have recorded, when it stops or the line ends.

    Without a line it goes on until it is closed.
    """

    def __init__(self, clock: Clock, line: Line | None, spec: RecordSpec) -> None:
        if not spec.path.parent.is_dir():
            raise MediaMissing(str(spec.path.parent))
        self._clock = clock
        self._spec = spec
        self._began = clock.monotonic()
        self._open = line is None or line.over is None
        if line is not None:
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
        if self._spec.what is RecordWhat.STEREO:
            self._spec.path.write_bytes(bytes(4 * samples))
            return
        with wave.open(str(self._spec.path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLES_A_SECOND)
            file.writeframes(bytes(2 * samples))
