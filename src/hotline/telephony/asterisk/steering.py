"""Keeps the threads of one call together on one core, and has them wait for each other.

A packet of sound passes through two threads of its call, and a third if it is recorded. On one core
they take turns. Across cores each has to interrupt and wake up the other's, which costs more than
passing the packet on. The system cannot know which threads belong together and wakes them wherever
a core is idle.

There the one that is woken up would interrupt the one that wakes it, in the middle of what it does
for the packet, and be interrupted in turn. As batch work (sched(7)) it waits until the other has
done, some microseconds, and what is not of one call, such as SIP's own thread, still comes first.

What the switch starts for a call is run where and as its starter is, and all calls are begun by the
switch's workers. So it is enough to tell these: each is batch work, on one core for a moment, then
on the next, and on none that has more to do than the others.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Final, TypeAlias

import structlog

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.console import say
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.management import ManagementUnreachable

_log = structlog.get_logger(__name__)
Core: TypeAlias = int
Thread: TypeAlias = int
Shares: TypeAlias = dict[Core, float]
"""How much of the time each core was busy, 0 to 1."""

_WORKER: Final = "default_tps_processing_function"
"""What the switch's workers run, by its own name; they read SIP's messages and begin calls."""
_OF_CALLS: Final = frozenset({"pbx_thread", "mixmonitor_thread", "bridge_channel_ind_thread"})
_LISTED: Final = re.compile(r"^0x\w+ (\d+) (\S+) +started at ", re.MULTILINE)
_EVERY: Final = 0.5
_AT_REST: Final = 2.0
_BUSY: Final = 0.1
"""Below it calls are few and may share a core until the next look."""
_LISTED_EVERY: Final = 120
"""Steps, a minute or more: workers that have come since are few, if any."""
_ABOVE: Final = 0.05
"""A core that is so much busier than the mean takes no new calls."""
_FULL, _ROOM = 0.97, 0.75
_PATIENCE: Final = 5


class Steering:
    """Of the calls of one switch."""

    def __init__(self, installation: Installation, main_file: Path) -> None:
        self._installation = installation
        self._main_file = main_file
        self._cores: frozenset[Core] = frozenset()
        self._workers: dict[Thread, Core | None] = {}
        """With the core that each was told last."""
        self._until_listed = 0
        self._turn = 0
        self._load = Load()
        self._pid: int | None = None

    async def keep(self, pid: Callable[[], int | None], clock: Clock) -> None:
        """Until cancelled, or until it turns out that we may not: ``pid`` is the
        switch's process, None while there is none."""
        try:
            while True:
                pause = _AT_REST
                if (running := pid()) is not None:
                    try:
                        pause = await self._look(running)
                    except ManagementUnreachable as error:
                        _log.debug("switch.threads_not_listed", error=str(error))
                    except OSError as error:  # not allowed, or its cores were taken away
                        _log.info("switch.not_steered", error=str(error))
                        return
                await clock.sleep(pause)
        finally:
            self.let_go()

    async def _look(self, pid: int) -> float:
        """Seconds until the next look."""
        if pid != self._pid:
            self._pid, self._workers, self._until_listed = pid, {}, 0
        if not self._until_listed:
            await self.find_workers(pid)
            self._until_listed = _LISTED_EVERY
        self._until_listed -= 1
        if len(self._cores) < 2:
            return _AT_REST
        shares = self._load.shares(self._cores)
        if not shares:
            return _EVERY
        if self._load.is_lopsided:
            _log.info("switch.cores_lopsided", shares=shares)
            await asyncio.to_thread(self._free, _threads(pid))
            self._workers = dict.fromkeys(self._workers)
            self._load = Load()
        is_busy = max(shares.values()) > _BUSY
        if is_busy or None in self._workers.values():
            self.steer(with_room(shares))
        return _EVERY if is_busy else _AT_REST

    async def find_workers(self, pid: int) -> None:
        """Those that begin calls, and make them and their calls batch work. Raises
        ManagementUnreachable."""
        self._cores = frozenset(_allowed(pid))
        listing = await say(self._installation, self._main_file, "core show threads")
        runs = {int(thread): name for thread, name in _LISTED.findall(listing)}
        self._workers = {
            thread: self._workers.get(thread) for thread, name in runs.items() if name == _WORKER
        }
        try:
            for thread in self._workers:
                _run_as(thread, os.SCHED_BATCH)
        except OSError as error:  # a core for each call is still worth it
            _log.debug("switch.not_batch_work", error=str(error))
        # Whatever serves all calls was perhaps started by one of them.
        self._let_be(
            thread
            for thread, name in runs.items()
            if thread not in self._workers and name not in _OF_CALLS
        )

    def steer(self, cores: Sequence[Core]) -> None:
        """Calls that begin from now on take these, in turn. Raises OSError where this process may
        not tell the switch's threads where to run, or they may not run there."""
        # A call is begun by the first worker that is idle, mostly the same one.
        self._turn += 1
        turns = islice(cycle(cores), self._turn % len(cores), None)
        for (thread, told), core in zip(list(self._workers.items()), turns, strict=False):
            if told != core:
                _allow(thread, {core})
                self._workers[thread] = core

    def let_go(self) -> None:
        """Calls that begin from now on may be anywhere; the others stay where and as they are."""
        self._let_be(self._workers)
        self._workers = dict.fromkeys(self._workers)

    def _let_be(self, threads: Iterable[Thread]) -> None:
        """As the system has threads of whom nobody says anything."""
        threads = list(threads)
        self._free(threads)
        for thread in threads:
            with suppress(OSError):
                _run_as(thread, os.SCHED_OTHER)

    def _free(self, threads: Iterable[Thread]) -> None:
        for thread in threads:
            with suppress(OSError):
                _allow(thread, self._cores)


