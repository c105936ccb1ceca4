"""Sound made fit for the telephone."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from hotline.speech import alaw
from hotline.speech.audio import CEILING, Audio, active_rms, for_telephone, silence, trim


def tone(hertz: float, seconds: float, rate: int, level: float) -> NDArray[np.float32]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(
        "f4"
    )


def heard(data: bytes) -> NDArray[np.float32]:
    return alaw.decode(data).astype("f4") / 32768


def test_alaw_agrees_with_libsndfile_when_decoding() -> None:
    codes = bytes(range(256))
    theirs, _ = soundfile.read(
        io.BytesIO(codes), format="RAW", subtype="ALAW", samplerate=8000, channels=1, dtype="int16"
    )
    assert (alaw.decode(codes) == theirs).all()


def test_alaw_comes_back_within_its_step() -> None:
    samples = np.arange(-32768, 32768, dtype=np.int16)
    error = np.abs(alaw.decode(alaw.encode(samples)).astype(int) - samples)
    assert (error <= np.maximum(8, np.abs(samples.astype(int)) / 32 + 1)).all()
    assert alaw.encode(np.zeros(2, np.int16)) == alaw.SILENCE * 2
    codes = np.frombuffer(bytes(range(256)), np.uint8)
    assert alaw.encode(alaw.decode(codes.tobytes())) == codes.tobytes()


@pytest.mark.parametrize("level", [0.01, 0.2, 0.9])
@pytest.mark.parametrize("rate", [8000, 24000, 44100])
def test_makes_any_level_equally_loud(level: float, rate: int) -> None:
    sound = np.concatenate([tone(900, 1, rate, level), silence(2, rate)])
    samples = heard(for_telephone(Audio(sound, rate)))
    assert len(samples) == pytest.approx(3 * 8000, abs=8)
    assert 20 * np.log10(active_rms(samples)) == pytest.approx(-20, abs=0.7)


def test_holds_peaks_down() -> None:
    sound = tone(700, 1, 8000, 0.05)
    sound[4000:4010] = 1.0
    samples = heard(for_telephone(Audio(sound, 8000)))
    assert np.abs(samples).max() <= CEILING * 1.02


def test_keeps_to_the_telephone_band() -> None:
    rate = 48000
    parts = tone(60, 1, rate, 0.3) + tone(1000, 1, rate, 0.3) + tone(6000, 1, rate, 0.3)
    spectrum = np.abs(np.fft.rfft(heard(for_telephone(Audio(parts, rate)))[:8000]))
    voice = spectrum[990:1010].max()
    assert spectrum[50:70].max() < voice / 50
    # What lies above half the rate must not fold back to 2000 Hz.
    assert spectrum[1900:2100].max() < voice / 100


@pytest.mark.parametrize(
    "samples", [np.zeros(0, "f4"), np.zeros(800, "f4"), np.full(100, np.nan, "f4")]
)
def test_silence_stays_silence(samples: NDArray[np.float32]) -> None:
    data = for_telephone(Audio(samples, 8000))
    assert len(data) == len(samples)
    assert not np.abs(heard(data)).max(initial=0) > 0.001


def test_trims_silence_at_both_ends() -> None:
    sound = np.concatenate([silence(1, 8000), tone(500, 1, 8000, 0.5), silence(1, 8000)])
    assert trim(Audio(sound, 8000)).seconds == pytest.approx(1.08, abs=0.01)
    assert trim(Audio(silence(1, 8000), 8000)).seconds == 0
