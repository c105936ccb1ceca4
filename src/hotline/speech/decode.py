"""Sound files of strangers: told by their content, decoded within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from hotline.kit.errors import InvalidError, Words
from hotline.speech.audio import Audio

FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "MPEG"})
MAX_CHANNELS = 8
_GIVE = Words("give a wav, mp3, ogg or flac file", "请上传 wav、mp3、ogg 或 flac 文件")
_BLOCK_FRAMES = 65_536
_RATES = range(4_000, 192_001)


class MalformedAudioError(InvalidError):
    error_id = "malformed-audio"
    title = "This is not a sound file that can be read"
    title_zh = "无法识别的音频文件"


class AudioTooLongError(InvalidError):
    error_id = "audio-too-long"
    title = "The sound is longer than accepted"
    title_zh = "音频超过时长限制"


def decode(source: Path | BinaryIO, *, max_seconds: float) -> Audio:
    """Read wav, flac, ogg or mp3 as mono; the file's name plays no part.

    Counts the frames that really come out, whatever the header claims, and stops at the bound.
    Raises MalformedAudioError or AudioTooLongError.
    """
    try:
        with soundfile.SoundFile(source) as file:
            return _read(file, max_seconds)
    except soundfile.SoundFileError as broken:
        raise MalformedAudioError(_GIVE) from broken


def _read(file: soundfile.SoundFile, max_seconds: float) -> Audio:
    if file.format not in FORMATS:
        raise MalformedAudioError(_GIVE)
    if file.samplerate not in _RATES or not 1 <= file.channels <= MAX_CHANNELS:
        raise MalformedAudioError(
            Words("its sample rate or its channels are not usable", "采样率或声道数不受支持")
        )
    limit = int(max_seconds * file.samplerate)
    parts: list[np.ndarray] = []
    frames = 0
    while len(block := file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
        frames += len(block)
        if frames > limit:
            raise AudioTooLongError(
                Words(f"at most {max_seconds:g} seconds", f"不能超过 {max_seconds:g} 秒")
            )
        parts.append(block.mean(axis=1, dtype=np.float32))
    if not parts:
        raise MalformedAudioError(Words("there is no sound in it", "文件中没有声音"))
    return Audio(np.concatenate(parts), file.samplerate)
