"""Lets the switch's threads that serve all calls go before those that serve one each.

On a busy machine a thousand threads take turns, most of them with one packet of sound to pass on.
The system gives each the same share. The one that reads SIP for everybody needs more than that, and
waits, for a second at times, though the processor is idle in between: answers come late, are asked
for again, and make more to do. A packet can wait for some milliseconds, what begins and ends calls
cannot wait for all packets.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.console import say
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.management import ManagementUnreachable

_log = structlog.get_logger(__name__)
_LATECOMER: Final = "autoservice_run"
"""Begins with the first call that needs it."""
SERVING_ALL: Final = frozenset(
    {
        _LATECOMER,
        "bridge_manager_thread",
        "default_tps_processing_function",  # SIP's messages, and those within the switch
        "desc->accept_fn",
        "handle_tcptls_connection",  # our commands, and SIP from browsers
        "sched_run",
    }
)
"""What these threads run, by the switch's own names."""
_SIP_READER: Final = "SIP"
"""What the system calls the one thread that the switch does not list."""
_LISTED: Final = re.compile(r"^0x\w+ (\d+) (\S+) +started at ", re.MULTILINE)
_POLICY: Final = os.SCHED_RR | os.SCHED_RESET_ON_FORK
"""Whoever they start, a call's thread for instance, is like all others."""
_LOWEST: Final = os.sched_param(1)
_SOON, _EVERY = 10.0, 60.0


class Precedence:
    """Of the threads of one switch."""

    def __init__(self, installation: Installation, main_file: Path) -> None:
        self._installation = installation
        self._main_file = main_file
        self._pid = 0
        self._known: set[int] = set()
        self._is_complete = False

    async def keep(self, pid: Callable[[], int | None], clock: Clock) -> None:
        """Until cancelled, or until it turns out that we may not: ``pid`` is the switch's process,
        None while there is none."""
        while True:
            try:
                if (running := pid()) is not None:
                    await self.look(running)
            except ManagementUnreachable as error:
                _log.debug("switch.threads_not_listed", error=str(error))
            except PermissionError:
                _log.info(
                    "switch.no_precedence",
                    hint="to hold more calls let Hotline use real-time priority 1 "
                    "(systemd: LimitRTPRIO=1)",
                )
                return
            await clock.sleep(_EVERY if self._is_complete else _SOON)

    async def look(self, pid: int) -> None:
        """Prefer those that have come since the last look. Raises ManagementUnreachable, and
        PermissionError where this process may not."""
        if pid != self._pid:
            self._pid, self._known, self._is_complete = pid, set(), False
        threads = await asyncio.to_thread(_threads, pid)
        if not threads - self._known:
            return
        listing = await say(self._installation, self._main_file, "core show threads")
        runs = {int(thread): name for thread, name in _LISTED.findall(listing)}
        for thread in threads - self._known:
            if runs.get(thread) in SERVING_ALL or _name(pid, thread) == _SIP_READER:
                _prefer(thread)
        self._known = threads
        self._is_complete = _LATECOMER in runs.values()


def _threads(pid: int) -> set[int]:
    try:
        return {int(thread) for thread in os.listdir(f"/proc/{pid}/task")}
    except FileNotFoundError:
        return set()


def _name(pid: int, thread: int) -> str:
    with suppress(OSError):  # it has ended
        return Path(f"/proc/{pid}/task/{thread}/comm").read_text().strip()
    return ""


def _prefer(thread: int) -> None:
    with suppress(ProcessLookupError):  # it has ended
        os.sched_setscheduler(thread, _POLICY, _LOWEST)
