"""A controller's connection to the fake switch: whole, interrupted, or gone for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line
from hotline.telephony.port import SwitchDown

T = TypeVar("T")


class Session:
    """What one run of a controller may still say to the switch."""

    def __init__(self, clock: Clock, patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._interrupted = False
        self._given_up = False
        self._dropped = False
        self._changed = asyncio.Event()
        self._timer: asyncio.Task[None] | None = None

    @property
    def is_whole(self) -> bool:
        return not (self._interrupted or self._dropped)

    @property
    def is_dropped(self) -> bool:
        return self._dropped

    @property
    def has_given_up(self) -> bool:
        """Every verb that waited has raised SwitchDown."""
        return self._given_up

    def interrupt(self) -> None:
        """The connection is lost; after ``patience`` seconds waiting verbs give up."""
        self._interrupted = True
        self._timer = asyncio.ensure_future(self._give_up())
        self._notify()

    def mend(self) -> None:
        self._interrupted = self._given_up = False
        if self._timer is not None:
            self._timer.cancel()
        self._notify()

    def drop(self) -> None:
        """The controller has died: nothing it still says counts."""
        self._dropped = True
        if self._timer is not None:
            self._timer.cancel()
        self._notify()

    async def reachable(self) -> None:
        """Wait until commands go through. Raises SwitchDown."""
        while not self.is_whole:
            if self._dropped or self._given_up:
                raise SwitchDown("the switch does not answer")
            await self._changed.wait()

    async def run(
        self,
        work: Coroutine[Any, Any, T],
        *,
        line: Line | None = None,
        gone: Callable[[int], Exception] | None = None,
    ) -> T:
        """Run a verb's work on the switch.

        Raises what ``gone`` makes of the cause when ``line`` ends first, and SwitchDown. A result
        reached while the connection is interrupted is handed over when it is mended.
        """
        try:
            await self.reachable()
        except BaseException:
            work.close()
            raise
        task = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._line_over(line))
        down = asyncio.ensure_future(self._down())
        try:
            await asyncio.wait({task, over, down}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
            await self.reachable()
            if over.done() and gone is not None and (task.cancelled() or line_is_over(line)):
                raise gone(over.result())
            return task.result()
        finally:
            for each in (task, over, down):
                each.cancel()
            await asyncio.wait({task, over, down})

    async def _give_up(self) -> None:
        await self._clock.sleep(self._patience)
        self._given_up = True
        self._notify()

    async def _down(self) -> None:
        while not (self._dropped or self._given_up):
            await self._changed.wait()

    @staticmethod
    async def _line_over(line: Line | None) -> int:
        if line is None:
            await asyncio.get_running_loop().create_future()
        assert line is not None  # noqa: S101 - the line above never returns without one
        return (await line.until_over()).cause

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def line_is_over(line: Line | None) -> bool:
    return line is not None and line.over is not None
