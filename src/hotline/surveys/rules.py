"""What answers add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

HEADINGS: Final = ("座席", "分机", "问题", "按键", "含义", "次数", "占比", "问题平均分", "应答数")


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a question of an agent's callers was answered by a key."""

    agent_id: UUID | None
    question_id: UUID
    question: str
    key: str
    label: str
    score: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str
    count: int
    share: float
    """Of the question's answers, 0 to 1."""


@dataclass(slots=True)
class QuestionResult:
    """The answers to one question, of one agent's callers or of all."""

    question_id: UUID
    question: str
    answers: int = 0
    average: float | None = None
    """Of the answers that have a score."""
    choices: list[Choice] = field(default_factory=list)


def results_of(counted: Iterable[Counted]) -> list[QuestionResult]:
    """One result a question, in the order of first appearance; the words are the latest ones.

    Keys are in their own order, so that a distribution reads like the scale.
    """
    groups: dict[UUID, list[Counted]] = {}
    for one in counted:
        groups.setdefault(one.question_id, []).append(one)
    return [_result(question_id, group) for question_id, group in groups.items()]


def _result(question_id: UUID, group: Sequence[Counted]) -> QuestionResult:
    total = sum(one.count for one in group)
    scored = [one for one in group if one.score is not None]
    weight = sum(one.count for one in scored)
    average = (
        sum(one.count * one.score for one in scored if one.score is not None) / weight
        if weight
        else None
    )
    by_key: dict[str, tuple[str, int]] = {}
    for one in group:
        _, before = by_key.get(one.key, ("", 0))
        by_key[one.key] = (one.label, before + one.count)
    choices = [
        Choice(key, label, count, round(count / total, 4))
        for key, (label, count) in sorted(by_key.items())
    ]
    rounded = None if average is None else round(average, 3)
    return QuestionResult(question_id, group[-1].question, total, rounded, choices)


def result_rows(name: str, extension: str, results: Iterable[QuestionResult]) -> list[list[str]]:
    """The lines of a spreadsheet under HEADINGS."""
    return [
        [
            name,
            extension,
            result.question,
            choice.key,
            choice.label,
            str(choice.count),
            f"{choice.share:.1%}",
            "" if result.average is None else f"{result.average:.2f}",
            str(result.answers),
        ]
        for result in results
        for choice in result.choices
    ]
