"""The API with a voice, and the worker that speaks for it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.api.parts import ApiParts
from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Worker
from hotline.kit.clock import SystemClock
from hotline.prompts.jobs import PromptJobs
from hotline.speech.process import SpeechSettings
from hotline.speech.service import Speech
from hotline.speech.sounds import Sounds
from tests.api_world import QUICK_PASSWORDS


@pytest.fixture
async def speech(tmp_path: Path) -> AsyncIterator[Speech]:
    """espeak alone: quick."""
    settings = SpeechSettings(tmp_path / "no-voices", neural=False)
    speech = Speech(settings, Sounds(tmp_path / "sounds"), default_voice="espeak_cmn")
    yield speech
    await speech.close()


@pytest.fixture
def api_parts(database: Database, speech: Speech) -> ApiParts:
    return ApiParts(
        database=database, clock=SystemClock(), passwords=QUICK_PASSWORDS, speech=speech
    )


@pytest.fixture
def jobs(database: Database, speech: Speech) -> PromptJobs:
    return PromptJobs(database, speech, JobQueue(), SystemClock())


@pytest.fixture
def worker(database: Database, jobs: PromptJobs) -> Worker:
    return Worker(database.platform_url, jobs.kinds(), clock=SystemClock())


def tone(format: str = "WAV", seconds: float = 1.0, hertz: float = 440) -> bytes:
    """A sound file of one note."""
    stream = io.BytesIO()
    time = np.arange(round(16000 * seconds)) / 16000
    soundfile.write(stream, 0.2 * np.sin(2 * np.pi * hertz * time), 16000, format=format)
    return stream.getvalue()


async def samples_of(data: bytes) -> np.ndarray:
    found, rate = await asyncio.to_thread(soundfile.read, io.BytesIO(data), dtype="float32")
    assert rate == 8000
    return np.asarray(found)
