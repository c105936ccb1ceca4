"""From text and files to finished sounds, through the real process."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.kit.errors import TooLargeError
from hotline.settings import Settings
from hotline.speech import alaw
from hotline.speech.audio import active_rms
from hotline.speech.decode import MalformedAudioError
from hotline.speech.kokoro import KokoroVoice, phonemes_of, pieces, to_tokens, vocabulary
from hotline.speech.normalise import normalise
from hotline.speech.process import SpeechSettings
from hotline.speech.provider import NothingToSayError, SpeechError, UnknownVoiceError
from hotline.speech.service import MAX_UPLOAD_BYTES, Speech
from hotline.speech.sounds import Sounds

GREETING = "您好，欢迎致电阳光公司，请稍候。"


def loudness(path: Path) -> float:
    samples = alaw.decode(path.read_bytes()).astype("f4") / 32768
    return float(20 * np.log10(active_rms(samples)))


def voices_folder() -> Path:
    return Settings().tools / "voice"


neural = pytest.mark.skipif(
    not KokoroVoice(voices_folder()).available(), reason="the neural voice is not installed"
)


async def test_speaks_once_and_remembers(plain_speech: Speech) -> None:
    assert plain_speech.ready(GREETING) is None
    first = await plain_speech.render(GREETING)
    path = plain_speech.sounds.of(first.content_hash)
    assert 2000 < first.duration_ms < 8000
    assert path.stat().st_size == pytest.approx(first.duration_ms * 8, abs=8)
    assert loudness(path) == pytest.approx(-20, abs=1)
    changed = path.stat().st_mtime_ns
    assert await plain_speech.render(GREETING + "  ") == first
    assert plain_speech.ready(GREETING) == first
    assert path.stat().st_mtime_ns == changed
    slower = await plain_speech.render(GREETING, speed=0.7)
    assert slower.content_hash != first.content_hash
    assert slower.duration_ms > first.duration_ms * 1.15


async def test_shares_finished_sounds_between_homes(tmp_path: Path) -> None:
    settings = SpeechSettings(tmp_path, neural=False)
    cache = tmp_path / "cache"
    one = Speech(settings, Sounds(tmp_path / "one", cache=cache), default_voice="espeak_cmn")
    made = await one.render("您好")
    await one.close()
    other = Speech(settings, Sounds(tmp_path / "other", cache=cache), default_voice="espeak_cmn")
    assert other.ready("您好") == made
    assert other.sounds.has(made.content_hash)
    assert not list(tmp_path.rglob(".draft*"))


async def test_another_voice_stands_in_for_the_missing_one(tmp_path: Path) -> None:
    settings = SpeechSettings(tmp_path / "no-voices")
    speech = Speech(settings, Sounds(tmp_path / "sounds"), default_voice="zf_xiaoxiao")
    rendered = await speech.render("您好")
    await speech.close()
    assert (rendered.provider, rendered.as_asked) == ("espeak", False)
    assert not speech.can_do_as_asked()


async def test_refuses_what_cannot_be_said(plain_speech: Speech) -> None:
    with pytest.raises(NothingToSayError):
        await plain_speech.render("！！！")
    with pytest.raises(UnknownVoiceError):
        plain_speech.check_voice("nobody")


async def test_starts_again_after_the_process_died(plain_speech: Speech) -> None:
    await plain_speech.render("一")
    process = plain_speech._speaking._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert (await plain_speech.render("二")).duration_ms > 100


async def test_a_cancelled_request_does_not_answer_the_next(plain_speech: Speech) -> None:
    await plain_speech.render("一")
    task = asyncio.ensure_future(plain_speech.render("二" * 500))
    while plain_speech._speaking._turn.locked() is False:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await plain_speech.render("三")).duration_ms < 2000


async def test_ends_what_takes_too_long(plain_speech: Speech, tmp_path: Path) -> None:
    with pytest.raises(SpeechError):
        await plain_speech._speaking.speak(
            "espeak", "一" * 2000, "espeak_cmn", 1.0, tmp_path / "out", limit=0.01
        )


async def test_takes_an_uploaded_file(plain_speech: Speech, tmp_path: Path) -> None:
    time = np.arange(44100 * 2) / 44100
    sound = 0.02 * np.sin(2 * np.pi * 440 * time)
    upload = tmp_path / "upload"
    stream = io.BytesIO()
    soundfile.write(stream, sound, 44100, format="MP3")
    upload.write_bytes(stream.getvalue())
    taken = await plain_speech.take_in(upload)
    assert taken.duration_ms == pytest.approx(2000, abs=120)
    assert loudness(plain_speech.sounds.of(taken.content_hash)) == pytest.approx(-20, abs=1)


async def test_refuses_bad_uploads_and_lives_on(plain_speech: Speech, tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(b"MZ" + os.urandom(5000))
    with pytest.raises(MalformedAudioError):
        await plain_speech.take_in(upload)
    with upload.open("wb") as large:
        large.truncate(MAX_UPLOAD_BYTES + 1)
    with pytest.raises(TooLargeError):
        await plain_speech.take_in(upload)
    assert not list(tmp_path.rglob(".draft*"))


@neural
async def test_the_neural_voice_speaks_naturally_fast(tmp_path: Path) -> None:
    settings = SpeechSettings(voices_folder())
    speech = Speech(settings, Sounds(tmp_path / "sounds"), default_voice="zf_xiaoxiao")
    rendered = await speech.render(GREETING)
    man = await speech.render(GREETING, "zm_yunyang")
    await speech.close()
    assert (rendered.provider, rendered.as_asked) == ("kokoro", True)
    # Fourteen syllables: three to six in a second.
    assert 14 / 6 < rendered.duration_ms / 1000 < 14 / 2.5
    assert loudness(speech.sounds.of(rendered.content_hash)) == pytest.approx(-20, abs=1)
    assert man.content_hash != rendered.content_hash


@neural
def test_a_telephone_number_is_read_digit_by_digit() -> None:
    spoken = phonemes_of(normalise("4006001234"))
    one_by_one = [phonemes_of(sign) for sign in "四零零六零零幺二三四"]
    assert spoken.replace(" ", "").replace(",", "") == "".join(one_by_one)


@neural
def test_long_texts_are_cut_where_one_breathes() -> None:
    text = normalise("我们提供全天候的服务，" * 40 + "谢谢。再见！")
    parts = pieces(text)
    assert all(len(to_tokens(phonemes)) <= 510 for phonemes, _ in parts)
    assert [pause for _, pause in parts[-2:]] == [0.32, 0.32]
    assert len(parts) > 5
    endless = pieces("好" * 1500)
    assert all(0 < len(to_tokens(phonemes)) <= 510 for phonemes, _ in endless)


@neural
def test_knows_english_names_and_letters() -> None:
    assert "vˈi" in phonemes_of(normalise("VIP客户"))
    assert set(phonemes_of("Hotline 您好 OK")) - {" "} <= set(vocabulary())
