"""Sound files of strangers."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.speech.decode import AudioTooLongError, MalformedAudioError, decode


def file(format: str, *, seconds: float = 1, rate: int = 16000, channels: int = 2) -> io.BytesIO:
    time = np.arange(round(seconds * rate)) / rate
    sound = np.repeat(0.3 * np.sin(2 * np.pi * 440 * time)[:, None], channels, axis=1)
    stream = io.BytesIO()
    soundfile.write(stream, sound, rate, format=format)
    stream.seek(0)
    return stream


@pytest.mark.parametrize("format", ["WAV", "FLAC", "OGG", "MP3"])
def test_tells_the_format_by_its_content(format: str, tmp_path: Path) -> None:
    path = tmp_path / "greeting.txt"
    path.write_bytes(file(format).getvalue())
    audio = decode(path, max_seconds=10)
    assert audio.rate == 16000
    assert audio.seconds == pytest.approx(1, abs=0.15)
    assert np.abs(audio.samples).max() == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"RIFF" + b"\0" * 40,
        b"OggS" + bytes(200),
        b"fLaC" + bytes(200),
        bytes(10_000),
        b"<html>" * 100,
    ],
)
def test_refuses_what_is_no_sound(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "greeting.wav"
    path.write_bytes(content)
    with pytest.raises(MalformedAudioError):
        decode(path, max_seconds=10)


def test_refuses_formats_nobody_needs() -> None:
    with pytest.raises(MalformedAudioError):
        decode(file("AU"), max_seconds=10)


def test_refuses_the_empty_one() -> None:
    with pytest.raises(MalformedAudioError):
        decode(file("WAV", seconds=0), max_seconds=10)


def test_counts_what_comes_out_not_what_the_header_says() -> None:
    with pytest.raises(AudioTooLongError):
        decode(file("FLAC", seconds=11, rate=8000), max_seconds=10)
    short = bytearray(file("WAV", seconds=1, rate=8000, channels=1).getvalue())
    short[40:44] = struct.pack("<I", 0x7FFFFFF0)
    assert decode(io.BytesIO(bytes(short)), max_seconds=10).seconds == pytest.approx(1, abs=0.1)
