"""Claiming agents for callers: one at a time, in order, by several controllers at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hotline.queues.documents import recalled
from hotline.queues.floor import DEAD_AFTER, Floor
from hotline.queues.rules import next_decision
from hotline.queues.settings import QueueSettings
from hotline.queues.store import NewEntry
from tests.queues.floors import Site, until

FIRST = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


async def offered(floor: Floor, entry: NewEntry, within: float = 10.0) -> tuple[UUID, ...]:
    """The agents that the entry is offered, as its waiting caller learns of them."""
    async with asyncio.timeout(within):
        with floor.attending(entry.id, entry.enterprise_id) as attention:
            return await _offer_of(floor, entry, attention)


async def _offer_of(floor: Floor, entry: NewEntry, attention: asyncio.Event) -> tuple[UUID, ...]:
    while True:
        await attention.wait()
        attention.clear()
        state = await floor.store.state(entry.id)
        if state is not None and state.state == "offered":
            return state.offered_to


async def test_a_caller_is_given_to_the_agent_who_becomes_ready(site: Site) -> None:
    agent = await site.agent("1001", ready=False)
    queue = await site.queue(agent, leave_when_empty=False)
    floor = site.floor("node1")
    async with site.serving(floor):
        await site.store.alive("node1", datetime.now(UTC))
        entry = await site.enter(queue)
        waiting = asyncio.create_task(offered(floor, entry))
        await asyncio.sleep(0)
        floor.decide(queue.enterprise_id)
        await site.presence.sign_in(agent)
        assert await waiting == (agent,)
    assert await site.state_of(agent) == "ringing"
    [decision] = await site.sql("select * from queue_decisions")
    assert (decision["call_id"], decision["agents"]) == (entry.call_id, [agent])
    again = next_decision(recalled(decision["inputs"]))
    assert again is not None
    assert list(again.agents) == decision["agents"]


@pytest.mark.parametrize(
    ("strategy", "priorities"), [("longest_idle", 1), ("random", 4), ("round_robin", 2)]
)
async def test_no_agent_rings_twice_and_nobody_is_passed_over(
    site: Site, strategy: str, priorities: int
) -> None:
    """Three controllers give sixty callers to seven agents, who take calls as fast as they can."""
    agents = [await site.agent(f"10{number:02}", ready=False) for number in range(7)]
    queue = await site.queue(*agents, strategy=strategy, leave_when_empty=False)
    floors = [site.floor(f"node{number}") for number in range(3)]
    entries = [
        await site.enter(
            queue,
            f"node{number % 3}",
            FIRST + timedelta(seconds=number),
            priority=number % priorities,
        )
        for number in range(60)
    ]
    for floor in floors:
        await site.store.alive(floor.node, datetime.now(UTC))
    ringing: set[object] = set()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for number, entry in enumerate(entries):
            group.create_task(_served(site, floors[number % 3], entry, ringing))
        await asyncio.sleep(0)  # they attend
        await group.create_task(_sign_in_while_serving(site, floors, agents, entries))
    decisions = await site.sql(
        "select entry_id, inputs, agents from queue_decisions order by turn, step"
    )
    in_order = sorted(entries, key=lambda entry: -entry.priority)  # and, among equals, by time
    assert [one["entry_id"] for one in decisions] == [entry.id for entry in in_order]
    for one in decisions:
        again = next_decision(recalled(one["inputs"]))
        assert again is not None
        assert list(again.agents) == one["agents"]
    states = await site.sql("select distinct state from agent_presence")
    assert states == [{"state": "ready"}]


async def _sign_in_while_serving(
    site: Site, floors: list[Floor], agents: list[UUID], entries: list[NewEntry]
) -> None:
    async with site.serving(*floors):
        for agent in agents:
            await site.presence.sign_in(agent)
        await until(lambda: _all_left(site, entries), 25)


async def _all_left(site: Site, entries: list[NewEntry]) -> bool:
    [row] = await site.sql("select count(*) as n from queue_entries where state = 'left'")
    return bool(row["n"] == len(entries))


async def _served(site: Site, floor: Floor, entry: NewEntry, ringing: set[object]) -> None:
    with floor.attending(entry.id, entry.enterprise_id) as attention:
        [agent] = await _offer_of(floor, entry, attention)
        assert agent not in ringing, "an agent rings twice"
        ringing.add(agent)
        await asyncio.sleep(0.002)
        ringing.remove(agent)
        await site.store.leave(entry.id, None, "abandoned", datetime.now(UTC))
    floor.decide(entry.enterprise_id)


async def test_a_decision_on_old_facts_changes_nothing(site: Site) -> None:
    agent = await site.agent("1001")
    queue = await site.queue(agent)
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    first = await site.enter(queue)
    situation = await site.store.situation(queue.enterprise_id, now, now - DEAD_AFTER, 0)
    assert situation is not None
    decision = next_decision(situation.snapshot)
    assert decision is not None
    # Somebody more urgent comes in between.
    urgent = await site.enter(queue, priority=9)
    given = await site.store.offer(queue.enterprise_id, situation.turn, "node1", now, [decision])
    assert given == -1
    assert await site.state_of(agent) == "ready"
    again = await site.store.situation(queue.enterprise_id, now, now - DEAD_AFTER, 0)
    assert again is not None
    decision = next_decision(again.snapshot)
    assert decision is not None
    assert decision.waiting.id == urgent.id
    assert await site.store.offer(queue.enterprise_id, again.turn, "node1", now, [decision]) == 1
    assert (await site.entry_row(first))["state"] == "waiting"


async def _offer_first(site: Site, queue: QueueSettings, now: datetime) -> None:
    situation = await site.store.situation(queue.enterprise_id, now, now - DEAD_AFTER, 0)
    assert situation is not None
    decision = next_decision(situation.snapshot)
    assert decision is not None
    assert (
        await site.store.offer(queue.enterprise_id, situation.turn, "node1", now, [decision]) == 1
    )


async def test_a_controller_dies_while_an_agent_rings(site: Site) -> None:
    """The agent is free for others again; the caller keeps the place until it is back."""
    agent = await site.agent("1001")
    queue = await site.queue(agent)
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    caller = await site.enter(queue, at=now - timedelta(seconds=30))
    await _offer_first(site, queue, now)
    assert await site.state_of(agent) == "ringing"
    later = now + timedelta(seconds=10)
    await site.store.alive("node2", later)
    other = await site.enter(queue, "node2", at=later)
    assert await site.store.withdraw(later - DEAD_AFTER, later) == {queue.enterprise_id}
    assert await site.state_of(agent) == "ready"
    [misses] = await site.sql("select misses from agent_presence where agent_id = :a", a=agent)
    assert misses == {"misses": 0}
    # Whoever can be served is: the caller of the dead controller stands aside.
    await _offer_first(site, queue, later)
    assert (await site.entry_row(other))["offered_to"] == [agent]
    row = await site.entry_row(caller)
    assert (row["state"], row["offered_to"]) == ("waiting", [])
    # Its controller is back and has found the caller: the old place counts.
    await site.store.leave(other.id, None, "abandoned", later)
    await site.store.alive("node1", later)
    entered = await site.store.enter(caller, queue, later)
    assert entered.since == row["entered_at"]
    await _offer_first(site, queue, later)
    assert (await site.entry_row(caller))["offered_to"] == [agent]


async def test_full_nobody_and_the_last_agent(site: Site) -> None:
    agent, other = await site.agent("1001"), await site.agent("1002")
    queue = await site.queue(agent, other, max_length=2, sticky_minutes=60, sticky_wait=20)
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    served = await site.enter(queue, at=now - timedelta(minutes=5))
    await site.store.leave(served.id, other, "answered", now - timedelta(minutes=4))
    await site.sql("update agent_presence set idle_since = now() where agent_id = :a", a=other)
    again = await site.enter(queue, at=now)
    await _offer_first(site, queue, now)
    assert (await site.entry_row(again))["offered_to"] == [other]
    await site.enter(queue)
    assert (await site.store.enter(site.entry(queue), queue, now)).outcome == "full"
    empty = await site.queue()
    assert (await site.store.enter(site.entry(empty), empty, now)).outcome == "nobody"


async def test_who_did_not_answer_is_rung_after_the_others(site: Site) -> None:
    first, second = await site.agent("1001"), await site.agent("1002")
    queue = await site.queue(first, second, strategy="priority")
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    caller = await site.enter(queue, at=now - timedelta(seconds=5))
    entered_at = (await site.entry_row(caller))["entered_at"]
    for whom in (first, second, first):
        await _offer_first(site, queue, now)
        row = await site.entry_row(caller)
        assert row["offered_to"] == [whom]
        assert row["entered_at"] == entered_at
        await site.presence.missed(whom, caller.call_id)
    assert (await site.entry_row(caller))["tried"] == [first, second, first]


@pytest.mark.parametrize("how", ["missed", "unreached"])
async def test_nobody_overtakes_who_was_not_answered(site: Site, how: str) -> None:
    """Agent and caller are free in the same moment: the caller is the first to whom the agent, or
    the next one to come, is offered."""
    agent, other = await site.agent("1001"), await site.agent("1002", ready=False)
    queue = await site.queue(agent, other)
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    first = await site.enter(queue, at=now - timedelta(seconds=9))
    await site.enter(queue, at=now - timedelta(seconds=5))
    await _offer_first(site, queue, now)
    [before] = await site.sql("select turn from queue_turns")
    await getattr(site.presence, how)(agent, first.call_id)
    [after] = await site.sql("select turn from queue_turns")
    assert after["turn"] == before["turn"] + 1  # what was decided without the first is void
    await site.presence.sign_in(other)
    await _offer_first(site, queue, now)
    row = await site.entry_row(first)
    assert (row["state"], row["offered_to"], row["tried"]) == ("offered", [other], [agent])


async def test_who_rings_together_misses_alone(site: Site) -> None:
    first, second = await site.agent("1001"), await site.agent("1002")
    queue = await site.queue(first, second, strategy="ring_all")
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    caller = await site.enter(queue)
    await _offer_first(site, queue, now)
    await site.presence.missed(first, caller.call_id)
    row = await site.entry_row(caller)
    assert (row["state"], row["offered_to"], row["tried"]) == ("offered", [second], [first])
    await site.presence.missed(second, caller.call_id)
    row = await site.entry_row(caller)
    assert (row["state"], row["offered_to"], row["offered_at"]) == ("waiting", [], None)


async def test_an_offer_that_is_over_takes_none_back(site: Site) -> None:
    """Where a miss could not be noted the caller is put back later, not out of a newer offer."""
    agent = await site.agent("1001")
    queue = await site.queue(agent)
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    caller = await site.enter(queue)
    await _offer_first(site, queue, now)
    old = await site.store.state(caller.id)
    assert old is not None
    assert await site.store.wait_on(caller.id, [agent], now, old.offered_at)
    assert not await site.store.wait_on(caller.id, [agent], now, old.offered_at)
    later = now + timedelta(seconds=1)
    await _offer_first(site, queue, later)
    turns = await site.sql("select turn from queue_turns")
    assert not await site.store.wait_on(caller.id, [agent], later, old.offered_at)
    assert await site.sql("select turn from queue_turns") == turns
    row = await site.entry_row(caller)
    assert (row["state"], row["tried"]) == ("offered", [agent])
    assert await site.state_of(agent) == "ringing"


async def test_waits_of_calls_that_are_over_end(site: Site) -> None:
    queue = await site.queue(await site.agent("1001"))
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    over, lives = await site.enter(queue), await site.enter(queue)
    await site.people.call(over.call_id)
    await site.sql(
        "update calls set ended_at = :at, outcome = 'abandoned' where id = :id",
        at=now - timedelta(minutes=2),
        id=over.call_id,
    )
    await site.people.call(lives.call_id)
    await site.store.sweep(now)
    assert (await site.entry_row(over))["reason"] == "lost"
    assert (await site.entry_row(lives))["state"] == "waiting"
    await site.store.sweep(now + timedelta(hours=1))
    assert (await site.entry_row(lives))["reason"] == "lost"


async def test_set_aside_until_entered_again(site: Site) -> None:
    agent = await site.agent("1001")
    queue = await site.queue(agent)
    now = datetime.now(UTC)
    await site.store.alive("node1", now)
    caller = await site.enter(queue)
    await _offer_first(site, queue, now)
    await site.store.set_aside(caller.id, now)
    assert await site.state_of(agent) == "ready"
    assert await site.store.situation(queue.enterprise_id, now, now - DEAD_AFTER, 0) is None
    await site.store.enter(caller, queue, now)
    await _offer_first(site, queue, now)
    assert (await site.entry_row(caller))["offered_to"] == [agent]


async def test_place_and_pace(site: Site) -> None:
    agent = await site.agent("1001")
    queue = await site.queue(agent)
    now = datetime.now(UTC)
    for number in range(4):
        served = await site.enter(queue)
        minutes = timedelta(minutes=10 - 2 * number)
        await site.store.leave(served.id, agent, "answered", now - minutes)
    line = [await site.enter(queue, at=now + timedelta(seconds=n)) for n in range(3)]
    urgent = await site.enter(queue, priority=5)
    places = [await site.store.place(entry.id, now) for entry in (*line, urgent)]
    assert [place.position if place else 0 for place in places] == [2, 3, 4, 1]
    assert places[0] is not None
    assert places[0].expected == pytest.approx(240)


async def test_rounds_wait_for_the_time_when_skills_relax(site: Site) -> None:
    agent = await site.agent("1001")
    steps = '[{"after": 0, "skills": {"en": 5}}, {"after": 1, "skills": {}}]'
    queue = await site.queue(agent, skills=steps)
    floor = site.floor("node1")
    async with site.serving(floor):
        await until(lambda: _is_alive(site))
        entry = await site.enter(queue)
        floor.decide(queue.enterprise_id)
        assert await offered(floor, entry, 3) == (agent,)
    row = await site.entry_row(entry)
    assert 1.0 <= (row["offered_at"] - row["entered_at"]).total_seconds() < 1.5


async def _is_alive(site: Site) -> bool:
    return bool(await site.sql("select 1 from controllers"))
