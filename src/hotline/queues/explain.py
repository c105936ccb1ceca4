"""Why a call went to whom it went, told in words from the kept decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from hotline.kit.errors import Words
from hotline.queues.documents import reasons_from, recalled
from hotline.queues.rules import (
    Chosen,
    Decision,
    FreeAgent,
    Passed,
    QueueState,
    Snapshot,
    Strategy,
    Waiting,
    next_decision,
    required,
)

_CHOSEN: Final[Mapping[Chosen, Words]] = {
    Chosen.LAST_AGENT: Words("served this caller last", "上次接待了该客户"),
    Chosen.ONLY_ONE: Words("was the only one free who fits", "是唯一空闲且符合条件的座席"),
    Chosen.NOT_TRIED_YET: Words(
        "had not missed or sent on this call yet", "此前没有漏接或转走该来电"
    ),
    Chosen.PENALTY: Words("comes before those with a higher penalty", "优先级别高于其他座席"),
    Chosen.AGENT_ID: Words(
        "was equal to others in everything; the first by id is taken",
        "与其他座席条件完全相同，按编号取第一位",
    ),
    Chosen.ALL_RING: Words("all free agents ring at once", "所有空闲座席同时振铃"),
}
_STRATEGIES: Final[Mapping[Strategy, Words]] = {
    Strategy.LONGEST_IDLE: Words("had been idle longest", "空闲时间最长"),
    Strategy.ROUND_ROBIN: Words("was next in the round", "按轮询顺序轮到"),
    Strategy.RANDOM: Words("was drawn at random", "随机选中"),
    Strategy.FEWEST_CALLS: Words("had the fewest calls today", "今日接听次数最少"),
    Strategy.LEAST_TALK: Words("had talked least today", "今日通话时长最短"),
    Strategy.PRIORITY: Words("is first in the queue's order", "在座席组中排序最前"),
    Strategy.RING_ALL: Words("all free agents ring at once", "所有空闲座席同时振铃"),
}
_PASSED: Final[Mapping[Passed, Words]] = {
    Passed.NO_SKILLED_AGENT: Words(
        "nobody free had the skills they need", "没有具备所需技能的空闲座席"
    ),
    Passed.WAITS_FOR_LAST_AGENT: Words(
        "they wait for the agent who served them last", "正在等待上次接待的座席"
    ),
}


def explained(row: Mapping[Any, Any], names: Mapping[UUID, str]) -> Words:
    """A sentence or three; ``row`` is of queue_decisions, ``names`` what agents are called."""
    chosen, candidates, passed = reasons_from(row["reasons"])
    snapshot = recalled(row["inputs"])
    queue = next(queue for queue in snapshot.queues if queue.id == row["queue_id"])
    why = _STRATEGIES[queue.strategy] if chosen is Chosen.STRATEGY else _CHOSEN[chosen]
    who = [names.get(agent, str(agent)) for agent in row["agents"]]
    entry = next(
        one for queue in snapshot.queues for one in queue.waiting if one.id == row["entry_id"]
    )
    waited = max(0, round(snapshot.now - entry.entered_at))
    english = [
        f"After {waited} s of waiting the call went to {', '.join(who)}: {why.en} "
        f"({candidates} could have taken it)."
    ]
    chinese = [
        f"等待 {waited} 秒后分配给 {'、'.join(who)}：{why.zh}（共 {candidates} 位座席可接听）。"
    ]
    for said in _of_the_caller(queue, entry, snapshot.now):
        english.append(said.en)
        chinese.append(said.zh)
    for reason in dict.fromkeys(reason for _, reason in passed):
        count = sum(1 for _, other in passed if other is reason)
        english.append(f"{count} ahead waited on: {_PASSED[reason].en}.")
        chinese.append(f"前面有 {count} 位继续等待：{_PASSED[reason].zh}。")
    return Words(" ".join(english), "".join(chinese))


def _of_the_caller(queue: QueueState, entry: Waiting, now: float) -> Iterator[Words]:
    """What was particular to this caller."""
    if entry.priority != 0:
        yield Words(
            f"The caller's priority was {entry.priority}.", f"来电优先级为 {entry.priority}。"
        )
    asked = required(queue, entry, now)
    if asked:
        skills = "、".join(f"{skill} ≥ {level}" for skill, level in sorted(asked.items()))
        yield Words(f"Skills asked for by then: {skills}.", f"此时要求的技能：{skills}。")


def replay(row: Mapping[Any, Any]) -> Decision | None:
    """Decide again on what was known then."""
    return next_decision(recalled(row["inputs"]))


def same_again(row: Mapping[Any, Any]) -> bool:
    """Whether the replay chooses the same; agents that were taken away in between aside."""
    again = replay(row)
    return (
        again is not None
        and again.waiting.id == row["entry_id"]
        and set(row["agents"]) <= set(again.agents)
    )


def candidates_of(row: Mapping[Any, Any]) -> Sequence[FreeAgent]:
    """The agents that were weighed, as they were kept."""
    snapshot: Snapshot = recalled(row["inputs"])
    first = [agent for agent in snapshot.agents if agent.id in row["agents"]]
    rest = [agent for agent in snapshot.agents if agent.id not in row["agents"]]
    return [agent for agent in (*first, *rest) if row["queue_id"] in agent.memberships]
