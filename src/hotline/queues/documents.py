"""Snapshots as the database gives them and decisions as it keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

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
)


def snapshot_of(document: Mapping[str, Any], *, now: float, seed: int) -> Snapshot:
    """The snapshot from queue_snapshot()'s document, or from the inputs of a kept decision."""
    lines: dict[UUID, list[Waiting]] = {}
    for row in document["entries"] or ():
        queue_id, waiting = _waiting(row)
        lines.setdefault(queue_id, []).append(waiting)
    queues = tuple(
        QueueState(UUID(key), Strategy(strategy), weight, steps_of(skills), tuple(lines[UUID(key)]))
        for key, strategy, weight, skills in document["queues"] or ()
    )
    return Snapshot(now, seed, queues, tuple(_agent(row) for row in document["agents"] or ()))


def inputs_of(snapshot: Snapshot) -> dict[str, object]:
    """A snapshot as it is kept; :func:`recalled` reads it back."""
    return {
        "now": snapshot.now,
        "seed": snapshot.seed,
        "queues": [
            [queue.id, queue.strategy, queue.weight, _kept_steps(queue.skills)]
            for queue in snapshot.queues
        ],
        "entries": [
            [
                one.id,
                queue.id,
                one.call_id,
                one.priority,
                one.entered_at,
                None if one.skills is None else _kept_steps(one.skills),
                one.preferred,
                one.preferred_until,
                sorted(one.tried),
            ]
            for queue in snapshot.queues
            for one in queue.waiting
        ],
        "agents": [
            [
                agent.id,
                agent.idle_since,
                agent.calls,
                agent.talk_ms,
                dict(agent.skills),
                [
                    [queue_id, m.penalty, m.position, m.last_turn]
                    for queue_id, m in agent.memberships.items()
                ],
            ]
            for agent in snapshot.agents
        ],
    }


def recalled(inputs: Mapping[str, Any]) -> Snapshot:
    """The snapshot that :func:`inputs_of` kept."""
    return snapshot_of(inputs, now=inputs["now"], seed=inputs["seed"])


def reasons_of(decision: Decision) -> dict[str, object]:
    return {
        "chosen": decision.chosen,
        "candidates": decision.candidates,
        "passed": [[entry, why] for entry, why in decision.passed],
    }


def reasons_from(
    document: Mapping[str, Any],
) -> tuple[Chosen, int, tuple[tuple[UUID, Passed], ...]]:
    """What :func:`reasons_of` kept: what decided, of how many, and who was passed over."""
    passed = tuple((UUID(entry), Passed(why)) for entry, why in document["passed"])
    return Chosen(document["chosen"]), document["candidates"], passed


def steps_of(document: Sequence[Mapping[str, Any]] | None) -> tuple[SkillStep, ...]:
    """Skill steps as settings have them."""
    return tuple(SkillStep(float(step["after"]), step["skills"]) for step in document or ())


def _kept_steps(steps: Sequence[SkillStep]) -> list[dict[str, object]]:
    return [{"after": step.after, "skills": dict(step.skills)} for step in steps]


def _waiting(row: Sequence[Any]) -> tuple[UUID, Waiting]:
    key, queue, call, priority, entered_at, skills, preferred, until, tried = row
    return UUID(queue), Waiting(
        UUID(key),
        UUID(call),
        priority,
        float(entered_at),
        None if skills is None else steps_of(skills),
        UUID(preferred) if preferred else None,
        float(until or 0),
        frozenset(UUID(agent) for agent in tried),
    )


def _agent(row: Sequence[Any]) -> FreeAgent:
    key, idle_since, calls, talk_ms, skills, memberships = row
    belongs = {
        UUID(queue): Membership(penalty, position, turn)
        for queue, penalty, position, turn in memberships
    }
    return FreeAgent(UUID(key), float(idle_since), calls, talk_ms, skills or {}, belongs)
