"""A caller leaves a message."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path
from typing import Final

import numpy as np

from hotline.calls.context import CallContext
from hotline.calls.events import Arrived, MessageDropped, MessageLeft, MessageStarted
from hotline.calls.message_settings import VoicemailPlan
from hotline.calls.sounds import SystemSound
from hotline.kit.ids import derived_id, unguessable_name
from hotline.speech.alaw import RATE, encode
from hotline.telephony.port import (
    CallerGone,
    CollectPlan,
    Media,
    MediaMissing,
    MessageEnd,
    Prompt,
    RecordedMessage,
    RecordPlan,
)

LEFT: Final = "left"
EMPTY: Final = "empty"
EXITS: Final = (LEFT, EMPTY)
"""A message was kept; nothing was said."""
SHORTEST_SECONDS: Final = 1.0
"""What is shorter is no message."""
_LISTEN_KEY: Final = "1"
_MOST_TAKES: Final = 10
"""A caller who records again and again does not hold the line for ever."""


async def take_message(ctx: CallContext, plan: VoicemailPlan) -> str:
    """Greet, record and keep; the exit's name. Raises CallerGone, SwitchDown.

    What a caller has said is kept whether they press a key, fall silent or hang up.
    """
    return await _Taking(ctx, plan).run()


class _Taking:
    """The takes of one message."""

    def __init__(self, ctx: CallContext, plan: VoicemailPlan) -> None:
        self._ctx = ctx
        self._plan = plan
        self._number = sum(isinstance(event, MessageStarted) for event in ctx.log.events)
        self._path = Path()

    async def run(self) -> str:
        await self._ctx.call.answer()
        await self._say([*self._ctx.take_pending(), *self._greeting()])
        for _ in range(_MOST_TAKES):
            try:
                recorded = await self._record()
            except MediaMissing:  # the spool cannot take it; the log has said so
                self._drop("not_recorded")
                return EMPTY
            if recorded.ended_by is MessageEnd.HANGUP:
                self._keep_or_drop(recorded)
                raise CallerGone
            if recorded.key == self._plan.rerecord_key and recorded.key:
                await self._discard("recorded_again")
                continue
            if self._is_too_short(recorded):
                await self._discard("too_short")
                return EMPTY
            if not await self._wants_another(recorded):
                return LEFT
            await self._discard("recorded_again")
        return EMPTY

    # ------------------------------------------------------------ one take

    async def _record(self) -> RecordedMessage:
        ctx, plan = self._ctx, self._plan
        self._number += 1
        name = f"{ctx.log.call_id}-message-{self._number}.wav"
        self._path = ctx.parts.spool / name
        ctx.log.append(
            MessageStarted(
                at=ctx.parts.clock.now(),
                number=self._number,
                box_id=plan.box_id,
                message_id=derived_id("message", str(ctx.log.call_id), str(self._number)),
                node=self._node(),
                file=name,
            )
        )
        beep = await asyncio.to_thread(beep_in, ctx.parts.spool)
        return await ctx.call.record_message(
            RecordPlan(
                path=self._path,
                max_seconds=plan.max_seconds,
                silence_seconds=plan.silence_seconds or None,
                terminators=plan.finish_key + plan.rerecord_key,
                beep=Prompt(beep),
            )
        )

    def _node(self) -> str:
        events = self._ctx.log.events
        arrived = next((event for event in events if isinstance(event, Arrived)), None)
        return arrived.node if arrived else self._ctx.call.node

    def _is_too_short(self, recorded: RecordedMessage) -> bool:
        """The silence that ended it is no part of what was said."""
        silence = self._plan.silence_seconds if recorded.ended_by is MessageEnd.SILENCE else 0
        return recorded.duration - silence < SHORTEST_SECONDS

    def _keep_or_drop(self, recorded: RecordedMessage) -> None:
        if recorded.duration < SHORTEST_SECONDS:
            self._drop("too_short")
        else:
            self._keep(recorded)

    def _keep(self, recorded: RecordedMessage) -> None:
        log = self._ctx.log
        started = next(
            event
            for event in reversed(log.events)
            if isinstance(event, MessageStarted) and event.number == self._number
        )
        log.append(
            MessageLeft(
                at=self._ctx.parts.clock.now(),
                number=self._number,
                box_id=started.box_id,
                message_id=started.message_id,
                node=started.node,
                file=started.file,
                seconds=round(recorded.duration, 2),
                ended_by=recorded.ended_by.value,
            )
        )

    def _drop(self, why: str) -> None:
        now = self._ctx.parts.clock.now()
        self._ctx.log.append(MessageDropped(at=now, number=self._number, why=why))

    async def _discard(self, why: str) -> None:
        self._drop(why)
        await asyncio.to_thread(self._path.unlink, missing_ok=True)

    # ------------------------------------------------------------ what the caller thinks of it

    async def _wants_another(self, recorded: RecordedMessage) -> bool:
        """Offer to listen and to record again. Whatever happens here, the message is safe."""
        if not self._plan.offer_review:
            self._keep(recorded)
            await self._say(self._ctx.announcer.system(SystemSound.VOICEMAIL_KEPT))
            return False
        try:
            again = await self._review()
        except BaseException:
            self._keep(recorded)
            raise
        if not again:
            self._keep(recorded)
            await self._say(self._ctx.announcer.system(SystemSound.VOICEMAIL_KEPT))
        return again

    async def _review(self) -> bool:
        announcer = self._ctx.announcer
        offer = announcer.prompt("voicemail_review", self._plan.review) or announcer.system(
            SystemSound.VOICEMAIL_REVIEW
        )
        copy = self._path.with_suffix(".alaw")
        listening: list[Media] = []
        try:
            for _ in range(_MOST_TAKES):
                key = await self._ask([*listening, *offer])
                if key != _LISTEN_KEY:
                    return key == self._plan.rerecord_key and bool(key)
                await asyncio.to_thread(_playable, self._path, copy)
                listening = [Prompt(copy)]
            return False
        finally:
            await asyncio.to_thread(copy.unlink, missing_ok=True)

    async def _ask(self, prompts: list[Media]) -> str:
        plan = CollectPlan(prompts=prompts, max_digits=1, terminator="", first_digit_timeout=5.0)
        try:
            return (await self._ctx.call.collect(plan)).digits
        except MediaMissing:
            self._ctx.announcer.skipped("voicemail_review")
            return ""

    # ------------------------------------------------------------ saying

    def _greeting(self) -> list[Media]:
        announcer = self._ctx.announcer
        own = announcer.prompt("voicemail_greeting", self._plan.greeting)
        return own or announcer.system(SystemSound.VOICEMAIL_GREETING)

    async def _say(self, media: list[Media]) -> None:
        if not media:
            return
        try:
            await self._ctx.call.play(media)
        except MediaMissing:
            self._ctx.announcer.skipped("voicemail_greeting")


def beep_in(folder: Path) -> Path:
    """The tone after which to speak, 0.3 s of 1 kHz; written once."""
    path = folder / "beep.alaw"
    if not path.exists():
        times = np.arange(round(0.3 * RATE)) / RATE
        tone = (8000 * np.sin(2 * np.pi * 1000 * times)).astype(np.int16)
        draft = folder / f".beep-{unguessable_name()}"
        draft.write_bytes(encode(tone))
        draft.replace(path)
    return path


def _playable(recorded: Path, copy: Path) -> None:
    """Write the recording as the switch plays sounds."""
    with wave.open(str(recorded), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    copy.write_bytes(encode(samples.astype(np.int16)))
