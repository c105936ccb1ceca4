"""Which caller is given to which agent."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.queues.documents import inputs_of, reasons_of, recalled
from hotline.queues.explain import explained, same_again
from hotline.queues.rules import (
    Chosen,
    Decision,
    FreeAgent,
    Membership,
    Passed,
    QueueState,
    SkillStep,
    Snapshot,
    Strategy,
    Waiting,
    distribute,
    next_change,
    next_decision,
    required,
)

Q1, Q2 = UUID(int=101), UUID(int=102)
A1, A2, A3 = (UUID(int=number) for number in (1, 2, 3))


def caller(number: int, waited: float = 10.0, priority: int = 0, **more: object) -> Waiting:
    key = UUID(int=1000 + number)
    return Waiting(key, key, priority, 1000.0 - waited, **more)  # type: ignore[arg-type]


def agent(
    key: UUID, idle: float = 10.0, queues: tuple[UUID, ...] = (Q1,), **more: object
) -> FreeAgent:
    member = Membership(**{name: more.pop(name) for name in list(more) if name in _MEMBER})  # type: ignore[arg-type]
    belongs = dict.fromkeys(queues, member)
    return FreeAgent(key, 1000.0 - idle, memberships=belongs, **more)  # type: ignore[arg-type]


_MEMBER = ("penalty", "position", "last_turn")


def snapshot(
    agents: list[FreeAgent], *callers: Waiting, strategy: str = "longest_idle", seed: int = 7
) -> Snapshot:
    return Snapshot(
        1000.0, seed, (QueueState(Q1, Strategy(strategy), 1, (), callers),), tuple(agents)
    )


def whom(snapshot: Snapshot) -> list[UUID]:
    return [decision.agents[0] for decision in distribute(snapshot)]


@pytest.mark.parametrize(
    ("strategy", "first", "second"),
    [
        ("longest_idle", {"idle": 20.0}, {"idle": 10.0}),
        ("round_robin", {"last_turn": 3}, {"last_turn": 9, "idle": 99.0}),
        ("round_robin", {"position": 1}, {"position": 2, "idle": 99.0}),
        ("fewest_calls", {"calls": 3}, {"calls": 4, "idle": 99.0}),
        ("fewest_calls", {"calls": 3, "idle": 9.0}, {"calls": 3, "idle": 5.0}),
        ("least_talk", {"talk_ms": 5}, {"talk_ms": 6, "idle": 99.0}),
        ("priority", {"position": 1}, {"position": 2, "idle": 99.0}),
        ("longest_idle", {"penalty": 0, "idle": 1.0}, {"penalty": 1, "idle": 99.0}),
        ("longest_idle", {}, {}),
    ],
)
def test_the_strategies(strategy: str, first: dict[str, object], second: dict[str, object]) -> None:
    ahead, behind = agent(A1, **first), agent(A2, **second)  # type: ignore[arg-type]
    for order in ([ahead, behind], [behind, ahead]):
        assert whom(snapshot(order, caller(1), strategy=strategy)) == [A1]


def test_what_decided_is_told() -> None:
    agents = [agent(A1, 20.0), agent(A2, 10.0)]
    assert one(snapshot(agents, caller(1))).chosen is Chosen.STRATEGY
    assert one(snapshot(agents[:1], caller(1))).chosen is Chosen.ONLY_ONE
    assert one(snapshot([agent(A1), agent(A2)], caller(1))).chosen is Chosen.AGENT_ID
    assert one(snapshot([agent(A1), agent(A2, penalty=1)], caller(1))).chosen is Chosen.PENALTY
    tried = caller(1, tried=frozenset({A1}))
    decision = one(snapshot(agents, tried))
    assert (decision.agents, decision.chosen) == ((A2,), Chosen.NOT_TRIED_YET)
    # Who did not answer is called again when there is nobody else.
    assert whom(snapshot(agents[:1], tried)) == [A1]


def one(snapshot: Snapshot) -> Decision:
    decision = next_decision(snapshot)
    assert decision is not None
    return decision


def test_random_spreads_and_repeats() -> None:
    agents = [agent(UUID(int=number)) for number in range(1, 11)]
    chosen = [
        whom(snapshot(agents, caller(1), strategy="random", seed=seed))[0] for seed in range(300)
    ]
    counts = [chosen.count(agent.id) for agent in agents]
    assert min(counts) >= 10
    assert chosen == [
        whom(snapshot(agents[::-1], caller(1), strategy="random", seed=seed))[0]
        for seed in range(300)
    ]


def test_ring_all_takes_everybody_once() -> None:
    agents = [agent(A1, penalty=1), agent(A2), agent(A3)]
    decisions = list(distribute(snapshot(agents, caller(1), caller(2), strategy="ring_all")))
    assert [decision.agents for decision in decisions] == [(A2, A3, A1)]


def test_vips_first_then_by_time() -> None:
    line = (caller(1, 50), caller(2, 60), caller(3, 5, priority=5))
    agents = [agent(UUID(int=number)) for number in range(1, 4)]
    served = [decision.waiting.id.int - 1000 for decision in distribute(snapshot(agents, *line))]
    assert served == [3, 2, 1]


def test_skills_relax_with_time() -> None:
    steps = (SkillStep(0, {"en": 8}), SkillStep(30, {"en": 3}), SkillStep(60, {}))
    queue = QueueState(Q1, Strategy.LONGEST_IDLE, 1, steps)
    assert required(queue, caller(1, 29), 1000) == {"en": 8}
    assert required(queue, caller(1, 30), 1000) == {"en": 3}
    assert required(queue, caller(1, 61), 1000) == {}
    better, plain = agent(A1, skills={"en": 5}), agent(A2, 99.0)

    def served(waited: float, *agents: FreeAgent) -> list[UUID]:
        line = replace(queue, waiting=(caller(1, waited),))
        return whom(Snapshot(1000.0, 0, (line,), agents))

    assert served(10, better, plain) == []
    assert served(30, better, plain) == [A1]
    assert served(60, better, plain) == [A2]
    waiting = Snapshot(1000.0, 0, (replace(queue, waiting=(caller(1, 10),)),), (plain,))
    assert next_change(waiting) == 1020.0


def test_who_waits_for_a_skill_does_not_hold_up_the_others() -> None:
    skilled = caller(1, 50, skills=(SkillStep(0, {"en": 5}),))
    decision = one(snapshot([agent(A1)], skilled, caller(2, 10)))
    assert decision.waiting == caller(2, 10)
    assert decision.passed == ((skilled.id, Passed.NO_SKILLED_AGENT),)


def test_the_last_agent_for_a_while() -> None:
    again = caller(1, preferred=A2, preferred_until=1005.0)
    decision = one(snapshot([agent(A1, 99.0), agent(A2)], again))
    assert (decision.agents, decision.chosen) == ((A2,), Chosen.LAST_AGENT)
    assert whom(snapshot([agent(A1)], again)) == []
    assert next_change(snapshot([agent(A1)], again)) == 1005.0
    assert whom(snapshot([agent(A1)], replace(again, preferred_until=1000.0))) == [A1]
    # Missed once, the last agent is no more than another who missed it.
    assert whom(snapshot([agent(A1), agent(A2, 99.0)], replace(again, tried=frozenset({A2})))) == [
        A1
    ]


def test_weights_between_queues() -> None:
    heavy = QueueState(Q2, Strategy.LONGEST_IDLE, 3, (), (caller(2, 20),))
    light = QueueState(Q1, Strategy.LONGEST_IDLE, 1, (), (caller(1, 50),))
    both = (agent(A1, queues=(Q1, Q2)),)
    assert one(Snapshot(1000.0, 0, (light, heavy), both)).queue_id == Q2
    patient = replace(light, waiting=(caller(1, 81),))
    assert one(Snapshot(1000.0, 0, (patient, heavy), both)).queue_id == Q1


def test_no_queue_starves() -> None:
    """Two queues share an agent; the heavy one always has callers, VIPs among them."""
    light = [caller(900 + number, 0) for number in range(3)]
    now, heavy_number, served = 1000.0, 0, []
    heavy: list[Waiting] = []
    for _ in range(60):
        heavy_number += 2
        heavy += [
            replace(caller(heavy_number), entered_at=now),
            replace(caller(heavy_number + 1), entered_at=now, priority=9),
        ]
        queues = (
            QueueState(Q1, Strategy.LONGEST_IDLE, 1, (), tuple(light)),
            QueueState(Q2, Strategy.LONGEST_IDLE, 5, (), tuple(heavy)),
        )
        decision = one(Snapshot(now, 0, queues, (agent(A1, queues=(Q1, Q2)),)))
        served.append(decision.queue_id)
        line = light if decision.queue_id == Q1 else heavy
        line.remove(decision.waiting)
        now += 30
    assert served.count(Q1) == 3


@pytest.mark.parametrize(("waited", "asks"), [(10, True), (40, False)])
def test_a_decision_is_told_in_words(waited: float, asks: bool) -> None:
    """With what was asked of agents at that moment, and how urgent the caller was."""
    steps = (SkillStep(0, {"英语": 5}), SkillStep(30, {}))
    urgent = caller(1, waited, priority=5)
    behind = caller(2, waited + 5, skills=(SkillStep(0, {"法语": 9}),), priority=9)
    queue = QueueState(Q1, Strategy.LONGEST_IDLE, 1, steps, (behind, urgent))
    agents = (agent(A1, 20.0, skills={"英语": 6}), agent(A2, 10.0, skills={"英语": 6}))
    decision = one(Snapshot(1000.0, 0, (queue,), agents))
    row = {
        "queue_id": decision.queue_id,
        "entry_id": decision.waiting.id,
        "agents": list(decision.agents),
        "inputs": orjson.loads(orjson.dumps(inputs_of(decision.grounds))),
        "reasons": orjson.loads(orjson.dumps(reasons_of(decision))),
    }
    said = explained(row, {A1: "王芳"})
    assert said.zh.startswith(f"等待 {waited:.0f} 秒后分配给 王芳：空闲时间最长")
    assert ("英语 ≥ 5" in said.zh, "英语 ≥ 5" in said.en) == (asks, asks)
    assert "来电优先级为 5。" in said.zh
    assert "前面有 1 位继续等待：没有具备所需技能的空闲座席。" in said.zh
    assert same_again(row)


# ---------------------------------------------------------------- properties

ids = st.integers(1, 12).map(lambda number: UUID(int=number))
levels = st.dictionaries(st.sampled_from(["en", "vip"]), st.integers(1, 10), max_size=2)
steps = st.lists(st.builds(SkillStep, st.sampled_from([0.0, 20.0, 60.0]), levels), max_size=3).map(
    tuple
)
members = st.builds(Membership, st.integers(0, 2), st.integers(0, 3), st.integers(0, 4))
agents = st.lists(
    st.builds(
        FreeAgent,
        id=ids,
        idle_since=st.sampled_from([900.0, 950.0, 990.0]),
        calls=st.integers(0, 2),
        talk_ms=st.integers(0, 2),
        skills=levels,
        memberships=st.dictionaries(st.sampled_from([Q1, Q2]), members, min_size=1),
    ),
    max_size=12,
    unique_by=lambda agent: agent.id,
)


@st.composite
def lines(draw: st.DrawFn, first: int) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            UUID(int=first + place),
            UUID(int=first + place),
            draw(st.integers(0, 2)),
            draw(st.sampled_from([880.0, 930.0, 970.0, 995.0])),
            draw(st.none() | steps),
            draw(st.none() | ids),
            draw(st.sampled_from([0.0, 1010.0])),
            draw(st.frozensets(ids, max_size=3)),
        )
        for place in range(draw(st.integers(0, 6)))
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    queues = tuple(
        QueueState(
            key,
            draw(st.sampled_from(Strategy)),
            draw(st.integers(1, 5)),
            draw(steps),
            draw(lines(key.int * 1000)),
        )
        for key in (Q1, Q2)
    )
    return Snapshot(1000.0, draw(st.integers(0, 3)), queues, tuple(draw(agents)))


@given(snapshots())
@settings(max_examples=150)
def test_nobody_twice_nobody_unfit(snapshot: Snapshot) -> None:
    decisions = list(distribute(snapshot))
    chosen = [key for decision in decisions for key in decision.agents]
    assert len(chosen) == len(set(chosen))
    served = [decision.waiting.id for decision in decisions]
    assert len(served) == len(set(served))
    by_id = {agent.id: agent for agent in snapshot.agents}
    queues = {queue.id: queue for queue in snapshot.queues}
    for decision in decisions:
        asked = required(queues[decision.queue_id], decision.waiting, snapshot.now)
        for key in decision.agents:
            assert decision.queue_id in by_id[key].memberships
            if decision.chosen is not Chosen.LAST_AGENT:
                assert all(by_id[key].skills.get(s, 0) >= level for s, level in asked.items())


@given(snapshots())
@settings(max_examples=150)
def test_in_order_within_a_priority(snapshot: Snapshot) -> None:
    """Callers who ask for the same and are free to go to anybody are served in their order."""
    decisions = list(distribute(snapshot))

    def kind(one: tuple[UUID, Waiting]) -> str:
        return f"{one[0]} {one[1].skills}"

    plain = [
        (decision.queue_id, decision.waiting)
        for decision in decisions
        if decision.waiting.preferred is None and decision.waiting.skills == ()
    ]
    for _, group in groupby(sorted(plain, key=kind), key=kind):
        places = [waiting.place for _, waiting in group]
        assert places == sorted(places)
    served = {decision.waiting.id for decision in decisions}
    for queue_id, waiting in plain:
        line = next(queue.waiting for queue in snapshot.queues if queue.id == queue_id)
        ahead = [
            other
            for other in line
            if other.place < waiting.place and other.skills == () and other.preferred is None
        ]
        assert all(other.id in served for other in ahead)


@given(snapshots())
@settings(max_examples=150)
def test_nobody_waits_beside_a_free_agent(snapshot: Snapshot) -> None:
    decisions = list(distribute(snapshot))
    taken = {key for decision in decisions for key in decision.agents}
    served = {decision.waiting.id for decision in decisions}
    free = tuple(agent for agent in snapshot.agents if agent.id not in taken)
    left = tuple(
        replace(queue, waiting=tuple(one for one in queue.waiting if one.id not in served))
        for queue in snapshot.queues
    )
    assert next_decision(replace(snapshot, agents=free, queues=left)) is None


@given(snapshots(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_replayed_the_same(snapshot: Snapshot, random: object) -> None:
    """From what is kept of each decision, and whatever the order in which rows were read."""
    shuffle = random.shuffle  # type: ignore[attr-defined]
    mixed_agents, mixed_queues = list(snapshot.agents), list(snapshot.queues)
    shuffle(mixed_agents)
    shuffle(mixed_queues)
    mixed = replace(snapshot, agents=tuple(mixed_agents), queues=tuple(mixed_queues))
    decisions = list(distribute(snapshot))
    assert [kept(one) for one in distribute(mixed)] == [kept(one) for one in decisions]
    for decision in decisions:
        stored = orjson.loads(orjson.dumps(inputs_of(decision.grounds)))
        assert kept(one(recalled(stored))) == kept(decision)


def kept(decision: Decision) -> object:
    return (
        decision.queue_id,
        decision.waiting,
        decision.agents,
        decision.chosen,
        decision.passed,
    )
