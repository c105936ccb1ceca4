"""Agents at SIP phones that register at the real switch: they are rung, and they dial."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.engine import URL

from hotline.calls.commands import Command
from hotline.db.migrate import SWITCH_ROLE
from hotline.kit.ids import new_id
from hotline.telephony.asterisk.configuration import Address, SwitchDatabase
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.sip import Carrier, CarrierKind
from hotline.telephony.world.carrier import World, world_configuration, world_process
from hotline.telephony.world.lines import Placed
from tests.calls.company import CALLER, NUMBER, Company
from tests.calls.test_messages_on_the_switch import audible
from tests.calls.test_on_the_switch import Site, installation, site, until_async, world
from tests.calls.test_queues_on_the_switch import (
    PATIENCE,
    becomes,
    both_hear,
    legs,
    queue_of,
)
from tests.calls.test_talk_recovery import give_flow
from tests.conftest import PASSWORDS
from tests.contract.real import RealPair, real_pair

__all__ = ["installation", "site", "world"]

pytestmark = pytest.mark.switch
FIRST, SECOND = "acct-1001", "acct-1002"
SHOWN, CUSTOMER = "01066668888", "13900000001"


@pytest.fixture
def pair(database_url: URL, installation: Installation) -> Iterator[RealPair]:
    """Of this test's own: the accounts are those of its database."""
    accounts = SwitchDatabase(
        name=str(database_url.database),
        user=SWITCH_ROLE,
        password=PASSWORDS[SWITCH_ROLE],
        socket=Path(str(database_url.query["host"])),
    )
    with (
        tempfile.TemporaryDirectory(prefix="hl-d-", ignore_cleanup_errors=True) as folder,
        real_pair(Path(folder), installation, accounts) as pair,
    ):
        yield pair


@pytest.fixture
async def agents(site: Site) -> list[UUID]:
    """Two who are ready, each with a SIP account and a number to show."""
    company = site.company
    await company.destination(SHOWN)
    return [await agent_with_account(company, account) for account in (FIRST, SECOND)]


@pytest.fixture
async def phones(
    pair: RealPair, installation: Installation, agents: list[UUID]
) -> AsyncIterator[World]:
    """A host with the agents' phones on it."""
    assert len(agents) == 2
    host = f"{pair.switch.sip.host.rpartition('.')[0]}.3"
    configuration = replace(
        world_configuration(
            pair.carrier.home.parent / "p",
            sip=Address(host, 5060),
            ari=Address(host, 8088),
            hotline=pair.switch.sip,
        ),
        carriers=[
            Carrier(
                name=account,
                kind=CarrierKind.REGISTRATION,
                host=pair.switch.sip.host,
                username=account,
                secret="secret-of-it",
            )
            for account in (FIRST, SECOND)
        ],
    )
    async with world_process(configuration, installation), World(configuration) as phones:
        yield phones


async def agent_with_account(company: Company, account: str) -> UUID:
    agent = new_id()
    await company.sql(
        "insert into agents (id, enterprise_id, extension, name, device, wrap_up_seconds,"
        " outbound_number) values (:i, :e, :x, '座席', 'sip', 0, :n)",
        i=agent,
        e=company.id,
        x=account.removeprefix("acct-"),
        n=SHOWN,
    )
    await company.sql(
        "insert into sip_accounts (id, enterprise_id, account, secret, display_name, agent_id)"
        " values (:i, :e, :a, 'secret-of-it', :a, :g)",
        i=new_id(),
        e=company.id,
        a=account,
        g=agent,
    )
    await company.sql("update agent_presence set state = 'ready' where agent_id = :a", a=agent)
    return agent


async def registered(site: Site) -> None:
    """Wait until both phones can be rung."""

    async def both() -> bool:
        assert site.parts is not None
        known = await site.parts.talks.switch.accounts()
        return all(known.get(account) for account in (FIRST, SECOND))

    await until_async(both)


