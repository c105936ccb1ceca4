"""Where supervisors see a caller, from the events that calls write while they go on."""

from __future__ import annotations

import pytest

from hotline.db.database import Database
from hotline.supervision.api import open_calls
from hotline.supervision.rules import Place
from tests.calls.company import Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.talks import in_state
from tests.calls.test_extensions import to_extension


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


async def seen(house: House, database: Database, place: Place, *parties: tuple[str, bool]) -> None:
    """The only call is at ``place`` within a second, with those (who, whether they ring)."""
    found: object = None
    for _ in range(10):
        async with database.platform() as session:
            [call] = await open_calls(session, house.company.id, house.clock.now())
        found = (call.place, [(party.target, party.rings) for party in call.parties])
        if found == (place, list(parties)):
            return
        await house.clock.sleep(0.1)
    raise AssertionError(found)


async def test_where_a_caller_is(house: House, database: Database) -> None:
    first, second = await house.staff.agent("1001"), await house.staff.agent("1002")
    third = await house.staff.agent("1003")
    for agent in (second, third):
        agent.phone.never_answers()
    first.phone.answers(after=5)
    async with house.serving() as node:
        await to_extension(house, "1001")
        call = await node.call()
        await first.phone.rings()
        await seen(house, database, Place.RINGING, ("1001", True))
        house.staff.ids = [(await house.company.sql("select id from calls"))[0]["id"]]
        await in_state(first, "talking")
        await seen(house, database, Place.TALKING, ("1001", False))
        await first.says(call, "consult", extension="1002")
        await seen(house, database, Place.ON_HOLD, ("1001", False), ("1002", True))
        await first.says(call, "back")
        await seen(house, database, Place.TALKING, ("1001", False))
        await first.says(call, "hold")
        await seen(house, database, Place.ON_HOLD, ("1001", False))
        await first.says(call, "transfer", extension="1003")
        await seen(house, database, Place.RINGING, ("1003", True))
        await call.hangup()
        await node.record(call)
