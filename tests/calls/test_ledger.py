"""What has happened in many calls is written together, while other calls go on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from hotline.calls.batch import batch_of
from hotline.calls.call_log import Entry
from hotline.calls.events import Arrived
from hotline.calls.ledger import Ledger, LedgerLimits
from hotline.kit.clock import SystemClock
from tests.rules.test_call_record import ARRIVED, at, ended

CALLS = 100


def arrived(number: int) -> Arrived:
    return replace(ARRIVED, at=at(number), channel_id=f"c{number}")


class Writing:
    """Takes what is written, and counts how often others had their turn before."""

    def __init__(self) -> None:
        self.turns = 0
        self.turns_before_it = 0
        self.document: dict[str, Any] = {}

    async def write_batch(self, batch: bytes) -> None:
        self.turns_before_it = self.turns
        self.document = orjson.loads(batch)

    async def others(self) -> None:
        while True:
            self.turns += 1
            await asyncio.sleep(0)


@pytest.fixture
def writing() -> Writing:
    return Writing()


@pytest.fixture
def ledger(writing: Writing, tmp_path: Path) -> Ledger:
    limits = LedgerLimits(linger=0)
    return Ledger(writing, SystemClock(), rejected=tmp_path / "rejected", limits=limits)


def take_calls(ledger: Ledger) -> None:
    """Their events in the order in which they happen, those of one call not beside each other."""
    logs = [ledger.open(UUID(int=number)) for number in range(CALLS)]
    for number, log in enumerate(logs):
        log.append(arrived(number))
    for number, log in enumerate(logs):
        log.append(ended(number + 9))


async def test_others_have_their_turn_while_much_is_written(
    ledger: Ledger, writing: Writing
) -> None:
    take_calls(ledger)
    tasks = [asyncio.create_task(work) for work in (ledger.run(), writing.others())]
    await ledger.written()
    for task in tasks:
        task.cancel()
    assert len(writing.document["events"]) == 2 * CALLS
    assert writing.turns_before_it >= CALLS / 4


async def test_a_call_is_one_row_however_its_events_lie(ledger: Ledger, writing: Writing) -> None:
    take_calls(ledger)
    await ledger.stop(grace=2)
    written = writing.document
    assert [row["id"] for row in written["calls"]] == [str(UUID(int=n)) for n in range(CALLS)]
    assert len(written["notices"]) == 2 * CALLS
    of_one = [row["type"] for row in written["events"] if row["call_id"] == str(UUID(int=7))]
    assert of_one == ["arrived", "ended"]
    assert len({row["id"] for row in written["events"]}) == 2 * CALLS


async def test_who_took_a_call_over_knows_more(ledger: Ledger) -> None:
    entries: list[Entry] = []
    first = ledger.open(UUID(int=1))
    second = ledger.open(UUID(int=1), [arrived(1)])
    for log in (first, second):
        log._sink = entries.append
    first.append(arrived(1))
    second.append(ended(9))
    written = orjson.loads(batch_of(entries))
    (row,) = written["calls"]
    assert row["ended_at"] is not None
    assert {event["enterprise_id"] for event in written["events"]} == {str(UUID(int=3))}
