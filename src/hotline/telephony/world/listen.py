"""What can be said about recorded sound: how loud, whether a prompt is in it, and where.

Samples are ``numpy.int16`` at 8 kHz, one channel.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

RATE = 8000
Samples: TypeAlias = npt.NDArray[np.int16]
Scores: TypeAlias = npt.NDArray[np.float64]
QUIET = 100.0
"""An RMS below it is a line's silence (A-law's smallest steps, comfort noise)."""
_ALIKE = 0.6
_KEY = int(1.5 * RATE)
"""So much of a prompt's beginning tells it from others that open with the same words."""
_PIECE = RATE // 4
_BLOCK = RATE // 100
_SLACK = 20
"""Blocks by which a piece may be early or late: a machine that is too busy leaves packets out."""


def rms(samples: Samples) -> float:
    """Root mean square, 0 to 32768; 0 for nothing at all."""
    if not samples.size:
        return 0.0
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64)))))


def is_silent(samples: Samples) -> bool:
    """Whether nobody says anything in it."""
    return rms(samples) < QUIET


def contains(haystack: Samples, needle: Samples, *, alike: float = _ALIKE) -> int | None:
    """The sample at which ``needle`` is in ``haystack``, or None.

    Compares by normalised cross-correlation, so loudness and A-law do not matter; ``alike`` is
    the least correlation, 0 to 1. Of several places the first that is nearly the best. What is not
    there in one piece is looked for in pieces of a quarter of a second, in their order: where
    packets are missing the rest is found all the same (its place then within 10 ms).
    """
    if needle.size == 0 or haystack.size < needle.size or is_silent(needle):
        return None
    wide, sought = haystack.astype(np.float64), needle.astype(np.float64)
    at = _first_of_best(_correlation(wide, sought), alike)
    if at is None and needle.size >= 2 * _PIECE:
        block = _first_of_best(_correlation_in_pieces(wide, sought), alike)
        at = None if block is None else block * _BLOCK
    return at


def _first_of_best(score: Scores, alike: float) -> int | None:
    best = float(score.max())
    return None if best < alike else int(np.argmax(score >= max(alike, best * 0.9)))


def _correlation_in_pieces(
    haystack: npt.NDArray[np.float64], needle: npt.NDArray[np.float64]
) -> Scores:
    """For each block of ``haystack``: how well the pieces stand near their places after it."""
    step = _PIECE // _BLOCK
    whole = [needle[at : at + _PIECE] for at in range(0, needle.size - _PIECE + 1, _PIECE)]
    loud = [(place, one) for place, one in enumerate(whole) if np.sqrt(np.mean(one**2)) >= QUIET]
    blocks = haystack.size // _BLOCK
    total = np.zeros(blocks + step * len(whole))
    for place, one in loud:
        near = _best_nearby(_correlation(haystack, one), blocks)
        total[: blocks - place * step] += near[place * step :]
    return total[:blocks] / max(1, len(loud))


def _best_nearby(score: Scores, blocks: int) -> Scores:
    padded = np.zeros((blocks + 1) * _BLOCK)
    padded[: score.size] = score[: padded.size]
    peaks = padded.reshape(-1, _BLOCK).max(axis=1)[:blocks]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(peaks, _SLACK), 2 * _SLACK + 1)
    nearby: Scores = windows.max(axis=1)
    return nearby


def _correlation(haystack: npt.NDArray[np.float64], needle: npt.NDArray[np.float64]) -> Scores:
    size = 1 << int(np.ceil(np.log2(haystack.size + needle.size)))
    spectrum = np.fft.rfft(haystack, size) * np.conj(np.fft.rfft(needle, size))
    places = haystack.size - needle.size + 1
    product = np.fft.irfft(spectrum, size)[:places]
    energy = np.concatenate(([0.0], np.cumsum(np.square(haystack))))
    window = energy[needle.size :] - energy[:places]
    # Windows of mere line noise must not look alike by chance.
    floor = needle.size * QUIET**2
    scores: Scores = product / np.sqrt(np.maximum(window, floor) * np.sum(np.square(needle)))
    return scores


def key_of(samples: Samples) -> tuple[Samples, int]:
    """The telling beginning of a prompt, and the sample where it starts (after its silence)."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 4 * QUIET)
    start = int(loud[0]) if loud.size else 0
    return samples[start : start + _KEY], start


def read_sound(path: Path) -> Samples:
    """A sound file's samples: ``.alaw``, ``.wav`` (8 kHz, 16 bit, mono) or ``.sln``."""
    if path.suffix == ".wav":
        with wave.open(str(path), "rb") as file:
            if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE, 2, 1):
                raise ValueError(f"{path} is not 8 kHz, 16 bit, mono")
            return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    data = path.read_bytes()
    if path.suffix == ".alaw":
        return _ALAW[np.frombuffer(data, dtype=np.uint8)]
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")


def write_wav(path: Path, samples: Samples) -> None:
    """Write ``samples`` as 8 kHz, 16 bit, mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


def tone(path: Path, tones: Sequence[float], seconds: float = 1.0) -> Path:
    """Write an ``.alaw`` file that plays ``tones`` (Hz) in turn for ``seconds`` in all.

    Files of different tones are told apart by :func:`contains`.
    """
    each = int(seconds * RATE) // len(tones)
    time = np.arange(each) / RATE
    sound = np.concatenate([10000 * np.sin(2 * np.pi * hertz * time) for hertz in tones])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_alaw(sound.astype(np.int16)).tobytes())
    return path


def to_alaw(samples: Samples) -> npt.NDArray[np.uint8]:
    """ITU-T G.711 A-law: the code whose value is nearest."""
    order = np.argsort(_ALAW, kind="stable")
    levels = _ALAW[order].astype(np.int32)
    wanted = samples.astype(np.int32)
    right = np.clip(np.searchsorted(levels, wanted), 1, levels.size - 1)
    left_is_nearer = wanted - levels[right - 1] < levels[right] - wanted
    return order[np.where(left_is_nearer, right - 1, right)].astype(np.uint8)


def _alaw_table() -> Samples:
    """ITU-T G.711: the value of each of the 256 codes."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code & 0x70) >> 4, (code & 0x0F) << 4
    value = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, value, -value).astype(np.int16)


_ALAW = _alaw_table()
