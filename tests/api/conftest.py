"""The whole API: with every service there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.api.parts import ApiParts
from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.recordings.storage import open_storage
from hotline.speech.process import SpeechSettings
from hotline.speech.service import Speech
from hotline.speech.sounds import Sounds
from tests.api_world import QUICK_PASSWORDS


@pytest.fixture
async def api_parts(database: Database, tmp_path: Path) -> AsyncIterator[ApiParts]:
    voices = SpeechSettings(tmp_path / "no-voices", neural=False)
    speech = Speech(voices, Sounds(tmp_path / "sounds"), default_voice="espeak_cmn")
    yield ApiParts(
        database=database,
        clock=SystemClock(),
        passwords=QUICK_PASSWORDS,
        speech=speech,
        recordings=open_storage(f"file://{tmp_path}/kept"),
    )
    await speech.close()
