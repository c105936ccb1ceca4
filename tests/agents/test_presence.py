"""The rows do what the rules say, and of two that want one agent only one gets it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from hotline.agents import rules
from hotline.agents.presence import AgentPresence
from hotline.agents.rules import AgentState, Presence, When
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from tests.agents.people import People

WRAP_UP, MISSES = 15, 2
PATIENCE = timedelta(minutes=15)
STEPS = (
    *("claim", "claim", "occupy", "answer", "answer", "answer", "hold", "back", "miss", "end"),
    *("miss", "release", "wish", "wrap", "gone", "there"),
)


class Model:
    """One agent by the rules alone."""

    def __init__(self, presence: Presence) -> None:
        self.now = presence

    def take(self, after: Presence | None) -> bool:
        self.now = after or self.now
        return after is not None


async def step(
    model: Model, presence: AgentPresence, clock: VirtualClock, agent: UUID, random: Random
) -> None:
    """One random step of both, which must agree on whether it applies."""
    at, now = clock.now(), model.now
    call = now.call_id if now.call_id and random.random() < 0.8 else new_id()
    wish = random.choice(["offline", "ready", "break"])
    match random.choice(STEPS):
        case "claim":
            queue = random.choice([None, new_id()])
            done = await presence.claim(agent, call, queue, "n")
            assert model.take(rules.claimed(now, call, queue, "n", at)) == done
        case "occupy":
            done = await presence.occupy(agent, call, "n")
            assert model.take(rules.occupied(now, call, "n", at)) == done
        case "answer":
            assert model.take(rules.answered(now, call, at)) == await presence.answered(agent, call)
        case "hold":
            done = await presence.held(agent, call, True)
            assert model.take(rules.held(now, call, True, at)) == done
        case "back":
            done = await presence.held(agent, call, False)
            assert model.take(rules.held(now, call, False, at)) == done
        case "miss":
            gone = random.random() < 0.4
            become = presence.unreached if gone else presence.missed
            after_ringing = rules.missed(now, call, MISSES, at, unreached=gone)
            assert model.take(after_ringing) == (await become(agent, call) is not None)
        case "end":
            became = await presence.ended(agent, call)
            assert model.take(rules.freed(now, call, WRAP_UP, at)) == (became is not None)
        case "release":
            became = await presence.released(agent, call)
            assert model.take(rules.freed(now, call, 0, at)) == (became is not None)
        case "wish":
            after, when = rules.wished(now, AgentState(wish), "用餐", at)
            model.take(after)
            assert await presence.set_state(agent, AgentState(wish), "用餐") is when
        case "wrap":
            ended = (await presence.end_wrap_ups()).ended
            assert model.take(rules.wrapped_up(now, at)) == bool(ended)
        case "gone":
            assert model.take(rules.device_gone(now, at)) == await presence.device_gone(agent)
        case "there":
            after_gone = rules.device_back(now, PATIENCE, at)
            assert model.take(after_gone) == await presence.device_back(agent)


@pytest.mark.parametrize("seed", range(6))
async def test_rows_and_rules_agree(
    people: People, presence: AgentPresence, clock: VirtualClock, seed: int
) -> None:
    random = Random(seed)
    agent = await people.agent(wrap_up_seconds=WRAP_UP, misses_allowed=MISSES)
    await people.sql(
        "update agent_presence set since = :now, idle_since = :now, day = :day",
        now=clock.now(),
        day=rules.day_of(clock.now()),
    )
    first = await presence.get(agent)
    assert first is not None
    model = Model(first)
    seen = set()
    for _ in range(200):
        await clock.advance(random.choice([0, 1, 5, 20, 900, 40_000]))
        await step(model, presence, clock, agent, random)
        assert await presence.get(agent) == model.now
        seen.add(model.now.state)
    assert len(seen) >= 6


async def test_of_many_who_want_an_agent_one_gets_it(
    people: People, node: Callable[[], AgentPresence]
) -> None:
    nodes = [node(), node()]
    agents = [await people.agent(str(1000 + n)) for n in range(5)]
    for agent in agents:
        await nodes[0].sign_in(agent)
    for _ in range(5):
        claims = [(agent, new_id(), one) for agent in agents for one in nodes * 3]
        taken = await asyncio.gather(
            *(one.claim(agent, call, None, "n") for agent, call, one in claims)
        )
        winners = {agent: call for (agent, call, _), won in zip(claims, taken, strict=True) if won}
        assert sum(taken) == len(winners) == len(agents)
        for agent, call in winners.items():
            assert await nodes[1].released(agent, call) is AgentState.READY


async def test_a_wish_and_the_end_of_a_call_at_once_lose_neither(
    people: People, node: Callable[[], AgentPresence]
) -> None:
    nodes = [node(), node()]
    agent = await people.agent(wrap_up_seconds=0)
    for _ in range(20):
        await nodes[0].sign_in(agent)
        call = new_id()
        assert await nodes[0].claim(agent, call, None, "n")
        assert await nodes[0].answered(agent, call)
        became, when = await asyncio.gather(
            nodes[0].ended(agent, call), nodes[1].set_state(agent, AgentState.BREAK, "用餐")
        )
        assert became in {AgentState.READY, AgentState.BREAK}
        assert when is not None
        after = await nodes[0].get(agent)
        assert after is not None
        assert (after.state, after.reason, after.call_id) == (AgentState.BREAK, "用餐", None)


async def test_a_break_asked_for_during_a_call_comes_after_its_wrap_up(
    people: People, presence: AgentPresence, clock: VirtualClock
) -> None:
    agent, call = await people.agent(wrap_up_seconds=10), new_id()
    await presence.sign_in(agent)
    await presence.claim(agent, call, None, "n")
    await presence.answered(agent, call)
    assert await presence.set_state(agent, AgentState.BREAK, "用餐") is When.AFTER_THE_CALL
    assert await presence.ended(agent, call) is AgentState.WRAP_UP
    await clock.advance(9)
    assert (await presence.end_wrap_ups()).ended == 0
    await clock.advance(1)
    assert (await presence.end_wrap_ups()).ended == 1
    now = await presence.get(agent)
    assert now is not None
    assert (now.state, now.reason, now.next_state) == (AgentState.BREAK, "用餐", None)


async def test_who_does_not_answer_is_set_aside(people: People, presence: AgentPresence) -> None:
    agent = await people.agent(misses_allowed=2)
    await presence.sign_in(agent)
    for became in (AgentState.READY, AgentState.BREAK):
        call = new_id()
        assert await presence.claim(agent, call, None, "n")
        assert await presence.missed(agent, call) is became
    now = await presence.get(agent)
    assert now is not None
    assert now.reason == rules.MISSED
    assert not await presence.claim(agent, new_id(), None, "n")
    await presence.sign_in(agent)
    again = await presence.get(agent)
    assert again is not None
    assert again.misses == 0


async def test_many_nodes_end_each_wrap_up_once(
    people: People, node: Callable[[], AgentPresence], clock: VirtualClock
) -> None:
    nodes = [node() for _ in range(4)]
    for n in range(12):
        agent, call = await people.agent(str(1000 + n), wrap_up_seconds=5), new_id()
        await nodes[0].sign_in(agent)
        await nodes[0].claim(agent, call, None, "n")
        await nodes[0].answered(agent, call)
        await nodes[0].ended(agent, call)
    await clock.advance(5)
    ended = await asyncio.gather(*(one.end_wrap_ups() for one in nodes))
    assert sum(one.ended for one in ended) == 12


async def test_what_lost_calls_held_is_released(
    people: People, presence: AgentPresence, clock: VirtualClock
) -> None:
    lost, alive = new_id(), new_id()
    await people.call(alive)
    agents = {call: await people.agent(str(1000 + n)) for n, call in enumerate((lost, alive))}
    for call, agent in agents.items():
        await presence.sign_in(agent)
        await presence.claim(agent, call, None, "node1")
        await presence.answered(agent, call)
    await clock.advance(1)
    assert await presence.node_recovered("node2", clock.now()) == 0
    assert await presence.node_recovered("node1", clock.now()) == 1
    states = {call: (await presence.get(agent)) for call, agent in agents.items()}
    assert states[lost] is not None
    assert states[alive] is not None
    assert (states[lost].state, states[alive].state) == (AgentState.WRAP_UP, AgentState.TALKING)
    await people.sql("update calls set ended_at = :at, outcome = 'answered'", at=clock.now())
    assert await presence.release_lost(timedelta(seconds=30)) == 0
    await clock.advance(31)
    assert await presence.release_lost(timedelta(seconds=30)) == 1
    assert await presence.release_of_calls([alive]) == 0


async def test_ringing_for_too_long_is_a_lost_call(
    people: People, presence: AgentPresence, clock: VirtualClock
) -> None:
    agent, call = await people.agent(), new_id()
    await people.call(call)
    await presence.sign_in(agent)
    await presence.claim(agent, call, None, "n")
    await clock.advance(170)
    assert await presence.release_lost(timedelta(seconds=30)) == 0
    await clock.advance(20)
    assert await presence.release_lost(timedelta(seconds=30)) == 1


async def test_an_agent_switched_off_cannot_sign_in(
    people: People, presence: AgentPresence
) -> None:
    agent = await people.agent(enabled=False)
    assert await presence.sign_in(agent) is None
    assert await presence.set_state(agent, AgentState.OFFLINE) is When.NOW
    assert await presence.sign_in(new_id()) is None


def test_counts_begin_anew_each_day() -> None:
    clock = VirtualClock()
    at = clock.now()
    ready = Presence(
        state=AgentState.READY, since=at, idle_since=at, day=rules.day_of(at), calls_today=7
    )
    call = new_id()
    ringing = rules.claimed(ready, call, None, "n", at)
    assert ringing is not None
    evening = at.replace(hour=15, minute=59)
    assert rules.answered(ringing, call, evening) is not None
    late = rules.answered(ringing, call, evening + timedelta(minutes=2))
    assert late is not None
    assert (late.calls_today, late.day) == (1, ready.day + timedelta(days=1))
    assert replace(late, day=ready.day) != late


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_order_nodes_come_in_nobody_has_two_calls_and_none_is_kept(
    people: People, node: Callable[[], AgentPresence], seed: int
) -> None:
    random = Random(seed)
    nodes = [node(), node(), node()]
    agents = [
        await people.agent(str(1000 + n), wrap_up_seconds=0, misses_allowed=0) for n in range(3)
    ]
    for agent in agents:
        await nodes[0].sign_in(agent)
    holding: dict[UUID, UUID] = {}
    answered = dict.fromkeys(agents, 0)

    async def one_call() -> None:
        call, agent, mine = new_id(), random.choice(agents), random.choice(nodes)
        if not await mine.claim(agent, call, None, "n"):
            return
        assert agent not in holding
        holding[agent] = call
        if random.random() < 0.7:
            assert await random.choice(nodes).answered(agent, call)
            answered[agent] += 1
            assert await random.choice(nodes).held(agent, call, True)
        now = await random.choice(nodes).get(agent)
        assert now is not None
        assert now.call_id == call
        del holding[agent]
        ends = [mine.ended(agent, call), random.choice(nodes).release_of_calls([call])]
        became = await asyncio.gather(*ends)
        assert sum(1 for one in became if one) == 1

    async def one_wish() -> None:
        wanted = random.choice([AgentState.READY, AgentState.BREAK, AgentState.READY])
        await random.choice(nodes).set_state(random.choice(agents), wanted, "用餐")
        assert await random.choice(nodes).set_state(random.choice(agents), AgentState.READY)

    async def many_things() -> None:
        for _ in range(20):
            await random.choice([one_call, one_call, one_wish])()

    await asyncio.gather(*(many_things() for _ in range(6)))
    for agent in agents:
        now = await nodes[0].get(agent)
        assert now is not None
        assert now.call_id is None
        assert now.calls_today == answered[agent]
    assert sum(answered.values()) > 5
    gaps = await people.sql(
        "select 1 from (select ended_at, lead(began_at) over (partition by agent_id"
        " order by began_at, ended_at) as next from agent_states) s where next <> ended_at"
    )
    assert gaps == []
