"""The one call that ``make run`` places through the sample hotline."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from hotline.db.database import Database
from hotline.demo.record import Record, finished_record
from hotline.hotlines.models import hotlines
from hotline.kit.clock import Clock
from hotline.prompts.models import prompts
from hotline.speech.service import Speech
from hotline.telephony.world.carrier import World
from hotline.telephony.world.lines import Placed
from hotline.telephony.world.listen import RATE, contains, read_sound

SAMPLE_HOTLINE: Final = "4006001234"
SAMPLE_CALLER: Final = "13812345678"
_BUSY_PHONE: Final = "13900000001"
_ANSWERING_PHONE: Final = "13900000002"
_ANSWER: Final = "您好，晨星科技，很高兴为您服务。"
_QUESTION: Final = "你好，我想问一下你们的营业时间。"
_TALK_SECONDS: Final = 12.0
_WHISPER_SECONDS: Final = 3.5
"""What the called side hears first, before it hears the caller."""
_TURN_SECONDS: Final = 4.0
_CALL_SECONDS: Final = 90.0
_TELLING_SAMPLES: Final = int(1.5 * RATE)
_POLL: Final = 0.2
_EARS_SECONDS: Final = 3.0
"""How long the caller's recording may take to be complete."""


@dataclass(frozen=True, slots=True)
class SampleCall:
    """What became of it."""

    record: Record
    greeting_heard: bool
    """Whether the greeting's sound was found in what the caller's side received."""


async def place_sample_call(
    world: World, database: Database, speech: Speech, clock: Clock
) -> SampleCall:
    """The first phone is busy, the second answers, and both people say something.

    Raises Waited, RecordMissingError, SpeechError.
    """
    answer, question = [await _spoken(speech, text) for text in (_ANSWER, _QUESTION)]
    world.phone(_BUSY_PHONE).busy()
    phone = world.phone(_ANSWERING_PHONE)
    phone.answers(after=1.5, hangs_up_after=_TALK_SECONDS)
    greeting = await _greeting(database, speech)
    since = clock.now() - timedelta(seconds=1)
    call = await world.call(SAMPLE_HOTLINE, SAMPLE_CALLER)
    called = await phone.rings(within=_CALL_SECONDS)
    await called.answered()
    await clock.sleep(_WHISPER_SECONDS)
    await called.say(answer)
    await clock.sleep(_TURN_SECONDS)
    await call.say(question)
    await call.ended(within=_CALL_SECONDS)
    heard = greeting is not None and await _was_heard(call, greeting, clock)
    record = await finished_record(
        database, clock, dialled=SAMPLE_HOTLINE, caller=SAMPLE_CALLER, since=since
    )
    return SampleCall(record, heard)


async def _spoken(speech: Speech, text: str) -> Path:
    return speech.sounds.of((await speech.render(text)).content_hash)


async def _was_heard(call: Placed, sound: Path, clock: Clock) -> bool:
    """Whether the middle of ``sound`` is in what the caller received (its very beginning may
    pass before the caller's side listens)."""
    whole = read_sound(sound)
    telling = whole[whole.size // 3 : whole.size // 3 + _TELLING_SAMPLES]
    deadline = clock.monotonic() + _EARS_SECONDS
    while True:
        heard = call.heard
        if await asyncio.to_thread(contains, heard, telling) is not None:
            return True
        if clock.monotonic() > deadline:
            return False
        await clock.sleep(_POLL)


async def _greeting(database: Database, speech: Speech) -> Path | None:
    """The sound of the sample hotline's greeting; None where there is none now."""
    wanted = (
        select(prompts.c.content_hash)
        .join(hotlines, hotlines.c.greeting_prompt_id == prompts.c.id)
        .where(hotlines.c.number == SAMPLE_HOTLINE)
    )
    async with database.platform() as session:
        content_hash = (await session.execute(wanted)).scalar()
    return speech.sounds.of(content_hash) if content_hash else None
