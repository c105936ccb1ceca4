"""When a bulletin is shown, and when it must be read again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a bulletin is in its life."""

    PLANNED = "planned"
    SHOWN = "shown"
    OVER = "over"


_WHAT_IS_READ: Final = frozenset({"title", "body"})


def stage_of(shows_from: datetime, shows_until: datetime | None, now: datetime) -> Stage:
    """``shows_until`` itself is no longer part of the time."""
    if now < shows_from:
        return Stage.PLANNED
    return Stage.SHOWN if shows_until is None or now < shows_until else Stage.OVER


def is_read_anew(changed: Collection[str]) -> bool:
    """Whether those who had read it before these fields changed have to read it again."""
    return not _WHAT_IS_READ.isdisjoint(changed)
