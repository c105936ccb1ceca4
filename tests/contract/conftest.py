"""The stage on the fake switch and on a real one."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.fake import FakeSwitch
from hotline.telephony.port import Prompt
from hotline.telephony.world.listen import tone
from tests.contract.real import RealPair, music_on_hold, real_pair, real_stage
from tests.contract.stage import Sounds, Stage
from tests.switch.conftest import installation

__all__ = ["installation"]


@pytest.fixture(scope="session")
def pair(installation: Installation) -> Iterator[RealPair]:
    with (
        tempfile.TemporaryDirectory(prefix="hl-c-", ignore_cleanup_errors=True) as folder,
        real_pair(Path(folder), installation) as pair,
    ):
        yield pair


@pytest.fixture(scope="session")
def sounds() -> Iterator[Sounds]:
    with tempfile.TemporaryDirectory(prefix="hl-cs-") as name:
        folder = Path(name)
        yield Sounds(
            folder,
            short=Prompt(tone(folder / "short.alaw", [620, 880], 1.0)),
            other=Prompt(tone(folder / "other.alaw", [350, 1150], 1.0)),
            long=Prompt(tone(folder / "long.alaw", [480, 730, 550, 400], 4.0)),
            voice=Prompt(tone(folder / "voice.alaw", [1000, 300], 2.0)),
            third=Prompt(tone(folder / "third.alaw", [840, 1500, 670], 1.5)),
            music=Prompt(music_on_hold(folder)),
        )


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.switch)])
def real(request: pytest.FixtureRequest) -> RealPair | None:
    """None for the fake: then nothing real is started."""
    if request.param == "fake":
        return None
    pair: RealPair = request.getfixturevalue("pair")
    return pair


@pytest.fixture
async def unserved_stage(
    real: RealPair | None, sounds: Sounds, tmp_path: Path
) -> AsyncIterator[Stage]:
    """Without a controller."""
    if real is not None:
        async with real_stage(real, sounds, tmp_path) as stage:
            yield stage
        return
    clock = VirtualClock()
    fake = FakeSwitch(clock)
    async with clock.flowing():
        stage = Stage(lambda: fake, fake.world, clock, sounds, tmp_path, exact=True)
        yield stage
        await stage.clear()


@pytest.fixture
async def stage(unserved_stage: Stage) -> AsyncIterator[Stage]:
    async with unserved_stage.serving():
        yield unserved_stage
        await unserved_stage.clear()
