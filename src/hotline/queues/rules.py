"""Which caller is given to which agent: a pure function of a snapshot.

A decision is made in steps, one caller a step, each on what the steps before have left over:

1. *Whose turn in a queue*: the first in the order of priority (higher first), time of entry and id
   for whom an agent who may take them is free. Somebody further back is served first only where
   nobody free has the skills that those in front ask for, or they wait for their last agent.
2. *Which queue*: the one whose next caller has waited longest, where each point of a queue's weight
   above 1 counts as half a minute waited already. A head start is no more than that: whoever waits
   long enough is ahead of all who come later to heavier queues, so none is starved.
3. *Which agent*: the caller's last agent, while preferred; then those who have not let this caller
   ring in vain, those with the lower penalty, then by the queue's strategy; agents who are equal
   in all of it by their id.

Every step keeps a snapshot cut down to what decided it: :func:`next_decision` on that gives the
same decision again, which is what explains it later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Final, TypeAlias
from uuid import UUID

KEPT_CANDIDATES: Final = 8
"""Agents, best first, and callers passed over, that the record of a decision keeps."""
HEAD_START: Final = 30.0
"""Seconds of waiting that a point of weight counts for."""


class Strategy(StrEnum):
    LONGEST_IDLE = "longest_idle"
    ROUND_ROBIN = "round_robin"
    RANDOM = "random"
    FEWEST_CALLS = "fewest_calls"
    LEAST_TALK = "least_talk"
    PRIORITY = "priority"
    RING_ALL = "ring_all"


class Passed(StrEnum):
    """Why somebody who waits ahead was not served first."""

    NO_SKILLED_AGENT = "no_skilled_agent"
    WAITS_FOR_LAST_AGENT = "waits_for_last_agent"


class Chosen(StrEnum):
    """What decided between the agents."""

    LAST_AGENT = "last_agent"
    ONLY_ONE = "only_one"
    NOT_TRIED_YET = "not_tried_yet"
    PENALTY = "penalty"
    STRATEGY = "strategy"
    AGENT_ID = "agent_id"
    ALL_RING = "all_ring"


@dataclass(frozen=True, slots=True)
class SkillStep:
    """From ``after`` seconds of waiting on, these levels are asked for instead of the earlier."""

    after: float
    skills: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Membership:
    penalty: int = 0
    position: int = 0
    last_turn: int = 0


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """An agent who is ready. Times are seconds of one clock."""

    id: UUID
    idle_since: float
    calls: int = 0
    talk_ms: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    memberships: Mapping[UUID, Membership] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in line."""

    id: UUID
    call_id: UUID
    priority: int
    entered_at: float
    skills: tuple[SkillStep, ...] | None = None
    """None: what the queue asks for."""
    preferred: UUID | None = None
    """The caller's last agent, while signed in and not on a break."""
    preferred_until: float = 0.0
    tried: frozenset[UUID] = frozenset()
    """Agents who did not answer this caller, or have just sent them on."""

    @property
    def place(self) -> tuple[int, float, UUID]:
        """Sorts by whose turn it is."""
        return -self.priority, self.entered_at, self.id


