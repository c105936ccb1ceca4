"""What points on a score sheet come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from hotline.kit.errors import Words

HEADINGS: Final = ("时间", "座席", "分机", "评分表", "总分", "评分人", "评语", "通话编号")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged: from 0 to ``points``, and how much that weighs."""

    key: str
    weight: int
    points: int


class PointsError(ValueError):
    """Points that do not fit their sheet; ``words`` say which."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def total_of(criteria: Sequence[Criterion], points: Mapping[str, int]) -> Decimal:
    """The weighted share of what can be reached, 0 to 100, to two places.

    Sum of weight x points given / points possible, over the sum of weights. Every criterion
    must be judged. Raises PointsError.
    """
    known = {criterion.key for criterion in criteria}
    missing, odd = known - points.keys(), points.keys() - known
    if missing or odd:
        names = "、".join(sorted(missing | odd))
        raise PointsError(Words(f"judge these and no others: {names}", f"评分项不符：{names}"))
    reached = Decimal(0)
    for criterion in criteria:
        given = points[criterion.key]
        if not 0 <= given <= criterion.points:
            raise PointsError(
                Words(
                    f"{criterion.key}: from 0 to {criterion.points}",
                    f"{criterion.key}：应为 0 到 {criterion.points} 分",
                )
            )
        reached += Decimal(criterion.weight * given) / criterion.points
    total = reached * 100 / sum(criterion.weight for criterion in criteria)
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def criteria_of(stored: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """From a sheet as it is stored."""
    return [Criterion(one["key"], one["weight"], one["points"]) for one in stored]