class Load:
    """How busy the cores were in the last looks."""

    def __init__(self) -> None:
        self._samples: deque[dict[Core, tuple[int, int]]] = deque(maxlen=3)
        self._lopsided = 0

    @property
    def is_lopsided(self) -> bool:
        """For some looks one core had no time left while another had: calls that stay long, or
        something else that keeps to a core."""
        return self._lopsided >= _PATIENCE

    def shares(self, cores: Iterable[Core]) -> Shares:
        """Since the look before the last; empty the first time."""
        self._samples.append(_ticks())
        first, last = self._samples[0], self._samples[-1]
        shares = {}
        for core in cores:
            if core in first and core in last:
                busy, all_in_all = (b - a for a, b in zip(first[core], last[core], strict=True))
                if all_in_all > 0:
                    shares[core] = busy / all_in_all
        if shares:
            full = max(shares.values()) > _FULL and min(shares.values()) < _ROOM
            self._lopsided = self._lopsided + 1 if full else 0
        return shares


def with_room(shares: Shares) -> list[Core]:
    """The cores that are about as busy as the others, or less."""
    most = sum(shares.values()) / len(shares) + _ABOVE
    return [core for core in sorted(shares) if shares[core] <= most]


def _ticks() -> dict[Core, tuple[int, int]]:
    """Core → busy and all ticks since the machine began (proc_stat(5))."""
    ticks = {}
    with open("/proc/stat", encoding="ascii") as stat:
        for line in stat:
            if not line.startswith("cpu"):
                break
            name, *fields = line.split()
            if name != "cpu":
                user, nice, system, idle, waiting, irq, softirq, steal = map(int, fields[:8])
                busy = user + nice + system + irq + softirq + steal
                ticks[int(name[3:])] = (busy, busy + idle + waiting)
    return ticks


def _allowed(pid: int) -> set[Core]:
    """Where its first thread may run, which nobody tells anything."""
    try:
        return os.sched_getaffinity(pid)
    except ProcessLookupError:
        return set()


def _threads(pid: int) -> list[Thread]:
    try:
        return [int(thread) for thread in os.listdir(f"/proc/{pid}/task")]
    except FileNotFoundError:
        return []


def _run_as(thread: Thread, policy: int) -> None:
    with suppress(ProcessLookupError):  # it has ended
        os.sched_setscheduler(thread, policy, os.sched_param(0))


def _allow(thread: Thread, cores: Iterable[Core]) -> None:
    with suppress(ProcessLookupError):  # it has ended
        os.sched_setaffinity(thread, cores)
