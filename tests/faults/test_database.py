"""What calls need of the database, and how they fare without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotline.telephony.world.carrier import World
from tests.faults.company import line
from tests.faults.site import Site
from tests.faults.test_kills import talks

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
