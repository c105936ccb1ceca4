"""Verbs that a caller's and a called party's channel share, and the called party's channel."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from hotline.kit.clock import Clock
from hotline.telephony.fake import media as media_of
from hotline.telephony.fake.line import Line
from hotline.telephony.fake.session import Session
from hotline.telephony.port import (
    CallerGone,
    Cause,
    Collected,
    CollectPlan,
    LegGone,
    Media,
    Played,
    Recorder,
    RecordSpec,
    Target,
)

T = TypeVar("T")


class FakeParty:
    """One channel under a controller's command."""

    def __init__(self, clock: Clock, session: Session, line: Line) -> None:
        self.line = line
        self._clock = clock
        self._session = session

    def _gone(self, cause: int) -> Exception:
        return CallerGone(cause)

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return await self._session.run(work, line=self.line, gone=self._gone)

    async def _play(self, media: Sequence[Media], interrupt: str) -> Played:
        return await self._run(media_of.play(self._clock, self.line, media, interrupt))

    async def collect(self, plan: CollectPlan) -> Collected:
        return await self._run(media_of.collect(self._clock, self.line, plan))

    async def record(self, spec: RecordSpec) -> Recorder:
        async def begin() -> Recorder:
            return media_of.FakeRecorder(self._clock, self.line, spec)

        return await self._run(begin())

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        await self._session.reachable()
        self.line.end(int(cause), by_outside=False, sip_code=None)


class FakeLeg(FakeParty):
    """An answered outgoing channel. Implements ``port.Leg``."""

    def __init__(self, clock: Clock, session: Session, line: Line, target: Target) -> None:
        super().__init__(clock, session, line)
        self._target = target

    @property
    def id(self) -> str:
        return self.line.id

    @property
    def target(self) -> Target:
        return self._target

    def _gone(self, cause: int) -> Exception:
        return LegGone(self.line.id, cause)

    async def play(self, media: Sequence[Media], *, interrupt: str = "") -> Played:
        return await self._play(media, interrupt)

    async def gone(self) -> int:
        over = await self._session.run(self.line.until_over())
        return over.cause
