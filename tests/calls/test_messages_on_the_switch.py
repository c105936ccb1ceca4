"""A message and a survey through the real switch: what was said is in the file, keys are heard."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from hotline.calls.voicemail import beep_in
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock
from hotline.recordings.ingest import RecordingIngest
from hotline.recordings.storage import open_storage
from hotline.speech.alaw import encode
from hotline.telephony.world.carrier import World
from tests.calls.company import CALLER, NUMBER
from tests.calls.test_messages import box, messages, survey
from tests.calls.test_on_the_switch import Site, installation, pair, site, until_async
from tests.contract.real import TRUNK, RealPair

__all__ = ["installation", "pair", "site"]

pytestmark = pytest.mark.switch
FIRST = "13900000001"


@pytest.fixture
async def world(pair: RealPair) -> AsyncIterator[World]:
    async with World(pair.carrier, trunk=TRUNK) as world:
        yield world


def audible(site: Site, name: str, seconds: float = 1.2) -> Path:
    """A sound of that name that is told from all others by ear."""
    path = site.pair.switch.sounds / f"{name}.alaw"
    noise = np.random.default_rng(zlib.crc32(name.encode())).normal(0, 4000, round(8000 * seconds))
    path.write_bytes(encode(np.clip(noise, -30000, 30000).astype(np.int16)))
    return path


async def kept(
    site: Site, database: Database, record: dict[str, object], folder: Path
) -> tuple[NDArray[np.float64], int]:
    """The one recording there is, brought into the storage: its samples and their rate."""
    store = open_storage(f"file://{folder}/kept")
    spool = site.pair.switch.home / "spool" / "recording"
    async with DirectPool(database.platform_url) as pool:
        ingest = RecordingIngest(pool, store, spool, str(record["node"]), SystemClock())
        assert await ingest.batch() == 1
    [stored] = await site.company.sql("select * from recordings")
    assert (stored["status"], stored["format"]) == ("stored", "mp3")
    [file] = (folder / "kept").rglob("*.mp3")
    heard, rate = soundfile.read(file)
    return heard, rate


def loudness(heard: NDArray[np.float64]) -> float:
    """1 is as loud as it can be."""
    return float(np.sqrt(np.mean(heard**2)))


async def test_who_hangs_up_in_the_middle_of_a_message_is_kept(
    site: Site, world: World, database: Database, tmp_path: Path
) -> None:
    company, spool = site.company, site.pair.switch.home / "spool" / "recording"
    key = await box(company)
    greeting, voice = audible(site, "voicemail_greeting"), audible(site, "voice", 2.0)
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.hears(greeting)
        await call.hears(beep_in(spool))
        await SystemClock().sleep(0.5)
        await call.say(voice)
        await SystemClock().sleep(2.2)
        await call.hangup()
        record = await site.record()

        async def is_there() -> bool:
            return len(await messages(company)) == 1

        await until_async(is_there)
    [message] = await messages(company)
    assert (message["box_id"], message["call_id"]) == (key, record["id"])
    assert message["ended_by"] == "hangup"
    assert 2 <= message["seconds"] <= 4.5
    heard, rate = await kept(site, database, record, tmp_path)
    assert abs(len(heard) / rate - message["seconds"]) < 0.3
    assert loudness(heard) > 0.02  # somebody speaks in it


async def test_rated_by_key_after_the_other_has_hung_up(site: Site, world: World) -> None:
    company = site.company
    key: UUID = await survey(company)
    question = audible(site, "question0")
    await company.destination(FIRST)
    world.phone(FIRST).answers(after=0.3, hangs_up_after=1)
    async with site.serving():
        call = await world.call(NUMBER, caller=CALLER)
        await call.hears(question)
        await call.press("1")
        await call.ended()
        record = await site.record()
    assert (record["outcome"], record["talk_ms"]) == ("answered", pytest.approx(1000, abs=500))
    [answer] = await company.sql("select survey_id, key, label, leg from survey_answers")
    assert answer == {"survey_id": key, "key": "1", "label": "满意", "leg": 1}
