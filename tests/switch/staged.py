"""The contract's stage, on a real pair alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.conftest import pair, sounds
from tests.contract.real import RealPair, real_stage
from tests.contract.stage import Sounds, Stage

__all__ = ["pair", "sounds", "stage"]


@pytest.fixture
async def stage(pair: RealPair, sounds: Sounds, tmp_path: Path) -> AsyncIterator[Stage]:
    async with real_stage(pair, sounds, tmp_path) as stage, stage.serving():
        yield stage
        await stage.clear()
