"""Faults that must neither lose a record nor leave a call stuck."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy.engine import URL

from hotline.calls.supervisor import Supervisor
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeSwitch
from tests.calls.company import CALLER, NUMBER, Company, Node
from tests.calls.conftest import Nodes
from tests.conftest import run_as_owner

FIRST, SECOND = "13900000001", "01062345678"


@pytest.fixture
async def flowing(clock: VirtualClock) -> AsyncIterator[None]:
    async with clock.flowing():
        yield


@asynccontextmanager
async def killed_at_the_end(node: Node) -> AsyncIterator[None]:
    """Serve; then die as by SIGKILL: what the ledger had not written is lost."""
    node.supervisor = Supervisor(node.switch, node.parts, stop_grace=0)
    running = asyncio.create_task(node.supervisor.run())
    try:
        yield
    finally:
        await node.switch.drop_controller()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        (node.parts.spool / "rejected.jsonl").unlink(missing_ok=True)


def successor(nodes: Nodes, node: Node) -> Node:
    return Node(node.switch, nodes.parts(node=node.switch.node))


@pytest.mark.usefixtures("flowing")
@pytest.mark.parametrize("gap", [0.0, 1.0])
async def test_a_talk_goes_on_without_its_controller(
    nodes: Nodes, company: Company, gap: float
) -> None:
    """``gap``: seconds before the kill; without any the last events were not written."""
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(after=2)
    async with killed_at_the_end(node):
        call = await node.call()
        await call.answered()
        await node.parts.clock.sleep(gap)
    await node.parts.clock.sleep(10)
    node = successor(nodes, node)
    async with node.serving():
        await node.parts.clock.sleep(10)
        await call.hangup()
        await node.parts.clock.sleep(1)
        await node.settled()
    [record] = await company.records()
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    assert record["talk_ms"] == pytest.approx(20_000 + gap * 1000, abs=600)
    assert [leg["result"] for leg in record["legs"]] == ["answered"]
    assert record["legs"][0]["destination_id"] == company.destinations[FIRST]
    assert await company.sql("select * from destination_claims") == []
    assert [row["calls"] for row in await company.sql("select * from destination_usage")] == [1]


@pytest.mark.usefixtures("flowing")
async def test_a_ringing_call_is_taken_up_and_tries_the_next(
    nodes: Nodes, company: Company
) -> None:
    await company.destination(FIRST)
    await company.destination(SECOND)
    node = nodes.node()
    node.world.phone(FIRST).never_answers()
    node.world.phone(SECOND).answers(after=1, hangs_up_after=5)
    async with killed_at_the_end(node):
        call = await node.call()
        await node.world.phone(FIRST).rings()
        await node.parts.clock.sleep(3)
    node = successor(nodes, node)
    async with node.serving():
        await call.ended()
        await node.parts.clock.sleep(1)
        await node.settled()
    [record] = await company.records()
    assert [leg["result"] for leg in record["legs"]] == ["no_answer", "answered"]
    assert (record["outcome"], record["talk_ms"]) == ("answered", 5000)
    assert "resumed" in await company.events(record["id"])


@pytest.mark.usefixtures("flowing")
@pytest.mark.parametrize("written", [True, False])
async def test_the_journal_completes_what_ended_alone(
    nodes: Nodes, company: Company, written: bool
) -> None:
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(after=2)
    async with killed_at_the_end(node):
        call = await node.call()
        await call.answered()
        await node.parts.clock.sleep(1 if written else 0)
    await node.parts.clock.sleep(9)
    await call.hangup()
    alone = await node.world.call(NUMBER, CALLER)
    await alone.ended()
    node = successor(nodes, node)
    async with node.serving():
        await node.parts.clock.sleep(2)
        await node.settled()
        records = await company.records()
    assert [record["outcome"] for record in records] == ["answered", "failed"]
    assert records[0]["ended_by"] == "caller"
    assert records[0]["talk_ms"] == pytest.approx(10_000 if written else 9_000, abs=200)
    assert [leg["target"] for leg in records[0]["legs"]] == [FIRST]
    assert records[1]["reason"] == "no_controller"
    assert records[1]["enterprise_id"] == company.id
    assert await company.sql("select * from destination_claims") == []


@pytest.mark.usefixtures("flowing")
async def test_calls_that_left_no_trace_are_ended(nodes: Nodes, company: Company) -> None:
    await company.destination(FIRST)
    node, other = nodes.node(), nodes.node("node2")
    node.world.phone(FIRST).answers(after=2)
    other.world.phone(FIRST).answers(after=2)
    async with other.serving():
        elsewhere = await other.call()
        async with killed_at_the_end(node):
            call = await node.call()
            await call.answered()
            await node.parts.clock.sleep(1)
        # The machine dies and comes back with an empty switch of the same name.
        fresh = Node(FakeSwitch(node.parts.clock, node="node1"), nodes.parts())
        async with fresh.serving():
            await fresh.parts.clock.sleep(2)
            await fresh.settled()
            rows = await company.sql("select node, outcome, reason from calls order by node")
            assert rows == [
                {"node": "node1", "outcome": "answered", "reason": "switch_lost"},
                {"node": "node2", "outcome": None, "reason": ""},
            ]
            [claim] = await company.sql("select node from destination_claims")
            assert claim["node"] == "node2"
        assert not elsewhere.is_ended
        await elsewhere.hangup()
        await other.settled()


@pytest.mark.usefixtures("flowing")
async def test_the_connection_to_the_switch_is_cut_for_long(nodes: Nodes, company: Company) -> None:
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(after=2)
    async with node.serving():
        call = await node.call()
        await call.answered()
        node.switch.go_down()
        await node.parts.clock.sleep(30)
        assert not call.is_ended
        node.switch.come_back()
        await node.parts.clock.sleep(5)
        await call.hangup()
        await node.parts.clock.sleep(1)
        await node.settled()
    [record] = await company.records()
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    assert record["talk_ms"] == pytest.approx(35_000, abs=1000)


@pytest.mark.usefixtures("flowing")
async def test_the_switch_crashes_with_its_calls(nodes: Nodes, company: Company) -> None:
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(after=2)
    async with node.serving():
        call = await node.call()
        await call.answered()
        await node.parts.clock.sleep(61)
        node.switch.crash()
        await node.parts.clock.sleep(30)
        node.switch.come_back()
        await node.parts.clock.sleep(2)
        again = await node.call()
        await again.answered()
        await again.hangup()
        await node.settled()
    records = await company.records()
    assert [record["outcome"] for record in records] == ["answered", "answered"]
    # The talk went on until shortly before the crash.
    assert records[0]["talk_ms"] == pytest.approx(55_000, abs=6_000)
    assert await company.sql("select * from destination_claims") == []


class Outage:
    """The database refuses everybody, really."""

    def __init__(self, owner: URL) -> None:
        self._name = owner.database
        self._server = owner.set(database="postgres")

    def begin(self) -> None:
        run_as_owner(self._server, f"alter database {self._name} allow_connections false")
        sessions = f"pg_stat_activity where datname = '{self._name}'"
        run_as_owner(self._server, "select pg_terminate_backend(pid) from " + sessions)

    def end(self) -> None:
        run_as_owner(self._server, f"alter database {self._name} allow_connections true")


@pytest.fixture
def outage(database_url: URL) -> Outage:
    return Outage(database_url)


async def test_calls_go_on_while_the_database_is_away(
    nodes: Nodes, company: Company, clock: VirtualClock, outage: Outage
) -> None:
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(after=2, hangs_up_after=5)
    async with clock.flowing(), node.serving():
        await (await node.call()).ended()
        await node.settled()
        outage.begin()
        known = await node.call()
        await known.ended()
        unknown = await node.call("4001112222")
        await unknown.ended()
        assert [one.media.stem for one in unknown.heard] == ["technical_problem"]
        assert node.parts.ledger.pending > 0
        outage.end()
        await node.settled()
    await company._database.close()
    records = await company.records()
    assert [record["outcome"] for record in records] == ["answered", "answered", "failed"]
    assert records[2]["reason"] == "database_away"
    assert records[1]["hotline_id"] == company.hotline_id
    assert [row["calls"] for row in await company.sql("select * from destination_usage")] == [2]


async def test_writing_events_again_changes_nothing(
    nodes: Nodes, company: Company, clock: VirtualClock
) -> None:
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(after=2, hangs_up_after=5)
    batches: list[bytes] = []
    write = node.parts.repository.write_batch

    async def keep(batch: bytes) -> None:
        batches.append(batch)
        await write(batch)

    node.parts.repository.write_batch = keep  # type: ignore[method-assign]
    async with clock.flowing(), node.serving():
        await (await node.call()).ended()
        await node.settled()
    before = await company.records(), await company.sql("select * from destination_usage")
    for batch in batches:
        await write(batch)
    assert before == (
        await company.records(),
        await company.sql("select * from destination_usage"),
    )


async def test_an_error_in_one_call_stays_with_it(
    nodes: Nodes, company: Company, clock: VirtualClock
) -> None:
    await company.destination(FIRST)
    node = nodes.node()
    node.world.phone(FIRST).answers(hangs_up_after=1)
    await company.schedule({str(day): [["nine", "five"]] for day in range(1, 8)})
    async with clock.flowing(), node.serving():
        broken = await node.call()
        await broken.ended()
        await company.set(schedule_id=None)
        await (await node.call()).ended()
        await node.settled()
    records = await company.records()
    assert [(r["outcome"], r["reason"]) for r in records] == [
        ("failed", "internal_error"),
        ("answered", ""),
    ]
    assert {record["hotline_id"] for record in records} == {company.hotline_id}
    assert [one.media.stem for one in broken.heard] == ["technical_problem"]
