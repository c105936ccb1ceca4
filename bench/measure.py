"""Two figures of a contender: what a call costs, and how many calls a second it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import mean, median, quantiles, stdev

from bench.contender import ANNOUNCED, CALLERS, Contender
from bench.cpu import cpu_seconds
from bench.sipp import Load, SippStuckError, place_calls

HELD_AT = 0.995
PROMPT_WITHIN = 0.5
"""Seconds within which 95 of 100 calls are to be connected once the announcements are over: a
switch that has too much to do goes on completing calls, but its callers talk less."""
RATE_AIM = 0.95
"""Hotline is to hold so much of the native rate (docs/performance.md)."""
WORTH_ANOTHER_TRY = 0.97
SHORT_CALL_SECONDS = 5.0
"""As the queue's calls are, and the others unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds per call, by part."""

    parts: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Burst:
    """Calls of one flow at an even pace."""

    number: str
    """Of the flow."""
    rate: float
    """Calls a second."""
    seconds: float
    """During which calls are placed."""
    call_seconds: float
    """From a call's answer to its end."""

    def lateness(self, load: Load) -> Lateness:
        """Of the load that this burst came to."""
        late = [seconds - ANNOUNCED[self.number] for seconds in load.set_ups]
        if len(late) < 2:
            return Lateness(inf, inf)
        return Lateness(mean(late), quantiles(late, n=20)[-1])

    def is_held(self, load: Load) -> bool:
        return load.success >= HELD_AT and self.lateness(load).most <= PROMPT_WITHIN


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds from a call's INVITE to its phone's being connected, without the announcements."""

    mean: float
    most: float
    """Of 95 calls in 100."""

    def __str__(self) -> str:
        return f"{self.mean:.2f} s late, 95 % within {self.most:.2f} s"


async def place(contender: Contender, folder: Path, burst: Burst) -> tuple[Load, Cost]:
    """Place the calls of ``burst``; the load as it went and the CPU it cost.

    Raises SippStuckError when that happens twice.
    """
    try:
        return await _place(contender, folder, burst)
    except SippStuckError:
        return await _place(contender, folder, burst)


async def _place(contender: Contender, folder: Path, burst: Burst) -> tuple[Load, Cost]:
    await contender.rest()
    roots = contender.parts()
    before = _spent(roots)
    load = await asyncio.to_thread(
        place_calls,
        folder,
        source=CALLERS,
        target=contender.sip,
        number=burst.number,
        rate=burst.rate,
        calls=round(burst.rate * burst.seconds),
        talk_seconds=burst.call_seconds,
    )
    await asyncio.sleep(1.0)  # what was left for after the call belongs to its cost
    after = _spent(roots)
    per_call = 1000 / load.offered
    return load, Cost({part: (after[part] - before[part]) * per_call for part in roots})


def _spent(roots: dict[str, list[int]]) -> dict[str, float]:
    """CPU seconds by part; a part started by another one counts for itself alone."""
    every = {pid for pids in roots.values() for pid in pids}
    return {part: cpu_seconds(*pids, without=every - set(pids)) for part, pids in roots.items()}


async def highest_rate(contender: Contender, folder: Path, search: Search) -> float:
    """The highest rate held (:meth:`Burst.is_held`), to within ``search.step``; 0: none.

    In strides until one fails, then by halves between the two. A rate that is narrowly missed is
    tried once more: one hiccup of a shared machine says little.
    """
    held, failed = 0.0, search.most + search.step
    while failed - held > search.step and search.step < failed and held < search.most:
        rate = _next_rate(held, failed, search)
        if await _holds(contender, folder, search.at(rate)):
            held = rate
        else:
            failed = rate
    return held


@dataclass(frozen=True, slots=True)
class Search:
    """Where and how finely the highest rate is looked for. Rates are calls a second; strides and
    steps are given as calls at once, so that they fit calls of any length."""

    number: str
    start: float
    call_seconds: float

    @property
    def stride(self) -> float:
        return 60 / self.call_seconds

    @property
    def step(self) -> float:
        return 10 / self.call_seconds

    @property
    def most(self) -> float:
        return 1000 / self.call_seconds

    def at(self, rate: float) -> Burst:
        """Fifteen seconds of it, or the length of a call, are at the full number of calls: what is
        put off for a few seconds does not pass for held."""
        seconds = self.call_seconds + max(15, self.call_seconds)
        return Burst(self.number, rate, seconds, self.call_seconds)


def _next_rate(held: float, failed: float, search: Search) -> float:
    if failed > search.most:  # none has failed yet
        return min(search.most, held + search.stride if held else search.start)
    if not held:
        return round(failed * 0.7, 1)
    return round((held + failed) / 2, 1)


async def _holds(contender: Contender, folder: Path, burst: Burst) -> bool:
    for _ in range(2):
        load, _cost = await place(contender, folder, burst)
        if burst.is_held(load):
            return True
        await asyncio.sleep(2)
        if load.success < WORTH_ANOTHER_TRY:
            break
    return False


def ratio_of(ours: Sequence[Cost], theirs: Sequence[Cost]) -> str:
    """Of bursts in turn, each to the one beside it; of several the mean and its standard error."""
    ratios = [a.total / b.total for a, b in zip(ours, theirs, strict=True)]
    if len(ratios) == 1:
        return f"{ratios[0]:.2f}"
    return f"{mean(ratios):.3f} ± {stdev(ratios) / len(ratios) ** 0.5:.3f}"


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each part."""
    return Cost({part: median(cost.parts[part] for cost in costs) for part in costs[0].parts})
