"""A plain forward as the switch runs it by itself: greet, ring, whisper, put through, record."""

from __future__ import annotations

import asyncio

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line, music_path
from hotline.telephony.fake.media import FakeRecorder, play_through, playable
from hotline.telephony.fake.mixer import put_through
from hotline.telephony.fake.ringing import DialledLine, Ringing
from hotline.telephony.port import Cause, ConnectPlan, Ended, MediaMissing, Party


class Connecting:
    """One forward. ``dialling``, ``rang``, ``decided`` and ``over`` say how far it has come.

    ``decided`` is done when the two are connected or nobody was reached; ``over`` when the
    conversation, if there was one, has ended. ``talk`` then says how.
    """

    def __init__(self, clock: Clock, caller: Line, plan: ConnectPlan, ringing: Ringing) -> None:
        loop = asyncio.get_running_loop()
        self.ringing = ringing
        self.winner: DialledLine | None = None
        self.talk: Ended | None = None
        self.dialling: asyncio.Future[None] = loop.create_future()
        self.rang: asyncio.Future[None] = loop.create_future()
        self.decided: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self._clock = clock
        self._caller = caller
        self._plan = plan
        self._work: asyncio.Task[None] | None = None

    @property
    def is_talking(self) -> bool:
        return self.winner is not None and self.decided.done() and not self.over.done()

    def start(self) -> None:
        self._work = asyncio.create_task(self._run())
        self._work.add_done_callback(self._finish)

    def caller_left(self, cause: int) -> None:
        """Everything ends with the caller."""
        self.cancel()
        self.ringing.cancel()
        for each in self.ringing.dialled:
            each.line.end(cause, by_outside=False)

    def cancel(self) -> None:
        """Stop greeting or ringing; a conversation goes on until one of the two hangs up."""
        if self._work is not None and not self.decided.done():
            self._work.cancel()

    async def _run(self) -> None:
        plan, caller = self._plan, self._caller
        if plan.before:
            caller.answer()
            await play_through(self._clock, caller, playable(plan.before))
        self.winner = await self._ring()
        if self.winner is None:
            return
        callee = self.winner.line
        await self._whisper(callee)
        caller.answer()
        put_through(caller, callee)
        self._record()
        _mark(self.decided)
        if callee.over is None:
            await self._talk(callee)
        self.talk = self._ended(callee)
        caller.part()
        callee.end(Cause.NORMAL, by_outside=False)

    async def _ring(self) -> DialledLine | None:
        if self._plan.music is not None:
            self._caller.answer()
            self._caller.hear(music_path(self._plan.music))
        passes_early = self._plan.music is None
        _mark(self.dialling)
        self.ringing.start(
            early_to=self._caller if passes_early else None, on_ringing=self._on_ringing
        )
        return await self.ringing.winner(self._plan.ring_timeout)

    def _on_ringing(self) -> None:
        _mark(self.rang)
        if self._plan.music is None:
            self._caller.ring()

    async def _whisper(self, callee: Line) -> None:
        whispering = asyncio.ensure_future(
            play_through(self._clock, callee, playable(self._plan.whisper))
        )
        gone = asyncio.ensure_future(callee.until_over())
        try:
            await asyncio.wait({whispering, gone}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            callee.end(Cause.NORMAL, by_outside=False)
            raise
        finally:
            whispering.cancel()
            gone.cancel()

    def _record(self) -> None:
        if self._plan.record is not None and self.winner is not None:
            try:
                recorder = FakeRecorder(self._clock, self._caller, self._plan.record)
            except MediaMissing:
                return
            self.winner.line.on_over.append(lambda _: recorder.close())

    async def _talk(self, callee: Line) -> None:
        ends: list[asyncio.Future[None]] = [
            asyncio.ensure_future(_over(callee)),
            asyncio.ensure_future(_over(self._caller)),
        ]
        if self._plan.max_talk is not None:
            ends.append(asyncio.ensure_future(self._clock.sleep(self._plan.max_talk)))
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ends:
                each.cancel()

    def _ended(self, callee: Line) -> Ended:
        assert self.winner is not None  # noqa: S101 - only a won dial gets here
        caller = self._caller
        if caller.over is not None:
            by = Party.CALLER if caller.over.by_outside else Party.SYSTEM
            cause, at = caller.over.cause, caller.over.at
        elif callee.over is not None:
            by = Party.CALLEE if callee.over.by_outside else Party.SYSTEM
            cause, at = callee.over.cause, callee.over.at
        else:
            by, cause, at = Party.SYSTEM, int(Cause.NORMAL), self._clock.now()
        callee.end(cause, by_outside=False)
        return Ended(by=by, cause=cause, at=at, attempt=self.winner.attempt)

    def _finish(self, work: asyncio.Task[None]) -> None:
        if work.cancelled():
            self.winner = None
            self.ringing.cancel()
        for milestone in (self.dialling, self.rang, self.decided, self.over):
            _mark(milestone)
        if not work.cancelled():
            work.result()


def _mark(milestone: asyncio.Future[None]) -> None:
    if not milestone.done():
        milestone.set_result(None)


async def _over(line: Line) -> None:
    await line.until_over()
