"""Phones in the outside world, and how each behaves when it is called."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self, TypeAlias

from hotline.kit.clock import Clock
from hotline.telephony.world.lines import Received
from hotline.telephony.world_port import Waited

Behaviour: TypeAlias = Callable[[Received], Awaitable[None]]


class Phone:
    """Implements ``world_port.OutsidePhone``."""

    def __init__(self, number: str, clock: Clock) -> None:
        self.number = number
        self._clock = clock
        self._calls: list[Received] = []
        self._given_out = 0
        self._reached = asyncio.Event()
        self._behaviour: Behaviour = _answer_at_once

    @property
    def calls(self) -> Sequence[Received]:
        return tuple(self._calls)

    async def rings(self, within: float = 10.0) -> Received:
        try:
            async with asyncio.timeout(within):
                while self._given_out >= len(self._calls):
                    self._reached.clear()
                    await self._reached.wait()
        except TimeoutError:
            raise Waited(f"no call reached {self.number} within {within} s") from None
        self._given_out += 1
        return self._calls[self._given_out - 1]

    def reached_by(self, line: Received) -> Behaviour:
        """A call has come; what is returned plays the phone's part in it."""
        self._calls.append(line)
        self._reached.set()
        return self._behaviour

    # ------------------------------------------------------------ behaviours

    def answers(
        self,
        after: float = 0.0,
        *,
        says: Path | None = None,
        hangs_up_after: float | None = None,
        presses: str = "",
    ) -> Self:
        async def behave(line: Received) -> None:
            await self._ring(line, after)
            await line.answer()
            if says is not None:
                await line.say(says)
            if presses:
                await line.press(presses)
            if hangs_up_after is not None:
                await self._clock.sleep(hangs_up_after)
                await line.hangup()

        return self._behaves(behave)

    def busy(self, after: float = 0.0) -> Self:
        return self.rejects(486, after)

    def never_answers(self) -> Self:
        async def behave(line: Received) -> None:
            await line.ring()

        return self._behaves(behave)

    def rejects(self, code: int = 603, after: float = 0.0) -> Self:
        async def behave(line: Received) -> None:
            await self._ring(line, after)
            await line.refuse(code)

        return self._behaves(behave)

    def unreachable(self) -> Self:
        return self.rejects(404)

    def drops_at_once(self) -> Self:
        async def behave(line: Received) -> None:
            await line.answer()
            await line.hangup()

        return self._behaves(behave)

    def early_media(self, media: Path, *, then: int | None = None, after: float = 0.0) -> Self:
        """As in the protocol; with ``then`` it refuses with that status ``after`` seconds of it."""

        async def behave(line: Received) -> None:
            await line.play_early(media)
            if then is not None:
                await self._clock.sleep(after)
                await line.refuse(then)

        return self._behaves(behave)

    def redirects(self, to: str = "13900009999") -> Self:
        async def behave(line: Received) -> None:
            await line.redirect(to)

        return self._behaves(behave)

    def _behaves(self, behaviour: Behaviour) -> Self:
        self._behaviour = behaviour
        return self

    async def _ring(self, line: Received, seconds: float) -> None:
        if seconds > 0:
            await line.ring()
            await self._clock.sleep(seconds)


async def _answer_at_once(line: Received) -> None:
    await line.answer()
