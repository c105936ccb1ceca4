"""Hearing of calls by the lines that the dialplan writes, without a switch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.asterisk.beat import Beat
from hotline.telephony.asterisk.notes import Notes

MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)
BEFORE_MIDNIGHT = MIDNIGHT - timedelta(seconds=1)


class Desk:
    """A journal folder, who reads it, and what was heard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = VirtualClock(BEFORE_MIDNIGHT)
        self.notes = Notes(folder, self.clock, Beat(0.01))
        self.heard: list[list[str]] = []

    def write(self, text: str, at: datetime = BEFORE_MIDNIGHT) -> None:
        with (self.folder / f"{at:%Y%m%d}.journal").open("a") as file:
            file.write(text)

    def hear(self, fields: Sequence[str]) -> None:
        self.heard.append(list(fields))

    async def until_heard(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                await asyncio.sleep(0.01)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.notes.close()


async def test_who_listens_hears_of_its_call_alone_and_in_order(desk: Desk) -> None:
    desk.write("d|n-1.1|0.9\n")  # before anybody listened
    desk.notes.listen("n-1.1", desk.hear)
    desk.write("d|n-1.1|1.0\nd|n-1.2|1.0\n")
    desk.write("u|n-1.1|2.0|n-1.3|PJSIP/a-1|500\n")
    await desk.until_heard(2)
    assert desk.heard == [
        ["d", "n-1.1", "1.0"],
        ["u", "n-1.1", "2.0", "n-1.3", "PJSIP/a-1", "500"],
    ]


async def test_a_line_is_heard_once_it_is_whole(desk: Desk) -> None:
    desk.notes.listen("n-1.1", desk.hear)
    desk.write("d|n-1.1")
    desk.notes.look()
    assert desk.heard == []
    desk.write("|1.0\nd|n-")
    desk.notes.look()
    assert desk.heard == [["d", "n-1.1", "1.0"]]


async def test_the_next_day_has_a_file_of_its_own(desk: Desk) -> None:
    """A line that was begun before midnight may be written after it."""
    desk.write("d|n-1.1|1.0\n")
    desk.notes.listen("n-1.1", desk.hear)
    await desk.clock.advance(2)
    desk.write("d|n-1.1|2.0\n")
    desk.write("u|n-1.1|3.0\n", MIDNIGHT)
    desk.notes.look()
    assert [fields[2] for fields in desk.heard] == ["2.0", "3.0"]
    await desk.clock.advance(60)
    desk.write("3|n-1.1|4.0\n", MIDNIGHT)
    desk.notes.look()
    assert [fields[2] for fields in desk.heard] == ["2.0", "3.0", "4.0"]


async def test_who_has_left_hears_no_more_and_misses_what_comes_meanwhile(desk: Desk) -> None:
    desk.notes.listen("n-1.1", desk.hear)
    desk.notes.forget("n-1.1")
    desk.notes.forget("n-1.1")
    desk.write("d|n-1.1|1.0\n")
    desk.notes.look()
    desk.notes.listen("n-1.1", desk.hear)
    desk.write("d|n-1.1|2.0\n")
    await desk.until_heard(1)
    assert desk.heard == [["d", "n-1.1", "2.0"]]


async def test_one_calls_trouble_is_not_the_others(desk: Desk) -> None:
    def fail(fields: Sequence[str]) -> None:
        raise ValueError(fields)

    desk.notes.listen("n-1.1", fail)
    desk.notes.listen("n-1.2", desk.hear)
    desk.write("d|n-1.1|1.0\nd|n-1.2|2.0\nno line\n\n")
    await desk.until_heard(1)
    desk.write("d|n-1.2|3.0\n")
    await desk.until_heard(2)
