"""What calls need of the database, and how they fare without it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline.telephony.world.carrier import World
from tests.faults.company import line
from tests.faults.site import Site, until
from tests.faults.test_kills import hear_each_other, results, talks

pytestmark = pytest.mark.xdist_group("faults")


class Statements:
    """What the switch asks the database."""

    def __init__(self, site: Site) -> None:
        self._log = site.home.pg / "postgresql.log"
        self._start = self._log.stat().st_size

    def of_the_switch(self) -> list[str]:
        """One log line each; its housekeeping every half minute is left out."""
        with self._log.open(errors="replace") as file:
            file.seek(self._start)
            return [
                found
                for found in file.read().splitlines()
                if " hotline_switch@" in found and "expiration_time <=" not in found
            ]


@contextmanager
def statements(site: Site) -> Iterator[Statements]:
    """The database writes down every statement while the block runs."""
    site.rows("alter system set log_statement = 'all'")
    site.rows("select pg_reload_conf()")
    try:
        yield Statements(site)
    finally:
        site.rows("alter system reset log_statement")
        site.rows("select pg_reload_conf()")


async def test_the_switch_asks_nothing_for_a_call_between_carriers(
    site: Site, world: World
) -> None:
    with statements(site) as asked:
        call, _ = await talks(world, line(22).number, line(22).phones[0], "13880000000")
        await call.hangup()
        assert (await site.record("13880000000")).outcome == "answered"
        assert asked.of_the_switch() == []
    await site.at_rest()


_OWN_TIMEOUT = 2.0
"""What the controller gives the database for one answer."""
_USUAL = 1.5
_AWAY = 12.0


async def seconds_to_a_phone(world: World, index: int, caller: str) -> float:
    """How long a whole, short call to that hotline takes to be put through."""
    began = time.monotonic()
    call, _ = await talks(world, line(index).number, line(index).phones[0], caller)
    taken = time.monotonic() - began
    await call.hangup()
    return taken


async def all_written(site: Site, callers: list[str]) -> None:
    for caller in callers:
        record = await site.record(caller, within=20)
        assert (record.outcome, record.ended_by) == ("answered", "caller"), caller
        assert results(record) == ["answered"]
        assert len(record.events) == len(set(record.events))
    await site.at_rest(20)


@pytest.mark.timeout(60)
async def test_a_database_that_hangs_costs_one_call_a_moment(
    site: Site, world: World, voice: Path, reply: Path
) -> None:
    callers = [f"1388000001{index}" for index in range(5)]
    await seconds_to_a_phone(world, 20, callers[0])
    talking, talk = await talks(world, line(21).number, line(21).phones[0], callers[1])
    with site.hanging_database():
        assert await seconds_to_a_phone(world, 20, callers[2]) < _OWN_TIMEOUT + _USUAL
        assert await seconds_to_a_phone(world, 20, callers[3]) < _USUAL
        await hear_each_other(talking, talk, voice, reply)
        await talking.hangup()
    await until(site.database_answers, 10)
    await seconds_to_a_phone(world, 20, callers[4])
    await all_written(site, callers)


@pytest.mark.timeout(60)
async def test_calls_go_on_while_the_database_is_away_for_long(site: Site, world: World) -> None:
    callers = [f"1388000002{index}" for index in range(6)]
    await seconds_to_a_phone(world, 20, callers[0])
    talking, _ = await talks(world, line(21).number, line(21).phones[0], callers[1])
    with site.unreachable_database():
        back = time.monotonic() + _AWAY
        assert await seconds_to_a_phone(world, 20, callers[2]) < _USUAL
        await asyncio.sleep(max(0.0, back - time.monotonic()))
        assert await seconds_to_a_phone(world, 20, callers[3]) < _USUAL
        through, _ = await talks(world, line(20).number, line(20).phones[0], callers[4])
        await talking.hangup()
    await until(site.database_answers, 10)
    await through.hangup()
    await seconds_to_a_phone(world, 20, callers[5])
    await all_written(site, callers)
