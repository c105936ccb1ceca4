"""The ordinary day, so that the faulty ones mean something."""

from __future__ import annotations

import pytest

from tests.faults.site import Site, until

pytestmark = pytest.mark.xdist_group("faults")


async def test_the_switch_reaches_the_database(site: Site) -> None:
    """It would serve carriers without, but know no SIP account."""
    connected = "select 1 from pg_stat_activity where usename = 'hotline_switch'"
    await until(lambda: bool(site.rows(connected)), 5)
