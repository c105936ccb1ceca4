"""Make any audio fit for the telephone: 8 kHz, its band, an even loudness, A-law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from hotline.speech import alaw

Samples = NDArray[np.float32]

TARGET_DBFS = -20.0
"""RMS of the speaking parts; pauses do not count."""
CEILING = 10 ** (-1.5 / 20)
"""No sample is larger."""
_BAND = (180.0, 3600.0)
_FRAME = 160  # 20 ms at 8 kHz
_BLOCK = 40  # 5 ms at 8 kHz
_MAX_GAIN = 10 ** (30 / 20)


@dataclass(frozen=True, slots=True)
class Audio:
    """Mono sound: floats in -1…1 and how many of them make a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def silence(seconds: float, rate: int) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.float32)


def trim(audio: Audio, *, keep: float = 0.04, threshold: float = 0.004) -> Audio:
    """Cut silence at both ends down to ``keep`` seconds."""
    loud = np.flatnonzero(np.abs(audio.samples) > threshold)
    if not len(loud):
        return Audio(audio.samples[:0], audio.rate)
    margin = round(keep * audio.rate)
    return Audio(audio.samples[max(0, int(loud[0]) - margin) : int(loud[-1]) + margin], audio.rate)


def for_telephone(audio: Audio) -> bytes:
    """A-law at 8 kHz of it: resampled, band-limited, made evenly loud, peaks held down."""
    samples = np.nan_to_num(audio.samples).astype(np.float32)
    if audio.rate != alaw.RATE and len(samples):
        samples = np.asarray(soxr.resample(samples, audio.rate, alaw.RATE, "HQ"), dtype=np.float32)
    samples = _limit(_even_loudness(_telephone_band(samples)))
    return alaw.encode(np.round(_fade(samples) * 32767).astype(np.int16))


def active_rms(samples: Samples) -> float:
    """RMS over the 20 ms frames within 30 dB of the loudest one; 0 for silence."""
    whole = len(samples) // _FRAME * _FRAME
    if not whole:
        return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    power = np.mean(samples[:whole].reshape(-1, _FRAME).astype(np.float64) ** 2, axis=1)
    loudest = float(power.max())
    if loudest <= 1e-10:
        return 0.0
    return float(np.sqrt(power[power > loudest / 1000].mean()))


def _telephone_band(samples: Samples) -> Samples:
    """A linear-phase band-pass: no hum below, nothing beside the edge above."""
    if not len(samples):
        return samples
    taps = 255
    place = np.arange(taps) - (taps - 1) / 2

    def low_pass(cut: float) -> NDArray[np.float64]:
        return np.asarray(2 * cut / alaw.RATE * np.sinc(2 * cut / alaw.RATE * place))

    kernel = (low_pass(_BAND[1]) - low_pass(_BAND[0])) * np.blackman(taps)
    filtered = np.convolve(samples, kernel.astype(np.float32))
    start = (taps - 1) // 2
    return np.asarray(filtered[start : start + len(samples)], dtype=np.float32)


def _even_loudness(samples: Samples) -> Samples:
    level = active_rms(samples)
    if not level:
        return samples
    gain = min(10 ** (TARGET_DBFS / 20) / level, _MAX_GAIN)
    return np.asarray(samples * gain, dtype=np.float32)


def _limit(samples: Samples) -> Samples:
    """Turn down around peaks, smoothly over 5 ms blocks, so that none exceeds the ceiling."""
    if not len(samples) or float(np.abs(samples).max()) <= CEILING:
        return samples
    blocks = -(-len(samples) // _BLOCK)
    padded = np.pad(np.abs(samples), (0, blocks * _BLOCK - len(samples)))
    peaks = padded.reshape(blocks, _BLOCK).max(axis=1)
    gains = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
    # A block's gain also obeys its neighbours: then no interpolated value is above what its
    # own block allows.
    around = np.pad(gains, 1, constant_values=1.0)
    gains = np.minimum(np.minimum(around[:-2], around[1:-1]), around[2:])
    centres = np.arange(blocks) * _BLOCK + (_BLOCK - 1) / 2
    curve = np.interp(np.arange(len(samples)), centres, gains)
    return np.asarray(samples * curve, dtype=np.float32)


def _fade(samples: Samples) -> Samples:
    """Ramps of 4 ms at both ends: no click."""
    length = min(32, len(samples) // 2)
    if not length:
        return samples
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[-length:] *= ramp[::-1]
    return faded