@dataclass(frozen=True, slots=True)
class QueueState:
    id: UUID
    strategy: Strategy
    weight: int = 1
    skills: tuple[SkillStep, ...] = ()
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of an enterprise at the instant ``now``; ``seed`` decides what is random."""

    now: float
    seed: int
    queues: tuple[QueueState, ...]
    agents: tuple[FreeAgent, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """``waiting`` of ``queue_id`` is offered to ``agents``: one, or all where all ring."""

    queue_id: UUID
    waiting: Waiting
    agents: tuple[UUID, ...]
    chosen: Chosen
    passed: tuple[tuple[UUID, Passed], ...]
    """Entries ahead in the same queue, and why they were passed over."""
    candidates: int
    """How many agents could have taken it."""
    grounds: Snapshot
    """Enough of the snapshot to decide the same again."""


Key: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """Who would be served next in a queue."""

    queue: QueueState
    waiting: Waiting
    ranked: tuple[FreeAgent, ...]
    passed: tuple[tuple[Waiting, Passed], ...]

    def score(self, now: float) -> float:
        waited = max(0.0, now - self.waiting.entered_at)
        return waited + HEAD_START * (self.queue.weight - 1)


def distribute(snapshot: Snapshot, *, most: int = 100) -> Iterator[Decision]:
    """Decisions in the order in which they are to be carried out; at most ``most``."""
    for _ in range(most):
        decision = next_decision(snapshot)
        if decision is None:
            return
        yield decision
        snapshot = _without(snapshot, decision)


def next_decision(snapshot: Snapshot) -> Decision | None:
    """The next caller to be served and by whom; None: nobody can be served now."""
    heads = [head for queue in snapshot.queues if (head := _head(queue, snapshot)) is not None]
    if not heads:
        return None
    best = min(heads, key=lambda head: (-head.score(snapshot.now), head.queue.id))
    ring_all = best.queue.strategy is Strategy.RING_ALL
    chosen = _why(best, snapshot)
    alone = not ring_all or chosen is Chosen.LAST_AGENT
    taken = best.ranked[:1] if alone else best.ranked
    return Decision(
        queue_id=best.queue.id,
        waiting=best.waiting,
        agents=tuple(agent.id for agent in taken),
        chosen=chosen,
        passed=tuple((one.id, why) for one, why in best.passed[:KEPT_CANDIDATES]),
        candidates=len(best.ranked),
        grounds=_grounds(snapshot, heads, best, len(taken)),
    )


def next_change(snapshot: Snapshot) -> float | None:
    """When the passing of time alone may change what can be decided; None: never."""
    instants = [
        instant
        for queue in snapshot.queues
        for waiting in queue.waiting
        for instant in _changes(queue, waiting)
        if instant > snapshot.now
    ]
    return min(instants, default=None)


def required(queue: QueueState, waiting: Waiting, now: float) -> Mapping[str, int]:
    """Skill → level asked of an agent for this caller now."""
    steps = queue.skills if waiting.skills is None else waiting.skills
    waited = now - waiting.entered_at
    current: Mapping[str, int] = {}
    for step in sorted(steps, key=lambda step: step.after):
        if step.after <= waited:
            current = step.skills
    return current


# ---------------------------------------------------------------- one queue


def _head(queue: QueueState, snapshot: Snapshot) -> _Head | None:
    members = [agent for agent in snapshot.agents if queue.id in agent.memberships]
    if not members:
        return None
    passed: list[tuple[Waiting, Passed]] = []
    for waiting in sorted(queue.waiting, key=lambda one: one.place):
        able, obstacle = _able(queue, waiting, members, snapshot.now)
        if able:
            ranked = sorted(able, key=lambda agent: _rank(queue, waiting, agent, snapshot))
            return _Head(queue, waiting, tuple(ranked), tuple(passed))
        passed.append((waiting, obstacle))
    return None


def _able(
    queue: QueueState, waiting: Waiting, members: Sequence[FreeAgent], now: float
) -> tuple[list[FreeAgent], Passed]:
    if _prefers(waiting, now):
        preferred = [agent for agent in members if agent.id == waiting.preferred]
        return preferred, Passed.WAITS_FOR_LAST_AGENT
    asked = required(queue, waiting, now)
    if not asked:
        return list(members), Passed.NO_SKILLED_AGENT
    able = [
        agent
        for agent in members
        if all(agent.skills.get(skill, 0) >= level for skill, level in asked.items())
    ]
    return able, Passed.NO_SKILLED_AGENT


def _prefers(waiting: Waiting, now: float) -> bool:
    """Whether the caller waits for the last agent alone: somebody else is no choice yet."""
    return (
        waiting.preferred is not None
        and waiting.preferred not in waiting.tried
        and now < waiting.preferred_until
    )


def _rank(queue: QueueState, waiting: Waiting, agent: FreeAgent, snapshot: Snapshot) -> Key:
    membership = agent.memberships[queue.id]
    tried = agent.id in waiting.tried
    return tried, membership.penalty, *_by_strategy(queue, waiting, agent, snapshot), agent.id.int


def _by_strategy(queue: QueueState, waiting: Waiting, agent: FreeAgent, snapshot: Snapshot) -> Key:
    membership = agent.memberships[queue.id]
    match queue.strategy:
        case Strategy.LONGEST_IDLE:
            return (agent.idle_since,)
        case Strategy.ROUND_ROBIN:
            return membership.last_turn, membership.position
        case Strategy.RANDOM:
            return (_chance(snapshot.seed, waiting.id, agent.id),)
        case Strategy.FEWEST_CALLS:
            return agent.calls, agent.idle_since
        case Strategy.LEAST_TALK:
            return agent.talk_ms, agent.idle_since
        case Strategy.PRIORITY | Strategy.RING_ALL:
            return (membership.position,)


def _chance(seed: int, entry: UUID, agent: UUID) -> int:
    """Evenly spread, and the same again for the same seed."""
    named = seed.to_bytes(8, "big", signed=True) + entry.bytes + agent.bytes
    return int.from_bytes(blake2b(named, digest_size=8).digest(), "big")


def _why(head: _Head, snapshot: Snapshot) -> Chosen:
    """What told the chosen agent from the second best."""
    if _prefers(head.waiting, snapshot.now):
        return Chosen.LAST_AGENT
    if head.queue.strategy is Strategy.RING_ALL:
        return Chosen.ALL_RING
    if len(head.ranked) == 1:
        return Chosen.ONLY_ONE
    ours, theirs = (_rank(head.queue, head.waiting, agent, snapshot) for agent in head.ranked[:2])
    if ours[0] != theirs[0]:
        return Chosen.NOT_TRIED_YET
    if ours[1] != theirs[1]:
        return Chosen.PENALTY
    return Chosen.STRATEGY if ours[:-1] != theirs[:-1] else Chosen.AGENT_ID


def _changes(queue: QueueState, waiting: Waiting) -> Iterator[float]:
    for step in queue.skills if waiting.skills is None else waiting.skills:
        yield waiting.entered_at + step.after
    if waiting.preferred is not None:
        yield waiting.preferred_until


# ---------------------------------------------------------------- what is left, what is kept


def _without(snapshot: Snapshot, decision: Decision) -> Snapshot:
    gone = frozenset(decision.agents)
    return replace(
        snapshot,
        agents=tuple(agent for agent in snapshot.agents if agent.id not in gone),
        queues=tuple(
            replace(queue, waiting=_but(queue.waiting, decision.waiting))
            if queue.id == decision.queue_id
            else queue
            for queue in snapshot.queues
        ),
    )


def _but(waiting: Iterable[Waiting], one: Waiting) -> tuple[Waiting, ...]:
    return tuple(other for other in waiting if other.id != one.id)


def _grounds(snapshot: Snapshot, heads: Sequence[_Head], best: _Head, taken: int) -> Snapshot:
    kept: dict[UUID, FreeAgent] = {}
    queues: list[QueueState] = []
    for head in heads:
        others = taken + KEPT_CANDIDATES if head is best else 1
        kept |= {agent.id: agent for agent in head.ranked[:others]}
        ahead = [one for one, _ in head.passed[:KEPT_CANDIDATES]] if head is best else []
        queues.append(replace(head.queue, waiting=(*ahead, head.waiting)))
    known = {queue.id for queue in queues}
    agents = (_within(agent, known) for agent in sorted(kept.values(), key=lambda one: one.id))
    return replace(snapshot, queues=tuple(queues), agents=tuple(agents))


def _within(agent: FreeAgent, queues: set[UUID]) -> FreeAgent:
    memberships = {key: value for key, value in agent.memberships.items() if key in queues}
    return replace(agent, memberships=memberships)


def service_level(answered_within: int, answered: int, abandoned: int) -> float | None:
    """Answered in time of all who were answered or gave up, in per cent; None without any."""
    counted = answered + abandoned
    return round(100 * answered_within / counted, 1) if counted else None
