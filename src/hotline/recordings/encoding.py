"""From what the switch writes to the small file that is kept."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
import soundfile

from hotline.recordings.wav import Measured, measure
from hotline.telephony.recorded import HEADER, RAW

AudioFormat: TypeAlias = Literal["mp3", "wav"]
RATE: Final = 8000
_BLOCK: Final = RATE * 20
_LEVELS: Final = {1: 0.7, 2: 0.57}
"""Channels → libsndfile's compression level; constant 24 and 32 kbit/s at 8 kHz."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file to be kept."""

    path: Path
    format: AudioFormat
    channels: int
    measured: Measured
    """Size and checksum of that file; the length of what the switch wrote."""


def encode(source: Path, wanted: AudioFormat, draft: Path) -> Encoded:
    """Make ``draft`` of ``source`` (``.wav``, or ``.raw``: stereo without a header).

    The switch records the agent's line, with the agent's own voice on the left; what is kept has
    the caller there, and the agent on the right.

    What cannot be read as sound is kept as it is: better an odd file than none.
    """
    if not is_kept_as_it_is(source, wanted):
        with suppress(soundfile.LibsndfileError):
            return _written(source, wanted, draft, stereo=source.suffix == RAW)
    return as_it_is(source)


def is_kept_as_it_is(source: Path, wanted: AudioFormat) -> bool:
    """Whether what the switch writes is what is wanted."""
    return wanted == "wav" and source.suffix != RAW


def as_it_is(source: Path) -> Encoded:
    """``source`` itself, measured."""
    return Encoded(source, "wav", 1, measure(source))


def _written(source: Path, wanted: AudioFormat, draft: Path, *, stereo: bool) -> Encoded:
    raw = {"samplerate": RATE, "channels": 2, "format": "RAW", "subtype": "PCM_16"}
    options = {**raw, "endian": "LITTLE"} if stereo else {}
    with soundfile.SoundFile(source, "r", **options) as sound:
        kind = (
            {
                "format": "MP3",
                "subtype": "MPEG_LAYER_III",
                "bitrate_mode": "CONSTANT",
                "compression_level": _LEVELS[sound.channels],
            }
            if wanted == "mp3"
            else {"format": "WAV", "subtype": "PCM_16"}
        )
        with soundfile.SoundFile(draft, "w", sound.samplerate, sound.channels, **kind) as small:
            for block in sound.blocks(_BLOCK, dtype="int16"):
                small.write(block[:, ::-1] if stereo else block)
        milliseconds = round(sound.frames * 1000 / sound.samplerate)
        channels: int = sound.channels
    size, digest = _checked(draft)
    return Encoded(draft, wanted, channels, Measured(size, milliseconds, digest))


def _checked(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return path.stat().st_size, digest


def join_halves(target: Path) -> bool:
    """Make ``target`` of the two sides that a controller which was killed left unjoined.

    They lie beside it as ``.left.wav`` and ``.right.wav``; False: neither is there.
    """
    halves = [target.with_suffix(f".{side}.wav") for side in ("left", "right")]
    if not any(half.exists() for half in halves):
        return False
    sides = [
        np.frombuffer(_samples_in(half), dtype="<i2") if half.exists() else np.zeros(0, "<i2")
        for half in halves
    ]
    both = np.zeros((max(side.size for side in sides), 2), dtype="<i2")
    for column, side in enumerate(sides):
        both[: side.size, column] = side
    target.write_bytes(both.tobytes())
    for half in halves:
        half.unlink(missing_ok=True)
    return both.size > 0


def _samples_in(wav: Path) -> bytes:
    """Whatever its header says: nobody may have finished it."""
    sound = wav.read_bytes()[HEADER:]
    return sound[: len(sound) // 2 * 2]
