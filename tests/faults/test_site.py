"""The ordinary day, so that the faulty ones mean something."""

from __future__ import annotations

from tests.faults.site import Site


def test_the_switch_reaches_the_database(site: Site) -> None:
    """It would serve carriers without, but know no SIP account."""
    log = (site.home.switch / "log" / "asterisk.log").read_text()
    assert "ERROR" not in log, log
