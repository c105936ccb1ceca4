"""A carrier that does not answer, and one whose calls are repeated."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from hotline.kit.ids import new_id
from hotline.telephony.asterisk.sip import HEALTH, SipSettings
from hotline.telephony.world.carrier import World
from tests.faults.company import RING_SECONDS, Line, line
from tests.faults.sip import SipCaller
from tests.faults.site import Site, until
from tests.faults.test_kills import results, talks
from tests.switch.test_accounts import SipPhone

pytestmark = pytest.mark.xdist_group("faults")

_GIVEN_UP_WITHIN = 8.0
"""Seconds after which a carrier that says nothing is given up, and some for the machine."""
_USUAL = 1.5
_ASKED_WITHIN = 1.5
"""Seconds after which a new carrier has been asked for a sign of life, and some for the machine."""


@contextmanager
def carrier_before_all(site: Site, name: str, host: str) -> Iterator[None]:
    key = new_id()
    site.rows(
        "insert into carriers (id, name, kind, host, position) values (%s, %s, 'address', %s, -1)",
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


@contextmanager
def absent_carrier(site: Site, name: str) -> Iterator[None]:
    """The first carrier of all is one that takes everything and answers nothing."""
    host = own_host(site, name)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hole:
        hole.bind((host, 5060))
        with carrier_before_all(site, name, host):
            yield


@asynccontextmanager
async def odd_carrier(site: Site, name: str) -> AsyncIterator[SipPhone]:
    """The first carrier of all is one that answers who asks for a sign of life, and callers as the
    test has it."""
    host = own_host(site, name)
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(SipPhone, local_addr=(host, 5060))
    try:
        with carrier_before_all(site, name, host):
            await until(lambda: answers(site, name), 5)
            yield phone
    finally:
        transport.close()


def own_host(site: Site, name: str) -> str:
    """One for each: the switch may go on repeating for half a minute what it has sent to another
    test's carrier."""
    last = {"absent": 3, "silent": 5, "slow": 6}[name]
    return f"{site.hosts.carrier.rsplit('.', 1)[0]}.{last}"


@contextmanager
def patient(site: Site, *lines: Line) -> Iterator[None]:
    """The phones of these hotlines may ring for longer than a sign of life may take."""
    phones = [phone for one in lines for phone in one.phones]
    statement = "update destinations set ring_timeout = %s where number = any(%s)"
    site.rows(statement, 25, phones)
    try:
        yield
    finally:
        site.rows(statement, RING_SECONDS, phones)


@contextmanager
def the_only_carrier(site: Site, name: str) -> Iterator[None]:
    """The outside world under a name under which nobody has asked it for a sign of life yet."""
    site.rows("update carriers set enabled = false")
    try:
        with carrier_before_all(site, name, site.hosts.carrier):
            yield
    finally:
        site.rows("update carriers set enabled = true")
        site.rows("select pg_notify('hotline_carriers', '')")


@contextmanager
def hanging_world(site: Site) -> Iterator[None]:
    """The carrier's switch stands still while the block runs."""
    pid = int((site.outside.home / "run" / "hotline-switch.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def states(site: Site) -> dict[str, str]:
    return {one["resource"]: one["state"] for one in site.ari("endpoints/PJSIP")}


def answers(site: Site, carrier: str) -> bool | None:
    """As Hotline knows it; None: not yet."""
    found = site.rows(
        "select h.reachable from carrier_health h join carriers c on c.id = h.carrier_id"
        " where c.name = %s",
        carrier,
    )
    return bool(found[0]["reachable"]) if found else None


async def past_the_first_sign_of_life() -> None:
    """Until a new carrier has been asked for one, and given up if it has not answered."""
    await asyncio.sleep(_ASKED_WITHIN + SipSettings().qualify_timeout)


def is_known(site: Site, carrier: str) -> bool:
    return carrier in states(site)


async def test_a_new_carrier_is_soon_known_to_answer_or_not(site: Site) -> None:
    """Whoever has entered it waits for that."""
    with the_only_carrier(site, "entered"):
        await until(lambda: answers(site, "entered"), 3)
    with absent_carrier(site, "absent"):
        await until(lambda: answers(site, "absent") is False, 3)
        # As is said of whoever has not been asked yet; the one before was, and answered.
        await past_the_first_sign_of_life()
        assert answers(site, "absent") is False
    await site.at_rest()


@pytest.mark.timeout(60)
async def test_a_silent_carrier_costs_one_call_some_seconds(site: Site, world: World) -> None:
    async with odd_carrier(site, "silent") as carrier:
        carrier.is_silent = True
        with patient(site, line(16), line(17)):
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
    await site.at_rest()


@pytest.mark.timeout(60)
async def test_a_carrier_may_take_its_time(site: Site, world: World) -> None:
    async with odd_carrier(site, "slow") as slow:
        slow.thinks_for = 7.5
        with patient(site, line(22)):
            call = await world.call(line(22).number, "13851000003")
            await until(lambda: bool(slow.invites), 5)
            slow.thinks_for = 0  # the next time
            await call.ended(30)
        record = await site.record("13851000003")
        assert {leg["trunk"] for leg in record.legs} == {"slow"}
        assert results(record) == ["busy", "busy"]
        waited = record.legs[0]["ended_at"] - record.legs[0]["dialled_at"]
        assert waited.total_seconds() > 7
    await site.at_rest()


@pytest.mark.timeout(60)
async def test_who_missed_one_sign_of_life_is_called_all_the_same(site: Site, world: World) -> None:
    """It is the only carrier there is; it will be asked again half a minute later."""
    with the_only_carrier(site, "deaf"):
        with hanging_world(site):
            await until(lambda: is_known(site, "deaf" + HEALTH), 15)
            await past_the_first_sign_of_life()
        call, _ = await talks(world, line(18).number, line(18).phones[0], "13851000002")
        assert states(site)["deaf" + HEALTH] == "offline"
        await call.hangup()
        record = await site.record("13851000002")
        assert [(leg["trunk"], leg["result"]) for leg in record.legs] == [("deaf", "answered")]
    await until(site.is_ready, 10)
    await site.at_rest()


async def test_who_only_calls_itself_a_carrier_is_none(site: Site) -> None:
    """By the name in From, which anybody can put there."""
    elsewhere = site.hosts.carrier.rsplit(".", 1)[0] + ".4"
    for name in ("world", "world" + HEALTH):
        with SipCaller(elsewhere, f"{site.hosts.switch}:5060", name) as stranger:
            stranger.send(stranger.invite(line(19).number))
            assert (await stranger.final(10)).startswith("SIP/2.0 401")
    assert not site.rows("select 1 from calls where dialled = %s", line(19).number)
