"""The switch's own knowledge of one incoming call; it outlives any controller."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from hotline.kit.clock import Clock
from hotline.telephony.fake.connecting import Connecting
from hotline.telephony.fake.line import Line
from hotline.telephony.fake.ringing import Ringing
from hotline.telephony.fake.world import FakeWorld
from hotline.telephony.port import Attempt, Cause, ConnectPlan, DialPlan, Party


class Channel:
    """An incoming call as the switch holds it."""

    def __init__(
        self, clock: Clock, world: FakeWorld, line: Line, *, dialled: str, caller: str,
    ) -> None:  # fmt: skip
        self.id = line.id
        self.line = line
        self.dialled = dialled
        self.caller = caller
        self.carrier = world.trunk
        self.arrived_at: datetime = clock.now()
        self.served = False
        self.ended_by_callee = False
        self.connecting: Connecting | None = None
        """The forward that runs now."""
        self.last_connect: Connecting | None = None
        self._clock = clock
        self._world = world
        self._rounds: list[Ringing] = []

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(attempt for one in self._rounds for attempt in one.attempts)

    def ringing(self, plan: DialPlan | ConnectPlan) -> Ringing:
        """A new round of dialling for this call."""
        ringing = Ringing(
            self._clock,
            self._world,
            prefix=f"{self.id}-leg{len(self._rounds) + 1}",
            plan=plan,
        )
        self._rounds.append(ringing)
        return ringing

    def connect(self, plan: ConnectPlan, then: Callable[[Channel], None]) -> Connecting:
        """Begin a forward, which goes on without any controller; ``then`` is told of its end."""
        ringing = self.ringing(plan)
        connecting = Connecting(self._clock, self.line, plan, ringing)
        self.connecting = self.last_connect = connecting
        connecting.over.add_done_callback(partial(self._connect_over, then))
        connecting.start()
        return connecting

    def end_dialled(self) -> None:
        """Every line that was dialled for this call ends."""
        for one in self._rounds:
            for each in one.dialled:
                each.line.end(int(Cause.NORMAL), by_outside=False)

    @property
    def ended_by(self) -> Party:
        """Who ended the call, once it has ended, as the journal has it."""
        over = self.line.over
        if over is not None and over.by_outside:
            return Party.CALLER
        return Party.CALLEE if self.ended_by_callee else Party.SYSTEM

    def _connect_over(self, then: Callable[[Channel], None], _: asyncio.Future[None]) -> None:
        self.connecting = None
        then(self)
