"""Speech as the application builds it, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.speech.process import SpeechSettings
from hotline.speech.service import Speech
from hotline.speech.sounds import Sounds


@pytest.fixture
async def plain_speech(tmp_path: Path) -> AsyncIterator[Speech]:
    """espeak only: quick."""
    settings = SpeechSettings(tmp_path / "no-voices", neural=False)
    speech = Speech(settings, Sounds(tmp_path / "sounds"), default_voice="zf_xiaoxiao")
    yield speech
    await speech.close()
