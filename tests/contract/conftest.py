"""The stage on the fake switch and on a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeSwitch
from hotline.telephony.port import Prompt
from tests.contract.stage import Sounds, Stage


def _sound(path: Path, seconds: float) -> Prompt:
    path.write_bytes(bytes(round(seconds * 8000)))
    return Prompt(path)


@pytest.fixture
def sounds(tmp_path: Path) -> Sounds:
    return Sounds(
        tmp_path,
        short=_sound(tmp_path / "short.alaw", 1.0),
        other=_sound(tmp_path / "other.alaw", 1.0),
        long=_sound(tmp_path / "long.alaw", 4.0),
        voice=_sound(tmp_path / "voice.alaw", 2.0),
    )


@pytest.fixture
async def fake_stage(sounds: Sounds, tmp_path: Path) -> AsyncIterator[Stage]:
    clock = VirtualClock()
    fake = FakeSwitch(clock)
    async with clock.flowing():
        yield Stage(fake, fake.world, clock, sounds, tmp_path, exact=True)


@pytest.fixture(params=["fake"])
async def unserved_stage(fake_stage: Stage) -> AsyncIterator[Stage]:
    """Without a controller."""
    yield fake_stage
    await fake_stage.clear()


@pytest.fixture
async def stage(unserved_stage: Stage) -> AsyncIterator[Stage]:
    async with unserved_stage.serving():
        yield unserved_stage
        await unserved_stage.clear()
