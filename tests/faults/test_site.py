"""The ordinary day, so that the faulty ones mean something."""

from __future__ import annotations

from contextlib import suppress
from urllib.error import HTTPError

import pytest

from tests.faults.site import Site, until

pytestmark = pytest.mark.xdist_group("faults")


async def test_the_switch_reaches_the_database(site: Site) -> None:
    """It would serve carriers without, but know no SIP account."""
    connected = "select 1 from pg_stat_activity where usename = 'hotline_switch'"

    def is_connected() -> bool:
        with suppress(HTTPError):  # there is no such account; the switch has to ask to know
            site.ari("asterisk/config/dynamic/res_pjsip/endpoint/acct-nobody")
        return bool(site.rows(connected))

    await until(is_connected, 10)
