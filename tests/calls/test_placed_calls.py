"""Calls that agents place: to customers and to colleagues."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from hotline.calls.commands import Command, NobodyThere, NotFree, NumberForbidden
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake.world import FakePhone
from tests.calls.company import Company, Node
from tests.calls.conftest import Nodes
from tests.calls.staff import Agent, Staff
from tests.calls.talks import MUSIC, in_state

CUSTOMER, SHOWN = "13812345678", "01066668888"


@pytest.fixture
async def flowing(clock: VirtualClock) -> AsyncIterator[None]:
    async with clock.flowing():
        yield


pytestmark = pytest.mark.usefixtures("flowing")


class Office:
    def __init__(self, nodes: Nodes, company: Company) -> None:
        self.nodes = nodes
        self.company = company
        self.node = nodes.node()
        self.node.company = company
        self.staff = Staff(company, self.node)

    async def agent(self, extension: str = "1001", **columns: object) -> Agent:
        if not self.company.destinations:
            await self.company.destination(SHOWN)
        return await self.staff.agent(extension, outbound_number=SHOWN, **columns)

    @property
    def customer(self) -> FakePhone:
        return self.node.world.phone(CUSTOMER)

    async def place(self, agent: Agent, number: str = CUSTOMER) -> UUID:
        await self.node.parts.clock.sleep(0.5)
        call_id = new_id()
        command = Command(new_id(), call_id, "place", {"number": number}, agent.id)
        await self.node.parts.talks.desk.obey(command)
        return call_id

    async def says(self, agent: Agent, call_id: UUID, verb: str, **arguments: Any) -> None:
        command = Command(new_id(), call_id, verb, arguments, agent.id)
        await self.node.parts.talks.desk.obey(command)

    async def record(self) -> dict[str, Any]:
        await self.node.settled()
        [row] = await self.company.records()
        return row

    def successor(self) -> Node:
        node = Node(self.node.switch, self.nodes.parts(node=self.node.switch.node))
        node.company = self.company
        self.staff.node = self.node = node
        return node


@pytest.fixture
def office(nodes: Nodes, company: Company) -> Office:
    return Office(nodes, company)


async def test_the_agent_first_then_the_customer(office: Office) -> None:
    await office.company.set(recording=True)
    agent = await office.agent(state="break")
    office.customer.answers(after=4)
    async with office.node.serving():
        call_id = await office.place(agent)
        line = await agent.phone.rings()
        assert line.invite.auto_answer
        await line.answered()
        customer = await office.customer.rings()
        assert customer.caller == SHOWN
        await in_state(agent, "talking")
        await office.says(agent, call_id, "hold")
        await customer.hears(MUSIC)
        await office.says(agent, call_id, "resume")
        await office.node.parts.clock.sleep(6)
        await customer.hangup()
        await line.ended()
        row = await office.record()
        await in_state(agent, "wrap_up")
    assert row["id"] == call_id
    assert (row["direction"], row["agent_id"]) == ("outbound", agent.id)
    assert (row["dialled"], row["caller"]) == (CUSTOMER, SHOWN)
    assert (row["outcome"], row["ended_by"]) == ("answered", "callee")
    assert [(leg["kind"], leg["result"]) for leg in row["legs"]] == [
        ("agent", "answered"),
        ("customer", "answered"),
    ]
    assert row["talk_ms"] >= 6000
    assert row["waiting_ms"] == pytest.approx(4000, abs=300)
    [recording] = await office.company.sql("select * from recordings")
    assert recording["agent_id"] == agent.id


@pytest.mark.parametrize(
    ("behaviour", "sound", "result"),
    [
        ("busy", "callee_busy", "busy"),
        ("never_answers", "callee_no_answer", "no_answer"),
        ("unreachable", "callee_unreachable", "unreachable"),
    ],
)
async def test_the_agent_hears_why(office: Office, behaviour: str, sound: str, result: str) -> None:
    agent = await office.agent()
    getattr(office.customer, behaviour)()
    async with office.node.serving():
        await office.place(agent)
        line = await agent.phone.rings()
        await line.hears(office.node.sounds.path(sound), within=60)
        await line.ended()
        row = await office.record()
        assert await agent.state() == "ready"
    assert row["reason"] == result
    assert [leg["result"] for leg in row["legs"]] == ["answered", result]


async def test_an_agent_who_does_not_pick_up(office: Office) -> None:
    agent = await office.agent(device="phone", destination_id=await own_phone(office))
    office.node.world.phone("13900000009").never_answers()
    async with office.node.serving():
        await office.place(agent)
        await office.node.world.phone("13900000009").rings()
        await office.node.parts.clock.sleep(60)
        row = await office.record()
        assert await agent.state() == "ready"
    assert (row["outcome"], row["reason"]) == ("failed", "agent_no_answer")
    assert office.customer.calls == []


async def own_phone(office: Office) -> UUID:
    await office.company.destination(SHOWN)
    return await office.company.destination("13900000009")


async def test_an_agent_who_gives_up_while_the_customer_rings(office: Office) -> None:
    agent = await office.agent()
    office.customer.never_answers()
    async with office.node.serving():
        await office.place(agent)
        line = await agent.phone.rings()
        customer = await office.customer.rings()
        await line.hangup()
        await customer.ended()
        row = await office.record()
        assert await agent.state() == "ready"
    assert (row["outcome"], row["ended_by"]) == ("abandoned", "caller")


async def test_colleagues_call_each_other(office: Office) -> None:
    agent, colleague = await office.agent(), await office.agent("1002")
    async with office.node.serving():
        await office.place(agent, "1002")
        await in_state(colleague, "talking")
        await in_state(agent, "talking")
        assert colleague.phone.calls[0].caller == "1001"
        await office.node.parts.clock.sleep(5)
        await colleague.phone.calls[0].hangup()
        await agent.phone.calls[0].ended()
        row = await office.record()
        await in_state(agent, "wrap_up")
        await in_state(colleague, "wrap_up")
    assert (row["direction"], row["dialled"], row["caller"]) == ("internal", "1002", "1001")
    assert row["outcome"] == "answered"


async def test_a_colleague_who_does_not_answer_is_left_a_message(office: Office) -> None:
    agent, colleague = await office.agent("1001"), await office.agent("1002")
    box = new_id()
    await office.company.sql(
        "insert into voicemail_boxes (id, enterprise_id, name, agent_id)"
        " values (:b, :e, '留言', :a)",
        b=box,
        e=office.company.id,
        a=colleague.id,
    )
    colleague.phone.never_answers()
    async with office.node.serving():
        await office.place(agent, "1002")
        mine = await agent.phone.rings()
        await mine.answered()
        for _ in range(400):
            if any(heard.media.stem == "beep" for heard in mine.line.heard):
                break
            await office.node.parts.clock.sleep(0.1)
        await office.node.parts.clock.sleep(3)
        await mine.hangup()
        record = await office.record()
    assert (record["direction"], record["outcome"], record["reason"]) == (
        "internal",
        "unanswered",
        "message_left",
    )
    kept = await office.company.sql("select box_id, ended_by from voicemail_messages")
    assert kept == [{"box_id": box, "ended_by": "hangup"}]


async def test_numbers_that_are_not_called(office: Office) -> None:
    agent = await office.agent()
    shy = await office.staff.agent("1003")
    busy = await office.agent("1004")
    await forbid(office, "13711112222")
    async with office.node.serving():
        for number in ("110", "119", "120", "122", "010110", "13711112222", "+", ""):
            with pytest.raises(NumberForbidden):
                await office.place(agent, number)
        with pytest.raises(NobodyThere):
            await office.place(agent, "1001")
        with pytest.raises(NumberForbidden):
            await office.place(shy)
        await office.place(busy)
        with pytest.raises(NotFree):
            await office.place(busy)
        await busy.phone.calls[0].hangup()
        await office.node.settled()
    assert len(await office.company.records()) == 1


async def forbid(office: Office, number: str) -> None:
    await office.company.sql(
        "insert into forbidden_numbers (id, enterprise_id, number) values (:i, :e, :n)",
        i=new_id(),
        e=office.company.id,
        n=number,
    )


async def test_a_customer_is_sent_to_a_colleague(office: Office) -> None:
    agent, colleague = await office.agent(), await office.agent("1002")
    async with office.node.serving():
        call_id = await office.place(agent)
        await in_state(agent, "talking")
        await office.says(agent, call_id, "transfer", extension="1002")
        await in_state(colleague, "talking")
        await in_state(agent, "wrap_up")
        await colleague.phone.calls[0].hangup()
        await office.customer.calls[0].ended()
        row = await office.record()
    assert [leg["target"] for leg in row["legs"]] == ["1001", CUSTOMER, "1002"]


async def test_what_is_dialled_on_a_device(office: Office) -> None:
    """A colleague's extension, a customer's number; others hear that it is not possible."""
    agent, colleague = await office.agent(wrap_up_seconds=0), await office.agent("1002")
    other = Company(office.company._database)
    await other.sql("insert into enterprises (id, name) values (:e, '别家')", e=other.id)
    stranger = await Staff(other, office.node).agent("2001")
    await forbid(office, "13711112222")
    async with office.node.serving():
        dials, clock = office.node.world.dials, office.node.parts.clock
        await clock.sleep(0.5)
        call = await dials(agent.account, "1002")
        await in_state(colleague, "talking")
        assert colleague.phone.calls[0].caller == "1001"
        await clock.sleep(3)
        await call.hangup()
        await colleague.phone.calls[0].ended()
        await in_state(agent, "ready")
        call = await dials(agent.account, CUSTOMER)
        assert (await office.customer.rings()).caller == SHOWN
        await in_state(agent, "talking")
        await office.customer.calls[0].hangup()
        await call.ended()
        await in_state(agent, "ready")
        for number, words in (
            ("2001", "number_not_in_service"),
            ("9", "number_not_in_service"),
            ("20013", "number_not_in_service"),
            ("13711112222", "number_not_allowed"),
            ("1001", "callee_unreachable"),
        ):
            call = await dials(agent.account, number)
            await call.hears(office.node.sounds.path(words))
            await call.ended()
        await office.node.settled()
    assert stranger.phone.calls == []
    rows = await office.company.records()
    assert [(row["direction"], row["outcome"]) for row in rows] == [
        ("internal", "answered"),
        ("outbound", "answered"),
    ]


async def test_public_numbers_are_dialled_on_a_device(office: Office) -> None:
    """An extension of the same digits wins; who calls for help shows any number that may be."""
    agent, colleague = await office.agent(wrap_up_seconds=0), await office.agent("114")
    shy = await office.staff.agent("1003", state="offline")
    async with office.node.serving():
        await office.node.parts.clock.sleep(0.5)
        for who, number in (
            (agent, "10086"),
            (agent, "12345"),
            (agent, "117"),
            (agent, "01012345"),
            (agent, "120"),
            (shy, "119"),
        ):
            phone = office.node.world.phone(number)
            phone.answers()
            call = await office.node.world.dials(who.account, number)
            assert (await phone.rings()).caller == SHOWN
            await phone.calls[0].answered()
            await call.hangup()
            await phone.calls[0].ended()
            await office.node.settled()
        call = await office.node.world.dials(agent.account, "114")
        await in_state(colleague, "talking")
        await call.hangup()
        call = await office.node.world.dials(shy.account, CUSTOMER)
        await call.hears(office.node.sounds.path("number_not_allowed"))
        await office.node.settled()
        assert await shy.state() == "offline"
    assert office.node.world.phone("114").calls == []


async def test_another_carrier_to_an_own_phone(office: Office) -> None:
    agent = await office.agent(device="phone", destination_id=await own_phone(office))
    await office.company.sql(
        "insert into carriers (id, name, kind, host, position)"
        " values (:i, 'absent', 'address', 'x', -1)",
        i=new_id(),
    )
    office.node.world.phone("13900000009").answers()
    office.customer.answers(hangs_up_after=5)
    async with office.node.serving():
        office.node.parts.reachable = {}
        await office.place(agent)
        await in_state(agent, "talking")
        await office.customer.calls[0].ended()
        row = await office.record()
    assert [(leg["kind"], leg["trunk"], leg["result"]) for leg in row["legs"]] == [
        ("agent", "absent", "unreachable"),
        ("agent", "carrier", "answered"),
        ("customer", "absent", "unreachable"),
        ("customer", "carrier", "answered"),
    ]
    assert row["outcome"] == "answered"
