"""The platform's own announcements."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hotline.calls.sounds import SystemSound
from hotline.kit.clock import SystemClock
from hotline.kit.regions import all_regions
from hotline.prompts.system import NO_CONTROLLER_FILE, TEXTS, SystemSounds, origin_text
from hotline.settings import Settings
from hotline.speech.normalise import normalise
from hotline.speech.process import SpeechSettings
from hotline.speech.service import Speech
from hotline.speech.sounds import Sounds


@pytest.fixture
def system(speech: Speech) -> SystemSounds:
    return SystemSounds(speech, SystemClock())


def test_every_sound_that_calls_play_has_a_text() -> None:
    assert {sound.value for sound in SystemSound} <= set(TEXTS)
    assert len({origin_text(province) for province in all_regions()}) >= 31
    assert normalise(TEXTS["whisper"]) == "四零零来电"


async def test_a_sound_is_none_until_it_is_made(system: SystemSounds) -> None:
    assert system.get("closed") is None
    assert system.whisper_for("北京", "北京") == ()
    await system.prepare(only=["closed", "no_controller", "whisper"])
    path = system.get("closed")
    assert path is not None
    assert path.stat().st_size > 8000
    copied = path.parent.parent / NO_CONTROLLER_FILE
    spoken = system.get("no_controller")
    assert spoken is not None
    assert copied.read_bytes() == spoken.read_bytes()
    assert path.stem in system.hashes()


async def test_another_process_finds_what_this_one_made(
    system: SystemSounds, speech: Speech
) -> None:
    await system.prepare(only=["closed"])
    assert SystemSounds(speech, SystemClock()).get("closed") == system.get("closed")


async def test_a_whisper_names_the_province_until_the_city_is_made(system: SystemSounds) -> None:
    task = asyncio.create_task(system.run())
    try:
        async with asyncio.timeout(60):
            # Each of them: what is asked for before its turn is made first.
            while any(len(system.whisper_for(name, "")) < 2 for name in ("北京", "广东", "新疆")):
                await asyncio.sleep(0.02)
            beijing = system.whisper_for("北京", "北京")
            assert len(beijing) == 2
            assert system.whisper_for("", "") == beijing[:1]
            province = system.whisper_for("广东", "")
            assert system.whisper_for("广东", "深圳") == province
            while system.whisper_for("广东", "深圳") == province:
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_plain_voice_speaks_until_the_natural_one_has(tmp_path: Path) -> None:
    settings = SpeechSettings(Settings().tools / "voice")
    speech = Speech(settings, Sounds(tmp_path / "sounds"), default_voice="zf_xiaoxiao")
    system = SystemSounds(speech, SystemClock())
    task = asyncio.create_task(system.prepare(only=["whisper"]))
    heard = set()
    while not task.done():
        heard.add(system.get("whisper"))
        await asyncio.sleep(0.01)
    await task
    await speech.close()
    last = system.get("whisper")
    assert last is not None
    if speech.can_do_as_asked():
        assert len(heard - {None, last}) == 1
