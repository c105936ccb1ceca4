"""A carrier that does not answer, and one whose calls are repeated."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotline.kit.ids import new_id
from hotline.telephony.world.carrier import World
from tests.faults.company import line
from tests.faults.site import Site, until
from tests.faults.test_kills import results, talks

pytestmark = pytest.mark.xdist_group("faults")

_GIVEN_UP_WITHIN = 8.0
"""Seconds after which a carrier that says nothing is given up, and some for the machine."""
_USUAL = 1.5


@contextmanager
def silent_carrier(site: Site, name: str) -> Iterator[None]:
    """The first carrier of all is one that takes everything and answers nothing."""
    host = site.hosts.carrier.rsplit(".", 1)[0] + ".3"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hole:
        hole.bind((host, 5060))
        key = new_id()
        site.rows(
            "insert into carriers (id, name, kind, host, position)"
            " values (%s, %s, 'address', %s, -1)",
            key,
            name,
            host,
        )
        site.rows("select pg_notify('hotline_carriers', '')")
        try:
            yield
        finally:
            site.rows("delete from carriers where id = %s", key)
            site.rows("select pg_notify('hotline_carriers', '')")


def is_known(site: Site, carrier: str) -> bool:
    return any(endpoint["resource"] == carrier for endpoint in site.ari("endpoints/PJSIP"))


@pytest.mark.timeout(60)
async def test_a_silent_carrier_costs_one_call_some_seconds(site: Site, world: World) -> None:
    with silent_carrier(site, "silent"):
        await until(lambda: is_known(site, "silent"), 5)
        began = time.monotonic()
        first, _ = await talks(world, line(16).number, line(16).phones[0], "13851000000")
        assert time.monotonic() - began < _GIVEN_UP_WITHIN
        began = time.monotonic()
        second, _ = await talks(world, line(17).number, line(17).phones[0], "13851000001")
        assert time.monotonic() - began < _USUAL
        for call in (first, second):
            await call.hangup()
        record = await site.record("13851000000")
        assert [leg["trunk"] for leg in record.legs] == ["silent", "world"]
        assert results(record) == ["no_answer", "answered"]
        assert results(await site.record("13851000001")) == ["answered"]
        unreachable = (
            "select 1 from carrier_health h join carriers c on c.id = h.carrier_id"
            " where c.name = 'silent' and not h.reachable"
        )
        await until(lambda: bool(site.rows(unreachable)), 25)
    await site.at_rest()
