"""What survey answers and score sheets come to."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.call_log import unfinished_messages
from hotline.calls.events import (
    MessageDropped,
    MessageLeft,
    MessageStarted,
)
from hotline.calls.stored_events import data_of, event_of
from hotline.kit.clock import SystemClock
from hotline.quality.rules import Criterion, PointsError, total_of
from hotline.surveys.rules import Counted, results_of

SHEET = (Criterion("greeting", 1, 5), Criterion("solution", 3, 10))
ONE = UUID(int=1)


@pytest.mark.parametrize(
    ("greeting", "solution", "total"),
    [(5, 10, "100.00"), (0, 0, "0.00"), (5, 0, "25.00"), (0, 10, "75.00"), (4, 7, "72.50")],
)
def test_weights_count(greeting: int, solution: int, total: str) -> None:
    assert total_of(SHEET, {"greeting": greeting, "solution": solution}) == Decimal(total)


@pytest.mark.parametrize(
    "points",
    [
        {"greeting": 5},
        {"greeting": 5, "solution": 10, "other": 1},
        {"greeting": 6, "solution": 1},
        {"greeting": -1, "solution": 1},
    ],
)
def test_points_must_fit_the_sheet(points: dict[str, int]) -> None:
    with pytest.raises(PointsError):
        total_of(SHEET, points)


@given(
    st.lists(st.tuples(st.integers(1, 100), st.integers(1, 100)), min_size=1, max_size=8).flatmap(
        lambda sheet: st.tuples(
            st.just(sheet), st.tuples(*(st.integers(0, points) for _, points in sheet))
        )
    )
)
def test_the_total_is_a_share(judged: tuple[list[tuple[int, int]], tuple[int, ...]]) -> None:
    sheet, given_points = judged
    criteria = [Criterion(f"c{n}", weight, most) for n, (weight, most) in enumerate(sheet)]
    total = total_of(criteria, {f"c{n}": points for n, points in enumerate(given_points)})
    assert 0 <= total <= 100
    everything = all(
        points == one.points for points, one in zip(given_points, criteria, strict=True)
    )
    assert (total == 100) >= everything


def counted(key: str, score: float | None, count: int, agent: UUID | None = None) -> Counted:
    return Counted(agent, ONE, "满意吗", key, f"标签{key}", score, count)


def test_a_question_is_summed_over_agents() -> None:
    both = [counted("1", 5, 3, UUID(int=2)), counted("2", 1, 1, UUID(int=3)), counted("1", 5, 1)]
    [result] = results_of(both)
    assert (result.answers, result.average) == (5, 4.2)
    assert [(choice.key, choice.count, choice.share) for choice in result.choices] == [
        ("1", 4, 0.8),
        ("2", 1, 0.2),
    ]


def test_keys_without_a_score_count_in_no_average() -> None:
    [result] = results_of([counted("1", 4, 1), counted("0", None, 3)])
    assert (result.answers, result.average) == (4, 4)
    [result] = results_of([counted("0", None, 3)])
    assert result.average is None


def test_a_message_whose_end_nobody_saw_is_kept() -> None:
    now = SystemClock().now()
    started = [
        MessageStarted(
            at=now, number=n, box_id=ONE, message_id=UUID(int=n), node="main", file=f"{n}.wav"
        )
        for n in (1, 2, 3)
    ]
    dropped = MessageDropped(at=now, number=1, why="recorded_again")
    [second, third] = unfinished_messages([*started, dropped], now)
    assert (second.message_id, third.file, third.seconds) == (UUID(int=2), "3.wav", None)
    assert unfinished_messages([*started, dropped, second, third], now) == []
    read = event_of(MessageLeft.type, now, orjson.loads(orjson.dumps(data_of(third))))
    assert read == third
