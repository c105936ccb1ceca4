"""Verbs that a caller's and a called party's channel share, and the called party's channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from hotline.kit.clock import Clock
from hotline.telephony.fake import media as media_of
from hotline.telephony.fake.line import Line, music_path
from hotline.telephony.fake.session import Session
from hotline.telephony.port import (
    CallerGone,
    Cause,
    Collected,
    CollectPlan,
    LegGone,
    Media,
    Played,
    RecordedMessage,
    Recorder,
    RecordPlan,
    RecordSpec,
    Target,
)
from hotline.telephony.sip_codes import sip_of_cause

T = TypeVar("T")


class FakeParty:
    """One channel under a controller's command. Implements ``port.Line``."""

    def __init__(self, clock: Clock, session: Session, line: Line) -> None:
        self.line = line
        self._clock = clock
        self._session = session

    @property
    def id(self) -> str:
        return self.line.id

    def belongs_to(self, session: Session) -> bool:
        """Whether it is that controller's."""
        return self._session is session

    def gone_error(self) -> Exception:
        """What its verbs raise once it has hung up."""
        assert self.line.over is not None  # noqa: S101 - asked only then
        return self._gone(self.line.over.cause)

    def _gone(self, cause: int) -> Exception:
        return CallerGone(cause)

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return await self._session.run(work, line=self.line, gone=self._gone)

    async def play(self, media: Sequence[Media], *, interrupt: str = "", repeat: int = 1) -> Played:
        self.line.open_early()
        everything = tuple(media) * repeat
        return await self._run(media_of.play(self._clock, self.line, everything, interrupt))

    def music(self, name: str = "default") -> AbstractAsyncContextManager[None]:
        @asynccontextmanager
        async def playing() -> AsyncIterator[None]:
            async def begin() -> None:
                self.line.hear(music_path(name))

            await self._run(begin())
            yield

        return playing()

    async def collect(self, plan: CollectPlan) -> Collected:
        return await self._run(media_of.collect(self._clock, self.line, plan))

    async def record(self, spec: RecordSpec) -> Recorder:
        async def begin() -> Recorder:
            return media_of.FakeRecorder(self._clock, self.line, spec)

        return await self._run(begin())

    async def record_message(self, plan: RecordPlan) -> RecordedMessage:
        async def begin() -> media_of.FakeRecorder:
            if plan.beep is not None:
                await media_of.play_through(self._clock, self.line, [plan.beep])
            return media_of.FakeRecorder(self._clock, self.line, RecordSpec(plan.path))

        recorder = await self._run(begin())
        try:
            return await self._session.run(media_of.take_message(self._clock, self.line, plan))
        finally:
            if self._session.is_whole:  # otherwise the switch goes on by itself
                recorder.close()

    async def send_digits(self, digits: str) -> None:
        async def press() -> None:
            self.line.pressed += digits
            self.line.changed()

        await self._run(press())

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        await self._session.reachable()
        self.line.end(int(cause), by_outside=False, sip_code=sip_of_cause(int(cause)))

    async def gone(self) -> int:
        over = await self._session.run(self.line.until_over())
        return over.cause


class FakeLeg(FakeParty):
    """An answered outgoing channel. Implements ``port.Leg``."""

    def __init__(self, clock: Clock, session: Session, line: Line, target: Target) -> None:
        super().__init__(clock, session, line)
        self._target = target

    @property
    def target(self) -> Target:
        return self._target

    def _gone(self, cause: int) -> Exception:
        return LegGone(self.line.id, cause)
