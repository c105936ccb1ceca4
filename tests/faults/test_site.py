"""The ordinary day, so that the faulty ones mean something."""

from __future__ import annotations

import pytest

from tests.faults.site import Site

pytestmark = pytest.mark.xdist_group("faults")


def test_the_switch_reaches_the_database(site: Site) -> None:
    """It would serve carriers without, but know no SIP account."""
    log = (site.home.switch / "log" / "asterisk.log").read_text()
    # Other tests share this site and cut other connections.
    assert [line for line in log.splitlines() if "ERROR" in line and "pgsql" in line] == []
