"""Where the switch tells others to send audio."""

from __future__ import annotations

from hotline.telephony.asterisk.rtp import local_address, rtp_conf


def test_browsers_are_offered_the_address_before_the_nat_too() -> None:
    written = rtp_conf((10000, 10999), "192.168.1.10", "203.0.113.7")
    assert "192.168.1.10 => 203.0.113.7,include_local_address" in written.splitlines()


def test_without_a_nat_ice_offers_what_the_machine_has() -> None:
    for external in (None, "203.0.113.7"):
        assert "ice_host_candidates" not in rtp_conf((10000, 10999), "203.0.113.7", external)


def test_the_address_that_leads_out_is_found() -> None:
    assert local_address("0.0.0.0", "127.0.0.1") == "127.0.0.1"
    assert local_address("192.168.1.10", "127.0.0.1") == "192.168.1.10"
