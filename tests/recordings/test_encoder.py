"""Recordings are made small by a process of their own, whatever becomes of it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from hotline.recordings import encoder as module
from hotline.recordings.encoder import Encoder
from tests.recordings.conftest import conversation


@pytest.fixture
def encoder() -> Iterator[Encoder]:
    made = Encoder()
    yield made
    made.close()


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    path.write_bytes(conversation(2))
    return path


def ends_or_hangs(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-c", program))


def test_calls_come_first(encoder: Encoder, talk: Path, tmp_path: Path) -> None:
    small = encoder.encode(talk, "mp3", tmp_path / "small")
    assert (small.format, small.channels, small.measured.duration_ms) == ("mp3", 1, 2000)
    assert soundfile.info(small.path).format == "MP3"
    assert encoder._process is not None
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, encoder._process.pid) == min(19, before + 10)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_what_is_kept_as_it_is_needs_no_process(encoder: Encoder, talk: Path) -> None:
    assert encoder.encode(talk, "wav", talk.with_suffix(".draft")).path == talk
    assert encoder._process is None


def test_one_that_was_killed_is_followed_by_another(
    encoder: Encoder, talk: Path, tmp_path: Path
) -> None:
    first = encoder.encode(talk, "mp3", tmp_path / "first")
    assert encoder._process is not None
    encoder._process.kill()
    encoder._process.wait()
    again = encoder.encode(talk, "mp3", tmp_path / "again")
    assert again.measured == first.measured


@pytest.mark.parametrize("program", ["input()", "import time; time.sleep(60)"])
def test_a_file_that_it_ends_or_hangs_on_is_kept_as_it_is(
    program: str, encoder: Encoder, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_or_hangs(monkeypatch, program)
    monkeypatch.setattr(module, "_LONGEST", 1.0)
    kept = encoder.encode(talk, "mp3", tmp_path / "never")
    assert (kept.path, kept.format) == (talk, "wav")
    assert encoder._process is None


def test_a_file_that_is_not_there_is_said(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        encoder.encode(tmp_path / "absent.wav", "mp3", tmp_path / "small")


def test_closed_in_the_midst_of_a_file_it_says_so(
    encoder: Encoder, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_or_hangs(monkeypatch, "import time; time.sleep(60)")
    threading.Timer(0.5, encoder.close).start()
    with pytest.raises(OSError, match="no answer"):
        encoder.encode(talk, "mp3", tmp_path / "never")
    with pytest.raises(OSError, match="closed"):
        encoder.encode(talk, "mp3", tmp_path / "never")
