"""How much of the voice one person, and everybody together, may use at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from hotline.kit.clock import Clock
from hotline.kit.errors import TooManyError

_PER_MINUTE: Final = 20
_AT_ONCE: Final = 3
_REMEMBERED: Final = 10_000


class VoiceAllowance:
    """Previews and uploads: a number a minute for each, a few at once for all of this process."""

    def __init__(self, clock: Clock, *, per_minute: int = _PER_MINUTE) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._under_way = 0
        self._uses: dict[UUID, deque[float]] = {}

    @contextmanager
    def use(self, who: UUID) -> Iterator[None]:
        """Raises TooManyError."""
        now = self._clock.monotonic()
        uses = self._uses.setdefault(who, deque())
        while uses and uses[0] < now - 60:
            uses.popleft()
        if len(uses) >= self._per_minute or self._under_way >= _AT_ONCE:
            raise TooManyError
        uses.append(now)
        if len(self._uses) > _REMEMBERED:
            self._uses = {who: uses}
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