async def test_a_queue_rings_a_sip_phone(
    site: Site, world: World, phones: World, agents: list[UUID]
) -> None:
    company, [agent, _] = site.company, agents
    queue_id = await queue_of(company, agent, recording=True)
    await give_flow(company, [{"id": "q", "kind": "queue", "queue": str(queue_id), "exits": {}}])
    phone = phones.phone(FIRST).never_answers()
    async with site.serving():
        await registered(site)
        call = await world.call(NUMBER, caller=CALLER)
        line = await phone.rings(PATIENCE)
        assert line.caller == CALLER
        await line.answer()
        await becomes(company, agent, "talking")
        await both_hear(site, call, line)
        await line.hangup()
        record = await site.record()
    assert (record["outcome"], record["ended_by"]) == ("answered", "callee")
    assert legs(record) == [("agent", agent, "answered")]


async def test_an_agent_dials_and_clicks(
    site: Site, world: World, phones: World, agents: list[UUID]
) -> None:
    """A colleague and a customer dialled on the phone, what is no number, a click; then busy."""
    company, [agent, colleague] = site.company, agents
    in_vain, busy = audible(site, "number_not_in_service", 3.0), audible(site, "callee_busy", 3.0)
    customer = world.phone(CUSTOMER)
    async with site.serving() as supervisor:
        await registered(site)

        async def dials(number: str) -> Placed:
            await becomes(company, agent, "ready")
            return await phones.call(number, FIRST, via=FIRST)

        call = await dials("1002")
        line = await phones.phone(SECOND).rings(PATIENCE)
        assert line.caller == "1001"
        await becomes(company, colleague, "talking")
        await both_hear(site, call, line)
        await call.hangup()
        await line.ended(PATIENCE)

        call = await dials(CUSTOMER)
        called = await customer.rings(PATIENCE)
        assert called.caller == SHOWN
        await becomes(company, agent, "talking")
        await both_hear(site, call, called)
        await called.hangup()
        await call.ended(PATIENCE)

        authorities = world.phone("12345").answers()
        call = await dials("12345")
        called = await authorities.rings(PATIENCE)
        assert called.caller == SHOWN
        await becomes(company, agent, "talking")
        await called.hangup()
        await call.ended(PATIENCE)

        call = await dials("2001")
        await call.hears(in_vain, PATIENCE)
        await call.ended(PATIENCE)

        customer.busy()
        await becomes(company, agent, "ready")
        clicked = Command(new_id(), new_id(), "place", {"number": CUSTOMER}, agent)
        await supervisor.commands.obey(clicked)
        line = await phones.phone(FIRST).rings(PATIENCE)
        await line.hears(busy, PATIENCE)
        await line.ended(PATIENCE)
        record = await site.record(3)
    assert len(customer.calls) == 2
    internal, outbound, _, refused = await company.records()
    assert (internal["direction"], internal["outcome"]) == ("internal", "answered")
    assert (outbound["direction"], outbound["outcome"]) == ("outbound", "answered")
    assert (refused["id"], refused["reason"]) == (clicked.call_id, "busy")
    assert [leg["result"] for leg in record["legs"]] == ["answered", "busy"]  # type: ignore[attr-defined]


async def test_who_talks_after_dialling_talks_on_without_a_controller(
    site: Site, world: World, phones: World, agents: list[UUID]
) -> None:
    company, [agent, _] = site.company, agents
    customer = world.phone(CUSTOMER)
    async with site.serving():
        await registered(site)
        call = await phones.call(CUSTOMER, FIRST, via=FIRST)
        called = await customer.rings(PATIENCE)
        await becomes(company, agent, "talking")
    await both_hear(site, call, called)
    async with site.serving():
        await both_hear(site, call, called)
        await becomes(company, agent, "talking")
        await call.hangup()
        await called.ended(PATIENCE)
        record = await site.record()
        await becomes(company, agent, "ready")
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    assert [result for _, _, result in legs(record)] == ["answered", "answered"]
