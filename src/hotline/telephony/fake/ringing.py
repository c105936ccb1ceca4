"""Dialling targets in parallel: the first to answer wins, the others are cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line
from hotline.telephony.fake.world import FakeWorld, Invite
from hotline.telephony.port import AccountTarget, Attempt, ConnectPlan, DialPlan, LegResult, Target
from hotline.telephony.sip_codes import result_of_sip


@dataclass(slots=True)
class DialledLine:
    """One target being tried."""

    target: Target
    line: Line
    dialled_at: datetime
    given_up: LegResult | None = None
    """Why we stopped ringing it."""

    @property
    def attempt(self) -> Attempt:
        line, over = self.line, self.line.over
        sip_code = over.sip_code if over is not None and self.given_up is None else None
        if line.answered_at is not None:
            result = LegResult.ANSWERED
        elif self.given_up is not None:
            result = self.given_up
        elif over is None:
            result = LegResult.CANCELLED  # as it counts while it has no other
        else:
            result = result_of_sip(sip_code or 404)
        return Attempt(
            leg_id=line.id,
            target=self.target,
            result=result,
            sip_code=200 if line.answered_at is not None else sip_code,
            cause=over.cause if over is not None else None,
            dialled_at=self.dialled_at,
            ringing_at=line.ringing_at or line.early_at,
            answered_at=line.answered_at,
            ended_at=over.at if over is not None else None,
        )

    @property
    def is_settled(self) -> bool:
        """Its result stands."""
        return self.line.answered_at is not None or self.line.over is not None

    def cancel(self, why: LegResult) -> None:
        """Stop ringing it; harmless when its result stands."""
        if not self.is_settled:
            self.given_up = why
            self.line.end(19 if why is LegResult.NO_ANSWER else 16, by_outside=False)


class Ringing:
    """All targets of one dial. ``dialled`` is what they came to, also after a cancel."""

    def __init__(
        self,
        clock: Clock,
        world: FakeWorld,
        *,
        prefix: str,
        plan: DialPlan | ConnectPlan,
    ) -> None:
        self._clock = clock
        self._world = world
        self._prefix = prefix
        self._plan = plan
        self._changed = asyncio.Event()
        self.dialled: list[DialledLine] = []

    def start(self, *, on_ringing: Callable[[], None], early_to: Line | None = None) -> None:
        """Send every INVITE; ``early_to`` hears what a ringing target sends."""
        plan = self._plan
        targets = plan.targets if isinstance(plan, DialPlan) else (plan.target,)
        for number, target in enumerate(targets, start=1):
            line = Line(self._clock, f"{self._prefix}-{number}")
            line.target, line.early_to = target, early_to
            self._world.dialled[line.id] = line
            self.dialled.append(DialledLine(target, line, self._clock.now()))
        for each in self.dialled:
            self._world.start(self._watch(each.line, on_ringing), each.line)
            self._send(each)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(each.attempt for each in self.dialled)

    async def winner(self, ring_timeout: float) -> DialledLine | None:
        """The first that answers; the others are cancelled, all of them when time is up."""
        waiting = asyncio.ensure_future(self._first_answer())
        limit = asyncio.ensure_future(self._clock.sleep(ring_timeout))
        try:
            await asyncio.wait({waiting, limit}, return_when=asyncio.FIRST_COMPLETED)
            won = waiting.result() if waiting.done() else None
        except asyncio.CancelledError:
            self.cancel()
            raise
        finally:
            waiting.cancel()
            limit.cancel()
        for each in self.dialled:
            each.cancel(LegResult.NO_ANSWER if won is None else LegResult.CANCELLED)
        return won

    def cancel(self) -> None:
        for each in self.dialled:
            each.cancel(LegResult.CANCELLED)

    def abandon(self) -> None:
        """End every line, those that have answered too."""
        self.cancel()
        for each in self.dialled:
            each.line.end(16, by_outside=False)

    async def _first_answer(self) -> DialledLine | None:
        lines = [each.line for each in self.dialled]
        while not all(each.is_settled for each in self.dialled):
            if any(line.answered_at is not None for line in lines):
                break
            changes = [asyncio.ensure_future(_change(line)) for line in lines if line.over is None]
            try:
                await asyncio.wait(changes, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in changes:
                    each.cancel()
        answered = [each for each in self.dialled if each.line.answered_at is not None]
        return answered[0] if answered else None

    def _send(self, each: DialledLine) -> None:
        target = each.target
        if isinstance(target, AccountTarget):
            device = self._world.registered(target.account)
        elif target.trunk == self._world.trunk:
            device = self._world.phone(target.number)
        else:  # no such trunk: there is nobody to send an INVITE to
            each.line.end(20, by_outside=True)
            return
        if device is None:
            each.line.end(1, by_outside=True, sip_code=404)
        else:
            device.receive(each.line, self._invite(each.target))

    def _invite(self, target: Target) -> Invite:
        plan = self._plan
        invite = Invite(plan.caller_id.number, plan.caller_id.name)
        if isinstance(plan, DialPlan) and isinstance(target, AccountTarget):
            return replace(invite, auto_answer=plan.auto_answer, headers=dict(plan.headers))
        return invite

    @staticmethod
    async def _watch(line: Line, on_ringing: Callable[[], None]) -> None:
        await line.until(lambda: bool(line.ringing_at or line.early_at or line.answered_at))
        if line.ringing_at or line.early_at:
            on_ringing()


async def _change(line: Line) -> None:
    settled = line.answered_at is not None or line.over is not None
    if not settled:
        await line.until(lambda: line.answered_at is not None or line.over is not None)
